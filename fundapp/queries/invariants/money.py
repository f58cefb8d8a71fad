"""Sums that must agree to the penny, and steps of money that must not stand alone."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from fundapp.lifecycles import BEGUN_GRANTS, RUNNING_GRANTS, ClawbackStatus, InstalmentStatus
from fundapp.models.award import (
    Award,
    AwardShare,
    Clawback,
    Decision,
    Instalment,
    Outcome,
    PaymentHold,
    Ratification,
)
from fundapp.models.grant_plan import GrantVersion, GrantVersionLine, Variation
from fundapp.money_steps import VariationStatus
from fundapp.queries.invariants.rule import Invariant, Rows


def _pence(amount: Any) -> Any:
    """Whole before anything is added up or compared: sums of pounds are a little off on SQLite."""
    return sa.cast(sa.func.round(amount * Decimal(100)), sa.BigInteger)


def _sum(amount: Any, *conditions: Any) -> Any:
    """Of the rows of one grant, in pence."""
    return sa.select(sa.func.coalesce(sa.func.sum(_pence(amount)), 0)).where(*conditions).scalar_subquery()


def _instalments(*more: Any) -> Any:
    return _sum(Instalment.amount, Instalment.award_id == Award.id, *more)


def _instalments_that_do_not_add_up() -> Rows:
    planned = _instalments(Instalment.status != InstalmentStatus.CANCELLED)
    return sa.select(Award.id).where(Award.status.in_(BEGUN_GRANTS), planned != _pence(Award.amount))


def _paid_more_than_awarded() -> Rows:
    paid = _instalments(Instalment.status == InstalmentStatus.PAID)
    return sa.select(Award.id).where(paid > _pence(Award.amount))


def _shares_that_do_not_add_up() -> Rows:
    has_shares = sa.exists().where(AwardShare.award_id == Award.id)
    shares = _sum(AwardShare.amount, AwardShare.award_id == Award.id)
    return sa.select(Award.id).where(has_shares, shares != _pence(Award.amount))


def _versions_that_do_not_add_up() -> Rows:
    lines = _sum(GrantVersionLine.amount, GrantVersionLine.version_id == GrantVersion.id)
    return (
        sa.select(GrantVersion.id)
        .join(Award, Award.id == GrantVersion.award_id)
        .where(lines != _pence(Award.amount))
    )


def _agreed_without_a_version() -> Rows:
    made = sa.exists().where(GrantVersion.variation_id == Variation.id)
    counts = Variation.status.in_((VariationStatus.TOLD, VariationStatus.AGREED))
    return sa.select(Variation.id).where(counts != made)


def _wishes_of_grants_that_ended() -> Rows:
    return (
        sa.select(Variation.id)
        .join(Award, Award.id == Variation.award_id)
        .where(
            Variation.status == VariationStatus.ASKED,
            Award.status.not_in(RUNNING_GRANTS),
        )
    )


def _asked_back_more_than_paid() -> Rows:
    asked = _sum(Clawback.amount, Clawback.award_id == Award.id, Clawback.status != ClawbackStatus.DROPPED)
    paid = _instalments(Instalment.status == InstalmentStatus.PAID)
    return sa.select(Award.id).where(asked > paid)


def _paid_before_the_agreement() -> Rows:
    return (
        sa.select(Instalment.id)
        .join(Award, Award.id == Instalment.award_id)
        .where(Instalment.status == InstalmentStatus.PAID, Award.accepted_at.is_(None))
    )


def _held_without_a_hold() -> Rows:
    standing = sa.exists().where(
        PaymentHold.instalment_id == Instalment.id,
        PaymentHold.started_at.is_not(None),
        PaymentHold.ended_at.is_(None),
    )
    return sa.select(Instalment.id).where(Instalment.status == InstalmentStatus.HELD, ~standing)


def _grants_nobody_signed() -> Rows:
    signed = sa.exists().where(Ratification.round_id == Award.round_id)
    return sa.select(Award.id).where(~signed)


def _signed_without_a_list() -> Rows:
    signed = sa.exists().where(Ratification.round_id == Decision.round_id)
    return sa.select(Decision.id).where(Decision.ratified_at.is_not(None), ~signed)


def _yes_without_a_grant() -> Rows:
    grant = sa.exists().where(Award.application_id == Decision.application_id)
    return sa.select(Decision.id).where(
        Decision.outcome == Outcome.AWARD, Decision.ratified_at.is_not(None), ~grant
    )


def _place_on_the_reserve_list_twice() -> Rows:
    other = aliased(Decision)
    return (
        sa.select(Decision.id)
        .join(
            other,
            sa.and_(
                other.round_id == Decision.round_id,
                other.id != Decision.id,
                other.reserve_position == Decision.reserve_position,
            ),
        )
        .where(Decision.outcome == Outcome.RESERVE, other.outcome == Outcome.RESERVE)
    )


MONEY: tuple[Invariant, ...] = (
    Invariant(
        "instalments_add_up",
        "The payments of a running grant add up to the grant, to the penny.",
        _instalments_that_do_not_add_up,
    ),
    Invariant("paid_within_grant", "Nobody is paid more than their grant.", _paid_more_than_awarded),
    Invariant("shares_add_up", "The shares of partners add up to the grant.", _shares_that_do_not_add_up),
    Invariant(
        "versions_add_up",
        "The lines of every agreed version add up to the grant, to the penny.",
        _versions_that_do_not_add_up,
    ),
    Invariant(
        "agreed_has_version",
        "A change that was told or agreed has its version; no other has one.",
        _agreed_without_a_version,
    ),
    Invariant(
        "wish_of_running_grant",
        "Only a running grant has a change to answer.",
        _wishes_of_grants_that_ended,
    ),
    Invariant("asked_back_was_paid", "Only what was paid is asked back.", _asked_back_more_than_paid),
    Invariant(
        "paid_after_agreement",
        "Nothing is paid before the agreement.",
        _paid_before_the_agreement,
    ),
    Invariant("hold_has_begun", "A payment on hold has a hold that has begun.", _held_without_a_hold),
    Invariant("grant_is_signed", "A grant stands on a signed list.", _grants_nobody_signed),
    Invariant("signed_with_list", "A signed decision is on a signed list.", _signed_without_a_list),
    Invariant("yes_has_grant", "A signed yes has its grant.", _yes_without_a_grant),
    Invariant(
        "reserve_places", "A place on the reserve list is held once.", _place_on_the_reserve_list_twice
    ),
)
