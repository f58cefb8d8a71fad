"""What has to be read before an application can be shown without names, and how far that is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from forms.answers import AnswerEntry, BudgetLine, PartnerAmount, asked_questions, digest_of, from_json
from forms.definition import PartKind, Question, Stage
from forms.redaction import without_names
from fundapp.db import db
from fundapp.models.answer_media import AnswerMedia
from fundapp.models.application import Answer, Application, ApplicationHelper, ApplicationStage
from fundapp.models.call import CallVersion, Round
from fundapp.models.organisation import Organisation, OrganisationMember
from fundapp.models.partnership import FiscalHost, Partner
from fundapp.models.redaction import RedactedCopy
from fundapp.models.translation import ClarificationTranslation, Translation
from fundapp.models.user import User
from fundapp.queries.applications import (
    ANSWER_PARTS,
    answers_of,
    definition_for,
    facts_for,
    list_clarifications,
)
from fundapp.queries.panels import WAITING
from fundapp.queries.readings import READABLE, without_conflict
from fundapp.queries.translations import list_translations

Kind = TypeVar("Kind", Partner, FiscalHost, ApplicationHelper)


class PieceKind(StrEnum):
    """Its value begins the key under which a copy keeps the piece."""

    ANSWER = "answer"
    ROW = "row"
    SAID = "said"  # in a recording
    TRANSLATION = "translation"
    ASKED = "asked"
    HEARD = "heard"  # what the group has answered since


@dataclass(frozen=True)
class Piece:
    """One text of an application. `about`: the question it answers; none: what was asked afterwards."""

    kind: PieceKind
    key: str
    text: str
    language: str | None
    about: Question | None
    line: int | None = None  # of a row, from 1

    @property
    def digest(self) -> str:
        return digest_of(self.text)


@dataclass(frozen=True)
class CopyState:
    """How far the copy of one application is."""

    application: Application
    copy: RedactedCopy | None
    new: int  # pieces that nobody has read for the copy, or whose original has changed since
    without_transcript: int  # recordings without a transcript: they cannot be shown in any way

    @property
    def is_ready(self) -> bool:
        is_confirmed = self.copy is not None and self.copy.confirmed_at is not None
        return is_confirmed and not self.new and not self.without_transcript


def text_key(question: Question) -> str:
    return f"{PieceKind.ANSWER}-{question.key}"


def row_key(question: Question, place: int, part: str = "") -> str:
    """`place` counts from 0; `part` is the key of one text of an entry."""
    return f"{PieceKind.ROW}-{question.key}-{place}{part and f'-{part}'}"


def key_of(kind: PieceKind, id_: UUID) -> str:
    """Of a recording, a translation, or a question to the group."""
    return f"{kind}-{id_.hex}"


def pieces_of(application: Application) -> list[Piece]:
    """Everything readers would otherwise see in the group's words, or in words about it."""
    kept = {answer.question_key: answer for answer in application.answers}
    translations = list_translations(application)
    found: list[Piece] = []
    for question in questions_read(application):
        answer = kept.get(question.key)
        if answer is not None:
            found += _texts(question, answer)
            found += _said(question, answer.recordings)
            own = [
                each for (of, _media), several in translations.items() if of == answer.id for each in several
            ]
            found += _translated(question, own)
    for each in list_clarifications(application):
        about = next((q for q in questions_read(application) if q.key == each.question_key), None)
        found.append(_piece(PieceKind.ASKED, each.id, each.question, None, about))
        found += _translated(about, each.translations)
        if each.answer:
            found.append(_piece(PieceKind.HEARD, each.id, each.answer, application.language, about))
    return found


def questions_read(application: Application) -> list[Question]:
    form = definition_for(application).form
    return asked_questions(form, Stage.FULL, answers_of(application), facts_for(application))


def _texts(question: Question, answer: Answer) -> Iterator[Piece]:
    value = from_json(question, answer.value)
    if isinstance(value, str) and question.is_in_words:
        yield Piece(PieceKind.ANSWER, text_key(question), value, answer.language, question)
    elif isinstance(value, tuple):
        for place, row in enumerate(value):
            if isinstance(row, BudgetLine | PartnerAmount):
                text = row.what if isinstance(row, BudgetLine) else row.partner
                key = row_key(question, place)
                yield Piece(PieceKind.ROW, key, text, answer.language, question, line=place + 1)
            elif isinstance(row, AnswerEntry):
                yield from _entry_texts(question, answer, place, row)


def _entry_texts(question: Question, answer: Answer, place: int, entry: AnswerEntry) -> Iterator[Piece]:
    for part in question.parts:
        text = entry.values.get(part.key)
        if part.kind is PartKind.TEXT and isinstance(text, str):
            key = row_key(question, place, part.key)
            yield Piece(PieceKind.ROW, key, text, answer.language, question, line=place + 1)


def _said(question: Question, recordings: Sequence[AnswerMedia]) -> Iterator[Piece]:
    for each in recordings:
        if each.transcript:
            yield _piece(PieceKind.SAID, each.id, each.transcript, each.transcript_language, question)


def _translated(
    about: Question | None, translations: Sequence[Translation | ClarificationTranslation]
) -> Iterator[Piece]:
    for each in translations:
        yield _piece(PieceKind.TRANSLATION, each.id, each.text, each.language, about)


def _piece(kind: PieceKind, id_: UUID, text: str, language: str | None, about: Question | None) -> Piece:
    return Piece(kind, key_of(kind, id_), text, language, about)


def without_transcript(application: Application) -> int:
    """Recordings that count and that nobody has written down."""
    return sum(not each.transcript for answer in application.answers for each in answer.spoken)


def state_of(application: Application) -> CopyState:
    copy = find_copy(application)
    shown: Mapping[str, Mapping[str, str]] = copy.shown if copy and copy.confirmed_at else {}
    new = sum(shown.get(each.key, {}).get("of") != each.digest for each in pieces_of(application))
    return CopyState(application, copy, new, without_transcript(application))


def find_copy(application: Application) -> RedactedCopy | None:
    """As it is in the database now."""
    query = sa.select(RedactedCopy).where(RedactedCopy.application_id == application.id)
    return db.session.execute(query.execution_options(populate_existing=True)).scalar_one_or_none()


def first_text(piece: Piece, names: tuple[Sequence[str], Sequence[str]]) -> str:
    """What stands in the box before somebody has read it."""
    return without_names(piece.text, *names)


def names_in(application: Application) -> tuple[list[str], list[str]]:
    """Names of groups and of people that we know to have to do with it."""
    partners = _beside(Partner, application)
    hosts, helpers = _beside(FiscalHost, application), _beside(ApplicationHelper, application)
    shares = [share.organisation for share in application.shares]
    together = [application.organisation, *shares]
    together += [each.organisation for each in partners if each.organisation is not None]
    together += [each.organisation for each in hosts if each.organisation is not None]
    groups = {each.name for each in together}
    groups |= {each.name for each in partners} | {each.organisation_name for each in helpers}
    members = (
        sa.select(User.name)
        .join(OrganisationMember, OrganisationMember.user_id == User.id)
        .where(OrganisationMember.organisation_id.in_({each.id for each in together}))
    )
    people = {*db.session.execute(members).scalars(), *(each.name for each in helpers)}
    return sorted(groups - {""}), sorted(people - {""})


def _beside(kind: type[Kind], application: Application) -> Sequence[Kind]:
    query = sa.select(kind).where(kind.application_id == application.id)
    return db.session.execute(query).scalars().all()


def is_copied(round_: Round) -> sa.ColumnElement[bool]:
    """For queries over Application: what is read in this round, or will be."""
    return sa.and_(
        Application.round_id == round_.id,
        Application.stage == ApplicationStage.FULL,
        Application.status.in_((*WAITING, *READABLE)),
    )


def list_copied(round_: Round, *, viewer: User) -> Sequence[Application]:
    """What is read or will be, by the name of the group; without what a tie closes."""
    query = (
        sa.select(Application)
        .join(Application.organisation)
        .where(
            is_copied(round_),
            without_conflict(viewer.id, round_.call_id),
        )
        .options(
            contains_eager(Application.organisation),
            joinedload(Application.call_version).defer(CallVersion.content),
            selectinload(Application.answers).options(*ANSWER_PARTS),
        )
        .order_by(sa.func.lower(Organisation.name), Application.id)
    )
    return db.session.execute(query).scalars().all()
