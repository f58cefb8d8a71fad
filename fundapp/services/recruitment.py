"""People offer themselves for a drawn seat of a panel; what is kept about them goes with the end of it."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy.exc import InvalidRequestError

from fundapp.call_file.assessment import Recruitment
from fundapp.db import db, lock_row, sent_id
from fundapp.errors import FundError, NotPossibleNow
from fundapp.lifecycles import CandidateStatus
from fundapp.models.call import Round
from fundapp.models.panel import SeatKind
from fundapp.models.recruitment import PanelCandidate, PanelDraw
from fundapp.models.user import User
from fundapp.queries.calls import current_version, definition_of
from fundapp.queries.recruitment import find_panel_draw, list_candidates, takes_offers
from fundapp.services.events import record
from fundapp.services.outbox import enqueue
from fundapp.services.tries import Limit

SIGNS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # none is mistaken for another
NUMBER_LENGTH = 5
MOST_CANDIDATES = 2_000  # of one round
TELL_DRAWN = "tell_drawn"
OFFERS = Limit("panel_offer", 30, timedelta(hours=1))  # from one network: an office may help many


class OffersClosed(FundError):
    """Nobody can offer themselves now."""

    code = "offers_closed"


class NotReachable(FundError):
    """Neither an e-mail address nor a phone number."""

    code = "not_reachable"


@dataclass(frozen=True)
class NewCandidate:
    kind: SeatKind
    name: str
    email: str
    phone: str
    language: str
    reads_in: tuple[str, ...]
    groups: Mapping[str, str]  # what is left out or unknown counts as "would rather not say"


def offer(
    round_: Round, new: NewCandidate, *, actor: User | None, now: datetime, once: str | None = None
) -> PanelCandidate:
    """By the public form between its dates; staff may add somebody until the pool is fixed. The same form
    with the same `once` is one offer.

    Raises OffersClosed and NotReachable.
    """
    lock_row(Round, round_.id)
    candidate_id = sent_id(round_.id, once, actor.id if actor else None, new)
    if (sent := db.session.get(PanelCandidate, candidate_id)) is not None:
        return sent
    definition = definition_of(current_version(round_.call))
    recruitment = definition.panel.recruitment
    draw = find_panel_draw(round_.id, new.kind)
    is_fixed = draw is not None and draw.fixed_at is not None
    is_drawn = any(seat.key == new.kind.value for seat in definition.panel.drawn_seats)
    if recruitment is None or not is_drawn or is_fixed or now >= round_.scoring_opens_at:
        raise OffersClosed
    if actor is None and not takes_offers(definition, now):
        raise OffersClosed
    if not new.email.strip() and not new.phone.strip():
        raise NotReachable
    known = {each.number for each in list_candidates(round_)}
    if len(known) >= MOST_CANDIDATES:
        raise OffersClosed
    candidate = PanelCandidate(
        id=candidate_id,
        round=round_,
        kind=new.kind,
        number=_free_number(known),
        name=new.name.strip(),
        email=new.email.strip().lower(),
        phone=new.phone.strip(),
        language=new.language,
        reads_in=list(new.reads_in),
        groups=_groups(new.groups, recruitment),
        added_by=actor,
        created_at=now,
    )
    db.session.add(candidate)
    record(candidate, "offer", actor=actor, now=now, details={"kind": new.kind.value})
    return candidate


def take_offer_back(candidate: PanelCandidate, *, actor: User | None, now: datetime) -> None:
    """Everything about the person is deleted. A number that was fixed stays in the pool, without anybody.

    Once the list is fixed only the person takes the offer back: the fund cannot change who comes next.
    """
    lock_candidate(candidate)
    draw = find_panel_draw(candidate.round_id, candidate.kind)
    if actor is not None and draw is not None and draw.fixed_at is not None:
        raise NotPossibleNow("the list is fixed")
    if candidate.status is not CandidateStatus.OFFERED:
        raise NotPossibleNow("this person was drawn")
    record(candidate, "take_offer_back", actor=actor, now=now)
    db.session.delete(candidate)


def tell_drawn(candidate: PanelCandidate) -> None:
    """One mail with the way to their own page; the fund calls who gave only a phone number."""
    if candidate.email:
        enqueue(TELL_DRAWN, candidate_id=str(candidate.id))


def candidate_ticket(candidate: PanelCandidate, secret: str) -> str:
    """Opens the candidate's own page: nobody signs in there."""
    return _signer(secret).dumps(candidate.id.hex)


def candidate_id_of(ticket: str, secret: str) -> UUID | None:
    """None for what we have not written ourselves."""
    try:
        return UUID(_signer(secret).loads(ticket))
    except (BadSignature, ValueError, TypeError):
        return None


def accept_seat(candidate: PanelCandidate, *, actor: User | None, now: datetime) -> None:
    """Somebody who was drawn says yes; the fund gives the seat. A second yes changes nothing."""
    lock_candidate(candidate)
    is_out = candidate.status in (CandidateStatus.OFFERED, CandidateStatus.LEFT)
    if is_out or candidate.said_no_at is not None:
        raise NotPossibleNow("this person was not drawn, or has left")
    if candidate.status is CandidateStatus.DRAWN and not candidate.said_yes_at:
        candidate.said_yes_at = now
        record(candidate, "say_yes", actor=actor, now=now)


def lock_candidate(candidate: PanelCandidate) -> None:
    """With what others have done since it was read. Raises NotPossibleNow where it was deleted."""
    lock_row(Round, candidate.round_id)
    try:
        db.session.refresh(candidate, ["status", "said_yes_at", "said_no_at"])
    except InvalidRequestError as error:
        raise NotPossibleNow("this person has taken the offer back") from error


def forget_candidates(draw: PanelDraw, *, actor: User | None, now: datetime) -> None:
    """Once all seats are filled, names and contacts go; the public file stays. Raises NotPossibleNow."""
    lock_row(Round, draw.round_id)
    waiting = [each for each in list_candidates(draw.round, draw.kind) if each.number in draw.panel]
    is_complete = len(waiting) == len(draw.panel) and all(
        each.status is CandidateStatus.SEATED for each in waiting
    )
    if draw.drawn_at is None or not is_complete:
        raise NotPossibleNow("the panel is not complete")
    _forget(draw, actor=actor, now=now)


def forget_old_candidates(*, now: datetime) -> int:
    """For the daily jobs: whose round is being scored. Gives how many rounds were cleared."""
    begun = sa.select(Round.id).where(Round.scoring_opens_at <= now)
    with_people = sa.select(PanelCandidate.round_id).where(PanelCandidate.round_id.in_(begun))
    number = len(db.session.execute(with_people.distinct()).all())
    for draw in (
        db.session.execute(
            sa.select(PanelDraw).where(PanelDraw.round_id.in_(with_people), PanelDraw.forgotten_at.is_(None))
        )
        .scalars()
        .all()
    ):
        _forget(draw, actor=None, now=now)
    db.session.execute(sa.delete(PanelCandidate).where(PanelCandidate.round_id.in_(begun)))
    return number


def _forget(draw: PanelDraw, *, actor: User | None, now: datetime) -> None:
    db.session.flush()
    db.session.execute(
        sa.delete(PanelCandidate).where(
            PanelCandidate.round_id == draw.round_id, PanelCandidate.kind == draw.kind
        )
    )
    draw.forgotten_at = now
    record(draw, "forget_candidates", actor=actor, now=now)


def _signer(secret: str) -> URLSafeSerializer:
    return URLSafeSerializer(secret.encode(), salt="panel-candidate")


def _free_number(known: set[str]) -> str:
    while True:
        number = "".join(secrets.choice(SIGNS) for _ in range(NUMBER_LENGTH))
        if number not in known:
            return number


def _groups(chosen: Mapping[str, str], recruitment: Recruitment) -> dict[str, str]:
    return {
        group.key: chosen.get(group.key, "")
        if chosen.get(group.key, "") in {choice.key for choice in group.choices}
        else ""
        for group in recruitment.groups
    }
