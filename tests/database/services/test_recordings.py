"""Recordings are answers: they count, add up, go into the second stage, and are never lost."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from fundapp.clock import utcnow
from fundapp.db import db
from fundapp.errors import NotPossibleNow
from fundapp.lifecycles import ApplicationStatus, FileStatus, TranscriptStatus
from fundapp.models.answer_media import AnswerMedia, MediaForm, TranscriptBy, TranscriptRevision
from fundapp.models.application import Application
from fundapp.models.file import FileUse
from fundapp.models.message import Message
from fundapp.queries.applications import get_application
from fundapp.queries.drafts import Progress, readiness_of, sections_of
from fundapp.queries.recordings import list_to_check, list_unusable, list_without_transcript
from fundapp.services.answer_origins import Typed
from fundapp.services.applications import invite_to_full, submit_application
from fundapp.services.clarifications import TextNeeded
from fundapp.services.recordings import (
    add_recording,
    remove_recording,
    restore_recording,
    tell_about_unusable,
)
from fundapp.services.transcripts import (
    GroupHasWritten,
    TranscriptOutcome,
    confirm_transcript,
    note_heard,
    save_transcript,
)
from tests.database.services.test_apply_answers import question_of, save
from tests.factories import (
    AnswerFactory,
    AnswerMediaFactory,
    ApplicationFactory,
    ConflictFactory,
    FundRoleFactory,
    OrganisationMemberFactory,
    StoredFileFactory,
    UserFactory,
)

MONEY = {"S3": "A", "S3_amount": "40000.00"}


def fresh(application: Application) -> Application:
    db.session.flush()
    db.session.expire_all()
    return get_application(application.id)


@pytest.fixture
def application(db_session) -> Application:
    application = ApplicationFactory()
    OrganisationMemberFactory(organisation=application.organisation)
    return application


def record(application, key="S1", form=MediaForm.VOICE, **file) -> AnswerMedia:
    stored = StoredFileFactory(organisation=application.organisation, **file)
    return add_recording(
        application, question_of(application, key), stored, form, actor=UserFactory(), now=utcnow()
    )


def writes(media, text, *, by=TranscriptBy.STAFF, rev=0, once="page", language="ti") -> TranscriptOutcome:
    return save_transcript(media, Typed(text, language, rev, once), by=by, actor=UserFactory(), now=utcnow())


def mails() -> list[str]:
    return list(db.session.execute(sa.select(Message.kind)).scalars())


def test_question_answered_by_a_recording_counts_everywhere_without_text(application):
    for key, value in MONEY.items():
        AnswerFactory(application=application, question_key=key, value=value)
    for key in ("S1", "S2"):
        record(application, key, quarantined=True)
    application = fresh(application)

    assert readiness_of(application).is_ready
    assert [each.state for each in sections_of(application, "en")] == [Progress.DONE]
    submit_application(application, actor=UserFactory(), now=utcnow())
    assert application.status is ApplicationStatus.SUBMITTED


def test_recording_that_was_refused_or_taken_away_does_not_count(application):
    refused, removed = record(application, "S1"), record(application, "S2")
    refused.file.status, refused.file.storage_key, refused.file.refused_reason = "refused", None, "broken"
    remove_recording(removed, actor=UserFactory(), now=utcnow())
    application = fresh(application)

    assert {"S1", "S2"} <= {each.key for each in readiness_of(application).missing}
    assert [each.id for each in list_unusable(application)] == [refused.id]


def test_removed_recording_is_kept_and_can_come_back(application):
    media = record(application)

    for _time in range(2):
        remove_recording(media, actor=UserFactory(), now=utcnow())
    assert (media.counts, db.session.execute(sa.select(FileUse)).all()) == (False, [])
    assert media.file.status is FileStatus.CLEAN

    for _time in range(2):
        restore_recording(media, question_of(application, "S1"), actor=UserFactory(), now=utcnow())
    assert media.counts
    assert len(db.session.execute(sa.select(FileUse)).all()) == 1


def test_several_parts_keep_their_order_and_the_same_file_is_one_part(application):
    first, second = record(application), record(application)

    again = add_recording(
        application,
        question_of(application, "S1"),
        first.file,
        MediaForm.VIDEO,
        actor=UserFactory(),
        now=utcnow(),
    )

    assert again is first
    (answer,) = fresh(application).answers
    assert [each.id for each in answer.recordings] == [first.id, second.id]


def test_length_is_noted_with_a_tenth_let_through_and_stops_nobody(application):
    for key, seconds in (("S1", 132), ("S2", 133)):  # two minutes each
        record(application, key, seconds=seconds)

    readiness = readiness_of(fresh(application))

    assert [each.key for each in readiness.too_long] == ["S2"]
    assert "S2" not in {each.key for each in readiness.missing}


def test_text_beside_a_recording_is_the_first_save(application):
    record(application)

    outcome = save(fresh(application), "In words.", rev=0, once="page")

    assert (outcome.rev, outcome.is_stale) == (1, False)
    (answer,) = fresh(application).answers
    assert (answer.value, len(answer.recordings)) == ("In words.", 1)


def test_recordings_of_the_first_stage_answer_the_second_with_their_transcripts(application):
    media = record(application, "S1")
    writes(media, "ንሕና")
    save(application, "Rent.", rev=0, once="x", key="S2")
    application = fresh(application)
    application.status, application.submitted_at, application.receipt = "submitted", utcnow(), "R1"

    invite_to_full(application, actor=UserFactory(), now=utcnow())

    application = fresh(application)
    copied = next(each for each in application.answers if each.question_key == "Q2")
    assert [(each.file_id, each.transcript) for each in copied.recordings] == [(media.file_id, "ንሕና")]
    assert "Q2" not in {each.key for each in readiness_of(application).missing}


def test_nothing_is_recorded_into_what_was_sent(db_session):
    application = ApplicationFactory(eoi_sent=True)

    with pytest.raises(NotPossibleNow):
        record(application)


def test_fund_writes_the_group_is_told_once_and_confirms(application):
    media = record(application)
    note_heard(media, actor=UserFactory(), now=utcnow())
    assert media.status is TranscriptStatus.NEEDED

    writes(media, "We meet.")
    writes(media, "We meet on Fridays.", rev=1, once="later")

    assert (media.status, media.transcript_rev) == (TranscriptStatus.TRANSCRIBED, 2)
    assert mails() == ["transcript_written"]
    assert [each.id for each in list_to_check(fresh(application))] == [media.id]
    confirm_transcript(media, rev=2, actor=UserFactory(), now=utcnow())
    assert (media.status, media.transcript_by) == (TranscriptStatus.CHECKED, TranscriptBy.STAFF)
    assert list_to_check(fresh(application)) == []


def test_old_page_confirms_nothing(application):
    media = record(application)
    writes(media, "We meet.")
    writes(media, "We meet on Fridays.", rev=1, once="later")

    with pytest.raises(NotPossibleNow):
        confirm_transcript(media, rev=1, actor=UserFactory(), now=utcnow())


def test_groups_words_stand(application):
    media = record(application)
    writes(media, "We eat.")
    writes(media, "We meet.", by=TranscriptBy.GROUP, rev=1)

    with pytest.raises(GroupHasWritten):
        writes(media, "We eat.", rev=2, once="other")

    assert (media.transcript, media.status) == ("We meet.", TranscriptStatus.CHECKED)
    kept = db.session.execute(sa.select(TranscriptRevision.text).order_by(TranscriptRevision.rev))
    assert kept.scalars().all() == ["We eat.", "We meet."]


def test_two_tabs_lose_neither_text(application):
    media = record(application)
    writes(media, "First.", by=TranscriptBy.GROUP, once="one")

    outcomes = [writes(media, "Second.", by=TranscriptBy.GROUP, rev=0, once="two") for _time in range(2)]

    assert [each.is_stale for each in outcomes] == [True, True]
    assert media.transcript == "First."
    kept = db.session.execute(sa.select(TranscriptRevision.text, TranscriptRevision.rev)).all()
    assert sorted(tuple(each) for each in kept) == [("First.", 1), ("Second.", None)]


def test_same_posting_saves_once(application):
    media = record(application)

    outcomes = [writes(media, "We meet.") for _time in range(20)]

    assert {each.rev for each in outcomes} == {1}
    assert len(db.session.execute(sa.select(TranscriptRevision.id)).all()) == 1


def test_empty_transcript_is_none(application):
    with pytest.raises(TextNeeded):
        writes(record(application), " ")


def test_transcripts_end_with_the_meeting(db_session):
    media = AnswerMediaFactory(answer=AnswerFactory(application=ApplicationFactory(at_panel=True)))

    with pytest.raises(NotPossibleNow):
        writes(media, "Too late.")


def test_fund_finds_what_was_sent_and_is_not_written_down_and_no_conflict(db_session):
    role = FundRoleFactory()
    sent = AnswerMediaFactory(answer__application__eoi_sent=True)
    call = sent.answer.application.call
    call.fund_id = role.fund_id
    draft = ApplicationFactory(call=call)
    AnswerMediaFactory(answer=AnswerFactory(application=draft))
    written = AnswerMediaFactory(
        answer=AnswerFactory(application=ApplicationFactory(call=call, submitted=True))
    )
    writes(written, "We meet.")
    tied = AnswerMediaFactory(answer=AnswerFactory(application=ApplicationFactory(call=call, submitted=True)))
    ConflictFactory(
        call_id=call.id,
        user_id=role.user_id,
        organisation_id=tied.answer.application.organisation_id,
    )

    assert [each.id for each in list_without_transcript(call, reader=role.user)] == [sent.id]


def test_group_hears_when_a_recording_is_no_use(application):
    media = record(application)

    tell_about_unusable(media.file, now=utcnow())

    assert mails() == ["recording_unusable"]
