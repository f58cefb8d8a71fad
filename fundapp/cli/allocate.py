"""`fundapp allocate`: awards from a plain file, without database, users or call."""

from __future__ import annotations

import json
from pathlib import Path

import click

from fundapp.award_file.answer import answer
from fundapp.award_file.read import read_award_file
from fundapp.cli.plain_files import read_plain_file
from scoring.engine import NotProved


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def allocate(file: Path) -> None:
    """Propose awards for an award problem (docs/award-file.md) and write the answer as JSON.

    Exit code 0: a list; 2: no list keeps all rules, and the answer says which rules are in conflict.
    """
    try:
        found = answer(read_plain_file(file, read_award_file))
    except NotProved as error:
        raise click.ClickException(
            "No proved answer was found. For part-funding try “rank_topup” and the objective “merit_order”."
        ) from error
    click.echo(json.dumps(found, ensure_ascii=False, indent=2))
    if found["status"] == "impossible":
        raise SystemExit(2)
