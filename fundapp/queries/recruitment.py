"""Open seats of a panel: which round looks for people, who offered themselves, and the draws."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from fundapp.call_file.assessment import SeatQuota
from fundapp.call_file.definition import CallDefinition
from fundapp.db import Json, db
from fundapp.lifecycles import CandidateStatus
from fundapp.models.call import Call, Round
from fundapp.models.panel import Panel, PanelSeat, SeatKind
from fundapp.models.recruitment import PanelCandidate, PanelDraw
from fundapp.panel_draw_file.parts import FORMAT
from scoring.sortition import Quota


def recruiting_round(call: Call, now: datetime) -> Round | None:
    """The first round whose scoring has not begun."""
    rounds = sorted(call.rounds, key=lambda each: each.scoring_opens_at)
    return next((each for each in rounds if now < each.scoring_opens_at), None)


def takes_offers(definition: CallDefinition, now: datetime) -> bool:
    recruitment = definition.panel.recruitment
    if recruitment is None or not definition.panel.drawn_seats:
        return False
    return recruitment.takes_offers(now.astimezone(definition.zone).date())


def list_candidates(round_: Round, kind: SeatKind | None = None) -> Sequence[PanelCandidate]:
    """In the order in which they came."""
    query = sa.select(PanelCandidate).where(PanelCandidate.round_id == round_.id)
    if kind is not None:
        query = query.where(PanelCandidate.kind == kind)
    query = query.order_by(PanelCandidate.created_at, PanelCandidate.id)
    return db.session.execute(query.execution_options(populate_existing=True)).scalars().all()


def pool_of(candidates: Iterable[PanelCandidate]) -> dict[str, dict[str, str]]:
    """By number; whoever has the same address or phone as somebody before them in it is left out."""
    seen, pool = set[str](), dict[str, dict[str, str]]()
    for each in candidates:
        ways = {each.email, "".join(sign for sign in each.phone if sign.isdigit())} - {""}
        if not ways & seen:
            pool[each.number] = dict(each.groups)
            seen |= ways
    return pool


def left_out(draw: PanelDraw | None, candidates: Sequence[PanelCandidate]) -> frozenset[str]:
    """Numbers that are not drawn from; before the list is fixed, as it would be today."""
    fixed = draw.fixed if draw is not None else None
    pool = pool_of(candidates) if fixed is None else fixed["pool"]
    return frozenset(each.number for each in candidates if each.number not in pool)


def find_candidate(candidate_id: UUID) -> PanelCandidate | None:
    """With round and call; None once it is deleted."""
    query = (
        sa.select(PanelCandidate)
        .where(PanelCandidate.id == candidate_id)
        .options(joinedload(PanelCandidate.round).joinedload(Round.call))
    )
    return db.session.execute(query).scalar_one_or_none()


def get_candidate(candidate_id: UUID) -> PanelCandidate:
    """Raises NoResultFound."""
    query = sa.select(PanelCandidate).where(PanelCandidate.id == candidate_id)
    return db.session.execute(query.options(joinedload(PanelCandidate.round))).scalar_one()


def find_panel_draw(round_id: UUID, kind: SeatKind) -> PanelDraw | None:
    query = sa.select(PanelDraw).where(PanelDraw.round_id == round_id, PanelDraw.kind == kind)
    return db.session.execute(query).scalar_one_or_none()


def get_panel_draw(panel_draw_id: UUID) -> PanelDraw:
    """Raises NoResultFound."""
    query = sa.select(PanelDraw).where(PanelDraw.id == panel_draw_id)
    return db.session.execute(query.options(joinedload(PanelDraw.round))).scalar_one()


def all_hold_their_seats(draw: PanelDraw) -> bool:
    """No seat was taken back from anybody drawn: the panel has as many of this kind as were given."""
    seats = sa.select(sa.func.count(PanelSeat.id)).join(Panel, Panel.id == PanelSeat.panel_id)
    held = seats.where(Panel.round_id == draw.round_id, PanelSeat.kind == draw.kind)
    given = sa.select(sa.func.count(PanelCandidate.id)).where(
        PanelCandidate.round_id == draw.round_id,
        PanelCandidate.kind == draw.kind,
        PanelCandidate.status == CandidateStatus.SEATED,
    )
    return db.session.execute(held).scalar_one() >= db.session.execute(given).scalar_one()


def list_panel_draws(call: Call) -> Sequence[PanelDraw]:
    query = (
        sa.select(PanelDraw)
        .join(PanelDraw.round)
        .where(Round.call_id == call.id)
        .options(joinedload(PanelDraw.round))
        .order_by(Round.code, PanelDraw.kind)
    )
    return db.session.execute(query).scalars().all()


def quotas_for(draw: PanelDraw) -> tuple[SeatQuota, ...]:
    """Those that the draw will keep."""
    return tuple(SeatQuota(one["group"], one["value"], one["least"], one["most"]) for one in draw.quotas)


def scoring_quotas(quotas: Sequence[SeatQuota]) -> tuple[Quota, ...]:
    return tuple(Quota(one.group, one.value, one.least, one.most) for one in quotas)


def public_file(draw: PanelDraw, call: Call) -> Json:
    """As docs/panel-draw-file.md says. What is drawn from once it is fixed, the seed once it was used."""
    found: dict[str, Any] = {"format": FORMAT, "call": call.code, "round": draw.round.code}
    found |= {"seat": draw.kind.value, "digest": draw.digest, "fixed": draw.fixed}
    if draw.drawn_at is not None:
        found |= {"seed": draw.seed, "announced_value": draw.announced_value, "drawn": draw.drawn}
        found |= {"replacements": draw.replacements, "panel": draw.panel}
    return found
