"""About your group, and its documents: told and sent once; old tabs, double posts, refused files."""

from __future__ import annotations

import io
import re

import pytest
import sqlalchemy as sa

from fundapp.db import db
from fundapp.models.document import OrganisationDocument
from fundapp.models.file import StoredFile
from fundapp.models.organisation import MemberRight
from tests.factories import (
    ApplicationFactory,
    CallFactory,
    DocumentFactory,
    OrganisationMemberFactory,
)

PDF = b"%PDF-1.7\nour rules"


@pytest.fixture
def owner(db_session):
    return OrganisationMemberFactory()


@pytest.fixture
def browser(client_for, owner):
    return client_for(owner.user)


def page_of(owner, page, language="en"):
    return f"/{language}/groups/{owner.organisation_id}/{page}"


def filled(text):
    """What a form would send as it stands."""
    names = dict(re.findall(r'<input type="hidden" name="(seen|once)" value="([^"]*)"', text))
    typed = {
        field: re.search(rf'<input[^>]* name="{field}"[^>]* value="([^"]*)"', text)
        for field in ("name", "annual_income")
    }
    chosen = {
        field: re.search(rf'<select[^>]*name="{field}".*?<option selected value="([^"]*)"', text, re.S)
        for field in ("legal_form", "borough")
    }
    return names | {name: found[1] for name, found in (typed | chosen).items() if found}


def send(browser, owner, content=PDF, name="rules.pdf", kind="governing", once="a"):
    data = {"kind": kind, "once": once, "file": (io.BytesIO(content), name)}
    return browser.post(page_of(owner, "documents"), data=data, content_type="multipart/form-data")


def documents():
    return db.session.execute(sa.select(OrganisationDocument)).scalars().all()


def test_group_changes_what_it_told(browser, owner):
    form = filled(browser.get(page_of(owner, "profile")).text)
    new = {"charity_number": "sc 012٣45", "annual_income": "12,500", "languages": ["ar", "so"]}

    reply = browser.post(page_of(owner, "profile"), data=form | new)
    page = browser.get(reply.headers["Location"]).text

    group = owner.organisation
    db.session.refresh(group)
    assert (reply.status_code, "Saved" in page) == (302, True)
    assert (group.charity_number, group.annual_income, group.languages) == ("SC012345", 12500, ["ar", "so"])
    assert (group.borough, group.legal_form) == ("Hackney", "unincorporated")


def test_old_tab_gets_both_and_overwrites_nothing(browser, owner):
    first = filled(browser.get(page_of(owner, "profile")).text)
    browser.post(page_of(owner, "profile"), data=first | {"name": "Nile Kitchen"})

    page = browser.post(page_of(owner, "profile"), data=first | {"name": "Blue Nile"})
    assert (page.status_code, "Nile Kitchen" in page.text, "Blue Nile" in page.text) == (409, True, True)
    again = browser.post(page_of(owner, "profile"), data=filled(page.text))

    db.session.refresh(owner.organisation)
    assert (again.status_code, owner.organisation.name) == (302, "Blue Nile")


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"name": ""}, "Write the name of your group."),
        ({"charity_number": "four"}, "A charity number looks like"),
        ({"company_number": "1"}, "A company number looks like"),
        ({"annual_income": "a lot"}, "amount"),
        ({"borough": "Atlantis"}, "Choose"),
    ],
)
def test_wrong_words_are_explained_and_kept(browser, owner, wrong, words):
    form = filled(browser.get(page_of(owner, "profile")).text)

    page = browser.post(page_of(owner, "profile"), data=form | {"umbrellas": "The Loom"} | wrong)

    assert (page.status_code, words in page.text, "The Loom" in page.text) == (422, True, True)


def test_member_who_only_reads_sees_facts_and_changes_nothing(client_for, owner):
    reads = OrganisationMemberFactory(organisation=owner.organisation, right=MemberRight.VIEW).user
    document = DocumentFactory(organisation=owner.organisation)
    browser = client_for(reads)

    pages = [browser.get(page_of(owner, page)).text for page in ("profile", "documents")]
    posts = [page_of(owner, page) for page in ("profile", "documents", f"documents/{document.id}/remove")]

    assert ["<form" in page.split("<main")[1].split("</main")[0] for page in pages] == [False, False]
    assert "£40,000.00" in pages[0]
    assert [browser.post(path).status_code for path in posts] == [403, 403, 403]


def test_income_and_borough_are_not_asked_while_somebody_decides(browser, owner):
    form = filled(browser.get(page_of(owner, "profile")).text)
    ApplicationFactory(organisation=owner.organisation, at_panel=True)

    page = browser.get(page_of(owner, "profile")).text
    late = browser.post(page_of(owner, "profile"), data=form | {"borough": "Barnet", "name": "New"})

    assert ('name="borough"' in page, "is being decided" in page) == (False, True)
    db.session.refresh(owner.organisation)
    assert (late.status_code, owner.organisation.borough) == (302, "Hackney")


@pytest.mark.parametrize("language", ["en", "ar", "uk", "es"])
def test_document_sent_twice_is_there_once_and_says_its_state(browser, owner, language):
    for _press in range(2):
        assert send(browser, owner).status_code == 302

    page = browser.get(page_of(owner, "documents", language)).text
    assert (len(documents()), page.count("rules.pdf")) == (1, 1)
    assert language != "en" or "We are still checking this file" in page


@pytest.mark.parametrize(
    ("content", "kind", "words"),
    [
        (b"", "bank", "We got no file, or an empty one."),
        (b"MZ a program", "bank", "We cannot use this type of file."),
        (PDF, "", "Choose what it is."),
    ],
)
def test_file_that_is_no_document_is_refused_with_what_to_do(browser, owner, content, kind, words):
    page = send(browser, owner, content, kind=kind)

    assert (page.status_code, words in page.text, documents()) == (422, True, [])


def test_document_is_taken_away_by_its_group_alone(browser, owner, client_for):
    document, stranger = DocumentFactory(organisation=owner.organisation), OrganisationMemberFactory()
    foreign = client_for(stranger.user)

    through_own = page_of(stranger, f"documents/{document.id}/remove")
    assert [foreign.post(path).status_code for path in (through_own, page_of(owner, "documents"))] == [
        404
    ] * 2
    assert browser.post(page_of(owner, f"documents/{document.id}/remove")).status_code == 302
    assert browser.get(f"/files/{document.file_id}").status_code == 404
    assert db.session.get(StoredFile, document.file_id).original_name == ""


def test_second_call_begins_with_what_the_group_told(browser, owner):
    call = CallFactory()
    check = f"/en/calls/{call.code}/check"
    start, place = f"/en/calls/{call.code}/start", f"{check}/E1"
    told = {}
    while "/check/" in place:
        page = browser.get(place).text
        key = place.rsplit("/", 1)[1]
        if chosen := re.search(rf'name="{key}" value="([^"]+)"[^>]* checked', page):
            told[key] = chosen[1]
            assert "Is this still correct?" in page
        answer = {"E8": "all", "E9": "half", "E10": "all", "E11": "no", "E13": "no"}.get(key, "yes")
        place = browser.post(place, data={key: told.get(key, answer)}).headers["Location"]

    page = browser.get(start).text
    sent = dict(re.findall(r'name="(\w+)" value="([^"]+)"[^>]* checked', page))
    reply = browser.post(start, data=sent)

    assert told == {"E7": "from_10000"}
    assert all(
        words in page for words in ("Is this still correct?", "£40,000.00", "Hackney", f"?call={call.code}")
    )
    assert reply.headers["Location"].endswith("/questions/S1")
    db.session.refresh(owner.organisation)
    assert owner.organisation.annual_income == 40_000


def test_other_band_in_the_check_changes_what_is_known(browser, owner):
    call = CallFactory()
    answers = dict.fromkeys(("E1", "E2", "E3", "E4", "E5", "E6", "E12"), "yes") | {
        "E7": "from_0", "E8": "all", "E9": "half", "E10": "all", "E11": "no", "E13": "no"
    }  # fmt: skip
    place = f"/en/calls/{call.code}/check/E1"
    while "/check/" in place:
        key = place.rsplit("/", 1)[1]
        place = browser.post(place, data={key: answers[key]}).headers["Location"]

    browser.post(f"/en/calls/{call.code}/start", data={"group": str(owner.organisation_id), "once": "a"})

    db.session.refresh(owner.organisation)
    assert owner.organisation.annual_income == 0


def test_profile_asked_for_at_the_start_leads_back_there(browser, owner):
    call = CallFactory()
    path = f"{page_of(owner, 'profile')}?call={call.code}"

    reply = browser.post(path, data=filled(browser.get(path).text))

    assert reply.headers["Location"].endswith(f"/calls/{call.code}/start")
