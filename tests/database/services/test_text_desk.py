"""The translation desk: who writes, who reads, what is out of date, and when a language opens."""

from __future__ import annotations

import copy
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forms.languages import LANGUAGES
from fundapp.call_file import edit, reference_call
from fundapp.call_file.texts import units_of
from fundapp.db import db
from fundapp.errors import StaleVersion
from fundapp.models.call import Call
from fundapp.models.text_translation import TextTranslation, TextWorkKind
from fundapp.queries.call_drafts import digest_of_working, working_content
from fundapp.queries.calls import current_version, definition_of
from fundapp.queries.readiness import Matter, open_matters
from fundapp.queries.text_desk import Standing, list_lines, list_progress, list_rows, list_work
from fundapp.services.call_content import VersionIsFrozen
from fundapp.services.call_drafts import change_content, change_part
from fundapp.services.calls import (
    CallNotReady,
    import_call,
    publish_call,
    replace_content,
)
from fundapp.services.clarifications import TextNeeded
from fundapp.services.text_desk import (
    LanguageNotReady,
    NewText,
    NotByMachine,
    NothingToReview,
    OwnTranslation,
    SourceLanguage,
    UnknownText,
    keep_text,
    open_language,
    review_texts,
    save_text,
    write_text,
)
from fundapp.services.translations import MakerNeeded
from tests.examples import undone_afterwards
from tests.factories import FundFactory, UserFactory

NOW = datetime(2027, 3, 1, 12, tzinfo=UTC)

pytestmark = pytest.mark.usefixtures("db_session")


@pytest.fixture
def call(db_session) -> Call:
    made = import_call(reference_call(), fund=FundFactory(), actor=None, now=NOW)
    db.session.flush()
    return made


def line(call: Call, unit: str, language: str = "so"):
    return next(each for each in list_lines(call, language) if each.unit.id == unit)


def write(call: Call, unit: str, text: str, language: str = "so", by: str = "Amina") -> None:
    save_text(
        call,
        language,
        unit,
        NewText(text, by),
        rev=line(call, unit, language).rev,
        actor=UserFactory(),
        now=NOW,
    )


def review(call: Call, unit: str, language: str = "so", by: str = "Yusuf") -> int:
    seen = {unit: line(call, unit, language).rev}
    return review_texts(call, language, seen, by=by, actor=UserFactory(), now=NOW)


def source(call: Call, unit: str, text: str) -> None:
    reference, _slash, field = unit.partition("/")
    change_part(call, reference, field, text, language="en", actor=UserFactory(), now=NOW)


def everything(call: Call, language: str = "so") -> None:
    """Every text written and read, as one language is prepared."""
    for each in list_lines(call, language):
        if each.standing is not Standing.REVIEWED:
            write_text(call, each, NewText(f"{language}: {each.unit.source}", "Amina"), actor=None, now=NOW)
    db.session.flush()
    seen = {each.unit.id: each.rev for each in list_lines(call, language)}
    review_texts(call, language, seen, by="Yusuf", actor=UserFactory(), now=NOW)


def test_texts_that_came_with_the_file_count_as_read(call):
    progress = list_progress(call)

    assert [each.language for each in progress] == ["es", "ar", "uk"]
    assert {each.percent for each in progress} == {100}
    assert [each.sensitive_ready == each.sensitive_total for each in progress] == [True] * 3
    assert open_matters(call) == []


def test_a_text_goes_from_missing_to_draft_to_read(call):
    states = [line(call, "question:Q5/label").standing]

    write(call, "question:Q5/label", "Su'aal?")
    states.append(line(call, "question:Q5/label").standing)
    review(call, "question:Q5/label")
    states.append(line(call, "question:Q5/label").standing)

    assert states == [Standing.MISSING, Standing.DRAFT, Standing.REVIEWED]
    (row,) = list_rows(call)
    assert (row.made_by, row.reviewed_by, row.source) == ("Amina", "Yusuf", line(call, row.unit).unit.source)


def test_nobody_reads_their_own_translation(call):
    write(call, "title", "Magac", by="Amina Ali")

    with pytest.raises(OwnTranslation):
        review(call, "title", by=" amina ali ")


def test_a_name_and_a_text_are_needed(call):
    with pytest.raises(MakerNeeded):
        write(call, "title", "Magac", by=" ")
    with pytest.raises(TextNeeded):
        write(call, "title", " ")
    write(call, "title", "Magac")
    with pytest.raises(MakerNeeded):
        review(call, "title", by="")


def test_a_changed_source_makes_it_out_of_date_and_the_words_before_are_known(call):
    before = line(call, "question:Q5/label").unit.source
    write(call, "question:Q5/label", "Su'aal?")
    review(call, "question:Q5/label")

    source(call, "question:Q5/label", "Quite another question?")

    found = line(call, "question:Q5/label")
    assert (found.standing, found.source_before) == (Standing.OUT_OF_DATE, before)
    with pytest.raises(NothingToReview):
        review(call, "question:Q5/label", by="Hodan")
    source(call, "question:Q5/label", before)
    assert line(call, "question:Q5/label").standing is Standing.REVIEWED


def test_a_text_of_the_file_is_out_of_date_too_once_its_source_changes(call):
    before = line(call, "question:Q5/label", "ar").unit.source

    source(call, "question:Q5/label", "Quite another question?")

    found = line(call, "question:Q5/label", "ar")
    assert (found.standing, found.source_before) == (Standing.OUT_OF_DATE, before)
    assert {each.language for each in list_progress(call) if each.percent < 100} == {"es", "ar", "uk"}
    assert [(each.kind, each.language) for each in open_matters(call)] == [
        (Matter.TEXTS_NOT_READ, "es"),
        (Matter.TEXTS_NOT_READ, "ar"),
        (Matter.TEXTS_NOT_READ, "uk"),
    ]


def test_meaning_unchanged_keeps_the_translation_and_its_reader(call):
    source(call, "question:Q5/label", "The same in other words?")

    keep_text(
        call,
        "ar",
        "question:Q5/label",
        rev=line(call, "question:Q5/label", "ar").rev,
        actor=UserFactory(),
        now=NOW,
    )

    assert line(call, "question:Q5/label", "ar").standing is Standing.REVIEWED


def test_a_text_written_in_the_builder_waits_for_a_second_person(call):
    change_part(call, "question:Q5", "label", "سؤال؟", language="ar", actor=UserFactory(), now=NOW)

    found = line(call, "question:Q5/label", "ar")
    assert (found.standing, found.text, found.is_in_call) == (Standing.DRAFT, "سؤال؟", True)


def test_another_file_brings_texts_that_count_as_read(call):
    write(call, "question:Q5/label", "مسودة", language="ar")

    replace_content(call, reference_call(), actor=None, now=NOW)

    assert line(call, "question:Q5/label", "ar").standing is Standing.DRAFT  # the desk goes on with its own
    changed = edit.replaced(working_content(call), ("title", "ar"), "عنوان آخر")
    from fundapp.call_file import from_data

    replace_content(call, from_data(changed), actor=None, now=NOW)
    assert line(call, "title", "ar").standing is Standing.REVIEWED


def test_two_people_do_not_overwrite_each_other(call):
    seen = line(call, "title").rev
    write(call, "title", "Magac")

    with pytest.raises(StaleVersion):
        save_text(call, "so", "title", NewText("Kale", "B"), rev=seen, actor=UserFactory(), now=NOW)
    seen = line(call, "question:Q5/label").rev
    source(call, "question:Q5/label", "Another?")
    with pytest.raises(StaleVersion):
        save_text(call, "so", "question:Q5/label", NewText("x", "B"), rev=seen, actor=UserFactory(), now=NOW)


def test_a_text_that_is_gone_and_the_source_itself_are_not_translated(call):
    with pytest.raises(UnknownText):
        save_text(call, "so", "question:Q99/label", NewText("x", "B"), rev="0", actor=UserFactory(), now=NOW)
    with pytest.raises(SourceLanguage):
        save_text(call, "en", "title", NewText("x", "B"), rev="0-x", actor=UserFactory(), now=NOW)


def test_a_machine_never_writes_about_eligibility_or_safety(call):
    for unit in ("question:E1/label", "question:Q7/label", "strand:A/who", "check:safeguarding_policy/label"):
        with pytest.raises(NotByMachine):
            write_text(call, line(call, unit), NewText("x", "Robot", from_machine=True), actor=None, now=NOW)

    write_text(call, line(call, "title"), NewText("x", "Robot", from_machine=True), actor=None, now=NOW)
    assert line(call, "title").standing is Standing.MACHINE


def test_work_is_counted_once_for_the_same_words(call):
    write(call, "question:E1/label", "Ma London?")
    write(call, "question:E1/label", "Ma London baa?")
    review(call, "question:E1/label")

    words = len(line(call, "question:E1/label").unit.source.split())
    assert [(each.who, each.kind, each.texts, each.words) for each in list_work(call)] == [
        ("Amina", TextWorkKind.WROTE, 1, words),
        ("Yusuf", TextWorkKind.REVIEWED, 1, words),
    ]


def test_a_language_opens_when_everything_is_read(call):
    everything(call)

    number = open_language(call, "so", as_draft=False, actor=UserFactory(), now=NOW)

    definition = definition_of(current_version(call))
    assert definition.languages == ("en", "es", "ar", "uk", "so")
    assert definition.form.question("Q5").label.find("so") == line(call, "question:Q5/label").text
    assert number == len(units_of(current_version(call).content))
    assert definition.draft_languages == ()
    publish_call(call, actor=UserFactory(), now=NOW)
    with pytest.raises(VersionIsFrozen):
        write(call, "title", "Kale")


def test_a_language_does_not_open_while_texts_are_in_the_way(call):
    everything(call)
    write(call, "question:Q1/label", "Mid kale?")
    source(call, "question:Q2/label", "Another question?")

    with pytest.raises(LanguageNotReady) as refused:
        open_language(call, "so", as_draft=False, actor=UserFactory(), now=NOW)

    assert {(each.unit.id, each.standing) for each in refused.value.lines} == {
        ("question:Q1/label", Standing.DRAFT),
        ("question:Q2/label", Standing.OUT_OF_DATE),
    }
    assert "so" not in definition_of(current_version(call)).languages


def test_a_draft_opens_openly_but_never_with_unread_words_about_eligibility_or_safety(call):
    everything(call)
    write(call, "question:Q1/label", "Mid kale?")
    write(call, "question:E1/label", "Mid kale?")
    write(call, "question:Q7/label", "Mid kale?")

    with pytest.raises(LanguageNotReady) as refused:
        open_language(call, "so", as_draft=True, actor=UserFactory(), now=NOW)
    assert {each.unit.id for each in refused.value.lines} == {"question:E1/label", "question:Q7/label"}

    review(call, "question:E1/label")
    review(call, "question:Q7/label")
    open_language(call, "so", as_draft=True, actor=UserFactory(), now=NOW)
    assert definition_of(current_version(call)).draft_languages == ("so",)
    assert open_matters(call) == []

    write(call, "question:E1/label", "Mid saddexaad?")
    assert [(each.kind, each.number) for each in open_matters(call)] == [(Matter.DRAFT_NOT_SAFE, 1)]
    with pytest.raises(CallNotReady):
        publish_call(call, actor=UserFactory(), now=NOW)


def test_what_was_read_counts_once_the_call_says_it(call):
    write(call, "title", "عنوان آخر", language="ar")
    review(call, "title", language="ar")

    assert [(each.kind, each.language, each.number) for each in open_matters(call)] == [
        (Matter.TEXTS_NOT_READ, "ar", 1)
    ]
    open_language(call, "ar", as_draft=False, actor=UserFactory(), now=NOW)
    assert open_matters(call) == []
    assert definition_of(current_version(call)).title.find("ar") == "عنوان آخر"


UNITS = ("title", "question:Q1/label", "question:Q2/label")
words = st.sampled_from(["one", "two", "three"])
steps = st.one_of(
    st.tuples(st.just("source"), st.sampled_from(UNITS), words),
    st.tuples(st.just("translate"), st.sampled_from(UNITS), words),
    st.tuples(st.just("review"), st.sampled_from(UNITS), st.just("")),
    st.tuples(st.just("move"), st.just(""), st.just("")),
    st.tuples(st.just("list"), st.sampled_from(["0", "1"]), words),
    st.tuples(st.just("translate_list"), st.sampled_from(["0", "1"]), words),
)


def small_content() -> dict[str, Any]:
    def asked(key: str) -> dict[str, Any]:
        return {"key": key, "label": {"en": "one"}}

    return {
        "languages": ["en"],
        "title": {"en": "one"},
        "costs": {"not_funded": [{"en": "one"}, {"en": "two"}]},
        "form": {
            "sections": [{"key": "a", "questions": [asked("Q1"), asked("Q2")]}, {"key": "b", "questions": []}]
        },
    }


class Tried:
    """A call and what we know ourselves about each of its texts: the words it was last translated from."""

    def __init__(self, call: Call) -> None:
        self.call = call
        self.content = small_content()
        self.last: dict[str, str] = {}
        self.read: set[str] = set()
        self.number = 0
        self._store()

    def _store(self) -> None:
        seen = digest_of_working(working_content(self.call))
        change_content(self.call, copy.deepcopy(self.content), seen_digest=seen, actor=None, now=NOW)

    def lines(self):
        return {each.unit.id: each for each in list_lines(self.call, "so")}

    def source_of(self, unit: str) -> dict[str, str]:
        if unit == "title":
            return self.content["title"]
        key = unit.removeprefix("question:").removesuffix("/label")
        asked = [each for part in self.content["form"]["sections"] for each in part["questions"]]
        return next(each["label"] for each in asked if each["key"] == key)

    def take(self, step: str, unit: str, text: str) -> None:
        match step:
            case "source":
                self.source_of(unit)["en"] = text
                self._store()
            case "translate":
                self.number += 1
                self._write(unit, f"{text} {self.number}")
                self.last[unit] = self.source_of(unit)["en"]
                self.read.discard(unit)
            case "review":
                known = self.lines()[unit]
                if known.row is not None and known.standing is not Standing.OUT_OF_DATE:
                    seen = {unit: known.rev}
                    review_texts(self.call, "so", seen, by="Yusuf", actor=UserFactory(), now=NOW)
                    self.read.add(unit)
            case "move":
                first, second = self.content["form"]["sections"]
                first["questions"], second["questions"] = second["questions"], first["questions"][::-1]
                self.content["costs"]["not_funded"].reverse()
                self._store()
            case "list":
                self.content["costs"]["not_funded"][int(unit)]["en"] = text
                self._store()
            case "translate_list":
                listed = [each for each in self.lines() if each.startswith("costs/")]
                self.number += 1
                self._write(listed[int(unit)], f"{text} {self.number}")

    def _write(self, unit: str, text: str) -> None:
        rev = self.lines()[unit].rev
        new = NewText(text, "Amina")
        save_text(self.call, "so", unit, new, rev=rev, actor=UserFactory(), now=NOW + timedelta(1))

    def expected(self, unit: str) -> Standing:
        if unit not in self.last:
            return Standing.MISSING
        if self.last[unit] != self.source_of(unit)["en"]:
            return Standing.OUT_OF_DATE
        return Standing.REVIEWED if unit in self.read else Standing.DRAFT


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(order=st.lists(steps, max_size=12))
def test_out_of_date_is_exact_under_any_order_of_edits(call, order):
    with undone_afterwards():
        tried = Tried(call)

        for step in order:
            tried.take(*step)

            found = tried.lines()
            for unit in UNITS:
                assert (unit, found[unit].standing) == (unit, tried.expected(unit))
            for each in found.values():
                is_stale = each.row is not None and each.row.source != each.unit.source
                assert (each.standing is Standing.OUT_OF_DATE) is is_stale


def test_a_language_of_ours_can_be_prepared_and_nothing_else_is_stored(call):
    assert "so" in LANGUAGES
    assert db.session.query(TextTranslation).count() == 0
