"""`fundapp panel-draw`: the draw of a panel again, from its public file; without database, users or call."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from fundapp.cli.plain_files import read_plain_file
from fundapp.panel_draw_file.check import Checked, NotADraw, check_draw
from fundapp.panel_draw_file.parts import digest_of, fixed_as_data
from scoring.engine import NotProved
from scoring.records import InvalidInput
from scoring.sortition import QuotasImpossible, panel_lottery

NEARLY = 1e-4  # of a chance: two solvers may end on different mixes of panels


@click.command("panel-draw")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--chances", is_flag=True, help="Also work out everybody's chance anew.")
def panel_draw(file: Path, chances: bool) -> None:
    """Do the published draw of a panel again (docs/panel-draw-file.md).

    Exit code 0: everything holds; 2: something does not, and it is named.
    """
    data = read_plain_file(file, _read)
    try:
        checked = check_draw(data)
    except NotADraw as error:
        raise click.ClickException(f"{file.name} is no file of a panel's draw.") from error
    click.echo(f"digest {digest_of(fixed_as_data(checked.fixed))}")
    for each in checked.findings:
        click.echo(f"{'ok    ' if each.holds else 'WRONG '} {each.what}")
    for number, chance in sorted(checked.fixed.lottery.chances.items()):
        click.echo(f"chance {number} {float(chance):.4f}")
    for number in checked.panel:
        click.echo(f"drawn {number}")
    is_best = not chances or _chances_are_best(checked)
    if not checked.holds or not is_best:
        raise SystemExit(2)


def _read(text: str) -> dict[str, Any]:
    try:
        data = json.loads(text)
    except ValueError as error:
        raise click.ClickException("The file is no JSON.") from error
    return data if isinstance(data, dict) else {}


def _chances_are_best(checked: Checked) -> bool:
    fixed = checked.fixed
    try:
        again = panel_lottery(fixed.pool, fixed.quotas, fixed.seats)
    except (QuotasImpossible, NotProved, InvalidInput):
        again = None
    smallest = min(fixed.lottery.chances.values(), default=0)
    holds = again is not None and abs(float(min(again.chances.values()) - smallest)) < NEARLY
    click.echo(f"{'ok    ' if holds else 'WRONG '} the smallest chance is as large as it can be")
    return holds
