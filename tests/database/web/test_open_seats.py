"""Open seats of a panel through HTTP: offering oneself, the draw in the open, and no name on any of it."""

from __future__ import annotations

import json
import re
from itertools import product

import pytest
from click.testing import CliRunner

from fundapp.cli.commands import main
from fundapp.db import db
from fundapp.models.fund import FundRoleKind
from fundapp.models.recruitment import PanelCandidate, PanelDraw
from fundapp.queries.calls import current_version
from fundapp.services.recruitment import candidate_ticket
from fundapp.settings import TEST_SECRET
from tests.database.web.test_panel_pages import text
from tests.factories import CallFactory, FundRoleFactory, PanelFactory, days
from tests.published import dated, published_with
from tests.sign_in import client_with_token

OFFER = {
    "kind": "lived_experience",
    "name": "Rosa Example",
    "email": "rosa@example.org",
    "phone": "020 7946 0011",
    "reads_in": ["es"],
    "group_age": "from_50",
    "group_reads": "rather_not",
}


@pytest.fixture
def call(db_session):
    call = CallFactory(opens_at=days(-5))
    dated(call.rounds[0], scoring_opens_at=days(60))
    between(call, -2, 10)
    return call


def between(call, first: int, last: int) -> None:
    """People can offer themselves from day to day, counted from today."""
    panel = current_version(call).content["panel"]
    dates = {"opens_on": days(first).date().isoformat(), "closes_on": days(last).date().isoformat()}
    published_with(call, panel=panel | {"recruitment": panel["recruitment"] | dates})


@pytest.fixture
def anybody(app, db_session):
    return client_with_token(app)


@pytest.fixture
def staff(client_for, call):
    return client_for(FundRoleFactory(fund=call.fund, kind=FundRoleKind.MANAGER).user)


def fund_url(call, page: str = "") -> str:
    return f"/en/fund/rounds/{call.rounds[0].id}/panel/open-seats{page}"


def offered(browser, call, **more):
    return browser.post(f"/en/calls/{call.code}/panel/offer", data=OFFER | more)


def test_somebody_offers_themselves_without_an_account_and_takes_it_back(anybody, call):
    sent = offered(anybody, call)
    page = text(anybody.get(sent.location))
    kept = db.session.query(PanelCandidate).one()

    assert (sent.status_code, kept.number in page) == (302, True)
    assert kept.groups == {"age": "from_50", "reads": ""}
    anybody.post(sent.location, data={"go": "no"})
    assert db.session.query(PanelCandidate).count() == 0
    assert "We keep nothing about you any more." in text(anybody.get(sent.location))
    assert anybody.get("/en/your-number/made-up").status_code == 404


def test_what_is_missing_is_said_and_what_was_typed_stays(anybody, call):
    page = offered(anybody, call, email="", phone="", name="Rosa Example")
    empty = anybody.post(f"/en/calls/{call.code}/panel/offer", data={})

    assert (page.status_code, "so that we can reach you" in text(page), "Rosa Example" in text(page)) == (
        422,
        True,
        True,
    )
    assert empty.status_code == 422
    summary = text(empty).partition('id="errors"')[2].partition("</ul>")[0]
    said = re.findall(r"<li>(?:<a[^>]*>)?([^<]+)", summary)
    assert len(said) == len(set(said)), "each says which question"


def test_outside_its_dates_nobody_can_offer_themselves(anybody, call):
    between(call, 3, 10)

    assert "at the moment" in text(anybody.get(f"/en/calls/{call.code}/panel/offer"))
    assert offered(anybody, call).status_code == 409
    assert db.session.query(PanelCandidate).count() == 0


def whole_draw(anybody, staff, call) -> PanelDraw:
    staff.post(
        fund_url(call, "/announce/lived_experience"),
        data={"lived_experience-mixed_with": "The numbers of Saturday"},
    )
    draw = db.session.query(PanelDraw).one()
    people = list(product(("under_30", "30_to_49", "from_50"), ("english", "not_english"), range(2)))
    for number, (age, reads, _twice) in enumerate(people):  # whoever leaves, somebody like them can come
        offered(
            anybody,
            call,
            name=f"Rosa {number}",
            email=f"rosa{number}@example.org",
            phone=f"0207946{number:04}",
            group_age=age,
            group_reads=reads,
        )
    early = staff.post(fund_url(call, f"/draws/{draw.id}/fix"))
    assert (early.status_code, "People can still offer themselves." in text(early)) == (409, True)
    between(call, -20, -1)
    assert staff.post(fund_url(call, f"/draws/{draw.id}/fix")).status_code == 302
    assert staff.post(fund_url(call, f"/draws/{draw.id}/draw"), data={}).status_code == 422
    assert (
        staff.post(
            fund_url(call, f"/draws/{draw.id}/draw"), data={"lived_experience-announced_value": "3, 14"}
        ).status_code
        == 302
    )
    return draw


def test_whole_draw_in_the_open_and_no_name_or_contact_on_a_public_page(anybody, staff, call, tmp_path):
    draw = whole_draw(anybody, staff, call)
    kind = "lived_experience"
    address = f"/en/calls/{call.code}/panel/draw/{call.rounds[0].code}-{kind}.json"

    pages = [anybody.get(f"/en/calls/{call.code}/panel{page}") for page in ("", "/draw")] + [
        anybody.get(address)
    ]
    shown = [each.get_data(as_text=True) for each in pages]

    assert [each.status_code for each in pages] == [200] * 3
    assert not [word for word in ("Rosa", "example.org", "0207946") if any(word in page for page in shown)]
    assert all(number in shown[1] for number in draw.panel)
    file = tmp_path / "draw.json"
    file.write_text(shown[2])
    again = CliRunner().invoke(main, ["panel-draw", "--chances", str(file)])
    assert (again.exit_code, "WRONG" in again.output) == (0, False)
    assert sorted(re.findall(r"^drawn (\w+)", again.output, re.M)) == sorted(draw.panel)
    codes = []
    for number in range(15, 30):  # one other value may draw the same people by chance, fifteen do not
        file.write_text(json.dumps(json.loads(shown[2]) | {"announced_value": f"3, {number}"}))
        codes.append(CliRunner().invoke(main, ["panel-draw", str(file)]).exit_code)
    assert 2 in codes
    file.write_text("{}")
    assert CliRunner().invoke(main, ["panel-draw", str(file)]).exit_code == 1


def test_drawn_people_sit_or_the_next_one_is_drawn_and_then_all_is_deleted(anybody, staff, call):
    draw = whole_draw(anybody, staff, call)
    PanelFactory(call=call, round=call.rounds[0])
    gone = draw.panel[0]
    why = {f"{gone}-reason": "Nobody answered in two weeks."}

    assert staff.post(fund_url(call, f"/draws/{draw.id}/next/{gone}"), data=why).status_code == 302
    db.session.refresh(draw)
    assert gone not in draw.panel
    for person in db.session.query(PanelCandidate).filter(PanelCandidate.number.in_(draw.panel)).all():
        page = staff.get(fund_url(call, f"/candidates/{person.id}/seat"))
        assert (page.status_code, person.email in text(page)) == (200, True)
        sent = staff.post(
            fund_url(call, f"/candidates/{person.id}/seat"), data={"email": person.email, "capacity": "20"}
        )
        assert sent.status_code == 302
    assert staff.post(fund_url(call, f"/draws/{draw.id}/complete")).status_code == 302
    assert db.session.query(PanelCandidate).count() == 0
    assert "were deleted on" in text(staff.get(fund_url(call)))


def test_next_one_needs_a_reason_which_everybody_reads(anybody, staff, call):
    draw = whole_draw(anybody, staff, call)
    gone, public = draw.panel[0], f"/en/calls/{call.code}/panel/draw"
    address = fund_url(call, f"/draws/{draw.id}/next/{gone}")
    page = text(staff.get(fund_url(call)))

    silent = staff.post(address, data={f"{gone}-reason": " "})
    assert (silent.status_code, "Everybody can read this" in text(silent)) == (422, True)
    assert (page.count("Why is somebody else drawn?"), "/remove" in page) == (4, False)
    assert staff.post(address, data={f"{gone}-reason": "Moved <b>away</b>."}).status_code == 302

    assert "Moved &lt;b&gt;away&lt;/b&gt;." in text(anybody.get(public))
    file = anybody.get(f"{public}/{call.rounds[0].code}-lived_experience.json").get_json()
    assert file["replacements"][0]["why"] == "Moved <b>away</b>."


def test_somebody_with_the_seat_is_not_replaced_before_it_is_taken_back(anybody, staff, call):
    draw = whole_draw(anybody, staff, call)
    PanelFactory(call=call, round=call.rounds[0])
    person = db.session.query(PanelCandidate).filter(PanelCandidate.number == draw.panel[0]).one()
    given = {"email": "seat@example.org", "capacity": "20"}
    staff.post(fund_url(call, f"/candidates/{person.id}/seat"), data=given)
    next_one = f"/draws/{draw.id}/next/{person.number}"

    page = text(staff.get(fund_url(call)))
    typed = {f"{person.number}-reason": "They moved far away."}
    refused = staff.post(fund_url(call, next_one), data=typed)

    assert (next_one in page, page.count("Why is somebody else drawn?")) == (False, 3)
    assert (refused.status_code, "Take the seat back first" in text(refused)) == (409, True)
    assert person.number in draw.panel


def test_who_shares_a_phone_with_somebody_before_is_told_that_they_are_left_out(anybody, staff, call):
    offered(anybody, call, phone="0207 946 0003", group_age="under_30", group_reads="not_english")
    draw = whole_draw(anybody, staff, call)
    out = db.session.query(PanelCandidate).filter(PanelCandidate.name == "Rosa 3").one()
    one_in = db.session.query(PanelCandidate).filter(PanelCandidate.status == "offered")
    others = [each for each in one_in if each.number in draw.fixed["pool"]]

    told = text(anybody.get(f"/en/your-number/{candidate_ticket(out, TEST_SECRET)}"))
    on_list = text(anybody.get(f"/en/your-number/{candidate_ticket(others[0], TEST_SECRET)}"))

    assert out.number not in draw.fixed["pool"]
    assert ("gave the same e-mail address or phone number" in told, "You are on the list" in told) == (
        True,
        False,
    )
    assert ("You are on the list" in on_list, "gave the same" in on_list) == (True, False)
    assert text(staff.get(fund_url(call))).count("Not on the list: same address or phone") == 1


def test_chances_are_shown_by_the_groups_that_have_quotas(anybody, staff, call):
    panel = current_version(call).content["panel"]
    seats = [
        seat | {"quotas": [one for one in seat.get("quotas", ()) if one["group"] == "age"]}
        for seat in panel["seats"]
    ]
    published_with(call, panel=panel | {"seats": seats})
    whole_draw(anybody, staff, call)

    page = text(anybody.get(f"/en/calls/{call.code}/panel/draw"))
    heads = re.findall(r'<th scope="col"[^>]*>(.*?)</th>', page)

    assert len(heads) == 3
    assert not [each for each in heads if "read" in each.lower()]


def test_before_the_call_is_published_no_draw_can_be_announced(staff, call):
    published_with(call, frozen=False)

    page = text(staff.get(fund_url(call)))
    sent = staff.post(fund_url(call, "/announce/lived_experience"), data={})

    assert ("Announce the draw" in page, "Publish the call first" in page) == (False, True)
    assert (sent.status_code, db.session.query(PanelDraw).count()) == (409, 0)


def test_public_page_says_seats_pay_terms_and_how_the_draw_works(anybody, call, count_queries):
    with count_queries() as queries:
        page = text(anybody.get(f"/en/calls/{call.code}/panel"))

    for words in (
        "4 seats",
        "Drawn by lot",
        "Named by:",
        "£50",
        "24 months",
        "Child care",
        "At least 6 of 9",
        "Training:",
        "Offer yourself",
    ):
        assert words in page, words
    assert queries.number <= 6


def test_fund_adds_somebody_by_phone_and_changes_quotas_with_a_reason(staff, call):
    staff.post(fund_url(call, "/announce/lived_experience"), data={})
    draw = db.session.query(PanelDraw).one()

    assert staff.post(fund_url(call, "/candidates"), data=OFFER).status_code == 302
    numbers = {f"{limit}_{at}": value for at in range(4) for limit, value in (("least", "0"), ("most", "4"))}
    without = staff.post(fund_url(call, f"/draws/{draw.id}/quotas"), data=numbers)
    changed = staff.post(fund_url(call, f"/draws/{draw.id}/quotas"), data=numbers | {"reason": "Few came."})

    assert (without.status_code, changed.status_code) == (422, 302)
    db.session.refresh(draw)
    assert {(one["least"], one["most"]) for one in draw.quotas} == {(0, 4)}
    assert "Few came." in text(staff.get(f"/en/calls/{call.code}/panel/draw"))
    assert "Rosa Example" in text(staff.get(fund_url(call)))
