"""The call whose grants run for half a year: decided, told, checked, paid, talked about."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from fundapp.db import db
from fundapp.demo.around import give_host
from fundapp.demo.at_meeting import read_everything
from fundapp.demo.calls import FIRST, Scene, open_scene
from fundapp.demo.changing import change_grants
from fundapp.demo.coding import read_for_themes
from fundapp.demo.conditions import bring_in_register, help_with_checks
from fundapp.demo.data_rights import keep_registers
from fundapp.demo.feedback import judge_the_fund
from fundapp.demo.grants import (
    describe,
    end_early,
    group_of,
    pay_latest,
    read_for_open_data,
    settle_checks,
    start_grant,
    talk_after_half_a_year,
)
from fundapp.demo.people import Group, People
from fundapp.demo.story_circles import hold_circles
from fundapp.demo.supporting import offer_help
from fundapp.demo.tools import give_key
from fundapp.demo.writing import apply_in_full, plans_for, settle_claims
from fundapp.lifecycles import ApplicationStatus, AwardStatus
from fundapp.models.application import Application
from fundapp.models.award import Award, Outcome
from fundapp.models.fund import Fund
from fundapp.models.organisation import Organisation
from fundapp.queries.agenda import plan_meeting
from fundapp.queries.awards import get_board
from fundapp.queries.panels import find_panel
from fundapp.services.calls import close_call
from fundapp.services.decisions import Choice, decide, take_over_proposal
from fundapp.services.events import move
from fundapp.services.feedback import prepare_feedback, write_feedback
from fundapp.services.grants import send_agreement, start_checks
from fundapp.services.meetings import close_meeting, note_who_is_here, open_meeting
from fundapp.services.openness import publish_figures
from fundapp.services.ratification import ratify
from fundapp.services.releases import release_decisions
from fundapp.services.reserves import award_from_reserve
from fundapp.services.wording import accept_sentences

DAYS_OPEN = 378
PARTNERS = {"Mujeres del Umbral": "Tejiendo Voces", "Dalmar Women Together": "Marwo Haween"}
GROUPS = 28
LATECOMER = "Hooyo Walthamstow Circle"  # from the reserve list: the agreement waits for its yes
STRONG = ("Kettle and Thread", "Blue Door Sisters", "The Paper Lantern Project", "Mujeres del Umbral")
KEPT_BACK = (LATECOMER, "Asmara Garden Women", "Raíces Latinas Enfield")
DECIDED, SIGNED, TOLD, CHECKED, RESERVE_AWARDED = 120, 127, 132, 150, 340
PLAIN = "We would like to hear more about what you would do with a smaller grant."


def load_monitoring_call(fund: Fund, people: People, now: datetime) -> Scene:
    scene = open_scene(fund, people, now, days_open=DAYS_OPEN, title=FIRST, small=True)
    by_name = {group.name: group for group in people.groups}
    plans = plans_for(
        _applicants(people), scene, partners={lead: by_name[other] for lead, other in PARTNERS.items()}
    )
    applications = {plan.group.name: apply_in_full(plan, scene) for plan in plans}
    settle_claims(plans, scene, at=scene.day(60), to_the_end=True)
    close_call(scene.call, actor=people.staff.manager, now=scene.day(83))
    read_everything(plans, applications, scene, strong=STRONG)
    _decide(applications, scene)
    awards = _awards(scene)
    for award in awards:
        start_grant(award, scene)
    end_early(awards, scene)
    for place, award in enumerate(each for each in awards if each.status is AwardStatus.ACTIVE):
        talk_after_half_a_year(award, place, scene)
    pay_latest(scene)
    _award_latecomers(applications, scene)
    read_for_open_data(scene)
    read_for_themes(scene)
    offer_help(scene)
    _come_to_later(scene)
    publish_figures(scene.call, now=scene.now)
    return scene


def _come_to_later(scene: Scene) -> None:
    """What only some grants, or the fund itself, come to."""
    awards = {award.organisation.name: award for award in _awards(scene)}
    running = {name: award for name, award in awards.items() if award.status is AwardStatus.ACTIVE}
    bring_in_register(scene)
    help_with_checks(awards, scene)
    change_grants(running, scene)
    hold_circles(running, scene)
    keep_registers(awards, scene)
    give_key(scene)


def _applicants(people: People) -> list[Group]:
    shown = [people.groups[place] for place in (0, 4, 5)]
    led = [group for group in people.groups[6:] if group.led != "less"]
    others = [group for group in people.groups if group.led == "less"]
    return [*shown, *led[: GROUPS - 8], *others[:5]]


def _decide(applications: dict[str, Application], scene: Scene) -> None:
    """The rule's proposal with a reserve list, signed, told to everybody with something to learn from."""
    manager, round_ = scene.people.staff.manager, scene.round
    _meet(scene)
    for name in KEPT_BACK:
        choice = Choice(Outcome.RESERVE, is_fundable=True, reason="The panel waits for the host's letter.")
        decide(applications[name], choice, seen_version=0, actor=manager, now=scene.day(DECIDED))
    take_over_proposal(round_, actor=manager, now=scene.day(DECIDED))
    _explain_departures(scene)
    accept_sentences(round_, actor=manager, now=scene.day(DECIDED))
    prepare_feedback(round_, actor=manager, now=scene.day(DECIDED))
    for line in get_board(round_, reader=manager).all_lines:
        known = line.feedback
        if line.has_letter:
            continue
        write_feedback(
            line.application,
            strengths=(known.strengths if known else "") or "The panel saw a group that its people trust.",
            to_improve=(known.to_improve if known else "") or PLAIN,
            actor=manager,
            now=scene.day(DECIDED),
        )
    ratify(round_, actor=manager, now=scene.day(SIGNED))
    release_decisions(round_, actor=manager, now=scene.day(TOLD))
    move(scene.call, "start_monitoring", actor=manager, now=scene.day(CHECKED))
    judge_the_fund(scene.call, actor=manager, at=scene.day(CHECKED))


def _meet(scene: Scene) -> None:
    """Everybody came."""
    manager = scene.people.staff.manager
    at = max(scene.day(DECIDED), scene.round.panel_meets_at)  # a clock change lies between the two
    panel = find_panel(scene.round)
    if panel is None:
        raise LookupError("the running call has no panel")
    meeting = open_meeting(
        panel, plan_meeting(get_board(scene.round, reader=manager), panel), actor=manager, now=at
    )
    note_who_is_here(meeting, {seat.id for seat in panel.seats}, actor=manager, now=at)
    close_meeting(meeting, actor=manager, now=at)


def _explain_departures(scene: Scene) -> None:
    """Who moves up because others wait is an award the rule did not make: the panel says so."""
    manager = scene.people.staff.manager
    for line in get_board(scene.round, reader=manager).lines:
        if line.departs and line.decision is not None and not line.decision.reason:
            choice = Choice(
                line.decision.outcome,
                line.decision.amount,
                line.decision.is_fundable,
                reason="Another group waits for its host, so this one moves up.",
            )
            seen = line.decision.version
            decide(line.application, choice, seen_version=seen, actor=manager, now=scene.day(DECIDED))


def _awards(scene: Scene) -> list[Award]:
    query = (
        sa.select(Award)
        .join(Award.organisation)
        .where(Award.round_id == scene.round.id)
        .order_by(Organisation.created_at)
    )
    return list(db.session.execute(query).scalars())


def _award_latecomers(applications: dict[str, Application], scene: Scene) -> None:
    """Money came back from grants that ended early: one agreement is out, one set of checks is open."""
    manager = scene.people.staff.manager
    for place, name in enumerate(KEPT_BACK[:2]):
        application = applications[name]
        if application.status is not ApplicationStatus.RESERVE:
            continue
        award = award_from_reserve(
            application, amount=None, actor=manager, now=scene.day(RESERVE_AWARDED + place)
        )
        describe(award, scene)
        start_checks(award, actor=manager, now=scene.day(RESERVE_AWARDED + 7))
        settle_checks(award, scene, at=scene.day(RESERVE_AWARDED + 20), leave=place * 3)
        if place == 0:
            give_host(application, group_of(award, scene).person, at=scene.day(RESERVE_AWARDED + 30))
            send_agreement(award, actor=manager, now=scene.day(RESERVE_AWARDED + 36))
