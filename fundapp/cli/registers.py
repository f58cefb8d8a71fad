"""`fundapp registers import FILE`: a public register, to look up numbers without asking anybody outside."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from fundapp.cli.things import our_app
from fundapp.clock import utcnow
from fundapp.db import unit_of_work
from fundapp.queries.register_numbers import CHARITIES, REGISTERS
from fundapp.services.registers import NotARegister, import_register


@click.group()
def registers() -> None:
    """Public registers of charities and companies. They inform; they never decide."""


@registers.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--register", type=click.Choice(REGISTERS), default=CHARITIES, show_default=True)
@click.option(
    "--day",
    type=click.DateTime(["%Y-%m-%d"]),
    help="The day of the file; without it, the day it was last changed.",
)
def import_command(file: Path, register: str, day: datetime | None) -> None:
    """Bring in a CSV file with number, name, status and date. The file before it is forgotten."""
    file_of = day.date() if day else datetime.fromtimestamp(file.stat().st_mtime, UTC).date()
    try:
        with our_app(), unit_of_work(), file.open(encoding="utf-8", errors="replace", newline="") as lines:
            brought = import_register(lines, register=register, file_of=file_of, now=utcnow())
    except NotARegister as error:
        raise click.ClickException(f"{error} Nothing was changed.") from error
    click.echo(f"{register}: {brought.lines} lines of {file_of.isoformat()}; {brought.left_out} left out.")
