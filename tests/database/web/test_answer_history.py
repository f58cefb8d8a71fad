"""Every text ever saved can be read by the group and taken again."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa

from fundapp.db import db
from fundapp.lifecycles import ApplicationStatus
from fundapp.models.application import Answer, AnswerRevision
from fundapp.models.organisation import MemberRight
from fundapp.queries.answer_history import TEXTS_A_PAGE
from tests.factories import ApplicationFactory, OrganisationMemberFactory, UserFactory
from tests.sign_in import signed_in_client

HERE = "questions/S1"


@pytest.fixture
def application(db_session):
    return ApplicationFactory()


def member(app, application, right=MemberRight.EDIT, **person):
    user = UserFactory(**person)
    OrganisationMemberFactory(organisation=application.organisation, user=user, right=right)
    return signed_in_client(app, user)


def save(browser, application, text, rev, once="page"):
    page = f"/en/applications/{application.id}/{HERE}"
    return browser.post(page, data={"S1": text, "rev": str(rev), "once": once}).status_code


def history(browser, application, query=""):
    return browser.get(f"/en/applications/{application.id}/{HERE}/history{query}")


def take(browser, application, value, rev):
    rows = db.session.execute(sa.select(AnswerRevision).where(AnswerRevision.rev.is_not(None))).scalars()
    (chosen,) = (row.id for row in rows if row.value == value)
    page = f"/en/applications/{application.id}/{HERE}/history/{chosen}"
    return browser.post(page, data={"rev": str(rev), "once": "again"})


def current(application):
    query = sa.select(Answer.value, Answer.rev).where(Answer.application_id == application.id)
    return tuple(db.session.execute(query).one())


def test_history_names_every_text_its_time_and_who_saved_it(app, application):
    her, him = member(app, application, name="Amal"), member(app, application, name="بشرى")
    save(her, application, "Hers", 0, "a")
    save(him, application, "His, too late", 0, "b")
    save(him, application, "نصّها معًا", 1, "c")

    page = history(member(app, application, MemberRight.VIEW), application)

    assert page.status_code == 200
    text = re.sub(r"\s+", " ", re.sub("<[^>]+>", "", page.text))
    assert [text.index(each) for each in ("نصّها معًا", "His, too late", "Hers")] == sorted(
        text.index(each) for each in ("نصّها معًا", "His, too late", "Hers")
    )
    assert text.count("This text counts now") == 1
    assert text.count("Kept beside another text that was saved first") == 1
    assert "Amal" in text
    assert "بشرى" in text
    assert "Use this text again" not in text  # who may only look changes nothing


def test_earlier_text_taken_again_is_a_new_save_and_loses_nothing(app, application):
    her = member(app, application)
    save(her, application, "First", 0, "a")
    save(her, application, "Second", 1, "b")

    reply = take(her, application, "First", 2)

    assert reply.status_code == 302
    assert current(application) == ("First", 3)
    texts = db.session.execute(sa.select(AnswerRevision.value, AnswerRevision.rev)).all()
    assert sorted(map(tuple, texts)) == [("First", 1), ("First", 3), ("Second", 2)]


def test_earlier_text_is_not_taken_over_a_save_nobody_has_seen(app, application):
    her = member(app, application)
    save(her, application, "First", 0, "a")
    save(her, application, "Second", 1, "b")
    save(her, application, "Third", 2, "c")

    reply = take(her, application, "First", 2)

    assert reply.status_code == 409
    assert current(application) == ("Third", 3)


def test_long_history_comes_in_pages(app, application):
    her = member(app, application)
    for number in range(TEXTS_A_PAGE + 1):
        save(her, application, f"Text {number}", number, f"page-{number}")

    first, second, odd = (history(her, application, f"?page={page}") for page in ("1", "2", "9" * 30))

    assert ("Text 0<" in first.text, "Text 0<" in second.text, odd.status_code) == (False, True, 200)


def test_history_of_a_sent_application_can_be_read_but_not_changed(app, db_session):
    application = ApplicationFactory(submitted=True, status=ApplicationStatus.SUBMITTED)
    page = f"/en/applications/{application.id}/questions/Q2/history"
    browser = member(app, application)

    assert browser.get(page).status_code == 200
    assert "Use this text again" not in browser.get(page).text


def test_stranger_and_text_of_another_question_find_nothing(app, application):
    save(member(app, application), application, "Ours", 0)
    stranger = signed_in_client(app, UserFactory())
    (revision_id,) = db.session.execute(sa.select(AnswerRevision.id)).scalars()
    other = f"/en/applications/{application.id}/questions/S2/history/{revision_id}"

    assert history(stranger, application).status_code == 404
    assert member(app, application).post(other, data={"rev": "0"}).status_code == 404
