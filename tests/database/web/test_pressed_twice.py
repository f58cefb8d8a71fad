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
from fundapp.models.complaint import SafetyFlag
from fundapp.models.data_rights import Breach, OutsideRequest
from fundapp.models.form_trial import FormTrial
from fundapp.models.message import Message
from fundapp.models.monitoring import IdentityLevel, StoryPurpose, StoryUse
from fundapp.models.recruitment import PanelCandidate
from fundapp.models.support import SupportOffer
from fundapp.models.support_session import SupportSession
from fundapp.queries.calls import current_version
from fundapp.queries.codesign import list_sessions
from fundapp.queries.complaints import list_keepers
from fundapp.services.grants import start_checks
from fundapp.services.outside_requests import name_for_data
from fundapp.services.stories import give_consent
from tests.codesign_stage import guest_of, make_stage
from tests.factories import ApplicationFactory, CallFactory, FundRoleFactory, OrganisationMemberFactory, days
from tests.grants import active_grant, grant_in_principle
from tests.hidden_fields import hidden
from tests.published import dated, published_with
from tests.sign_in import client_with_token
from tests.told import tell

ABOUT = {"language": "en", "topic": "form", "showing": "own_words"}
DAY = utcnow().date() + timedelta(days=60)
FOUND = utcnow().date() - timedelta(days=1)
DUE = {"due_on-day": str(DAY.day), "due_on-month": str(DAY.month), "due_on-year": str(DAY.year)}
SESSION = {"kind": "writing", "day-day": "1", "day-month": "2", "day-year": "2026", "run_by_en": "We"}


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


def test_worry_about_somebody_reaches_the_people_named_once(db_session, client_for):
    grant = active_grant()
    told, mails = grant.check_in("month_6"), number_of(Message)
    page, staff = f"/en/check-ins/{told.id}/safety", f"/en/fund/check-ins/{told.id}"
    sent, other = {"words": "Somebody waits at the door."}, {"words": "He came back."}

    of_group = added(client_for(grant.signer), page, sent, other, SafetyFlag)
    of_fund = added(client_for(grant.manager), staff, sent, other, SafetyFlag, to=f"{staff}/safety")

    assert (of_group, of_fund) == ([1, 1, 2], [1, 1, 2])
    flags = db.session.execute(sa.select(SafetyFlag)).scalars().all()
    assert number_of(Message) - mails == sum(len(list_keepers(flag)) for flag in flags)


def test_words_of_a_story_are_shown_to_the_group_once(db_session, client_for):
    grant = active_grant()
    story = tell(grant)
    with unit_of_work():
        give_consent(
            story,
            purpose=StoryPurpose.REPORT,
            identity=IdentityLevel.NO_NAMES,
            ends_on=DAY,
            language="en",
            actor=grant.signer,
            now=utcnow(),
        )
    mails, page = number_of(Message), f"/en/fund/calls/{grant.award.call_id}/stories"

    found = added(
        client_for(grant.manager),
        page,
        {"words": "She sleeps."},
        {"words": "At last."},
        StoryUse,
        to=f"/en/fund/stories/{story.id}/use",
    )

    assert found == [1, 1, 2]
    assert number_of(Message) - mails == 2


def test_session_of_help_and_offer(db_session, client_for):
    call = CallFactory(closed=True)
    manager = client_for(FundRoleFactory(fund=call.fund).user)
    page = f"/en/fund/calls/{call.id}/support"
    day = {f"day-{name}": str(getattr(DAY, name)) for name in ("day", "month", "year")}
    session = day | {
        "title": "Books",
        "topic": "money",
        "clock": "18:30",
        "kind": "online",
        "place": "A link",
        "languages": "en",
        "places": "8",
    }
    offer = {
        "organisation_name": "Lantern hub",
        "topics": "money",
        "what": "Two hours.",
        "languages": "en",
        "is_online": "yes",
        "payer": "fund",
        "reach": "desk@lantern.example",
    }

    sessions = added(manager, f"{page}/sessions/new", session, {"places": "9"}, SupportSession)
    offers = added(manager, f"{page}/offers/new", offer, {"what": "A desk."}, SupportOffer)

    assert (sessions, offers) == ([1, 1, 2], [1, 1, 2])


def test_request_from_outside_and_breach_are_in_their_registers_once(db_session, client_for):
    fund = CallFactory().fund
    people = [FundRoleFactory(fund=fund).user for _each in range(2)]
    with unit_of_work():
        name_for_data(fund, *people, actor=people[0], now=utcnow())
    keeper, page, mails = client_for(people[0]), f"/en/fund/{fund.id}/data", number_of(Message)
    request = {
        "asked_by": "Constable Ames",
        "asked": "All names.",
        "basis": "none",
        "is_order": "no",
        "for_immigration": "no",
        "received_on": str(FOUND),
        "due_on": str(DAY),
        "receipt": "",
    }
    breach = {"what": "A list was left on a bus.", "found_on": str(FOUND), "found_at": "08:00", "receipt": ""}

    requests = added(keeper, f"{page}/requests/new", request, {"asked": "All addresses."}, OutsideRequest)
    breaches = added(keeper, f"{page}/breaches/new", breach, {"what": "Two lists."}, Breach)

    assert (requests, breaches) == ([1, 1, 2], [1, 1, 2])
    assert number_of(Message) - mails == 4
