"""The place of the journey: a database of its own, a clock to turn, the mail, and people with browsers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pyotp
import sqlalchemy as sa
import time_machine
from flask import Flask

from forms.i18n import activate, translate
from fundapp import create_app
from fundapp.call_file import reference_call
from fundapp.clock import utcnow
from fundapp.db import db, unit_of_work
from fundapp.jobs.run import sweep
from fundapp.models.fund import Fund, FundRoleKind
from fundapp.models.message import Message
from fundapp.models.user import User
from fundapp.queries.invariants import broken_invariants
from fundapp.services.calls import import_call
from fundapp.services.events import broken_links
from fundapp.services.users import add_staff
from fundapp.settings import Settings
from tests.database.journeys.browser import Browser, Page
from tests.engines import migrated_database

LONDON = ZoneInfo("Europe/London")
PASSPHRASE = "four brown birds over Hackney"
FUND_NAME = "Demo Grassroots Fund"
CALL = "DGF-2027"


@dataclass(frozen=True)
class Mail:
    kind: str
    subject: str | None
    body: str | None


@dataclass
class World:
    app: Flask
    language: str
    clock: time_machine.Traveller
    environment: dict[str, str]  # for commands

    def it_is(self, moment: str) -> None:
        """London time, for example "2027-03-16 10:00"."""
        self.clock.move_to(datetime.fromisoformat(moment).replace(tzinfo=LONDON))

    def says(self, message: str, **values: object) -> str:
        """The interface's words in the language of the pages."""
        with activate(self.language):
            return translate(message, **values)

    def browser(self) -> Browser:
        return Browser(self.app, self.language)

    def deliver_mail(self) -> None:
        """What the worker does, until nothing is left."""
        with self.app.app_context():
            while sweep():
                pass

    def mails_to(self, email: str) -> list[Mail]:
        """Everything delivered to an address, oldest first."""
        self.deliver_mail()
        query = (
            sa.select(Message.kind, Message.subject, Message.body)
            .join(User, User.id == Message.recipient_id)
            .where(User.email == email, Message.sent_at.is_not(None))
            .order_by(Message.created_at, Message.sent_at)
        )
        with self.app.app_context():
            return [Mail(*row) for row in db.session.execute(query)]

    def all_mails(self) -> list[Mail]:
        self.deliver_mail()
        with self.app.app_context():
            rows = db.session.execute(sa.select(Message.kind, Message.subject, Message.body))
            return [Mail(*row) for row in rows]


@dataclass
class Person:
    """Signs in again whenever a page asks for it, as people do."""

    world: World
    email: str
    browser: Browser = field(init=False)

    def __post_init__(self) -> None:
        self.browser = self.world.browser()

    def open(self, path: str, *, status: int = 200) -> Page:
        """A path, with or without the language in front."""
        address = path if path.startswith(f"/{self.world.language}/") else self.browser.at(path)
        page = self.browser.open(address, status=status)
        if page.path.endswith("/sign-in"):
            self.sign_in(page)
            page = self.browser.open(address, status=status)
        return page

    def sign_in(self, page: Page) -> Page:
        """With the code that was mailed."""
        page = self.browser.send(page, {"email": self.email})
        [code] = re.findall(r"^\d{6}$", self.world.mails_to(self.email)[-1].body or "", re.MULTILINE)
        return self.browser.send(page, {"code": code})


@dataclass
class Staff(Person):
    """With a passphrase and an app that makes codes."""

    set_up_code: str = ""
    app_key: str = ""

    def set_up(self) -> None:
        """With the one-time code they were handed."""
        page = self.browser.open(self.browser.at("/staff/set-up"))
        typed = {"email": self.email, "set_up_code": self.set_up_code, "passphrase": PASSPHRASE}
        page = self.browser.send(page, typed)
        [self.app_key] = re.findall(r"\b[A-Z2-7]{32}\b", page.words)

    def sign_in(self, page: Page) -> Page:
        if not page.path.endswith("/staff/sign-in"):
            page = self.browser.open(page.link("/staff/sign-in"))
        page = self.browser.send(page, {"email": self.email, "passphrase": PASSPHRASE})
        return self.browser.send(page, {"code": pyotp.TOTP(self.app_key).at(utcnow())})


@contextmanager
def world_with_a_draft_call(engine: str, language: str, folder: Path, name: str) -> Iterator[World]:
    """Migrated, with one fund and the reference call as its file says, at its own dates.

    Last of all every rule over all data is checked on what the journey has left.
    """
    with migrated_database(engine, name) as url:
        own = {
            "FUNDAPP_ENVIRONMENT": "demo",  # keeps the words of its mails
            "FUNDAPP_DATABASE_URL": url,
            "FUNDAPP_DATA_DIR": str(folder),
            "FUNDAPP_PUBLIC_URL": "http://127.0.0.1:8000",
        }
        app = create_app(Settings.from_environment(own))
        opening = datetime(2027, 3, 2, 9, tzinfo=LONDON)
        with time_machine.travel(opening) as clock:
            with app.app_context():
                with unit_of_work():
                    _make_fund_and_call()
                db.session.remove()
            yield World(app, language, clock, own)
            with app.app_context():
                broken = [invariant.name for invariant, _ids in broken_invariants()]
                assert (broken, list(broken_links())) == ([], []), (
                    "what the journey leaves does not fit together"
                )
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


def _make_fund_and_call() -> None:
    fund = Fund(
        code="DGF",
        name=FUND_NAME,
        organisation_name="Demo Community Foundation",
        org_identifier="GB-CHC-0000000",
        publisher_prefix="360G-demofund",
        contact_phone="020 7946 0123",
        contact_email="hello@example.org",
    )
    db.session.add(fund)
    import_call(reference_call(), fund=fund, actor=None, now=utcnow())


def hire(world: World, email: str, *roles: FundRoleKind) -> Staff:
    """A member of staff with these roles, whose account is set up through the pages."""
    with world.app.app_context(), unit_of_work():
        fund = db.session.execute(sa.select(Fund)).scalar_one()
        for role in roles:
            code = add_staff(email, name=email, fund=fund, kind=role, actor=None, now=utcnow())
    staff = Staff(world, email, set_up_code=code)
    staff.set_up()
    return staff
