"""`fundapp call …`: a call is a file."""

from __future__ import annotations

from pathlib import Path

import click

from fundapp.call_file.clashes import clashes_of
from fundapp.call_file.definition import CallDefinition
from fundapp.call_file.problems import CallFileErrors
from fundapp.call_file.text import read_call, write_call
from fundapp.cli.things import call_with, find_fund, our_app
from fundapp.clock import utcnow
from fundapp.db import unit_of_work
from fundapp.services.calls import CodeTaken, content_of, import_call
from fundapp.web.feast_words import FEASTS, follow_the_moon

LARGEST_FILE = 5_000_000  # bytes

call_file = click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))


@click.group()
def call() -> None:
    """Check, import and export calls. The format is described in docs/call-file.md."""


@call.command()
@call_file
def check(file: Path) -> None:
    """Say everything that is wrong with a call file; nothing is stored."""
    definition = read(file)
    click.echo(f"{file.name} is a good call file: {definition.code}.")
    for clash in clashes_of(definition):
        named = ", ".join(str(FEASTS[feast]) for feast in clash.feasts)
        label = clash.label.in_language(definition.languages[0])
        click.echo(f"Look at this day: {label}, {clash.day.isoformat()} ({named}).")
    if follow_the_moon(clashes_of(definition)):
        click.echo("Days that follow the moon (Ramadan, Eid, Ashura) can be one day earlier or later.")


@call.command(name="import")
@call_file
@click.option("--fund", "fund_code", help="Code of the fund it belongs to; needed where there are several.")
def import_file(file: Path, fund_code: str | None) -> None:
    """Make a draft call of a call file."""
    definition = read(file)
    try:
        with our_app(), unit_of_work():
            import_call(definition, fund=find_fund(fund_code), actor=None, now=utcnow())
    except CodeTaken as error:
        raise click.ClickException(f"There is a call with the code {definition.code} already.") from error
    click.echo(f"{definition.code} is imported as a draft.")


@call.command()
@click.argument("code")
def export(code: str) -> None:
    """Write a call as a call file, to standard output."""
    with our_app():
        click.echo(write_call(content_of(call_with(code))), nl=False)


def read(file: Path) -> CallDefinition:
    """Every error of the file at once, each on a line of its own."""
    if file.stat().st_size > LARGEST_FILE:
        raise click.ClickException(f"{file.name} is larger than {LARGEST_FILE:,} bytes.")
    try:
        return read_call(file.read_bytes().decode("utf-8"))
    except UnicodeDecodeError as error:
        raise click.ClickException(f"{file.name} is not a text in UTF-8. Save it as UTF-8.") from error
    except CallFileErrors as found:
        for each in found.errors:
            click.echo(f"{file.name}: {each}")
        raise click.ClickException(f"Nothing was stored. Things to mend: {len(found.errors)}.") from found
