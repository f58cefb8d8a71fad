"""Themes of a year for everybody: how many groups speak of each, and no small number, also by subtraction."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from fundapp.db import Json, db
from fundapp.models.award import Award
from fundapp.models.call import Call
from fundapp.models.harvested_outcome import HarvestedOutcome
from fundapp.models.shared_themes import SharedThemes
from fundapp.models.theme_code import CodedText, Turn
from fundapp.queries.calls import current_version, definition_of
from fundapp.queries.harvested_outcomes import is_shown, list_outcomes_for_all, usable_text
from fundapp.queries.open_data import AWARDED
from fundapp.queries.suppression import published
from fundapp.queries.theme_codes import CodeBook, codes_of, get_code_book, list_all_coded_texts
from fundapp.queries.theme_grid import year_of
from fundapp.queries.told_texts import ToldText, told_now
from fundapp.told_steps import SharedThemesStatus


@dataclass(frozen=True)
class Counts:
    """Of one year, as they are: how many groups were read, and by theme how many spoke of it."""

    groups: int
    themes: Mapping[str, int]


@dataclass(frozen=True)
class Shown:
    """The same with None for what would give a few groups away."""

    groups: int | None
    themes: Mapping[str, int | None]


def without_small(counts: Counts, everybody: int, earlier: Sequence[Shown]) -> Shown:
    """No number is 1 to 4, and neither is its difference to what is known: how many groups have a grant, how
    many were read, and the same theme in the years before.
    """
    groups = published([counts.groups], known=[everybody, *_known(each.groups for each in earlier)])[0]
    themes = {}
    for theme, number in counts.themes.items():
        years = _known(each.themes.get(theme) for each in earlier)
        themes[theme] = published([number], known=[everybody, counts.groups, *years])[0]
    return Shown(groups, themes)


def _known(numbers: Iterable[int | None]) -> list[int]:
    return [each for each in numbers if each is not None]


def get_shared_themes(shared_themes_id: UUID) -> SharedThemes:
    """Raises NoResultFound."""
    return db.session.execute(sa.select(SharedThemes).where(SharedThemes.id == shared_themes_id)).scalar_one()


def list_shared_themes(call: Call) -> Sequence[SharedThemes]:
    """The newest year first."""
    query = sa.select(SharedThemes).where(SharedThemes.call_id == call.id).order_by(SharedThemes.year.desc())
    return db.session.execute(query).scalars().all()


def list_published_themes(call: Call) -> list[SharedThemes]:
    return [each for each in list_shared_themes(call) if each.status is SharedThemesStatus.PUBLISHED]


def counts_in(shared: SharedThemes, coded: CodedText, *, zone: ZoneInfo, today: date) -> ToldText | None:
    """The text, where it counts for that year: read before groups were asked, by both readers where it was
    drawn, not kept out, and still there.
    """
    told = told_now(coded)
    if told is None or coded.first_read_at is None or coded.first_read_at > shared.created_at:
        return None
    if coded.is_drawn and coded.second_read_at is None:
        return None
    return usable_text(coded, told.digest, today) if year_of(told, zone) == shared.year else None


def content_of(shared: SharedThemes, *, today: date) -> Json:
    """What is kept on the day of publishing: numbers, and the code book's words."""
    call = shared.call
    book, zone = get_code_book(call), definition_of(current_version(call)).zone
    counts = _counts(shared, book, zone, today)
    earlier = [_shown(each) for each in list_published_themes(call) if each.id != shared.id]
    shown = without_small(counts, _groups_with_a_grant(call), earlier)
    return {
        "groups": shown.groups,
        "themes": [
            {
                "id": str(code.id),
                "name": code.name,
                "meaning": code.meaning,
                "groups": shown.themes[str(code.id)],
            }
            for code in book.standing
            if counts.themes.get(str(code.id))
        ],
    }


def _counts(shared: SharedThemes, book: CodeBook, zone: ZoneInfo, today: date) -> Counts:
    groups: set[UUID] = set()
    themes: dict[str, set[UUID]] = defaultdict(set)
    for coded in list_all_coded_texts(shared.call):
        if counts_in(shared, coded, zone=zone, today=today) is None:
            continue
        group = coded.award.organisation_id
        groups.add(group)
        for theme in codes_of(coded, Turn.SETTLED if coded.settled_at else Turn.FIRST, book):
            themes[str(theme)].add(group)
    return Counts(len(groups), {theme: len(each) for theme, each in themes.items()})


def _shown(shared: SharedThemes) -> Shown:
    themes = {each["id"]: each["groups"] for each in shared.content["themes"]}
    return Shown(shared.content["groups"], themes)


def _groups_with_a_grant(call: Call) -> int:
    """Everybody knows them from the list of results."""
    query = sa.select(sa.func.count(Award.organisation_id.distinct())).where(
        Award.call_id == call.id, Award.status.in_(AWARDED)
    )
    return db.session.execute(query).scalar_one()


def list_shared_outcomes(call: Call, year: int, today: date) -> list[HarvestedOutcome]:
    """Confirmed, and resting on what was told by the end of that year; asked anew with each request."""
    zone = definition_of(current_version(call)).zone
    return [
        each
        for each in list_outcomes_for_all(call)
        if is_shown(each, today)
        and max(year_of(told, zone) for on in each.passages if (told := told_now(on.coded_text))) == year
    ]
