"""Who asked and who got money: by what the call's answer was, by income, by community and by borough.

A row is shown by itself when five groups or more are in it, and in its differences; the others stand added up
under the key `together`, so that every table adds up to its total.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

import sqlalchemy as sa

from fundapp.call_file.definition import CallDefinition
from fundapp.call_file.income_bands import are_bands, band_of
from fundapp.db import Json, db
from fundapp.lifecycles import ClaimStatus
from fundapp.models.application import Application
from fundapp.models.award import Decision
from fundapp.models.call import Call
from fundapp.models.organisation import Community, Organisation
from fundapp.queries.call_money import GroupFacts, load_call_money, load_requests, pence
from fundapp.queries.open_data import ReleasedGrant
from fundapp.queries.public_results import OutcomeCounts
from fundapp.queries.suppression import published, stand_alone
from fundapp.queries.tallies import MANY_ENOUGH
from scoring.records import Counting

TOGETHER, NOT_KNOWN = "together", "not_known"


@dataclass(frozen=True)
class Sharing:
    """By organisation, partners too: who asked in full, and what those that were funded keep."""

    asked: frozenset[UUID]
    kept: Mapping[UUID, int]  # pence; what was asked back and what was never paid of an ended grant is out
    groups: Mapping[UUID, GroupFacts]

    @property
    def kept_pence(self) -> int:
        return sum(self.kept.values())


def load_sharing(call: Call, round_ids: Collection[UUID]) -> Sharing:
    requests, groups = load_requests(call)
    decided = set(
        db.session.execute(
            sa.select(Decision.application_id).where(
                Decision.round_id.in_(round_ids), Decision.ratified_at.is_not(None)
            )
        ).scalars()
    )
    kept: dict[UUID, int] = defaultdict(int)
    for grant in load_call_money(call).grants:
        if grant.counting is not Counting.NOT_COUNTED:
            whole = sum(part.pence for part in grant.parts)
            for part in grant.parts:  # as ring-fences count it, so that nothing is left between the two
                kept[part.organisation_id] += grant.kept_pence * part.pence // whole
    asked = {part.organisation_id for one in requests if one.application_id in decided for part in one.parts}
    return Sharing(frozenset(asked | kept.keys()), kept, groups)


def answers(counts: OutcomeCounts) -> list[Json]:
    """How many have a grant stands on every page: so the other answers hide among themselves."""
    cells = {
        "reserve": counts.reserve,
        "short_of_money": counts.short_of_money,
        "decline": counts.declined,
    }
    alone = stand_alone({key: (number,) for key, number in cells.items()})
    rows: list[Json] = [{"key": "award", "groups": published([counts.awarded])[0]}]
    rows += [{"key": key, "groups": cells[key]} for key in alone]
    if len(alone) < len(cells):
        rest = sum(number for key, number in cells.items() if key not in alone)
        is_safe = bool(alone) or bool(stand_alone({TOGETHER: (rest,)}))
        rows.append({"key": TOGETHER, "groups": rest if is_safe else None})
    return rows


def incomes(sharing: Sharing, definition: CallDefinition) -> list[Json]:
    """By the bands of the call's own question."""
    questions = (item.question for item in definition.eligibility)
    asked = next((each for each in questions if each.carries == "income_band" and are_bands(each)), None)
    if asked is None:
        return []

    def band(group: GroupFacts) -> str:
        if group.income_pence is None:
            return NOT_KNOWN
        return band_of(asked, Decimal(group.income_pence) / 100) or NOT_KNOWN

    return _shared_out(sharing, [*(choice.key for choice in asked.choices), NOT_KNOWN], band)


def communities(sharing: Sharing) -> list[Json]:
    """Confirmed claims only, as the ring-fences count them; the three do not overlap."""

    def community(group: GroupFacts) -> str:
        sure = {kind for kind, status in group.claims.items() if status is ClaimStatus.CONFIRMED}
        if Community.BY_AND_FOR not in sure:
            return "other"
        return Community.MIGRANT if Community.MIGRANT in sure else Community.BY_AND_FOR

    return _shared_out(sharing, [Community.MIGRANT.value, Community.BY_AND_FOR.value, "other"], community)


def boroughs(
    round_ids: Collection[UUID], grants: Collection[ReleasedGrant], day: date, definition: CallDefinition
) -> list[Json]:
    """Where the leading group is, and what was awarded there: as the open data says it.

    Groups whose borough open data does not name are never in a row of their own.
    """
    is_hidden = sa.or_(Organisation.is_confidential, Application.is_confidential)
    rows = db.session.execute(
        sa.select(Application.id, Organisation.borough, is_hidden.label("hidden"))
        .join(Organisation, Organisation.id == Application.organisation_id)
        .join(Decision, Decision.application_id == Application.id)
        .where(Decision.round_id.in_(round_ids), Decision.ratified_at.is_not(None))
    ).all()
    granted = {each.award.application_id: each for each in grants}
    cells: dict[str, list[int]] = {name: [0, 0] for name in definition.boroughs}
    sums: dict[str, int] = defaultdict(int)
    apart = [0, 0]
    for application_id, borough, hidden in rows:
        grant = granted.get(application_id)
        is_named = not hidden and (grant is None or (grant.is_open_on(day) and not grant.is_coarse))
        place = borough if is_named and borough in cells else TOGETHER
        cell = cells.get(place, apart)
        cell[0] += 1
        if grant is not None:
            cell[1] += 1
            sums[place] += pence(grant.award.amount)
    return _as_data(shared_rows(cells, sums, apart))


def _shared_out(sharing: Sharing, keys: Sequence[str], place: Callable[[GroupFacts], str]) -> list[Json]:
    cells: dict[str, list[int]] = {key: [0, 0] for key in keys}
    sums: dict[str, int] = defaultdict(int)
    for organisation_id in sharing.asked:
        key = place(sharing.groups[organisation_id])
        cells[key][0] += 1
        if organisation_id in sharing.kept:
            cells[key][1] += 1
            sums[key] += sharing.kept[organisation_id]
    return _as_data(shared_rows(cells, sums))


@dataclass(frozen=True)
class SharedRow:
    """`asked` is None where it would say of fewer than five groups that they got nothing."""

    key: str
    asked: int | None
    funded: int | None
    pence: int


def shared_rows(
    cells: Mapping[str, Sequence[int]], sums: Mapping[str, int], apart: Sequence[int] = (0, 0)
) -> list[SharedRow]:
    """Cells are (asked, funded). First who got money, in rows that are large enough; then, of these rows, how
    many asked, where that is safe too. `apart` and its money are seen only among the others.
    """
    large = {key: cell for key, cell in cells.items() if cell[1] or cell[0] >= MANY_ENOUGH}
    hidden = [cell for key, cell in cells.items() if key not in large]
    rest_funded = sum(cell[1] for cell in (*hidden, apart))
    alone = stand_alone({key: cell[1:] for key, cell in large.items()}, [rest_funded])
    rows = {key: tuple(cells[key]) for key in alone}
    if len(alone) < len(cells) or any(apart):
        others = [cell for key, cell in cells.items() if key not in alone]
        rows[TOGETHER] = tuple(sum(numbers) for numbers in zip(apart, *others, strict=True))
    with_asked = stand_alone(rows)
    return [
        SharedRow(
            key,
            asked if key in with_asked else None,
            funded if alone or stand_alone({key: (funded,)}) else None,
            sums.get(key, 0)
            if key != TOGETHER
            else sum(amount for each, amount in sums.items() if each not in alone),
        )
        for key, (asked, funded) in rows.items()
    ]


def _as_data(rows: Sequence[SharedRow]) -> list[Json]:
    return [
        {
            "key": row.key,
            "asked": row.asked,
            "funded": row.funded,
            "amount": f"{Decimal(row.pence) / 100:.2f}",
        }
        for row in rows
    ]
