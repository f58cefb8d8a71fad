"""What commands are about: the app of the settings, and things named on the command line."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import click
import sqlalchemy as sa

from fundapp import create_app
from fundapp.db import db
from fundapp.migrate import current_revision, newest_revision
from fundapp.models.call import Call
from fundapp.models.fund import Fund
from fundapp.queries.calls import find_call
from fundapp.settings import Settings


@contextmanager
def our_app() -> Iterator[None]:
    """The app as the environment sets it, on a database that is up to date."""
    settings = Settings.from_environment()
    if current_revision(settings.database_url) != newest_revision():
        raise click.ClickException("The database has no tables yet, or old ones. Run: fundapp migrate")
    with create_app(settings).app_context():
        yield
        db.engine.dispose()


def call_with(code: str) -> Call:
    found = find_call(code)
    if found is None:
        raise click.ClickException(f"There is no call with the code {code}.")
    return found


def find_fund(code: str | None) -> Fund:
    """The fund with this code, or the only one there is."""
    query = sa.select(Fund).order_by(Fund.code)
    funds = db.session.execute(query if code is None else query.where(Fund.code == code)).scalars().all()
    if len(funds) == 1:
        return funds[0]
    if code is not None:
        raise click.ClickException(f"There is no fund with the code {code}.")
    if not funds:
        raise click.ClickException("There is no fund yet.")
    names = ", ".join(fund.code for fund in funds)
    raise click.ClickException(f"Say which fund, with --fund: {names}.")
