"""The call that is being scored: sixty applications, sheets at every step, ties, questions to groups."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa

from fundapp.call_file.shipped import shaped_call
from fundapp.db import db
from fundapp.demo.calls import GIRLS, Scene, open_scene
from fundapp.demo.panel_pay import ask_to_be_paid
from fundapp.demo.people import Group, People, add_member
from fundapp.demo.practising import practise
from fundapp.demo.reading import (
    assignments_of,
    lock_sheet,
    mark_sheet,
    open_papers,
    place_of,
    seat_panel,
    seats_of,
)
from fundapp.demo.words import panel_words, readers_question
from fundapp.demo.writing import apply_in_full, plans_for, settle_claims
from fundapp.lifecycles import ApplicationStatus
from fundapp.models.application import Application
from fundapp.models.fund import Fund
from fundapp.models.organisation import MemberRight
from fundapp.models.panel import ConflictResponse, Panel, ReaderQuestion, Review, ReviewAssignment
from fundapp.models.translation import TranslatedBy
from fundapp.queries.claims import list_askable, list_own_claims
from fundapp.services.calls import close_call
from fundapp.services.claim_opinions import Asked, ask_opinion
from fundapp.services.clarifications import answer_clarification, keep_question_back, send_question
from fundapp.services.conflicts import Tie
from fundapp.services.panels import bring_to_panel
from fundapp.services.translations import NewTranslation, save_translation

DAYS_OPEN = 101
GROUPS = 60
LEFT_TO_BRING = 2
ASKED = "Casa Jacaranda"  # the group that has a question to answer
MEMBER_OF = ("Bukola Ferreira", "Ubuntu Doorstep")  # a tie the system knows by itself
TRAINED = ("Ngozi Hartley", "Saffron Stairs")  # a tie that the member declares
UNDECLARED = "Marcus Greene"  # has not declared yet: nothing is shown to him
KNOWS_GROUPS = "Elena Duarte"  # of an umbrella organisation, asked for a second opinion
PARTNERS = {
    "Mujeres del Umbral": "Tejiendo Voces",
    "Sakina Night Line": "Warda Sewing Rooms",
    "Iftiin Learning Room": "Marwo Haween",
    "Zoria Legal Friends": "Nadiya Hub Sutton",
    "Wren Street Young Women": "Two Rivers Refuge Support",
}


def load_scoring_call(fund: Fund, people: People, now: datetime) -> Scene:
    scene = open_scene(fund, people, now, days_open=DAYS_OPEN, title=GIRLS, record=shaped_call().codesign)
    by_name = {group.name: group for group in people.groups}
    plans = plans_for(
        _applicants(people), scene, partners={lead: by_name[other] for lead, other in PARTNERS.items()}
    )
    applications = {plan.group.name: apply_in_full(plan, scene) for plan in plans}
    settle_claims(plans[:48], scene, at=scene.day(60))
    close_call(scene.call, actor=people.staff.manager, now=scene.day(83))
    panel = seat_panel(scene, at=scene.day(84))
    practise(panel, scene, silent=UNDECLARED)
    ask_to_be_paid(panel, scene)
    _add_known_tie(panel, by_name[MEMBER_OF[1]])
    tie = Tie(ConflictResponse.NO_SCORING, panel_words("ties")["no_scoring"])
    ties = {TRAINED[0]: (applications[TRAINED[1]], tie)}
    open_papers(panel, scene, at=scene.day(94), ties=ties, silent=UNDECLARED)
    _read(assignments_of(panel), scene)
    _settle_questions(scene)
    _translate(applications[ASKED], scene)
    _ask_umbrella([applications[plan.group.name] for plan in plans[48:]], panel, scene)
    _bring_some(scene)
    return scene


def _applicants(people: People) -> list[Group]:
    """Sixty of the groups; the others are busy elsewhere."""
    asked = [group for group in people.groups if group.name == ASKED]
    others = [group for group in people.groups[6:] if group.name != ASKED]
    return [*asked, *others[: GROUPS - 1]]


def _add_known_tie(panel: Panel, group: Group) -> None:
    seat = next(seat for seat in seats_of(panel) if seat.user.name == MEMBER_OF[0])
    add_member(group.organisation, seat.user, MemberRight.VIEW)


def _read(assignments: Sequence[ReviewAssignment], scene: Scene) -> None:
    """About half locked, some begun, the rest untouched; the last member has not looked yet."""
    for assignment in assignments:
        if assignment.seat.conflicts_declared_at is None:
            continue
        name = assignment.application.organisation.name
        group, chance = scene.chance_of("pace", name), scene.chance_of("pace", name, place_of(assignment))
        quality, pace = group.uniform(1.9, 3.7), group.choice((0.2, 0.4, 0.95))
        share, at = chance.random(), scene.day(chance.uniform(95, 100))
        if name == ASKED or share < pace:
            unclear = "C1" if name == ASKED else chance.choice(("", "", "", "", "", "", "", "", "C4"))
            mark_sheet(assignment, quality, scene, at=at, cant_tell=unclear)
            lock_sheet(assignment, scene, at=at)
        elif share < pace + 0.2:
            mark_sheet(assignment, quality, scene, at=at, only=chance.randrange(1, 5))


def _settle_questions(scene: Scene) -> None:
    """One question waits for the group and one has its answer; the others wait for the fund."""
    manager = scene.people.staff.manager
    query = (
        sa.select(ReaderQuestion)
        .join(ReaderQuestion.assignment)
        .join(ReviewAssignment.application)
        .where(Application.round_id == scene.round.id, ReaderQuestion.raised_at.is_not(None))
        .order_by(ReaderQuestion.raised_at, ReaderQuestion.criterion_key)
    )
    raised = db.session.execute(query).scalars().all()
    of_asked = [each for each in raised if each.assignment.application.organisation.name == ASKED]
    others = [each for each in raised if each not in of_asked]
    send_question(of_asked[0], readers_question("C1"), actor=manager, now=scene.day(100))
    for question in of_asked[1:]:
        keep_question_back(question, "The group is asked this already.", actor=manager, now=scene.day(100))
    if others:
        asked = send_question(others[0], others[0].text, actor=manager, now=scene.day(99))
        writer = _writer_of(asked.application, scene)
        text = writer.voice.one("clarified", scene.chance)
        answer_clarification(asked, text, actor=writer.person, now=asked.created_at + timedelta(hours=20))


def _ask_umbrella(applications: Sequence[Application], panel: Panel, scene: Scene) -> None:
    """A second opinion, about the first claim of these that is not decided and where there is no tie."""
    person = next(seat.user for seat in seats_of(panel) if seat.user.name == KNOWS_GROUPS)
    at, manager = scene.day(100), scene.people.staff.manager
    for application in applications:
        for claim in list_own_claims(application):
            if person in [seat.user for seat in list_askable(claim, application, now=at)]:
                answer_by = (at + timedelta(days=9)).date()
                asked = Asked(person, panel_words("second_opinion"), ("Q2",), answer_by)
                ask_opinion(claim, application, asked, actor=manager, now=at)
                return


def _translate(application: Application, scene: Scene) -> None:
    """One answer, for readers who do not read its language. The group can say what it meant instead."""
    answer = next(each for each in application.answers if each.question_key == "Q2")
    new = NewTranslation("en", panel_words("translated"), TranslatedBy.TRANSLATOR, "Inés Prado")
    save_translation(answer, new, rev="0", actor=scene.people.staff.manager, now=scene.day(95))


def _writer_of(application: Application, scene: Scene) -> Group:
    return next(
        group for group in scene.people.groups if group.organisation.id == application.organisation_id
    )


def _bring_some(scene: Scene) -> None:
    """What three people have read goes to the table; the last ones still wait for the fund to do so."""
    read = (
        sa.select(ReviewAssignment.application_id)
        .join(Review, Review.assignment_id == ReviewAssignment.id)
        .where(Review.locked_at.is_not(None), ReviewAssignment.voided_at.is_(None))
        .group_by(ReviewAssignment.application_id)
        .having(sa.func.count() >= 3)
    )
    query = (
        sa.select(Application)
        .where(
            Application.round_id == scene.round.id,
            Application.status == ApplicationStatus.IN_REVIEW,
            Application.id.in_(read),
        )
        .order_by(Application.submitted_at)
    )
    ready = db.session.execute(query).scalars().all()
    for application in ready[:-LEFT_TO_BRING]:
        bring_to_panel(application, actor=scene.people.staff.manager, now=scene.day(101))
