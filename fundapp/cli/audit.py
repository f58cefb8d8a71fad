"""`fundapp audit verify`: is the record of what happened still whole?"""

from __future__ import annotations

import click
import sqlalchemy as sa

from fundapp.cli.things import our_app
from fundapp.db import db
from fundapp.models.event import Event
from fundapp.services.events import BrokenLink, broken_links

WORDS = {
    "number": "An entry before number {number} is missing.",
    "previous": "Entry {number} does not follow from the one before it.",
    "digest": "Entry {number} was changed after it was written.",
    "reason": "The reason of entry {number} was changed after it was written.",
    "end": "The record does not end with its newest entry: entries after number {number} are missing.",
}


@click.group()
def audit() -> None:
    """The record of who did what, when and why."""


@audit.command()
def verify() -> None:
    """Check every entry against its seal and its place in the chain."""
    with our_app():
        broken = list(broken_links())
        count = db.session.execute(sa.select(sa.func.count()).select_from(Event)).scalar_one()
    for link in broken:
        click.echo(sentence(link))
    if broken:
        raise click.ClickException(f"The record of {count} entries is not whole.")
    click.echo(f"The record is whole: {count} entries.")


def sentence(link: BrokenLink) -> str:
    return WORDS[link.what].format(number=link.number)
