"""What was read for themes belongs to the group that said it, and one text in five was drawn."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from fundapp.models.application import Application
from fundapp.models.award import Award
from fundapp.models.harvested_outcome import HarvestedOutcome
from fundapp.models.monitoring import CheckIn, CheckInFile, Story
from fundapp.models.support import SupportIntroduction, SupportNeed, SupportOffer
from fundapp.models.support_session import SupportPlace, SupportSession
from fundapp.models.theme_code import CodedText, ThemeTag, Turn
from fundapp.queries.invariants.rule import Invariant, Rows, same
from fundapp.support_steps import IntroductionStatus, PlaceStatus
from scoring.coding import BLOCK


def _block_without_one_drawn() -> Rows:
    """The last text of each whole block of five in which not exactly one is read twice."""
    other = aliased(CodedText)
    drawn = (
        sa.select(sa.func.count())
        .select_from(other)
        .where(
            other.call_id == CodedText.call_id,
            other.number.between(CodedText.number - BLOCK + 1, CodedText.number),
            other.is_drawn,
        )
        .scalar_subquery()
    )
    return sa.select(CodedText.id).where(CodedText.number % BLOCK == 0, drawn != 1)


def _marked_in_no_turn() -> Rows:
    """A mark of a second reader where nothing was drawn, or settled where nobody has settled."""
    return (
        sa.select(ThemeTag.id)
        .join(CodedText, CodedText.id == ThemeTag.coded_text_id)
        .where(
            sa.or_(
                sa.and_(ThemeTag.turn == Turn.SECOND, ~CodedText.is_drawn),
                sa.and_(ThemeTag.turn == Turn.SETTLED, CodedText.settled_at.is_(None)),
            )
        )
    )


def _offered_against_its_word() -> Rows:
    """For such a group something waits for its answer."""
    return (
        sa.select(SupportNeed.id)
        .join(SupportIntroduction, SupportIntroduction.application_id == SupportNeed.application_id)
        .where(SupportNeed.wants_none, SupportIntroduction.status == IntroductionStatus.SUGGESTED)
    )


def _helped_in_another_call() -> Rows:
    return (
        sa.select(SupportOffer.id)
        .join(SupportIntroduction, SupportIntroduction.offer_id == SupportOffer.id)
        .join(Application, Application.id == SupportIntroduction.application_id)
        .where(SupportOffer.call_id != Application.call_id)
    )


def _more_than_there_is_room() -> Rows:
    """Those who come to such a session."""
    comes = SupportPlace.status.in_((PlaceStatus.COMING, PlaceStatus.CAME))
    full = (
        sa.select(SupportSession.id)
        .join(SupportPlace, SupportPlace.session_id == SupportSession.id)
        .where(comes)
        .group_by(SupportSession.id, SupportSession.places)
        .having(sa.func.sum(SupportPlace.people) > SupportSession.places)
    )
    return sa.select(SupportPlace.id).where(comes, SupportPlace.session_id.in_(full))


TOLD: tuple[Invariant, ...] = (
    Invariant("room_for_all", "No session has more people than places.", _more_than_there_is_room),
    Invariant("no_means_no", "A group that wants no help is offered none.", _offered_against_its_word),
    Invariant("offer_of_the_call", "Help is offered to groups of its call.", _helped_in_another_call),
    same(
        "coded_text_call",
        "A text read for themes belongs to the call of its grant.",
        CodedText,
        CodedText.call_id,
        Award.call_id,
        (Award, Award.id == CodedText.award_id),
    ),
    same(
        "coded_story_award",
        "A story read for themes is one of its grant.",
        CodedText,
        CodedText.award_id,
        Story.award_id,
        (Story, Story.id == CodedText.story_id),
    ),
    same(
        "coded_check_in_award",
        "A conversation read for themes is one of its grant.",
        CodedText,
        CodedText.award_id,
        CheckIn.award_id,
        (CheckIn, CheckIn.id == CodedText.check_in_id),
    ),
    same(
        "coded_recording",
        "A recording heard for themes is one of its conversation.",
        CodedText,
        CodedText.check_in_id,
        CheckInFile.check_in_id,
        (CheckInFile, CheckInFile.id == CodedText.check_in_file_id),
    ),
    same(
        "outcome_call",
        "A harvested outcome belongs to the call of its grant.",
        HarvestedOutcome,
        HarvestedOutcome.call_id,
        Award.call_id,
        (Award, Award.id == HarvestedOutcome.award_id),
    ),
    Invariant("one_in_five_drawn", "One text in five is read twice.", _block_without_one_drawn),
    Invariant("marked_in_turn", "Marks are of a reading that exists.", _marked_in_no_turn),
)
