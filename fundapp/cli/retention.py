"""`fundapp retention`: what has been kept long enough, and taking it now instead of in the morning."""

from __future__ import annotations

import click

from fundapp.cli.things import our_app
from fundapp.clock import utcnow
from fundapp.db import leave_no_copies, unit_of_work
from fundapp.services.retention import forget_what_is_over, what_is_over
from fundapp.services.retention.kinds import KEPT


@click.command()
@click.option("--dry-run", is_flag=True, help="Only say what would go. This is so without any option, too.")
@click.option("--yes", is_flag=True, help="Do it now. Every morning it is done without this command.")
def retention(dry_run: bool, yes: bool) -> None:
    """Say how many of each kind have been kept long enough. Changes nothing without --yes."""
    does = yes and not dry_run
    with our_app():
        if does:
            with unit_of_work():
                found = forget_what_is_over(now=utcnow())
            leave_no_copies()
        else:
            found = what_is_over(utcnow())
    for kept in KEPT:
        click.echo(f"{kept.key} ({kept.term.number} {kept.term.unit}): {found[kept.key]}")
    click.echo("All this was erased." if does else "Nothing was changed. With --yes all this goes.")
