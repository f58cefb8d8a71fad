"""Recordings on the pages of the group, the fund and the panel."""

from __future__ import annotations

import io
import json
import re

import pytest
import sqlalchemy as sa

from fundapp.db import db, unit_of_work
from fundapp.demo.sound import sound
from fundapp.jobs.files import check
from fundapp.lifecycles import FileStatus, TranscriptStatus
from fundapp.models.answer_media import AnswerMedia, MediaForm
from fundapp.models.file import StoredFile
from fundapp.models.message import Message
from fundapp.storage import file_store
from tests.factories import (
    AnswerFactory,
    AnswerMediaFactory,
    ApplicationFactory,
    ApplicationHelperFactory,
    FundRoleFactory,
    OrganisationMemberFactory,
    PanelSeatFactory,
    ReviewAssignmentFactory,
)


@pytest.fixture
def application(db_session):
    return ApplicationFactory()


@pytest.fixture
def member(application, client_for):
    return client_for(OrganisationMemberFactory(organisation=application.organisation).user)


def media_page(application, key="S1") -> str:
    return f"/en/applications/{application.id}/questions/{key}/media"


def send(member, application, content: bytes, *, name="answer.webm", once="page", kind="voice", key="S1"):
    data = {"kind": kind, "once": once, "file": (io.BytesIO(content), name)}
    return member.post(media_page(application, key), data=data, content_type="multipart/form-data")


def send_piece(member, application, content: bytes, at: int, *, size=None, once=1, length=1000):
    return member.post(
        f"{media_page(application)}/pieces?at={at}&size={size or len(content)}&once={once}",
        data={"kind": "voice", "file": (io.BytesIO(content[at : at + length]), "blob")},
        content_type="multipart/form-data",
    )


def recordings() -> list[AnswerMedia]:
    db.session.expire_all()
    return list(db.session.execute(sa.select(AnswerMedia)).scalars())


def count_files() -> int:
    return db.session.execute(sa.select(sa.func.count(StoredFile.id))).scalar_one()


def test_question_leads_to_the_other_ways_and_they_need_no_script(application, member):
    question = member.get(media_page(application).removesuffix("/media"))
    assert f'href="{media_page(application)}"' in question.text

    page = member.get(media_page(application))

    assert page.status_code == 200
    field = re.search(r'<input type="file"[^>]*>', page.text)[0]
    assert ('accept="audio/*,video/*"' in field, "capture" in field) == (True, False)
    assert "Up to 2 minutes" in page.text
    assert "100 written words" in page.text


def test_only_this_page_may_use_the_microphone(application, member):
    page, other = member.get(media_page(application)), member.get(f"/en/applications/{application.id}")

    assert "microphone=(self)" in page.headers["Permissions-Policy"]
    assert "media-src 'self' blob:" in page.headers["Content-Security-Policy"]
    assert "microphone=()" in other.headers["Permissions-Policy"]
    assert "blob:" not in other.headers["Content-Security-Policy"]


@pytest.mark.parametrize("container", ["webm", "mp4", "ogg"])
def test_file_sent_without_script_answers_the_question(application, member, container):
    answer = send(member, application, sound(container), name=f"answer.{container}")

    assert answer.location == media_page(application)
    (media,) = recordings()
    assert (media.form, media.file.status) == (MediaForm.VOICE, FileStatus.QUARANTINED)
    assert "This question is answered" in member.get(media_page(application)).text
    question = member.get(media_page(application).removesuffix("/media")).text
    assert "You answered this with a recording" in question
    check = member.get(f"/en/applications/{application.id}/check").text
    assert "Voice recording" in check


def test_same_page_sent_twice_keeps_one_recording(application, member):
    for _time in range(2):
        send(member, application, sound())

    assert (len(recordings()), count_files()) == (1, 1)


def test_page_of_a_second_tab_adds_a_second_part(application, member):
    for once in ("one", "two"):
        send(member, application, sound(), once=once)

    assert [each.position for each in recordings()] == [1, 2]
    assert "Voice recording, part 2" in member.get(media_page(application)).text


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"", "", "We got no file, or an empty one."),
        (b"MZ\x90\x00 a program", "answer.exe", "We cannot use this type of file"),
        (b"%PDF-1.7 a letter", "letter.pdf", "This kind of file does not fit here"),
    ],
)
def test_file_that_is_no_recording_is_refused_with_what_to_do(application, member, content, name, words):
    page = send(member, application, content, name=name)

    assert page.status_code == 422
    assert words in page.text
    assert '<a href="#file">' in page.text
    assert recordings() == []


def test_pieces_continue_after_the_line_was_lost_and_make_one_file(application, member):
    content = sound(seconds=2)
    assert send_piece(member, application, content, 0).json == {
        "at": 1000,
        "part": f"{100000 // len(content)}%",
    }
    # the answer was lost: the same piece again, and one too far
    assert send_piece(member, application, content, 0).json["at"] == 1000
    assert send_piece(member, application, content, 3000).json["at"] == 1000

    at = 1000
    while at < len(content):
        at = send_piece(member, application, content, at).json["at"]
    again = send_piece(member, application, content, at - 10).json

    assert again == {"at": len(content), "part": "100%"}
    (media,) = recordings()
    assert (media.file.status, media.file.size_bytes) == (FileStatus.QUARANTINED, len(content))
    assert count_files() == 1


@pytest.mark.parametrize("pieces", [1, 2, 99])
def test_whole_recording_after_some_of_its_pieces_is_one_file(application, member, pieces):
    content, at = sound(seconds=2), 0
    for _time in range(pieces):
        if at < len(content):
            at = send_piece(member, application, content, at).json["at"]

    for _time in range(2):
        answer = send(member, application, content, once=f"1-{len(content)}")

    assert answer.status_code == 302
    (media,) = recordings()
    assert (media.file.status, media.file.size_bytes) == (FileStatus.QUARANTINED, len(content))
    assert (file_store().size(media.file.storage_key), count_files()) == (len(content), 1)


def test_pieces_that_are_no_recording_are_refused_in_words(application, member):
    refused = send_piece(member, application, b"%PDF-1.7 a letter", 0)

    assert refused.status_code == 422
    assert refused.json == {"error": "This kind of file does not fit here. Please choose another one."}
    assert recordings() == []
    # the same device may send the next one
    assert send_piece(member, application, sound()[:1000], 0, once=2, size=2000).json["at"] == 1000


@pytest.mark.parametrize(
    "query", ["", "?at=x&size=1&once=1", "?at=0&size=0&once=1", f"?at=0&size={10**14}&once=1"]
)
def test_nonsense_in_pieces_is_answered_in_words(application, member, query):
    answer = member.post(f"{media_page(application)}/pieces{query}", data={"kind": "voice"})

    assert (answer.status_code, bool(answer.json["error"])) == (422, True)


def test_piece_of_an_application_that_was_sent_is_refused(application, member):
    application.status, application.submitted_at, application.receipt = "submitted", sa.func.now(), "R1"

    answer = send_piece(member, application, sound(), 0)

    assert answer.json == {"error": "This step is not possible at the moment."}


def test_recording_is_taken_away_and_put_back(application, member):
    media = AnswerMediaFactory(answer=AnswerFactory(application=application, question_key="S1", value=None))
    at = f"/en/applications/{application.id}/recordings/{media.id}"

    for _time in range(2):
        assert member.post(f"{at}/remove").location == media_page(application)
    page = member.get(media_page(application)).text
    assert ("Put it back" in page, "This question is answered" in page) == (True, False)

    member.post(f"{at}/restore")
    assert "This question is answered" in member.get(media_page(application)).text


def test_recording_of_another_group_is_not_found(application, member):
    other = AnswerMediaFactory()
    own_address = f"/en/applications/{application.id}/recordings/{other.id}"

    assert member.get(f"{own_address}/transcript").status_code == 404
    assert member.post(f"{own_address}/remove").status_code == 404
    assert other.removed_at is None


def test_over_the_minutes_is_said_in_a_friendly_way(application, member):
    AnswerMediaFactory(
        answer=AnswerFactory(application=application, question_key="S1", value=None), file__seconds=200
    )

    assert "The limit is 2 minutes. Readers may stop there." in member.get(media_page(application)).text
    assert "Readers may stop at the limit." in member.get(f"/en/applications/{application.id}/check").text


def test_transcript_goes_from_the_fund_to_the_group_and_to_the_panel(db_session, client_for):
    application = ApplicationFactory(in_review=True)
    manager = FundRoleFactory(fund=application.call.fund).user
    member = client_for(OrganisationMemberFactory(organisation=application.organisation).user)
    answer = AnswerFactory(application=application, question_key="Q2", value=None, rev=0)
    media = AnswerMediaFactory(answer=answer)
    staff = client_for(manager)
    assert "Not heard yet" in staff.get(f"/en/fund/calls/{application.call_id}/recordings").text
    at = f"/en/fund/applications/{application.id}/recordings/{media.id}"
    data = {"text": "ንሕና ደቂ ኣንስትዮ ኢና", "answer_language": "ti", "rev": "0", "once": "a"}

    assert staff.post(at, data=data | {"text": ""}).status_code == 422
    assert staff.post(at, data=data).status_code == 302
    assert staff.post(at, data=data | {"text": "Other", "once": "b"}).status_code == 409
    assert (
        "Every recording is written down."
        in staff.get(f"/en/fund/calls/{application.call_id}/recordings").text
    )

    assert "The fund wrote down what you said" in member.get(f"/en/applications/{application.id}").text
    own = f"/en/applications/{application.id}/recordings/{media.id}/transcript"
    assert "ንሕና ደቂ ኣንስትዮ ኢና" in member.get(own).text
    reader = PanelSeatFactory()
    assignment = ReviewAssignmentFactory(application=application, seat=reader)
    panel = client_for(reader.user)
    sheet = f"/en/readings/{assignment.id}/criteria/C1"
    assert "The group has not checked it yet." in panel.get(sheet).text
    assert 'lang="ti"' in panel.get(sheet).text
    assert f'<audio controls preload="none" src="/files/{media.file_id}">' in panel.get(sheet).text

    member.post(f"{own}/confirm", data={"rev": "1"})

    assert "The group has checked it." in panel.get(sheet).text
    correction = {"text": "ንሕና ኢና", "answer_language": "ti", "rev": "1", "once": "c"}
    assert member.post(own, data=correction).location == f"/en/applications/{application.id}"
    assert "The group wrote down what is said." in panel.get(sheet).text
    refused = staff.post(at, data={"text": "Mine", "answer_language": "en", "rev": "2", "once": "d"})
    assert (refused.status_code, "Its words stand." in refused.text) == (409, True)


def test_manager_notes_that_it_was_heard(db_session, client_for):
    media = AnswerMediaFactory(answer__application__in_review=True)
    application = media.answer.application
    staff = client_for(FundRoleFactory(fund=application.call.fund).user)

    staff.post(f"/en/fund/applications/{application.id}/recordings/{media.id}/heard")

    listed = staff.get(f"/en/fund/calls/{application.call_id}/recordings").text
    assert "Heard, transcript needed" in listed


def test_stale_transcript_shows_both(application, member):
    media = AnswerMediaFactory(
        answer=AnswerFactory(application=application, question_key="S1", value=None),
        transcript="Saved by another.",
        transcript_by="group",
        transcript_rev=1,
        status="checked",
    )
    at = f"/en/applications/{application.id}/recordings/{media.id}/transcript"

    page = member.post(at, data={"text": "Mine.", "answer_language": "en", "rev": "0", "once": "a"})

    assert page.status_code == 409
    assert ("Saved by another." in page.text, "Mine." in page.text) == (True, True)


def test_copies_hold_what_is_said(application, member):
    AnswerMediaFactory(
        answer=AnswerFactory(application=application, question_key="S1", value=None),
        transcript="نلتقي كل جمعة",
        transcript_language="ar",
        transcript_by="staff",
        transcript_rev=1,
        status="transcribed",
    )

    text = member.get(f"/en/applications/{application.id}/copy.txt").text
    data = json.loads(member.get(f"/en/applications/{application.id}/copy.json").text)

    assert "[Voice recording]\nنلتقي كل جمعة\n(The fund wrote down what is said." in text
    (recording,) = data["answers"][0]["recordings"]
    assert (recording["form"], recording["transcript"], recording["written_by"]) == (
        "voice",
        "نلتقي كل جمعة",
        "staff",
    )


def test_recording_that_was_refused_is_told_with_the_reason(application, member):
    media = AnswerMediaFactory(answer=AnswerFactory(application=application, question_key="S1", value=None))
    media.file.status, media.file.storage_key, media.file.refused_reason = "refused", None, "broken"

    assert (
        "A file or a recording of yours cannot be used"
        in member.get(f"/en/applications/{application.id}").text
    )
    page = member.get(media_page(application)).text
    assert ("This file is damaged" in page, "This question is answered" in page) == (True, False)


def test_recording_that_turns_out_to_be_broken_is_told_by_mail_and_on_the_page(application, member):
    send(member, application, b"\x1aE\xdf\xa3" + b"no more than a beginning" * 50)
    (media,) = recordings()

    store = check({"file_id": str(media.file_id)})
    with unit_of_work():
        store()

    assert recordings()[0].file.status is FileStatus.REFUSED
    kinds = db.session.execute(sa.select(Message.kind)).scalars().all()
    assert kinds == ["recording_unusable"]
    assert "This file is damaged" in member.get(media_page(application)).text


def test_question_and_check_need_no_more_queries_with_many_recordings(application, member, count_queries):
    answer = AnswerFactory(application=application, question_key="S1", value=None)
    paths = [
        media_page(application),
        media_page(application).removesuffix("/media"),
        f"/en/applications/{application.id}/check",
    ]

    AnswerMediaFactory(answer=answer)
    numbers = []
    for _round in range(2):
        for path in paths:
            with count_queries() as queries:
                assert member.get(path).status_code == 200
            numbers.append(queries.number)
        for position in (2, 3, 4):
            AnswerMediaFactory(answer=answer, position=position)

    assert numbers[:3] == numbers[3:]
    assert max(numbers) <= 6


def test_helper_cannot_say_that_what_the_fund_wrote_down_is_right(db_session, client_for):
    media = AnswerMediaFactory(answer__question_key="S1")
    application = media.answer.application
    staff = client_for(FundRoleFactory(fund=application.call.fund).user)
    data = {"text": "We meet on Fridays.", "answer_language": "en", "rev": "0", "once": "a"}
    staff.post(f"/en/fund/applications/{application.id}/recordings/{media.id}", data=data)
    helper = client_for(ApplicationHelperFactory(application=application).user)
    own = f"/en/applications/{application.id}/recordings/{media.id}/transcript"

    page = helper.get(own)
    refused = helper.post(f"{own}/confirm", data={"rev": "1"})
    as_it_is = helper.post(own, data=data | {"rev": "1", "once": "b"})

    assert "Only the group can say whether these are its words." in page.text
    assert f"{own}/confirm" not in page.text
    assert (refused.status_code, as_it_is.status_code) == (403, 302)
    assert [each.status for each in recordings()] == [TranscriptStatus.TRANSCRIBED]
