"""A word of its own in every text that people type about themselves or their group, and who may see it."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from fundapp.clock import utcnow
from fundapp.db import Base
from fundapp.lifecycles import CheckInStatus, TranscriptStatus, WordStatus
from fundapp.models.answer_media import (
    AnswerMedia,
    AnswerOrigin,
    OriginKind,
    TranscriptBy,
    TranscriptRevision,
)
from fundapp.models.application import AnswerRevision, Application, Clarification
from fundapp.models.award import Award, PaymentHold
from fundapp.models.complaint import Complaint, ComplaintOutcome, SafetyFlag
from fundapp.models.data_rights import OutsideRequest
from fundapp.models.harvested_outcome import HarvestedOutcome
from fundapp.models.monitoring import CheckIn, Marker
from fundapp.models.panel import InterestRegister, Score
from fundapp.models.partnership import Decider, FiscalHost
from fundapp.models.theme_code import ThemeCode
from fundapp.models.thread import MissedPromise, PromiseKind, ThreadMessage
from fundapp.models.translation import AnswerTranslation
from fundapp.models.wording import SentenceCheck
from fundapp.queries.calls import definition_of
from fundapp.rights_steps import OutsideStatus
from fundapp.told_steps import OutcomeStatus, ThemeCodeStatus
from fundapp.worry_steps import ComplaintStatus, SafetyStatus
from tests.factories import (
    ClarificationTranslationFactory,
    DecisionFactory,
    FeedbackFactory,
    OrganisationFactory,
)
from tests.guards.world import World

TABLE = Path(__file__).parent / "canaries.csv"


@dataclass(frozen=True)
class Canary:
    """A word in one column of the rows of one group; `roles` may see it."""

    table: str
    column: str
    word: str
    roles: frozenset[str]
    is_json: bool

    @property
    def name(self) -> str:
        return f"{self.table}.{self.column}"


def read_canaries() -> list[Canary]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    found = []
    for number, row in enumerate(rows):
        word = f"canary{number:02d}" + ("@example.org" if row["column"] == "email" else "bird")
        column = Base.metadata.tables[row["table"]].columns[row["column"]]
        roles = frozenset(row["may_see"].split())
        found.append(Canary(row["table"], row["column"], word, roles, isinstance(column.type, sa.JSON)))
    return found


def seed(session: Any, world: World, canaries: list[Canary]) -> None:
    """Into the rows of the world's group, whatever their table calls it. The group is a confidential one."""
    more_rows(session, world)
    for canary in canaries:
        table = Base.metadata.tables[canary.table]
        found = session.execute(sa.select(table).where(rows_of(table, world))).mappings().all()
        assert found, f"the world has no row in {canary.table}"
        for row in found:
            value = with_word(row[canary.column], canary.word) if canary.is_json else canary.word
            session.execute(sa.update(table).where(table.c.id == row["id"]).values({canary.column: value}))
    session.expire_all()


def more_rows(session: Any, world: World) -> None:
    """What the world of the routes does without."""
    application = session.get(Application, world.ids["application_id"])
    award = session.get(Award, world.ids["award_id"])
    application.is_confidential = application.organisation.is_confidential = True
    answer = session.get(AnswerMedia, world.ids["recording_id"]).answer
    session.add_all(
        [
            AnswerRevision(application_id=application.id, question_key="Q2", value="", rev=1, once="a"),
            AnswerOrigin(answer=answer, rev=1, kind=OriginKind.PASTED, pasted_from="x", noted_at=utcnow()),
            Marker(award=award, words="x"),
        ]
    )
    DecisionFactory(application=application, ratified_at=utcnow(), reason="x")
    FeedbackFactory(application=application)
    score = session.get(Score, world.ids["score_id"])
    score.review.has_concern = True
    session.add(SentenceCheck(score_id=score.id, digest="0" * 64, text="x"))
    clarification = session.get(Clarification, world.ids["clarification_id"])
    clarification.answer, clarification.answered_at = "x", utcnow()
    heard = ClarificationTranslationFactory(clarification=clarification)
    heard.objected_at = session.get(AnswerTranslation, world.ids["translation_id"]).objected_at = utcnow()
    told = session.get(CheckIn, world.ids["check_in_id"])
    told.held_at = told.replied_at = utcnow()
    question = definition_of(application.call_version).monitoring.questions[0]
    complaint = session.get(Complaint, world.ids["complaint_id"])
    complaint.acknowledged_at = complaint.answered_at = utcnow()
    complaint.answer_by, complaint.answer = utcnow().date(), "x"
    complaint.outcome, complaint.status = ComplaintOutcome.PARTLY, ComplaintStatus.ANSWERED
    flag = session.get(SafetyFlag, world.ids["safety_flag_id"])
    flag.taken_at = flag.closed_at = utcnow()
    flag.note, flag.status = "x", SafetyStatus.CLOSED
    asked = session.get(OutsideRequest, world.ids["outside_request_id"])
    asked.proposed_by_id, asked.given, asked.status = asked.entered_by_id, "x", OutsideStatus.PROPOSED
    asked.told_at, asked.told_words = utcnow(), "x"
    told.confirmed_at, told.typed_by_fund = utcnow(), True
    told.answers, told.reply, told.status = {question.key: "x"}, "x", CheckInStatus.ANSWERED_BY_FUNDER
    code = session.get(ThemeCode, world.ids["theme_code_id"])
    code.ended_at, code.end_reason, code.status = utcnow(), "x", ThemeCodeStatus.RETIRED
    outcome = session.get(HarvestedOutcome, world.ids["outcome_id"])
    outcome.own_changed = outcome.own_for_whom = outcome.own_contribution = outcome.objection = "x"
    outcome.own_language, outcome.answered_at, outcome.status = "en", utcnow(), OutcomeStatus.OBJECTED
    _beside_the_group(session, world)
    session.flush()


def _beside_the_group(session: Any, world: World) -> None:
    """What was written to the fund and by it, said aloud, signed by others, and kept by the staff."""
    ids, today = world.ids, utcnow().date()
    spoken = session.get(AnswerMedia, ids["recording_id"])
    spoken.transcript, spoken.transcript_by = "x", TranscriptBy.GROUP
    spoken.status, spoken.transcript_rev = TranscriptStatus.TRANSCRIBED, 1
    manager, finance = world.people["manager"].id, world.people["finance"].id
    session.add_all(
        [
            ThreadMessage(
                application_id=ids["application_id"],
                author_id=world.people["applicant"].id,
                from_fund=False,
                text="x",
                once="a",
                answer_due_on=today,
                due_reason="x",
            ),
            MissedPromise(
                application_id=ids["application_id"],
                kind=PromiseKind.EVERYBODY_TOLD,
                promised_on=today,
                new_date=today,
                once_key="a",
            ),
            TranscriptRevision(media_id=spoken.id, text="x", written_by=TranscriptBy.GROUP, rev=1, once="a"),
            PaymentHold(
                instalment_id=ids["instalment_id"],
                reason="x",
                review_on=today,
                asked_by_id=manager,
                agreed_by_id=finance,
                started_at=utcnow(),
            ),
            InterestRegister(seat_id=ids["seat_id"], lines={"employer": "x"}, confirmed_at=utcnow()),
        ]
    )
    host = session.get(FiscalHost, ids["host_id"])
    host.organisation_id, host.answered_at = OrganisationFactory().id, utcnow()
    host.signed_by, host.fee_percent, host.decides, host.text_digest = "x", 2, Decider.GROUP, "0" * 64
    host.status = WordStatus.CONFIRMED


def with_word(value: Any, word: str) -> Any:
    """The same shape with the word in it; a text where there is no shape."""
    if isinstance(value, dict) and value:
        return {
            key: with_word(each, word) if isinstance(each, str | dict) else each
            for key, each in value.items()
        }
    return word


def rows_of(table: sa.Table, world: World) -> sa.ColumnElement[bool]:
    """The rows of the world's group in this table."""
    ids = world.ids
    own: dict[str, UUID] = {
        "organisation": ids["organisation_id"],
        "application": ids["application_id"],
        "award": ids["award_id"],
        "user": world.people["applicant"].id,
    }
    if table.name == "panel_seat":
        return table.c.id == ids["seat_id"]
    if table.name == "support_session":
        return table.c.id == ids["support_session_id"]
    if table.name == "support_offer":
        return table.c.id == ids["offer_id"]
    if table.name == "theme_code":
        return table.c.id == ids["theme_code_id"]
    if table.name in own:
        return table.c.id == own[table.name]
    for column in (
        "application_id",
        "award_id",
        "check_in_id",
        "organisation_id",
        "assignment_id",
        "review_id",
        "answer_id",
        "file_id",
        "media_id",
        "story_id",
        "instalment_id",
        "seat_id",
        "score_id",
        "round_id",
        "clarification_id",
    ):
        if column in table.c:
            return table.c[column].in_(_ids_named(column, world))
    raise LookupError(f"no way to the group from {table.name}")


def _ids_named(column: str, world: World) -> Any:
    if column in world.ids:
        return [world.ids[column]]
    if column == "media_id":
        return [world.ids["recording_id"]]
    tables = Base.metadata.tables
    if column == "review_id":
        review = tables["review"]
        return sa.select(review.c.id).where(review.c.assignment_id == world.ids["assignment_id"])
    answer = tables["answer"]
    return sa.select(answer.c.id).where(answer.c.application_id == world.ids["application_id"])
