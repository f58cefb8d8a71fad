"""`fundapp form …`: the questions of a call in a spreadsheet (XLSForm), without a database."""

from __future__ import annotations

from pathlib import Path

import click

from forms.spreadsheet import LARGEST_FILE, WrongWorkbook
from forms.xlsform import SpreadsheetForm, read_xlsform, write_xlsform
from fundapp.call_file import from_data, to_data
from fundapp.call_file.sheet_form import sheet_form_of, with_sheet_form
from fundapp.call_file.text import write_call
from fundapp.cli.calls import call_file, read


@click.group()
def form() -> None:
    """Write the questions of a call file as a spreadsheet, and take them back. See docs/xlsform.md."""


@form.command()
@call_file
@click.argument("sheet", type=click.Path(dir_okay=False, path_type=Path))
def export(file: Path, sheet: Path) -> None:
    """Write the check before applying and the form of a call file as an .xlsx file."""
    definition = read(file)
    sheet.write_bytes(write_xlsform(sheet_form_of(definition)))
    click.echo(f"{sheet.name} holds {_count(sheet_form_of(definition))} questions of {definition.code}.")


@form.command(name="import")
@click.argument("sheet", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@call_file
def import_sheet(sheet: Path, file: Path) -> None:
    """Write the call file with the questions of an .xlsx file, to standard output. Both files stay."""
    definition = read(file)
    changed = with_sheet_form(definition, _read_sheet(sheet))
    click.echo(write_call(from_data(to_data(changed))), nl=False)


def _read_sheet(sheet: Path) -> SpreadsheetForm:
    if sheet.stat().st_size > LARGEST_FILE:
        raise click.ClickException(f"{sheet.name} is larger than {LARGEST_FILE:,} bytes.")
    try:
        return read_xlsform(sheet.read_bytes())
    except WrongWorkbook as found:
        for problem in found.problems:
            click.echo(f"{sheet.name}: {problem.words}", err=True)
        number = len(found.problems)
        raise click.ClickException(f"Nothing was taken. Things to mend: {number}.") from found


def _count(sheet_form: SpreadsheetForm) -> int:
    return sum(1 for _question in sheet_form.questions())
