"""`ringfence report`, `budget` and `opendata export` of fundapp: what the pages show, for other programs."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import click

from fundapp.cli.things import call_with, our_app
from fundapp.clock import utcnow
from fundapp.db import Json
from fundapp.documents.grants_table import grants_as_csv, grants_as_workbook
from fundapp.queries.budget import budget_as_data, load_budget
from fundapp.queries.calls import current_version, definition_of
from fundapp.queries.open_data import package_for
from fundapp.queries.ring_fences import report as ring_fence_report
from fundapp.queries.ring_fences import report_as_data


@click.group()
def ringfence() -> None:
    """Whether the ring-fences of a call are kept."""


@ringfence.command()
@click.argument("code")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def report(code: str, as_json: bool) -> None:
    """Reached, still needed and headroom of every ring-fence of a call."""
    with our_app():
        data = report_as_data(ring_fence_report(call_with(code)))
    click.echo(json.dumps(data, ensure_ascii=False, indent=2) if as_json else as_text(data))


@click.command()
@click.argument("code")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def budget(code: str, as_json: bool) -> None:
    """What was planned, awarded and paid in a call, and what is needed in which month."""
    with our_app():
        data = budget_as_data(load_budget(call_with(code), now=utcnow()))
    click.echo(json.dumps(data, ensure_ascii=False, indent=2) if as_json else budget_as_text(data))


@click.group()
def opendata() -> None:
    """Open data of a call."""


@opendata.command()
@click.argument("code")
@click.option("--csv", "as_csv", is_flag=True, help="A table instead of JSON.")
@click.option("--xlsx", type=click.Path(dir_okay=False, path_type=Path), help="Write a workbook here.")
def export(code: str, as_csv: bool, xlsx: Path | None) -> None:
    """Write the 360Giving file of a call. It holds no grants until everybody has been told."""
    with our_app():
        call = call_with(code)
        today = utcnow().astimezone(definition_of(current_version(call)).zone).date()
        data = package_for(call, today)
    if xlsx is not None:
        xlsx.write_bytes(grants_as_workbook(data))
    elif as_csv:
        click.echo(grants_as_csv(data), nl=False)
    else:
        click.echo(json.dumps(data, ensure_ascii=False, indent=2))


def as_text(data: Json) -> str:
    """One line for each ring-fence; in brackets what it would be if everything declared were confirmed."""
    head = ("ring-fence", "required", "reached", "needed", "headroom", "met")
    awarded = f"{data['call']}: {data['live']} pounds in {data['live_awards']} awards"
    table = _table([head, *(_row(line) for line in data["ring_fences"])])
    return "\n".join([f"{awarded}, {data['unawarded']} not awarded yet.", *table])


def budget_as_text(data: Json) -> str:
    """One line for each part of the call, then one for each month with payments to come."""
    columns = ("part", "key", "planned", "awarded", "paid", "still_to_pay", "on_hold", "came_back")
    of_month = ("when", "month", "payments", "together", "together_so_far")
    lines = _table([columns, *(tuple(_word(line[name]) for name in columns) for line in data["lines"])])
    months = _table([of_month, *(tuple(_word(line[name]) for name in of_month) for line in data["to_pay"])])
    return "\n".join([*lines, "", *months])


def _table(rows: Sequence[tuple[str, ...]]) -> list[str]:
    """The first row is the head."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    padded = ("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows)
    return [line.rstrip() for line in padded]


def _row(line: Json) -> tuple[str, ...]:
    def both(name: str) -> str:
        now, then = line["confirmed"][name], line["if_confirmed"][name]
        return _word(now) if now == then else f"{_word(now)} ({_word(then)})"

    name = f"{line['key']} {line['value']}" if line["value"] else str(line["key"])
    return (name, _word(line["required"]), *(both(each) for each in ("reached", "needed", "headroom", "met")))


def _word(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "-" if value in (None, "") else str(value)
