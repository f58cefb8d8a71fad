"""Questions that wait for somebody in the demo: a helper, partners whose shares move, a new person."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal

from forms.answers import JsonRow
from forms.definition import Stage
from fundapp.demo.around import say_yes_as_partner
from fundapp.demo.calls import Scene
from fundapp.demo.people import Group, new_person
from fundapp.demo.words import panel_words
from fundapp.demo.writing import Plan, invite, save, send, start, write_first_stage, write_second_stage
from fundapp.models.application import Application, HelpKind
from fundapp.services.contact import Contact, set_contact
from fundapp.services.joining import accept_invitation
from fundapp.services.members import ask_hand_over
from fundapp.services.partners import invite_partner
from fundapp.services.writing_help import Help, invite_helper

WAITING_HELPER = "Thea Lindgren"
LEAD, HAS_CHANGED, HAS_TO_ANSWER = "Semilla Feltham", "Layla Corner", "Stitch by Stitch Peckham"
AMOUNT, SHARES = Decimal(90_000), ("24000.00", "18000.00")


def ask_around(written: Mapping[str, Application], by_name: Mapping[str, Group], scene: Scene) -> None:
    _ask_helper(written["Fern and Flint"], by_name["Fern and Flint"], scene)
    _ask_partners(by_name, dataclasses.replace(scene, chance=scene.chance_of("partners")))
    words = panel_words("new_person")
    ask_hand_over(
        written["Lantern Row Legal Help"],
        words["email"],
        reason=words["reason"],
        actor=scene.people.staff.second_manager,
        now=scene.now - timedelta(hours=5),
    )


def _ask_helper(application: Application, group: Group, scene: Scene) -> None:
    """Mail to her is not safe: the code waits on her first page."""
    at = scene.now - timedelta(hours=20)
    helper = new_person(WAITING_HELPER, "en", at)
    set_contact(helper, Contact(mail_is_safe=False), now=at)
    help = Help(WAITING_HELPER, HelpKind.INTERPRETING, until=None, organisation_name="The Word House")
    invite_helper(application, helper.email, help, actor=group.person, now=at)


def _ask_partners(by_name: Mapping[str, Group], scene: Scene) -> None:
    """One said yes to a share that is another now; one has not answered."""
    lead, first, second = by_name[LEAD], by_name[HAS_CHANGED], by_name[HAS_TO_ANSWER]
    plan = Plan(lead, AMOUNT, first)
    application = start(plan, scene, at=scene.day(3))
    write_first_stage(application, plan, scene, at=scene.day(4))
    send(application, plan, at=scene.day(5))
    invite(application, scene, at=scene.day(14))
    write_second_stage(application, plan, scene, at=scene.day(15))
    say_yes_as_partner(application, lead, first, at=scene.day(16))
    names = (first.name, second.name)
    shares: list[JsonRow] = [
        {"partner": name, "amount": amount} for name, amount in zip(names, SHARES, strict=True)
    ]
    save(application, plan, Stage.FULL, {"Q11_shares": shares}, scene, scene.day(17))
    at = scene.now - timedelta(hours=8)
    asked = invite_partner(application, second.name, second.person.email, actor=lead.person, now=at)
    accept_invitation(asked.invitation, actor=second.person, now=at)
