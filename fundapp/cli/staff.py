"""`fundapp staff …`: people who work for a fund."""

from __future__ import annotations

import re

import click

from fundapp.cli.things import find_fund, our_app
from fundapp.clock import utcnow
from fundapp.db import unit_of_work
from fundapp.models.fund import FundRoleKind
from fundapp.services.users import SET_UP_LIFE, AddressTaken, add_staff
from fundapp.settings import Settings

ADDRESS = re.compile(r"[^@\s\x00-\x1f]{1,64}@[^@\s\x00-\x1f]{1,180}")

fund_option = click.option("--fund", "fund_code", help="Code of the fund; needed where there are several.")


@click.group()
def staff() -> None:
    """People who work for a fund."""


@staff.command()
@click.argument("email")
@click.option("--role", type=click.Choice([kind.value for kind in FundRoleKind]), required=True)
@click.option("--name", default="", help="How the person is called on the pages of the staff.")
@fund_option
def add(email: str, role: str, name: str, fund_code: str | None) -> None:
    """Give a person a role; prints a code, good once, to hand over in person or by phone."""
    if not ADDRESS.fullmatch(email):
        raise click.ClickException(f"{email} is not a mail address.")
    try:
        with our_app(), unit_of_work():
            fund = find_fund(fund_code)
            code = add_staff(email, name=name, fund=fund, kind=FundRoleKind(role), actor=None, now=utcnow())
    except AddressTaken as error:
        raise click.ClickException(f"{email} belongs to somebody who applies to funds.") from error
    address = f"{Settings.from_environment().public_url.rstrip('/')}/en/staff/set-up"
    hours = int(SET_UP_LIFE.total_seconds() // 3600)
    click.echo(f"{email} is now {role}. Page to set up the account: {address}")
    click.echo(f"Code, good once and for {hours} hours: {code}")
