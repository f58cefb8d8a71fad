"""Whether ring-fences are kept, as the fund's people see it."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from fundapp.db import db
from fundapp.lifecycles import ClaimStatus
from fundapp.models.call import Call
from fundapp.models.fund import FundRoleKind
from fundapp.models.user import User
from fundapp.services.events import seal
from fundapp.services.ring_fence_warnings import warn_of_ring_fences
from fundapp.web.sheet_file import sheet_file
from tests.database.crowd import add_varied_crowd
from tests.factories import (
    ApplicationFactory,
    AwardFactory,
    CallFactory,
    FundRoleFactory,
    RatificationFactory,
    RoundFactory,
    days,
    now,
)
from tests.ledger import group, worked_ledger

pytestmark = pytest.mark.usefixtures("db_session")
ClientFor = Callable[[User], FlaskClient]


def page_of(client_for: ClientFor, call: Call, query: str = "") -> str:
    answer = client_for(FundRoleFactory(fund=call.fund).user).get(
        f"/en/fund/calls/{call.id}/ring-fences{query}"
    )
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", answer.get_data(as_text=True))


def numbers_between(page: str, start: str, after: str, before: str) -> list[str]:
    table = page[page.index(start) :]
    return re.findall(r'<bdi dir="ltr">([^<]+)</bdi>', table[table.index(after) : table.index(before)])


def test_page_shows_the_figures_of_the_worked_ledger(client_for: ClientFor) -> None:
    page = page_of(client_for, worked_ledger())

    assert numbers_between(page, 'id="figures"', "BYFOR", "MIGRANT") == [
        *("£1,800,000.00", "£200,000.00", "52.6%", "11.1%", "£1,600,000.00", "£780,000.00"),
        *("£260,000.00", "68.4%", "14.4%", "£1,540,000.00", "£840,000.00"),
    ]
    assert "£380,000.00" in page
    assert "£2,380,000.00" in page


def test_page_shows_one_round_when_asked(client_for: ClientFor) -> None:
    call = CallFactory(deciding=True)
    RoundFactory(call=call, code="2")
    ApplicationFactory(call=call, eoi_sent=True)

    pages = [page_of(client_for, call, f"?round={code}") for code in ("1", "2", "no such round")]

    sent = [numbers_between(page, 'id="path"', "BYFOR", "MIGRANT")[15] for page in pages]
    assert sent == ["£40,000.00", "£0.00", "£40,000.00"]


def queries_of(client: FlaskClient, path: str) -> int:
    seen: list[Any] = []

    def note(*_arguments: Any) -> None:
        seen.append(1)

    sa.event.listen(sa.Engine, "before_cursor_execute", note)
    try:
        assert client.get(path).status_code == 200
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", note)
    return len(seen)


def test_page_needs_the_same_queries_with_50_and_with_2000_applications(client_for: ClientFor) -> None:
    call = CallFactory(deciding=True)
    client = client_for(FundRoleFactory(fund=call.fund).user)
    path = f"/en/fund/calls/{call.id}/ring-fences"
    found = []
    for first, number in ((0, 50), (50, 1_950)):
        add_varied_crowd(call, number, first=first, panel_of=20)
        db.session.flush()
        db.session.expire_all()
        found.append(queries_of(client, path))

    assert found[0] == found[1]


def test_page_of_an_open_call_says_what_one_can_tell_and_when(client_for: ClientFor) -> None:
    call = CallFactory(opens_at=days(-10))
    ApplicationFactory(call=call, organisation=group(call, ClaimStatus.DECLARED), eoi_sent=True)

    page = page_of(client_for, call)

    assert "Groups can start until" in page
    assert "At the pace so far it would be only" in page
    assert "invite more groups now" in page
    assert "Will enough be asked for?" not in page_of(client_for, CallFactory(deciding=True))


def test_first_page_of_the_fund_repeats_the_warning(client_for: ClientFor) -> None:
    call = CallFactory(opens_at=days(-10))
    client = client_for(FundRoleFactory(fund=call.fund).user)
    before = client.get(f"/en/fund/{call.fund_id}").text

    warn_of_ring_fences(now=now())
    seal()

    after = client.get(f"/en/fund/{call.fund_id}").text
    assert ["Ring-fence BYFOR: the figures of today" in page for page in (before, after)] == [False, True]


def rows_of(client_for: ClientFor, call: Call) -> dict[tuple[str, str], dict[str, str]]:
    answer = client_for(FundRoleFactory(fund=call.fund).user).get(f"/en/fund/calls/{call.id}/ring-fences.csv")
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    read = csv.DictReader(io.StringIO(answer.get_data(as_text=True).removeprefix("\ufeff")))
    return {(row["ring_fence"], row["value"]): row for row in read}


def test_file_has_the_figures_of_the_worked_ledger(client_for: ClientFor) -> None:
    row = rows_of(client_for, worked_ledger())[("BYFOR", "")]

    names = ("reached", "percent_of_awards", "percent_of_required", "needed", "headroom", "met")
    assert [row[f"confirmed_{name}"] for name in names] == [
        "200000",
        "52.6",
        "11.1",
        "1600000",
        "780000",
        "no",
    ]
    assert [row[f"if_confirmed_{name}"] for name in names] == [
        *("260000", "68.4", "14.4", "1540000", "840000", "no")
    ]
    assert (row["required"], row["in_principle_confirmed"], row["paid_all"]) == ("1800000", "200000", "0")


def test_file_has_no_line_of_a_borough_with_a_confidential_group(client_for: ClientFor) -> None:
    call = CallFactory(deciding=True)
    for borough in ("Hackney", "Brent"):
        AwardFactory(
            application__call=call,
            application__organisation=group(call, ClaimStatus.CONFIRMED, borough=borough),
            is_confidential=borough == "Brent",
            application__is_confidential=borough == "Brent",
        )

    assert [value for _key, value in rows_of(client_for, call) if value] == ["Hackney"]


def test_cells_that_spreadsheets_would_run_are_texts_and_numbers_stay_numbers(app: Flask) -> None:
    with app.test_request_context():
        answer = sheet_file("x.csv", ("a",), [["=1+1", Decimal("-5.00"), -3, True, None, "@x"]])

    assert answer.get_data(as_text=True) == "\ufeffa\r\n'=1+1,-5.00,-3,yes,,'@x\r\n"


def test_page_has_a_map_with_a_square_for_each_borough_and_its_table(client_for: ClientFor) -> None:
    call = CallFactory(deciding=True)
    AwardFactory(application__call=call, application__organisation=group(call, None, borough="Newham"))

    page = page_of(client_for, call)

    assert page.count('<g class="tile ') == 66
    assert "<title>Newham: 40</title>" in page
    assert page.count("level4 passed") == 2
    table = page[page.index('id="boroughs"') :].partition("<tbody>")[2]
    assert re.findall(r'<bdi dir="ltr"[^>]*>([^<]+)</bdi>', table) == [
        *("Newham", "£40,000.00", "£40,000.00", "£40,000.00")
    ]


def test_release_is_for_the_administrator_says_why_and_is_published(
    app: Flask, client_for: ClientFor
) -> None:
    call = CallFactory(deciding=True)
    RatificationFactory(round=RoundFactory(call=call, code="2", starts=days(-100)), released=True)
    db.session.expire(call)
    path = f"/en/fund/calls/{call.id}/ring-fences"
    manager, admin = (
        client_for(FundRoleFactory(fund=call.fund, kind=kind).user)
        for kind in (FundRoleKind.MANAGER, FundRoleKind.ADMIN)
    )

    refused = manager.post(f"{path}/SMALL/release", data={"SMALL-reason": "No more groups."})
    empty = admin.post(f"{path}/SMALL/release", data={"SMALL-reason": " "})
    done = admin.post(f"{path}/SMALL/release", data={"SMALL-reason": "No more groups."})
    again = admin.post(f"{path}/SMALL/release", data={"SMALL-reason": "No more groups."})

    assert [refused.status_code, empty.status_code, done.status_code] == [404, 422, 303]
    assert "Write the reason. It will be published." in empty.text
    assert again.status_code == 409
    assert "No more groups." in admin.get(path).text
    assert "Release SMALL" not in manager.get(path).text
    assert "No more groups." in app.test_client().get(f"/en/calls/{call.code}/results").text
