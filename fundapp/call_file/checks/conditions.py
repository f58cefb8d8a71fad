"""Conditions: do they ask about things that exist, and compare with answers that can be given?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches

from forms.conditions import Condition, Operator
from forms.definition import Choice, Question, QuestionKind
from forms.eligibility import ByAndForRule, EligibilityQuestion
from forms.i18n import _
from fundapp.call_file.checks.one_question import MOST_ROWS
from fundapp.call_file.grants import Strand
from fundapp.call_file.problems import Path, Problem
from fundapp.call_file.ring_fences import Fact, RingFence
from fundapp.call_file.unread import as_far_as_read

YES_NO = frozenset({"yes", "no"})
_LIMIT = re.compile(r"[0-9]{1,15}(\.[0-9]{1,2})?", re.ASCII)
Facts = Mapping[str, frozenset[str] | None]  # name → values it can have; None: any number or text


def is_limit(text: str) -> bool:
    """A number that is compared with; 1e999999 is none, though Python would take it."""
    return _LIMIT.fullmatch(text) is not None


def facts_of(questions: Iterable[Question]) -> dict[str, frozenset[str] | None]:
    """What conditions may say about the answers to these questions."""
    facts: dict[str, frozenset[str] | None] = {}
    for question in questions:
        if question.kind == QuestionKind.YES_NO:
            facts[question.key] = YES_NO
        elif question.kind == QuestionKind.ENTRIES:  # how many there are
            facts[question.key] = frozenset(map(str, range(1, (question.max_rows or MOST_ROWS) + 1)))
        elif question.kind == QuestionKind.FILE:  # only whether there is any
            facts[question.key] = frozenset()
        elif question.choices:
            facts[question.key] = frozenset(choice.key for choice in question.choices)
        else:
            facts[question.key] = None
    return facts


@as_far_as_read
def check_condition(condition: Condition, facts: Facts, path: Path) -> Iterator[Problem]:
    inner = (*path, condition.operator.value)
    if condition.operator is Operator.NOT:
        yield from check_condition(condition.parts[0], facts, inner)
        return
    for index, part in enumerate(condition.parts):
        yield from check_condition(part, facts, (*inner, index))
    if not condition.fact:
        return
    if condition.operator in (Operator.BELOW, Operator.AT_LEAST) and not is_limit(condition.values[0]):
        message = _("Write the number in at most 15 digits, for example 10000.")
        yield Problem((*inner, 1), str(message))
    if not facts:
        return  # there are no questions at all, which is said elsewhere
    if condition.fact not in facts:
        yield Problem(inner, _unknown_fact(condition.fact, facts))
        return
    possible = facts[condition.fact]
    if possible is None:
        return
    if not possible and condition.values:
        message = _(
            "%(fact)s asks for files. A condition can only say whether it is answered.", fact=condition.fact
        )
        yield Problem(inner, str(message))
        return
    for index, value in enumerate(condition.values, start=1):
        if value not in possible:
            message = _(
                "“%(value)s” is never the value of %(fact)s. Use one of: %(known)s.",
                value=value[:60],
                fact=condition.fact,
                known=", ".join(sorted(possible, key=lambda each: (each.isdigit() and int(each), each))),
            )
            yield Problem((*inner, index), str(message))


def _unknown_fact(name: str, facts: Facts) -> str:
    similar = get_close_matches(name, facts, n=1)
    if similar:
        return str(
            _(
                "There is no question or fact “%(name)s” here. Did you mean “%(other)s”?",
                name=name[:60],
                other=similar[0],
            )
        )
    known = ", ".join(facts)
    return str(
        _("There is no question or fact “%(name)s” here. Use one of: %(known)s.", name=name[:60], known=known)
    )


@as_far_as_read
def check_ring_fence_conditions(
    fences: tuple[RingFence, ...],
    strands: tuple[Strand, ...],
    boroughs: tuple[str, ...],
    themes: tuple[Choice, ...],
) -> Iterator[Problem]:
    facts: Facts = {
        Fact.BY_AND_FOR.value: YES_NO,
        Fact.MIGRANT_LED.value: YES_NO,
        Fact.FIRST_TIME.value: YES_NO,
        Fact.STRAND.value: frozenset(strand.key for strand in strands),
        Fact.INCOME_PENCE.value: None,
        Fact.BOROUGH.value: frozenset(boroughs),
        Fact.THEME.value: frozenset(theme.key for theme in themes),
    }
    for index, fence in enumerate(fences):
        if fence.who is not None:
            yield from check_condition(fence.who, facts, ("ring_fences", index, "who"))


@as_far_as_read
def check_eligibility_conditions(
    eligibility: tuple[EligibilityQuestion, ...], by_and_for: ByAndForRule
) -> Iterator[Problem]:
    facts = facts_of(item.question for item in eligibility)
    if not eligibility:
        yield Problem(("eligibility",), str(_("Write at least one question.")))
    for index, item in enumerate(eligibility):
        for place, rule in enumerate(item.outcomes):
            yield from check_condition(rule.when, facts, ("eligibility", index, "outcomes", place, "when"))
    yield from check_condition(by_and_for.confirmable_if, facts, ("by_and_for", "confirmable_if"))
    if by_and_for.talk_if is not None:
        yield from check_condition(by_and_for.talk_if, facts, ("by_and_for", "talk_if"))
