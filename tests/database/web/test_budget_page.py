"""Planned, awarded and paid, as the fund's people see it: the page, its two files, and the command."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from fundapp.cli.figures import budget_as_text
from fundapp.clock import utcnow
from fundapp.db import db
from fundapp.models.award import Award
from fundapp.models.call import Call
from fundapp.models.user import User
from fundapp.queries.budget import budget_as_data, load_budget
from tests.factories import CallFactory, ConflictFactory, FundRoleFactory
from tests.grants import active_grant, grant_in_principle
from tests.ledger import worked_ledger

pytestmark = pytest.mark.usefixtures("db_session")
ClientFor = Callable[[User], FlaskClient]


def get(client_for: ClientFor, call: Call, name: str = "budget", language: str = "en") -> str:
    client = client_for(FundRoleFactory(fund=call.fund).user)
    answer = client.get(f"/{language}/fund/calls/{call.id}/{name}")
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def table(page: str, caption: str) -> dict[str, list[str]]:
    """The cells of each row by its first one."""
    start = page.index(f">{caption}</caption>")
    rows = re.findall(r"<tr>(.*?)</tr>", page[start : page.index("</table>", start)], re.DOTALL)
    found = {}
    for row in rows:
        first = re.search(r'<th scope="row">(.*?)</th>', row)
        if first:
            found[first[1].strip()] = [cell.strip() for cell in re.findall(r"<bdi[^>]*>(.*?)</bdi>", row)]
    return found


def test_page_shows_the_worked_ledger(client_for: ClientFor) -> None:
    page = get(client_for, worked_ledger())

    whole = table(page, "The whole call")
    assert whole["Money for grants, as planned"] == ["£2,760,000.00", "100.0%"]
    assert whole["Awarded"] == ["£380,000.00", "13.7%"]
    assert whole["Not awarded"] == ["£2,380,000.00", "86.2%"]
    assert whole["Awarded once, and no longer"] == ["£80,000.00", "2.8%"]
    assert table(page, "By ring-fence")["BYFOR"] == [
        *("£1,800,000.00", "£200,000.00", "£0.00", "£0.00", "£0.00", "£0.00", "£0.00"),
        *("£1,600,000.00", "11.1%"),
    ]
    assert "no total here" in page


def test_page_says_how_much_is_needed_when(client_for: ClientFor) -> None:
    call = CallFactory(closed=True)
    active_grant(call, amount="40000.00", starts_on=date(2095, 3, 15))
    grant_in_principle(call, amount="30000.01", starts_on=date(2095, 3, 20))

    page = get(client_for, call)

    assert table(page, "Payments to come, by month") == {
        "March 2095": ["2", "£20,000.00", "£0.00", "£15,000.00", "£35,000.00", "£35,000.00"],
        "March 2096": ["2", "£20,000.00", "£0.00", "£15,000.01", "£35,000.01", "£70,000.01"],
    }
    years = table(page, "Planned for the year, and paid in it")
    assert (years["2094/95"][1], years["2095/96"][1]) == ("£20,000.00", "£20,000.00")
    assert years["The whole call"][1] == "£40,000.00"


def test_call_without_awards_says_so_in_a_sentence(client_for: ClientFor) -> None:
    page = get(client_for, CallFactory())

    assert "Nothing has been awarded in this call yet" in page
    assert "Payments to come" not in page
    assert table(page, "The whole call")["Not awarded"] == ["£2,760,000.00", "100.0%"]


def rows_of(client_for: ClientFor, call: Call, name: str) -> list[dict[str, str]]:
    text = get(client_for, call, name).removeprefix("\ufeff")
    return list(csv.DictReader(io.StringIO(text)))


def test_files_and_command_have_the_figures_of_the_page(client_for: ClientFor) -> None:
    call = CallFactory(closed=True)
    active_grant(call, amount="40000.00", starts_on=date(2095, 3, 15))

    lines = {(row["part"], row["key"]): row for row in rows_of(client_for, call, "budget.csv")}
    months = rows_of(client_for, call, "payments-to-come.csv")
    said = budget_as_data(load_budget(call, now=utcnow()))

    whole = lines["whole", ""]
    assert [Decimal(whole[name]) for name in ("planned", "awarded", "still_to_pay", "paid")] == [
        *(2_760_000, 40_000, 40_000, 0)
    ]
    assert Decimal(lines["strand", "A"]["awarded"]) == 40_000
    assert lines["strand", "A"]["planned"] == ""
    assert [(row["when"], row["month"], Decimal(row["together_so_far"])) for row in months] == [
        ("month", "2095-03", 20_000),
        ("month", "2096-03", 40_000),
    ]
    assert said["lines"][0]["awarded"] == "40000.00"
    assert [each["together"] for each in said["to_pay"]] == ["20000.00", "20000.00"]
    assert "whole" in budget_as_text(said)


def test_who_has_a_tie_with_a_group_on_an_open_list_leaves_it_to_others(client_for: ClientFor) -> None:
    call = worked_ledger()
    user = FundRoleFactory(fund=call.fund).user
    client = client_for(user)
    path = f"/en/fund/calls/{call.id}"
    link = f'href="{path}/budget"'

    before = client.get(f"{path}/grants").text
    award = db.session.execute(sa.select(Award).where(Award.call_id == call.id)).scalars().first()
    assert award is not None
    ConflictFactory(user=user, call_id=call.id, organisation=award.organisation)

    assert link in before
    assert client.get(f"{path}/budget").status_code == 403
    assert link not in client.get(f"{path}/grants").text
