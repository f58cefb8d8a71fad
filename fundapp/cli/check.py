"""`fundapp check`: does everything that is stored fit together?"""

from __future__ import annotations

import click

from fundapp.cli.erased import list_back_again
from fundapp.cli.things import our_app
from fundapp.queries.invariants import INVARIANTS, broken_invariants


@click.command()
def check() -> None:
    """Check rules over all data, for example after a backup was brought back. Changes nothing."""
    with our_app():
        broken = list(broken_invariants())
        back = len(list_back_again())
    for invariant, ids in broken:
        click.echo(f"Not true ({invariant.name}): {invariant.sentence}")
        click.echo("    " + ", ".join(str(each) for each in ids))
    if back:
        click.echo(
            f"{back} people who were erased are here again. Run: fundapp person-data erase-again --yes"
        )
    if broken:
        raise click.ClickException(f"{len(broken)} of {len(INVARIANTS)} rules do not hold.")
    if back:
        raise click.ClickException("A backup brought people back.")
    click.echo(f"Everything fits together: {len(INVARIANTS)} rules hold.")
