"""The worked ledger of the reference call (A1 to A5): the page and the command say the same figures."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from flask import Flask

from fundapp import create_app
from fundapp.db import db, unit_of_work
from fundapp.models.user import User
from fundapp.settings import Settings
from tests.database.journeys.browser import Page
from tests.engines import migrated_database
from tests.factories import FundRoleFactory
from tests.ledger import worked_ledger
from tests.sign_in import signed_in_client

LIVE, UNAWARDED, KEPT = "£380,000.00", "£2,380,000.00", "£1,800,000.00"
# Reached, share of the awards, share of what is kept, still needed, headroom.
CONFIRMED = ["£200,000.00", "52.6%", "11.1%", "£1,600,000.00", "£780,000.00"]
IF_CONFIRMED = ["£260,000.00", "68.4%", "14.4%", "£1,540,000.00", "£840,000.00"]


@dataclass(frozen=True)
class Ledger:
    app: Flask
    environment: dict[str, str]
    code: str
    call_id: str
    manager_id: UUID


@pytest.fixture
def ledger(engine_name: str, tmp_path: Path) -> Iterator[Ledger]:
    """In a database of its own, committed, so that another process sees it."""
    with migrated_database(engine_name, "fundapp_ledger_page") as url:
        app = create_app(Settings.for_tests(url, tmp_path))
        own = {
            "FUNDAPP_ENVIRONMENT": "test",
            "FUNDAPP_DATABASE_URL": url,
            "FUNDAPP_DATA_DIR": str(tmp_path),
        }
        kept = {name: value for name, value in os.environ.items() if not name.startswith("FUNDAPP_")}
        with app.app_context(), unit_of_work():
            call = worked_ledger()
            manager = FundRoleFactory(fund=call.fund).user
            ledger = Ledger(app, kept | own, call.code, str(call.id), manager.id)
        yield ledger
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


def page_of(ledger: Ledger, language: str) -> Page:
    with ledger.app.app_context(), unit_of_work():
        user = db.session.get(User, ledger.manager_id)
        assert user is not None
        client = signed_in_client(ledger.app, user)
    path = f"/{language}/fund/calls/{ledger.call_id}/ring-fences"
    answer = client.get(path)
    return Page(path, answer.status_code, answer.get_data(as_text=True))


def test_page_and_command_give_exactly_the_figures_of_the_reference_call(ledger: Ledger) -> None:
    pages = {language: page_of(ledger, language) for language in ("en", "ar")}
    command = [sys.executable, "-m", "fundapp.cli", "ringfence", "report", ledger.code, "--json"]
    said = subprocess.run(command, env=ledger.environment, capture_output=True, text=True, timeout=60)

    assert {language: (page.status, page.direction) for language, page in pages.items()} == {
        "en": (200, "ltr"),
        "ar": (200, "rtl"),
    }
    assert (said.returncode, said.stderr) == (0, "")
    data = json.loads(said.stdout)
    expected = [KEPT, *CONFIRMED, *IF_CONFIRMED]
    assert [figures_on(page) for page in pages.values()] == [expected, expected]
    assert figures_in(data) == expected
    assert [_pounds(data[name]) for name in ("live", "unawarded")] == [LIVE, UNAWARDED]
    assert [LIVE in page.words and UNAWARDED in page.words for page in pages.values()] == [True, True]


def figures_on(page: Page) -> list[str]:
    """Of BYFOR: what is kept, then the figures with confirmed groups alone, then with all of them."""
    table = page.html[page.html.index('id="figures"') :]
    row = table[table.index("BYFOR") : table.index("MIGRANT")]
    return re.findall(r'<bdi dir="ltr">([^<]+)</bdi>', row)


def figures_in(data: dict[str, Any]) -> list[str]:
    """The same of the command's answer, written as the page writes them."""
    byfor = data["ring_fences"][0]
    assert byfor["key"] == "BYFOR"
    figures = [_pounds(byfor["required"])]
    for one in (byfor["confirmed"], byfor["if_confirmed"]):
        shares = [f"{one[name]}%" for name in ("percent_of_awards", "percent_of_required")]
        figures += [_pounds(one["reached"]), *shares, _pounds(one["needed"]), _pounds(one["headroom"])]
    return figures


def _pounds(number: str) -> str:
    return f"£{Decimal(number):,.2f}"
