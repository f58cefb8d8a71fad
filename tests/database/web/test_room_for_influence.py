"""How far the voice of groups reaches: said before co-design starts, read by everybody, kept from then on."""

from __future__ import annotations

import dataclasses
import html
import re

import pytest
import sqlalchemy as sa

from forms.localized import LocalizedText
from fundapp.call_file import digest, from_data, read_call, to_data, write_call
from fundapp.call_file.codesign import Reach, Room, RoomPart
from fundapp.call_file.shipped import reference_call
from fundapp.call_file.variants import with_code
from fundapp.clock import utcnow
from fundapp.db import db
from fundapp.lifecycles import CallStatus
from fundapp.models.call import CallVersion
from fundapp.queries.call_drafts import digest_of_working, working_content
from fundapp.queries.calls import current_version, definition_of
from fundapp.services.call_drafts import change_content
from fundapp.services.calls import content_of, import_call, publish_call
from fundapp.services.codesign import start_codesign
from fundapp.services.room import RoomIsFixed, RoomNotStated, state_part
from tests.factories import FundRoleFactory, UserFactory

STATED = {"reach": "consult"} | {
    f"{name}_{code}": f"{name} {code}"
    for name in ("decided", "fixed", "fixed_by")
    for code in ("en", "es", "ar", "uk")
}
FIXED = {name: "" for name in STATED if name.startswith("fixed")}


@pytest.fixture
def role(db_session):
    return FundRoleFactory()


@pytest.fixture
def call(role):
    """A draft that says nothing yet about the panel and the money."""
    file = with_code(reference_call(), "ROOM")
    parts = tuple(
        each for each in file.codesign.room.parts if each.part not in (RoomPart.PANEL, RoomPart.MONEY)
    )
    room = dataclasses.replace(file.codesign.room, parts=parts)
    file = dataclasses.replace(file, codesign=dataclasses.replace(file.codesign, room=room))
    return import_call(file, fund=role.fund, actor=None, now=utcnow())


@pytest.fixture
def manager(role, call, client_for):
    return client_for(role.user)


def room_url(call):
    return f"/en/fund/calls/{call.id}/co-design/room"


def room_of(call) -> Room:
    return definition_of(current_version(call)).codesign.room


def errors_in(page):
    return [field for field, _text in re.findall(r'<li><a href="#([^"]+)">([^<]+)</a>', page.text)]


def test_reference_call_says_for_every_part_how_far_input_reaches():
    room = reference_call().codesign.room

    assert [stated.part for stated in room.parts] == list(RoomPart)
    assert room.missing(reference_call().languages) == ()
    assert {stated.reach for stated in room.parts} == set(Reach)


def test_codesign_does_not_start_before_every_part_is_stated(call):
    with pytest.raises(RoomNotStated) as refused:
        start_codesign(call, actor=UserFactory(), now=utcnow())

    assert refused.value.parts == (RoomPart.PANEL, RoomPart.MONEY)
    assert call.status is CallStatus.DRAFT


def test_manager_who_starts_too_early_is_shown_what_is_missing_and_says_it(manager, call):
    early = manager.post(f"/en/fund/calls/{call.id}/co-design/start")
    page = manager.get(early.headers["Location"])
    links = re.findall(rf'href="({room_url(call)}/\w+)"', page.text.partition("What groups read")[0])

    assert links == [f"{room_url(call)}/panel", f"{room_url(call)}/money"]
    assert "Co-design cannot start before this is said for every part." in page.text

    for link in links:
        assert manager.post(link, data=STATED).headers["Location"] == room_url(call)
    assert manager.post(f"/en/fund/calls/{call.id}/co-design/start").status_code == 302

    assert call.status is CallStatus.CO_DESIGN
    assert [stated.part for stated in room_of(call).parts] == list(RoomPart)
    panel = room_of(call).find(RoomPart.PANEL)
    assert panel is not None
    assert (panel.reach, panel.fixed_by and panel.fixed_by.find("ar")) == (Reach.CONSULT, "fixed_by ar")


def test_everybody_reads_it_in_their_language_as_soon_as_codesign_begins(client, manager, call):
    for part in ("panel", "money"):
        manager.post(f"{room_url(call)}/{part}", data=STATED)
    manager.post(f"/en/fund/calls/{call.id}/co-design/start")

    page = client.get("/ar/calls/ROOM/co-design").text

    assert len(re.findall(r'<tr id="room-\w+">', page)) == len(RoomPart)
    assert "decided ar" in page
    assert "decided en" not in page


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"reach": ""}, ["reach"]),
        ({"reach": "rule"}, ["reach"]),
        ({"decided_ar": " "}, ["decided_ar"]),
        ({f"decided_{code}": "" for code in ("en", "es", "ar", "uk")}, ["decided_en"]),
        ({"fixed_by_uk": ""}, ["fixed_by_uk"]),
        ({"reach": "inform"} | FIXED, ["fixed_en"]),
        ({name: "" for name in FIXED if name.startswith("fixed_by")}, ["fixed_by_en"]),
        ({name: "" for name in FIXED if not name.startswith("fixed_by")}, ["fixed_en"]),
        ({"decided_es": "bad\x00text"}, ["decided_es"]),
    ],
)
def test_what_does_not_fit_is_explained_beside_its_field_and_kept(manager, call, changes, fields):
    page = manager.post(f"{room_url(call)}/panel", data=STATED | changes)

    assert page.status_code == 422
    assert errors_in(page) == fields
    assert room_of(call).find(RoomPart.PANEL) is None
    if "decided_en" not in changes:
        assert "decided en" in page.text


def test_what_was_said_can_be_put_straight_until_the_call_is_published(manager, call):
    before = room_of(call).find(RoomPart.FORM)
    assert before is not None
    page = manager.get(f"{room_url(call)}/form")
    assert html.unescape(page.text).count(before.decided.in_language("ar")) == 1
    assert re.search(r'value="decide" id="[^"]+" checked', page.text)

    manager.post(f"{room_url(call)}/form", data=STATED | FIXED)

    after = room_of(call).find(RoomPart.FORM)
    assert after is not None
    assert (after.reach, after.fixed, after.fixed_by) == (Reach.CONSULT, None, None)
    publish_call(call, actor=UserFactory(), now=utcnow())
    with pytest.raises(RoomIsFixed):
        state_part(call, before, actor=UserFactory(), now=utcnow())
    assert "Change it" not in manager.get(room_url(call)).text
    assert manager.post(f"{room_url(call)}/form", data=STATED).status_code == 409


def test_part_nobody_knows_is_not_found(manager, call):
    assert manager.get(f"{room_url(call)}/weather").status_code == 404


def test_part_said_in_one_language_alone_is_not_said(call):
    room = room_of(call)
    form = room.find(RoomPart.FORM)
    assert form is not None
    only_english = dataclasses.replace(form, decided=LocalizedText.of({"en": "By consent."}))

    missing = room.stating(only_english).missing(("en", "ar"))

    assert missing == (RoomPart.FORM, RoomPart.PANEL, RoomPart.MONEY)
    assert room.stating(only_english).missing(("en",)) == (RoomPart.PANEL, RoomPart.MONEY)


def test_what_is_being_built_says_the_same_and_keeps_what_was_typed(role, manager, call):
    content = working_content(call) | {"title": {"en": "Half built"}, "strands": []}
    change_content(
        call, content, seen_digest=digest_of_working(working_content(call)), actor=role.user, now=utcnow()
    )

    manager.post(f"{room_url(call)}/panel", data=STATED)

    working = working_content(call)
    assert (working["title"], working["strands"]) == ({"en": "Half built"}, [])
    assert [part["part"] for part in working["codesign"]["room"]["parts"]] == [
        stated.part for stated in room_of(call).parts
    ]
    assert RoomPart.PANEL in [stated.part for stated in room_of(call).parts]


def test_room_travels_in_the_call_file_and_stays_with_the_published_call(manager, call):
    for part in ("panel", "money"):
        manager.post(f"{room_url(call)}/{part}", data=STATED)
    exported = write_call(content_of(call))

    publish_call(call, actor=UserFactory(), now=utcnow())

    assert read_call(exported).codesign.room == room_of(call)
    assert from_data(call.versions[-1].content).codesign.room == room_of(call)


def test_part_that_a_colleague_has_stated_meanwhile_is_shown_above_what_was_typed(manager, call):
    address = f"{room_url(call)}/money"
    seen = re.search(r'"seen_text" value="(\w+)"', manager.get(address).text)[1]
    first = STATED | {"decided_en": "From the first.", "seen_text": seen}
    assert manager.post(address, data=first).status_code == 302

    late = manager.post(address, data=first | {"decided_en": "From the second."})

    assert (late.status_code, room_of(call).find(RoomPart.MONEY).decided.find("en")) == (
        409,
        "From the first.",
    )
    assert ("From the first." in late.text, "From the second." in late.text) == (True, True)


def test_part_stated_while_we_waited_for_another_one_stays(call):
    db.session.flush()
    before = current_version(call)
    stated = room_of(call).parts[0]
    title = LocalizedText.of({"en": "Typed meanwhile"})
    said = dataclasses.replace(definition_of(before), title=title)
    typed = sa.update(CallVersion).where(CallVersion.id == before.id)
    typed = typed.values(content=to_data(said), digest=digest(said))
    db.session.execute(typed.execution_options(synchronize_session=False))

    state_part(call, stated, actor=UserFactory(), now=utcnow())

    assert definition_of(current_version(call)).title.find("en") == "Typed meanwhile"
