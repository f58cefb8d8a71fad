"""Pages of the checks of a grant, for the fund and for the group; registers from a file."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from fundapp.check_steps import CheckStatus, ConditionStatus
from fundapp.clock import utcnow
from fundapp.db import unit_of_work
from fundapp.models.award import CheckItem
from fundapp.models.document import DocumentKind
from fundapp.models.event import Event
from fundapp.queries.award_checks import list_checklist, list_conditions
from fundapp.queries.register_numbers import CHARITIES, COMPANIES, look_up
from fundapp.services.grants import settle_check, start_checks
from fundapp.services.registers import NotARegister, import_register
from tests.factories import AwardConditionFactory, ConflictFactory, DocumentFactory
from tests.grants import Grant, grant_in_principle

FILE = """number,linked_charity_number,name,status,date_of_registration,date_of_removal
1234567,0,Kettle and Thread,Registered,2019-03-04,
1234567,1,Kettle and Thread Walks,Registered,2020-01-01,
0299999,0,Old Bell,Removed,1990-01-01,2021-02-03
"""


def in_checks(**group) -> Grant:
    grant = grant_in_principle()
    for name, value in group.items():
        setattr(grant.award.organisation, name, value)
    with unit_of_work():
        start_checks(grant.award, actor=grant.manager, now=utcnow())
    return grant


def item_of(grant: Grant, key: str) -> CheckItem:
    return next(each.item for each in list_checklist(grant.award) if each.item.key == key)


def bring(text: str, register: str = CHARITIES, day: date = date(2026, 11, 1)):
    with unit_of_work():
        return import_register(text.splitlines(keepends=True), register=register, file_of=day, now=utcnow())


def test_group_reads_what_is_still_to_do_who_helps_and_what_it_need_not_send(client_for):
    grant = in_checks(charity_number=None, company_number=None)
    DocumentFactory(organisation=grant.award.organisation, kind=DocumentKind.SAFEGUARDING)
    client = client_for(grant.manager)
    client.post(
        f"/en/fund/checks/{item_of(grant, 'accounts').id}/edit",
        data={"status": "help_offered", "help": "Mehret counts it with you.", "owner": str(grant.manager.id)},
    )

    page = client_for(grant.signer).get(f"/en/awards/{grant.award.id}/checks").text

    assert "6 things are still to do." in page
    assert "Mehret counts it with you." in page
    assert "You have sent it. You need not do anything." in page
    assert "There is no number in a register, and none is needed." in page
    assert page.count("Send it, or a photo of it") == 3


def test_check_is_settled_on_its_page_with_what_was_seen(client_for):
    grant = in_checks()
    item = item_of(grant, "governing_document")
    client = client_for(grant.manager)

    refused = client.post(f"/en/fund/checks/{item.id}/edit", data={"status": "done", "note": "We met."})
    done = client.post(
        f"/en/fund/checks/{item.id}/edit",
        data={"status": "done", "note": "We met.", "evidence": "conversation"},
    )

    assert (refused.status_code, done.status_code) == (422, 302)
    assert "Choose what you saw." in refused.text
    assert "We met." in refused.text
    assert (item.status, item.note, str(item.evidence)) == (CheckStatus.DONE, "We met.", "conversation")


@pytest.mark.parametrize(
    ("posted", "said"),
    [
        ({}, "Choose where it stands."),
        ({"status": "help_offered"}, "Write which help you offer."),
        ({"status": "not_needed"}, "Write why. The group will read it."),
    ],
)
def test_what_is_missing_is_said_at_its_field(client_for, posted, said):
    grant = in_checks()
    item = item_of(grant, "accounts")

    page = client_for(grant.manager).post(f"/en/fund/checks/{item.id}/edit", data=posted)

    assert (page.status_code, item.status) == (422, CheckStatus.OPEN)
    assert said in page.text


def test_condition_is_added_read_by_the_group_and_met(client_for):
    grant = in_checks()
    day = utcnow().date() + timedelta(days=60)
    client = client_for(grant.manager)
    posted = {"words": "A policy.", "help": "We write it together."}
    posted |= {"due_on-day": str(day.day), "due_on-month": str(day.month), "due_on-year": str(day.year)}
    address = f"/en/fund/awards/{grant.award.id}/conditions"

    wrong = client.post(address, data=posted | {"words": ""})
    right = client.post(address, data=posted)

    assert (wrong.status_code, right.status_code) == (422, 302)
    assert "We write it together." in wrong.text
    condition = list_conditions(grant.award)[0]
    assert condition.due_on == day
    assert "A policy." in client_for(grant.signer).get(f"/en/awards/{grant.award.id}/checks").text
    lifted = client.post(f"/en/fund/conditions/{condition.id}", data={"outcome": "lifted"})
    met = client.post(f"/en/fund/conditions/{condition.id}", data={"outcome": "met"})
    assert (lifted.status_code, met.status_code) == (422, 302)
    assert condition.status is ConditionStatus.MET


def test_settled_condition_is_not_settled_again(client_for):
    grant = in_checks()
    condition = AwardConditionFactory(award=grant.award, status=ConditionStatus.MET, settled_at=utcnow())

    page = client_for(grant.manager).post(f"/en/fund/conditions/{condition.id}", data={"outcome": "met"})

    assert page.status_code == 409


def test_who_is_tied_to_the_group_sees_no_checklist_and_looks_after_nothing(client_for):
    grant = in_checks()
    ConflictFactory(
        call_id=grant.award.call_id, organisation=grant.award.organisation, user=grant.other_manager
    )
    item = item_of(grant, "accounts")

    hidden = client_for(grant.other_manager).get(f"/en/fund/awards/{grant.award.id}/checklist")
    offered = client_for(grant.manager).get(f"/en/fund/checks/{item.id}/edit").text

    assert hidden.status_code == 404
    assert str(grant.manager.id) in offered
    assert str(grant.other_manager.id) not in offered


def test_register_informs_with_its_day_and_changes_nothing(client_for, db_session):
    grant = in_checks(charity_number="1234567")
    brought = bring(FILE)
    before = [each.item.status for each in list_checklist(grant.award)]

    page = client_for(grant.manager).get(f"/en/fund/awards/{grant.award.id}/checklist").text

    assert (brought.lines, brought.left_out) == (2, 1)
    assert "GB-CHC-1234567" in page
    assert "Kettle and Thread" in page
    assert "1 November 2026" in page
    assert "Hidden names are no warning sign" in page
    assert [each.item.status for each in list_checklist(grant.award)] == before
    assert db_session.query(Event).filter_by(step="import_register").count() == 1


@pytest.mark.parametrize(
    ("number", "name"), [("299999", "Old Bell"), ("0299999", "Old Bell"), ("7654321", None)]
)
def test_number_is_found_as_people_and_files_write_it(db_session, number, name):
    bring(FILE)
    grant = in_checks(charity_number=number)

    found = look_up(grant.award.organisation)

    assert [(each.entry.name if each.entry else None, each.file_of) for each in found] == [
        (name, date(2026, 11, 1))
    ]


def test_companies_are_found_with_their_zeros(db_session):
    bring("number,name,status,date\n445790,Old Bell Ltd,Active,2001-02-03\n", COMPANIES)
    grant = in_checks(company_number="00445790")

    assert [each.entry.name for each in look_up(grant.award.organisation)] == ["Old Bell Ltd"]


@pytest.mark.parametrize("text", ["", "a,b\n1,2\n", "number,name,status\n", "number,name,status\nnone,x,y\n"])
def test_file_that_is_no_register_is_refused_and_the_old_one_stays(db_session, text):
    bring(FILE)
    grant = in_checks(charity_number="1234567")

    with pytest.raises(NotARegister), unit_of_work():
        import_register(
            text.splitlines(keepends=True), register=CHARITIES, file_of=date(2026, 11, 2), now=utcnow()
        )

    assert [each.file_of for each in look_up(grant.award.organisation)] == [date(2026, 11, 1)]


def test_newer_file_takes_the_place_of_the_older_one(db_session):
    bring(FILE)
    bring("number,name,status,date\n7654321,New Bell,Registered,2026-01-01\n", day=date(2026, 11, 20))
    grant = in_checks(charity_number="1234567")

    assert [(each.entry, each.file_of) for each in look_up(grant.award.organisation)] == [
        (None, date(2026, 11, 20))
    ]


def test_help_offered_from_an_old_page_does_not_open_what_somebody_has_settled(client_for):
    grant = in_checks()
    item = item_of(grant, "accounts")
    with unit_of_work():
        settle_check(item, note="", actor=grant.other_manager, now=utcnow())
    edit, client = f"/en/fund/checks/{item.id}/edit", client_for(grant.manager)
    old = {"status": "help_offered", "help": "Mehret counts it with you."}

    page = client.post(edit, data=old)

    assert (page.status_code, item.status) == (422, CheckStatus.DONE)
    assert "Write why. The group will read it." in page.text
    assert old["help"] in page.text
    client.post(edit, data=old | {"note": "A page was missing."})
    assert item.status is CheckStatus.HELP_OFFERED
