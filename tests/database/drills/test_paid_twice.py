"""Two people at once, and a process that dies between the file and the commit: nobody is paid twice."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from functools import partial
from uuid import UUID

import pytest
import sqlalchemy as sa
from flask import Flask

from fundapp import create_app
from fundapp.clock import utcnow
from fundapp.db import db, unit_of_work
from fundapp.errors import FundError, NotPossibleNow
from fundapp.lifecycles import InstalmentStatus
from fundapp.models.award import Instalment
from fundapp.models.payment_batch import PaymentBatch, PaymentLine
from fundapp.models.user import User
from fundapp.money_steps import BatchStatus, LineStatus
from fundapp.payment_file.answer import Answer, AnswerLine, Result
from fundapp.queries.bank_accounts import Numbers
from fundapp.queries.payment_batches import LIVE, get_batch
from fundapp.services import payment_batches
from fundapp.services.bank_answers import take_answer
from fundapp.services.instalments import pay_instalment
from fundapp.services.payment_batches import approve_batch, fetch_file, make_batch, set_fund_account
from fundapp.settings import Settings
from tests.engines import migrated_database
from tests.grants import active_grant

pytestmark = [pytest.mark.drill, pytest.mark.slow]
OWN = Numbers("Demo Community Foundation", "000001", "11112222")


@pytest.fixture
def site(engine_name: str, tmp_path) -> Iterator[Flask]:
    """An installation of its own: changes are committed for everybody."""
    with migrated_database(engine_name, "paid_twice") as url:
        app = create_app(Settings.for_tests(url, tmp_path))
        yield app
        with app.app_context():
            db.engine.dispose()


def a_payment(site: Flask) -> dict[str, UUID]:
    with site.app_context():
        with unit_of_work():
            grant = active_grant()
            set_fund_account(grant.award.call.fund, OWN, now=utcnow())
        return {
            "payment": grant.payments[0].id,
            "finance": grant.finance.id,
            "manager": grant.manager.id,
            "other": grant.other_manager.id,
        }


def at_once(site: Flask, *steps: Callable[[], object]) -> list[str]:
    """Each in a thread and a session of its own; the names of what came out, sorted."""
    found, barrier = [], threading.Barrier(len(steps))

    def run(step: Callable[[], object]) -> None:
        with site.app_context():
            barrier.wait(10)
            try:
                with unit_of_work():
                    step()
                found.append("done")
            except (FundError, sa.exc.IntegrityError, sa.orm.exc.StaleDataError) as error:
                found.append(type(error).__name__)

    threads = [threading.Thread(target=run, args=(step,)) for step in steps]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return sorted(found)


def make(ids: dict[str, UUID]) -> PaymentBatch:
    payment = db.session.get_one(Instalment, ids["payment"])
    finance = db.session.get_one(User, ids["finance"])
    return make_batch(payment.award.call, [payment], pay_on=utcnow().date(), actor=finance, now=utcnow())


def approve(batch_id: UUID, version: int, who: UUID) -> None:
    actor = db.session.get_one(User, who)
    approve_batch(get_batch(batch_id), version=version, actor=actor, now=utcnow())


def test_two_people_put_the_same_payment_into_a_batch_at_once(site: Flask) -> None:
    for _round in range(5):
        ids = a_payment(site)

        found = at_once(site, partial(make, ids), partial(make, ids))

        assert found == ["CannotPayAll", "done"]
        with site.app_context():
            live = sa.select(sa.func.count()).where(
                PaymentLine.instalment_id == ids["payment"], PaymentLine.status.in_(LIVE)
            )
            assert db.session.execute(live).scalar_one() == 1


def test_two_people_check_a_batch_at_once_and_the_answer_comes_twice(site: Flask) -> None:
    ids = a_payment(site)
    with site.app_context():
        with unit_of_work():
            batch = make(ids)
        batch_id, version, reference = batch.id, batch.version, batch.lines[0].reference

    def take() -> None:
        actor = db.session.get_one(User, ids["finance"])
        said = Answer("", (AnswerLine(reference, Result.PAID),))
        take_answer(get_batch(batch_id), said, actor=actor, now=utcnow())

    def by_hand() -> None:
        payment = db.session.get_one(Instalment, ids["payment"])
        pay_instalment(payment, actor=db.session.get_one(User, ids["finance"]), now=utcnow())

    checked = at_once(
        site,
        lambda: approve(batch_id, version, ids["manager"]),
        lambda: approve(batch_id, version, ids["other"]),
    )
    answered = at_once(site, take, take, by_hand)

    assert checked == ["StaleVersion", "done"]
    assert answered == ["InABatch", "done", "done"]
    with site.app_context():
        assert get_batch(batch_id).status is BatchStatus.SETTLED
        assert db.session.get_one(Instalment, ids["payment"]).status is InstalmentStatus.PAID


def test_process_that_dies_before_the_commit_leaves_no_file_and_the_same_one_comes_later(
    site: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = a_payment(site)
    with site.app_context():
        with unit_of_work():
            batch = make(ids)
        batch_id, version = batch.id, batch.version
        written = []

        def write_and_die(order: object) -> bytes:
            written.append(order)
            raise SystemExit  # the bytes are made, nothing is stored

        with monkeypatch.context() as patched:
            patched.setattr(payment_batches, "write_csv", write_and_die)
            with pytest.raises(SystemExit), unit_of_work():
                approve(batch_id, version, ids["manager"])
        db.session.remove()

        found = get_batch(batch_id)
        assert (found.status, found.lines[0].status) == (BatchStatus.OPEN, LineStatus.LISTED)
        with pytest.raises(NotPossibleNow), unit_of_work():
            fetch_file(found, "xml", actor=db.session.get_one(User, ids["finance"]), now=utcnow())
        assert len(written) == 1
        with unit_of_work():
            approve(batch_id, version, ids["manager"])
        with unit_of_work():
            finance = db.session.get_one(User, ids["finance"])
            first = fetch_file(get_batch(batch_id), "xml", actor=finance, now=utcnow())
            again = fetch_file(get_batch(batch_id), "xml", actor=finance, now=utcnow())
        assert first == again
