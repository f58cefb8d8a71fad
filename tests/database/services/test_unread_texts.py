"""A text never counts as read by somebody who has not read it: in copies, drafts, files and kept texts."""

from __future__ import annotations

import dataclasses
import io
from datetime import UTC, date, datetime, timedelta

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po

from forms.text_file import FileText, read_po_file
from fundapp.call_file import reference_call
from fundapp.db import db
from fundapp.models.text_translation import TextState, TextWorkKind
from fundapp.queries.readiness import Matter, open_matters
from fundapp.queries.text_desk import CALL_FILE, Standing, list_lines, list_rows, list_work
from fundapp.services.call_drafts import change_part
from fundapp.services.calls import import_call, replace_content
from fundapp.services.new_calls import copy_call
from fundapp.services.text_desk import NewText, keep_text, open_language, review_texts, save_text, write_text
from fundapp.services.text_files import RowProblem, Taken, take_texts
from tests.factories import FundFactory, UserFactory

NOW = datetime(2027, 3, 1, 12, tzinfo=UTC)
LABEL = "question:Q5/label"
COPIED = (
    *("unit", "language", "source", "text", "state", "from_machine", "made_by", "made_at", "made_by_id"),
    *("reviewed_by", "reviewed_at", "reviewed_by_id"),
)


@pytest.fixture
def call(db_session):
    made = import_call(reference_call(), fund=FundFactory(), actor=None, now=NOW)
    db.session.flush()
    return made


def line(call, unit=LABEL, language="so"):
    return next(each for each in list_lines(call, language) if each.unit.id == unit)


def write(call, unit=LABEL, text="Su'aal?", *, by="Amina", language="so"):
    rev = line(call, unit, language).rev
    save_text(call, language, unit, NewText(text, by), rev=rev, actor=UserFactory(), now=NOW)


def review(call, unit=LABEL, *, by="Yusuf", language="so"):
    seen = {unit: line(call, unit, language).rev}
    review_texts(call, language, seen, by=by, actor=UserFactory(), now=NOW)


def change_source(call, unit=LABEL, text="Other words?"):
    reference, _slash, field = unit.partition("/")
    change_part(call, reference, field, text, language="en", actor=UserFactory(), now=NOW)


def take(call, *rows, by="Hodan", now=NOW) -> Taken:
    return take_texts(call, "so", rows, by=by, actor=UserFactory(), now=now)


def row_of(call, unit=LABEL, **fields) -> FileText:
    at = line(call, unit)
    return dataclasses.replace(FileText(2, unit, at.unit.source, at.text, rev=at.rev), **fields)


def test_a_copy_of_a_call_knows_which_texts_nobody_has_read(call):
    write(call, "title", "عنوان", language="ar")
    change_part(call, "question:Q1", "label", "سؤال؟", language="ar", actor=UserFactory(), now=NOW)
    write_text(call, line(call), NewText("Su'aal?", "Robot", from_machine=True), actor=None, now=NOW)
    write(call, "question:Q1/label")
    review(call, "question:Q1/label")
    change_source(call, "question:Q2/label")

    made = copy_call(call, "COPY", date(2028, 3, 6), actor=UserFactory(), now=NOW)

    for language in ("es", "ar", "so"):
        assert {each.unit.id: (each.standing, each.text) for each in list_lines(made, language)} == {
            each.unit.id: (each.standing, each.text) for each in list_lines(call, language)
        }
    assert line(made, "question:Q1/label", "ar").standing is Standing.DRAFT
    assert line(made).standing is Standing.MACHINE
    assert [[getattr(row, name) for name in COPIED] for row in list_rows(made)] == [
        [getattr(row, name) for name in COPIED] for row in list_rows(call)
    ]
    assert [(each.kind, each.language, each.number) for each in open_matters(made)] == [
        (each.kind, each.language, each.number) for each in open_matters(call)
    ]


def draft_call(languages=("ar",)):
    return dataclasses.replace(reference_call(), draft_languages=languages)


def test_a_draft_language_of_a_file_has_been_read_where_it_is_about_eligibility_and_safety_only(db_session):
    call = import_call(draft_call(), fund=FundFactory(), actor=None, now=NOW)

    for each in list_lines(call, "ar"):
        assert (each.standing is Standing.REVIEWED) is each.unit.is_sensitive
        assert (each.standing is Standing.DRAFT) is not each.unit.is_sensitive
        assert each.is_in_call
    assert {each.standing for each in list_lines(call, "es")} == {Standing.REVIEWED}
    assert open_matters(call) == []
    review(call, language="ar")
    assert line(call, language="ar").standing is Standing.REVIEWED

    made = copy_call(call, "COPY", date(2028, 3, 6), actor=UserFactory(), now=NOW)
    assert [each.standing for each in list_lines(made, "ar")] == [
        each.standing for each in list_lines(call, "ar")
    ]


def test_texts_that_were_read_stay_so_when_their_language_opens_as_a_draft(call):
    write(call, "title", "عنوان", language="ar")
    open_language(call, "ar", as_draft=True, actor=UserFactory(), now=NOW)

    made = copy_call(call, "COPY", date(2028, 3, 6), actor=UserFactory(), now=NOW)

    for each in (call, made):
        drafts = [at.unit.id for at in list_lines(each, "ar") if at.standing is not Standing.REVIEWED]
        assert drafts == ["title"]


def test_another_file_with_a_draft_language_brings_drafts(call):
    title = reference_call().title
    texts = tuple((code, "عنوان آخر" if code == "ar" else text) for code, text in title.texts)
    changed = dataclasses.replace(draft_call(), title=dataclasses.replace(title, texts=texts))

    replace_content(call, changed, actor=None, now=NOW)

    assert line(call, "title", "ar").standing is Standing.DRAFT
    assert line(call, LABEL, "ar").standing is Standing.REVIEWED


@pytest.mark.parametrize("unit", ["question:E1/label", "question:Q7/label"])
def test_kept_words_about_eligibility_and_safety_wait_for_a_second_person(call, unit):
    change_source(call, unit)
    assert line(call, unit, "ar").row.reviewed_by == CALL_FILE

    rev = line(call, unit, "ar").rev
    keep_text(call, "ar", unit, rev=rev, actor=UserFactory(), now=NOW)

    found = line(call, unit, "ar")
    assert (found.standing, found.is_safe, found.row.source) == (Standing.DRAFT, False, "Other words?")
    row = found.row
    assert (row.reviewed_by, row.reviewed_at, row.reviewed_by_id) == ("", None, None)
    assert (Matter.TEXTS_NOT_READ, "ar") in [(each.kind, each.language) for each in open_matters(call)]
    review(call, unit, language="ar")
    assert line(call, unit, "ar").is_safe


def test_a_reader_in_a_file_has_read_the_source_in_that_file(call):
    write(call)
    sent = row_of(call, read_by="Yusuf")
    change_source(call)
    write(call, text="Erayo kale?")
    change_source(call, text="Third words?")
    rev = line(call).rev
    keep_text(call, "so", LABEL, rev=rev, actor=UserFactory(), now=NOW)

    taken = take(call, dataclasses.replace(sent, text="Erayo kale?", rev=""))

    assert (taken.read, taken.unchanged) == (0, 1)
    assert line(call).standing is Standing.DRAFT
    assert take(call, row_of(call, read_by="Yusuf")).read == 1


def test_an_unchanged_file_leaves_what_was_read_and_is_no_work(call):
    write(call)
    review(call)
    sent = row_of(call, is_confirmed=True)
    change_source(call, text="Quite a few other words?")
    before, work = line(call).rev, list_work(call)

    taken = take(call, sent, now=NOW + timedelta(1))

    assert (taken.written, taken.unchanged) == (0, 1)
    row = line(call).row
    assert (line(call).rev, row.state, row.reviewed_by) == (before, TextState.REVIEWED, "Yusuf")
    assert list_work(call) == work
    confirmed = row_of(call, is_confirmed=True)
    assert take(call, confirmed).written == 1  # a person looked at the new words and says: still right
    assert line(call).standing is Standing.DRAFT


def test_work_is_counted_in_the_words_it_was_done_from(call):
    sent = row_of(call, text="Su'aal?")
    change_source(call, text="One two three four five six seven eight nine ten eleven twelve?")

    assert take(call, dataclasses.replace(sent, rev="")).stale == 1

    words = len(sent.source.split())
    assert [(each.who, each.kind, each.words) for each in list_work(call)] == [
        ("Hodan", TextWorkKind.WROTE, words)
    ]


@pytest.mark.parametrize("reader", ["N" * 130, "N" * 119 + " N", "n" * 120 + "other"])
def test_the_same_long_name_twice_is_one_person(call, reader):
    maker = "N" * 119 + " M" if " " in reader else "N" * 130

    taken = take(call, row_of(call, text="Su'aal?", translated_by=maker, read_by=reader))

    assert [each.problem for each in taken.wrong] == [RowProblem.OWN_TRANSLATION]
    assert line(call).standing is Standing.DRAFT


def test_a_character_that_databases_refuse_is_left_out_of_the_source_of_a_file(call):
    catalog = Catalog()
    catalog.add("What\0 do you do?", "Maxaad\0 qabataa?", context=LABEL)
    written = io.BytesIO()
    write_po(written, catalog)

    (row,) = read_po_file(written.getvalue(), "so")
    assert (row.source, row.text) == ("What do you do?", "Maxaad qabataa?")
    assert take(call, row).stale == 1
    db.session.expire_all()
    assert line(call).row.source == "What do you do?"
