"""`fundapp assign`: readers to applications from a plain file, without database, users or call."""

from __future__ import annotations

import json
from pathlib import Path

import click

from fundapp.assignment_file.answer import answer
from fundapp.assignment_file.read import read_assignment_file
from fundapp.cli.plain_files import read_plain_file
from scoring.engine import NotProved


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def assign(file: Path) -> None:
    """Assign readers to applications (docs/assignment-file.md) and write the answer as JSON.

    Exit code 0: everything is met; 2: something is not, and the answer says what and which smallest change
    would help.
    """
    try:
        found = answer(read_plain_file(file, read_assignment_file))
    except NotProved as error:
        raise click.ClickException(
            "No proved answer was found in the time allowed. Try “aim”: “sum”, or fewer applications."
        ) from error
    click.echo(json.dumps(found, ensure_ascii=False, indent=2))
    if found["status"] == "not_everything":
        raise SystemExit(2)
