"""A list of entries from the page to every place an answer goes, without a script."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
import sqlalchemy as sa
from docx import Document

from fundapp.db import db
from fundapp.models.application import Answer, Application
from fundapp.models.redaction import RedactedCopy
from fundapp.queries.drafts import readiness_of
from fundapp.queries.read_copies import value_in
from fundapp.queries.redaction import first_text, pieces_of, questions_read
from tests.database.web.test_apply_kinds import application_asking
from tests.factories import AnswerFactory, OrganisationMemberFactory

AMINA, OMAR = {"name": "Amina", "team": "red"}, {"name": "Omar", "team": "blue"}


class Draft:
    def __init__(self, client_for: Any) -> None:
        self.application: Application = application_asking("entries")
        member = OrganisationMemberFactory(organisation=self.application.organisation)
        self.browser = client_for(member.user)
        self.address = f"/en/applications/{self.application.id}"
        self.page = f"{self.address}/questions/X1"
        self.saves = 0

    def send(self, *entries: dict[str, str], **pressed: str) -> Any:
        inputs = {f"X1-{n}-{name}": text for n, entry in enumerate(entries) for name, text in entry.items()}
        rows = {"X1-row": [str(number) for number in range(len(entries))]}
        buttons = {f"X1-{name}": value for name, value in pressed.items()}
        self.saves += 1
        answer = self.find()
        rev = {"rev": str(answer.rev if answer else 0), "once": str(self.saves), "answer_language": "en"}
        return self.browser.post(self.page, data={**inputs, **rows, **buttons, **rev})

    def find(self) -> Answer | None:
        db.session.expire_all()
        return db.session.execute(sa.select(Answer).where(Answer.question_key == "X1")).scalar_one_or_none()

    @property
    def stored(self) -> object:
        answer = self.find()
        return answer.value if answer else None


@pytest.fixture
def draft(db_session: Any, client_for: Any) -> Draft:
    return Draft(client_for)


def test_another_entry_is_added_by_a_button_and_what_was_typed_is_saved(draft: Draft):
    first = draft.browser.get(draft.page).text

    added = draft.send(AMINA, add="yes")

    assert 'name="X1-0-name"' in first
    assert 'name="X1-1-name"' not in first
    assert added.location == f"{draft.page}?more=yes#X1-1-name"
    assert draft.stored == [AMINA]
    again = draft.browser.get(f"{draft.page}?more=yes").text
    assert 'value="Amina"' in again
    assert 'name="X1-1-name"' in again
    assert 'name="X1-2-name"' not in again


def test_entry_is_taken_away_and_stays_in_the_history(draft: Draft):
    draft.send(AMINA, OMAR)

    taken = draft.send(AMINA, OMAR, remove="0")

    assert taken.location == draft.page
    assert draft.stored == [OMAR]
    assert "Amina" in draft.browser.get(f"{draft.page}/history").text


def test_adding_with_something_wrong_keeps_all_that_was_typed(draft: Draft):
    wrong = {**AMINA, "since-day": "31", "since-month": "2", "since-year": "2020"}

    page = draft.send(wrong, {"name": "Omar"}, add="yes")

    assert page.status_code == 422
    assert draft.stored == [AMINA, {"name": "Omar"}]
    for typed in ('value="Amina"', 'value="31"', 'value="Omar"', 'name="X1-2-name"'):
        assert typed in page.text
    assert "Answer this too, or take the whole entry away." in page.text


def test_key_enter_presses_no_button_that_takes_an_entry_away(draft: Draft):
    page = draft.browser.get(draft.page).text
    form = page[page.index("data-autosave=") :]

    assert form.index('name="go"') < form.index("X1-remove")


def test_half_an_entry_is_a_missing_answer(draft: Draft):
    draft.send({"name": "Amina"})

    def missing() -> list[str]:
        db.session.expire_all()
        return [question.key for question in readiness_of(draft.application).missing]

    assert "X1" in missing()
    draft.send(AMINA)
    assert "X1" not in missing()


def test_address_in_an_entry_gets_a_second_look(draft: Draft):
    page = draft.send({**AMINA, "name": "Amina, 07700 900123"})

    assert "07700 900123" in page.text
    assert page.status_code == 200
    assert draft.stored == [{**AMINA, "name": "Amina, 07700 900123"}]


def test_autosave_keeps_entries(draft: Draft):
    data = {"X1-row": "0", "X1-0-name": "Amina", "rev": "0", "once": "a", "answer_language": "en"}

    saved = draft.browser.post(f"{draft.page}/autosave", data=data)

    assert saved.json["complete"] is False
    assert draft.stored == [{"name": "Amina"}]


def test_list_travels_as_data_and_as_a_word_file(draft: Draft, client_for: Any):
    full = [{**AMINA, "since": "2020-01-05"}, OMAR]
    AnswerFactory(application=draft.application, question_key="X1", value=full, language="en")
    copy = draft.browser.get(f"{draft.address}/copy.json").data
    paper = draft.browser.get(f"{draft.address}/draft.docx").data

    for name, content in (("copy.json", copy), ("draft.docx", paper)):
        other = Draft(client_for)
        data = {"file": (BytesIO(content), name), "once": name}
        other.browser.post(f"{other.address}/bring-back", data=data, content_type="multipart/form-data")
        kept = sa.select(Answer).where(Answer.application_id == other.application.id)
        brought = {each.question_key: each for each in db.session.execute(kept).scalars()}
        assert brought["X1"].value == full


def test_word_file_that_was_written_in_comes_back(draft: Draft):
    document = Document(BytesIO(draft.browser.get(f"{draft.address}/draft.docx").data))
    table = next(each for each in document.tables if "X1" in each.cell(0, 0).text)
    labels = [row.cells[0].text for row in table.rows]
    first = labels.index("First name")
    table.cell(first, 1).text = "أمينة"
    table.cell(first + 1, 1).text = table.cell(first + 1, 1).text.replace("☐ Blue", "☒ Blue")
    file = BytesIO()
    document.save(file)

    draft.browser.post(
        f"{draft.address}/bring-back",
        data={"file": (BytesIO(file.getvalue()), "draft.docx"), "once": "a"},
        content_type="multipart/form-data",
    )

    assert draft.stored == [{"name": "أمينة", "team": "blue"}]
    table.cell(first, 0).text = "Amina wrote here"
    file = BytesIO()
    document.save(file)
    page = draft.browser.post(
        f"{draft.address}/bring-back",
        data={"file": (BytesIO(file.getvalue()), "draft.docx"), "once": "b"},
        content_type="multipart/form-data",
    )
    assert "We cannot tell what belongs where." in page.text
    assert "Amina wrote here" in page.text


def test_copy_without_names_holds_only_what_was_confirmed(db_session: Any):
    application = application_asking("entries", section=-1)
    value = [{**AMINA, "name": "Amina of Hope Kitchen"}, {**OMAR, "since": "2020-01-05"}]
    answer = AnswerFactory(application=application, question_key="X1", value=value, language="en")
    db.session.expire(application)
    question = next(each for each in questions_read(application) if each.key == "X1")

    found = pieces_of(application)
    nothing = value_in(RedactedCopy(shown={}), question, answer)
    shown = {
        each.key: {"text": first_text(each, (["Hope Kitchen"], [])), "of": each.digest} for each in found
    }
    copy = value_in(RedactedCopy(shown=shown), question, answer)

    assert [each.text for each in found] == ["Amina of Hope Kitchen", "Omar"]
    assert [entry.values["name"] for entry in nothing] == ["–", "–"]
    assert [entry.values["name"] for entry in copy] == ["Amina of […]", "Omar"]
    assert [entry.values["team"] for entry in copy] == ["red", "blue"]
