"""What is taken out when the words of an application, or of a reader's sheet, were kept long enough.

Rows stay where something is counted by them: who applied, for how much, what was decided, how long it took.
`tests/database/services/test_retention_canaries.py` puts a word of its own into every such text and looks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from fundapp.db import db
from fundapp.models.answer_media import AnswerMedia, AnswerOrigin, TranscriptRevision
from fundapp.models.application import Answer, AnswerRevision, ApplicationHelper, Clarification
from fundapp.models.award import (
    Award,
    CheckItem,
    Clawback,
    Decision,
    Exclusion,
    Feedback,
    Instalment,
    MustMark,
    PaymentHold,
)
from fundapp.models.award_check import AwardCondition
from fundapp.models.bank import BankAccount
from fundapp.models.claim_opinion import ClaimOpinion
from fundapp.models.event import Event
from fundapp.models.grant_plan import GrantLine, Variation
from fundapp.models.harvested_outcome import HarvestedOutcome
from fundapp.models.invitation import HandOver
from fundapp.models.meeting import MeetingItem
from fundapp.models.monitoring import CheckIn, Marker, Story, StoryUse
from fundapp.models.panel import ReaderQuestion, ReviewAssignment, Score
from fundapp.models.partnership import FiscalHost, Partner
from fundapp.models.redaction import RedactedCopy
from fundapp.models.story_circle import CircleSeat, StoryCircle
from fundapp.models.support_session import SupportPlace
from fundapp.models.thread import MissedPromise, ThreadMessage
from fundapp.models.translation import AnswerTranslation, ClarificationTranslation
from fundapp.models.wording import SentenceCheck
from fundapp.queries.retention.over import GONE

NOBODY = "nobody@erased.invalid"


@dataclass(frozen=True)
class Taken:
    """`path`: columns from the table to the row it all hangs on. `left`: what the columns hold afterwards;
    none: the rows go.
    """

    path: tuple[Any, ...]
    left: Mapping[Any, Any] = field(default_factory=dict)

    @property
    def model(self) -> Any:
        return self.path[0].class_

    def rows_of(self, row_id: UUID) -> sa.ColumnElement[bool]:
        where: sa.ColumnElement[bool] = self.path[-1] == row_id
        for column, parent in zip(self.path[-2::-1], self.path[:0:-1], strict=True):
            where = column.in_(sa.select(parent.class_.id).where(where))
        return where


def _kept_null(column: Any, left: str = "") -> Any:
    """Whether there was something stays readable; what it was does not."""
    return sa.case((column.is_(None), sa.null()), (column == "", ""), else_=left)


def _kept_text(column: Any) -> Any:
    return sa.case((column == "", ""), else_=GONE)


_OF_ANSWER = Answer.application_id
OF_AN_APPLICATION: Sequence[Taken] = (
    Taken((AnswerRevision.application_id,)),
    Taken((AnswerTranslation.answer_id, _OF_ANSWER)),
    Taken((TranscriptRevision.media_id, AnswerMedia.answer_id, _OF_ANSWER)),
    Taken((AnswerMedia.answer_id, _OF_ANSWER), {AnswerMedia.transcript: _kept_null(AnswerMedia.transcript)}),
    Taken((AnswerOrigin.answer_id, _OF_ANSWER), {AnswerOrigin.pasted_from: None}),
    Taken((_OF_ANSWER,), {Answer.value: None}),
    Taken((ClarificationTranslation.clarification_id, Clarification.application_id)),
    Taken((Clarification.application_id,), {Clarification.question: "", Clarification.answer: None}),
    Taken((ThreadMessage.application_id,), {ThreadMessage.text: "", ThreadMessage.due_reason: None}),
    Taken((MissedPromise.application_id,), {MissedPromise.new_reason: None}),
    Taken((RedactedCopy.application_id,), {RedactedCopy.written: {}, RedactedCopy.shown: {}}),
    Taken((Partner.application_id,), {Partner.name: "", Partner.reason: None}),
    Taken(
        (FiscalHost.application_id,),
        {
            FiscalHost.signed_by: _kept_null(FiscalHost.signed_by),
            FiscalHost.text: None,
            FiscalHost.reason: None,
        },
    ),
    Taken(
        (ApplicationHelper.application_id,),
        {ApplicationHelper.name: "", ApplicationHelper.organisation_name: ""},
    ),
    Taken(
        (Feedback.application_id,), {Feedback.strengths: "", Feedback.to_improve: "", Feedback.sentences: {}}
    ),
    Taken((Decision.application_id,), {Decision.reason: _kept_null(Decision.reason, GONE)}),
    Taken((Exclusion.application_id,), {Exclusion.reason: GONE}),
    Taken((Exclusion.other_id,), {Exclusion.reason: GONE}),
    Taken((MustMark.application_id,), {MustMark.reason: GONE}),
    Taken((HandOver.application_id,), {HandOver.reason: GONE, HandOver.email: NOBODY}),
    Taken(
        (MeetingItem.application_id,),
        {
            MeetingItem.notes: "",
            MeetingItem.moved_reason: "",
            MeetingItem.reason: _kept_null(MeetingItem.reason, GONE),
        },
    ),
    Taken(
        (ReaderQuestion.assignment_id, ReviewAssignment.application_id),
        {
            ReaderQuestion.text: "",
            ReaderQuestion.not_sent_reason: _kept_null(ReaderQuestion.not_sent_reason),
        },
    ),
    Taken(
        (CheckItem.award_id, Award.application_id),
        {CheckItem.note: _kept_text(CheckItem.note), CheckItem.help: _kept_text(CheckItem.help)},
    ),
    Taken(
        (AwardCondition.award_id, Award.application_id),
        {
            AwardCondition.words: GONE,
            AwardCondition.help: GONE,
            AwardCondition.note: _kept_text(AwardCondition.note),
        },
    ),
    Taken((GrantLine.award_id, Award.application_id), {GrantLine.name: _kept_text(GrantLine.name)}),
    Taken(
        (Variation.award_id, Award.application_id),
        {Variation.words: _kept_text(Variation.words), Variation.answer: _kept_text(Variation.answer)},
    ),
    Taken(
        (CheckIn.award_id, Award.application_id),
        {CheckIn.answers: {}, CheckIn.link: "", CheckIn.correction: "", CheckIn.reply: ""},
    ),
    Taken((Marker.award_id, Award.application_id), {Marker.words: ""}),
    Taken((StoryUse.story_id, Story.award_id, Award.application_id)),
    Taken((CircleSeat.story_id, Story.award_id, Award.application_id), {CircleSeat.why: GONE}),
    Taken(
        (StoryCircle.story_id, Story.award_id, Award.application_id),
        {StoryCircle.why: GONE, StoryCircle.how: _kept_text(StoryCircle.how), StoryCircle.group_words: ""},
    ),
    Taken((Story.award_id, Award.application_id), {Story.text: ""}),
    Taken((SupportPlace.application_id,), {SupportPlace.needs: ""}),
    Taken(
        (HarvestedOutcome.award_id, Award.application_id),
        {
            HarvestedOutcome.changed: GONE,
            HarvestedOutcome.for_whom: GONE,
            HarvestedOutcome.contribution: GONE,
            HarvestedOutcome.own_changed: _kept_text(HarvestedOutcome.own_changed),
            HarvestedOutcome.own_for_whom: _kept_text(HarvestedOutcome.own_for_whom),
            HarvestedOutcome.own_contribution: _kept_text(HarvestedOutcome.own_contribution),
            HarvestedOutcome.objection: "",
        },
    ),
    Taken((PaymentHold.instalment_id, Instalment.award_id, Award.application_id), {PaymentHold.reason: GONE}),
    Taken((Clawback.award_id, Award.application_id), {Clawback.reason: GONE}),
    Taken((BankAccount.award_id, Award.application_id), {BankAccount.stopped_reason: ""}),
)
OF_A_CLAIM: Sequence[Taken] = (
    Taken(
        (ClaimOpinion.claim_id,),
        {ClaimOpinion.question: GONE, ClaimOpinion.reason: _kept_text(ClaimOpinion.reason)},
    ),
)
OF_A_SHEET: Sequence[Taken] = (
    Taken((SentenceCheck.score_id, Score.review_id)),
    Taken((Score.review_id,), {Score.sentence: ""}),
)


def take_out(what: Sequence[Taken], row_id: UUID) -> None:
    """Also the reasons that stand in the record; its chain holds, because it covers their digests only."""
    subjects = [sa.select(each.model.id).where(each.rows_of(row_id)) for each in what]
    reasons = sa.update(Event).values(reason=None, reason_salt=None)
    for subject in subjects:
        _execute(reasons.where(Event.reason.is_not(None), Event.subject_id.in_(subject)))
    _execute(reasons.where(Event.reason.is_not(None), Event.subject_id == row_id))
    for each in what:
        change = sa.update(each.model).values(dict(each.left)) if each.left else sa.delete(each.model)
        _execute(change.where(each.rows_of(row_id)))


def _execute(change: Any) -> None:
    db.session.execute(change.execution_options(synchronize_session=False))
