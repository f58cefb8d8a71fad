"""Doing a published draw again: each thing that must hold, and whether it does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from fundapp.panel_draw_file.parts import FORMAT, Fixed, digest_of, fixed_from_data, leavings_from_data
from scoring.lottery import LEAST_SEED, commitment
from scoring.panel_draw import Leaving, NobodyLeft, missed, panel_after, seed_of
from scoring.sortition import TICKETS, Quota, QuotasImpossible

WRONG = (KeyError, TypeError, ValueError, AttributeError, IndexError, OverflowError)


class NotADraw(ValueError):
    """The data are no file of a panel's draw."""


@dataclass(frozen=True)
class Finding:
    what: str
    holds: bool


@dataclass(frozen=True)
class Checked:
    """`panel`: who sits on it after the draw and all replacements; () before the draw."""

    fixed: Fixed
    findings: tuple[Finding, ...]
    panel: tuple[str, ...]

    @property
    def holds(self) -> bool:
        return all(each.holds for each in self.findings)


def check_draw(data: Mapping[str, Any]) -> Checked:
    """Raises NotADraw."""
    try:
        if data["format"] != FORMAT:
            raise NotADraw
        fixed, seed = fixed_from_data(data["fixed"]), bytes.fromhex(data.get("seed") or "")
        findings = list(_of_what_was_fixed(fixed, str(data["digest"]), data["fixed"]))
        panel: tuple[str, ...] = ()
        if seed:
            panel = _of_the_draw(fixed, seed, data, findings)
        return Checked(fixed, tuple(findings), panel)
    except WRONG as error:
        raise NotADraw from error


def _of_what_was_fixed(fixed: Fixed, digest: str, data: Mapping[str, Any]) -> Iterator[Finding]:
    lottery = fixed.lottery
    people = [one for kind in lottery.kinds for one in kind]
    whole = all(
        len(counts) == len(lottery.kinds)
        and sum(counts) == fixed.seats
        and all(0 <= seats <= len(kind) for seats, kind in zip(counts, lottery.kinds, strict=True))
        for counts, _tickets in lottery.panels
    )
    yield Finding("the digest is that of what was fixed", digest == digest_of(data))
    yield Finding("everybody in the pool is in one kind", sorted(people) == sorted(fixed.pool))
    yield Finding("each panel has all seats", whole)
    if whole and sorted(people) == sorted(fixed.pool):
        examples = [_example(fixed, counts) for counts, _tickets in lottery.panels]
        yield Finding("all who chose the same groups, and nobody else, are one kind", _kinds_are_whole(fixed))
        yield Finding(
            "each panel keeps all quotas", not any(missed(fixed.pool, fixed.quotas, one) for one in examples)
        )
    counted = [counts for counts, _tickets in lottery.panels]
    tickets = [tickets for _counts, tickets in lottery.panels]
    yield Finding("each panel is there once, in order", counted == sorted(set(counted)))
    yield Finding("each panel has tickets, together a million", min(tickets) > 0 and sum(tickets) == TICKETS)


def _kinds_are_whole(fixed: Fixed) -> bool:
    """In order, too: which panel a ticket says must not be anybody's choice."""
    groups = sorted({quota.feature for quota in fixed.quotas})
    kinds = [
        {tuple(fixed.pool[one].get(group, "") for group in groups) for one in kind}
        for kind in fixed.lottery.kinds
    ]
    chosen = [one for kind in kinds for one in sorted(kind)]
    return all(len(kind) == 1 for kind in kinds) and chosen == sorted(set(chosen))


def _example(fixed: Fixed, counts: tuple[int, ...]) -> list[str]:
    pairs = zip(fixed.lottery.kinds, counts, strict=True)
    return [one for kind, seats in pairs for one in kind[:seats]]


def _of_the_draw(
    fixed: Fixed, secret: bytes, data: Mapping[str, Any], findings: list[Finding]
) -> tuple[str, ...]:
    announced = str(data.get("announced_value") or "")
    is_long = len(secret) >= LEAST_SEED
    findings.append(
        Finding("the fingerprint is that of the seed", is_long and commitment(secret) == fixed.fingerprint)
    )
    findings.append(Finding("the announced value is there", bool(announced) == bool(fixed.mixed_with)))
    if not is_long:
        return ()
    seed = seed_of(secret, announced)
    drawn = fixed.lottery.draw(seed)
    findings.append(Finding("the seed draws these people", sorted(data["drawn"]) == sorted(drawn)))
    replacements = data.get("replacements") or ()
    try:
        leavings = leavings_from_data(replacements)
        panel = panel_after(fixed.pool, fixed.quotas, drawn, leavings, seed)
        came = [each["came"] for each in replacements]
        one_by_one = list(_one_by_one(fixed, drawn, leavings, seed))
    except (ValueError, NobodyLeft, QuotasImpossible):
        findings.append(Finding("the seed draws who came next", False))
        return drawn
    is_same = sorted(data["panel"]) == sorted(panel) and came == [who for who, _changes in one_by_one]
    is_least = [each.gave_way for each in leavings] == [changes for _who, changes in one_by_one]
    findings.append(Finding("the seed draws who came next", is_same))
    findings.append(Finding("no quota gave way more than it had to", is_least))
    return panel


def _one_by_one(
    fixed: Fixed, drawn: tuple[str, ...], leavings: tuple[Leaving, ...], seed: bytes
) -> Iterator[tuple[str, tuple[tuple[Quota, int], ...]]]:
    """For each who left: who came, and by how little the quotas had to give way for that."""
    for number, leaving in enumerate(leavings):
        before, changes = leavings[:number], tuple[tuple[Quota, int], ...]()
        try:
            panel_after(fixed.pool, fixed.quotas, drawn, [*before, Leaving(leaving.left)], seed)
        except QuotasImpossible as error:
            changes = error.changes
        after = panel_after(fixed.pool, fixed.quotas, drawn, [*before, leaving], seed)
        yield after[-1], changes
