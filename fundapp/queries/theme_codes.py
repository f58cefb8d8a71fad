"""The code book of a call, and what was marked with it, for one reader of the fund.

A text that waits for its second reader is seen by its first reader alone: nobody else may know its codes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from fundapp.db import db
from fundapp.models.application import Application
from fundapp.models.award import Award
from fundapp.models.call import Call
from fundapp.models.monitoring import CheckIn, CheckInFile, Story
from fundapp.models.organisation import Organisation
from fundapp.models.theme_code import CodedText, ThemeCode, ThemeTag, Turn
from fundapp.models.user import User
from fundapp.permissions import application_without_conflict
from fundapp.queries.told_texts import ToldText, told_now
from fundapp.story_steps import StoryStatus
from fundapp.told_steps import ThemeCodeStatus
from scoring.coding import CodeAgreement, ReadTwice, coding_agreement

DRAWS, SEED = 200, 1
FEW_TEXTS = 20  # below, the page says that the figure may lie far off


@dataclass(frozen=True)
class CodeBook:
    """`leads_to`: where what was marked with a code counts today, by id."""

    codes: Sequence[ThemeCode]
    leads_to: Mapping[UUID, ThemeCode]

    @property
    def in_use(self) -> list[ThemeCode]:
        return [code for code in self.codes if code.status is ThemeCodeStatus.IN_USE]

    @property
    def standing(self) -> list[ThemeCode]:
        """In use or retired: what was marked with them counts as theirs."""
        return [code for code in self.codes if code.status is not ThemeCodeStatus.MERGED]


@dataclass(frozen=True)
class Passage:
    """Words as they stand in the text; none where the whole text is marked or it has changed since."""

    tag: ThemeTag
    words: str | None
    has_changed: bool


@dataclass(frozen=True)
class TextRead:
    """A coded text with the text as it is today, and what counts of it."""

    coded: CodedText
    told: ToldText
    codes: frozenset[UUID]  # merges followed; what both settled, otherwise what the first reader marked
    passages: Sequence[Passage]


@dataclass(frozen=True)
class Difference:
    read: TextRead
    first_only: list[ThemeCode]
    second_only: list[ThemeCode]


@dataclass(frozen=True)
class Agreement:
    lines: Sequence[tuple[ThemeCode | None, CodeAgreement]]
    texts: int
    differences: Sequence[Difference]

    @property
    def is_few(self) -> bool:
        return self.texts < FEW_TEXTS


def get_theme_code(theme_code_id: UUID) -> ThemeCode:
    """With its call. Raises NoResultFound."""
    query = sa.select(ThemeCode).where(ThemeCode.id == theme_code_id).options(joinedload(ThemeCode.call))
    return db.session.execute(query).scalar_one()


def get_code_book(call: Call) -> CodeBook:
    query = (
        sa.select(ThemeCode)
        .where(ThemeCode.call_id == call.id)
        .options(joinedload(ThemeCode.added_by), joinedload(ThemeCode.ended_by))
        .order_by(sa.func.lower(ThemeCode.name), ThemeCode.id)
    )
    codes = db.session.execute(query).scalars().all()
    by_id = {code.id: code for code in codes}
    return CodeBook(codes, {code.id: _end_of(code, by_id) for code in codes})


def _end_of(code: ThemeCode, by_id: Mapping[UUID, ThemeCode]) -> ThemeCode:
    for _step in by_id:
        if code.merged_into_id is None:
            break
        code = by_id[code.merged_into_id]
    return code


def get_coded_text(coded_text_id: UUID) -> CodedText:
    """With its group, its text and what is marked in it. Raises NoResultFound."""
    query = sa.select(CodedText).where(CodedText.id == coded_text_id)
    return db.session.execute(query.options(*_LOADED)).scalar_one()


_LOADED = (
    joinedload(CodedText.call),
    joinedload(CodedText.award).options(
        joinedload(Award.organisation).load_only(Organisation.name, Organisation.borough),
    ),
    joinedload(CodedText.check_in).options(
        joinedload(CheckIn.award), selectinload(CheckIn.files).joinedload(CheckInFile.file)
    ),
    joinedload(CodedText.story).options(joinedload(Story.award), selectinload(Story.consents)),
    selectinload(CodedText.tags),
    joinedload(CodedText.kept_out),
)


def list_coded_texts(call: Call, *, reader: User) -> Sequence[CodedText]:
    """Begun by anybody; none of a group this person has a tie with, and no story taken back."""
    return _listed(CodedText.call_id == call.id, application_without_conflict(reader.id))


def list_all_coded_texts(call: Call) -> Sequence[CodedText]:
    """Of every group, to be counted; no story taken back. Nobody reads this as a list."""
    return _listed(CodedText.call_id == call.id)


def list_coded_texts_of(award: Award) -> Sequence[CodedText]:
    """For the group that told them."""
    return _listed(CodedText.award_id == award.id)


def _listed(*where: sa.ColumnElement[bool]) -> Sequence[CodedText]:
    query = (
        sa.select(CodedText)
        .join(Award, Award.id == CodedText.award_id)
        .join(Application, Application.id == Award.application_id)
        .outerjoin(Story, Story.id == CodedText.story_id)
        .where(*where, sa.or_(Story.id.is_(None), Story.status != StoryStatus.WITHDRAWN))
        .options(*_LOADED)
        .order_by(CodedText.created_at, CodedText.id)
    )
    return db.session.execute(query).scalars().all()


def is_open_to(coded: CodedText, reader: User) -> bool:
    """Whether somebody may know the codes of a text: it was read, and nobody still has to read it blind."""
    if coded.first_read_at is None:
        return False
    return not coded.is_drawn or coded.second_read_at is not None or coded.first_reader_id == reader.id


def turn_of(coded: CodedText, reader: User) -> Turn | None:
    """Which of the two readers somebody is."""
    if coded.first_reader_id == reader.id:
        return Turn.FIRST
    return Turn.SECOND if coded.second_reader_id == reader.id else None


def passages_of(coded: CodedText, told: ToldText, turns: Sequence[Turn]) -> list[Passage]:
    return [_passage(tag, told) for tag in coded.tags if tag.turn in turns]


def _passage(tag: ThemeTag, told: ToldText) -> Passage:
    if tag.text_digest != told.digest:
        return Passage(tag, None, True)
    return Passage(tag, told.text[tag.starts_at : tag.ends_at] if tag.ends_at else None, False)


def codes_of(coded: CodedText, turn: Turn, book: CodeBook) -> frozenset[UUID]:
    """Merges followed."""
    return frozenset(book.leads_to[tag.theme_code_id].id for tag in coded.tags if tag.turn is turn)


def texts_read(texts: Sequence[CodedText], book: CodeBook, *, reader: User) -> Iterator[TextRead]:
    """Of these, what this person may know the codes of."""
    for coded in texts:
        told = told_now(coded)
        if told is None or not is_open_to(coded, reader):
            continue
        counts = Turn.SETTLED if coded.settled_at else Turn.FIRST
        passages = passages_of(coded, told, (Turn.FIRST, Turn.SECOND))
        yield TextRead(coded, told, codes_of(coded, counts, book), passages)


def uses_of(reads: Sequence[TextRead]) -> Counter[UUID]:
    """In how many texts each code stands."""
    return Counter(code for read in reads for code in read.codes)


def agreement_of(reads: Sequence[TextRead], book: CodeBook) -> Agreement:
    """Over the texts that two people read. What they settled later does not make them agree before."""
    twice = [read for read in reads if read.coded.second_read_at is not None]
    marks = {
        read.coded.id: (
            codes_of(read.coded, Turn.FIRST, book),
            codes_of(read.coded, Turn.SECOND, book),
        )
        for read in twice
    }
    used = {code for first, second in marks.values() for code in first | second}
    codes = [code for code in book.standing if code.id in used]
    lines = coding_agreement(
        [
            ReadTwice(str(text), frozenset(map(str, first)), frozenset(map(str, second)))
            for text, (first, second) in marks.items()
        ],
        [str(code.id) for code in codes],
        draws=DRAWS,
        seed=SEED,
    )
    differences = [
        Difference(
            read,
            [code for code in codes if code.id in marks[read.coded.id][0] - marks[read.coded.id][1]],
            [code for code in codes if code.id in marks[read.coded.id][1] - marks[read.coded.id][0]],
        )
        for read in twice
        if read.coded.settled_at is None and marks[read.coded.id][0] != marks[read.coded.id][1]
    ]
    return Agreement(list(zip([*codes, None], lines, strict=True)), len(twice), differences)


def list_to_begin(told: Sequence[ToldText], texts: Sequence[CodedText]) -> list[ToldText]:
    """Nobody has begun to read these."""
    begun = {coded.source for coded in texts}
    return [text for text in told if text.source not in begun]
