"""What happens to a grant of the demo: checks, agreement, payments, conversations, stories, early ends."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import Enum

import sqlalchemy as sa

from forms.answers import JsonAnswer
from fundapp.db import db
from fundapp.demo.around import give_host
from fundapp.demo.bank import ask_for_another_account, give_account, send_to_bank
from fundapp.demo.calls import Scene
from fundapp.demo.people import Group
from fundapp.demo.speaking import tell_by_voice
from fundapp.demo.words import panel_words
from fundapp.lifecycles import InstalmentStatus
from fundapp.models.agreement import Side, SignerRole
from fundapp.models.award import Award, CheckItem, Instalment
from fundapp.models.monitoring import CheckIn, IdentityLevel, Marker, MarkerLevel
from fundapp.models.user import User
from fundapp.queries.people import find_confirmed_host
from fundapp.services.agreements import Signer
from fundapp.services.check_ins import hold_check_in, name_markers, offer_check_in, reply_to_check_in
from fundapp.services.clawbacks import ask_back, propose_clawback, receive_back
from fundapp.services.events import move
from fundapp.services.grants import (
    accept_agreement,
    refuse_award,
    send_agreement,
    settle_check,
    start_checks,
    terminate_award,
    withdraw_award,
)
from fundapp.services.instalments import approve_instalment, pay_instalment
from fundapp.services.payment_holds import agree_to_hold, ask_to_hold
from fundapp.services.publications import PublicationChoice, review_grant
from fundapp.services.stories import give_consent, share_story, withdraw_consent

CHECKS, AGREEMENT, YES, PAID, WELCOME, ENDED = 134, 150, 155, 178, 194, 260  # days since the call opened
REFUSED = "Lantern Row Legal Help"
WITHDRAWN = "Las Comadres de Brixton"
TERMINATED = "Puente Norte"
DOMAINS = ("life", "group", "surroundings", "other")
LEVELS = (MarkerLevel.A_LITTLE, MarkerLevel.A_LOT, MarkerLevel.NOT_YET, MarkerLevel.WENT_BACK)


AT_RISK = "The group has asked us to be careful until its new rooms are safe."
WAITS, COARSE, LATER = 0, 3, 5  # places of grants in open data, the smallest first


class Talk(Enum):
    """How the conversation after half a year stands."""

    ANSWERED = "answered"
    HELD = "held"
    OFFERED = "offered"
    OVERDUE = "overdue"
    MISSED = "missed"


class Shown(Enum):
    """What became of the story told in it."""

    PRIVATE = "private"
    GROUP_ONLY = "group_only"
    NO_NAMES = "no_names"
    NAMED = "named"
    TAKEN_BACK = "taken_back"


TALKS = (
    Talk.OFFERED,
    Talk.ANSWERED,
    Talk.HELD,
    Talk.ANSWERED,
    Talk.ANSWERED,
    Talk.OVERDUE,
    Talk.HELD,
    Talk.MISSED,
)
TOLD_BY_VOICE = 2  # its place among the grants
STORIES = (Shown.GROUP_ONLY, Shown.PRIVATE, Shown.NO_NAMES, Shown.NAMED, Shown.TAKEN_BACK)


def start_grant(award: Award, scene: Scene) -> None:
    """From yes in principle to the first payment and the welcome, unless it ends on the way."""
    manager, group = scene.people.staff.manager, group_of(award, scene)
    describe(award, scene)
    start_checks(award, actor=manager, now=scene.day(CHECKS))
    settle_checks(award, scene, at=scene.day(CHECKS + 9))
    give_host(award.application, group.person, at=scene.day(CHECKS + 9))
    send_agreement(award, actor=manager, now=scene.day(AGREEMENT))
    if group.name == WITHDRAWN:
        withdraw_award(award, reason=panel_words("withdrawn"), actor=manager, now=scene.day(YES))
        return
    if group.name == REFUSED:
        refuse_award(award, actor=group.person, now=scene.day(YES))
        return
    _sign_agreement(award, group, scene)
    give_account(award, group.person, scene, at=scene.day(YES + 2))
    first = award.instalments[0]
    approve_instalment(first, actor=manager, now=scene.day(PAID))
    pay_instalment(first, actor=scene.people.staff.finance, now=scene.day(PAID + 2))
    markers = name_markers(award, group.voice.all("markers"), actor=group.person, now=scene.day(WELCOME))
    welcome = check_in_of(award, "welcome")
    offer_check_in(welcome, actor=manager, now=scene.day(WELCOME - 9))
    _talk(welcome, group, scene, markers=markers, at=scene.day(WELCOME))
    reply_to_check_in(welcome, panel_words("replies")[0], actor=manager, now=scene.day(WELCOME + 6))


def _sign_agreement(award: Award, group: Group, scene: Scene) -> None:
    """The host of a group first, then the group itself."""
    digest, language = award.agreement_digest or "", group.person.language
    host = find_confirmed_host(award.application)
    if host is not None and host.user_id is not None:
        person = db.session.get_one(User, host.user_id)
        director = Signer(host.signed_by or "", SignerRole.DIRECTOR)
        now = scene.day(YES)
        accept_agreement(award, digest=digest, side=Side.HOST, signer=director, actor=person, now=now)
    chair = Signer(group.person.name, SignerRole.CHAIR, language)
    accept_agreement(award, digest=digest, signer=chair, actor=group.person, now=scene.day(YES + 1))


def describe(award: Award, scene: Scene) -> None:
    """What the public reads of a grant, in the fund's words."""
    words = scene.chance_of(award.organisation.name, "public").choice(panel_words("public"))
    award.public_title, award.public_summary = words["title"], words["summary"]


def settle_checks(award: Award, scene: Scene, *, at: datetime, leave: int = 0) -> None:
    """All but the last few."""
    query = sa.select(CheckItem).where(CheckItem.award_id == award.id).order_by(CheckItem.key)
    items = db.session.execute(query).scalars().all()
    for item in items[: len(items) - leave]:
        settle_check(item, note="", actor=scene.people.staff.second_manager, now=at)


def end_early(awards: Sequence[Award], scene: Scene) -> None:
    for award in awards:
        if award.organisation.name == TERMINATED:
            reason = panel_words("terminated")
            terminate_award(award, reason=reason, actor=scene.people.staff.manager, now=scene.day(ENDED))
            _ask_for_a_part_back(award, scene)


def _ask_for_a_part_back(award: Award, scene: Scene) -> None:
    """One part has come, another one is on its way."""
    staff = scene.people.staff
    reason = panel_words("back")
    clawback = propose_clawback(
        award, amount=Decimal(2_000), reason=reason, actor=staff.manager, now=scene.day(ENDED + 3)
    )
    ask_back(clawback, actor=staff.second_manager, now=scene.day(ENDED + 4))
    receive_back(
        clawback,
        amount=Decimal(800),
        version=clawback.version,
        actor=staff.finance,
        now=scene.day(ENDED + 20),
    )


def talk_after_half_a_year(award: Award, place: int, scene: Scene) -> None:
    """Every grant at another point of the same conversation."""
    manager, group = scene.people.staff.manager, group_of(award, scene)
    check_in, talk = check_in_of(award, "month_6"), TALKS[place % len(TALKS)]
    due = _noon(check_in.due_on, scene)
    if talk is Talk.OVERDUE:
        return
    offer_check_in(check_in, actor=manager, now=due - timedelta(days=12))
    if talk is Talk.MISSED:
        move(check_in, "miss", actor=manager, now=due + timedelta(days=1))
    if talk not in (Talk.HELD, Talk.ANSWERED):
        return
    at = min(due + timedelta(days=scene.chance.randrange(1, 9)), scene.now)
    if talk is Talk.HELD and place == TOLD_BY_VOICE:
        tell_by_voice(check_in, group, at=at)
        return
    _talk(check_in, group, scene, markers=_markers_of(award), at=at, by_fund=talk is Talk.HELD)
    _share(award, check_in, group, STORIES[place % len(STORIES)], scene, at=at)
    if talk is Talk.ANSWERED:
        reply = panel_words("replies")[place % 2]
        reply_to_check_in(check_in, reply, actor=manager, now=min(at + timedelta(days=4), scene.now))


def pay_latest(scene: Scene) -> None:
    """Of the payments that fell due in the last weeks, each stands at another step."""
    query = (
        sa.select(Instalment)
        .join(Instalment.award)
        .where(Award.round_id == scene.round.id, Instalment.status == InstalmentStatus.DUE)
        .order_by(Instalment.due_on, Award.amount, Instalment.award_id)
    )
    staff, held, approved = scene.people.staff, panel_words("held"), list[Instalment]()
    review_on = scene.now.date() + timedelta(days=21)
    for place, instalment in enumerate(db.session.execute(query).scalars().all()):
        match place % 5:
            case 0 if place == 0:
                ask_for_another_account(instalment.award, at=scene.day(375))
            case 1:
                approve_instalment(instalment, actor=staff.manager, now=scene.day(374))
                approved.append(instalment)
            case 2:
                approve_instalment(instalment, actor=staff.manager, now=scene.day(374))
                pay_instalment(instalment, actor=staff.finance, now=scene.day(376))
            case 3:
                ask_to_hold(
                    instalment, reason=held, review_on=review_on, actor=staff.manager, now=scene.day(375)
                )
                agree_to_hold(instalment, actor=staff.second_manager, now=scene.day(376))
            case 4:
                ask_to_hold(
                    instalment, reason=held, review_on=review_on, actor=staff.manager, now=scene.day(377)
                )
    send_to_bank(approved, scene, at=scene.day(376))


def group_of(award: Award, scene: Scene) -> Group:
    return next(group for group in scene.people.groups if group.organisation.id == award.organisation_id)


def check_in_of(award: Award, kind: str) -> CheckIn:
    query = sa.select(CheckIn).where(CheckIn.award_id == award.id, CheckIn.kind == kind)
    return db.session.execute(query).scalar_one()


def _markers_of(award: Award) -> Sequence[Marker]:
    query = sa.select(Marker).where(Marker.award_id == award.id).order_by(Marker.created_at, Marker.id)
    return db.session.execute(query).scalars().all()


def _noon(day: date, scene: Scene) -> datetime:
    return scene.now.replace(year=day.year, month=day.month, day=day.day, hour=12, minute=0)


def _talk(
    check_in: CheckIn,
    group: Group,
    scene: Scene,
    *,
    markers: Sequence[Marker],
    at: datetime,
    by_fund: bool = False,
) -> None:
    voice, chance = group.voice, scene.chance
    answers: dict[str, JsonAnswer] = {
        "K1": voice.say("story", chance),
        "K2": voice.one("markers", chance),
        "K3": voice.one("worry", chance),
        "K4": voice.one("needs", chance),
    }
    hold_check_in(
        check_in,
        answers=answers,
        language=group.language,
        minutes=chance.randrange(20, 70, 5),
        levels={marker.id: chance.choice(LEVELS) for marker in markers},
        typed_by_fund=by_fund,
        actor=scene.people.staff.manager if by_fund else group.person,
        now=at,
    )


def _share(
    award: Award, check_in: CheckIn, group: Group, shown: Shown, scene: Scene, *, at: datetime
) -> None:
    story = share_story(
        award,
        str(check_in.answers["K1"]),
        domain=scene.chance.choice(DOMAINS),
        language=group.language,
        check_in=check_in,
        actor=group.person,
        now=at,
    )
    if group.is_confidential and shown is not Shown.PRIVATE:
        shown = Shown.NO_NAMES
    if shown is Shown.PRIVATE:
        return
    identity = IdentityLevel.NAMED if shown is Shown.TAKEN_BACK else IdentityLevel(shown.value)
    give_consent(
        story,
        identity=identity,
        ends_on=at.date() + timedelta(days=365),
        language=group.person.language,
        actor=group.person,
        now=at,
    )
    if shown is Shown.TAKEN_BACK:
        withdraw_consent(story, actor=group.person, now=min(at + timedelta(days=1), scene.now))


def read_for_open_data(scene: Scene) -> None:
    """One grant waits for somebody to read it, one is published without its borough, one next spring."""
    query = sa.select(Award).where(Award.call_id == scene.call.id).order_by(Award.amount, Award.id)
    for place, award in enumerate(db.session.execute(query).scalars().all()):
        if place == WAITS:
            continue
        reason = AT_RISK if place in (COARSE, LATER) else ""
        choice = PublicationChoice(
            is_published=True,
            is_coarse=place == COARSE,
            not_before=scene.now.date() + timedelta(days=120) if place == LATER else None,
            shares_dei=place % 3 != 0,
            reason=reason,
        )
        review_grant(
            award,
            choice,
            title=award.public_title,
            summary=award.public_summary,
            actor=scene.people.staff.manager,
            now=scene.day(CHECKS),
        )
