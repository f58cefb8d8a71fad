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
from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise
from math import ceil, floor
from typing import Any

FORMAT = "fundapp decision pack 1"
MOST_STEPS = 2_000_000
PARTS = 2**40  # of what lies between the least and the most of an award
BOUGHT = ("bought", "bought_in_ring_fence", "added_by_votes")  # these stand in the order of buying
BELOW = ("not_enough_left", "not_on_shortlist", "below_draw")  # these stand under all others
DRAWN = ("above_draw", "drawn", "below_draw")
Data = dict[str, Any]
Row = tuple[str, list[int], int]  # name, what each candidate adds, and the most that all together may come to


class TooMuch(Exception):
    """Something that would take too long to work out again, as a sentence."""


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
    if [one["place"] for one in places] != sorted({one["place"] for one in places}):
        problems.append("The places are not numbered in their order.")
    problems += check_equal_ones(places, seed)
    if decided["way"] == "lottery":
        return problems + ([] if decided.get("marks_changed") else check_clear_ones(pack))
    return problems + check_votes(pack)


def check_equal_ones(places: list[Data], seed: bytes) -> list[str]:
    """More votes come first; among equal ones, and where it was drawn, the smallest number does."""
    problems = []
    has_drawn = any(one["code"] not in DRAWN or one["code"] == "drawn" for one in places)
    for one, two in pairwise(places):
        first, second = votes_key(one), votes_key(two)
        is_counted = one["code"] not in (*BOUGHT, *DRAWN) and one["code"] == two["code"]
        turned = has_drawn and level_of(two) < level_of(one)
        is_level = is_counted and first == second
        if is_level and not ("ticket" in one and "ticket" in two):
            problems.append(f"{one['id']} and {two['id']} are level, and no lot says which comes first.")
        elif (
            turned
            or (is_counted and second < first)
            or (is_level and number_of(two, seed) < number_of(one, seed))
        ):
            problems.append(f"The decided order is wrong: {two['id']} belongs above {one['id']}.")
    at = {one["place"]: one for one in places}
    for one in places:  # a lot: among those level, the smallest number came first
        first_drawn = at.get(one["from"], {})
        if (
            "ticket" in one
            and "ticket" in first_drawn
            and number_of(one, seed) < number_of(first_drawn, seed)
        ):
            problems.append(f"The decided order is wrong: {one['id']} belongs above {first_drawn['id']}.")
    drawn = [one for one in places if one["code"] == "drawn"]
    wrong = [(one, two) for one, two in pairwise(drawn) if number_of(two, seed) < number_of(one, seed)]
    return problems + [
        f"The decided order is wrong: {two['id']} belongs above {one['id']}." for one, two in wrong
    ]


def level_of(place: Data) -> int:
    return 2 if place["code"] in BELOW else int(place["code"] == "drawn")


def votes_key(place: Data) -> list[Fraction]:
    """Parts of the votes, the greatest first. After two steps the first decides among equal ones."""
    numbers = {"first": 0, "first_of": 1} | place["numbers"]
    parts = [("votes", "of"), ("first", "first_of")] if place["code"] not in DRAWN else []
    return [-Fraction(numbers[given], numbers[possible]) for given, possible in parts]


def number_of(place: Data, seed: bytes) -> str:
    return hmac.new(seed, place["ticket"].encode(), "sha256").hexdigest()


def check_clear_ones(pack: Data) -> list[str]:
    """Above and below the draw the order is that of the marks."""
    by_id = {one["id"]: one for one in pack["applications"]}
    problems = []
    for code in ("above_draw", "below_draw"):
        keys = {
            one["id"]: rank_key(pack, by_id[one["id"]])
            for one in pack["decided"]["places"]
            if one["code"] == code
        }
        wrong = [(above, below) for above, below in pairwise(keys) if keys[below] < keys[above]]
        problems += [f"The decided order is wrong: {below} belongs above {above}." for above, below in wrong]
    return problems


def check_votes(pack: Data) -> list[str]:
    """Each place has the votes that were counted, and the ballots that are shown give them again."""
    decided, places = pack["decided"], pack["decided"]["places"]
    steps = decided.get("steps")
    if steps is None:
        return []
    problems = [each for number, step in enumerate(steps, start=1) for each in check_step(pack, step, number)]
    for one in places:
        numbers, key = one["numbers"], one["id"]
        step = steps[-1] if one["code"] != "not_on_shortlist" else steps[0]
        said = [numbers["votes"], numbers["of"]], [numbers.get("first"), numbers.get("first_of")]
        counted = step["counts"].get(key), steps[0]["counts"].get(key)
        if said[0] != counted[0] or (one["code"] == "on_shortlist" and said[1] != counted[1]):
            problems.append(f"{key}: the votes at its place are not those that were counted.")
        if decided["way"] == "two_steps":
            votes, possible = counted[1]
            is_enough = 100 * votes >= decided["shortlist_percent"] * possible
            if is_enough != (one["code"] == "on_shortlist"):
                problems.append(f"{key}: by its votes it is{'' if is_enough else ' not'} on the shortlist.")
    if decided.get("count") == "equal_shares" and steps[0]["ballots"] is not None and not problems:
        problems += check_purchases(pack, [set(ballot) for ballot in steps[0]["ballots"]])
    return problems


def check_step(pack: Data, step: Data, number: int) -> list[str]:
    """Every count is possible with so many ballots; and what stands on the ballots comes to it."""
    ballots, voters, in_pounds = step["ballots"], step["voters"], pack["decided"]["way"] == "pounds"
    most = {one["id"]: one["pence"] if in_pounds else 1 for one in pack["applications"]}
    problems = []
    for key, (given, possible) in step["counts"].items():
        if not 0 <= given <= possible <= voters * most[key] or possible % most[key]:
            problems.append(
                f"{key}: {given} of {possible} cannot be the votes of {voters} members (step {number})."
            )
        if ballots is None:
            continue
        found = sum(ballot.get(key, 0) for ballot in ballots)
        if found != given:
            problems.append(f"{key}: the ballots of step {number} give {found}, the count says {given}.")
    if ballots is None:
        return problems
    if len(ballots) != voters:
        problems.append(f"There are {len(ballots)} ballots of {voters} members (step {number}).")
    pot = pack["decided"]["pot_pence"] if in_pounds else len(most)
    for ballot in ballots:
        is_known = ballot.keys() <= step["counts"].keys()
        if not is_known or any(
            type(one) is not int or not 0 < one <= most[key] for key, one in ballot.items()
        ):
            problems.append(f"A ballot of step {number} gives something that no ballot can.")
        elif sum(ballot.values()) > pot:
            problems.append("A ballot gives more than the money of the round.")
    return problems


def check_purchases(pack: Data, ballots: list[set[str]]) -> list[str]:
    """Equal shares once more from the ballots: who is bought, in which order, and at what price."""
    decided = pack["decided"]
    seed, places = bytes.fromhex(decided["seed"]), {one["id"]: one for one in decided["places"]}
    asked = {one["id"]: one["pence"] for one in pack["applications"]}
    costs = {key: asked[key] for key in sorted(places, key=lambda each: number_of(places[each], seed))}
    found: dict[str, tuple[str, int]] = {}  # by application: the code, and the most that one voter paid
    left = pack["pot"]["round_pence"]
    purses: list[Fraction] = []
    for name, members, money in [*protected_pots(pack), ("", set(costs), 0)]:
        before = sum(costs[key] for key in found if key in members)
        inside = {key: costs[key] for key in costs if key in members and key not in found}
        budget = max(0, min(money - before, left)) if name else left
        bought, purses, paid = equal_shares(inside, ballots, budget, decided)
        for key in bought:
            code = "added_by_votes" if key not in paid else "bought_in_ring_fence" if name else "bought"
            found[key] = code, floor(paid.get(key, 0))
        left -= sum(costs[key] for key in bought)
    others = [key for key in costs if key not in found]
    others.sort(key=lambda key: votes_key(places[key]))  # equal ones stay as they were drawn
    problems = []
    for said, key in zip(places, [*found, *others], strict=True):
        if said != key:
            return [f"Counted again, the ballots put {key} where the pack has {said}."]
        code, most_paid = found.get(key, ("not_enough_left", 0))
        numbers = places[key]["numbers"]
        still = floor(
            sum((money for money, ballot in zip(purses, ballots, strict=True) if key in ballot), Fraction(0))
        )
        if code != places[key]["code"]:
            problems.append(f"{key}: counted again it is “{code}”, the pack says “{places[key]['code']}”.")
        elif numbers.get("most_paid", most_paid) != most_paid or numbers.get("left", still) != still:
            problems.append(f"{key}: what its voters paid or had left is not what the pack says.")
    return problems


def protected_pots(pack: Data) -> list[tuple[str, set[str], int]]:
    """For each floor and set-aside in pence: its groups, and what this list must still give to them."""
    before, pot = counted_lines(pack["ledger"]), pack["pot"]
    left = pot["grants_pence"] - sum(line["pence"] for line in before)
    found = []
    for fence in pack["ring_fences"]:
        if fence["kind"] == "cap" or fence["measure"] == "count" or fence["enforcement"] != "block":
            continue
        reached, needed, total = standing(pack, fence, before)
        if fence["base"] == "awards_total":
            needed = required(pack, fence, total + pot["round_pence"])
        still = max(0, needed - reached)
        if fence["base"] != "awards_total" and not (pot["is_last"] or fence.get("of_round")):
            still = max(0, pot["round_pence"] - (left - still))
        members = {one["id"] for one in pack["applications"] if brings(one, fence)}
        found += [(fence["key"], members, still)] if still else []
    return found


def equal_shares(
    costs: dict[str, int], ballots: list[set[str]], budget: int, decided: Data
) -> tuple[list[str], list[Fraction], dict[str, Fraction]]:
    """Who is bought, what each voter has left, and the most that one voter paid for each."""
    purse, step = Fraction(budget, max(1, len(ballots))), decided["step_pence"]
    votes = {key: sum(key in ballot for ballot in ballots) for key in costs}
    bought, purses, paid = buy(costs, ballots, purse)
    left = budget - sum(costs[key] for key in bought)
    if decided["left_over"] == "most_votes":
        waiting = [key for key in costs if votes[key] and key not in paid]
        for key in sorted(waiting, key=lambda each: -votes[each]):
            if costs[key] <= left:
                left -= costs[key]
                bought.append(key)
        return bought, purses, paid
    if type(step) is not int or step < 1:
        raise ValueError("step_pence")
    tries = 0
    while any(votes[key] and key not in paid and cost <= left for key, cost in costs.items()):
        tries += len(costs) * len(ballots)
        if tries > MOST_STEPS:
            raise TooMuch("raising the shares of the voters again takes too long.")
        purse += step
        more = buy(costs, ballots, purse)
        left_then = budget - sum(costs[key] for key in more[0])
        if left_then < 0:
            break
        (bought, purses, paid), left = more, left_then
    return bought, purses, paid


def buy(
    costs: dict[str, int], ballots: list[set[str]], purse: Fraction
) -> tuple[list[str], list[Fraction], dict[str, Fraction]]:
    """The project whose supporters pay least for each penny of it is next; who has too little pays all."""
    purses, paid = [purse] * len(ballots), dict[str, Fraction]()
    voters = {key: [at for at, ballot in enumerate(ballots) if key in ballot] for key in costs}
    while True:
        shares = {key: share_of(costs[key], sorted(purses[at] for at in voters[key])) for key in voters}
        offers = {key: share for key, share in shares.items() if share is not None}
        if not offers:
            return list(paid), purses, paid
        key = min(offers, key=lambda each: offers[each] / costs[each])  # of equal ones the first drawn
        paid[key] = max(min(offers[key], purses[at]) for at in voters[key])
        for at in voters[key]:
            purses[at] -= min(offers[key], purses[at])
        voters = {
            each: voters[each] for each in offers if each != key
        }  # who has too little now never has more


def share_of(cost: int, purses: Sequence[Fraction]) -> Fraction | None:
    """What each supporter pays when those with less, the first, pay all they have; None: too little."""
    missing, number = Fraction(cost), len(purses)
    for purse in purses:
        if purse * number >= missing:
            return missing / number
        missing, number = missing - purse, number - 1
    return None


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
        if not line["is_funded"] and line["id"] not in proof.fixed and proof.refusal(place) is False:
            problems.append(
                f"{line['id']}: it could have been funded in its turn, so the list is not the best."
            )
        if line["is_funded"] and proof.is_in_turn and proof.amount(place) is False:
            problems.append(f"{line['id']}: it could have got a penny more in its turn.")
    if proof.is_in_parts and not proof.is_in_turn and proof.is_given_evenly() is False:
        problems.append("What is left was not given out evenly.")
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
        self.is_in_turn = self.is_in_parts and pack["part_funding"]["top_up"] == "by_rank"
        self.room = [most - least for least, most in zip(self.least[0][1], self.most[0][1], strict=True)]
        both = list(zip(self.least, self.most, strict=True))
        self.penny = [  # what one more penny for each changes in each rule
            tuple((most[1][one] - least[1][one]) // room if room else 0 for least, most in both)
            for one, room in enumerate(self.room)
        ]
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

    def refusal(self, place: int) -> bool | None:
        """With this one and all above, a rule breaks, whatever those below do; None: it takes too long."""
        weights = self.lines[place]["weights"]
        chosen = [one for one in self.funded if one < place or self.lines[one]["id"] in self.must] + [place]
        free = [one for one in range(place + 1, len(self.lines)) if self.lines[one]["id"] not in self.fixed]
        if any(weight < 0 for weight in weights.values()):
            return False
        for adds, bound in self.simple:
            left_over = bound - sum(adds[one] for one in chosen)
            free = [one for one in free if adds[one] <= left_over]
        if weights:
            low = self.low(weights)
            relief = sum(min(0, low[one]) for one in free)
            return bool(sum(low[one] for one in chosen) + relief > self.bound(weights))
        if self.is_in_parts:
            return self.is_impossible({one: self.least[0][1][one] for one in chosen}, chosen, free)
        left = [bound - sum(adds[one] for one in chosen) for _name, adds, bound in self.least]
        return not can_complete([adds for _name, adds, _bound in self.least], left, free)

    def amount(self, place: int) -> bool | None:
        """With the amounts above, a penny more here breaks a rule, whatever the amounts below are."""
        line, weights = self.lines[place], self.lines[place].get("amount_weights")
        if line["pence"] == self.most[0][1][place]:
            return True
        if weights:
            if any(weight < 0 for weight in weights.values()):
                return False
            least, most, given = (self.added(rows, weights) for rows in (self.least, self.most, self.given))
            total = sum(given[one] if one <= place else min(least[one], most[one]) for one in self.funded)
            return bool(total + (most[place] - least[place]) // self.room[place] > self.bound(weights))
        amounts = {
            one: self.given[0][1][one] if one < place else self.least[0][1][one] for one in self.funded
        }
        below = [one for one in self.funded if one > place]
        return self.is_impossible(amounts | {place: line["pence"] + 1}, [place, *below], [])

    def is_given_evenly(self) -> bool | None:
        """The largest common part, rounded down to pence, then the pennies that are left, in rank order.

        Where a ring-fence needs more for some: the largest part for all, and the rest in rank order.
        """
        base, most, given = self.least[0][1], self.most[0][1], self.given[0][1]
        least = {one: base[one] for one in self.funded}
        left = self.left(least)
        use = [sum(self.room[one] * self.penny[one][at] for one in self.funded) for at in range(len(left))]
        part = min([PARTS, *(rest * PARTS // used for rest, used in zip(left, use, strict=True) if used > 0)])
        amounts = self.common(max(0, part))
        for _penny in range(3):  # rounding down can break a ring-fence, and a penny less each can mend it
            if min(self.left(amounts)) >= 0:
                break
            amounts = {one: max(pence - 1, base[one]) for one, pence in amounts.items()}
        if min(self.left(amounts)) >= 0:
            for one in self.funded:
                more = amounts | {one: amounts[one] + 1}
                if more[one] <= most[one] and min(self.left(more)) >= 0:
                    amounts = more
            return all(given[one] == amounts[one] for one in self.funded)
        raised = [one for one in self.funded if self.room[one]]
        part = min(((given[one] - base[one] + 1) * PARTS - 1) // self.room[one] for one in raised)
        proofs = [self.is_impossible(self.common(part + 1), raised, [])]
        amounts = self.common(part)
        for one in self.funded:
            if given[one] < most[one]:
                below = [other for other in raised if other > one]
                proofs.append(self.is_impossible(amounts | {one: given[one] + 1}, [one, *below], []))
            amounts[one] = given[one]
        return True if all(proofs) else None

    def common(self, part: int) -> dict[int, int]:
        return {one: self.least[0][1][one] + self.room[one] * part // PARTS for one in self.funded}

    def left(self, amounts: dict[int, int]) -> list[int]:
        """What these amounts leave of each rule."""
        base = self.least[0][1]
        return [
            bound
            - sum(adds[one] + (pence - base[one]) * self.penny[one][at] for one, pence in amounts.items())
            for at, (_name, adds, bound) in enumerate(self.least)
        ]

    def is_impossible(self, amounts: dict[int, int], raised: list[int], free: list[int]) -> bool | None:
        """No whole pence above these for those raised, and no choice of free ones, keep every rule."""
        penny, left = self.penny, self.left(amounts)
        pools = {penny[one]: 0 for one in (*raised, *free) if any(penny[one])}  # who changes all rules alike
        for one in raised:
            if penny[one] in pools:
                pools[penny[one]] += self.most[0][1][one] - amounts[one]
        rows = [
            ([adds[one] for one in free] + [pool[at] for pool in pools], left[at])
            for at, (_name, adds, _bound) in enumerate(self.least)
        ]
        for at, (pool, own) in enumerate(pools.items()):
            more = [-self.room[one] if penny[one] == pool else 0 for one in free]
            rows.append((more + [int(at == other) for other in range(len(pools))], own))
        size = len(free) + len(pools)
        rows += [([int(at == other) for other in range(size)], 1) for at in range(len(free))]
        try:
            return not has_whole_point(rows, size)
        except TooMuch:
            return None


def has_whole_point(rows: list[tuple[list[int], int]], size: int) -> bool:
    """Whether whole numbers from 0 up keep every row: a point in fractions first, then both sides of it."""
    waiting, steps = [rows], 0
    while waiting:
        asked = waiting.pop()
        point, used = point_of(asked, size, MOST_STEPS - steps)
        steps += used
        if point is None:
            continue
        at = next((at for at, value in enumerate(point) if value.denominator > 1), None)
        if at is None:
            return True
        unit = [int(at == other) for other in range(size)]
        waiting.append([*asked, (unit, floor(point[at]))])
        waiting.append([*asked, ([-one for one in unit], -ceil(point[at]))])
    return False


def point_of(
    rows: list[tuple[list[int], int]], size: int, most_steps: int
) -> tuple[list[Fraction] | None, int]:
    """Fractions from 0 up that keep every row, or None where there are none; and how many steps it took.

    What is missing in a row is made good by the first that can help; where none can, that row is the proof.
    The first broken row and the first helper are always taken, so that it comes to an end (Bland's rule).
    """
    table = [[Fraction(bound), *map(Fraction, adds)] for adds, bound in rows]
    of_row, of_column, steps = [size + at for at in range(len(rows))], list(range(size)), 0
    while broken := [at for at, row in enumerate(table) if row[0] < 0]:
        out = min(broken, key=lambda at: of_row[at])
        helpers = [at for at in range(size) if table[out][at + 1] < 0]
        if not helpers:
            return None, steps
        into = min(helpers, key=lambda at: of_column[at])
        steps += len(table) * size
        if steps > most_steps:
            raise TooMuch("whole pence take too long to search.")
        turned = [value / table[out][into + 1] for value in table[out]]
        turned[into + 1] = 1 / table[out][into + 1]
        for at, row in enumerate(table):
            if at != out and (factor := row[into + 1]):
                row[into + 1] = Fraction(0)
                table[at] = [value - factor * change for value, change in zip(row, turned, strict=True)]
        table[out] = turned
        of_row[out], of_column[into] = of_column[into], of_row[out]
    values = {name: row[0] for name, row in zip(of_row, table, strict=True)}
    return [values.get(at, Fraction(0)) for at in range(size)], steps


def not_counted(pack: Data) -> list[str]:
    """What the order was made from and cannot be seen here."""
    decided = pack.get("decided")
    if not decided:
        return []
    if decided["way"] == "lottery":
        changed = ["The order above and below the draw: marks changed after it."]
        zone = ["Who was clear and who was drawn: that was estimated from a thousand lists."]
        return zone + (changed if decided.get("marks_changed") else [])
    steps = decided.get("steps", [{"ballots": None}])
    return [
        f"The count of step {number}: its ballots are not shown, because of what they could tell about ties."
        for number, step in enumerate(steps, start=1)
        if step["ballots"] is None
    ]


def not_proved(pack: Data) -> list[str]:
    """Of a list with part-funding: what takes too long to prove, so that the rules alone were checked."""
    if pack["rule"] is None or pack.get("part_funding") is None:
        return []
    proof, found = Proof(pack), []
    for place, line in enumerate(proof.lines):
        key = line["id"]
        if not line["is_funded"] and key not in proof.fixed and proof.refusal(place) is None:
            found.append(f"{key}: that it could not be funded in its turn.")
        if line["is_funded"] and proof.is_in_turn and proof.amount(place) is None:
            found.append(f"{key}: that it could not get more than this.")
    if not proof.is_in_turn and proof.is_given_evenly() is None:
        found.append("That what is left was given out evenly.")
    return found


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
            raise TooMuch("one refusal has no proof by addition, and searching it again takes too long.")
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
    except TooMuch as reason:
        print(f"NOT CHECKED: {reason}")
        return 3
    for problem in problems:
        print(f"WRONG: {problem}")
    if problems:
        return 1
    uncounted, unproved = not_counted(pack), not_proved(pack)
    for each in (*uncounted, *unproved):
        print(f"NOT CHECKED: {each}")
    pence = sum(line["pence"] for line in awards_of(pack))
    all_else = "all else" if uncounted or unproved else "all"
    print(f"GOOD: {pence} pence in {len(awards_of(pack))} awards; {all_else} was worked out again.")
    best = "The rule's list keeps all rules." if unproved else "The rule's list is the best."
    print(best if pack["rule"] else "The rule proposed no list.")
    return 3 if uncounted or unproved else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
