"""A new key for ten thousand bank accounts, while others go on reading them (AC-78)."""

from __future__ import annotations

import json
import random
import threading
from collections.abc import Iterator
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from flask import Flask

from fundapp import create_app
from fundapp.clock import utcnow
from fundapp.db import db, unit_of_work
from fundapp.models.bank import BankAccount
from fundapp.money_steps import AccountStatus
from fundapp.queries.bank_accounts import Numbers
from fundapp.sealing import CannotOpen, Sealer
from fundapp.services.bank_accounts import fingerprint_of, seal_again
from fundapp.settings import Settings
from tests.engines import migrated_database
from tests.grants import active_grant

pytestmark = [pytest.mark.drill, pytest.mark.slow]
ROWS = 10_000
NEW = "another-key-of-bank-numbers"


@pytest.fixture
def site(engine_name: str, tmp_path) -> Iterator[Flask]:
    """An installation of its own, with ten thousand accounts that were once proposed and stopped."""
    with migrated_database(engine_name, "new_bank_key") as url:
        app = create_app(Settings.for_tests(url, tmp_path))
        with app.app_context():
            with unit_of_work():
                _fill(app)
            yield app
            db.session.remove()
            db.engine.dispose()


def _fill(app: Flask) -> None:
    grant = active_grant()
    person = grant.manager.id
    db.session.flush()
    rows = []
    for place in range(ROWS):
        row_id, numbers = uuid4(), numbers_at(place)
        sealed = app.extensions["fundapp_sealing"].seal(
            numbers.as_bytes(), table="bank_account", row_id=row_id
        )
        rows.append(
            {
                "id": row_id,
                "award_id": grant.award.id,
                "status": AccountStatus.STOPPED,
                "sealed": sealed,
                "fingerprint": fingerprint_of(numbers),
                "last_digits": numbers.number[-4:],
                "is_change": True,
                "proposed_by_id": person,
                "stopped_at": utcnow(),
                "stopped_reason": "",
                "version": 1,
            }
        )
    db.session.execute(sa.insert(BankAccount), rows)


def numbers_at(place: int) -> Numbers:
    return Numbers("Kettle and Thread", "000001", f"{place:08}")


def stored() -> list[tuple[UUID, bytes, str]]:
    return [
        tuple(row)
        for row in db.session.execute(sa.select(BankAccount.id, BankAccount.sealed, BankAccount.last_digits))
    ]


def opened(box: Sealer, row_id: UUID, sealed: bytes) -> Numbers:
    return Numbers(*json.loads(box.open(sealed, table="bank_account", row_id=row_id)))


def test_every_account_opens_at_every_moment_and_afterwards_with_the_new_key_alone(site: Flask) -> None:
    old = site.config["SETTINGS"].bank_key
    both = site.extensions["fundapp_sealing"] = Sealer((NEW, old))
    done = threading.Event()
    read: list[bool] = []

    def reader() -> None:
        dice = random.Random(7)
        with site.app_context():
            while not done.is_set():
                rows = stored()
                read.extend(
                    opened(both, row_id, sealed).number.endswith(digits)
                    for row_id, sealed, digits in dice.sample(rows, 200)
                )
                db.session.rollback()
                done.wait(0.2)

    thread = threading.Thread(target=reader)
    thread.start()
    try:
        with unit_of_work():
            number = seal_again(now=utcnow())
    finally:
        done.set()
        thread.join(60)

    rows = stored()
    assert (number >= ROWS, len(read) >= 200, all(read)) == (True, True, True)
    assert all(
        opened(Sealer((NEW,)), row_id, sealed).number.endswith(digits) for row_id, sealed, digits in rows
    )
    assert not [row_id for row_id, sealed, _digits in rows if opens(Sealer((old,)), row_id, sealed)]
    one, other = rows[0], rows[1]
    assert not opens(both, one[0], other[1])


def opens(box: Sealer, row_id: UUID, sealed: bytes) -> bool:
    try:
        box.open(sealed, table="bank_account", row_id=row_id)
    except CannotOpen:
        return False
    return True
