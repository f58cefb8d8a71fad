"""A question that is answered with files: sent without a script, checked, read by those who may."""

from __future__ import annotations

import io
from typing import Any

import pytest
import sqlalchemy as sa

from fundapp.db import db, unit_of_work
from fundapp.jobs.files import check
from fundapp.lifecycles import ApplicationStatus, FileStatus
from fundapp.models.answer_media import AnswerMedia, MediaForm
from fundapp.models.application import Application
from fundapp.queries.drafts import readiness_of
from fundapp.queries.recordings import list_without_transcript
from fundapp.queries.redaction import without_transcript
from tests.database.web.test_apply_kinds import application_asking
from tests.factories import (
    ConflictFactory,
    FundRoleFactory,
    OrganisationMemberFactory,
    PanelSeatFactory,
    ReviewAssignmentFactory,
    days,
)
from tests.file_checks.makers import docx, pdf, photo


class Draft:
    def __init__(self, client_for: Any, section: int = 0) -> None:
        self.application: Application = application_asking("file", section)
        self.member = client_for(OrganisationMemberFactory(organisation=self.application.organisation).user)
        self.address = f"/en/applications/{self.application.id}"
        self.page = f"{self.address}/questions/X1/media"

    def send(self, content: bytes, name: str, once: str = "a") -> Any:
        data = {"once": once, "file": (io.BytesIO(content), name)}
        return self.member.post(self.page, data=data, content_type="multipart/form-data")

    def press(self, what: str, media: AnswerMedia) -> Any:
        return self.member.post(f"{self.address}/recordings/{media.id}/{what}")


@pytest.fixture
def draft(db_session: Any, client_for: Any) -> Draft:
    return Draft(client_for)


def kept() -> list[AnswerMedia]:
    db.session.expire_all()
    query = sa.select(AnswerMedia).order_by(AnswerMedia.position)
    return list(db.session.execute(query).scalars())


def checked(media: AnswerMedia) -> None:
    store = check({"file_id": str(media.file_id)})
    with unit_of_work():
        store()


def test_question_leads_to_the_page_where_files_are_sent(draft: Draft):
    there = draft.member.get(f"{draft.address}/questions/X1?back=check")
    page = draft.member.get(there.location)

    assert there.location == f"{draft.page}?back=check"
    assert page.status_code == 200
    for words in (
        "A question of its own kind",
        "To try it.",
        "You can send 2 more files",
        'accept="application/pdf',
    ):
        assert words in page.text
    assert f'href="{draft.address}/check"' in page.text
    assert "microphone=()" in page.headers["Permissions-Policy"]


def test_file_is_sent_checked_and_read_by_those_who_may(db_session: Any, client_for: Any):
    draft = Draft(client_for, section=-1)
    draft.application.stage = "full"
    draft.application.eoi_submitted_at = days(-2)
    db.session.flush()

    sent = draft.send(pdf(), "Our plan.pdf")

    assert sent.location == draft.page
    (media,) = kept()
    assert (media.form, media.file.status) == (MediaForm.FILE, FileStatus.QUARANTINED)
    assert "We are still checking this file." in draft.member.get(draft.page).text
    checked(media)
    assert "Download this file" in draft.member.get(draft.page).text
    for copy in ("check", "copy.html", "copy.txt"):
        text = draft.member.get(f"{draft.address}/{copy}").text
        assert "Our plan.pdf" in text
        assert "Nobody has written down yet" not in text
    draft.application.status, draft.application.submitted_at = ApplicationStatus.IN_REVIEW, days(-1)
    draft.application.receipt = "R1"
    db.session.flush()
    reader = PanelSeatFactory()
    assignment = ReviewAssignmentFactory(application=draft.application, seat=reader)
    panel, stranger = client_for(reader.user), client_for(PanelSeatFactory().user)
    address = f"/files/{media.file_id}"
    assert "Our plan.pdf" in panel.get(f"/en/readings/{assignment.id}").text
    assert panel.get(address).status_code == 200
    assert stranger.get(address).status_code == 404
    manager, tied = (FundRoleFactory(fund=draft.application.call.fund).user for _each in range(2))
    call_id, group = draft.application.call_id, draft.application.organisation
    ConflictFactory(user=tied, call_id=call_id, organisation=group)
    assert client_for(manager).get(address).status_code == 200
    assert client_for(tied).get(address).status_code == 404
    assert list_without_transcript(draft.application.call, reader=manager) == []
    assert without_transcript(draft.application) == 0
    page = client_for(manager).get(f"/en/fund/applications/{draft.application.id}").text
    assert "Our plan.pdf" in page
    assert "Write down what is said" not in page


def test_copy_without_names_says_that_there_are_files_and_shows_none(db_session: Any, client_for: Any):
    draft = Draft(client_for, section=-1)
    draft.application.stage, draft.application.eoi_submitted_at = "full", days(-2)
    db.session.flush()
    draft.send(photo("jpeg"), "Amani House.jpg")
    (media,) = kept()
    checked(media)
    draft.application.status, draft.application.submitted_at = ApplicationStatus.IN_REVIEW, days(-1)
    draft.application.receipt = "R1"
    reader = PanelSeatFactory()
    assignment = ReviewAssignmentFactory(application=draft.application, seat=reader)
    reader.panel.names_are_hidden = True
    db.session.flush()

    panel = client_for(reader.user)
    page = panel.get(f"/en/readings/{assignment.id}").text

    assert "The group answered with files. A copy without names does not show them." in page
    assert "Amani House" not in page
    assert panel.get(f"/files/{media.file_id}").status_code == 404


def test_missing_file_is_a_missing_answer(draft: Draft):
    def missing() -> list[str]:
        db.session.expire_all()
        return [question.key for question in readiness_of(draft.application).missing]

    assert "X1" in missing()
    draft.send(photo("jpeg"), "place.jpg")
    assert "X1" not in missing()
    draft.press("remove", kept()[0])
    assert "X1" in missing()


def test_no_more_files_than_the_question_takes(draft: Draft):
    draft.send(pdf(), "one.pdf", "a")
    draft.send(photo("png"), "two.png", "b")

    third = draft.send(pdf(), "three.pdf", "c")

    assert third.status_code == 422
    assert "This question has all the files it can take." in third.text
    first, _second = kept()
    draft.press("remove", first)
    assert draft.send(pdf(), "three.pdf", "d").status_code == 302
    assert draft.press("restore", first).status_code == 422
    assert [each.removed_at is None for each in kept()] == [False, True, True]
    assert "There is room for 2 files." in draft.member.get(draft.page).text


def test_same_page_sent_twice_keeps_one_file(draft: Draft):
    for _time in range(2):
        assert draft.send(pdf(), "one.pdf").status_code == 302

    assert len(kept()) == 1


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"", "", "We got no file, or an empty one."),
        (b"MZ\x90\x00 a program", "plan.exe", "We cannot use this type of file"),
        (b"OggS\x00\x02" + b"\x00" * 30 + b"OpusHead", "talk.ogg", "This kind of file does not fit here"),
    ],
)
def test_what_the_question_does_not_take_is_refused_with_what_to_do(
    draft: Draft, content: bytes, name: str, words: str
):
    page = draft.send(content, name)

    assert page.status_code == 422
    assert words in page.text
    assert '<a href="#file">' in page.text
    assert kept() == []


def test_ways_of_recordings_are_not_those_of_files(draft: Draft):
    draft.send(docx(), "plan.docx")
    (media,) = kept()

    assert draft.member.get(f"{draft.address}/recordings/{media.id}/transcript").status_code == 404
    assert draft.member.get(f"{draft.address}/questions/X1/pasted").status_code == 404
    assert draft.member.post(f"{draft.page}/pieces", data={"kind": "voice"}).status_code == 404
    assert draft.member.post(f"{draft.address}/questions/X1/autosave").status_code == 404
    assert draft.member.post(f"{draft.address}/questions/X1", data={"X1": "text"}).location == draft.page
    other = f"{draft.address}/questions/S1/media/pieces?at=0&size=9&once=1"
    assert draft.member.post(other, data={"kind": "file"}).status_code == 422
    assert len(kept()) == 1


def test_paper_says_where_files_go_and_nothing_typed_there_is_lost(draft: Draft):
    form = draft.member.get(f"{draft.address}/draft.docx").data
    copy = b'{"answers": [{"question": "X1", "answer": "It is in the post."}]}'

    page = draft.member.post(
        f"{draft.address}/bring-back",
        data={"file": (io.BytesIO(copy), "copy.json"), "once": "a"},
        content_type="multipart/form-data",
    )

    assert form.startswith(b"PK")
    assert "Files are sent on the page of the question." in page.text
    assert "It is in the post." in page.text
