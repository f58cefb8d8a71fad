"""Saving answers: once per posting, never over somebody else's text, everything kept."""

from __future__ import annotations

from decimal import Decimal

import pytest
import sqlalchemy as sa

from forms.definition import Question
from fundapp.clock import utcnow
from fundapp.errors import NotPossibleNow
from fundapp.lifecycles import ApplicationStatus
from fundapp.models.application import Answer, AnswerRevision, Application
from fundapp.models.user import User
from fundapp.queries.applications import definition_for
from fundapp.services.answers import SaveOutcome, save_answer
from tests.factories import ApplicationFactory, UserFactory


def question_of(application: Application, key: str) -> Question:
    return definition_for(application).form.question(key)


def save(
    application: Application,
    text: object,
    *,
    rev: int,
    once: str,
    actor: User | None = None,
    key: str = "S1",
    **options,
) -> SaveOutcome:
    return save_answer(
        application,
        question_of(application, key),
        text,
        language=options.pop("language", "en"),
        rev=rev,
        once=once,
        actor=actor or UserFactory(),
        now=utcnow(),
        **options,
    )


def saved_text(session, application, key="S1"):
    query = sa.select(Answer.value, Answer.rev).where(
        Answer.application_id == application.id, Answer.question_key == key
    )
    return session.execute(query).one_or_none()


def history(session, application, key="S1"):
    query = sa.select(AnswerRevision.value, AnswerRevision.rev).where(
        AnswerRevision.application_id == application.id, AnswerRevision.question_key == key
    )
    return [tuple(row) for row in session.execute(query.order_by(AnswerRevision.rev))]


@pytest.fixture
def application(db_session):
    return ApplicationFactory()


def test_first_save_makes_the_answer_and_its_history(db_session, application):
    outcome = save(application, "We meet on Mondays.", rev=0, once="one")

    assert outcome == SaveOutcome(rev=1)
    assert saved_text(db_session, application) == ("We meet on Mondays.", 1)
    assert history(db_session, application) == [("We meet on Mondays.", 1)]


def test_same_posting_twenty_times_saves_once(db_session, application):
    outcomes = [save(application, "We meet on Mondays.", rev=0, once="one") for _time in range(20)]

    assert outcomes == [SaveOutcome(rev=1)] * 20
    assert history(db_session, application) == [("We meet on Mondays.", 1)]


def test_stale_save_keeps_both_texts_and_changes_nothing(db_session, application):
    save(application, "Hers", rev=0, once="one")

    outcome = save(application, "His", rev=0, once="two")

    assert outcome == SaveOutcome(rev=1, is_stale=True)
    assert saved_text(db_session, application) == ("Hers", 1)
    assert sorted(text for text, _rev in history(db_session, application)) == ["Hers", "His"]


def test_stale_save_repeated_is_still_stale_and_kept_once(db_session, application):
    save(application, "Hers", rev=0, once="one")

    outcomes = [save(application, "His", rev=0, once="two") for _time in range(3)]

    assert outcomes == [SaveOutcome(rev=1, is_stale=True)] * 3
    assert len(history(db_session, application)) == 2


def test_second_press_on_the_same_page_replaces_its_own_first_save(db_session, application):
    save(application, "Half a sen", rev=0, once="page", by_script=True)

    outcome = save(application, "Half a sentence, and the rest.", rev=0, once="page")

    assert outcome == SaveOutcome(rev=2)
    assert saved_text(db_session, application) == ("Half a sentence, and the rest.", 2)


def test_late_autosave_never_replaces_a_newer_press(db_session, application):
    save(application, "The whole sentence.", rev=0, once="page")

    outcome = save(application, "The whole", rev=0, once="page", by_script=True)

    assert outcome.is_stale
    assert saved_text(db_session, application) == ("The whole sentence.", 1)


def test_same_text_again_makes_no_new_save(db_session, application):
    save(application, "Same", rev=0, once="one")

    assert save(application, "Same", rev=0, once="two") == SaveOutcome(rev=1)


def test_other_language_of_the_same_text_is_a_new_save(db_session, application):
    save(application, "Hola", rev=0, once="one", language="en")

    assert save(application, "Hola", rev=1, once="two", language="es") == SaveOutcome(rev=2)


def test_empty_answer_to_a_new_question_stores_nothing(db_session, application):
    assert save(application, None, rev=0, once="one") == SaveOutcome(rev=0)
    assert saved_text(db_session, application) is None


def test_emptied_answer_keeps_its_old_text_in_the_history(db_session, application):
    save(application, "Old", rev=0, once="one")

    save(application, None, rev=1, once="two")

    assert saved_text(db_session, application) == (None, 2)
    assert ("Old", 1) in history(db_session, application)


def test_amount_and_strand_are_carried_to_the_application(db_session, application):
    save(application, "B", rev=0, once="one", key="S3", language=None)
    save(application, "61000.00", rev=0, once="two", key="S3_amount", language=None)

    assert (application.strand_code, application.amount_requested) == ("B", Decimal("61000.00"))


def test_amount_of_zero_counts_as_no_amount(db_session, application):
    save(application, "0.00", rev=0, once="one", key="S3_amount", language=None)

    assert application.amount_requested is None


def test_sum_of_the_budget_is_the_amount_requested(db_session):
    application = ApplicationFactory(full=True)
    lines = [{"what": "Rent", "amount": "1200.50"}, {"what": "Phone", "amount": ""}]

    save(application, lines, rev=0, once="one", key="Q8", actor=UserFactory())

    assert application.amount_requested == Decimal("1200.50")


def test_sent_application_cannot_be_changed(db_session):
    application = ApplicationFactory(eoi_sent=True)

    with pytest.raises(NotPossibleNow):
        save(application, "Late", rev=0, once="one", actor=UserFactory())

    assert application.status is ApplicationStatus.SUBMITTED
    assert saved_text(db_session, application) is None
