"""Groups in rows, themes in columns: where each theme comes up, for one reader of the fund."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from fundapp.db import db
from fundapp.models.application import Application
from fundapp.models.award import Award
from fundapp.models.call import Call
from fundapp.models.organisation import Organisation
from fundapp.models.theme_code import ThemeCode, Turn
from fundapp.models.user import User
from fundapp.queries.theme_codes import (
    CodeBook,
    Passage,
    TextRead,
    get_code_book,
    list_coded_texts,
    passages_of,
    texts_read,
)
from fundapp.queries.told_texts import ToldText, list_told_texts


@dataclass(frozen=True)
class Place:
    """One passage on which a theme stands."""

    read: TextRead
    passage: Passage


@dataclass(frozen=True)
class ThemeGrid:
    """`cells`: by group and theme, only where there is something. `open`: texts that nobody has read for
    themes, or whose codes this reader may not know yet.
    """

    book: CodeBook
    groups: Sequence[Organisation]
    cells: Mapping[tuple[UUID, UUID], Sequence[Place]]
    years: Sequence[int]
    read: int
    open: int

    @property
    def themes(self) -> list[ThemeCode]:
        """What comes up, in use or retired; what was merged counts where it went."""
        used = {theme for _group, theme in self.cells}
        return [code for code in self.book.standing if code.id in used]

    @property
    def silent(self) -> list[ThemeCode]:
        """In use, and nobody has spoken of it."""
        used = {theme for _group, theme in self.cells}
        return [code for code in self.book.in_use if code.id not in used]

    def places(self, group: Organisation, theme: ThemeCode) -> Sequence[Place]:
        return self.cells.get((group.id, theme.id), ())

    def groups_with(self, theme: ThemeCode) -> list[Organisation]:
        return [group for group in self.groups if (group.id, theme.id) in self.cells]

    def themes_of(self, group: Organisation) -> list[ThemeCode]:
        return [theme for theme in self.themes if (group.id, theme.id) in self.cells]

    def passages_with(self, theme: ThemeCode) -> int:
        return sum(len(self.places(group, theme)) for group in self.groups)


def get_theme_grid(call: Call, *, reader: User, zone: ZoneInfo, year: int | None = None) -> ThemeGrid:
    """Of what was told in that year, or ever; as many queries for one group as for fifty."""
    book, told = get_code_book(call), list_told_texts(call, reader=reader)
    reads = list(texts_read(list_coded_texts(call, reader=reader), book, reader=reader))
    years = {year_of(each, zone) for each in (*told, *(read.told for read in reads))}
    told = [each for each in told if year in (None, year_of(each, zone))]
    reads = [read for read in reads if year in (None, year_of(read.told, zone))]
    cells: dict[tuple[UUID, UUID], list[Place]] = defaultdict(list)
    groups: dict[UUID, Organisation] = {each.award.organisation_id: each.award.organisation for each in told}
    for read in reads:
        group = read.coded.award.organisation
        groups.setdefault(group.id, group)
        for theme, passages in places_of(read, book).items():
            cells[group.id, theme] += [Place(read, passage) for passage in passages]
    sources = {read.coded.source for read in reads}
    return ThemeGrid(
        book=book,
        groups=sorted(groups.values(), key=lambda group: (group.name.casefold(), str(group.id))),
        cells=dict(cells),
        years=sorted(years, reverse=True),
        read=len(reads),
        open=sum(each.source not in sources for each in told),
    )


def confidential_groups(call: Call) -> set[UUID]:
    """Those with a grant of this call that no file may name."""
    query = (
        sa.select(Award)
        .where(Award.call_id == call.id)
        .options(joinedload(Award.application).joinedload(Application.organisation))
    )
    awards = db.session.execute(query).scalars()
    return {award.organisation_id for award in awards if award.keeps_confidential}


def year_of(told: ToldText, zone: ZoneInfo) -> int:
    return told.told_at.astimezone(zone).year


def places_of(read: TextRead, book: CodeBook) -> dict[UUID, list[Passage]]:
    """By theme that counts for the text: where it stands. Two readers who mark the same words count once."""
    found: dict[UUID, list[Passage]] = {}
    for turn in Turn:
        for passage in passages_of(read.coded, read.told, (turn,)):
            theme = book.leads_to[passage.tag.theme_code_id].id
            if theme not in read.codes:
                continue
            known = found.setdefault(theme, [])
            if all(each.tag.turn is turn and not _is_same(each, passage) for each in known):
                known.append(passage)
    return found


def _is_same(one: Passage, other: Passage) -> bool:
    return (one.tag.starts_at, one.tag.ends_at) == (other.tag.starts_at, other.tag.ends_at)
