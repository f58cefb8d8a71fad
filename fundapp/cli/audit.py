"""`fundapp audit verify`: is the record of what happened still whole?"""

from __future__ import annotations

import click
import sqlalchemy as sa

from fundapp.cli.things import our_app
from fundapp.db import db
from fundapp.models.event import Event
from fundapp.services.events import BrokenLink, Kept, broken_links, newest

WORDS = {
    "number": "An entry before number {number} is missing.",
    "previous": "Entry {number} does not follow from the one before it.",
    "digest": "Entry {number} was changed after it was written.",
    "reason": "The reason of entry {number} was changed after it was written.",
    "kept": "Entry {number} is not the one that was kept somewhere else.",
    "end": "The record does not end with its newest entry: entries after number {number} are missing.",
}


@click.group()
def audit() -> None:
    """The record of who did what, when and why."""


class KeptEntry(click.ParamType[Kept]):
    name = "number:digest"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> Kept:
        number, _colon, digest = value.partition(":")
        if not (number.isdecimal() and len(digest) == 64):
            self.fail(
                "Write it as it was printed: the number, a colon, and 64 letters and digits.", param, ctx
            )
        return Kept(int(number), digest)


@audit.command()
@click.option("--kept", type=KeptEntry(), help="What an earlier run printed and you kept somewhere else.")
def verify(kept: Kept | None) -> None:
    """Check every entry against its seal and its place in the chain."""
    with our_app():
        broken, last = list(broken_links(kept)), newest()
        count = db.session.execute(sa.select(sa.func.count()).select_from(Event)).scalar_one()
    for link in broken:
        click.echo(sentence(link))
    if broken:
        raise click.ClickException(f"The record of {count} entries is not whole.")
    click.echo(f"The record is whole: {count} entries.")
    if last:
        click.echo(f"Keep this somewhere else: {last.number}:{last.digest}")


def sentence(link: BrokenLink) -> str:
    return WORDS[link.what].format(number=link.number)
