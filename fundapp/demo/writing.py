"""What groups do: start, write, send; and the fund's answers to their first stage."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random

import sqlalchemy as sa

from forms.answers import JsonAnswer, JsonRow
from forms.burden import minutes_for_question
from forms.definition import Stage
from forms.pages.answer_media import may_be_spoken
from fundapp.db import db
from fundapp.demo.calls import Scene
from fundapp.demo.people import Group
from fundapp.demo.speaking import SPEAKERS, speak
from fundapp.demo.words import panel_words
from fundapp.lifecycles import ClaimStatus
from fundapp.models.application import Application, PartnerShare
from fundapp.models.organisation import ByAndForClaim, EvidenceKind, LegalForm
from fundapp.models.tally import MINUTES, PEOPLE, Sheet, band_of
from fundapp.models.tally import TOPICS as ASKED_APART
from fundapp.queries.applications import definition_for
from fundapp.queries.deadlines import stage_of
from fundapp.services.answer_origins import Typed
from fundapp.services.answers import save_answer
from fundapp.services.applications import find_eligible, invite_to_full, start_application, submit_application
from fundapp.services.claims import decide_claim
from fundapp.services.grace import ask_for_grace
from fundapp.services.tallies import count_answers, count_minutes

DAY_TO_DAY = {"more_than_half": "half"}  # the bands of E9 have other names
LATE = "Casa Jacaranda"  # asks for more time when it writes in full
LET_US_COUNT = 0.4  # of all groups: how many let us count their minutes
BIGGER = 85_000  # a year; such groups ask for nearly as much as they may
SPLIT = (46, 18, 10, 13, 5, 8)  # per cent of the budget lines
TOPICS = {
    "Q1": "summary",
    "Q3": "need",
    "Q4": "week",
    "Q6": "signs",
    "Q7": "safety",
    "Q9": "money",
    "Q10": "stronger",
    "Q11": "partners",
    "Q12": "other",
}


@dataclass(frozen=True)
class Plan:
    """What a group wants to ask for."""

    group: Group
    amount: Decimal
    partner: Group | None = None

    @property
    def strand(self) -> str:
        if self.partner is not None:
            return "B"
        return "C" if self.group.is_starter else "A"


def plans_for(
    groups: Iterable[Group], scene: Scene, *, partners: Mapping[str, Group] | None = None
) -> list[Plan]:
    """An amount for each group that fits its strand."""
    plans = []
    for group in groups:
        partner = (partners or {}).get(group.name)
        if partner is not None:
            amount = scene.chance.randrange(80, 121, 2) * 1000
        elif group.is_starter:
            amount = scene.chance.randrange(16, 31) * 500
        else:
            least = 80 if group.income >= BIGGER else 45
            amount = scene.chance.randrange(least, 101) * 1000
        plans.append(Plan(group, Decimal(amount), partner))
    return plans


def start(plan: Plan, scene: Scene, *, at: datetime) -> Application:
    group = plan.group
    application = start_application(
        scene.round,
        organisation=group.organisation,
        eligibility=_check_answers(group),
        language=group.person.language,
        actor=group.person,
        now=at,
        is_migrant_led=group.is_migrant_led,
    )
    application.created_at = at
    return application


def write_first_stage(
    application: Application, plan: Plan, scene: Scene, *, at: datetime, only: int | None = None
) -> None:
    voice, chance = plan.group.voice, scene.chance
    answers: dict[str, JsonAnswer] = {
        "S1": voice.say("who", chance),
        "S2": voice.say("plan", chance),
        "S3": plan.strand,
        "S3_amount": f"{plan.amount:.2f}",
    }
    save(application, plan, Stage.EOI, dict(list(answers.items())[:only]), scene, at)


def write_second_stage(
    application: Application, plan: Plan, scene: Scene, *, at: datetime, only: int | None = None
) -> None:
    voice, chance = plan.group.voice, scene.chance
    answers: dict[str, JsonAnswer] = {key: voice.say(topic, chance) for key, topic in TOPICS.items()}
    answers["Q8"] = _budget(plan)
    if plan.partner is not None:
        part = (plan.amount * Decimal("0.4")).quantize(Decimal(1000))
        share: JsonRow = {"partner": plan.partner.name, "amount": f"{part:.2f}"}
        answers["Q11_shares"] = [share]
        db.session.add(
            PartnerShare(application=application, organisation=plan.partner.organisation, amount=part)
        )
    save(application, plan, Stage.FULL, dict(list(answers.items())[:only]), scene, at)


def send(application: Application, plan: Plan, *, at: datetime) -> None:
    submit_application(application, actor=plan.group.person, now=at)


def invite(application: Application, scene: Scene, *, at: datetime) -> None:
    manager = scene.people.staff.manager
    find_eligible(application, actor=manager, now=at - timedelta(hours=1))
    invite_to_full(application, actor=manager, now=at)


def apply_in_full(plan: Plan, scene: Scene) -> Application:
    """Both stages, in time."""
    chance = scene.chance
    begun = chance.randrange(2, 22)
    application = start(plan, scene, at=scene.day(begun))
    write_first_stage(application, plan, scene, at=scene.day(begun + 1))
    send(application, plan, at=scene.day(begun + chance.randrange(2, 7)))
    invite(application, scene, at=scene.day(44))
    written = chance.randrange(48, 70)
    write_second_stage(application, plan, scene, at=scene.day(written))
    sent_at = scene.day(written + chance.randrange(1, 8))
    if plan.group.name == LATE:
        deadline = scene.round.full_closes_at
        reason = panel_words("late")
        ask_for_grace(application, reason=reason, actor=plan.group.person, now=deadline + timedelta(hours=2))
        sent_at = deadline + timedelta(hours=20)
    send(application, plan, at=sent_at)
    _tell_apart(application, chance.randrange(120, 420, 30), scene.chance_of("told", plan.group.name))
    return application


def _tell_apart(application: Application, minutes: int, chance: Random) -> None:
    """How long it took and who runs the group, counted without any link to the group."""
    choices = {
        "minutes": band_of(minutes, MINUTES),
        "people": band_of(chance.randrange(1, 6), PEOPLE),
        **{topic: chance.choice(shares) for topic, shares in ASKED_APART[Sheet.EQUALITY].items()},
    }
    digest = hashlib.sha256(chance.randbytes(16)).hexdigest()
    count_answers(application.round_id, application.stage, choices, ticket_digest=digest)
    if chance.random() < LET_US_COUNT:
        _let_us_count(application, chance)


def _let_us_count(application: Application, chance: Random) -> None:
    """Minutes for each question of the stage, somewhere around what we had estimated."""
    asked = list(definition_for(application).form.questions(stage_of(application)))
    for question in asked:
        guess = minutes_for_question(question, application.language)
        count_minutes(
            application.round_id,
            question.key,
            chance.randrange(20, 150 * guess),
            of_questions=[each.key for each in asked],
            ticket_digest=hashlib.sha256(chance.randbytes(16)).hexdigest(),
        )


def settle_claims(plans: Iterable[Plan], scene: Scene, *, at: datetime, to_the_end: bool = False) -> None:
    """The fund has looked at what these groups say of who leads them; to the end: none is left open."""
    wanted = {plan.group.organisation.id: plan.group for plan in plans}
    claims = db.session.execute(
        sa.select(ByAndForClaim)
        .where(ByAndForClaim.call_id == scene.call.id, ByAndForClaim.organisation_id.in_(wanted))
        .order_by(ByAndForClaim.created_at, ByAndForClaim.community)
    ).scalars()
    for claim in claims.all():
        status = ClaimStatus(wanted[claim.organisation_id].claim or ClaimStatus.DECLARED)
        reason = panel_words("not_met") if status is ClaimStatus.NOT_MET else ""
        if to_the_end and status in (ClaimStatus.DECLARED, ClaimStatus.CHECKED):
            status = ClaimStatus.CONFIRMED
        if status is not ClaimStatus.DECLARED:
            decide_claim(
                claim,
                status,
                reason=reason,
                actor=scene.people.staff.second_manager,
                now=at,
                evidence={EvidenceKind.BOARD_SHARE: "", EvidenceKind.OWN_WORDS: ""},
            )


def _check_answers(group: Group) -> dict[str, JsonAnswer]:
    has_rules = group.organisation.legal_form is not LegalForm.UNCONSTITUTED
    floor = max(start for start in (0, 10_000, 100_000, 500_000) if group.income >= start)
    return {
        "E1": True,
        "E2": True,
        "E3": True,
        "E4": has_rules,
        "E5": True,
        "E6": has_rules,
        "E7": f"from_{floor}",
        "E8": group.led,
        "E9": DAY_TO_DAY.get(group.led, group.led),
        "E10": "less" if group.led == "less" else "three_quarters",
        "E11": False,
        "E12": "yes" if has_rules else "not_yet",
        "E13": group.is_confidential,
    }


def _budget(plan: Plan) -> list[JsonRow]:
    """Six round lines that add up to the amount."""
    amounts = [(plan.amount * percent / 100).quantize(Decimal(100)) for percent in SPLIT]
    amounts[0] += plan.amount - sum(amounts)
    labels = plan.group.voice.all("budget")
    return [{"what": label, "amount": f"{amount:.2f}"} for label, amount in zip(labels, amounts, strict=True)]


def save(
    application: Application,
    plan: Plan,
    stage: Stage,
    answers: Mapping[str, JsonAnswer],
    scene: Scene,
    at: datetime,
) -> None:
    questions = {each.key: each for each in definition_for(application).form.questions(stage)}
    revs = {answer.question_key: answer.rev for answer in application.answers}
    for key, value in answers.items():
        if plan.group.name in SPEAKERS and isinstance(value, str) and may_be_spoken(questions[key]):
            words = Typed(value, plan.group.language, 0, "demo")
            speak(application, questions[key], words, scene.people, actor=plan.group.person, at=at)
            continue
        save_answer(
            application,
            questions[key],
            value,
            language=plan.group.language if isinstance(value, str) else None,
            rev=revs.get(key, 0),
            once="demo",
            actor=plan.group.person,
            now=at,
        )
