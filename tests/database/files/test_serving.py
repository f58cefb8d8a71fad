"""Who gets a file, and how: never before it is clean, never so that a browser would run it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import uuid4

import pytest
from flask.testing import FlaskClient

from fundapp.lifecycles import ApplicationStatus
from fundapp.models.application import ApplicationHelper
from fundapp.models.file import FileKind, StoredFile
from fundapp.models.fund import FundRoleKind
from fundapp.models.user import User
from fundapp.services.files import erase_file
from tests.factories import (
    ApplicationFactory,
    ConflictFactory,
    FileUseFactory,
    FundRoleFactory,
    OrganisationMemberFactory,
    PanelSeatFactory,
    ReviewAssignmentFactory,
    StoredFileFactory,
    UserFactory,
    days,
    now,
)

ClientFor = Callable[[User], FlaskClient]
CONTENT = b"the bytes of a recording"


def url(file: StoredFile) -> str:
    return f"/files/{file.id}"


@pytest.fixture
def file(db_session: Any) -> StoredFile:
    return StoredFileFactory()


@pytest.fixture
def member_client(file: StoredFile, client_for: ClientFor) -> FlaskClient:
    return client_for(OrganisationMemberFactory(organisation=file.organisation).user)


def test_member_gets_the_file_as_something_to_save(member_client: FlaskClient, file: StoredFile):
    page = member_client.get(url(file), headers={"Sec-Fetch-Dest": "document"})

    assert (page.status_code, page.data, page.mimetype) == (200, CONTENT, "audio/webm")
    headers = {
        "Content-Disposition": "attachment; filename=\"our answer.webm\"; filename*=UTF-8''our%20answer.webm",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "X-Content-Type-Options": "nosniff",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Cache-Control": "no-store",
        "Accept-Ranges": "bytes",
    }
    assert {name: page.headers.get(name) for name in headers} == headers


def test_player_gets_a_part_and_may_play_it(member_client: FlaskClient, file: StoredFile):
    page = member_client.get(url(file), headers={"Sec-Fetch-Dest": "audio", "Range": "bytes=4-8"})

    assert (page.status_code, page.data) == (206, b"bytes")
    assert page.headers["Content-Range"] == f"bytes 4-8/{len(CONTENT)}"
    assert page.headers["Content-Disposition"].startswith("inline; ")


@pytest.mark.parametrize("wanted", ["bytes=100-", "bytes=9-2", "junk"])
def test_impossible_part_is_no_fault_of_ours(member_client: FlaskClient, file: StoredFile, wanted: str):
    assert member_client.get(url(file), headers={"Range": wanted}).status_code in (200, 416)


def test_document_is_never_shown_in_the_browser(db_session: Any, client_for: ClientFor):
    document = StoredFileFactory(
        kind=FileKind.DOCUMENT,
        media_type="application/pdf",
        seconds=None,
        original_name='سياسة "الحماية"\r\n.html',
    )
    client = client_for(OrganisationMemberFactory(organisation=document.organisation).user)

    page = client.get(url(document))

    disposition = page.headers["Content-Disposition"]
    assert disposition.startswith("attachment; ")
    assert disposition.endswith(".pdf")
    assert "\r" not in disposition


def test_file_is_read_by_nobody_before_it_is_clean(db_session: Any, client_for: ClientFor):
    waiting = StoredFileFactory(quarantined=True)
    uploader = db_session.get(User, waiting.uploaded_by_id)
    OrganisationMemberFactory(organisation=waiting.organisation, user=uploader)

    assert client_for(uploader).get(url(waiting)).status_code == 404


def test_erased_guessed_and_foreign_files_look_the_same(
    member_client: FlaskClient, file: StoredFile, db_session: Any
):
    foreign = StoredFileFactory()
    erase_file(file, actor=None, now=now())

    pages = [member_client.get(f"/files/{each}") for each in (file.id, foreign.id, uuid4())]

    assert [page.status_code for page in pages] == [404] * 3
    bodies = {page.get_data(as_text=True).replace(page_reference(page), "") for page in pages}
    assert len(bodies) == 1


def page_reference(page: Any) -> str:
    text = page.get_data(as_text=True)
    return text.split("<code>")[1].split("</code>")[0] if "<code>" in text else "\x00"


def reader_of(application: Any, *, declared: datetime | None = None) -> User:
    seat = PanelSeatFactory(
        panel__call=application.call, panel__round=application.round, conflicts_declared_at=declared
    )
    ReviewAssignmentFactory(seat=seat, application=application)
    return seat.user


def test_reader_with_an_assignment_and_no_tie_gets_it(db_session: Any, client_for: ClientFor):
    application = ApplicationFactory(in_review=True)
    file = FileUseFactory(application=application).file

    assert client_for(reader_of(application, declared=now())).get(url(file)).status_code == 200


@pytest.mark.parametrize("why_not", ["not_declared", "tie", "other_application"])
def test_reader_without_the_right_to_the_application_gets_nothing(
    db_session: Any, client_for: ClientFor, why_not: str
):
    application = ApplicationFactory(in_review=True)
    file = FileUseFactory(application=application).file
    read = ApplicationFactory(in_review=True) if why_not == "other_application" else application
    reader = reader_of(read, declared=None if why_not == "not_declared" else now())
    if why_not == "tie":
        ConflictFactory(
            call_id=application.call_id, user_id=reader.id, organisation_id=application.organisation_id
        )

    assert client_for(reader).get(url(file)).status_code == 404


def test_helper_gets_it_until_the_time_is_over(db_session: Any, client_for: ClientFor):
    application = ApplicationFactory()
    file = FileUseFactory(application=application).file
    helpers = [UserFactory(), UserFactory()]
    for helper, until in zip(helpers, (days(1), days(-1)), strict=True):
        db_session.add(ApplicationHelper(application=application, user=helper, expires_at=until))
    db_session.flush()

    assert [client_for(each).get(url(file)).status_code for each in helpers] == [200, 404]


@pytest.mark.parametrize(
    ("sent", "tied", "answer"), [(True, False, 200), (True, True, 404), (False, False, 404)]
)
def test_manager_gets_it_once_the_application_was_sent(
    db_session: Any, client_for: ClientFor, sent: bool, tied: bool, answer: int
):
    application = ApplicationFactory(submitted=True) if sent else ApplicationFactory()
    assert sent or application.status is ApplicationStatus.DRAFT
    file = FileUseFactory(application=application).file
    manager = FundRoleFactory(fund=application.call.fund, kind=FundRoleKind.MANAGER).user
    if tied:
        ConflictFactory(
            call_id=application.call_id, user_id=manager.id, organisation_id=application.organisation_id
        )

    assert client_for(manager).get(url(file)).status_code == answer
