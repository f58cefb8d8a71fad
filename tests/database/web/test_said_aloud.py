"""Points by voice: said aloud by a link, heard and written down by the fund, erased on a named day."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from fundapp.clock import day_of, utcnow
from fundapp.db import db, unit_of_work
from fundapp.demo.sound import sound
from fundapp.errors import NotPossibleNow
from fundapp.jobs.files import check
from fundapp.jobs.run import sweep
from fundapp.lifecycles import FileStatus, SpokenStatus
from fundapp.models.codesign import PointShowing, PointSource
from fundapp.models.codesign_recording import CodesignRecording
from fundapp.models.event import Event
from fundapp.models.file import StoredFile
from fundapp.models.message import OutboxJob
from fundapp.queries.readiness import Matter, open_matters
from fundapp.services import spoken as service
from fundapp.services.codesign_links import stop_link
from fundapp.services.tries import Limit
from fundapp.storage import file_store
from tests.codesign_stage import Stage, guest_of, make_stage
from tests.factories import FundRoleFactory, OrganisationMemberFactory

WORDS = {"language": "so", "said_by": "A mother", "showing": "own_words"}
HEARD = {"text": "Su’aalo badan.", "language": "so", "topic": "form"}


@pytest.fixture
def stage(db_session):
    return make_stage()


@pytest.fixture
def client(app, stage):
    return guest_of(app, stage)


@pytest.fixture
def fund(stage, client_for):
    return client_for(stage.role.user)


def say_aloud(
    client: Any, stage: Stage, content: bytes | None = None, *, once: str = "page", **words: str
) -> Any:
    file = (io.BytesIO(sound() if content is None else content), "Fatima from Ilford.webm")
    data = WORDS | {"once": once, "kind": "voice", "file": file} | words
    return client.post(stage.url("aloud"), data=data, content_type="multipart/form-data")


def spoken_ones() -> list[CodesignRecording]:
    db.session.expire_all()
    return list(db.session.execute(sa.select(CodesignRecording)).scalars())


def run_the_check(spoken: CodesignRecording) -> None:
    store = check({"file_id": str(spoken.file_id)})
    with unit_of_work():
        store()
    db.session.expire_all()


@pytest.fixture
def spoken(client, stage):
    """One that was checked and can be heard."""
    say_aloud(client, stage)
    (found,) = spoken_ones()
    run_the_check(found)
    return found


def address(spoken: CodesignRecording, rest: str = "") -> str:
    return f"/en/fund/co-design-recordings/{spoken.id}{rest}"


def test_the_page_says_first_that_a_voice_can_be_recognised_and_until_when_it_is_kept(client, stage):
    page = client.get(stage.url("aloud"))

    warning, form = page.text.index("A voice can be recognised."), page.text.index('name="media"')
    assert warning < form
    assert "We delete the recording after" in page.text
    assert "somebody of the fund can type for you" in page.text
    assert 'type="file"' in page.text
    assert "microphone=(self)" in page.headers["Permissions-Policy"]
    assert "microphone=()" in client.get(stage.url("say")).headers["Permissions-Policy"]
    assert service.kept_until(stage.link) == stage.link.ends_on + timedelta(days=30)


@pytest.mark.parametrize("container", ["webm", "mp4", "ogg"])
def test_recording_sent_without_script_waits_with_nothing_that_leads_to_a_person(client, stage, container):
    reply = say_aloud(client, stage, sound(container))

    (spoken,) = spoken_ones()
    assert reply.headers["Location"] == stage.url("points?kept=yes")
    assert (spoken.status, spoken.said_in, spoken.said_by) == (SpokenStatus.WAITING, "so", {"so": "A mother"})
    run_the_check(spoken)
    file = db.session.get(StoredFile, spoken.file_id)
    assert (file.status, file.kind.value) == (FileStatus.CLEAN, "audio")
    assert (file.uploaded_by_id, file.organisation_id, file.original_name) == (None, None, "recording")
    today = day_of(utcnow())
    assert {spoken.created_at, file.created_at, file.received_at, file.checked_at} == {today}
    subjects = (str(spoken.id), str(file.id))
    events = [
        each for each in db.session.execute(sa.select(Event)).scalars() if str(each.subject_id) in subjects
    ]
    assert len(events) == 3
    assert {(each.actor_id, each.at) for each in events} == {(None, today)}
    assert "Fatima" not in str([(each.details, each.reason) for each in events])


@pytest.mark.parametrize("content", [None, sound()[:200]])
def test_no_job_says_at_what_time_a_recording_came(client, stage, content):
    say_aloud(client, stage, content)
    (spoken,) = spoken_ones()

    while sweep():
        pass

    db.session.expire_all()
    assert db.session.get(StoredFile, spoken.file_id).checked_at == day_of(utcnow())
    left = db.session.execute(sa.select(OutboxJob.arguments)).scalars().all()
    assert str(spoken.file_id) not in str(left)


def test_guests_read_that_something_waits_and_then_what_was_written_down(client, stage, fund, spoken):
    assert "One thing was said aloud." in client.get(stage.url("points")).text

    answer = fund.post(address(spoken), data=HEARD)

    point = stage.last_point()
    assert answer.headers["Location"] == f"/en/fund/co-design-points/{point.id}/talk"
    assert (point.came_by, point.said, point.said_in) == (PointSource.VOICE, {"so": "Su’aalo badan."}, "so")
    assert (point.said_by, point.session_key, point.added_by_id) == ({"so": "A mother"}, "S1", None)
    assert point.created_at == spoken.created_at
    page = client.get(stage.url("points")).text
    assert "Su’aalo badan." in page
    assert "One thing was said aloud." not in page
    assert "Recording" in fund.get(answer.headers["Location"]).text


def test_whoever_wants_other_words_or_no_role_gets_both(client, stage, fund):
    say_aloud(client, stage, showing="our_words", unnamed="yes")
    (spoken,) = spoken_ones()
    assert "in the words of the fund" in fund.get(address(spoken)).text

    fund.post(address(spoken), data=HEARD)

    point = stage.last_point()
    assert (point.showing, point.shown_words) == (PointShowing.OUR_WORDS, None)
    assert "mother" not in str(point.said_by)
    assert "Su’aalo badan." not in client.get(stage.url("points")).text


def test_only_the_people_who_answer_points_can_hear_it(app, client, stage, spoken, fund, client_for):
    path = f"/files/{spoken.file_id}"

    assert fund.get(path).status_code == 200
    assert client.get(path).status_code == 302
    for stranger in (FundRoleFactory().user, OrganisationMemberFactory().user):
        assert client_for(stranger).get(path).status_code == 404
        assert client_for(stranger).get(address(spoken)).status_code == 404


def test_same_page_sent_twice_is_one_recording(client, stage):
    for _time in range(2):
        assert say_aloud(client, stage).status_code == 302

    assert len(spoken_ones()) == 1
    assert db.session.execute(sa.select(sa.func.count(StoredFile.id))).scalar_one() == 1


@pytest.mark.parametrize("content", [b"", b"no sound at all", b"%PDF-1.4\n", b"\x89PNG\r\n\x1a\n"])
def test_what_is_no_recording_is_refused_and_what_was_typed_stays(client, stage, content):
    page = say_aloud(client, stage, content)

    assert page.status_code == 422
    assert 'value="A mother"' in page.text
    assert 'id="file-error"' in page.text
    assert spoken_ones() == []


def test_recording_without_a_file_or_a_too_large_one_is_refused(client, stage, monkeypatch):
    assert client.post(stage.url("aloud"), data=WORDS).status_code == 422

    monkeypatch.setattr(service, "LARGEST", 100)
    page = say_aloud(client, stage)

    assert page.status_code == 413
    assert spoken_ones() == []


def test_flood_of_recordings_is_stopped(client, stage, monkeypatch):
    monkeypatch.setattr(service, "RECORDINGS", Limit("codesign_recordings", 2, timedelta(days=1)))
    assert [say_aloud(client, stage, once=each).status_code for each in "abc"] == [302, 302, 429]

    monkeypatch.setattr(service, "RECORDINGS", Limit("codesign_recordings", 60, timedelta(days=1)))
    monkeypatch.setattr(service, "MOST_KEPT", 2)
    page = say_aloud(client, stage, once="d")

    assert (page.status_code, "No more can be kept here today" in page.text) == (409, True)
    assert len(spoken_ones()) == 2


def test_link_that_is_over_takes_no_recording(client, stage):
    stop_link(stage.link, actor=stage.role.user, now=utcnow())
    db.session.flush()

    assert "This link is over" in say_aloud(client, stage).text
    assert spoken_ones() == []


def test_call_is_not_published_before_everything_said_aloud_is_written_down(stage, fund, spoken):
    assert Matter.RECORDINGS_NOT_WRITTEN in {matter.kind for matter in open_matters(stage.call)}
    assert "not written down yet" in fund.get(f"/en/fund/calls/{stage.call.id}").text
    assert (
        "One recording is not written down yet." in fund.get(f"/en/fund/calls/{stage.call.id}/co-design").text
    )

    service.set_aside(spoken, "Nobody can be heard", actor=stage.role.user, now=utcnow())

    assert Matter.RECORDINGS_NOT_WRITTEN not in {matter.kind for matter in open_matters(stage.call)}


def test_setting_aside_needs_a_reason(fund, spoken):
    assert fund.post(address(spoken, "/aside"), data={"why": ""}).status_code == 422
    assert fund.post(address(spoken, "/aside"), data={"why": "Only noise"}).status_code == 302

    (found,) = spoken_ones()
    assert (found.status, found.aside_why) == (SpokenStatus.SET_ASIDE, "Only noise")
    assert "Only noise" in fund.get(address(spoken)).text


def test_two_who_write_the_same_recording_down_make_one_point_and_lose_no_text(stage, fund, spoken):
    fund.post(address(spoken), data=HEARD)
    first = stage.last_point()

    late = fund.post(address(spoken), data=HEARD | {"text": "My own typing."})

    assert late.status_code == 409
    assert "My own typing." in late.text
    assert stage.last_point().key == first.key


def test_what_was_heard_can_be_put_straight_but_stays_in_its_session(stage, fund, spoken):
    fund.post(address(spoken), data=HEARD)
    point = stage.last_point()
    words = {"said_so": "Su’aalo aad u badan.", "said_by_so": "A mother", "topic": "form"}

    moved = fund.post(f"/en/fund/co-design-points/{point.id}", data=words | {"session": "S2"})
    mended = fund.post(f"/en/fund/co-design-points/{point.id}", data=words | {"session": "S1"})

    assert (moved.status_code, mended.status_code) == (422, 302)
    assert stage.last_point().said == {"so": "Su’aalo aad u badan."}
    assert stage.last_point().came_by is PointSource.VOICE


def test_sound_goes_on_the_day_after_the_named_one_and_the_words_stay(stage, fund, spoken):
    fund.post(address(spoken), data=HEARD)
    last = day_of(utcnow()) + (spoken.keep_until - utcnow().date())
    key = db.session.get(StoredFile, spoken.file_id).storage_key

    assert service.erase_old_recordings(now=last + timedelta(hours=23)) == 0
    with unit_of_work():
        assert service.erase_old_recordings(now=last + timedelta(days=1)) == 1
        assert service.erase_old_recordings(now=last + timedelta(days=2)) == 0

    file = db.session.get(StoredFile, spoken.file_id)
    assert (file.status, file.storage_key) == (FileStatus.ERASED, None)
    assert file_store().size(key) >= 0  # its bytes are promised to the job that deletes them
    assert stage.last_point().said == {"so": "Su’aalo badan."}
    assert fund.get(f"/files/{spoken.file_id}").status_code == 404
    assert "This file was deleted." in fund.get(address(spoken)).text


def test_what_nobody_wrote_down_by_its_day_is_lost_and_the_guests_are_told(client, stage, spoken):
    with unit_of_work():
        service.erase_old_recordings(now=utcnow() + timedelta(days=40))

    assert spoken_ones()[0].status is SpokenStatus.LOST
    assert "One recording could not be used." in client.get(stage.url("points")).text


def test_recording_that_cannot_be_opened_is_lost_and_the_guests_are_told(client, stage, fund):
    say_aloud(client, stage, sound()[:200])
    (spoken,) = spoken_ones()

    run_the_check(spoken)

    assert spoken_ones()[0].status is SpokenStatus.LOST
    assert "One recording could not be used." in client.get(stage.url("points")).text
    assert fund.post(address(spoken), data=HEARD).status_code == 409


def test_fund_can_delete_the_sound_before_its_day_once_it_is_written_down(stage, fund, spoken):
    with pytest.raises(NotPossibleNow):
        service.erase_now(spoken, actor=stage.role.user, now=utcnow())
    fund.post(address(spoken), data=HEARD)

    assert fund.post(address(spoken, "/erase")).status_code == 302

    assert db.session.get(StoredFile, spoken.file_id).status is FileStatus.ERASED


def test_list_names_the_day_and_needs_the_same_queries_for_one_and_three(client, stage, fund, count_queries):
    path, numbers = f"/en/fund/calls/{stage.call.id}/co-design/said-aloud", []
    for many in ("a", "bc"):
        for once in many:
            say_aloud(client, stage, once=once)
        fund.get(path)
        with count_queries() as queries:
            page = fund.get(path)
        numbers.append(queries.number)

    assert numbers[0] == numbers[1]
    assert len(re.findall(r"/fund/co-design-recordings/", page.text)) == 3


def test_part_that_somebody_speaks_about_goes_with_the_recording(client, stage, fund):
    assert (
        'href="' + stage.url("aloud?about=question:Q1") in client.get(stage.url("say?about=question:Q1")).text
    )

    file = (io.BytesIO(sound()), "a.webm")
    client.post(
        stage.url("aloud?about=question:Q1"),
        data=WORDS | {"file": file},
        content_type="multipart/form-data",
    )

    (spoken,) = spoken_ones()
    assert spoken.about == "question:Q1"
    assert "About this part of the call:" in fund.get(address(spoken)).text
