"""`fundapp person-data …`: everything about one person, and erasing it."""

from __future__ import annotations

import json

import click

from fundapp.cli.erased import list_back_again, remember
from fundapp.cli.things import our_app
from fundapp.clock import utcnow
from fundapp.db import leave_no_copies, unit_of_work
from fundapp.models.user import User
from fundapp.queries.person_data import data_of, find_person
from fundapp.services.person_data import StillNeeded, erase_person, what_erasing_takes

NEEDED = "This person works for a fund or has a seat on a panel. Take the role or seat away first."


@click.group("person-data")
def person_data() -> None:
    """What we hold about one person."""


@person_data.command()
@click.argument("email")
def show(email: str) -> None:
    """Write everything about the person with this address, as JSON. Other people are not named in it."""
    with our_app():
        data = {"made_at": utcnow().isoformat(timespec="seconds")} | data_of(_person(email))
    click.echo(json.dumps(data, ensure_ascii=False, indent=2))


@person_data.command()
@click.argument("email")
@click.option("--yes", is_flag=True, help="Do it. Without this, only say what would be taken.")
def erase(email: str, yes: bool) -> None:
    """Erase the person with this address. What their group wrote stays with the group."""
    try:
        with our_app():
            with unit_of_work():
                person = _person(email)
                taken = erase_person(person, actor=None, now=utcnow()) if yes else what_erasing_takes(person)
                number = person.id
                if yes:
                    remember(number)
            leave_no_copies()
    except StillNeeded as error:
        raise click.ClickException(NEEDED) from error
    for name, rows in sorted(taken.items()):
        click.echo(f"{name}: {rows}")
    if yes:
        click.echo("Erased. After a backup comes back: fundapp person-data erase-again --yes")
        click.echo(f"Their number, should the folder of files be lost too: {number}")
    else:
        click.echo("Nothing was changed. With --yes all this goes, and the name and address of the person.")


@person_data.command("erase-again")
@click.option("--yes", is_flag=True, help="Do it. Without this, only say how many are back.")
def erase_again(yes: bool) -> None:
    """After a backup was brought back: erase those who had been erased since it was made."""
    with our_app():
        with unit_of_work():
            back = list_back_again()
            found, kept = len(back), sum(not _erased_again(person) for person in back) if yes else 0
        leave_no_copies()
    click.echo(f"People who were erased and are here again: {found}")
    if not yes and found:
        click.echo("Nothing was changed. With --yes they are erased again.")
    if kept:
        raise click.ClickException(f"{kept} of them were not erased. {NEEDED}")


def _erased_again(person: User) -> bool:
    try:
        erase_person(person, actor=None, now=utcnow())
    except StillNeeded:
        return False
    return True


def _person(email: str) -> User:
    found = find_person(email)
    if found is None:
        raise click.ClickException(f"Nobody here has the address {email}.")
    return found
