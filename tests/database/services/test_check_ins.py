"""Planned conversations: what is kept, the reply and its clock, and the group's own markers."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa

from fundapp.clock import utcnow
from fundapp.db import Row, db, unit_of_work
from fundapp.errors import NotPossibleNow
from fundapp.lifecycles import CheckInStatus, FileStatus, InstalmentStatus
from fundapp.models.monitoring import CheckIn, MarkerLevel
from fundapp.queries.check_ins import list_readings, list_waiting, minutes_asked
from fundapp.queries.grants import list_check_ins, list_markers
from fundapp.services.check_in_files import add_check_in_file, remove_check_in_file
from fundapp.services.check_ins import (
    HANGING,
    NothingTold,
    ReplyTooShort,
    confirm_told,
    hold_check_in,
    name_markers,
    offer_check_in,
    reply_to_check_in,
    say_sorry_for_late_replies,
    sentence_count,
)
from fundapp.services.grants import terminate_award
from tests.factories import CallFactory, CheckInFileFactory, SafetyFlagFactory, StoredFileFactory
from tests.grants import active_grant, mails_to, talk


@pytest.fixture
def grant(db_session):
    return active_grant()


def reply(grant, check_in, text):
    with unit_of_work():
        reply_to_check_in(check_in, text, actor=grant.manager, now=utcnow())


def test_offered_conversation_is_told_to_the_group(db_session):
    grant = active_grant()
    before = mails_to(grant.signer)

    with unit_of_work():
        offer_check_in(grant.check_in("month_6"), actor=grant.manager, now=utcnow())

    assert grant.check_in("month_6").status is CheckInStatus.OFFERED
    assert mails_to(grant.signer) == [*before, "check_in_due"]


def test_reply_that_is_late_is_a_mail_that_says_sorry_once(db_session):
    grant = active_grant()
    check_in = talk(grant, "month_6", answers={"K1": "We opened."}, language="en")
    before = mails_to(grant.signer)

    def morning_of(day: date) -> list[str]:
        with unit_of_work():
            say_sorry_for_late_replies(now=datetime(day.year, day.month, day.day, 9, tzinfo=UTC))
        return mails_to(grant.signer)[len(before) :]

    due = check_in.reply_due_on
    assert morning_of(due) == []
    assert morning_of(due + timedelta(days=1)) == ["date_missed"]
    assert morning_of(due + timedelta(days=2)) == ["date_missed"]


def test_conversation_keeps_what_was_told_in_its_language(db_session):
    grant = active_grant()

    check_in = talk(grant, "month_6", answers={"K1": "نامت أمينة.", "K3": "", "K4": None}, language="ar")

    assert check_in.status is CheckInStatus.HELD
    assert (check_in.answers, check_in.language, check_in.minutes_taken) == ({"K1": "نامت أمينة."}, "ar", 30)


@pytest.mark.parametrize("answers", [{}, {"K1": ""}, {"K1": None, "K5": ""}])
def test_conversation_without_a_word_is_not_kept(db_session, answers):
    grant = active_grant()

    with pytest.raises(NothingTold):
        talk(grant, "month_6", answers=answers)

    assert grant.check_in("month_6").status is CheckInStatus.PLANNED


def test_second_tab_cannot_overwrite_a_conversation(db_session):
    grant = active_grant()
    talk(grant, "month_6")

    with pytest.raises(NotPossibleNow):
        talk(grant, "month_6", answers={"K1": "Other words"})

    assert grant.check_in("month_6").answers == {"K1": "Amina sleeps."}


def test_conversation_of_an_ended_grant_is_no_longer_planned(db_session):
    grant = active_grant()
    check_in = grant.check_in("month_6")
    with unit_of_work():
        terminate_award(grant.award, reason="Closed.", actor=grant.manager, now=utcnow())

    with pytest.raises(NotPossibleNow), unit_of_work():
        hold_check_in(
            check_in,
            answers={"K1": "Words"},
            language="en",
            minutes=None,
            levels={},
            actor=grant.signer,
            now=utcnow(),
        )


@pytest.mark.parametrize("hanging", [CheckInFileFactory, SafetyFlagFactory])
def test_conversation_that_something_hangs_on_stays_when_the_grant_ends_and_is_over(grant, hanging):
    check_in = grant.check_in("month_6")
    hanging(check_in=check_in)

    with unit_of_work():
        terminate_award(grant.award, reason="Closed.", actor=grant.manager, now=utcnow())

    kept = db.session.execute(sa.select(CheckIn).where(CheckIn.award_id == grant.award.id)).scalars().all()
    assert kept == [check_in]
    assert list_check_ins(grant.award) == []
    with pytest.raises(NotPossibleNow), unit_of_work():
        offer_check_in(check_in, actor=grant.manager, now=utcnow())
    with pytest.raises(NotPossibleNow):
        add(grant, check_in)
    with pytest.raises(NotPossibleNow):
        talk(grant, "month_6")
    assert check_in.status is CheckInStatus.PLANNED


def test_conversation_that_was_missed_is_to_come_no_more_either_when_the_grant_ends(grant):
    grant.check_in("month_6").status = CheckInStatus.MISSED_REARRANGED
    told = talk(grant, "month_12")

    with unit_of_work():
        terminate_award(grant.award, reason="Closed.", actor=grant.manager, now=utcnow())

    assert list_check_ins(grant.award) == [told]
    reply(grant, told, "Thank you. We heard it all.")


def test_everything_that_refers_to_a_conversation_keeps_it():
    tables = Row.metadata.tables.values()
    referring = {
        key.parent for table in tables for key in table.foreign_keys if key.references(CheckIn.__table__)
    }

    assert {each.property.columns[0] for each in HANGING} == referring


def test_marker_that_went_back_changes_nothing_about_the_money(db_session):
    grant = active_grant()
    with unit_of_work():
        calm, doors = name_markers(
            grant.award, ["Women sleep better", "More doors open"], actor=grant.signer, now=utcnow()
        )

    levels = {calm.id: MarkerLevel.WENT_BACK, doors.id: MarkerLevel.A_LOT}
    check_in = talk(grant, "month_12", levels=levels)

    found = [(marker.words, reading.level) for marker, reading in list_readings(check_in)]
    assert sorted(found) == [("More doors open", "a_lot"), ("Women sleep better", "went_back")]
    assert grant.payments[1].status is InstalmentStatus.DUE


def test_markers_named_again_are_the_same_and_others_are_dropped_not_deleted(db_session):
    grant = active_grant()
    with unit_of_work():
        first = name_markers(grant.award, ["Sleep", "Doors", " Sleep "], actor=grant.signer, now=utcnow())

    with unit_of_work():
        name_markers(grant.award, ["Doors", "Laughing"], actor=grant.signer, now=utcnow())

    assert len(first) == 2
    assert {marker.words for marker in list_markers(grant.award)} == {"Doors", "Laughing"}
    assert next(marker for marker in first if marker.words == "Sleep").dropped_at is not None


def test_reply_is_promised_within_ten_working_days(db_session):
    grant = active_grant()
    check_in = grant.check_in("month_6")
    friday_night_in_london = datetime(2027, 8, 13, 23, 30, tzinfo=UTC)  # Saturday there

    with unit_of_work():
        hold_check_in(
            check_in,
            answers={"K1": "Words"},
            language="en",
            minutes=None,
            levels={},
            actor=grant.signer,
            now=friday_night_in_london,
        )

    assert check_in.reply_due_on == date(2027, 8, 27)


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("", 0),
        ("...", 0),
        ("Thank you", 1),
        ("Thank you. We learned that nights matter", 2),
        ("It cost 3.50 in all.", 1),
        ("شكرا لكم. هل نمتم جيدا؟", 2),
        ("谢谢你们。我们学到了很多。", 2),
        ("Дякуємо! Ми навчилися.", 2),
        ("እናመሰግናለን። ተምረናል።", 2),
    ],
)
def test_sentences_are_counted_in_any_script(text, sentences):
    assert sentence_count(text) == sentences


def test_reply_of_one_sentence_is_too_short(db_session):
    grant = active_grant()
    check_in = talk(grant, "month_6")

    with pytest.raises(ReplyTooShort) as refused:
        reply(grant, check_in, "Thank you for telling us.")

    assert refused.value.sentences == 2
    assert check_in.status is CheckInStatus.HELD


def test_reply_reaches_the_group_once(db_session):
    grant = active_grant()
    check_in = talk(grant, "month_6")
    before = mails_to(grant.signer)

    reply(grant, check_in, "Thank you. We learned that nights matter most.")
    with pytest.raises(NotPossibleNow):
        reply(grant, check_in, "Something else. Entirely other.")

    assert check_in.reply == "Thank you. We learned that nights matter most."
    assert mails_to(grant.signer) == [*before, "fund_replied"]


def test_conversation_that_did_not_take_place_has_no_reply(db_session):
    grant = active_grant()

    with pytest.raises(NotPossibleNow):
        reply(grant, grant.check_in("month_6"), "Thank you. We learned a lot.")


def test_time_of_all_conversations_adds_up(db_session):
    grant = active_grant()
    assert minutes_asked(grant.award) == 0

    talk(grant, "welcome", minutes=45)
    talk(grant, "month_6", minutes=None)
    talk(grant, "month_12", minutes=80)

    assert minutes_asked(grant.award) == 125


def test_waiting_list_shows_what_is_near_and_what_waits_for_a_reply(db_session):
    call = CallFactory(closed=True)
    one, other = active_grant(call), active_grant(call)
    talk(other, "welcome")

    waiting = list_waiting(call, today=one.award.starts_on, reader=one.manager)

    assert [(c.award_id, c.kind) for c in waiting.to_talk] == [(one.award.id, "welcome")]
    assert [(c.award_id, c.kind) for c in waiting.to_answer] == [(other.award.id, "welcome")]


def add(grant, check_in, **traits):
    file = StoredFileFactory(organisation=grant.award.organisation, **traits)
    with unit_of_work():
        return add_check_in_file(check_in, file, actor=grant.signer, now=utcnow())


def test_voice_note_alone_is_a_whole_conversation_and_releases_the_money(grant):
    check_in = grant.check_in("month_12")
    add(grant, check_in, quarantined=True)

    talk(grant, "month_12", answers={}, language="so", minutes=None)

    assert (check_in.status, check_in.answers, check_in.language) == (CheckInStatus.HELD, {}, "so")
    assert grant.payments[1].status is InstalmentStatus.DUE


@pytest.mark.parametrize("state", ["taken away", "refused"])
def test_file_that_is_gone_tells_nothing(grant, state):
    check_in = grant.check_in("month_6")
    added = add(grant, check_in)
    with unit_of_work():
        if state == "refused":
            added.file.status, added.file.storage_key, added.file.refused_reason = (
                FileStatus.REFUSED,
                None,
                "broken",
            )
        else:
            remove_check_in_file(added, actor=grant.signer, now=utcnow())

    with pytest.raises(NothingTold):
        talk(grant, "month_6", answers={})


def test_link_to_something_written_for_others_is_enough(grant):
    check_in = talk(grant, "month_6", answers={}, link="https://example.org/our-year")

    assert (check_in.status, check_in.link) == (CheckInStatus.HELD, "https://example.org/our-year")


def test_files_can_be_added_until_the_fund_answers_and_taken_away_until_they_are_sent(grant):
    check_in = grant.check_in("month_6")
    first = add(grant, check_in)
    talk(grant, "month_6", answers={})
    second = add(grant, check_in)
    with pytest.raises(NotPossibleNow), unit_of_work():
        remove_check_in_file(first, actor=grant.signer, now=utcnow())
    reply(grant, check_in, "Thank you. We heard it all.")

    with pytest.raises(NotPossibleNow):
        add(grant, check_in)
    db.session.expire_all()
    assert [each.id for each in check_in.files] == [first.id, second.id]


def test_file_taken_away_is_gone_for_good(grant):
    check_in = grant.check_in("month_6")
    added = add(grant, check_in)
    for _twice in range(2):
        with unit_of_work():
            remove_check_in_file(added, actor=grant.signer, now=utcnow())

    assert added.file.status is FileStatus.ERASED
    assert check_in.shown_files == []


def test_file_of_another_group_is_refused(grant):
    other = StoredFileFactory()
    with pytest.raises(ValueError, match="own group"), unit_of_work():
        add_check_in_file(grant.check_in("month_6"), other, actor=grant.signer, now=utcnow())


def test_what_the_fund_typed_waits_for_the_group_once(grant):
    check_in = talk(grant, "month_6", typed_by_fund=True)
    assert mails_to(grant.signer)[-1] == "answer_typed"

    with unit_of_work():
        confirm_told(check_in, "  It was her sister. ", actor=grant.signer, now=utcnow())

    assert (check_in.correction, check_in.confirmed_at is None) == ("It was her sister.", False)
    assert check_in.answers == {"K1": "Amina sleeps."}
    with pytest.raises(NotPossibleNow), unit_of_work():
        confirm_told(check_in, "", actor=grant.signer, now=utcnow())


def test_what_the_group_wrote_itself_needs_no_second_word(grant):
    check_in = talk(grant, "month_6")

    with pytest.raises(NotPossibleNow), unit_of_work():
        confirm_told(check_in, "", actor=grant.signer, now=utcnow())
