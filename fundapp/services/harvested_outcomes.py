"""Harvesting outcomes: the fund writes a change down, the group says whether it is right; no answer is no."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, dataclass
from datetime import datetime

from fundapp.db import db, lock_row, sent_id
from fundapp.errors import FundError, NotPossibleNow
from fundapp.models.award import Award
from fundapp.models.harvested_outcome import HarvestedOutcome, OutcomePassage
from fundapp.models.theme_code import ThemeCode
from fundapp.models.user import User
from fundapp.moments import london_day
from fundapp.queries.harvested_outcomes import still_rests
from fundapp.queries.theme_grid import Place
from fundapp.services.events import move, record
from fundapp.services.group_messages import tell_about_grant
from fundapp.told_steps import OutcomeStatus


class RestsOnNothing(FundError):
    """An outcome rests on words of the group, which are still as they were read."""

    code = "rests_on_nothing"


@dataclass(frozen=True)
class OutcomeWords:
    """What changed, for whom, and what the group contributed; without names of people."""

    changed: str
    for_whom: str
    contribution: str

    def trimmed(self) -> OutcomeWords:
        return OutcomeWords(*(each.strip() for each in astuple(self)))


def harvest_outcome(
    award: Award,
    theme: ThemeCode,
    places: Sequence[Place],
    words: OutcomeWords,
    *,
    language: str,
    actor: User,
    now: datetime,
    once: str | None = None,
) -> HarvestedOutcome:
    """The group is asked whether it is right, by a mail that says nothing of it. The same with the same
    `once` is one. Raises RestsOnNothing."""
    lock_row(Award, award.id)
    passages, words = [each.passage.tag.id for each in places], words.trimmed()
    outcome_id = sent_id(award.id, once, actor.id, theme.id, passages, words, language)
    if (sent := db.session.get(HarvestedOutcome, outcome_id)) is not None:
        return sent
    if not places or any(each.passage.has_changed for each in places):
        raise RestsOnNothing
    outcome = HarvestedOutcome(
        id=outcome_id,
        call_id=award.call_id,
        award_id=award.id,
        theme_code_id=theme.id,
        language=language,
        changed=words.changed,
        for_whom=words.for_whom,
        contribution=words.contribution,
        written_by_id=actor.id,
        created_at=now,
    )
    outcome.passages = [
        OutcomePassage(
            award_id=award.id,
            coded_text_id=each.read.coded.id,
            starts_at=each.passage.tag.starts_at,
            ends_at=each.passage.tag.ends_at,
            text_digest=each.read.told.digest,
        )
        for each in places
    ]
    db.session.add(outcome)
    record(outcome, "harvest", actor=actor, now=now, details={"passages": len(outcome.passages)})
    tell_about_grant(award, now=now)
    return outcome


def confirm_outcome(
    outcome: HarvestedOutcome,
    *,
    own_words: OutcomeWords | None,
    language: str,
    names_group: bool,
    actor: User,
    now: datetime,
) -> None:
    """Right as it stands, or with these words instead. It can be said again. Raises NotPossibleNow."""
    _lock(outcome)
    if not still_rests(outcome, london_day(now)):
        raise NotPossibleNow("the words it rests on are no longer there")
    own = own_words.trimmed() if own_words else OutcomeWords("", "", "")
    with db.session.no_autoflush:
        outcome.own_changed, outcome.own_for_whom = own.changed, own.for_whom
        outcome.own_contribution, outcome.own_language = own.contribution, language if own_words else None
        outcome.names_group, outcome.objection = names_group, ""
        outcome.answered_at, outcome.answered_by_id = now, actor.id
        details = {"own_words": own_words is not None, "names_group": names_group}
        if outcome.status is OutcomeStatus.CONFIRMED:
            record(outcome, "confirm_again", actor=actor, now=now, details=details)
        else:
            move(outcome, "confirm", actor=actor, now=now, details=details)


def object_to_outcome(outcome: HarvestedOutcome, words: str, *, actor: User, now: datetime) -> None:
    """Not right, or not to be used, also after a yes; gone with the next request. Twice is once."""
    _lock(outcome)
    if outcome.status is OutcomeStatus.OBJECTED:
        return
    with db.session.no_autoflush:
        outcome.names_group, outcome.answered_at, outcome.answered_by_id = False, now, actor.id
        outcome.objection = words.strip()
        move(outcome, "object", actor=actor, now=now)


def take_outcome_back(outcome: HarvestedOutcome, *, actor: User, now: datetime) -> None:
    """By the fund, for example to write it anew. Raises NotPossibleNow."""
    _lock(outcome)
    with db.session.no_autoflush:
        outcome.names_group = False
        move(outcome, "take_back", actor=actor, now=now)


def _lock(outcome: HarvestedOutcome) -> None:
    lock_row(HarvestedOutcome, outcome.id)
    db.session.refresh(outcome)
