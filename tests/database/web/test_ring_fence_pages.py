"""Whether ring-fences are kept, as the fund's people see it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from fundapp.db import db
from fundapp.lifecycles import ClaimStatus
from fundapp.models.call import Call
from fundapp.models.user import User
from fundapp.services.events import seal
from fundapp.services.ring_fence_warnings import warn_of_ring_fences
from tests.database.crowd import add_varied_crowd
from tests.factories import ApplicationFactory, CallFactory, FundRoleFactory, RoundFactory, days, now
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
