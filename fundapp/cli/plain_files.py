"""Reading a plain file for a command: every error on a line of its own, then how many there are."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import click

from fundapp.plain_file import PlainFileError

LARGEST_FILE = 100_000_000  # bytes
Read = TypeVar("Read")


def read_plain_file(file: Path, read: Callable[[str], Read]) -> Read:
    """What `read` makes of the text. Raises ClickException."""
    if file.stat().st_size > LARGEST_FILE:
        raise click.ClickException(f"{file.name} is larger than {LARGEST_FILE:,} bytes.")
    try:
        return read(file.read_bytes().decode("utf-8"))
    except UnicodeDecodeError as error:
        raise click.ClickException(f"{file.name} is not a text in UTF-8. Save it as UTF-8.") from error
    except PlainFileError as error:
        for line in error.lines:
            click.echo(f"{file.name}: {line}", err=True)
        raise click.ClickException(f"Things to mend: {len(error.lines)}.") from error
