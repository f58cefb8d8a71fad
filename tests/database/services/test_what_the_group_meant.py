"""Questions to groups and their answers in other languages, and a group that was not understood."""

from __future__ import annotations

import pytest

from fundapp.clock import utcnow
from fundapp.db import db
from fundapp.errors import NotPossibleNow, StaleVersion
from fundapp.lifecycles import ApplicationStatus
from fundapp.models.event import Event
from fundapp.models.message import Message
from fundapp.models.translation import ClarificationPart, TranslatedBy
from fundapp.queries.translations import list_all_translations, original_of, translation_rev
from fundapp.services.clarifications import TextNeeded
from fundapp.services.events import seal
from fundapp.services.translations import (
    CorrectedTooLate,
    MakerNeeded,
    NewTranslation,
    object_to,
    save_clarification_translation,
    save_translation,
)
from tests.factories import (
    AnswerFactory,
    ApplicationFactory,
    ClarificationFactory,
    FundRoleFactory,
    UserFactory,
    days,
)

Q, A = ClarificationPart.QUESTION, ClarificationPart.ANSWER
ENGLISH = NewTranslation("en", "Every woman has a vote.", TranslatedBy.MACHINE, "Lingua 3")


@pytest.fixture
def clarification(db_session):
    return ClarificationFactory(
        application=ApplicationFactory(in_review=True, language="ar"),
        question="Who decides?",
        answer="لكل امرأة صوت.",
        answered_at=days(-1),
    )


def save(clarification, part=A, new=ENGLISH, rev="0"):
    return save_clarification_translation(
        clarification, part, new, rev=rev, actor=UserFactory(), now=utcnow()
    )


def test_question_and_answer_each_get_a_translation_beside_them(clarification):
    asked = save(clarification, Q, NewTranslation("ar", "من يقرر؟", TranslatedBy.STAFF))
    heard = save(clarification)

    assert (asked.part, heard.part, heard.made_by_name, heard.is_checked) == (Q, A, "Lingua 3", False)
    assert (clarification.question, clarification.answer) == ("Who decides?", "لكل امرأة صوت.")
    assert original_of(heard) == ("لكل امرأة صوت.", "ar")
    assert list_all_translations(clarification.application) == [heard], (
        "the group sees those of its own words"
    )


def test_translation_needs_an_answer_another_language_and_its_maker(db_session, clarification):
    with pytest.raises(NotPossibleNow):
        save(clarification, new=NewTranslation("ar", "…", TranslatedBy.STAFF))
    with pytest.raises(MakerNeeded):
        save(clarification, new=NewTranslation("en", "…", TranslatedBy.MACHINE))
    with pytest.raises(NotPossibleNow):
        save(ClarificationFactory(question="Who?"))


def test_second_window_writes_nothing_over(clarification):
    first = save(clarification)

    with pytest.raises(StaleVersion):
        save(clarification, new=NewTranslation("en", "Other.", TranslatedBy.STAFF))
    assert save(clarification) is first


def test_group_says_what_it_meant_and_puts_it_right(db_session, clarification):
    manager = FundRoleFactory(fund=clarification.application.call.fund).user
    heard, member = save(clarification), UserFactory()

    object_to(heard, "نقصد كل عضوة.", "", rev=translation_rev(heard), actor=member, now=utcnow())
    said = (heard.text, heard.objection, heard.objected_at is not None, heard.made_by)
    object_to(heard, "", "Every member has a vote.", rev=translation_rev(heard), actor=member, now=utcnow())

    assert said == ("Every woman has a vote.", "نقصد كل عضوة.", True, TranslatedBy.MACHINE)
    assert (heard.text, heard.made_by, heard.made_by_name) == (
        "Every member has a vote.",
        TranslatedBy.GROUP,
        "",
    )
    assert (heard.is_checked, heard.objected_at, heard.objection) == (True, None, "")
    mails = db_session.query(Message).filter_by(kind="translation_objected")
    assert [mail.recipient_id for mail in mails] == [manager.id] * 2


def test_new_translation_settles_what_the_group_said(clarification):
    heard = save(clarification)
    object_to(heard, "لا.", "", rev=translation_rev(heard), actor=UserFactory(), now=utcnow())

    again = save(
        clarification,
        new=NewTranslation("en", "Each member votes.", TranslatedBy.TRANSLATOR, "Rana"),
        rev=translation_rev(heard),
    )

    assert (again.text, again.objected_at, again.objection) == ("Each member votes.", None, "")


def test_objection_needs_words_and_the_translation_that_was_seen(clarification):
    heard = save(clarification)

    with pytest.raises(TextNeeded):
        object_to(heard, " ", "", rev=translation_rev(heard), actor=UserFactory(), now=utcnow())
    with pytest.raises(StaleVersion):
        object_to(heard, "No.", "", rev="0", actor=UserFactory(), now=utcnow())


def test_record_keeps_the_translation_before_a_correction_with_words(db_session, clarification):
    heard = save(clarification)

    object_to(heard, "لا.", "Each votes.", rev=translation_rev(heard), actor=UserFactory(), now=utcnow())
    seal()

    event = db_session.query(Event).filter_by(subject_id=heard.id, step="object").one()
    assert (event.reason, event.details["before"]) == ("لا.", "Every woman has a vote.")


@pytest.mark.parametrize("status", ["at_panel", "in_principle", "reserve", "declined"])
def test_what_the_panel_has_read_is_not_corrected_but_words_stand_beside_it(clarification, status: str):
    heard = save(clarification)
    clarification.application.status = ApplicationStatus(status)
    db.session.flush()

    with pytest.raises(CorrectedTooLate):
        object_to(heard, "لا.", "Each votes.", rev=translation_rev(heard), actor=UserFactory(), now=utcnow())
    object_to(heard, "لا.", "", rev=translation_rev(heard), actor=UserFactory(), now=utcnow())

    assert (heard.text, heard.objection) == ("Every woman has a vote.", "لا.")


def test_group_can_put_the_translation_of_an_answer_right(db_session):
    answer = AnswerFactory(application=ApplicationFactory(in_review=True), language="en")
    kept = save_translation(
        answer,
        NewTranslation("es", "Un círculo.", TranslatedBy.STAFF),
        rev="0",
        actor=UserFactory(),
        now=utcnow(),
    )

    object_to(kept, "", "Una rueda.", rev=translation_rev(kept), actor=UserFactory(), now=utcnow())

    assert (kept.text, kept.made_by, kept.is_checked) == ("Una rueda.", TranslatedBy.GROUP, True)
