"""The call at the panel meeting: thirty applications all scored, the list begun, a ring-fence that binds."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from fundapp.db import db
from fundapp.demo.calls import HOME, Scene, open_scene
from fundapp.demo.people import Group, People
from fundapp.demo.reading import assignments_of, lock_sheet, mark_sheet, open_papers, seat_panel
from fundapp.demo.words import panel_words
from fundapp.demo.writing import Plan, apply_in_full, plans_for, settle_claims
from fundapp.models.application import Application
from fundapp.models.award import Outcome
from fundapp.models.fund import Fund
from fundapp.models.panel import ConflictResponse
from fundapp.queries.agenda import plan_meeting
from fundapp.queries.awards import BoardLine, get_board
from fundapp.queries.meetings import list_items
from fundapp.queries.panels import find_panel
from fundapp.services.calls import close_call
from fundapp.services.conflicts import Tie
from fundapp.services.decisions import Choice, decide
from fundapp.services.meetings import (
    Agreed,
    note_who_is_here,
    open_meeting,
    put_on_the_table,
    settle,
)
from fundapp.services.panels import bring_to_panel

DAYS_OPEN = 120
GROUPS = 30
OTHERS = 12  # groups not led by the community they serve, enough to press against the ring-fence
PARTNERS = {
    "Mujeres del Umbral": "Vuelo Libre Southwark",
    "Zaytoun Sisters": "Rahma Room Croydon",
    "Dalmar Women Together": "Mango Tree Women's Circle",
}
KNOWN = ("Elena Duarte", "Vuelo Libre Southwark")
STRONG = 3.8
FIRST_SETTLED, SETTLED = 3, 9  # the panel went down the list, then looked at the groups the ring-fence is for


def load_meeting_call(fund: Fund, people: People, now: datetime) -> Scene:
    scene = open_scene(fund, people, now, days_open=DAYS_OPEN, title=HOME)
    by_name = {group.name: group for group in people.groups}
    plans = plans_for(
        _applicants(people), scene, partners={lead: by_name[other] for lead, other in PARTNERS.items()}
    )
    applications = {plan.group.name: apply_in_full(plan, scene) for plan in plans}
    settle_claims(plans, scene, at=scene.day(60))
    close_call(scene.call, actor=people.staff.manager, now=scene.day(83))
    read_everything(plans, applications, scene)
    _begin_the_list(scene)
    _begin_the_meeting(scene)
    return scene


def read_everything(
    plans: list[Plan], applications: Mapping[str, Application], scene: Scene, *, strong: Collection[str] = ()
) -> None:
    """Three locked sheets for everybody, and everything on the table."""
    panel = seat_panel(scene, at=scene.day(84))
    tie = Tie(ConflictResponse.NOTE, panel_words("ties")["note"])
    ties = {KNOWN[0]: (applications[KNOWN[1]], tie)} if KNOWN[1] in applications else {}
    open_papers(panel, scene, at=scene.day(94), ties=ties)
    quality = {
        plan.group.organisation.id: STRONG if plan.group.name in strong else _quality(plan.group, scene)
        for plan in plans
    }
    for assignment in assignments_of(panel):
        at = scene.day(scene.chance.uniform(95, 113))
        mark_sheet(assignment, quality[assignment.application.organisation_id], scene, at=at)
        lock_sheet(assignment, scene, at=at)
    for application in applications.values():
        bring_to_panel(application, actor=scene.people.staff.manager, now=scene.day(116))


def _applicants(people: People) -> list[Group]:
    others = [group for group in people.groups if group.led == "less"][:OTHERS]
    led = [group for group in people.groups[6:] if group.led != "less"]
    return [*others, *led[: GROUPS - len(others)]]


def _quality(group: Group, scene: Scene) -> float:
    """Bigger organisations write smoother applications; that is what the ring-fence is for."""
    return scene.chance.uniform(3.1, 3.7) if group.led == "less" else scene.chance.uniform(2.4, 3.4)


def _begin_the_list(scene: Scene) -> None:
    """The panel has settled the top, and moved one application against the rule with its reason."""
    manager = scene.people.staff.manager
    lines = get_board(scene.round, reader=manager).lines
    led = {each.organisation.id for each in scene.people.groups if each.led != "less"}
    top = [line for line in lines if _is_award(line)]
    wanted = [*top[:FIRST_SETTLED], *[line for line in top if line.application.organisation_id in led]]
    settled = list({line.application.id: line for line in wanted}.values())[:SETTLED]
    for line in settled:
        _move(line, Choice(Outcome.AWARD), scene)
    reserve = Choice(Outcome.RESERVE, is_fundable=True, reason=panel_words("reserve"))
    _move(next(line for line in top if line not in settled), reserve, scene)
    left_out = next(line for line in lines if not _is_award(line))
    _move(left_out, Choice(Outcome.AWARD, reason=panel_words("departs")), scene)


def _begin_the_meeting(scene: Scene) -> None:
    """Everybody is there; one application is settled, the next one is on the table."""
    manager = scene.people.staff.manager
    at = max(scene.day(120), scene.round.panel_meets_at)  # a clock change lies between the two
    panel = find_panel(scene.round)
    if panel is None:
        raise LookupError("the call at the meeting has no panel")
    planned = plan_meeting(get_board(scene.round, reader=manager), panel)
    meeting = open_meeting(panel, planned, actor=manager, now=at)
    note_who_is_here(meeting, {seat.id for seat in panel.seats}, actor=manager, now=at)
    first, second = list_items(meeting)[:2]
    put_on_the_table(first, actor=manager, now=at)
    db.session.flush()
    agreed = Agreed(panel_words("agreed"), notes=panel_words("notes"))
    settle(first, agreed, seen_version=first.version, actor=manager, now=at)
    put_on_the_table(second, actor=manager, now=at)


def _move(line: BoardLine, choice: Choice, scene: Scene) -> None:
    decide(line.application, choice, seen_version=0, actor=scene.people.staff.manager, now=scene.day(120))


def _is_award(line: BoardLine) -> bool:
    return line.proposed is not None and line.proposed.outcome is Outcome.AWARD
