"""The demo's data: loads on both engines, holds together, and leaves work for every role."""

from __future__ import annotations

import html
import json
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random
from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from forms.words import word_count
from fundapp import create_app
from fundapp.call_file import read_call, reference_call, write_call
from fundapp.clock import utcnow
from fundapp.db import Base, db, unit_of_work
from fundapp.demo import load_demo
from fundapp.demo.calls import Scene, one_round
from fundapp.demo.words import LANGUAGES, read_words
from fundapp.lifecycles import AwardStatus, CallStatus, CheckInStatus, InstalmentStatus
from fundapp.models.application import Answer, Application, Clarification
from fundapp.models.award import Award, CheckItem, Instalment
from fundapp.models.award_check import AwardCondition
from fundapp.models.call import Call
from fundapp.models.data_rights import Breach, OutsideRequest
from fundapp.models.grant_plan import Variation
from fundapp.models.monitoring import CheckIn, Story
from fundapp.models.organisation import LegalForm, Organisation
from fundapp.models.panel import ConflictOfInterest, PanelSeat, Review, ReviewAssignment
from fundapp.models.story_circle import StoryCircle
from fundapp.models.user import User
from fundapp.moments import LONDON
from fundapp.queries.awards import get_board
from fundapp.queries.calls import find_call
from fundapp.queries.invariants import broken_invariants
from fundapp.queries.open_data import package_for
from fundapp.queries.ring_fences import report
from fundapp.queries.users import find_user_by_email, list_people_by_role
from fundapp.services.events import broken_links
from fundapp.settings import Settings
from fundapp.story_steps import StoryStatus
from tests.conftest import Client
from tests.engines import fresh_database
from tests.sign_in import signed_in_client
from tests.standard_360 import problems

LINK = re.compile(r'href="(/[^"#?]*)')

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def demo(engine_name: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """An app with the demo in its database; the tests only read."""
    with fresh_database(engine_name, "fundapp_demo_data") as url:
        app = create_app(Settings.for_tests(url, tmp_path_factory.mktemp("demo")))
        app.test_client_class = Client
        with app.app_context():
            Base.metadata.create_all(db.engine)
            with unit_of_work():
                load_demo(utcnow())
        yield app
        with app.app_context():
            db.engine.dispose()


@pytest.fixture
def in_demo(demo: Flask) -> Iterator[Flask]:
    with demo.app_context():
        yield demo
        db.session.rollback()


def call_of(code: str) -> Call:
    call = find_call(code)
    assert call is not None
    return call


def statuses(model: Any, code: str, *where: Any) -> Counter[str]:
    query = sa.select(model.status).where(model.call_id == call_of(code).id, *where)
    return Counter(status.value for status in db.session.execute(query).scalars())


def of_awards(model: Any) -> Counter[str]:
    return Counter(status.value for status in db.session.execute(sa.select(model.status)).scalars())


def test_demo_has_a_call_at_each_of_four_moments(in_demo: Flask):
    now = utcnow()
    rounds = {call.code: call.rounds[0] for call in db.session.execute(sa.select(Call)).scalars()}

    assert {code: each.call.status for code, each in rounds.items()} == {
        "DGF-2027": CallStatus.OPEN,
        "DGF-GIRLS": CallStatus.CLOSED,
        "DGF-HOME": CallStatus.CLOSED,
        "DGF-FIRST": CallStatus.MONITORING,
    }
    assert rounds["DGF-2027"].opens_at < now < rounds["DGF-2027"].eoi_closes_at
    assert rounds["DGF-GIRLS"].scoring_opens_at < now < rounds["DGF-GIRLS"].scoring_closes_at
    assert rounds["DGF-HOME"].scoring_closes_at < now < rounds["DGF-HOME"].told_at
    assert rounds["DGF-FIRST"].told_at < now


def test_demo_has_sixty_groups_that_write_in_five_languages(in_demo: Flask):
    groups = db.session.execute(sa.select(Organisation).where(Organisation.members.any())).scalars().all()
    written = set(db.session.execute(sa.select(Answer.language).distinct()).scalars())

    assert len(groups) >= 60
    assert written - {None} == set(LANGUAGES)
    assert {LegalForm.UNCONSTITUTED, LegalForm.UNINCORPORATED} <= {group.legal_form for group in groups}
    assert sum(group.is_confidential for group in groups) >= 3


def test_demo_applications_stand_at_every_step(in_demo: Flask):
    assert {"draft", "submitted", "eligible", "declined", "withdrawn"} <= set(
        statuses(Application, "DGF-2027")
    )
    assert sum(statuses(Application, "DGF-GIRLS").values()) == 60
    assert {"in_review", "clarifying", "at_panel"} == set(statuses(Application, "DGF-GIRLS"))
    assert statuses(Application, "DGF-HOME") == {"at_panel": 30}
    assert {"in_principle", "reserve", "declined"} == set(statuses(Application, "DGF-FIRST"))


def test_demo_sheets_are_locked_begun_and_untouched_and_ties_are_known(in_demo: Flask):
    query = (
        sa.select(Review)
        .join(Review.assignment)
        .join(ReviewAssignment.application)
        .where(Application.call_id == call_of("DGF-GIRLS").id)
    )
    locked = Counter(review.locked_at is not None for review in db.session.execute(query).scalars())
    sources = Counter(db.session.execute(sa.select(ConflictOfInterest.source)).scalars())
    undeclared = db.session.execute(
        sa.select(sa.func.count(PanelSeat.id)).where(PanelSeat.conflicts_declared_at.is_(None))
    ).scalar_one()

    assert locked[True] > 60
    assert locked[False] > 10
    assert sources["declared"] >= 2
    assert sources["member"] == 1
    assert undeclared == 1


def test_demo_grants_are_paid_talked_about_and_ended_in_every_way(in_demo: Flask):
    awards, payments = of_awards(Award), of_awards(Instalment)

    assert {
        AwardStatus.CHECKS,
        AwardStatus.AGREEMENT_SENT,
        AwardStatus.ACTIVE,
        AwardStatus.DECLINED_BY_GRANTEE,
        AwardStatus.WITHDRAWN,
        AwardStatus.TERMINATED,
    } == set(awards)
    assert set(InstalmentStatus) == set(payments)
    assert set(CheckInStatus) == set(of_awards(CheckIn))
    assert {StoryStatus.SHARED_WITH_FUNDER, StoryStatus.CONSENTED, StoryStatus.WITHDRAWN} == set(
        of_awards(Story)
    )
    confidential = sa.select(sa.func.count(Award.id)).where(
        Award.is_confidential, Award.status == AwardStatus.ACTIVE
    )
    assert db.session.execute(confidential).scalar_one() >= 1


def test_demo_grants_change_and_are_helped(in_demo: Flask):
    changes = db.session.execute(sa.select(Variation.kind, Variation.status)).all()
    conditions = db.session.execute(sa.select(AwardCondition.status)).scalars().all()
    helped = db.session.execute(sa.select(CheckItem.help).where(CheckItem.help != "")).scalars().all()

    assert sorted((kind.value, status.value) for kind, status in changes) == [
        ("budget", "agreed"),
        ("budget", "asked"),
        ("extension", "agreed"),
        ("move", "told"),
    ]
    assert sorted(conditions) == ["met", "open"]
    assert len(helped) == 1


def test_demo_circles_have_chosen_and_the_panel_is_invited(in_demo: Flask):
    circles = db.session.execute(sa.select(StoryCircle)).scalars().all()

    assert sorted((circle.level.value, circle.status.value) for circle in circles) == [
        ("grantees", "chosen"),
        ("grantees", "verified"),
        ("panel", "open"),
    ]
    assert [circle.id for circle in circles if circle.status == "chosen" and not circle.why] == []


def test_demo_request_from_outside_waits_and_its_breach_met_the_clock(in_demo: Flask):
    request = db.session.execute(sa.select(OutsideRequest)).scalar_one()
    breach = db.session.execute(sa.select(Breach)).scalar_one()

    assert (request.status, request.agreed_by_id, request.told_at is None) == ("proposed", None, False)
    assert breach.status == "closed"
    assert breach.ico_at is not None
    assert breach.ico_at <= breach.due_at


def test_demo_words_of_what_comes_later_are_in_the_language_of_their_group():
    spoken = {group["name"]: group["language"] for group in read_words("groups")["groups"]}
    later = read_words("later")
    said = [*later["changes"], *later["circles"]["guests"]]

    assert [each["group"] for each in said if each["language"] != spoken[each["group"]]] == []


def test_demo_ring_fence_binds_at_the_meeting_so_that_moves_matter(in_demo: Flask):
    manager = find_user_by_email("rosa.field@example.org")
    assert manager is not None
    board = get_board(call_of("DGF-HOME").rounds[0], reader=manager)

    reasons = [line.proposed.reason for line in board.lines if line.proposed]
    assert [each["ring_fences"] for each in reasons if each["code"] == "headroom_used"] == [["BYFOR"]] * 2
    assert board.no_list == ()
    assert 0 < len([line for line in board.lines if line.decision]) < len(board.lines)


def test_demo_signed_list_kept_its_ring_fences_and_its_money(in_demo: Flask):
    lines = {line.figures.key: line.figures for line in report(call_of("DGF-FIRST")).lines}

    assert lines["BYFOR"].required == 900_000_00
    assert all(lines[key].confirmed.is_met for key in ("BYFOR", "MIGRANT", "SMALL", "MICRO"))


def test_demo_open_data_keeps_to_the_standard_without_the_confidential_group(in_demo: Flask):
    call = call_of("DGF-FIRST")
    query = sa.select(Award).where(Award.call_id == call.id, Award.is_confidential)
    hidden = db.session.execute(query).scalar_one()

    package = package_for(call, utcnow().date())

    written = json.dumps(package, ensure_ascii=False)
    assert problems(package) == []
    assert len(package["grants"]) > 10
    secrets = (hidden.organisation.name, hidden.organisation.public_id, hidden.public_id)
    assert [text for text in secrets if text in written] == []


def test_demo_chain_of_events_is_whole(in_demo: Flask):
    assert list(broken_links()) == []


def test_demo_fits_together(in_demo: Flask):
    assert [invariant.name for invariant, _ids in broken_invariants()] == []


def test_demo_addresses_belong_to_nobody(in_demo: Flask):
    addresses = db.session.execute(sa.select(User.email)).scalars().all()

    assert [each for each in addresses if not each.endswith("@example.org")] == []


def test_demo_offers_people_of_every_role(in_demo: Flask):
    assert {person.role for person in list_people_by_role()} == {
        "applicant",
        "around",
        "panel",
        "manager",
        "finance",
        "admin",
    }


def test_demo_open_question_waits_for_its_group(in_demo: Flask):
    waiting = db.session.execute(
        sa.select(Organisation.name)
        .join(Application, Application.organisation_id == Organisation.id)
        .join(Clarification, Clarification.application_id == Application.id)
        .where(Clarification.answered_at.is_(None))
    ).scalars()

    assert waiting.all() == ["Casa Jacaranda"]


@pytest.mark.parametrize("role", ["applicant", "panel", "manager", "finance", "admin"])
def test_demo_has_something_to_open_for(role: str, in_demo: Flask):
    person = next(person.user for person in list_people_by_role() if person.role == role)
    client = signed_in_client(in_demo, person)
    main = client.get("/en/home").get_data(as_text=True).partition("<main")[2].partition("</main")[0]
    links = sorted({html.unescape(link) for link in LINK.findall(main)} - {"/en/home"})

    assert len(links) > 0
    assert {link: client.get(link).status_code for link in links} == dict.fromkeys(links, 200)


@pytest.mark.parametrize("month", [1, 7])
def test_days_of_the_demo_are_those_of_london(month: int):
    opens = datetime(2026, month, 20, tzinfo=LONDON)
    first = SimpleNamespace(opens_at=opens.astimezone(UTC))
    scene = Scene(SimpleNamespace(rounds=[first]), None, opens + timedelta(days=400), Random(1))

    assert {(scene.day(120).astimezone(LONDON).date() - opens.date()).days for _each in range(9)} == {120}


def test_small_call_made_of_the_reference_call_is_a_call_file():
    definition = one_round(reference_call())

    assert read_call(write_call(definition)) == definition
    assert definition.money.total == Decimal(1_500_000)
    kept = next(fence for fence in definition.ring_fences if fence.amount is not None)
    assert all("60,000" in text for _language, text in kept.rule.texts)


@pytest.mark.parametrize("language", LANGUAGES)
def test_answers_of_the_demo_keep_to_the_words_of_the_form(language: str):
    form = reference_call().form
    limits = {"who": "S1", "plan": "S2", "summary": "Q1"}
    words = read_words(f"answers_{language}")

    for topic, key in limits.items():
        longest = " ".join(max(choices, key=len) for choices in words[topic])
        assert word_count(longest) <= (form.question(key).max_words or 0)


def test_figures_of_the_demo_can_be_worked_out_by_somebody_else(in_demo: Flask, tmp_path: Path):
    browser, files = in_demo.test_client(), {}
    for name in ("DGF-FIRST/figures.json", "DGF-FIRST.json", "DGF-FIRST/figures.csv"):
        files[name.replace("/", "-")] = browser.get(f"/open-data/{name}").data
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    script = Path(__file__).parents[1] / "independent" / "recompute_openness.py"

    command = [sys.executable, "-I", str(script), *files]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
