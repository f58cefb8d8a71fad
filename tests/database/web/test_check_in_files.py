"""Telling the fund by voice, photo or a paper that exists, in a language that no page is in."""

from __future__ import annotations

import io
import re

import pytest

from fundapp.db import db, unit_of_work
from fundapp.demo.sound import sound
from fundapp.jobs.files import check
from fundapp.lifecycles import CheckInStatus, FileStatus
from fundapp.models.file import FileKind
from fundapp.storage import file_store
from tests.factories import ConflictFactory, OrganisationMemberFactory
from tests.file_checks.makers import photo
from tests.grants import active_grant
from tests.published import published_with

SOMALI = {
    "K1": "Maxaa isku beddelay qof? Noo sheeg hal sheeko.",
    "title": "Wada hadalka sheekada",
}


@pytest.fixture
def grant(db_session):
    return active_grant()


@pytest.fixture
def check_in(grant):
    return grant.check_in("month_6")


def files_page(check_in):
    return f"/en/check-ins/{check_in.id}/files"


def send(client, check_in, content, *, kind="voice", name="voice.webm", once="page"):
    data = {"kind": kind, "once": once, "file": (io.BytesIO(content), name)}
    return client.post(files_page(check_in), data=data, content_type="multipart/form-data")


def checked(added):
    """As the job does it afterwards."""
    store = check({"file_id": str(added.file_id)})
    with unit_of_work():
        store()
    db.session.expire_all()
    return added.file


def speak_somali(check_in):
    """The call of this grant has words in Somali, which no page of ours is in."""
    call = check_in.award.application.call
    content = call.versions[-1].content
    monitoring = dict(content["monitoring"])
    monitoring["questions"] = [
        each | {"label": each["label"] | {"so": SOMALI["K1"]}} if each["key"] == "K1" else each
        for each in monitoring["questions"]
    ]
    monitoring["check_ins"] = [
        each | {"title": each["title"] | {"so": SOMALI["title"]}} if each["key"] == "month_6" else each
        for each in monitoring["check_ins"]
    ]
    with unit_of_work():
        published_with(call, languages=[*content["languages"], "so"], monitoring=monitoring)


def test_conversation_in_somali_with_a_voice_note_alone_reaches_the_fund_and_its_reply_the_group(
    grant, check_in, client_for
):
    speak_somali(check_in)
    group, staff = client_for(grant.signer), client_for(grant.manager)
    url = f"/en/check-ins/{check_in.id}"
    assert f'href="{url}?in=so"' in group.get(url).text

    page = group.get(f"{url}?in=so").text
    assert f'<span lang="so" dir="ltr">{SOMALI["K1"]}</span>' in page
    assert f'href="{files_page(check_in)}?in=so"' in page
    assert SOMALI["K1"] in group.get(f"{files_page(check_in)}?in=so").text
    assert send(group, check_in, sound()).status_code == 302
    assert "You need not write anything." in group.get(f"{url}?in=so").text
    (added,) = check_in.files
    assert staff.get(f"/files/{added.file_id}").status_code == 404

    sent = group.post(f"{url}?in=so", data={"answer_language": "so"})

    assert sent.status_code == 302
    db.session.refresh(check_in)
    assert (check_in.status, check_in.language, check_in.answers) == (CheckInStatus.HELD, "so", {})
    assert checked(added).status is FileStatus.CLEAN
    heard = staff.get(f"/en/fund/check-ins/{check_in.id}").text
    assert f'src="/files/{added.file_id}"' in heard
    assert "10 working days to go for the answer." in heard
    assert "10 working days to go for the answer." in group.get(url).text
    assert staff.get(f"/files/{added.file_id}").status_code == 200
    reply = {"reply": "Waad ku mahadsan tihiin. Waxaan baranay in habeenku muhiim yahay."}
    assert staff.post(f"/en/fund/check-ins/{check_in.id}/reply", data=reply).status_code == 302
    assert "Waxaan baranay" in group.get(url).text


def test_photo_of_a_conversation_loses_where_and_when_it_was_made(grant, check_in, client_for):
    client, taken = client_for(grant.signer), photo("jpeg")

    assert send(client, check_in, taken, kind="paper", name="us.jpg").status_code == 302

    (added,) = check_in.files
    file = checked(added)
    assert (file.status, file.kind) == (FileStatus.CLEAN, FileKind.PICTURE)
    with file_store().open(file.storage_key) as stored:
        kept = stored.read()
    assert b"Exif" in taken
    assert b"Exif" not in kept


@pytest.mark.parametrize(
    ("content", "kind", "said"),
    [
        (b"", "voice", "We got no file, or an empty one."),
        (b"%PDF-1.7 a letter", "voice", "This kind of file does not fit here."),
        (b"MZ a program", "paper", "We cannot use this type of file."),
        (sound(), "paper", "This kind of file does not fit here."),
        (sound(), "", "Choose what you want to send."),
    ],
)
def test_file_that_does_not_fit_is_refused_in_words(grant, check_in, client_for, content, kind, said):
    answer = send(client_for(grant.signer), check_in, content, kind=kind)

    assert answer.status_code == 422
    assert said in answer.text
    assert check_in.files == []


def test_same_file_twice_is_one_and_a_file_is_taken_away(grant, check_in, client_for):
    client = client_for(grant.signer)
    for _twice in range(2):
        send(client, check_in, sound())
    db.session.expire_all()
    (added,) = check_in.files

    gone = client.post(f"{files_page(check_in)}/{added.id}/remove")

    assert gone.status_code == 302
    db.session.expire_all()
    assert (added.file.status, check_in.shown_files) == (FileStatus.ERASED, [])


def test_file_of_another_conversation_is_not_found(grant, check_in, client_for):
    other = active_grant()
    send(client_for(other.signer), other.check_in("month_6"), sound())
    (theirs,) = other.check_in("month_6").files

    answer = client_for(grant.signer).post(f"{files_page(check_in)}/{theirs.id}/remove")

    assert answer.status_code == 404
    assert theirs.removed_at is None


def test_recording_in_pieces_becomes_one_file(grant, check_in, client_for):
    client, content = client_for(grant.signer), sound()
    for at in range(0, len(content), 1000):
        answer = client.post(
            f"{files_page(check_in)}/pieces?at={at}&size={len(content)}&once=1",
            data={"kind": "voice", "file": (io.BytesIO(content[at : at + 1000]), "blob")},
            content_type="multipart/form-data",
        )
        assert answer.status_code == 200

    db.session.expire_all()
    (added,) = check_in.files
    assert (added.file.size_bytes, added.file.status) == (len(content), FileStatus.QUARANTINED)


@pytest.mark.parametrize("query", ["", "?at=x&size=1&once=1", "?at=0&size=1&once=1", "?at=0&size=0&once=1"])
def test_pieces_that_no_page_sends_are_refused_in_words(grant, check_in, client_for, query):
    answer = client_for(grant.signer).post(f"{files_page(check_in)}/pieces{query}", data={"kind": "odd"})

    assert answer.status_code == 422
    assert answer.json["error"]


def test_only_people_who_write_for_the_group_and_untied_staff_hear_it(grant, check_in, client_for):
    group = client_for(grant.signer)
    send(group, check_in, sound())
    group.post(f"/en/check-ins/{check_in.id}", data={"answer_language": "ti"})
    (added,) = check_in.files
    checked(added)
    award = grant.award
    ConflictFactory(
        call_id=award.call_id, user_id=grant.other_manager.id, organisation_id=award.organisation_id
    )
    stranger = OrganisationMemberFactory().user
    url = f"/files/{added.file_id}"

    found = {
        who: client_for(person).get(url).status_code
        for who, person in {
            "group": grant.signer,
            "manager": grant.manager,
            "tied": grant.other_manager,
            "finance": grant.finance,
            "stranger": stranger,
        }.items()
    }

    assert found == {"group": 200, "manager": 200, "tied": 404, "finance": 404, "stranger": 404}


@pytest.mark.parametrize(
    ("link", "is_taken"),
    [
        ("https://example.org/our-year?p=2", True),
        ("https://مثال.org/سنة", True),
        ("http://example.org", False),
        ("javascript:alert(1)", False),
        ("https://example.org/a b", False),
        ('https://example.org/"onclick=', False),
        ("our report", False),
    ],
)
def test_link_to_what_is_written_already_is_enough(grant, check_in, client_for, link, is_taken):
    client = client_for(grant.signer)

    answer = client.post(f"/en/check-ins/{check_in.id}", data={"answer_language": "en", "link": link})

    assert answer.status_code == (302 if is_taken else 422)
    db.session.refresh(check_in)
    assert check_in.link == (link if is_taken else "")
    if not is_taken:
        assert "It begins with https://" in answer.text


def test_group_says_whether_what_the_fund_typed_is_right(grant, check_in, client_for):
    staff, group = client_for(grant.manager), client_for(grant.signer)
    told = {"answer_language": "en", "K1": "Amina sleeps."}
    staff.post(f"/en/fund/check-ins/{check_in.id}", data=told)
    url = f"/en/check-ins/{check_in.id}"
    assert "Is it what you said?" in group.get(url).text
    too_long = group.post(f"{url}/confirm", data={"correction": "word " * 400})
    assert too_long.status_code == 422
    assert "word word" in too_long.text

    answer = group.post(f"{url}/confirm", data={"correction": "It was her sister."})

    assert answer.status_code == 302
    page = group.get(url).text
    assert "Is it what you said?" not in page
    assert "It was her sister." in staff.get(f"/en/fund/check-ins/{check_in.id}").text
    assert group.post(f"{url}/confirm", data={}).status_code == 409


def test_page_about_a_correction_that_is_too_long_leads_to_the_questions_about_the_fund_too(
    grant, client_for
):
    check_in = grant.check_in("month_12")
    staff, group = client_for(grant.manager), client_for(grant.signer)
    staff.post(f"/en/fund/check-ins/{check_in.id}", data={"answer_language": "en", "K1": "Amina sleeps."})
    url = f"/en/check-ins/{check_in.id}"
    link = "How was the fund? Tell us without your name"
    assert link in group.get(url).text

    too_long = group.post(f"{url}/confirm", data={"correction": "word " * 400})

    assert (too_long.status_code, link in too_long.text) == (422, True)


def test_recorder_leads_with_what_the_script_needs(grant, check_in, client_for):
    page = client_for(grant.signer).get(files_page(check_in)).text

    assert f'data-pieces="{files_page(check_in)}/pieces"' in page
    assert re.search(r'<form method="post" enctype="multipart/form-data" novalidate name="media"', page)
