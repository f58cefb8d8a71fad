"""A question that asks for a recording: the recording is the answer, and nobody has to have a microphone."""

from __future__ import annotations

import io
from typing import Any

import pytest
import sqlalchemy as sa

from fundapp.db import db
from fundapp.demo.sound import sound
from fundapp.models.answer_media import AnswerMedia
from fundapp.models.application import Application
from fundapp.queries.applications import definition_for
from fundapp.queries.drafts import readiness_of
from fundapp.queries.redaction import without_transcript
from tests.database.web.test_apply_kinds import application_asking
from tests.factories import FundRoleFactory, OrganisationMemberFactory


class Draft:
    def __init__(self, client_for: Any) -> None:
        self.application: Application = application_asking("voice")
        self.member = client_for(OrganisationMemberFactory(organisation=self.application.organisation).user)
        self.address = f"/en/applications/{self.application.id}"
        self.question = f"{self.address}/questions/X1"
        self.media = f"{self.question}/media"

    def speak(self, once: str = "a") -> Any:
        data = {"kind": "voice", "once": once, "file": (io.BytesIO(sound()), "talk.webm")}
        return self.member.post(self.media, data=data, content_type="multipart/form-data")

    def write(self, text: str, rev: int = 0) -> Any:
        data = {"X1": text, "rev": str(rev), "once": text[:5], "answer_language": "en"}
        return self.member.post(self.question, data=data)

    @property
    def missing(self) -> list[str]:
        db.session.expire_all()
        return [question.key for question in readiness_of(self.application).missing]


@pytest.fixture
def draft(db_session: Any, client_for: Any) -> Draft:
    return Draft(client_for)


def test_question_leads_to_recording_and_writing_is_one_link_away(draft: Draft):
    there = draft.member.get(f"{draft.question}?back=check")
    page = draft.member.get(there.location)

    assert there.location == f"{draft.media}?back=check"
    for words in (
        "<h1>A question of its own kind</h1>",
        "To try it.",
        "Up to 2 minutes",
        "100 written words",
    ):
        assert words in page.text
    assert page.text.count("<h1") == 1
    assert f'href="{draft.question}?write=yes"' in page.text
    assert f'href="{draft.address}/check"' in page.text
    assert "microphone=(self)" in page.headers["Permissions-Policy"]
    written = draft.member.get(f"{draft.question}?write=yes")
    assert 'name="X1"' in written.text
    assert f'href="{draft.media}"' in written.text


def test_recording_is_the_answer(draft: Draft):
    assert "X1" in draft.missing

    assert draft.speak().location == draft.media

    assert "X1" not in draft.missing
    assert "This question is answered" in draft.member.get(draft.media).text
    assert "Voice recording" in draft.member.get(f"{draft.address}/check").text
    assert "[Voice recording]" in draft.member.get(f"{draft.address}/copy.txt").text
    assert without_transcript(draft.application) == 1
    (media,) = db.session.execute(sa.select(AnswerMedia)).scalars()
    draft.member.post(f"{draft.address}/recordings/{media.id}/remove")
    assert "X1" in draft.missing


def test_what_is_written_is_an_answer_too_and_is_shown_where_it_was_written(draft: Draft):
    draft.write("We meet every Friday.")

    assert "X1" not in draft.missing
    page = draft.member.get(draft.question)
    assert page.status_code == 200
    assert "We meet every Friday." in page.text
    many = draft.write("word " * 120, rev=1)
    assert "Saved, and a little long" in many.text


def test_text_can_be_pasted_or_said_on_the_phone(draft: Draft, client_for: Any):
    staff = client_for(FundRoleFactory(fund=draft.application.call.fund).user)

    assert draft.member.get(f"{draft.question}/pasted").status_code == 200
    phone = f"/en/fund/applications/{draft.application.id}/phone/X1"
    assert staff.get(phone).status_code == 200


def test_paper_says_that_a_recording_is_asked_for(draft: Draft):
    section = definition_for(draft.application).form.sections[0]

    text = draft.member.get(f"{draft.address}/draft.docx")

    assert section.questions[0].is_in_words
    assert text.status_code == 200
