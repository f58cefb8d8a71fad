"""The call that is open: drafts at every step, first stages sent, some groups invited to write in full."""

from __future__ import annotations

from datetime import datetime
from enum import IntEnum

from forms.localized import LocalizedText
from fundapp.call_file.codesign import CodesignResponse, Topic
from fundapp.demo.around import add_helper, ask_host, say_yes_as_partner
from fundapp.demo.asking import ask_around
from fundapp.demo.calls import Scene, open_scene
from fundapp.demo.open_seats import offer_seats
from fundapp.demo.people import People
from fundapp.demo.talking import talk
from fundapp.demo.words import panel_words
from fundapp.demo.writing import (
    Plan,
    invite,
    plans_for,
    send,
    settle_claims,
    start,
    write_first_stage,
    write_second_stage,
)
from fundapp.models.application import Application
from fundapp.models.fund import Fund
from fundapp.services.applications import decline_application, find_eligible, withdraw_application
from fundapp.services.codesign import Answer, Said, add_point, answer_point, publish_points

DAYS_OPEN = 18


class Step(IntEnum):
    """How far a group has come."""

    JUST_STARTED = 0
    HALF_WRITTEN = 1
    SENT = 2
    WITHDRAWN = 3
    DECLINED = 4
    ELIGIBLE = 5
    INVITED = 6
    HALF_OF_FULL = 7
    NEARLY_DONE = 8
    FULL_SENT = 9


STEPS = {
    "Kettle and Thread": Step.NEARLY_DONE,
    "Casa Jacaranda": Step.SENT,
    "Dar Yasmeen Women's House": Step.HALF_OF_FULL,
    "Kalyna on the Thames": Step.HALF_WRITTEN,
    "Blue Door Sisters": Step.INVITED,
    "Hooyo Walthamstow Circle": Step.JUST_STARTED,
    "Two Rivers Refuge Support": Step.SENT,
    "Anchor House Advocacy": Step.ELIGIBLE,
    "Poppy Lane Counselling": Step.SENT,
    "Harbour Light Outreach": Step.DECLINED,
    "Lantern Row Legal Help": Step.HALF_WRITTEN,
    "Copper Beech Survivors": Step.SENT,
    "Fern and Flint": Step.JUST_STARTED,
    "Green Bench Listening": Step.WITHDRAWN,
    "Orchard Lane Women's Aid": Step.SENT,
    "Voces de la Colina": Step.FULL_SENT,
    "Topolia Youth": Step.SENT,
    "Cedar Sisters Sutton": Step.ELIGIBLE,
    "The Long Table Dagenham": Step.HALF_OF_FULL,
    "Manos de Barro": Step.SENT,
    "Kites over Kilburn": Step.HALF_WRITTEN,
    "Ilays Women's Tea": Step.INVITED,
    "Dobri Ruky Bexley": Step.SENT,
}
WRITTEN = {Step.HALF_OF_FULL: 5, Step.NEARLY_DONE: 8}  # answers of the second stage; all for the others
HELPED = "The Long Table Dagenham"
HOSTED = "Hooyo Walthamstow Circle"
PARTNERED, PARTNER = "Voces de la Colina", "Manos de Barro"


def load_open_call(fund: Fund, people: People, now: datetime) -> Scene:
    """The reference call under its own name."""
    scene = open_scene(fund, people, now, days_open=DAYS_OPEN)
    by_name = {group.name: group for group in people.groups}
    partners = {PARTNERED: by_name[PARTNER]}
    plans = plans_for([by_name[name] for name in STEPS], scene, partners=partners)
    written = {plan.group.name: _walk(plan, STEPS[plan.group.name], scene) for plan in plans}
    persons = {plan.group.name: plan.group.person for plan in plans}
    settle_claims([plan for plan in plans if STEPS[plan.group.name] >= Step.INVITED], scene, at=scene.day(14))
    _hear_more(scene)
    helper = add_helper(written[HELPED], by_name[HELPED], at=scene.day(15))
    talk({name: (written[name], persons[name]) for name in written}, helper, scene)
    ask_around(written, by_name, scene)
    offer_seats(scene)
    return scene


def _hear_more(scene: Scene) -> None:
    """Said at an information session: one point has its answer, one waits for the fund."""
    manager = scene.people.staff.manager
    for words in panel_words("said"):
        said = Said(
            LocalizedText((("en", words["by"]),)),
            LocalizedText((("en", words["said"]),)),
            Topic(words["topic"]),
        )
        point = add_point(scene.call, said, actor=manager, now=scene.day(10))
        if "reason" in words:
            answer = Answer(
                CodesignResponse(words["response"]),
                reason=_english(words["reason"]),
                decided_by=_english("The fund manager"),
                decided_on=scene.day(15).date(),
            )
            answer_point(point, answer, actor=manager, now=scene.day(15))
    publish_points(scene.call, actor=manager, now=scene.day(16))


def _english(text: str) -> LocalizedText:
    return LocalizedText((("en", text),))


def _walk(plan: Plan, step: Step, scene: Scene) -> Application:
    begun = scene.chance.randrange(1, 9)
    application = start(plan, scene, at=scene.day(begun))
    if step is not Step.JUST_STARTED:
        answers = 2 if step is Step.HALF_WRITTEN else None
        write_first_stage(application, plan, scene, at=scene.day(begun + 1), only=answers)
    if step >= Step.SENT:
        send(application, plan, at=scene.day(begun + 2))
        _answer(application, plan, step, scene)
    if step >= Step.INVITED:
        invite(application, scene, at=scene.day(14))
    if step >= Step.HALF_OF_FULL:
        write_second_stage(application, plan, scene, at=scene.day(16), only=WRITTEN.get(step))
    if plan.partner is not None:
        say_yes_as_partner(application, plan.group, plan.partner, at=scene.day(16.5))
    if step is Step.FULL_SENT:
        send(application, plan, at=scene.day(17))
    if plan.group.name == HOSTED:
        ask_host(application, plan.group.person, at=scene.day(16))
    return application


def _answer(application: Application, plan: Plan, step: Step, scene: Scene) -> None:
    manager = scene.people.staff.manager
    match step:
        case Step.WITHDRAWN:
            withdraw_application(application, actor=plan.group.person, now=scene.day(12))
        case Step.DECLINED:
            reason = panel_words("not_invited")
            decline_application(application, reason=reason, actor=manager, now=scene.day(13))
        case Step.ELIGIBLE:
            find_eligible(application, actor=manager, now=scene.day(13))
