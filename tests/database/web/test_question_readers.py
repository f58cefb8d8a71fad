"""The gate "question without a reader": what it says, how it is settled, what everybody reads of it."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa

from forms.definition import UsedFor
from fundapp.call_file import reference_call
from fundapp.call_file.edit import path_of, replaced
from fundapp.clock import utcnow
from fundapp.db import db
from fundapp.lifecycles import CallStatus
from fundapp.models.event import Event
from fundapp.queries.call_drafts import digest_of_working, working_content
from fundapp.queries.calls import current_version, definition_of
from fundapp.queries.readiness import Matter, open_matters
from fundapp.services.call_content import VersionIsFrozen
from fundapp.services.call_drafts import PartIsGone, change_content
from fundapp.services.calls import CallNotReady, import_call, publish_call
from fundapp.services.question_uses import say_uses
from tests.factories import CallFactory, FundRoleFactory


@pytest.fixture
def role(db_session):
    return FundRoleFactory()


@pytest.fixture
def call(role):
    """Q12 has no use any more."""
    call = import_call(reference_call(), fund=role.fund, actor=None, now=utcnow())
    content = working_content(call)
    path = path_of(content, "question:Q12")
    question = {name: value for name, value in _at(content, path).items() if name != "used_for"}
    change_content(
        call,
        replaced(content, path, question),
        seen_digest=digest_of_working(content),
        actor=None,
        now=utcnow(),
    )
    db.session.flush()
    return call


def _at(content, path):
    for step in path:
        content = content[step]
    return content


def readers(call, language="en"):
    return f"/{language}/fund/calls/{call.id}/questions/Q12/readers"


def say(browser, call, **typed):
    """As a browser does: with what the page knew."""
    seen = re.search(r'name="?seen"? value="?(\w+)', browser.get(readers(call)).text)[1]
    return browser.post(readers(call), data={"seen": seen} | typed)


def test_publishing_is_refused_and_says_what_to_do_and_where(role, call, client_for):
    manager = client_for(role.user)

    page = manager.post(f"/en/fund/calls/{call.id}/publish")

    assert page.status_code >= 400
    assert "No decision uses the answer to question Q12." in page.text
    assert f'href="{readers(call)}"' in page.text
    assert current_version(call).frozen_at is None


def test_saying_a_use_opens_the_gate_and_is_written_down(role, call, client_for):
    answer = say(client_for(role.user), call, used_for=["next_form", "support"])

    assert answer.status_code == 302
    assert definition_of(current_version(call)).question("Q12").used_for == (
        UsedFor.SUPPORT,
        UsedFor.NEXT_FORM,
    )
    assert Matter.QUESTION_WITHOUT_READER not in {each.kind for each in open_matters(call)}
    steps = db.session.execute(sa.select(Event.step).where(Event.actor_id == role.user_id)).scalars().all()
    assert "say_uses" in steps


def test_a_named_reason_opens_the_gate_and_is_shown_to_everybody(role, call, client_for, client):
    texts = {f"reason_{code}": "Groups asked for a last word." for code in ("en", "es", "ar", "uk")}

    say(client_for(role.user), call, **texts, by="Amal Farouk")
    assert Matter.QUESTION_WITHOUT_READER not in {each.kind for each in open_matters(call)}
    call.status, current_version(call).frozen_at = CallStatus.PUBLISHED, utcnow()
    db.session.flush()

    page = client.get(f"/en/calls/{call.code}/questions").text
    assert "No decision uses this answer. \u2068Amal Farouk\u2069 says why it is asked:" in page
    assert "Groups asked for a last word." in page
    assert definition_of(current_version(call)).asked_anyway_because("Q12").by == "Amal Farouk"


def test_without_use_and_reason_a_call_is_not_published(role, call):
    with pytest.raises(CallNotReady):
        publish_call(call, actor=role.user, now=utcnow())


def test_taking_a_reason_back_closes_the_gate_again(role, call, client_for):
    manager = client_for(role.user)
    say(manager, call, reason_en="Why not.", by="Amal Farouk")

    say(manager, call, by="Amal Farouk")

    assert [each.key for each in open_matters(call) if each.kind is Matter.QUESTION_WITHOUT_READER] == ["Q12"]


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"reason_en": "A reason."}, "Write the name of the person who says so."),
        ({"reason_ar": "سبب", "by": "Amal"}, "Write it in the first language of the call too."),
        ({"used_for": ["magic"]}, ""),
    ],
)
def test_half_a_reason_is_refused_with_everything_typed(role, call, client_for, typed, message):
    page = client_for(role.user).post(readers(call), data=typed)

    assert page.status_code == 422
    assert message in page.text
    assert typed.get("reason_en", typed.get("reason_ar", "")) in page.text


def test_page_names_the_decisions_and_speaks_arabic(role, call, client_for):
    manager = client_for(role.user)
    address = f"/fund/calls/{call.id}/questions/Q6/readers"

    page, arabic = manager.get(f"/en{address}"), manager.get(f"/ar{address}")

    assert "your own signs of change, when we stay in touch" in page.text
    assert 'dir="rtl"' in arabic.text
    assert manager.get(f"/en/fund/calls/{call.id}/questions/nothing/readers").status_code == 404


def test_whoever_is_later_reads_what_the_other_said_and_keeps_what_they_typed(role, call, client_for):
    manager = client_for(role.user)
    seen = re.search(r'name="?seen"? value="?(\w+)', manager.get(readers(call)).text)[1]
    say(manager, call, reason_en="Groups asked for it.", by="Amal Farouk")

    late = manager.post(readers(call), data={"seen": seen, "used_for": ["support"]})

    assert late.status_code == 409
    assert "Somebody has changed this meanwhile" in late.text
    assert ("Groups asked for it." in late.text, "Amal Farouk" in late.text) == (True, True)
    assert re.search(r'value="?support"?[^>]*checked', late.text)
    assert definition_of(current_version(call)).question("Q12").used_for == ()
    again = re.search(r'name="?seen"? value="?(\w+)', late.text)[1]
    sent = manager.post(readers(call), data={"seen": again, "used_for": ["support"]})
    assert sent.status_code == 302
    assert definition_of(current_version(call)).question("Q12").used_for == (UsedFor.SUPPORT,)


def test_public_list_says_what_answers_are_used_for(role, client):
    page = client.get(f"/en/calls/{CallFactory(fund=role.fund).code}/questions").text

    assert "Used for: the list the panel sees" in page
    assert "Used for: what we ask the next time" in page


def test_a_frozen_call_and_a_question_that_is_gone_refuse(role, call):
    with pytest.raises(PartIsGone):
        say_uses(call, "Q77", (), anyway=None, seen="", actor=role.user, now=utcnow())
    with pytest.raises(VersionIsFrozen):
        say_uses(CallFactory(), "Q12", (), anyway=None, seen="", actor=role.user, now=utcnow())
