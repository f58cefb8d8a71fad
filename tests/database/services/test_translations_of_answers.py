"""Translations stand beside the original, say who or what made them, and never replace anything."""

from __future__ import annotations

import pytest

from fundapp.clock import utcnow
from fundapp.errors import NotPossibleNow, StaleVersion
from fundapp.lifecycles import TranscriptStatus
from fundapp.models.answer_media import TranscriptBy
from fundapp.models.translation import AnswerTranslation, TranslatedBy
from fundapp.queries.translations import is_outdated, list_translations, translation_rev
from fundapp.services.clarifications import TextNeeded
from fundapp.services.translations import MakerNeeded, NewTranslation, save_translation
from tests.factories import AnswerFactory, AnswerMediaFactory, ApplicationFactory, UserFactory

SPANISH = NewTranslation("es", "Somos un grupo.", TranslatedBy.TRANSLATOR, "Inés Prado")


@pytest.fixture
def answer(db_session):
    return AnswerFactory(application=ApplicationFactory(in_review=True), language="en")


def save(answer, new=SPANISH, *, rev="0", media=None) -> AnswerTranslation:
    return save_translation(answer, new, media=media, rev=rev, actor=UserFactory(), now=utcnow())


def test_translation_is_kept_beside_the_original(answer):
    kept = save(answer)

    assert (kept.text, kept.made_by_name, kept.is_checked, kept.source_rev) == (
        "Somos un grupo.",
        "Inés Prado",
        False,
        answer.rev,
    )
    assert answer.value == "We are a group of women who meet every week."
    assert list_translations(answer.application) == {(answer.id, None): [kept]}


def test_translations_in_the_readers_language_come_first(answer):
    for language in ("ar", "es", "uk"):
        save(answer, NewTranslation(language, "…", TranslatedBy.STAFF))

    found = list_translations(answer.application, "uk")[answer.id, None]

    assert [each.language for each in found] == ["uk", "ar", "es"]


def test_second_window_writes_nothing_over(answer):
    first = save(answer)
    checked = NewTranslation("es", "Somos un grupo.", TranslatedBy.TRANSLATOR, "Inés Prado", is_checked=True)
    seen = translation_rev(first)

    with pytest.raises(StaleVersion):
        save(answer, NewTranslation("es", "Otra cosa.", TranslatedBy.STAFF), rev="0")
    again = save(answer, SPANISH, rev="0")
    second = save(answer, checked, rev=seen)

    assert (again.id, second.id, second.is_checked) == (first.id, first.id, True)


def test_saving_the_answer_again_makes_its_translation_outdated(answer):
    kept = save(answer)
    before = is_outdated(kept, answer)

    answer.rev += 1

    assert (before, is_outdated(kept, answer)) == (False, True)


def test_what_is_said_in_a_recording_is_translated_apart_from_the_text(answer):
    media = AnswerMediaFactory(
        answer=answer,
        status=TranscriptStatus.CHECKED,
        transcript="We sew.",
        transcript_by=TranscriptBy.GROUP,
        transcript_language="en",
        transcript_rev=3,
    )

    of_text, spoken = save(answer), save(answer, media=media)

    assert (of_text.id != spoken.id, spoken.source_rev) == (True, 3)


@pytest.mark.parametrize(
    ("new", "error"),
    [
        (NewTranslation("es", " ", TranslatedBy.STAFF), TextNeeded),
        (NewTranslation("es", "Somos.", TranslatedBy.MACHINE, " "), MakerNeeded),
        (NewTranslation("es", "Somos.", TranslatedBy.TRANSLATOR), MakerNeeded),
        (NewTranslation("en", "We are.", TranslatedBy.STAFF), NotPossibleNow),
    ],
)
def test_translation_says_something_and_who_or_what_made_it(db_session, answer, new, error):
    with pytest.raises(error):
        save(answer, new)

    assert db_session.query(AnswerTranslation).count() == 0


def test_drafts_and_recordings_nobody_wrote_down_are_not_translated(db_session, answer):
    draft = AnswerFactory(application=ApplicationFactory())

    with pytest.raises(NotPossibleNow):
        save(draft)
    with pytest.raises(NotPossibleNow):
        save(answer, media=AnswerMediaFactory(answer=answer))
