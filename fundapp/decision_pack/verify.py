"""Checks a decision pack. Needs Python alone: no database, no solver, nothing of fundapp.

    python3 verify.py PACK.json

Prints what was checked or what is wrong. Exit code 0: all holds; 1: something is wrong; 3: not checked.
Everything is worked out again from the inputs, in whole numbers and fractions.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import sys
from fractions import Fraction
from itertools import pairwise
from math import ceil, floor
from typing import Any

FORMAT = "fundapp decision pack 1"
MOST_STEPS = 2_000_000
BOUGHT = ("bought", "bought_in_ring_fence", "added_by_votes", "not_enough_left")  # in the order of buying
COUNTED = ("votes", "pounds", "on_shortlist", "not_on_shortlist")
Data = dict[str, Any]
Row = tuple[str, list[int], int]  # name, what each candidate adds, and the most that all together may come to


class TooMuch(Exception):
    """A refusal without a proof by addition that would take too long to search again."""


def digest_of(pack: Data) -> str:
    """SHA-256 of the pack without its own digest, in one fixed form."""
    rest = {key: value for key, value in pack.items() if key != "digest"}
    text = json.dumps(rest, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def problems_of(pack: Data) -> list[str]:
    """Everything that does not hold; [] when the pack is sound. Raises TooMuch."""
    if pack.get("format") != FORMAT:
        return [f"This is not a “{FORMAT}”."]
    is_whole = pack.get("digest") == digest_of(pack)
    problems = [] if is_whole else ["The file was changed after it was made (digest)."]
    checks = (check_shares, check_totals, check_ranking, check_rule, check_list, check_figures, check_reasons)
    for check in checks:
        try:
            problems += check(pack)
        except TooMuch:
            raise
        except (KeyError, TypeError, ValueError, AttributeError, ZeroDivisionError, IndexError) as error:
            problems.append(f"Something is missing or of the wrong kind ({check.__name__}: {error!r}).")
    return problems


def check_shares(pack: Data) -> list[str]:
    lines = [*pack["applications"], *pack["ledger"], *awards_of(pack)]
    return [
        f"{line['id']}: the shares do not add up to {line['pence']} pence."
        for line in lines
        if line["pence"] <= 0 or sum(share["pence"] for share in line["shares"]) != line["pence"]
    ]


def means_of(pack: Data, application: Data) -> dict[str, Fraction]:
    """The mean of each criterion over the readers who marked it; "can't tell" is left out."""
    means = {}
    for criterion in pack["criteria"]:
        marks = [sheet[criterion["key"]] for sheet in application["sheets"] if criterion["key"] in sheet]
        values = [mark for mark in marks if mark is not None]
        if values:
            means[criterion["key"]] = Fraction(sum(values), len(values))
    return means


def total_of(pack: Data, application: Data) -> Fraction | None:
    means, low, high = means_of(pack, application), pack["scale"]["lowest"], pack["scale"]["highest"]
    if any(criterion["key"] not in means for criterion in pack["criteria"]):
        return None
    parts = [Fraction(one["weight"]) * (means[one["key"]] - low) / (high - low) for one in pack["criteria"]]
    return sum(parts, Fraction(0))


def check_totals(pack: Data) -> list[str]:
    low, high = pack["scale"]["lowest"], pack["scale"]["highest"]
    problems = []
    for one in pack["applications"]:
        marks = [mark for sheet in one["sheets"] for mark in sheet.values() if mark is not None]
        if any(type(mark) is not int or not low <= mark <= high for mark in marks):
            problems.append(f"{one['id']}: a mark is not on the scale.")
        total = total_of(pack, one)
        if (None if one["total"] is None else Fraction(one["total"])) != total:
            problems.append(f"{one['id']}: the marks give {total}, the pack says {one['total']}.")
    return problems


def is_below_minimum(pack: Data, application: Data) -> bool:
    means = means_of(pack, application)
    total, least = total_of(pack, application), pack.get("minimum_total")
    if least is not None and total is not None and total < least:
        return True
    asked = {one["key"]: Fraction(one["minimum_mean"]) for one in pack["criteria"] if one["minimum_mean"]}
    return any(key in means and means[key] < minimum for key, minimum in asked.items())


def check_ranking(pack: Data) -> list[str]:
    """Who comes before whom, by total and tie-breaks; open ties may stand in any order."""
    if pack.get("decided"):
        return check_decided(pack)
    by_id = {one["id"]: one for one in pack["applications"]}
    ranked = [one["id"] for one in pack["applications"] if total_of(pack, one) is not None]
    good = {key for key in ranked if not is_below_minimum(pack, by_id[key])}
    expected = sorted(good | marked(pack, "fund"))
    if sorted(pack["ranking"]) != expected:
        return ["The ranking does not hold exactly those with a total and all minimums."]
    keys = {key: rank_key(pack, by_id[key]) for key in pack["ranking"]}
    wrong = [(above, below) for above, below in pairwise(pack["ranking"]) if keys[below] < keys[above]]
    return [f"The ranking is wrong: {below} belongs above {above}." for above, below in wrong]


def check_decided(pack: Data) -> list[str]:
    """Ballots or a draw gave the order: it is theirs, and equal ones stand as the committed seed says."""
    decided, listed = pack["decided"], set(pack["ranking"])
    places, seed = decided["places"], bytes.fromhex(decided["seed"])
    problems = []
    if hashlib.sha256(seed).hexdigest() != decided["commitment"]:
        problems.append("The seed is not the one whose fingerprint was published.")
    if pack["ranking"] != [one["id"] for one in places if one["id"] in listed]:
        problems.append("The ranking is not the order that was decided.")
    keys = {one["id"]: decided_key(one, seed) for one in places}
    pairs = pairwise([one for one in places if one["code"] not in BOUGHT])
    wrong = [
        (one, two) for one, two in pairs if one["code"] == two["code"] and keys[two["id"]] < keys[one["id"]]
    ]
    at = {one.get("place"): one for one in places}  # a lot: among those level, the smallest number came first
    lots = [
        (at[one["from"]], one) for one in places if "ticket" in one and "ticket" in at.get(one["from"], {})
    ]
    wrong += [(first, one) for first, one in lots if keys[one["id"]][-1] < keys[first["id"]][-1]]
    return problems + [
        f"The decided order is wrong: {two['id']} belongs above {one['id']}." for one, two in wrong
    ]


def decided_key(place: Data, seed: bytes) -> tuple[str, list[Fraction], int, str]:
    """Compared among places of one kind: parts of the votes; among equal ones the number of the ticket."""
    parts = [("votes", "of"), ("first", "first_of")] if place["code"] in COUNTED else []
    ticket, numbers = place.get("ticket"), {"first": 0, "first_of": 1} | place["numbers"]
    drawn = "" if ticket is None else hmac.new(seed, ticket.encode(), "sha256").hexdigest()
    return place["code"], [-Fraction(numbers[of], numbers[all_]) for of, all_ in parts], place["from"], drawn


def rank_key(pack: Data, application: Data) -> list[tuple[int, Fraction]]:
    """Smaller is better; what is not known comes after what is known."""
    means = means_of(pack, application)
    key = [(0, -(total_of(pack, application) or Fraction(0)))]
    for tie_break in pack["tie_breaks"]:
        value: Fraction | int | None = None
        if tie_break["kind"] == "higher_criterion" and tie_break["criterion"] in means:
            value = -means[tie_break["criterion"]]
        elif tie_break["kind"] == "lower_income":
            value = application["income_place"]
        key.append((1, Fraction(0)) if value is None else (0, Fraction(value)))
    return key


def brings(line: Data, fence: Data) -> int:
    """What one line brings to a ring-fence: pence, or 1 for the lead's tag. A cap counts claims too."""
    names = ("confirmed", "claimed") if fence["kind"] == "cap" else ("confirmed",)
    own = [any(fence["tag"] in share[name] for name in names) for share in line["shares"]]
    if fence["measure"] == "count":
        return int(own[0])
    return sum(int(share["pence"]) for share, is_own in zip(line["shares"], own, strict=True) if is_own)


def counted_lines(lines: list[Data]) -> list[Data]:
    """Declined and withdrawn awards do not count; of terminated ones only what was paid."""
    found = []
    for line in lines:
        counting = line.get("counting", "live")
        paid = line.get("paid_pence", 0)
        if counting == "live":
            found.append(line)
        elif counting == "terminated" and paid:
            shares = [share | {"pence": paid * share["pence"] // line["pence"]} for share in line["shares"]]
            whole = line["shares"] if paid == line["pence"] else shares
            found.append(line | {"pence": paid, "shares": whole})
    return found


def fences_of(pack: Data, lines: list[Data]) -> list[Data]:
    """A rule "for any one …" becomes one rule for each value that occurs."""
    shares = [share for line in lines for share in line["shares"]]
    tags = sorted({tag for share in shares for tag in share["confirmed"] + share["claimed"]})
    found = []
    for fence in pack["ring_fences"]:
        family = f"{fence['tag']}:"
        own = [tag for tag in tags if tag.startswith(family)] if fence["is_family"] else [fence["tag"]]
        names = [f"{fence['key']}/{tag}" if fence["is_family"] else fence["key"] for tag in own]
        found += [fence | {"tag": tag, "name": name} for tag, name in zip(own, names, strict=True)]
    return found


def percent_of(fence: Data) -> Fraction:
    return Fraction(fence["percent"] or 0) / 100


def required(pack: Data, fence: Data, base_total: int) -> int:
    if fence["amount"] is not None:
        return int(fence["amount"])
    exact = percent_of(fence) * (pack["pot"]["fund_pence"] if fence["base"] == "fund_total" else base_total)
    return floor(exact) if fence["kind"] == "cap" else ceil(exact)


def standing(pack: Data, fence: Data, lines: list[Data]) -> tuple[int, int, int]:
    """Reached, required, and what all lines come to."""
    reached = sum(brings(line, fence) for line in lines)
    total = len(lines) if fence["measure"] == "count" else sum(line["pence"] for line in lines)
    return reached, required(pack, fence, total), total


def is_kept(pack: Data, fence: Data, lines: list[Data]) -> bool:
    reached, needed, _total = standing(pack, fence, lines)
    left = pack["pot"]["grants_pence"] - sum(line["pence"] for line in lines)
    if fence["kind"] == "cap":
        return reached <= needed
    if fence["kind"] == "set_aside":
        return bool(left >= max(0, needed - reached))
    is_due = pack["pot"]["is_last"] or fence.get("of_round") or fence["base"] == "awards_total"
    if fence["kind"] == "floor" and not is_due:
        return bool(reached >= needed or fence["measure"] == "count" or left >= needed - reached)
    return reached >= needed


def marked(pack: Data, must: str) -> set[str]:
    """Applications that must be funded ("fund"), or must not ("not_fund"), whatever their place."""
    return {one["id"] for one in pack.get("marks", []) if one["must"] == must}


def with_amount(one: Data, pence: int) -> Data:
    """Only who shares with nobody can get another amount than was asked for."""
    return (
        one
        if pence == one["pence"]
        else one | {"pence": pence, "shares": [one["shares"][0] | {"pence": pence}]}
    )


def rows_of(pack: Data, amounts: dict[str, int] | None = None) -> list[Row]:
    """Every rule as: what the chosen add up to, with these amounts or what they ask, is at most the bound."""
    by_id, before = {one["id"]: one for one in pack["applications"]}, counted_lines(pack["ledger"])
    candidates = [
        with_amount(by_id[key], (amounts or {}).get(key, by_id[key]["pence"])) for key in pack["ranking"]
    ]
    left = pack["pot"]["grants_pence"] - sum(line["pence"] for line in before)
    rows = [(":budget", [one["pence"] for one in candidates], max(0, min(pack["pot"]["round_pence"], left)))]
    for number, ids in enumerate(pack.get("exclusions", []), start=1):
        rows.append((f":one_of/{number}", [int(one["id"] in ids) for one in candidates], 1))
    for fence in fences_of(pack, [*candidates, *before]):
        if fence["enforcement"] == "block" and (row := row_of(pack, fence, candidates, before, left)):
            rows.append(row)
    return rows


def row_of(pack: Data, fence: Data, candidates: list[Data], before: list[Data], left: int) -> Row | None:
    is_cap = fence["kind"] == "cap"
    own = [brings(one, fence) for one in candidates]
    every = [1 if fence["measure"] == "count" else one["pence"] for one in candidates]
    others = [whole - part for whole, part in zip(every, own, strict=True)]
    reached, needed, total = standing(pack, fence, before)
    name = str(fence["name"])
    if fence["base"] == "awards_total":
        up, down = percent_of(fence).numerator, percent_of(fence).denominator
        line = [up * whole - down * part for whole, part in zip(every, own, strict=True)]
        bound = down * reached - up * total
        return (name, [-one for one in line], -bound) if is_cap else (name, line, bound)
    still = max(0, needed - reached)
    if is_cap:
        return name, own, still
    if fence["kind"] == "set_aside":
        return name, others, max(0, left - still)
    if pack["pot"]["is_last"] or fence.get("of_round"):
        return name, [-one for one in own], -still
    return None if fence["measure"] == "count" else (name, others, left - still)


def least_of(pack: Data) -> dict[str, int]:
    return {one["id"]: one.get("least_pence", one["pence"]) for one in pack["applications"]}


def check_rule(pack: Data) -> list[str]:
    """The proposed list keeps all rules, and each refusal is proved: nothing better ranked was left out."""
    if pack["rule"] is None:
        return []
    lines, least = pack["rule"]["lines"], least_of(pack)
    asked = {one["id"]: one["pence"] for one in pack["applications"]}
    if [line["id"] for line in lines] != pack["ranking"]:
        return ["The rule's lines are not those of the ranking."]
    problems = []
    for line in lines:
        key, is_funded = line["id"], line["is_funded"]
        if not (least if is_funded else asked)[key] <= line["pence"] <= asked[key]:
            problems.append(f"{key}: the rule's amount is not what was asked.")
        if key in marked(pack, "not_fund" if is_funded else "fund"):
            problems.append(f"{key}: the rule does not keep to its mark.")
    proof = Proof(pack)
    problems += [
        f"Rule {name}: broken by the proposed list."
        for name, adds, bound in proof.given
        if sum(adds[place] for place in proof.funded) > bound
    ]
    for place, line in enumerate(lines):
        if line["id"] in proof.fixed:
            continue
        if not line["is_funded"] and not proof.holds_for_refusal(place):
            problems.append(
                f"{line['id']}: it could have been funded in its turn, so the list is not the best."
            )
        if line["is_funded"] and line.get("amount_weights") and not proof.holds_for_amount(place):
            problems.append(f"{line['id']}: the proof that it could not be a penny more does not hold.")
    return problems


class Proof:
    """The rules with everybody at the least, at the most, and with what the rule's list gives."""

    def __init__(self, pack: Data) -> None:
        self.lines = pack["rule"]["lines"]
        given = least_of(pack) | {line["id"]: line["pence"] for line in self.lines if line["is_funded"]}
        self.least, self.most, self.given = rows_of(pack, least_of(pack)), rows_of(pack), rows_of(pack, given)
        self.must = marked(pack, "fund")
        self.fixed = self.must | marked(pack, "not_fund")
        self.funded = [place for place, line in enumerate(self.lines) if line["is_funded"]]
        self.is_in_parts = pack.get("part_funding") is not None
        self.simple = self.limits()

    def added(self, rows: list[Row], weights: dict[str, int]) -> list[int]:
        known = {name: adds for name, adds, _bound in rows}
        return [
            sum(weight * known[name][one] for name, weight in weights.items())
            for one in range(len(self.lines))
        ]

    def bound(self, weights: dict[str, int]) -> int:
        known = {name: bound for name, _adds, bound in self.least}
        return sum(weight * known[name] for name, weight in weights.items())

    def low(self, weights: dict[str, int]) -> list[int]:
        """The least that each can add to the weighed rules, whatever its amount."""
        both = zip(self.added(self.least, weights), self.added(self.most, weights), strict=True)
        return [min(one) for one in both]

    def limits(self) -> list[tuple[list[int], int]]:
        """Each rule with so much of the money that nobody makes room in it: what is forbidden stays so."""
        found = []
        for least, most in zip(self.least, self.most, strict=True):
            both = [(least, self.least[0]), (most, self.most[0])]
            each = [pair for row, cost in both for pair in zip(row[1], cost[1], strict=True)]
            price = max([0, *(-(adds // pence) for adds, pence in each if adds < 0)])
            weights = {":budget": price} | {least[0]: 1}
            found.append((self.low(weights), self.bound(weights)))
        return found

    def holds_for_refusal(self, place: int) -> bool:
        """With this one and all above, a rule breaks, whatever those below do and what the amounts are."""
        weights = self.lines[place]["weights"]
        chosen = [one for one in self.funded if one < place or self.lines[one]["id"] in self.must] + [place]
        free = [one for one in range(place + 1, len(self.lines)) if self.lines[one]["id"] not in self.fixed]
        if not weights:
            left = [bound - sum(adds[one] for one in chosen) for _name, adds, bound in self.least]
            columns = [adds for _name, adds, _bound in self.least]
            return self.is_in_parts or not can_complete(columns, left, free)
        if any(weight < 0 for weight in weights.values()):
            return False
        for adds, bound in self.simple:
            left_over = bound - sum(adds[one] for one in chosen)
            free = [one for one in free if adds[one] <= left_over]
        low = self.low(weights)
        relief = sum(min(0, low[one]) for one in free)
        return bool(sum(low[one] for one in chosen) + relief > self.bound(weights))

    def holds_for_amount(self, place: int) -> bool:
        """With the amounts above, a penny more here breaks a rule, whatever the amounts below are."""
        weights = self.lines[place]["amount_weights"]
        if any(weight < 0 for weight in weights.values()):
            return False
        least, most, given = (self.added(rows, weights) for rows in (self.least, self.most, self.given))
        room = self.most[0][1][place] - self.least[0][1][place]
        total = sum(given[one] if one <= place else min(least[one], most[one]) for one in self.funded)
        return bool(room and total + (most[place] - least[place]) // room > self.bound(weights))


def not_checked(pack: Data) -> list[str]:
    """Of a list with part-funding: what has no proof by addition, so that the rules alone were checked."""
    if pack["rule"] is None or pack.get("part_funding") is None:
        return []
    lines, asked = pack["rule"]["lines"], {one["id"]: one["pence"] for one in pack["applications"]}
    fixed = marked(pack, "fund") | marked(pack, "not_fund")
    refused = [
        one["id"] for one in lines if not one["is_funded"] and not one["weights"] and one["id"] not in fixed
    ]
    found = [f"{key}: that it could not be funded in its turn." for key in refused]
    short = [one["id"] for one in lines if one["is_funded"] and one["pence"] < asked[one["id"]]]
    if pack["part_funding"]["top_up"] != "by_rank":
        return found + (["That what is left was given out evenly."] if short else [])
    proved = {one["id"] for one in lines if one.get("amount_weights")}
    least = least_of(pack)
    return found + [
        f"{key}: that it could not get more than this."
        for key in short
        if key not in proved and least[key] < asked[key]
    ]


def can_complete(columns: list[list[int]], left: list[int], free: list[int]) -> bool:
    """Whether some choice of `free` keeps every row: all ways are tried, hopeless ones are cut."""
    steps = 0
    stack = [(tuple(left), 0)]
    relief = [[0] * (len(free) + 1) for _ in columns]
    for number, adds in enumerate(columns):
        for at in range(len(free) - 1, -1, -1):
            relief[number][at] = relief[number][at + 1] + min(0, adds[free[at]])
    while stack:
        now, at = stack.pop()
        steps += 1
        if steps > MOST_STEPS:
            raise TooMuch
        if any(rest < relief[number][at] for number, rest in enumerate(now)):
            continue
        if all(rest >= 0 for rest in now):
            return True
        if at < len(free):
            stack.append((now, at + 1))
            stack.append((tuple(rest - columns[n][free[at]] for n, rest in enumerate(now)), at + 1))
    return False


def awards_of(pack: Data) -> list[Data]:
    return [line for line in pack["list"] if line["outcome"] == "award"]


def check_list(pack: Data) -> list[str]:
    """The signed list keeps the money and, unless somebody went past it in public, every ring-fence."""
    before, awards = counted_lines(pack["ledger"]), awards_of(pack)
    after, pot = [*before, *awards], pack["pot"]
    problems = []
    if sum(line["pence"] for line in awards) > pot["round_pence"]:
        problems.append("Rule :budget: the awards are above the money of the round.")
    if sum(line["pence"] for line in after) > pot["grants_pence"]:
        problems.append("Rule :pot: all awards together are above the money for grants.")
    asked = {one["id"]: one["pence"] for one in pack["applications"]}
    for ids in pack.get("exclusions", []):
        if sum(line["id"] in ids for line in awards) > 1:
            problems.append(f"Rule :one_of: only one of {', '.join(ids)} can be funded.")
    too_much = [line["id"] for line in awards if line["pence"] > asked[line["id"]]]
    problems += [f"{key}: more than was asked." for key in too_much]
    if pack["override_reason"]:
        return problems
    return problems + [
        f"Rule {fence['name']}: not kept by the signed list."
        for fence in fences_of(pack, after)
        if fence["enforcement"] == "block" and not is_kept(pack, fence, after)
    ]


def check_figures(pack: Data) -> list[str]:
    """What the pack says of each ring-fence is what the awards come to."""
    after = [*counted_lines(pack["ledger"]), *awards_of(pack)]
    found = {fence["name"]: standing(pack, fence, after)[:2] for fence in fences_of(pack, after)}
    said = {one["rule"]: (one["reached"], one["required"]) for one in pack["figures"]}
    return [
        f"Rule {name}: the pack says {said.get(name)}, the awards come to {found.get(name)}."
        for name in sorted(found.keys() | said.keys())
        if found.get(name) != said.get(name)
    ]


def check_reasons(pack: Data) -> list[str]:
    """Whatever departs from the rule says why."""
    by_rule = {line["id"] for line in (pack["rule"] or {"lines": []})["lines"] if line["is_funded"]}
    listed = {line["id"]: line for line in pack["list"]}
    asked = {one["id"]: one for one in pack["applications"]}
    problems = [f"{key}: not decided." for key in asked if key not in listed]
    for key, line in listed.items():
        tags = [[(s["confirmed"], s["claimed"]) for s in one.get("shares", [])] for one in (line, asked[key])]
        if line["outcome"] == "award" and tags[0] != tags[1]:
            problems.append(f"{key}: the award counts for other ring-fences than the application.")
        if (line["outcome"] == "award") != (key in by_rule) and not line["reason"].strip():
            problems.append(f"{key}: the list departs from the rule and does not say why.")
    return problems


def main(arguments: list[str]) -> int:
    if len(arguments) != 1:
        print(__doc__)
        return 1
    try:
        with open(arguments[0], encoding="utf-8") as file:
            pack = json.load(file)
        problems = problems_of(pack) if isinstance(pack, dict) else [f"This is not a “{FORMAT}”."]
    except (OSError, ValueError, RecursionError) as error:
        problems = [f"The file cannot be read: {error}"]
    except TooMuch:
        print("NOT CHECKED: one refusal has no proof by addition, and searching it again takes too long.")
        return 3
    for problem in problems:
        print(f"WRONG: {problem}")
    unknown = [] if problems else not_checked(pack)
    for each in unknown:
        print(f"NOT CHECKED: {each}")
    if not problems:
        pence = sum(line["pence"] for line in awards_of(pack))
        print(f"GOOD: {pence} pence in {len(awards_of(pack))} awards; all was worked out again.")
        best = "The rule's list keeps all rules." if unknown else "The rule's list is the best."
        print(best if pack["rule"] else "The rule proposed no list.")
    return 1 if problems else 3 if unknown else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
