"""`fundapp …`: one group of commands; each says in plain sentences what it did or why not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
import sqlalchemy as sa

from fundapp.call_file.problems import CallFileErrors
from fundapp.cli.allocate import allocate
from fundapp.cli.assign import assign
from fundapp.cli.audit import audit
from fundapp.cli.bank_numbers import bank_numbers
from fundapp.cli.calls import call
from fundapp.cli.check import check
from fundapp.cli.demo import DemoPlace, run_demo
from fundapp.cli.deploy import check_deploy, migrate_command
from fundapp.cli.figures import budget, opendata, ringfence
from fundapp.cli.forms import form
from fundapp.cli.lottery import lottery
from fundapp.cli.packs import decision_pack, verify_pack
from fundapp.cli.panel_draw import panel_draw
from fundapp.cli.person_data import person_data
from fundapp.cli.registers import registers
from fundapp.cli.retention import retention
from fundapp.cli.serve import listen, web, worker
from fundapp.cli.staff import staff
from fundapp.errors import FundError
from fundapp.settings import SettingsError


class PlainErrors(click.Group):
    """What a person can mend is said in a sentence, with exit code 1, never as a traceback."""

    def invoke(self, context: click.Context) -> Any:
        try:
            return super().invoke(context)
        except (SettingsError, CallFileErrors, FundError) as error:
            raise click.ClickException(str(error) or type(error).__name__) from error
        except sa.exc.OperationalError as error:
            raise click.ClickException(f"The database does not answer: {error.orig}") from error
        except OSError as error:
            raise click.ClickException(str(error)) from error


@click.group(cls=PlainErrors, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Runs grant funds by and for migrant-led organisations."""


@main.command()
@click.option("--fresh", is_flag=True, help="Delete the demo's data first.")
@click.option("--no-serve", is_flag=True, help="Only build the data.")
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True)
@click.option(
    "--data-dir",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("instance"),
    show_default=True,
    help="Where the demo keeps everything.",
)
def demo(fresh: bool, no_serve: bool, port: int, data_dir: Path) -> None:
    """A whole fund with invented groups, on this machine alone."""
    run_demo(DemoPlace(data_dir.resolve(), port), fresh=fresh, serve=not no_serve)


COMMANDS = (
    web,
    worker,
    listen,
    migrate_command,
    check_deploy,
    allocate,
    assign,
    audit,
    check,
    bank_numbers,
    form,
    lottery,
    panel_draw,
    call,
    ringfence,
    budget,
    opendata,
    staff,
    person_data,
    retention,
    registers,
    decision_pack,
    verify_pack,
)
for command in COMMANDS:
    main.add_command(command)
