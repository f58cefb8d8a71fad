"""From the text of an award file to an award problem."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from fundapp.award_file.schema import AwardFileSchema
from fundapp.plain_file import PlainFileError, load
from scoring.allocation import AwardProblem
from scoring.amounts import Limits, TopUp
from scoring.objectives import Objective
from scoring.records import Base, Candidate, InvalidInput, Kind, Measure, Pot, RingFence, Share

BELOW_MINIMUM = "below_minimum_score"
OUTSIDE_LIMITS = "outside_the_limits_of_a_grant"
OUR_REASONS = (BELOW_MINIMUM, OUTSIDE_LIMITS)


@dataclass(frozen=True)
class AwardFile:
    """The problem, and what the file asks for beside it. `scores` are in the order of the candidates."""

    name: str
    problem: AwardProblem
    scores: tuple[int, ...]
    objective: Objective
    kept_out: Mapping[str, str]  # id → why: a code of ours or the reason of the file
    part_funding: TopUp | None
    limits: Mapping[str, Limits]
    must_fund: Mapping[str, str]  # id → reason

    @property
    def marks(self) -> frozenset[str]:
        """Who must or must not be funded because the file says so."""
        own = {key for key, why in self.kept_out.items() if why not in OUR_REASONS}
        return frozenset(own | self.must_fund.keys())


def read_award_file(text: str) -> AwardFile:
    """Raises PlainFileError with every problem the file has."""
    data = load(AwardFileSchema(), text)
    try:
        return _award_file(data)
    except InvalidInput as error:
        raise PlainFileError([f"{error.field_name}: {error.why.replace('_', ' ')}."]) from error


def _award_file(data: dict[str, Any]) -> AwardFile:
    applications = {_id_of(one, at): one for at, one in enumerate(data["applications"])}
    if len(applications) < len(data["applications"]):
        raise InvalidInput("applications", "an_id_stands_twice")
    order = _order(data, applications)
    kept_out = _kept_out(data, applications)
    budget = data["budget_pence"]
    fund = data.get("fund_pence", budget)
    problem = AwardProblem(
        tuple(_candidate(key, applications[key]) for key in order),
        _ring_fences(data),
        Pot(fund, budget, budget, data["is_last_round"]),
        must_fund=frozenset(data["must_fund"]),
        must_not_fund=frozenset(kept_out),
        exclusions=_exclusions(data, applications),
    )
    return AwardFile(
        data["id"],
        problem,
        tuple(applications[key]["score"] for key in order),
        data["objective"],
        kept_out,
        data.get("part_funding"),
        _limits(data, applications) if data.get("part_funding") else {},
        data["must_fund"],
    )


def _id_of(one: Mapping[str, Any], at: int) -> str:
    return str(one.get("id", one.get("i", at)))


def _order(data: Mapping[str, Any], applications: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """As the file says or by score, the higher first; ties in the order of the file."""
    if "order" not in data:
        return sorted(applications, key=lambda key: -applications[key]["score"])
    if sorted(data["order"]) != sorted(applications):
        raise InvalidInput("order", "does_not_name_each_application_once")
    return list(data["order"])


def _candidate(key: str, one: Mapping[str, Any]) -> Candidate:
    places = [f"{name}:{one[name]}" for name in ("borough", "theme") if one.get(name) is not None]
    if "shares" not in one:
        share = Share(one["request_pence"], _tags(one["groups"], places), _tags(one["claimed_groups"], []))
        return Candidate(key, one["request_pence"], (share,))
    shares = tuple(
        Share(part["pence"], _tags(part["groups"], places), _tags(part["claimed_groups"], []))
        for part in one["shares"]
    )
    return Candidate(key, one["request_pence"], shares)


def _tags(groups: list[str], places: list[str]) -> frozenset[str]:
    return frozenset([*(f"group {group}" for group in groups), *places])


def _ring_fences(data: Mapping[str, Any]) -> tuple[RingFence, ...]:
    value = Measure.VALUE
    fences = [
        RingFence(f"group {group}", Kind.FLOOR, value, Base.FIXED, amount=pence)
        for group, pence in enumerate(data["ring_fence_min_pence"])
    ]
    fences += [
        RingFence(f"group {group}", Kind.FLOOR, value, Base.AWARDS_TOTAL, percent=Fraction(percent))
        for group, percent in enumerate(data["ring_fence_min_percent_of_awarded"])
    ]
    fences += [
        RingFence(name, Kind.CAP, value, Base.FIXED, amount=data[f"cap_per_{name}_pence"], is_family=True)
        for name in ("borough", "theme")
        if f"cap_per_{name}_pence" in data
    ]
    return (*fences, *(_ring_fence(one) for one in data["ring_fences"]))


def _ring_fence(one: Mapping[str, Any]) -> RingFence:
    percent = one.get("percent")
    return RingFence(
        one["key"],
        one["kind"],
        one["measure"],
        one["base"],
        percent=None if percent is None else Fraction(percent),
        amount=one.get("amount"),
        tag=f"group {one.get('group', one['key'])}",
    )


def _kept_out(data: Mapping[str, Any], applications: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    kept_out = dict(data["must_not_fund"])
    for key, one in applications.items():
        if key in data["must_fund"]:
            continue
        if one["score"] < data.get("minimum_score", one["score"]):
            kept_out.setdefault(key, BELOW_MINIMUM)
        elif _least(data, one) > _most(data, one):
            kept_out.setdefault(key, OUTSIDE_LIMITS)
    return kept_out


def _least(data: Mapping[str, Any], one: Mapping[str, Any]) -> int:
    in_full = one["request_pence"]
    floor = one.get("floor_pence", in_full) if data.get("part_funding") else in_full
    return max(int(floor), int(data.get("least_pence", 0)), 1)


def _most(data: Mapping[str, Any], one: Mapping[str, Any]) -> int:
    return min(int(one["request_pence"]), int(data.get("most_pence", one["request_pence"])))


def _limits(data: Mapping[str, Any], applications: Mapping[str, Mapping[str, Any]]) -> dict[str, Limits]:
    limits = {key: Limits(_least(data, one), _most(data, one)) for key, one in applications.items()}
    return {key: limit for key, limit in limits.items() if limit.floor <= limit.request}


def _exclusions(
    data: Mapping[str, Any], applications: Mapping[str, Mapping[str, Any]]
) -> tuple[frozenset[str], ...]:
    sets = [frozenset(each) for each in data["exclusions"]]
    if data["one_per_organisation"]:
        by_organisation: dict[str, set[str]] = defaultdict(set)
        for key, one in applications.items():
            if one.get("organisation") is not None:
                by_organisation[one["organisation"]].add(key)
        sets += [frozenset(keys) for keys in by_organisation.values() if len(keys) > 1]
    return tuple(sets)
