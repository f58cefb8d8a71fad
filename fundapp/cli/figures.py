"""`fundapp ringfence report` and `fundapp opendata export`: what the pages show, for other programs."""

from __future__ import annotations

import json

import click

from fundapp.cli.things import call_with, our_app
from fundapp.clock import utcnow
from fundapp.db import Json
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


@click.group()
def opendata() -> None:
    """Open data of a call."""


@opendata.command()
@click.argument("code")
def export(code: str) -> None:
    """Write the 360Giving file of a call. It holds no grants until everybody has been told."""
    with our_app():
        call = call_with(code)
        today = utcnow().astimezone(definition_of(current_version(call)).zone).date()
        data = package_for(call, today)
    click.echo(json.dumps(data, ensure_ascii=False, indent=2))


def as_text(data: Json) -> str:
    """One line for each ring-fence; in brackets what it would be if everything declared were confirmed."""
    head = ("ring-fence", "required", "reached", "needed", "headroom", "met")
    rows = [head, *(_row(line) for line in data["ring_fences"])]
    widths = [max(len(row[column]) for row in rows) for column in range(len(head))]
    table = ("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows)
    awarded = f"{data['call']}: {data['live']} pounds in {data['live_awards']} awards"
    return "\n".join([f"{awarded}, {data['unawarded']} not awarded yet.", *(line.rstrip() for line in table)])


def _row(line: Json) -> tuple[str, ...]:
    def both(name: str) -> str:
        now, then = line["confirmed"][name], line["if_confirmed"][name]
        return _word(now) if now == then else f"{_word(now)} ({_word(then)})"

    name = f"{line['key']} {line['value']}" if line["value"] else str(line["key"])
    return (name, _word(line["required"]), *(both(each) for each in ("reached", "needed", "headroom", "met")))


def _word(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "-" if value is None else str(value)
