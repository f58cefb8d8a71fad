"""The pages of the translation desk, its files, and the form in a spreadsheet."""

from __future__ import annotations

import dataclasses
import html
import io
import re

import pytest
from babel.messages.pofile import read_po, write_po
from openpyxl import load_workbook

from forms.text_file import read_po_file
from forms.xlsform import read_xlsform, write_xlsform
from fundapp.call_file.shipped import reference_call
from fundapp.call_file.variants import with_code
from fundapp.clock import utcnow
from fundapp.db import db
from fundapp.models.fund import FundRoleKind
from fundapp.queries.call_drafts import working_content
from fundapp.queries.calls import current_version, definition_of
from fundapp.queries.text_desk import Standing, list_lines, list_rows
from fundapp.services.call_drafts import change_part
from fundapp.services.calls import import_call, publish_call
from fundapp.services.text_desk import NewText, open_language, review_texts, write_text
from tests.factories import FundRoleFactory


@pytest.fixture
def role(db_session):
    return FundRoleFactory()


@pytest.fixture
def call(role):
    call = import_call(with_code(reference_call(), "DESK"), fund=role.fund, actor=None, now=utcnow())
    db.session.flush()
    return call


@pytest.fixture
def manager(role, call, client_for):
    return client_for(role.user)


def address(call, rest="/so", language="en"):
    return f"/{language}/fund/calls/{call.id}/translations{rest}"


def line(call, unit="title", language="so"):
    return next(each for each in list_lines(call, language) if each.unit.id == unit)


def posted(call, unit="title", **fields):
    typed = {"t0-text": "Magac", "t0-by": "Amina"} | fields
    return {"at": "t0", "unit": unit, "rev": line(call, unit).rev, "show": "all"} | typed


def everything(call, language="so", *, leave_out=()):
    for each in list_lines(call, language):
        if each.unit.id not in leave_out and each.standing is not Standing.REVIEWED:
            write_text(
                call, each, NewText(f"{language} {each.unit.source}", "Amina"), actor=None, now=utcnow()
            )
    db.session.flush()
    seen = {each.unit.id: each.rev for each in list_lines(call, language) if each.text}
    review_texts(call, language, seen, by="Yusuf", actor=FundRoleFactory().user, now=utcnow())


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_list_says_how_far_each_language_is(manager, call, language):
    change_part(
        call, "question:E1", "label", "Do you work in London?", language="en", actor=None, now=utcnow()
    )
    db.session.flush()

    page = manager.get(address(call, "", language))

    assert page.status_code == 200
    assert page.text.count(">99%<") == 3
    assert f'href="{address(call, "/es", language)}"' in page.text


def test_a_text_is_written_and_the_page_says_who_wrote_it(manager, call):
    page = manager.get(address(call) + "?show=all")
    assert page.text.count('name="unit"') == 20
    assert 'lang="en"' in page.text

    sent = manager.post(address(call), data=posted(call))

    assert sent.status_code == 302
    assert sent.headers["Location"].endswith("/translations/so?show=all&page=1#t0")
    shown = manager.get(address(call) + "?show=draft").text
    assert "Magac" in shown
    assert "Translated by \u2068Amina\u2069" in shown
    assert 'value="Amina"' in shown  # the name is there for the next text


def test_what_was_typed_stays_when_something_is_missing(manager, call):
    page = manager.post(address(call), data=posted(call, **{"t0-by": ""}))

    assert page.status_code == 422
    assert "Magac" in page.text
    assert "Write the name of the person or the program." in page.text
    assert list_rows(call) == []


def test_what_was_typed_stays_when_somebody_else_was_quicker(manager, call):
    old = posted(call)
    manager.post(address(call), data=posted(call, **{"t0-text": "Kale"}))

    page = manager.post(address(call), data=old)

    assert page.status_code == 409
    assert "Magac" in page.text
    assert line(call).text == "Kale"


def test_what_was_typed_stays_when_its_text_is_not_among_those_shown_any_more(manager, call):
    """Nor at its place: its fields have the names that the next save looks for."""
    second = list_lines(call, "so")[1].unit.id
    old = posted(call, second, **{"t0-text": "", "t1-text": "Magac", "t1-by": "Amina"})
    old |= {"at": "t1", "show": "missing"}
    manager.post(address(call), data=posted(call, second, **{"t0-text": "Kale"}))

    page = manager.post(address(call), data=old)

    assert page.status_code == 409
    place = page.text[page.text.index('id="t0"') : page.text.index('id="t1"')]
    assert f'name="unit" value="{second}"' in place
    assert ('name="t0-text"' in place, "Magac</textarea>" in place, "Kale" in place) == (True, True, True)
    assert line(call, second).text == "Kale"


def test_ticks_stay_where_the_text_is_still_the_one_that_was_read(manager, call):
    first, second, third = (each.unit.id for each in list_lines(call, "so")[:3])
    for unit in (first, second, third):
        manager.post(address(call), data=posted(call, unit))
    seen = [f"{unit}|{line(call, unit).rev}" for unit in (first, second)]
    manager.post(address(call), data=posted(call, second, **{"t0-text": "Kale"}))

    page = manager.post(address(call, "/so/read"), data={"seen": seen, "by": "", "show": "draft"})

    assert page.status_code == 422
    boxes = re.findall(r'name="seen" value="([^|"]+)\|[^"]+"( checked)?', page.text)
    assert boxes == [(first, " checked"), (second, ""), (third, "")]


def test_a_changed_source_is_shown_before_and_after_and_can_keep_its_translation(manager, call, role):
    before = line(call, "question:Q5/label", "ar").unit.source
    change_part(call, "question:Q5", "label", "Other words?", language="en", actor=role.user, now=utcnow())
    db.session.flush()

    page = manager.get(address(call, "/ar?show=out_of_date"))
    assert before in page.text
    assert "Other words?" in page.text

    data = posted(call, "question:Q5/label") | {
        "rev": line(call, "question:Q5/label", "ar").rev,
        "keep": "yes",
    }
    assert manager.post(address(call, "/ar"), data=data).status_code == 302
    assert line(call, "question:Q5/label", "ar").standing is Standing.REVIEWED


def test_a_second_person_reads_and_never_the_first(manager, call):
    manager.post(address(call), data=posted(call))
    seen = {"seen": f"title|{line(call).rev}"}

    refused = manager.post(address(call, "/so/read"), data=seen | {"by": "amina"})
    assert refused.status_code == 409
    assert "read by somebody else than the person who wrote it" in refused.text
    assert manager.post(address(call, "/so/read"), data={"by": "Yusuf"}).status_code == 422
    assert manager.post(address(call, "/so/read"), data=seen | {"by": "Yusuf"}).status_code == 302
    assert line(call).standing is Standing.REVIEWED


def test_opening_says_which_texts_are_in_the_way_and_where(manager, call):
    everything(call, leave_out=("question:E1/label",))

    page = manager.post(address(call, "/so/open"), data={"as_draft": "yes"})

    assert page.status_code == 409
    assert "One text is in the way." in page.text
    assert "Missing: " in page.text
    assert '<bdi dir="ltr">question:E1/<wbr>label</bdi>' in page.text
    assert f'href="{address(call)}?show=in_the_way&amp;page=1"' in page.text


def test_publishing_says_which_language_nobody_has_read(manager, call, role):
    change_part(call, "question:Q5", "label", "سؤال؟", language="ar", actor=role.user, now=utcnow())
    db.session.flush()

    page = manager.get(f"/en/fund/calls/{call.id}")

    assert "One text in العربية has not been read by a second person" in page.text
    assert f"{address(call, '/ar')}?show=in_the_way" in page.text


def test_every_page_of_the_call_says_openly_that_a_language_is_a_draft(manager, call, role, client_for):
    write_text(call, line(call, language="ar"), NewText("عنوان", "Amina"), actor=None, now=utcnow())
    open_language(call, "ar", as_draft=True, actor=role.user, now=utcnow())
    publish_call(call, actor=role.user, now=utcnow())
    db.session.flush()

    say = re.compile(r'<p class="notice warn">[^<]*</p>')
    for path in ("", "/questions", "/co-design"):
        assert say.search(manager.get(f"/ar/calls/DESK{path}").text), path
        assert not say.search(manager.get(f"/es/calls/DESK{path}").text), path


def test_a_spreadsheet_goes_out_and_comes_back(manager, call):
    book = load_workbook(io.BytesIO(manager.get(address(call, "/so/texts.xlsx")).data))
    sheet = book["texts"]
    columns = {str(cell.value).partition(":")[0]: cell.column for cell in sheet[1]}
    sheet.cell(2, columns["text"]).value = "Magac"
    sheet.cell(2, columns["translated_by"]).value = "Amina"
    sheet.cell(2, columns["read_by"]).value = "Yusuf"
    sheet.cell(3, columns["text"]).value = "@Ujeeddo"
    sheet.cell(4, columns["text"]).value = "Xeer"
    sheet.cell(4, columns["unit"]).value = "question:Q99/label"
    gone = sheet.cell(5, columns["unit"]).value
    sheet.cell(5, columns["text"]).value = "Goob"
    change_of_source(call, gone)
    back = io.BytesIO()
    book.save(back)

    page = send_file(manager, call, back.getvalue(), maker="Hodan")

    assert page.status_code == 200
    assert line(call).standing is Standing.REVIEWED
    second = sheet.cell(3, columns["unit"]).value
    assert (line(call, second).text, line(call, second).row.made_by) == ("@Ujeeddo", "Hodan")
    assert line(call, gone).standing is Standing.OUT_OF_DATE
    assert "Row or line 4" in page.text
    assert "Xeer" in page.text  # what was not taken is not lost
    again = send_file(manager, call, manager.get(address(call, "/so/texts.xlsx")).data)
    assert "Nothing" not in again.text
    assert sorted(row.version for row in list_rows(call, "so")) == [1, 1, 2]


def change_of_source(call, unit):
    """In the working content, while the translator has the file."""
    from fundapp.call_file.edit import replaced
    from fundapp.queries.call_drafts import digest_of_working
    from fundapp.services.call_drafts import change_content

    content = working_content(call)
    path = line(call, unit).unit.path
    seen = digest_of_working(content)
    change_content(
        call, replaced(content, (*path, "en"), "Other words"), seen_digest=seen, actor=None, now=utcnow()
    )
    db.session.flush()


def send_file(manager, call, content, *, maker=""):
    data = {"file": (io.BytesIO(content), "texts"), "maker": maker}
    return manager.post(address(call, "/so/file"), data=data)


def test_a_po_file_goes_out_and_comes_back(manager, call):
    catalog = read_po(io.BytesIO(manager.get(address(call, "/so/texts.po")).data))
    units = {message.context: message for message in catalog if message.id}
    assert len(units) == len(list_lines(call, "so"))
    units["title"].string = "Magac"
    units["question:Q5/label"].string = "Su'aal?"
    back = io.BytesIO()
    write_po(back, catalog)

    page = send_file(manager, call, back.getvalue(), maker="Hodan")

    assert page.status_code == 200
    assert {row.unit: (row.text, row.made_by) for row in list_rows(call)} == {
        "title": ("Magac", "Hodan"),
        "question:Q5/label": ("Su'aal?", "Hodan"),
    }
    texts = {each.unit: each for each in read_po_file(manager.get(address(call, "/so/texts.po")).data, "so")}
    assert texts["title"].is_confirmed is False


@pytest.mark.parametrize(
    ("content", "say"),
    [
        (b"", "Choose a file first."),
        (b"PK\x03\x04nonsense", "This is not a spreadsheet."),
        (b'msgid "a', "cannot be read as a PO file"),
        (b"\xff\xfe\x00", "cannot be read as a PO file"),
    ],
)
def test_a_file_that_is_none_is_refused_in_a_sentence(manager, call, content, say):
    page = send_file(manager, call, content)

    assert page.status_code == 422
    assert say in page.text


def test_work_is_a_table_for_paying(manager, call):
    manager.post(address(call), data=posted(call, **{"t0-by": "=Amina"}))

    page = manager.get(address(call, "/work.csv"))

    words = len(line(call).unit.source.split())
    assert f"'=Amina,so,wrote,1,{words}" in page.text


@pytest.mark.parametrize("kind", [FundRoleKind.FINANCE, FundRoleKind.ADMIN])
def test_colleagues_read_and_change_nothing(role, call, client_for, kind):
    colleague = client_for(FundRoleFactory(fund=role.fund, kind=kind).user)

    assert 'name="unit"' not in colleague.get(address(call)).text
    assert colleague.post(address(call), data=posted(call)).status_code == 404


@pytest.mark.parametrize("language", ["en", "xx", "EN"])
def test_only_other_languages_of_ours_have_a_page(manager, call, language):
    assert manager.get(address(call, f"/{language}")).status_code == 404


def sheet_address(call):
    return f"/en/fund/calls/{call.id}/form-sheet"


def test_a_form_comes_back_from_a_spreadsheet_after_a_look(manager, call):
    out = read_xlsform(manager.get(f"/en/fund/calls/{call.id}/form.xlsx").data)
    text = out.form.sections[0].questions[0].label
    changed = rename_first(
        out, dataclasses.replace(text, texts=(("en", "Who?"), ("so", "Kuma?"), *text.texts[1:]))
    )

    preview = manager.post(sheet_address(call), data={"file": (io.BytesIO(changed), "form.xlsx")})

    assert preview.status_code == 200
    assert preview.text.count("<small>") == 1
    assert "Soomaali" in preview.text
    assert re.findall(r"<(del|ins)><bdi[^>]*>([^<]*)", preview.text) == [
        ("del", html.escape(text.in_language("en"))),
        ("ins", "Who?"),
    ]
    assert definition_of(current_version(call)).form == reference_call().form
    kept = dict(re.findall(r'type="hidden" name="(content|seen)" value="([^"]*)"', preview.text))
    done = manager.post(sheet_address(call), data=kept | {"yes": "yes"})
    assert "The questions are in the call" in done.text
    assert definition_of(current_version(call)).form.question("S1").label.find("en") == "Who?"
    assert line(call, "question:S1/label").standing is Standing.DRAFT
    assert line(call, "question:S1/label", "ar").standing is Standing.OUT_OF_DATE


def rename_first(form, label):
    section = form.form.sections[0]
    first = dataclasses.replace(section.questions[0], label=label)
    sections = (
        dataclasses.replace(section, questions=(first, *section.questions[1:])),
        *form.form.sections[1:],
    )
    whole = dataclasses.replace(form.form, sections=sections)
    return write_xlsform(dataclasses.replace(form, languages=(*form.languages, "so"), form=whole))


def test_every_part_of_a_question_has_a_word_for_its_change(manager, call):
    out = read_xlsform(manager.get(f"/en/fund/calls/{call.id}/form.xlsx").data)
    section = out.form.sections[0]
    first = dataclasses.replace(section.questions[0], used_for=(), criteria=("C1",), required=False)
    form = dataclasses.replace(
        out.form,
        sections=(
            dataclasses.replace(section, questions=(first, *section.questions[1:])),
            *out.form.sections[1:],
        ),
    )
    content = write_xlsform(dataclasses.replace(out, form=form))

    preview = manager.post(sheet_address(call), data={"file": (io.BytesIO(content), "form.xlsx")})

    assert "whether it must be answered · the criteria · what the answer is used for" in preview.text


def send_sheet(manager, call, sheet):
    return manager.post(sheet_address(call), data={"file": (io.BytesIO(sheet), "form.xlsx")})


def test_a_form_is_compared_with_questions_that_are_typed_and_not_in_the_call_yet(manager, call, role):
    out = read_xlsform(manager.get(f"/en/fund/calls/{call.id}/form.xlsx").data)
    old = html.escape(out.form.question("Q5").label.find("en"))
    change_part(call, "criterion:C1", "weight", 1, actor=role.user, now=utcnow())
    change_part(call, "question:Q5", "label", "Typed here", language="en", actor=role.user, now=utcnow())

    preview = send_sheet(manager, call, write_xlsform(out))

    assert re.findall(r"<(del|ins)><bdi[^>]*>([^<]*)", preview.text) == [("del", "Typed here"), ("ins", old)]


def test_a_form_waits_for_questions_that_cannot_be_read_yet(manager, call, role):
    out = manager.get(f"/en/fund/calls/{call.id}/form.xlsx").data
    change_part(call, "question:Q5", "label", "", language="en", actor=role.user, now=utcnow())

    refused = send_sheet(manager, call, out)

    assert (refused.status_code, 'name="yes"' in refused.text) == (409, False)
    assert "Nothing was changed" in refused.text
    assert "This is still to be done:" in refused.text
    assert f"/en/fund/calls/{call.id}/build" in refused.text


def test_a_column_that_is_not_there_takes_nothing_away(manager, call):
    out = read_xlsform(manager.get(f"/en/fund/calls/{call.id}/form.xlsx").data)
    content = write_xlsform(dataclasses.replace(out, languages=("en", "ar")))

    preview = manager.post(sheet_address(call), data={"file": (io.BytesIO(content), "form.xlsx")})

    assert "Nothing would change" in preview.text


def test_rows_that_cannot_be_taken_are_named(manager, call):
    page = manager.post(sheet_address(call), data={"file": (io.BytesIO(b"x"), "form.xlsx")})

    assert page.status_code == 422
    assert "This is not a spreadsheet." in page.text
    assert manager.post(sheet_address(call), data={"yes": "yes", "content": "%%%"}).status_code == 422
