"""`fundapp decision-pack` and `fundapp verify-pack`: how a round was decided, for anybody to check."""

from __future__ import annotations

import json
from pathlib import Path

import click

from fundapp.cli.things import call_with, our_app
from fundapp.decision_pack.verify import main as verify
from fundapp.queries.awards import find_ratification


@click.command("decision-pack")
@click.argument("code")
@click.option("--round", "round_code", required=True, help="Code of the round, as in the call file.")
def decision_pack(code: str, round_code: str) -> None:
    """Write the decision pack of a signed round, to standard output."""
    with our_app():
        rounds = {each.code: each for each in call_with(code).rounds}
        if round_code not in rounds:
            raise click.ClickException(f"{code} has no round {round_code}. It has: {', '.join(rounds)}.")
        found = find_ratification(rounds[round_code].id)
        if found is None or found.decision_pack is None:
            raise click.ClickException(f"The list of round {round_code} is not signed yet.")
        click.echo(json.dumps(found.decision_pack, ensure_ascii=False, indent=1))


@click.command("verify-pack")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def verify_pack(file: Path) -> None:
    """Check a decision pack: totals, order, every ring-fence, and that the rule's list was the best.

    The checker is the one file fundapp/decision_pack/verify.py; it runs with Python alone.
    """
    if code := verify([str(file)]):
        raise SystemExit(code)
