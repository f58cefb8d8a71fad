"""The form filled by voice on every question: the panel finds the layout that it has for text."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from forms.definition import Question, Stage
from forms.pages.answer_media import may_be_spoken
from fundapp.db import db, unit_of_work
from fundapp.demo.sound import sound
from fundapp.jobs.files import check
from fundapp.models.answer_media import AnswerMedia
from fundapp.models.application import Application
from fundapp.models.file import StoredFile
from fundapp.queries.applications import definition_for
from tests.factories import (
    ApplicationFactory,
    FundRoleFactory,
    OrganisationMemberFactory,
    PanelFactory,
    PanelSeatFactory,
    ReviewAssignmentFactory,
)

CONTAINERS = ("webm", "mp4")  # as Android phones and iPhones record
OTHERS = {
    "Q8": {"Q8-0-what": "Rent", "Q8-0-amount": "40000"},
    "Q11_shares": {},
}


class Sections(HTMLParser):
    """The cards of a sheet: question, the parts below it in their order, and the text that is read."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.cards: list[dict[str, Any]] = []
        self._open: list[str] = []
        self._card: dict[str, Any] | None = None
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "section" and given.get("class") == "card":
            self._card = {"question": "", "parts": [], "text": ""}
            self.cards.append(self._card)
            self._open = []
        if self._card is None or tag in ("br", "input", "img"):
            return
        name = f"{tag}.{given['class']}" if given.get("class") else tag
        if len(self._open) == 1:
            self._card["parts"].append(name)
        self._open.append(name)

    def handle_endtag(self, tag: str) -> None:
        if self._card is not None and self._open:
            self._open.pop()
            if not self._open:
                self._card = None

    def handle_data(self, data: str) -> None:
        if self._card is not None and "h3" in self._open:
            self._card["question"] += data.strip()
        elif self._card is not None and "div.prose" in self._open:
            self._card["text"] += data


def what_is_said(question: Question) -> str:
    return f"Our answer about {question.key}."


@pytest.fixture
def call_people(db_session: Any, client_for: Any) -> tuple[FlaskClient, Any]:
    role = FundRoleFactory()
    return client_for(role.user), role


def group_with_draft(client_for: Any, fund_id: Any, call: Any = None) -> tuple[Application, FlaskClient]:
    application = ApplicationFactory(full=True, **({"call": call} if call else {}))
    application.call.fund_id = fund_id
    member = OrganisationMemberFactory(organisation=application.organisation)
    return application, client_for(member.user)


def questions(application: Application) -> Iterator[Question]:
    for question in definition_for(application).form.questions(Stage.FULL):
        if question.ask_if is None:
            yield question


def fill(member: FlaskClient, application: Application, *, by_voice: bool) -> int:
    """Question by question, as the pages lead; returns how many were spoken."""
    spoken = 0
    for number, question in enumerate(questions(application)):
        at = f"/en/applications/{application.id}/questions/{question.key}"
        if by_voice and may_be_spoken(question):
            container = CONTAINERS[number % len(CONTAINERS)]
            assert f'href="{at}/media"' in member.get(at).text
            file = (io.BytesIO(sound(container)), f"answer.{container}")
            data = {"kind": "voice", "once": question.key, "file": file}
            answer = member.post(f"{at}/media", data=data, content_type="multipart/form-data")
            spoken += 1
        else:
            typed = OTHERS.get(question.key, {question.key: what_is_said(question)})
            data = {**typed, "answer_language": "en", "rev": "0", "once": "a", "go": "next"}
            answer = member.post(at, data=data)
        assert answer.status_code == 302, answer.text
    return spoken


def all_checked() -> None:
    """What the worker does with each file, one after the other."""
    db.session.commit()
    for file_id in db.session.execute(sa.select(StoredFile.id)).scalars().all():
        store = check({"file_id": str(file_id)})
        with unit_of_work():
            store()
    kept = db.session.execute(sa.select(StoredFile.status, StoredFile.kind, StoredFile.seconds)).all()
    assert {tuple(each) for each in kept} <= {("clean", "audio", 1), ("clean", "audio", 2)}


def read_by_panel(reader: FlaskClient, assignment_id: Any) -> dict[str, dict[str, Any]]:
    """Everything on the sheet and on the pages of all criteria, by question."""
    sheet = reader.get(f"/en/readings/{assignment_id}").text
    pages = [sheet]
    for address in dict.fromkeys(re.findall(rf'href="([^"]*/readings/{assignment_id}/criteria/\w+)"', sheet)):
        pages.append(reader.get(address).text)
    return {card["question"]: card for page in pages for card in Sections(page).cards if card["question"]}


@pytest.mark.slow
def test_form_filled_by_voice_reaches_the_panel_in_the_layout_of_text(
    app: Flask, call_people: tuple[FlaskClient, Any], client_for: Any
) -> None:
    staff, role = call_people
    written, writer = group_with_draft(client_for, role.fund_id)
    voiced, speaker = group_with_draft(client_for, role.fund_id, written.call)

    assert fill(writer, written, by_voice=False) == 0
    assert fill(speaker, voiced, by_voice=True) == 10  # Q2 to Q7 and Q9 to Q12
    for member, application in ((writer, written), (speaker, voiced)):
        sent = member.post(f"/en/applications/{application.id}/submit")
        assert sent.location.endswith("/receipt"), sent.text
    all_checked()
    db.session.commit()
    write_down_everything(staff, voiced)

    seat = PanelSeatFactory(panel=PanelFactory(call=written.call))
    reader = client_for(seat.user)
    read = {}
    for application in (written, voiced):
        application.status = "in_review"
        assignment = ReviewAssignmentFactory(seat=seat, application=application)
        read[application.id] = read_by_panel(reader, assignment.id)

    texts, voices = read[written.id], read[voiced.id]
    assert list(texts) == list(voices)
    spoken = {q.label.in_language("en"): q for q in questions(voiced) if may_be_spoken(q)}
    assert spoken.keys() <= texts.keys()
    for label, question in spoken.items():
        text, voice = texts[label], voices[label]
        # the question, then what is read, in the same place; the player stands behind it
        assert text["parts"] == ["h3", "div.prose"]
        assert voice["parts"] == ["h3", "div.prose", "p.soft", "div.file"]
        assert text["text"] == voice["text"] == what_is_said(question)
    for label in texts.keys() - spoken.keys():
        assert texts[label]["parts"] == voices[label]["parts"]


def write_down_everything(staff: FlaskClient, application: Application) -> None:
    """From the list of what waits, one after the other, until nothing does."""
    labels = {question.key: question for question in questions(application)}
    for media in db.session.execute(sa.select(AnswerMedia)).scalars().all():
        words = what_is_said(labels[media.answer.question_key])
        page = staff.post(
            f"/en/fund/applications/{application.id}/recordings/{media.id}",
            data={"text": words, "answer_language": "en", "rev": "0", "once": str(media.id)},
        )
        assert page.status_code == 302, page.text
    listed = staff.get(f"/en/fund/calls/{application.call_id}/recordings")
    assert "Every recording is written down." in listed.text
