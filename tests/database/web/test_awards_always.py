"""Whatever people do through their browsers, in any order: no floor over-reported, no money spent twice.

Each run is a number, from which all its steps follow. FUNDAPP_TEST_RUNS sets how many both engines share:
200 unless set, 2000 now and then.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from random import Random
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from fundapp.clock import utcnow
from fundapp.db import db, unit_of_work
from fundapp.errors import NotPossibleNow
from fundapp.lifecycles import InstalmentStatus
from fundapp.models.application import Application
from fundapp.models.award import (
    Award,
    CheckItem,
    Clawback,
    Decision,
    Exclusion,
    Instalment,
    Ratification,
)
from fundapp.models.bank import BankAccount
from fundapp.models.monitoring import CheckIn
from fundapp.models.organisation import ByAndForClaim
from fundapp.models.user import User
from fundapp.queries.budget import load_budget
from fundapp.queries.invariants import broken_invariants
from fundapp.queries.ring_fences import report
from fundapp.services.releases import HOLD, carry_out_release
from tests.award_recount import AwardRows, Recount, award_rows, recount
from tests.award_world import (
    FLOOR_OF_THE_FUND,
    FUND,
    ROUND_MONEY,
    AwardWorld,
    make_world,
    signer_of,
)
from tests.budget_recount import check_budget
from tests.factories import BankAccountFactory
from tests.grants import text_read
from tests.sign_in import signed_in_client

pytestmark = pytest.mark.slow

RUNS = int(os.environ.get("FUNDAPP_TEST_RUNS", "200"))
STEPS = 5
ANSWERS = {200, 302, 303, 403, 404, 409, 422}
OUTSIDERS = ("panel", "stranger")
MANAGERS = ("manager",) * 6 + ("other_manager", "tied_manager", "admin", "finance", "panel", "stranger")
PAYERS = ("finance",) * 4 + ("manager", "panel")
A_NUMBER = re.compile(r"[0-9a-f]{64}|[0-9a-f-]{36}|[0-9]+$")


class Browsers:
    """Everybody's browser, opened when first used."""

    def __init__(self, app: Flask, world: AwardWorld) -> None:
        self.app, self.world = app, world
        self.people = dict(world.people)
        self.people |= {f"signer {n}": signer_of(one) for n, one in enumerate(world.applications)}
        self.opened = {who: self._open(person) for who, person in self.people.items()}
        db.session.commit()

    def _open(self, person: User) -> FlaskClient:
        client = signed_in_client(self.app, person)
        client.preserve_context = False
        return client

    def get(self, who: str, path: str) -> int:
        return self._checked(self.opened[who].get(f"/en{path}").status_code, path)

    def post(self, who: str, path: str, **fields: str) -> int:
        return self._checked(self.opened[who].post(f"/en{path}", data=fields).status_code, path)

    def _checked(self, status: int, path: str) -> int:
        assert status in ANSWERS, f"{status} for {path}"
        return status


class Run:
    """One step of somebody after the other. Each run begins with the same call and leaves no trace."""

    def __init__(self, browsers: Browsers, number: int, taken: Counter[str]) -> None:
        self.browsers, self.world, self.taken = browsers, browsers.world, taken
        self.chance = Random(number)
        self.log: list[str] = []
        self.standing = self.state()

    def go(self) -> None:
        for _step in range(STEPS):
            self.chance.choice(ACTIONS)(self)

    def pick(self, *choices: Any) -> Any:
        return self.chance.choice(choices)

    def manager(self) -> str:
        return self.chance.choice(MANAGERS)

    # the panel's list

    def take_over(self) -> None:
        self.step(self.manager(), f"{self.round()}/awards/proposal")

    def move(self) -> None:
        which = self.pick(*range(8), 4, 5, 6, 7)
        outcome = self.pick("award", "award", "reserve", "decline")
        fields = {"outcome": outcome, "version": self.version(which), "reason": "The panel says so."}
        if outcome == "award" and self.pick(True, False):
            fields["amount"] = str(self.world.asked[which] * self.pick(1, 2, 3, 4) / 4)
        self.step(self.manager(), f"/fund/applications/{self.world.ids[which]}/decision", **fields)

    def follow_the_rule(self) -> None:
        which = self.pick(4, 5, 6, 7)
        path = f"/fund/applications/{self.world.ids[which]}/decision/rule"
        self.step(self.manager(), path, version=self.version(which))

    def list_and_sign(self) -> None:
        self.step("manager", f"{self.round(1)}/awards/proposal")
        self.step(self.manager(), f"{self.round(1)}/ratification", is_checked="yes")

    def sign(self) -> None:
        self.step(self.manager(), f"{self.round()}/ratification", is_checked="yes")

    def sign_past_a_ring_fence(self) -> None:
        """The panel gives every line a reason; a floor that was in reach is so no more."""
        for which, outcome in ((4, "award"), (5, "decline"), (6, "award"), (7, "decline")):
            line = {"outcome": outcome, "version": self.version(which), "reason": "The panel says so."}
            self.step("manager", f"/fund/applications/{self.world.ids[which]}/decision", **line)
        claim = {"c1-status": "not_met", "c1-reason": "Led by others.", "c1-evidence": "founders"}
        self.step("manager", f"/fund/applications/{self.world.ids[1]}/claims/1", **claim)
        fields = {"is_checked": "yes", "override_reason": "No other group works there."}
        self.step(self.pick("admin", "admin", "manager"), f"{self.round(1)}/ratification/override", **fields)

    def tell_everybody(self) -> None:
        self.step(self.manager(), f"{self.round(1)}/feedback")
        self.step(self.manager(), f"{self.round(1)}/release")

    def sign_and_tell(self) -> None:
        """The whole way from the list to the letters, which go out, are stopped, or neither."""
        self.step("manager", f"{self.round(1)}/awards/proposal")
        self.step("manager", f"{self.round(1)}/ratification", is_checked="yes")
        self.step("manager", f"{self.round(1)}/release")
        if self.pick(True, False):
            self.stop_the_letters()
        if self.pick(True, True, False):
            self.ten_minutes_pass()

    def stop_the_letters(self) -> None:
        self.step(self.manager(), f"{self.round(1)}/release/stop")

    def ten_minutes_pass(self) -> None:
        """The job comes; it tells everybody, or nobody where nothing was asked for or it was stopped."""
        try:
            with unit_of_work():
                carry_out_release(self.world.round_ids[1], now=utcnow() + HOLD)
        except NotPossibleNow:
            return
        before, self.standing = self.standing, self.state()
        self.taken["/told"] += self.standing != before
        self.check()

    def name_a_pair(self) -> None:
        one, other = self.pick(4, 5), self.pick(6, 7)
        path = f"/fund/applications/{self.world.ids[one]}/exclusions"
        self.step(self.manager(), path, other=str(self.world.ids[other]), why="One building.")

    def award_from_reserve(self) -> None:
        which = self.pick(2, 3, 2, 3, 0, 5)
        amount = self.pick("", "", str(self.world.asked[which] / 2), "30000")
        path = f"/fund/applications/{self.world.ids[which]}/award-from-reserve"
        self.step(self.manager(), path, amount=amount)

    # grants

    def send_agreement(self) -> None:
        _which, award_id = self.award()
        who = self.manager()
        self.step(who, f"/fund/awards/{award_id}/checks")
        open_ones = sa.select(CheckItem.id).where(CheckItem.award_id == award_id, CheckItem.done_at.is_(None))
        for item_id in self.all(open_ones):
            self.step(who, f"/fund/checks/{item_id}")
        self.step(who, f"/fund/awards/{award_id}/agreement", **self.read(award_id))

    def agree_and_accept(self) -> None:
        which, award_id = self.award()
        self.step("manager", f"/fund/awards/{award_id}/agreement", **self.read(award_id))
        digest = self.one(sa.select(Award.agreement_digest).where(Award.id == award_id))
        self.step(self.speaker(which), f"/awards/{award_id}/agreement/{digest or 'none'}", agree="yes")

    def end(self) -> None:
        _which, award_id = self.award()
        how = self.pick("withdraw", "terminate", "terminate", "closing", "complete")
        self.step(self.manager(), f"/fund/awards/{award_id}/{how}", reason="It was agreed.")

    def refuse(self) -> None:
        which, award_id = self.award()
        self.step(self.speaker(which), f"/awards/{award_id}/refuse")

    def group_withdraws(self) -> None:
        which = self.pick(*range(8))
        path = f"/applications/{self.world.ids[which]}/withdraw"
        self.step(self.speaker(which), path, reason="")

    def talk(self) -> None:
        self.talk_about(*self.award(), self.pick(1, 2, 3))

    def talk_about(self, which: int, award_id: Any, number: int) -> None:
        talks = sa.select(CheckIn.id).where(CheckIn.award_id == award_id).order_by(CheckIn.due_on)
        for check_in in self.all(talks)[:number]:
            self.step(self.speaker(which), f"/check-ins/{check_in}", answer_language="en", K1="She sleeps.")

    # payments

    def approve_and_pay(self) -> None:
        which, award_id = self.award()
        self.say_where_to_pay(award_id)
        if self.pick(True, False):
            self.talk_about(which, award_id, 3)
        for instalment_id in self.payments(award_id)[:1]:
            self.step(self.manager(), f"/fund/instalments/{instalment_id}/approve")
            self.step(self.chance.choice(PAYERS), f"/fund/instalments/{instalment_id}/pay")

    def say_where_to_pay(self, award_id: Any) -> None:
        """Checked long ago; tests/database/services/test_bank_accounts.py is about how."""
        known = sa.select(BankAccount.id).where(BankAccount.award_id == award_id)
        if award_id and self.one(known) is None:
            with unit_of_work():
                BankAccountFactory(award=db.session.get(Award, award_id), checked=True)

    def touch_a_payment(self) -> None:
        for instalment_id in self.payments(self.award()[1])[-1:]:
            how = self.pick("approve", "pay", "hold/agree", "hold/drop", "release")
            self.step(self.chance.choice(PAYERS), f"/fund/instalments/{instalment_id}/{how}")

    def hold(self) -> None:
        review = utcnow().date() + timedelta(days=30)
        day = {"day": review.day, "month": review.month, "year": review.year}
        for instalment_id in self.payments(self.award()[1])[:1]:
            number = self.one(sa.select(Instalment.number).where(Instalment.id == instalment_id))
            fields = {f"p{number}-review_on-{name}": str(value) for name, value in day.items()}
            fields[f"p{number}-reason"] = "The account was closed."
            self.step(self.chance.choice(PAYERS), f"/fund/instalments/{instalment_id}/hold", **fields)
            self.step(self.manager(), f"/fund/instalments/{instalment_id}/hold/agree")

    def ask_for_money_back(self) -> None:
        """One proposes, another one decides; it comes in one piece or in two."""
        _which, award_id = self.award()
        amount = self.pick("0.01", "3333.33", "20000", "40000")
        path = f"/fund/awards/{award_id}/clawback"
        self.step(self.chance.choice(PAYERS), path, amount=amount, reason="It was not used.")
        for clawback_id, how in self.open_clawbacks(award_id, "proposed", "ask", "ask", "ask", "drop"):
            self.step(self.manager(), f"/fund/clawbacks/{clawback_id}/{how}")
        for clawback_id, _how in self.open_clawbacks(award_id, "asked", "received"):
            seen = self.one(sa.select(Clawback.version).where(Clawback.id == clawback_id))
            came = {
                f"b{clawback_id.hex[:8]}-amount": self.pick(amount, amount, "0.01", "1000"),
                "version": seen,
            }
            self.step(self.chance.choice(PAYERS), f"/fund/clawbacks/{clawback_id}/received", **came)

    def open_clawbacks(self, award_id: Any, status: str, *steps: str) -> list[tuple[Any, str]]:
        query = sa.select(Clawback.id).where(Clawback.award_id == award_id, Clawback.status == status)
        return [(each, self.pick(*steps)) for each in self.all(query.order_by(Clawback.id))]

    # claims

    def change_claim(self) -> None:
        which, number = self.pick(*range(8)), self.pick(1, 2)
        status = self.pick("checked", "confirmed", "confirmed", "not_met")
        path = f"/fund/applications/{self.world.ids[which]}/claims/{number}"
        fields = {f"c{number}-status": status, f"c{number}-reason": "Looked at together."}
        fields[f"c{number}-evidence"] = "conversation"
        self.step(self.manager(), path, **fields)
        self.step(self.manager(), path, **fields)  # a decided claim changes when a second person agrees

    def look(self) -> None:
        which, award_id = self.award()
        path = self.pick(
            f"{self.round(1)}/awards",
            f"/fund/calls/{self.world.call_id}/ring-fences",
            f"/fund/awards/{award_id}",
            f"/calls/{self.world.code}/results",
            f"/applications/{self.world.ids[which]}",
        )
        self.browsers.get(self.speaker(which) if path.startswith("/app") else self.manager(), path)

    # what must always be true

    def check(self) -> None:
        awards = award_rows(self.world.call_id)
        counted = recount(self.world.call_id, awards)
        self.no_floor_is_over_reported(counted)
        self.no_pot_is_overspent(counted)
        self.no_payment_is_lost(awards)
        check_budget(load_budget(self.world.call, now=utcnow()), awards, counted)

    def no_floor_is_over_reported(self, counted: Recount) -> None:
        found = report(self.world.call)
        for key, reached in (
            ("BYFOR", counted.by_and_for),
            ("MIGRANT", counted.migrant),
            ("SMALL", counted.small),
            ("MICRO", counted.starter),
            ("NEW", counted.first_time),
        ):
            assert found.line(key).figures.confirmed.reached == reached, key
        floor = FUND * FLOOR_OF_THE_FUND
        assert found.line("BYFOR").figures.confirmed.is_met is (counted.by_and_for >= floor)
        assert found.line("MIGRANT").figures.confirmed.is_met is (
            10 * counted.migrant >= 3 * counted.all_pence
        )
        assert (found.totals.live_pence, found.totals.live_awards) == (counted.all_pence, counted.awards)

    def no_pot_is_overspent(self, counted: Recount) -> None:
        first = self.world.round_ids[0]
        assert counted.all_pence <= sum(ROUND_MONEY.values()) * 100  # the second round takes what is left
        assert counted.by_round.get(first, 0) <= ROUND_MONEY["1"] * 100
        told = sa.select(Application.id).where(
            Application.round_id == self.world.round_ids[1], Application.group_told_at.is_not(None)
        )
        released = sa.select(Ratification.released_at).where(Ratification.round_id == self.world.round_ids[1])
        assert bool(self.all(told)) is (self.one(released) is not None)

    def no_payment_is_lost(self, awards: list[AwardRows]) -> None:
        for award in awards:
            assert award.returned <= award.asked_back <= award.paid <= award.whole
            assert sum(award.payments.values()) == award.whole

    # the steps themselves

    def step(self, who: str, path: str, **fields: str) -> int:
        """What is refused changes no money, and outsiders change nothing."""
        self.log.append(f"{who} {path} {fields}")
        status = self.browsers.post(who, path, **fields)
        db.session.expire_all()
        before, self.standing = self.standing, self.state()
        if status >= 400:
            assert self.standing == before, f"{who} was refused at {path}, and yet it changed"
        elif self.standing != before:
            name = A_NUMBER.sub("", path)
            self.taken[name] += 1
            self.check()
        if who in OUTSIDERS:
            assert status in (403, 404), f"{who} at {path}: {status}"
        return status

    def state(self) -> tuple[Any, ...]:
        awards = sa.select(Award.id, Award.status, Award.amount).order_by(Award.id)
        payments = sa.select(Instalment.id, Instalment.status).order_by(Instalment.id)
        claims = sa.select(ByAndForClaim.id, ByAndForClaim.status).order_by(ByAndForClaim.id)
        lines = sa.select(Decision.id, Decision.outcome, Decision.amount).order_by(Decision.id)
        back = sa.select(Clawback.id, Clawback.status, Clawback.received).order_by(Clawback.id)
        letters = sa.select(Ratification.id, Ratification.release_due_at, Ratification.released_at)
        pairs = sa.select(Exclusion.id).order_by(Exclusion.id)
        queries = (awards, payments, claims, lines, back, letters.order_by(Ratification.id), pairs)
        return tuple(tuple(db.session.execute(query).all()) for query in queries)

    def round(self, which: int | None = None) -> str:
        return f"/fund/rounds/{self.world.round_ids[self.pick(0, 1, 1) if which is None else which]}"

    def award(self) -> tuple[int, Any]:
        """The number of an application with a grant, and the grant."""
        found = self.all(sa.select(Award.application_id).where(Award.call_id == self.world.call_id))
        which = self.pick(*(at for at, one in enumerate(self.world.ids) if one in found))
        return which, self.one(sa.select(Award.id).where(Award.application_id == self.world.ids[which]))

    def speaker(self, which: int) -> str:
        return self.pick(*[f"signer {which}"] * 5, "stranger")

    def version(self, which: int) -> str:
        """Of the line as a page would show it now; sometimes of an older page."""
        shown = sa.select(Decision.version).where(Decision.application_id == self.world.ids[which])
        return str(self.pick(*[self.one(shown) or 0] * 5, 0))

    def payments(self, award_id: Any) -> list[Any]:
        open_ones = sa.select(Instalment.id).where(
            Instalment.award_id == award_id,
            Instalment.status.not_in((InstalmentStatus.PAID, InstalmentStatus.CANCELLED)),
        )
        return self.all(open_ones.order_by(Instalment.number))

    def read(self, award_id: Any) -> dict[str, str]:
        """What the page of the agreement would send with the signature now."""
        award = db.session.get(Award, award_id) if award_id else None
        return text_read(award) if award else {}

    def one(self, query: Any) -> Any:
        return db.session.execute(query).scalar_one_or_none()

    def all(self, query: Any) -> list[Any]:
        return list(db.session.execute(query).scalars())


ACTIONS: tuple[Callable[[Run], None], ...] = (
    *(Run.take_over, Run.move, Run.move, Run.move, Run.follow_the_rule, Run.list_and_sign, Run.sign),
    *(Run.sign_past_a_ring_fence, Run.tell_everybody, Run.award_from_reserve, Run.award_from_reserve),
    *(Run.stop_the_letters, Run.ten_minutes_pass, Run.name_a_pair, Run.sign_and_tell),
    *(Run.send_agreement, Run.agree_and_accept, Run.agree_and_accept, Run.end, Run.end, Run.refuse),
    *(Run.group_withdraws, Run.talk, Run.approve_and_pay, Run.approve_and_pay, Run.touch_a_payment),
    *(
        Run.ask_for_money_back,
        Run.ask_for_money_back,
        Run.hold,
        Run.change_claim,
        Run.change_claim,
        Run.change_claim,
        Run.look,
    ),
)
HAPPENS = (
    "awards/proposal",
    "decision",
    "ratification",
    "award-from-reserve",
    "agreement/",
    "claims/",
    "clawback",
    "ask",
    "received",
    "exclusions",
    "release",
    "release/stop",
    "told",
)
HAPPENS_IN_MANY_RUNS = (
    *("ratification/override", "refuse", "withdraw", "terminate", "approve", "pay", "hold/agree"),
)


def test_no_order_of_steps_over_reports_a_floor_or_spends_money_twice(
    app: Flask, db_session: Any, own_share: slice
) -> None:
    browsers, taken = Browsers(app, make_world()), Counter[str]()

    for number in range(RUNS)[own_share]:
        savepoint = db.engine.begin_nested()  # type: ignore[attr-defined]
        run = Run(browsers, number, taken)
        try:
            run.go()
            assert [invariant.name for invariant, _ids in broken_invariants()] == []
        except Exception as error:
            error.add_note(f"run {number}: " + " | ".join(run.log))
            raise
        finally:
            db.session.rollback()
            savepoint.rollback()
            db.session.expire_all()

    expected = HAPPENS if RUNS < 1_000 else HAPPENS + HAPPENS_IN_MANY_RUNS
    missing = [end for end in expected if not any(path.endswith(f"/{end}") for path in taken)]
    assert not missing or RUNS < 100
