"""Texts the group did not simply type: who typed them, where they come from, what the group says to it."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from fundapp.clock import utcnow
from fundapp.db import db
from fundapp.errors import NotPossibleNow
from fundapp.lifecycles import ApplicationStatus
from fundapp.models.answer_media import OriginKind
from fundapp.models.application import Answer, AnswerRevision
from fundapp.models.fund import FundRoleKind
from fundapp.models.message import Message
from fundapp.queries.drafts import questions_to_look_at
from fundapp.services.answer_origins import Typed, confirm_typed, paste_answer, type_for_group
from fundapp.services.applications import invite_to_full
from fundapp.services.clarifications import TextNeeded
from tests.database.services.test_apply_answers import question_of, save
from tests.factories import ApplicationFactory, FundRoleFactory, OrganisationMemberFactory, UserFactory


@pytest.fixture
def application(db_session):
    application = ApplicationFactory()
    OrganisationMemberFactory(organisation=application.organisation)
    return application


@pytest.fixture
def manager(application):
    return FundRoleFactory(fund=application.call.fund).user


def types(application, manager, text="We meet on Fridays.", *, rev=0, once="page", language="en"):
    typed = Typed(text, language, rev, once)
    return type_for_group(application, question_of(application, "S1"), typed, actor=manager, now=utcnow())


def pastes(application, text="We cook.", *, pasted_from="Another fund", rev=0, once="page"):
    typed = Typed(text, "en", rev, once)
    return paste_answer(
        application,
        question_of(application, "S1"),
        typed,
        pasted_from=pasted_from,
        actor=UserFactory(),
        now=utcnow(),
    )


def answer_of(application, key="S1") -> Answer:
    db.session.flush()
    db.session.expire_all()
    query = sa.select(Answer).where(Answer.application_id == application.id, Answer.question_key == key)
    return db.session.execute(query).scalar_one()


def mails(application) -> list[str]:
    return list(db.session.execute(sa.select(Message.kind)).scalars())


def test_what_was_said_on_the_phone_is_marked_and_the_group_is_told(application, manager):
    types(application, manager)

    answer = answer_of(application)
    assert (answer.value, answer.saved_by_id) == ("We meet on Fridays.", manager.id)
    assert (answer.origin.kind, answer.origin.typed_by_role) == (
        OriginKind.PHONE_INTERVIEW,
        FundRoleKind.MANAGER,
    )
    assert answer.waits_for_the_group
    assert [each.key for each in questions_to_look_at(application)] == ["S1"]
    assert mails(application) == ["answer_typed"]


def test_typing_the_same_twice_tells_the_group_once(application, manager):
    types(application, manager)
    types(application, manager)
    types(application, manager, rev=1, once="second tab")

    assert mails(application) == ["answer_typed"]
    assert len(answer_of(application).origins) == 1


def test_group_confirms_what_was_typed(application, manager):
    types(application, manager)

    question = question_of(application, "S1")
    for _time in range(2):
        confirm_typed(application, question, rev=1, actor=UserFactory(), now=utcnow())

    answer = answer_of(application)
    assert answer.origin.confirmed_at is not None
    assert not answer.waits_for_the_group


def test_group_corrects_what_was_typed(application, manager):
    types(application, manager)

    save(application, "We meet on Mondays.", rev=1, once="own page")

    answer = answer_of(application)
    assert (answer.value, answer.origin.rev, answer.rev) == ("We meet on Mondays.", 1, 2)
    assert not answer.waits_for_the_group
    with pytest.raises(NotPossibleNow):
        confirm_typed(application, question_of(application, "S1"), rev=1, actor=UserFactory(), now=utcnow())


def test_fund_does_not_write_over_what_the_group_saved_meanwhile(application, manager):
    save(application, "Our own words.", rev=0, once="group")

    outcome = types(application, manager, rev=0)

    assert (outcome.is_stale, outcome.rev) == (True, 1)
    assert answer_of(application).value == "Our own words."
    kept = db.session.execute(sa.select(AnswerRevision.value)).scalars().all()
    assert "We meet on Fridays." in kept
    assert mails(application) == []


def test_nothing_is_typed_into_what_was_sent(db_session):
    application = ApplicationFactory(eoi_sent=True)
    manager = FundRoleFactory(fund=application.call.fund).user

    with pytest.raises(NotPossibleNow):
        types(application, manager)


def test_empty_text_is_no_answer(application, manager):
    for typing in (lambda: types(application, manager, " "), lambda: pastes(application, "\n")):
        with pytest.raises(TextNeeded):
            typing()


def test_pasted_text_says_from_where_also_after_a_change(application):
    pastes(application)
    pastes(application, rev=1, once="again", pasted_from="The lottery")
    assert answer_of(application).origin.pasted_from == "The lottery"

    save(application, "We cook and sing.", rev=1, once="own page")

    origin = answer_of(application).origin
    assert (origin.kind, origin.pasted_from) == (OriginKind.PASTED, "The lottery")


def test_emptied_answer_has_no_origin(application):
    pastes(application)

    save(application, None, rev=1, once="own page")

    assert answer_of(application).origin is None


def test_second_stage_still_knows_where_a_text_comes_from(application, manager):
    types(application, manager)
    save(application, "Rent.", rev=0, once="x", key="S2")
    application.status, application.submitted_at, application.receipt = (
        ApplicationStatus.SUBMITTED,
        utcnow(),
        "R1",
    )
    db.session.flush()
    db.session.expire_all()

    invite_to_full(application, actor=manager, now=utcnow())

    copied = answer_of(application, "Q2")
    assert (copied.origin.kind, copied.waits_for_the_group) == (OriginKind.PHONE_INTERVIEW, True)
    assert answer_of(application, "Q5").origin is None
