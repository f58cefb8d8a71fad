"""Send, pressed twice on a slow line, adds what was written once; other words from that page are not lost."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from fundapp.clock import utcnow
from fundapp.db import db, unit_of_work
from fundapp.models.award_check import AwardCondition
from fundapp.models.call import CallNotice
from fundapp.models.codesign import CodesignPoint, CodesignSession
from fundapp.models.codesign_voice import CodesignLink, CodesignProposal, CodesignReply
from fundapp.models.form_trial import FormTrial
from fundapp.models.message import Message
from fundapp.models.recruitment import PanelCandidate
from fundapp.queries.calls import current_version
from fundapp.queries.codesign import list_sessions
from fundapp.services.grants import start_checks
from tests.codesign_stage import guest_of, make_stage
from tests.factories import ApplicationFactory, CallFactory, FundRoleFactory, OrganisationMemberFactory, days
from tests.grants import grant_in_principle
from tests.published import dated, published_with
from tests.sign_in import client_with_token

ABOUT = {"language": "en", "topic": "form", "showing": "own_words"}
DAY = utcnow().date() + timedelta(days=60)
DUE = {"due_on-day": str(DAY.day), "due_on-month": str(DAY.month), "due_on-year": str(DAY.year)}
SESSION = {"kind": "writing", "day-day": "1", "day-month": "2", "day-year": "2026", "run_by_en": "We"}


def hidden(page: Any, name: str) -> str:
    return re.search(rf'name="{name}" value="([^"]*)"', page.text)[1]


def number_of(table: type[Any]) -> int:
    return db.session.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()


def added(
    client: Any, shown: str, sent: dict[str, str], other: dict[str, str], table: type[Any], to: str = ""
) -> list[int]:
    """How many rows there are more after sending, sending the same again, and sending `other`.

    `shown`: the page with the form; `to`: where it is sent, if elsewhere.
    """
    here, before, found = sent | {"once": hidden(client.get(shown), "once")}, number_of(table), []
    for posted in (here, here, here | other):
        answer = client.post(to or shown, data=posted)
        assert answer.status_code == 302, re.findall(r'<li><a href="#[^"]+">[^<]*', answer.text)
        found.append(number_of(table) - before)
    return found


@pytest.fixture
def stage(db_session):
    return make_stage()


@pytest.fixture
def guest(app, stage):
    return guest_of(app, stage)


def test_point_of_a_guest(guest, stage):
    sent = ABOUT | {"said": "Ask less."}

    assert added(guest, stage.url("say"), sent, {"said": "Ask more."}, CodesignPoint) == [1, 1, 2]


def test_proposal_of_a_guest(guest, stage):
    page = stage.url("change/question:Q1/label")
    seen = hidden(guest.get(page), "seen_text")
    points = number_of(CodesignPoint)
    sent = ABOUT | {"said": "It is long.", "value": "Who are you?", "seen_text": seen, "go": "send"}

    assert added(guest, page, sent, {"value": "Your name?"}, CodesignProposal) == [1, 1, 2]
    assert number_of(CodesignPoint) == points + 2


def test_comment_of_a_guest(guest, stage):
    guest.post(stage.url("say"), data=ABOUT | {"said": "Ask less."})
    page = stage.url(f"points/{stage.last_point().id}")
    sent = {"text": "Yes.", "go": "comment"}

    assert added(guest, page, sent, {"text": "And no."}, CodesignReply, to=f"{page}/reply") == [1, 1, 2]


def test_session_and_point_of_the_fund(client_for, stage):
    manager, record = client_for(stage.role.user), f"/en/fund/calls/{stage.call.id}/co-design"
    session = SESSION | {"title_en": "One more talk", "organisations": "3", "people": "7", "spoken": "en"}
    point = {"said_en": "Ask less.", "said_by_en": "A volunteer", "topic": "form", "session": "S1"}

    sessions = added(manager, f"{record}/new-session", session, {"people": "8"}, CodesignSession)
    points = added(manager, f"{record}/new-point", point, {"said_en": "Ask more."}, CodesignPoint)

    assert (sessions, points) == ([1, 1, 2], [1, 1, 2])


def test_link_to_take_part_is_the_same_one_and_the_next_is_another(client_for, stage):
    session, manager = list_sessions(stage.call)[0], client_for(stage.role.user)
    page = f"/en/fund/co-design-sessions/{session.id}/links"
    day = {f"ends_on-{name}": str(getattr(DAY, name)) for name in ("day", "month", "year")}
    sent, links = {"people": "12", "once": hidden(manager.get(page), "once")} | day, number_of(CodesignLink)

    first, second = (manager.post(page, data=sent) for _time in range(2))
    next_one = manager.post(page, data=sent | {"once": hidden(second, "once")})

    addresses = [re.search(r"/take-part/([\w-]+)", each.text)[1] for each in (first, second, next_one)]
    assert (addresses[0] == addresses[1], addresses[0] == addresses[2]) == (True, False)
    assert number_of(CodesignLink) - links == 2
    assert client_for(stage.role.user).get(f"/en/calls/SHAPE/take-part/{addresses[1]}").status_code == 200


def test_offer_for_a_drawn_seat(db_session, app):
    call = CallFactory(opens_at=days(-5))
    dated(call.rounds[0], scoring_opens_at=days(60))
    panel = current_version(call).content["panel"]
    dates = {"opens_on": days(-2).date().isoformat(), "closes_on": days(10).date().isoformat()}
    published_with(call, panel=panel | {"recruitment": panel["recruitment"] | dates})
    sent = {"kind": "lived_experience", "name": "Rosa", "email": "rosa@example.org", "reads_in": "es"}
    groups = {"group_age": "from_50", "group_reads": "rather_not"}
    page = f"/en/calls/{call.code}/panel/offer"

    found = added(client_with_token(app), page, sent | groups, {"name": "Luz"}, PanelCandidate)

    assert found == [1, 1, 2]


def test_notice_about_a_call_is_mailed_once(db_session, client_for):
    call = CallFactory(closed=True)
    ApplicationFactory(call=call, organisation=OrganisationMemberFactory().organisation)
    manager = client_for(FundRoleFactory(fund=call.fund).user)
    sent = {f"text.{code}": f"The hall has moved. {code}" for code in ("en", "es", "ar", "uk")}
    mails = number_of(Message)

    found = added(manager, f"/en/fund/calls/{call.id}/notices", sent, {"text.en": "Again."}, CallNotice)

    assert found == [1, 1, 2]
    assert number_of(Message) - mails == 2


def test_test_of_a_form(client_for, stage):
    page = f"/en/fund/calls/{stage.call.id}/tests/new?in=en"

    assert added(client_for(stage.role.user), page, {"Q1": "We."}, {"Q1": "They."}, FormTrial) == [1, 1, 2]


def test_condition_of_a_grant(db_session, client_for):
    grant = grant_in_principle()
    with unit_of_work():
        start_checks(grant.award, actor=grant.manager, now=utcnow())
    page = f"/en/fund/awards/{grant.award.id}"
    sent = DUE | {"words": "A policy.", "help": "We write it together."}

    found = added(
        client_for(grant.manager),
        f"{page}/checklist",
        sent,
        {"words": "A plan."},
        AwardCondition,
        to=f"{page}/conditions",
    )

    assert found == [1, 1, 2]
