"""The registers of the demo's fund: a request from outside waits for a second person, a breach is closed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from fundapp.demo.calls import Scene
from fundapp.demo.words import read_words
from fundapp.models.award import Award
from fundapp.models.data_rights import BreachRisk, IcoDecision
from fundapp.services.breaches import close_breach, decide_ico, enter_breach, note_people
from fundapp.services.outside_requests import (
    Asked,
    digest_of_proposal,
    enter_request,
    name_for_data,
    propose_release,
    tell_the_group,
)

NAMED, FOUND, RECEIVED = 1, 240, 368  # days since the call opened
ANSWER_DAYS = 21


def keep_registers(awards: Mapping[str, Award], scene: Scene) -> None:
    """Both managers are named for it."""
    staff = scene.people.staff
    lead, deputy = staff.manager, staff.second_manager
    name_for_data(scene.call.fund, lead, deputy, actor=staff.admin, now=scene.day(NAMED))
    _close_a_breach(scene)
    _wait_for_a_second_person(awards, scene)


def _close_a_breach(scene: Scene) -> None:
    """Decided on the next day, long before its 72 hours were over."""
    words, staff = read_words("later")["breach"], scene.people.staff
    found_at = scene.day(FOUND)
    breach = enter_breach(
        scene.call.fund, words["what"], found_at=found_at, actor=staff.second_manager, now=found_at
    )
    told_at = found_at + timedelta(hours=3)
    note_people(breach, words["people"], told=True, actor=staff.second_manager, now=told_at)
    at = found_at + timedelta(hours=26)
    decide_ico(
        breach,
        IcoDecision.TOLD,
        risk=BreachRisk.HIGH,
        reason=words["reason"],
        actor=staff.manager,
        now=at,
    )
    close_breach(breach, actor=staff.manager, now=at + timedelta(days=6))


def _wait_for_a_second_person(awards: Mapping[str, Award], scene: Scene) -> None:
    words, manager = read_words("later")["outside"], scene.people.staff.manager
    award = awards.get(words["group"])
    received = scene.day(RECEIVED)
    asked = Asked(
        asked_by=words["asked_by"],
        basis=words["basis"],
        asked=words["asked"],
        is_order=False,
        for_immigration=False,
        received_on=received.date(),
        due_on=received.date() + timedelta(days=ANSWER_DAYS),
        application=award.application if award else None,
    )
    request = enter_request(scene.call.fund, asked, actor=manager, now=received)
    proposed_at = received + timedelta(days=2)
    propose_release(request, words["given"], seen=digest_of_proposal(request), actor=manager, now=proposed_at)
    if award is not None:
        tell_the_group(request, words["told"], actor=manager, now=proposed_at)
