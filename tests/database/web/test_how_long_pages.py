"""Groups read how long their words are kept, and see before a draft goes and after words have gone."""

from __future__ import annotations

from datetime import timedelta

import pytest

from fundapp.clock import utcnow
from fundapp.lifecycles import ApplicationStatus
from fundapp.services.retention.kinds import ELSEWHERE, KEPT
from fundapp.web.kept_words import WORDS
from tests.factories import AnswerFactory, ApplicationFactory, OrganisationMemberFactory
from tests.sign_in import client_with_token


def test_everything_that_goes_by_itself_stands_on_the_page(app, db_session):
    assert {kept.key for kept in KEPT} | {key for key, _term in ELSEWHERE} == WORDS.keys()

    page = client_with_token(app).get("/en/privacy/how-long").text

    for words in WORDS.values():
        assert str(words.what).replace("'", "&#39;") in page
    assert "7 years" in page
    assert "90 days" in page


@pytest.fixture
def draft(db_session):
    return ApplicationFactory(status=ApplicationStatus.DRAFT, erase_warned_at=utcnow())


def test_group_sees_when_its_draft_goes(draft, client_for):
    group = client_for(OrganisationMemberFactory(organisation=draft.organisation).user)

    page = group.get(f"/en/applications/{draft.id}").text

    assert "This draft will be deleted" in page


def test_group_sees_that_its_words_have_gone_and_every_page_still_opens(db_session, client_for):
    application = ApplicationFactory(
        at_panel=True,
        status=ApplicationStatus.DECLINED,
        group_told_at=utcnow() - timedelta(days=400),
        texts_erased_at=utcnow(),
    )
    AnswerFactory(application=application, value=None)
    group = client_for(OrganisationMemberFactory(organisation=application.organisation).user)

    page = group.get(f"/en/applications/{application.id}").text

    assert "We kept it as long as we said." in page
    assert "This draft will be deleted" not in page
