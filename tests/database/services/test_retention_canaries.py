"""A word of its own in every text: nine years later none is left, and sums are as before."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
import sqlalchemy as sa

from fundapp.clock import utcnow
from fundapp.db import Base, db, unit_of_work
from fundapp.lifecycles import AwardStatus, ClawbackStatus, FileStatus, InstalmentStatus
from fundapp.models.award import Award, Clawback, Instalment
from fundapp.models.call import Call
from fundapp.models.data_rights import Breach, LegalHold, OutsideRequest
from fundapp.models.file import StoredFile
from fundapp.models.panel import Panel
from fundapp.models.payment_batch import PaymentLine
from fundapp.money_steps import LineStatus
from fundapp.queries.calls import current_version, definition_of
from fundapp.queries.demand import load_demand
from fundapp.queries.invariants import broken_invariants
from fundapp.queries.measured_burden import cost_of_round
from fundapp.queries.openness import figures_of
from fundapp.services.events import broken_links, record
from fundapp.services.retention import forget_what_is_over, what_is_over
from tests.guards.canaries import read_canaries, seed
from tests.guards.world import build_world

STAY = {
    "organisation": "who got a grant is told for good",
    "user": "a person is erased when they ask (fundapp person-data)",
    "conflict_of_interest": "a tie lasts",
    "grant_publication": "why a grant was kept out of the open data",
    "scenario": "of the staff, about a round",
    "support_session": "of the staff: a session for groups",
    "support_offer": "of the staff: what organisations offer; their addresses are of roles",
    "theme_code": "of the staff: the code book of a call",
    "interest_register": "a member's own ties",
    "practice_sample": "made up",
    "feedback_answer": "from nobody known",
    "feedback_year": "public",
    "codesign_point": "public",
    "codesign_reply": "from nobody known",
    "codesign_recording": "from nobody known",
    "codesign_left_open": "public",
    "panel_claim": "accounts",
    "payment_line": "accounts: what was paid is never changed",
    "panel_training": "of the staff",
    "form_trial": "a test of the staff; goes when the call opens",
    "panel_vote": "counted",
    "ballot": "counted",
    "call_notice": "public",
    "panel_candidate": "goes by a job of its own",
    "text_work": "of translators",
}


@pytest.fixture
def world(db_session):
    """Everything that hangs on the group's application has ended, and was paid."""
    made = build_world(db_session)
    seed(db_session, made, read_canaries())
    application_id = made.ids["application_id"]
    with unit_of_work():
        _execute(sa.update(PaymentLine).where(PaymentLine.status == LineStatus.LISTED), status="dropped")
        _execute(sa.update(Clawback), status=ClawbackStatus.DROPPED)
        _execute(sa.update(LegalHold), ended_at=utcnow())
        _execute(sa.update(OutsideRequest), status="refused", refusal_reason="No order.", ended_at=utcnow())
        _execute(
            sa.update(Breach),
            status="closed",
            closed_at=utcnow(),
            risk="unlikely",
            ico="not_told",
            ico_at=utcnow(),
            ico_reason="No names in it.",
            people_words="canarypeoplebird",
        )
        _execute(sa.update(Panel), closed_at=utcnow())
        _execute(
            sa.update(Instalment).where(Instalment.status != InstalmentStatus.PAID),
            status="paid",
            paid_at=utcnow(),
        )
        _execute(
            sa.update(Award).where(Award.application_id == application_id),
            status=AwardStatus.COMPLETED,
            accepted_at=utcnow(),
        )
        award = db_session.execute(
            sa.select(Award).where(Award.application_id == application_id)
        ).scalar_one()
        record(award.application, "withdraw", actor=None, reason="canaryreasonbird")
    return made


def _execute(change: sa.Update, **values: object) -> None:
    db.session.execute(change.values(**values).execution_options(synchronize_session=False))
    db.session.expire_all()


def tables_with(words: set[str]) -> dict[str, set[str]]:
    """Which of these words stand in which table, in whatever column."""
    found: dict[str, set[str]] = {}
    for table in Base.metadata.sorted_tables:
        for row in db.session.execute(sa.select(table)):
            written = json.dumps([str(value) for value in row], ensure_ascii=False)
            if hit := {word for word in words if word in written}:
                found.setdefault(table.name, set()).update(hit)
    return found


def statistics(world):
    call = db.session.get(Call, world.ids["call_id"])
    db.session.expire_all()
    definition = definition_of(current_version(call))
    return (
        figures_of(call, utcnow().date()),
        load_demand(call, definition),
        [cost_of_round(each, "en") for each in call.rounds],
    )


def test_nothing_of_what_was_kept_long_enough_is_left_and_figures_stay(world):
    canaries = read_canaries()
    words = {canary.word for canary in canaries} | {"canaryreasonbird"}
    before, now = statistics(world), utcnow() + timedelta(days=9 * 366)
    rules_before = [rule.name for rule, _ids in broken_invariants()]

    counted = what_is_over(now)
    assert tables_with(words).keys() >= {canary.table for canary in canaries}
    with unit_of_work():
        taken = forget_what_is_over(now=now)
    with unit_of_work():
        papers = forget_what_is_over(now=now + timedelta(days=90))

    assert {key: number for key, number in papers.items() if number} == {"documents": 1}
    assert {key for key, number in counted.items() if taken[key] != number} <= {"recordings"}
    assert {"grants", "bank_numbers", "worries", "complaints", "marks"} <= {k for k, n in taken.items() if n}
    left = tables_with(words)
    assert left.keys() - STAY.keys() == set(), left
    assert list(broken_links()) == []
    assert statistics(world) == before
    assert [rule.name for rule, _ids in broken_invariants()] == rules_before
    assert what_is_over(now) == dict.fromkeys(taken, 0)


def test_files_of_the_application_are_shredded_at_once_and_papers_of_the_group_later(world):
    now = utcnow() + timedelta(days=9 * 366)
    for day in (now, now + timedelta(days=90)):
        with unit_of_work():
            forget_what_is_over(now=day)

    query = sa.select(StoredFile.status).where(StoredFile.organisation_id == world.ids["organisation_id"])
    assert set(db.session.execute(query).scalars()) == {FileStatus.ERASED}


def test_hold_keeps_everything_of_that_application(world):
    now = utcnow() + timedelta(days=9 * 366)
    with unit_of_work():
        db.session.add(LegalHold(application_id=world.ids["application_id"], reason="A court asks for it."))
    with unit_of_work():
        taken = forget_what_is_over(now=now)

    assert taken["grants"] == taken["bank_numbers"] == taken["marks"] == taken["recordings"] == 0
    assert {"answer", "check_in", "score", "feedback", "thread_message"} <= tables_with(
        {canary.word for canary in read_canaries()}
    ).keys()
