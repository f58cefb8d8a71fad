"""When no list keeps all rules: the fewest rules that exclude each other, and what would repair it.

A mark that an application must or must not be funded can be one of them.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from itertools import combinations
from math import comb

from scoring.allocation import AwardProblem, awards_of
from scoring.engine import Highs, Search
from scoring.exact import Role, Row

LARGEST_SEARCHED = 3  # sets up to this size are tried one by one; larger ones only cannot spare any rule
MOST_SETS = 5_000  # of one size
MUST_FUND = ":must_fund/"  # no ring-fence has such a name; the id follows
MUST_NOT_FUND = ":must_not_fund/"


@dataclass(frozen=True)
class Repair:
    """Changing this rule alone, by `by` pence (or awards), makes a list possible: `awards` is one.

    A mark is taken away, and `by` is 0.
    """

    rule: str
    by: int
    awards: tuple[str, ...]


@dataclass(frozen=True)
class Conflict:
    """No rule of `rules` can be left out: without any one of them a list exists."""

    rules: tuple[str, ...]
    is_smallest: bool  # proved that no smaller set of rules is in conflict
    repairs: tuple[Repair, ...]  # the cheapest first


Rule = Row | str  # a mark is its name


def conflict_of(
    problem: AwardProblem, search: Search | None = None, *, marks: Collection[str] = ()
) -> Conflict | None:
    """None when a list exists. Raises NotProved on time-out.

    `marks`: ids among those that must or must not be funded whose mark could be taken away.
    """
    asked = _Asked(problem, search or Highs(), frozenset(marks))
    everything = asked.everything
    if asked.is_possible(everything):
        return None
    rules = asked.without_spare(everything)
    is_smallest = len(rules) == 1
    for size in range(1, min(len(rules), LARGEST_SEARCHED + 1)):
        if comb(len(everything), size) > MOST_SETS:
            is_smallest = False
            break
        smaller = next((each for each in combinations(everything, size) if not asked.is_possible(each)), None)
        if smaller is not None:
            rules, is_smallest = list(smaller), True
            break
        is_smallest = size == len(rules) - 1
    repairs = [repair for rule in rules if (repair := asked.repair(rule))]
    repairs.sort(key=lambda each: (not each.by, each.by, each.rule))
    return Conflict(tuple(_name(rule) for rule in rules), is_smallest, tuple(repairs))


def _name(rule: Rule) -> str:
    return rule if isinstance(rule, str) else rule.name


class _Asked:
    """Questions about one problem with some of its rules and marks."""

    def __init__(self, problem: AwardProblem, search: Search, marks: frozenset[str]) -> None:
        self.problem, self.search, self.marks = problem, search, marks
        self.rows = problem.rows()

    @property
    def everything(self) -> list[Rule]:
        must = [MUST_FUND + key for key in sorted(self.marks & self.problem.must_fund)]
        must_not = [MUST_NOT_FUND + key for key in sorted(self.marks & self.problem.must_not_fund)]
        return [*self.rows, *must, *must_not]

    def with_marks(self, rules: Collection[Rule]) -> AwardProblem:
        gone = self.marks - {rule.partition("/")[2] for rule in rules if isinstance(rule, str)}
        must, must_not = self.problem.must_fund - gone, self.problem.must_not_fund - gone
        return replace(self.problem, must_fund=must, must_not_fund=must_not)

    def is_possible(self, rules: Collection[Rule]) -> bool:
        rows = [rule for rule in rules if isinstance(rule, Row)]
        return not rows or not self.with_marks(rules).order(rows, self.search).start()

    def without_spare(self, rules: list[Rule]) -> list[Rule]:
        """Leave out one rule after the other as long as the conflict stays; the budget is tried last."""
        for rule in sorted(rules, key=lambda each: isinstance(each, Row) and each.role is Role.BUDGET):
            rest = [each for each in rules if each is not rule]
            if not self.is_possible(rest):
                rules = rest
        return rules

    def repair(self, rule: Rule) -> Repair | None:
        """The least by which this rule must give way when all others stay; None when that does not help."""
        others = [each for each in self.everything if _name(each) != _name(rule)]
        if not self.is_possible(others):
            return None
        if isinstance(rule, str):
            return Repair(rule, 0, awards_of(self.with_marks(others), self.search))
        at = [number for number, each in enumerate(self.rows) if each is rule]
        chosen, missed = self.problem.order(self.rows, self.search).nearest(at)
        unit = rule.part if rule.role is not Role.FLOOR else (rule.part - rule.whole) or rule.part
        awards = tuple(self.problem.candidates[place].id for place in chosen)
        return Repair(rule.name, -(-missed[at[0]] // unit), awards)
