"""The ring-fences of the call as three ways of the product say them, against the second set of books."""

from __future__ import annotations

import csv
import io
import json
import re
from decimal import Decimal
from typing import Any

from click.testing import CliRunner, Result

from fundapp.cli import main
from fundapp.cli.things import call_with
from fundapp.db import db
from fundapp.queries.ring_fences import report, report_as_data
from tests.database.journeys.world import CALL
from tests.database.journeys.year.desk import Year

COUNTED = ("NEW",)  # in awards, not in pounds


def command(year: Year, *words: str) -> Result:
    """As somebody runs it on the machine, in an app of its own."""
    with year.world.app.app_context():
        db.session.remove()
    return CliRunner().invoke(main, [*words], env=year.world.environment)


def everything_fits_together(year: Year) -> None:
    """The rules over all data, and the record of who did what."""
    for words in (("check",), ("audit", "verify")):
        said = command(year, *words)
        assert said.exit_code == 0, said.output


def figures_are_right(year: Year, *, by_command: bool = False) -> None:
    """Reached, needed and headroom of each ring-fence: on the page, in the file and in what the command says.

    A command starts an app of its own, so only some steps go through it; the others ask what it asks.
    """
    sure, hopeful = year.book.figures(), year.book.figures(hopeful=True)
    expected = {key: [*sure[key].values(), *hopeful[key].values()] for key in sure}
    desk = year.of_fund("manager")
    page = desk.open(desk.at(year.page_of_call("ring-fences"))).html
    said = json.loads(_by_command(year) if by_command else _as_the_command_asks(year))
    sheet = desk.text(desk.at(year.page_of_call("ring-fences.csv"))).removeprefix("\ufeff")
    table = list(csv.DictReader(io.StringIO(sheet)))

    assert {key: _on_page(page, key) for key in sure} == expected
    assert {key: _in_answer(said, key) for key in sure} == expected
    assert {key: _in_table(table, key) for key in sure} == expected
    assert (_pence(said["live"]), _pence(said["unawarded"])) == (year.book.live, year.book.unawarded)
    assert f"£{Decimal(year.book.live) / 100:,.2f}" in page
    [byfor] = [each for each in said["ring_fences"] if each["key"] == "BYFOR"]
    accepted = [one for one in year.book.entries.values() if one.is_accepted]
    assert _pence(byfor["stages"]["accepted"]["total"]) == sum(one.out_of_the_pot for one in accepted)
    kept = sum(sum(one.paid) - one.came_back for one in year.book.entries.values())
    assert _pence(byfor["stages"]["paid"]["total"]) == kept


def _by_command(year: Year) -> str:
    return command(year, "ringfence", "report", CALL, "--json").stdout


def _as_the_command_asks(year: Year) -> str:
    with year.world.app.app_context():
        said = json.dumps(report_as_data(report(call_with(CALL))))
        db.session.remove()
    return said


def _on_page(html: str, key: str) -> list[int | None]:
    """Confirmed groups alone, then all of them; each has reached, two shares, needed and headroom."""
    [part] = [
        each
        for each in html[html.index('id="figures"') :].split("<tbody>")
        if f'scope="rowgroup" rowspan="2">{key} ' in each
    ]
    cells = re.findall(r'<bdi dir="ltr">([^<]*)</bdi>', part)[1:11]
    return [_number(cells[place], key) for place in (0, 3, 4, 5, 8, 9)]


def _number(text: str, key: str) -> int | None:
    return int(text) if key in COUNTED else _pence(text.replace("£", "").replace(",", "").replace("−", "-"))


def _in_answer(said: dict[str, Any], key: str) -> list[int | None]:
    [line] = [each for each in said["ring_fences"] if each["key"] == key]
    return [
        line[which][name] if key in COUNTED else _pence(line[which][name])
        for which in ("confirmed", "if_confirmed")
        for name in ("reached", "needed", "headroom")
    ]


def _in_table(rows: list[dict[str, str]], key: str) -> list[int | None]:
    [row] = [each for each in rows if each["ring_fence"] == key]
    return [
        _number(row[f"{which}_{name}"], key)
        for which in ("confirmed", "if_confirmed")
        for name in ("reached", "needed", "headroom")
    ]


def _pence(text: str) -> int:
    return int(Decimal(text) * 100)
