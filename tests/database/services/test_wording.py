"""Letters are made of sentences that somebody of the fund has read, strengths first."""

from __future__ import annotations

import pytest

from fundapp.clock import utcnow
from fundapp.errors import NotPossibleNow, StaleVersion
from fundapp.models.panel import Score
from fundapp.queries.calls import current_version, definition_of
from fundapp.queries.wording import first_texts_of, list_sentences, sentence_digest
from fundapp.services.wording import accept_sentences, settle_sentence
from tests.factories import (
    ApplicationFactory,
    ConflictFactory,
    PanelFactory,
    PanelSeatFactory,
    ReviewAssignmentFactory,
    ReviewFactory,
    ScoreFactory,
    UserFactory,
    days,
)


@pytest.fixture
def manager(db_session):
    return UserFactory(staff=True)


@pytest.fixture
def scores(db_session) -> list[Score]:
    """One locked sheet: C1 strong, C2 weak, C3 can't tell."""
    panel = PanelFactory()
    assignment = ReviewAssignmentFactory(
        seat=PanelSeatFactory(panel=panel), application=ApplicationFactory(call=panel.call, in_review=True)
    )
    review = ReviewFactory(assignment=assignment, locked_at=days(-1))
    return [
        ScoreFactory(review=review, criterion_key="C1", value=4, sentence="They lead it."),
        ScoreFactory(review=review, criterion_key="C2", value=1, sentence="This is nonsense."),
        ScoreFactory(
            review=review, criterion_key="C3", value=None, cant_tell=True, sentence="Safety is not said."
        ),
    ]


def application_of(score: Score):
    return score.review.assignment.application


def settle(score: Score, text: str, manager, **more) -> None:
    seen = more.get("seen", sentence_digest(score.sentence))
    settle_sentence(application_of(score), score, text, seen_digest=seen, actor=manager, now=utcnow())


def letter(score: Score, manager):
    application = application_of(score)
    sentences = list_sentences(application.round, viewer=manager)
    assessment = definition_of(current_version(application.call)).assessment
    return first_texts_of(sentences, assessment).get(application.id)


def test_letter_waits_until_every_sentence_was_read(scores, manager):
    first, second, third = scores
    settle(first, "They lead it.", manager)
    settle(second, "The need could be said more clearly.", manager)
    before = letter(first, manager)

    settle(third, "", manager)

    after = letter(first, manager)
    assert before is None
    assert (after.strengths, after.to_improve) == ("They lead it.", "The need could be said more clearly.")


def test_all_that_wait_can_be_used_as_they_stand(scores, manager):
    settle(scores[1], "Kindly said.", manager)

    counts = [
        accept_sentences(application_of(scores[0]).round, actor=manager, now=utcnow()) for _ in range(2)
    ]

    after = letter(scores[0], manager)
    assert counts == [2, 0]
    assert (after.strengths, after.to_improve) == ("They lead it.", "Kindly said.\nSafety is not said.")


def test_sentence_that_was_changed_since_has_to_be_read_again(scores, manager):
    accept_sentences(application_of(scores[0]).round, actor=manager, now=utcnow())
    seen = sentence_digest(scores[0].sentence)
    scores[0].sentence = "They lead it, and we saw it."

    with pytest.raises(StaleVersion):
        settle(scores[0], "They lead it.", manager, seen=seen)

    assert letter(scores[0], manager) is None


def test_sentences_of_open_or_void_sheets_and_of_tied_groups_are_not_read(db_session, scores, manager):
    assignment = scores[0].review.assignment
    round_ = assignment.application.round
    counts = [len(list_sentences(round_, viewer=manager))]
    scores[0].review.locked_at = None
    counts.append(len(list_sentences(round_, viewer=manager)))
    with pytest.raises(NotPossibleNow):
        settle(scores[0], "Words", manager)
    scores[0].review.locked_at, assignment.voided_at = days(-1), days(-1)
    counts.append(len(list_sentences(round_, viewer=manager)))
    assignment.voided_at = None
    ConflictFactory(
        call_id=assignment.application.call_id,
        user_id=manager.id,
        organisation_id=assignment.application.organisation_id,
    )
    counts.append(len(list_sentences(round_, viewer=manager)))

    assert counts == [3, 0, 0, 0]
