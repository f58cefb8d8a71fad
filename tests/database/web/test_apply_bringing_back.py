"""A file that somebody has written in comes back: it fills the draft and writes over nothing unseen."""

from __future__ import annotations

import json
import re
from io import BytesIO

import pytest
import sqlalchemy as sa
from docx import Document

from fundapp.db import db
from fundapp.documents.codes import find_code
from fundapp.lifecycles import ApplicationStatus
from fundapp.models.answer_media import OriginKind
from fundapp.models.application import Answer, AnswerRevision, Application
from tests.database.web.test_apply_kinds import asked_as
from tests.factories import (
    AnswerFactory,
    ApplicationFactory,
    CallFactory,
    OrganisationMemberFactory,
)
from tests.published import published_with
from tests.reference import reference_content

pytestmark = pytest.mark.usefixtures("db_session")
HERE = "bring-back"


class Draft:
    """A draft, the browser of somebody who writes it, and files made from it."""

    def __init__(self, client_for, application: Application | None = None) -> None:
        self.application = application or ApplicationFactory()
        self.browser = client_for(OrganisationMemberFactory(organisation=self.application.organisation).user)
        self.address = f"/en/applications/{self.application.id}"

    def save(self, key: str, text: str, once: str) -> None:
        saved = self.answers().get(key)
        form = {key: text, "answer_language": "en", "rev": saved.rev if saved else 0, "once": once}
        assert self.browser.post(f"{self.address}/questions/{key}", data=form).status_code == 302

    def file(self) -> bytes:
        return self.browser.get(f"{self.address}/draft.docx").data

    def bring(self, content: bytes, name: str = "draft.docx", once: str = "one"):
        data = {"file": (BytesIO(content), name), "once": once}
        return self.browser.post(f"{self.address}/{HERE}", data=data, content_type="multipart/form-data")

    def answers(self) -> dict[str, Answer]:
        db.session.expire_all()
        query = sa.select(Answer).where(Answer.application_id == self.application.id)
        return {each.question_key: each for each in db.session.execute(query).scalars()}

    def texts(self) -> dict[str, object]:
        return {key: each.value for key, each in self.answers().items()}


@pytest.fixture
def draft(client_for) -> Draft:
    return Draft(client_for)


def written(data: bytes, **answers: str) -> bytes:
    """What a person types into the cells below the codes."""
    document = Document(BytesIO(data))
    for table in document.tables:
        code = find_code(table.cell(0, 0).text)
        if code and code.key in answers:
            table.cell(1, 0).text = answers[code.key]
    file = BytesIO()
    document.save(file)
    return file.getvalue()


def words(page) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page.text).split())


def test_file_fills_the_draft_and_says_where_the_text_is_from(draft):
    text = "ንሕና ጉጅለ ደቂ ኣንስትዮ ኢና።\nኣብ ሰሙን ሓደ ግዜ ንራኸብ።"
    choice = "☐ A: one organisation\n☐ B: partnership\nX C: starter grant"

    page = draft.bring(written(draft.file(), S1=text, S3=choice, S3_amount="٥٠٠٠"))

    assert page.status_code == 200
    assert draft.texts() == {"S1": text, "S3": "C", "S3_amount": "5000.00"}
    assert "3 answers are saved from your file." in words(page)
    answer = draft.answers()["S1"]
    assert answer.origin.kind is OriginKind.DOCUMENT
    assert "Brought from a document." in draft.browser.get(f"{draft.address}/questions/S1").text
    assert draft.answers()["S3_amount"].application.amount_requested == 5000


def test_language_of_the_text_is_guessed_and_may_be_changed(draft):
    pytest.importorskip("pycld2")
    draft.bring(written(draft.file(), S1="ንሕና ጉጅለ ደቂ ኣንስትዮ ኢና። ኣብ ሰሙን ሓደ ግዜ ንራኸብ።"))

    assert draft.answers()["S1"].language == "ti"
    page = draft.browser.get(f"{draft.address}/questions/S1").text
    assert re.search(r"<option[^>]* selected[^>]*>ትግርኛ</option>", page)


def test_same_file_twice_and_an_unchanged_file_change_nothing(draft):
    draft.save("S1", "First.", "a")
    file = written(draft.file(), S2="New.")

    pages = [draft.bring(file, once=once) for once in ("one", "one", "two")]
    untouched = draft.bring(draft.file())

    assert ["1 answer is saved" in words(page) for page in pages] == [True, False, False]
    assert "0 answers are saved" in words(untouched)
    assert {key: each.rev for key, each in draft.answers().items()} == {"S1": 1, "S2": 1}
    assert draft.answers()["S1"].origin is None


def test_newer_text_is_never_written_over_and_both_are_shown(draft):
    draft.save("S1", "First.", "a")
    file = written(draft.file(), S1="From the file.")
    draft.save("S1", "Newer on the page.", "b")

    page = draft.bring(file)

    assert draft.texts()["S1"] == "Newer on the page."
    assert "Changed here meanwhile" in words(page)
    assert "Newer on the page." in page.text
    assert "From the file.</textarea>" in page.text
    revisions = db.session.execute(sa.select(AnswerRevision.value, AnswerRevision.rev)).all()
    assert ("From the file.", None) in [tuple(each) for each in revisions]


def application_asking_partnerships() -> Application:
    """One question only if the group has said that it is a partnership."""
    call = CallFactory()
    form = reference_content(call.code)["form"]
    questions = form["sections"][0]["questions"]
    place = [each["key"] for each in questions].index("S3") + 1
    questions.insert(place, asked_as("text") | {"ask_if": {"eq": ["S3", "B"]}})
    published_with(call, form=form)
    return ApplicationFactory(call=call)


def test_both_texts_are_shown_where_the_file_itself_ends_the_question(client_for):
    draft = Draft(client_for, application_asking_partnerships())
    draft.save("S3", "B", "a")
    draft.save("X1", "First.", "b")
    choice = "☐ A: one organisation\n☐ B: partnership\nX C: starter grant"
    file = written(draft.file(), S3=choice, X1="From the file.")
    draft.save("X1", "Newer on the page.", "c")

    page = draft.bring(file)

    assert page.status_code == 200
    assert draft.texts() == {"S3": "C", "X1": "Newer on the page."}
    text = words(page).split("Changed here meanwhile")[1]
    assert "What is saved now Newer on the page. What your file says From the file." in text
    assert "This question is not asked at the moment." in text
    assert "<textarea" not in page.text


def test_text_of_the_file_can_be_chosen_afterwards(draft):
    draft.save("S1", "First.", "a")
    file = written(draft.file(), S1="From the file.")
    draft.save("S1", "Newer on the page.", "b")
    page = draft.bring(file).text

    once, rev = (
        re.search(rf'name="{name}" value="([^"]+)"', page.split("Changed here")[1])[1]
        for name in ("once", "rev")
    )
    form = {"S1": "Both joined.", "once": once, "rev": rev, "answer_language": "en", "go": "later"}
    saved = draft.browser.post(f"{draft.address}/questions/S1", data=form)

    assert (saved.status_code, draft.texts()["S1"]) == (302, "Both joined.")


def test_text_that_the_file_did_not_change_leaves_the_newer_one_alone(draft):
    draft.save("S1", "First.", "a")
    file = written(draft.file(), S2="New in the file.")
    draft.save("S1", "Newer on the page.", "b")

    page = draft.bring(file)

    assert draft.texts() == {"S1": "Newer on the page.", "S2": "New in the file."}
    assert "Changed here meanwhile" not in words(page)


def test_place_that_was_emptied_keeps_what_is_saved_and_says_so(draft):
    draft.save("S1", "First.", "a")

    page = draft.bring(written(draft.file(), S1=""))

    assert draft.texts() == {"S1": "First."}
    assert "Empty in your file, so we kept what is saved" in words(page)


def test_file_of_another_draft_fills_what_is_empty_and_asks_about_the_rest(draft, client_for):
    other = Draft(client_for)
    other.save("S1", "Of the other draft.", "a")
    other.save("S2", "Also of the other.", "a")
    draft.save("S1", "Here already.", "a")

    page = draft.bring(other.file())

    assert draft.texts() == {"S1": "Here already.", "S2": "Also of the other."}
    assert "Of the other draft.</textarea>" in page.text


def test_blank_form_of_the_call_fills_an_empty_draft(draft):
    blank = draft.browser.get(f"/ar/calls/{draft.application.call.code}/forms/eoi.docx").data

    page = draft.bring(written(blank, S1="Hello from the blank form."))

    assert draft.texts() == {"S1": "Hello from the blank form."}
    assert "Text outside the boxes" not in words(page)


def test_everything_that_cannot_be_used_is_listed_with_its_text(draft):
    full = draft.browser.get(f"/en/calls/{draft.application.call.code}/forms/full.docx").data
    wrong = written(draft.file(), S1="word " * 130, S3_amount="about five thousand", S3="We do not know")
    document = Document(BytesIO(wrong))
    document.add_paragraph("Written below everything <b>.")
    file = BytesIO()
    document.save(file)

    page = draft.bring(file.getvalue())
    later = draft.bring(written(full, Q2="An answer for later."))

    text = words(page)
    assert "These answers are longer than the limit" in text
    assert "130 of 100 words" in text
    assert "about five thousand" in text
    assert "We cannot see which answer is marked." in text
    assert "Text outside the boxes" in text
    assert "Written below everything &lt;b&gt;." in text
    assert list(draft.texts()) == ["S1"]
    assert "This question is not asked at the moment." in words(later)
    assert "An answer for later." in words(later)


def test_copy_as_data_fills_an_empty_draft_of_the_same_call(draft, client_for):
    other = ApplicationFactory(call=draft.application.call)
    for key, value in (
        ("S1", "نحن مجموعة من النساء."),
        ("S3", "A"),
        ("S3_amount", "5000.00"),
        ("Q2", "Later."),
    ):
        AnswerFactory(application=other, question_key=key, value=value, language="ar")
    writer = client_for(OrganisationMemberFactory(organisation=other.organisation).user)
    copy = writer.get(f"/en/applications/{other.id}/copy.json").data

    page = draft.bring(copy, "copy.json")

    assert draft.texts() == {"S1": "نحن مجموعة من النساء.", "S3": "A", "S3_amount": "5000.00"}
    assert draft.answers()["S1"].language == "ar"
    assert "This question is not asked at the moment." in words(page)


def test_copy_as_data_does_not_write_over_other_texts(draft):
    draft.save("S1", "Here already.", "a")

    page = draft.bring(json.dumps({"answers": [{"question": "S1", "answer": "Old."}]}).encode(), "copy.json")

    assert draft.texts() == {"S1": "Here already."}
    assert "Old.</textarea>" in page.text


@pytest.mark.parametrize(
    "content", [b"", b"PK\x03\x04", b"%PDF-1.4", b"\xd0\xcf\x11\xe0", b"{", b'{"answers": []}', b"\x00" * 100]
)
def test_file_that_is_none_of_ours_is_refused_in_words(draft, content):
    page = draft.bring(content)

    assert page.status_code == 422
    assert 'href="#file"' in page.text
    assert draft.texts() == {}


def test_file_with_macros_is_refused(draft):
    import zipfile

    file = BytesIO(draft.file())
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr("word/vbaProject.bin", b"\xd0\xcf\x11\xe0")

    assert draft.bring(file.getvalue()).status_code == 422


def test_sent_application_takes_no_file(draft):
    file = written(draft.file(), S1="Late.")
    application = draft.application
    application.submitted_at, application.receipt = application.created_at, "R1"
    application.status = ApplicationStatus.SUBMITTED

    assert draft.bring(file).status_code == 409
    assert draft.texts() == {}
    assert draft.browser.get(f"{draft.address}/{HERE}").status_code == 302


@pytest.mark.parametrize("language", ["en", "es", "ar", "uk"])
def test_file_in_each_language_comes_back_without_strange_texts(draft, language):
    draft.save("S1", "Circle! نحن نساء\n\nThree lines.", "a")
    file = draft.browser.get(f"/{language}/applications/{draft.application.id}/draft.docx").data

    page = draft.bring(written(file, S2="مرحبا!"))

    assert draft.texts()["S2"] == "مرحبا!"
    assert draft.answers()["S1"].rev == 1
    assert "Text outside the boxes" not in words(page)
