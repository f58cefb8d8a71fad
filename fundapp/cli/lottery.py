"""`fundapp lottery`: a draw again, from its seed; without database, users or call."""

from __future__ import annotations

import click

from scoring.lottery import LEAST_SEED, commitment, drawn_order


@click.command()
@click.argument("seed")
@click.argument("receipts", nargs=-1, required=True)
def lottery(seed: str, receipts: tuple[str, ...]) -> None:
    """The order in which SEED (hexadecimal) draws these receipts, and the fingerprint of the seed.

    The fingerprint must be the one that was public before the draw.
    """
    try:
        value = bytes.fromhex(seed)
    except ValueError:
        value = b""
    if len(value) < LEAST_SEED:
        raise click.ClickException(f"Write the seed in hexadecimal digits, at least {2 * LEAST_SEED}.")
    click.echo(f"fingerprint {commitment(value)}")
    for place, receipt in enumerate(drawn_order(value, receipts), start=1):
        click.echo(f"{place} {receipt}")
