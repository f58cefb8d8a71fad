"""`fundapp allocate`: awards from a plain file, without database, users or call."""

from __future__ import annotations

import json
from pathlib import Path

import click

from fundapp.award_file.answer import answer
from fundapp.award_file.read import AwardFileError, read_award_file
from scoring.engine import NotProved

LARGEST_FILE = 100_000_000  # bytes


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def allocate(file: Path) -> None:
    """Propose awards for an award problem (docs/award-file.md) and write the answer as JSON.

    Exit code 0: a list; 2: no list keeps all rules, and the answer says which rules are in conflict.
    """
    if file.stat().st_size > LARGEST_FILE:
        raise click.ClickException(f"{file.name} is larger than {LARGEST_FILE:,} bytes.")
    try:
        found = answer(read_award_file(file.read_bytes().decode("utf-8")))
    except UnicodeDecodeError as error:
        raise click.ClickException(f"{file.name} is not a text in UTF-8. Save it as UTF-8.") from error
    except AwardFileError as error:
        for line in error.lines:
            click.echo(f"{file.name}: {line}", err=True)
        raise click.ClickException(f"Things to mend: {len(error.lines)}.") from error
    except NotProved as error:
        raise click.ClickException(
            "No proved answer was found. For part-funding try “rank_topup” and the objective “merit_order”."
        ) from error
    click.echo(json.dumps(found, ensure_ascii=False, indent=2))
    if found["status"] == "impossible":
        raise SystemExit(2)
