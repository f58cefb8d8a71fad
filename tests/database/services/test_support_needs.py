"""Needs by topic: the fund notes, the group has the last word, ties leave no trace."""

from __future__ import annotations

import pytest

from forms.pages.support import TOPICS
from fundapp.clock import utcnow
from fundapp.db import unit_of_work
from fundapp.errors import NotPossibleNow
from fundapp.lifecycles import TranscriptStatus
from fundapp.models.answer_media import TranscriptBy
from fundapp.models.fund import FundRoleKind
from fundapp.models.support import SupportTopic
from fundapp.queries.support_needs import by_topic, find_need, list_needs
from fundapp.services.support_needs import note_topics, say_topics
from tests.factories import (
    AnswerFactory,
    AnswerMediaFactory,
    ApplicationFactory,
    CallFactory,
    ConflictFactory,
    FundRoleFactory,
    OrganisationFactory,
    UserFactory,
)
from tests.grants import active_grant, talk

MONEY, DIGITAL = SupportTopic.MONEY, SupportTopic.DIGITAL


def note(application, *topics, actor=None):
    with unit_of_work():
        return note_topics(application, topics, actor=actor or UserFactory(), now=utcnow())


def say(application, *topics, wants_none=False):
    with unit_of_work():
        return say_topics(application, topics, wants_none=wants_none, actor=UserFactory(), now=utcnow())


def sent(call=None, name="Kettle"):
    return ApplicationFactory(
        call=call or CallFactory(closed=True), organisation=OrganisationFactory(name=name), submitted=True
    )


def test_every_topic_has_words():
    assert [key for key, _words in TOPICS] == [topic.value for topic in SupportTopic]


def test_word_of_the_group_wins_before_and_after_the_fund_reads(db_session):
    application = sent()
    assert note(application, DIGITAL, MONEY).topics == [MONEY, DIGITAL]

    say(application, DIGITAL)
    note(application, MONEY)

    assert find_need(application).topics == [DIGITAL]


def test_group_that_wants_no_help_is_left_alone_until_it_changes_its_mind(db_session):
    application = sent()
    say(application, MONEY, wants_none=True)
    with pytest.raises(NotPossibleNow):
        note(application, MONEY)
    assert find_need(application).topics == ()

    say(application, MONEY)

    assert find_need(application).topics == [MONEY]


def test_nobody_notes_topics_of_a_draft(db_session):
    with pytest.raises(NotPossibleNow):
        note(ApplicationFactory(), MONEY)


def test_list_has_topics_and_who_is_still_to_read(db_session):
    call = CallFactory(closed=True)
    read, unread, silent = sent(call, "Anchor"), sent(call, "Blue"), sent(call, "Casa")
    for application in (read, unread):
        AnswerFactory(application=application, question_key="Q10", value="Help with books.")
    note(read, MONEY)
    note(silent, MONEY, DIGITAL)

    lines = list_needs(call, reader=UserFactory())

    assert [line.application for line in lines] == [read, unread, silent]
    assert [line.is_to_read for line in lines] == [False, True, False]
    topics = {topic: [line.application for line in those] for topic, those in by_topic(lines).items()}
    assert topics == {MONEY: [read, silent], DIGITAL: [silent]}


def test_what_was_only_recorded_is_still_to_read(db_session, client_for):
    call = CallFactory(closed=True)
    spoken, taken_away = sent(call, "Anchor"), sent(call, "Blue")
    heard = AnswerMediaFactory(
        answer=AnswerFactory(application=spoken, question_key="Q10", value=None),
        status=TranscriptStatus.TRANSCRIBED,
        transcript="We need somebody for the books.",
        transcript_by=TranscriptBy.STAFF,
    )
    AnswerMediaFactory(
        answer=AnswerFactory(application=taken_away, question_key="Q10", value=None), removed_at=utcnow()
    )

    assert [line.is_to_read for line in list_needs(call, reader=UserFactory())] == [True, False]
    manager = client_for(FundRoleFactory(fund=call.fund, kind=FundRoleKind.MANAGER).user)
    page = manager.get(f"/en/fund/applications/{spoken.id}/support").text
    assert "We need somebody for the books." in page
    assert f"/files/{heard.file_id}" in page
    note(spoken, MONEY)
    assert not list_needs(call, reader=UserFactory())[0].is_to_read


def test_what_was_said_in_a_conversation_is_read_again(db_session):
    grant = active_grant()
    note(grant.award.application, MONEY)
    talk(grant, "month_6", answers={"K4": "A room."})

    (line,) = list_needs(grant.award.call, reader=UserFactory())

    assert ([each.text for each in line.words], line.is_to_read) == (["A room."], True)
    note(grant.award.application, SupportTopic.PREMISES)
    assert not list_needs(grant.award.call, reader=UserFactory())[0].is_to_read


def test_whoever_has_a_tie_does_not_see_the_group(db_session):
    application, tied = sent(), UserFactory()
    note(application, MONEY)
    ConflictFactory(user_id=tied.id, call_id=application.call_id, organisation=application.organisation)

    assert list_needs(application.call, reader=tied) == []
