"""A story circle on its pages: from the invitation to the group's word about the story that was chosen."""

from __future__ import annotations

from datetime import timedelta

from markupsafe import escape

from fundapp.clock import utcnow
from fundapp.db import unit_of_work
from fundapp.models.monitoring import IdentityLevel, StoryPurpose
from fundapp.models.story_circle import CircleLevel
from fundapp.queries.calls import current_version, definition_of
from fundapp.queries.story_circles import Guest, list_circles
from fundapp.services.stories import give_consent, share_story
from fundapp.services.story_circles import invite_circle
from tests.factories import CallFactory
from tests.grants import active_grant

TODAY = utcnow().date()


def story_of(grant, text):
    with unit_of_work():
        story = share_story(
            grant.award, text, domain=None, language="ar", check_in=None, actor=grant.signer, now=utcnow()
        )
    for purpose in (StoryPurpose.CIRCLE, StoryPurpose.PUBLIC_PAGE):
        with unit_of_work():
            give_consent(
                story,
                purpose=purpose,
                identity=IdentityLevel.NO_NAMES,
                ends_on=TODAY + timedelta(days=30),
                language="ar",
                actor=grant.signer,
                now=utcnow(),
            )
    return story


def test_circle_from_the_invitation_to_the_word_of_the_group_and_the_fund(db_session, client_for):
    call = CallFactory(closed=True)
    grants = [active_grant(call) for _each in range(3)]
    stories = [story_of(each, f"نامت {number}") for number, each in enumerate(grants)]
    manager, second = client_for(grants[0].manager), client_for(grants[0].other_manager)
    new = f"/en/fund/calls/{call.id}/circles/grantees"
    assert manager.get(new).status_code == 200
    refused = manager.post(new, data={})
    assert refused.status_code == 422
    day = {"held_on-day": TODAY.day, "held_on-month": TODAY.month, "held_on-year": TODAY.year}
    chosen = {"domain": "life", "stories": [each.id for each in stories]}
    few = manager.post(new, data=day | chosen | {"people": [grants[0].signer.id]})
    assert (few.status_code, "Invite three people or more" in few.text) == (422, True)
    manager.post(new, data=day | chosen | {"people": [each.signer.id for each in grants]})
    (circle,) = list_circles(call, reader=grants[0].manager)
    about = next(
        each.label.choose("en")[0]
        for each in definition_of(current_version(call)).monitoring.domains
        if each.key == "life"
    )
    for number, grant in enumerate(grants):
        seat = client_for(grant.signer)
        own = seat.get("/en/circles").text
        assert (f"/circles/{circle.id}" in own, str(escape(about)) in own) == (True, True)
        page = seat.get(f"/en/circles/{circle.id}")
        assert "نامت 1" in page.text
        assert grants[1].award.organisation.name not in page.text or number == 1
        assert seat.post(f"/en/circles/{circle.id}", data={"story": stories[0].id}).status_code == 422
        other = stories[1 if number == 0 else 0]
        assert (
            seat.post(f"/en/circles/{circle.id}", data={"story": other.id, "why": "باب"}).status_code == 302
        )
    assert "2 people chose it." in client_for(grants[2].signer).get(f"/en/circles/{circle.id}").text

    told = {"story": stories[0].id, "why": "It opened a door."}
    assert manager.post(f"/en/fund/circles/{circle.id}/choose", data=told).status_code == 302
    assert "It opened a door." in client_for(grants[1].signer).get(f"/en/awards/{grants[1].award.id}").text
    verify = f"/en/fund/circles/{circle.id}/verify"
    assert second.post(verify, data={"how": "We talked."}).status_code == 409
    owner = client_for(grants[0].signer)
    assert owner.get(f"/en/circles/{circle.id}/correct").status_code == 200
    assert owner.post(f"/en/circles/{circle.id}/correct", data={}).status_code == 422
    assert owner.post(f"/en/circles/{circle.id}/correct", data={"is_right": "yes"}).status_code == 302
    assert manager.post(verify, data={"how": "We talked."}).status_code == 409
    assert second.post(verify, data={"how": "We talked."}).status_code == 302
    assert "Checked:" in second.get(f"/en/fund/circles/{circle.id}").text
    assert manager.get(f"/en/fund/calls/{call.id}/circles").status_code == 200
    for path in (f"/en/circles/{circle.id}", f"/en/circles/{circle.id}/correct"):
        assert manager.get(path).status_code == 404


def test_fund_closes_a_circle_after_its_day_and_nobody_is_named(db_session, client_for):
    call = CallFactory(closed=True)
    grants = [active_grant(call) for _each in range(3)]
    stories = [story_of(each, f"نامت {number}") for number, each in enumerate(grants)]
    with unit_of_work():
        circle = invite_circle(
            call,
            domain="life",
            level=CircleLevel.GRANTEES,
            held_on=TODAY - timedelta(days=1),
            stories=stories,
            guests=[Guest(each.signer, each.award.organisation_id, "") for each in grants],
            actor=grants[0].manager,
            now=utcnow(),
        )
    manager, page = client_for(grants[0].manager), f"/en/fund/circles/{circle.id}"
    guest = client_for(grants[0].signer)
    assert "Close the circle" not in manager.get(page).text
    for who, story in ((0, stories[1]), (1, stories[0])):
        sent = {"story": story.id, "why": "She sleeps."}
        client_for(grants[who].signer).post(f"/en/circles/{circle.id}", data=sent)
    assert "Close the circle" in manager.get(page).text

    assert manager.post(f"{page}/close").status_code == 302

    for shown in (manager.get(page).text, guest.get(f"/en/circles/{circle.id}").text):
        assert "One person has not chosen." in shown
        assert "She sleeps." in shown
        assert grants[2].signer.name not in shown
    assert "Save what I chose" not in client_for(grants[2].signer).get(f"/en/circles/{circle.id}").text
    assert manager.post(f"{page}/close").status_code == 409
