"""What a round cost groups: estimated, promised and measured, once everybody has been told.

Before that nobody sees it, so that no reader marks a group by its pains. Drop-off is one chain: each figure
says how many groups got at least so far, from the first draft to the last sending.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager

from forms.burden import minutes_for_question
from forms.definition import Question, Stage
from fundapp.call_file.definition import CallDefinition
from fundapp.call_file.minutes import minutes_by_stage
from fundapp.db import db
from fundapp.lifecycles import BEING_BUILT
from fundapp.models.application import Answer, Application, ApplicationStage
from fundapp.models.award import Award, Ratification
from fundapp.models.call import Call, Round
from fundapp.models.tally import QUESTION_MINUTES, QuestionTally
from fundapp.queries.calls import current_version, definition_of
from fundapp.queries.open_data import AWARDED
from fundapp.queries.suppression import published
from fundapp.queries.tallies import MANY_ENOUGH, Middle, ToldUs, list_told, middle_of


@dataclass(frozen=True)
class QuestionCost:
    """`measured`: half of the groups needed at most so many minutes. `reached`: got at least here."""

    question: Question
    estimated: int
    measured: Middle | None
    reached: int | None


@dataclass(frozen=True)
class StageCost:
    """In minutes; None where five groups or fewer would be seen."""

    stage: Stage
    promised: int
    estimated: int
    told: Middle | None  # what groups said afterwards, all people together
    begun: int | None
    sent: int | None
    questions: tuple[QuestionCost, ...]


@dataclass(frozen=True)
class RoundCost:
    round: Round
    definition: CallDefinition
    stages: tuple[StageCost, ...]


def find_last_round(call: Call) -> Round | None:
    """The newest round whose groups have all been told: of this call, otherwise of the same fund."""
    query = (
        sa.select(Round)
        .join(Round.call)
        .join(Ratification, Ratification.round_id == Round.id)
        .where(
            Call.fund_id == call.fund_id,
            Call.status.not_in(BEING_BUILT),
            Ratification.released_at.is_not(None),
        )
        .order_by(sa.case((Call.id == call.id, 0), else_=1), Ratification.released_at.desc(), Round.code)
        .options(contains_eager(Round.call).joinedload(Call.versions))
        .limit(1)
    )
    return db.session.execute(query).unique().scalar_one_or_none()


def cost_of_round(round_: Round, language: str) -> RoundCost:
    definition = definition_of(current_version(round_.call))
    medians, told = _medians(round_.id), {each.stage.value: each for each in list_told(round_.id)}
    reached = iter(_chain(definition, round_.id))
    stages = tuple(
        _stage_cost(
            definition, stage, language, medians, told, [next(reached) for _ in _steps(definition, stage)]
        )
        for stage in Stage
    )
    return RoundCost(round_, definition, stages)


def _stage_cost(
    definition: CallDefinition,
    stage: Stage,
    language: str,
    medians: Mapping[str, Middle],
    told: Mapping[str, ToldUs],
    reached: Sequence[int | None],
) -> StageCost:
    planned = next(each for each in minutes_by_stage(definition) if each.stage is stage)
    begun, *between, sent = reached
    return StageCost(
        stage,
        planned.budget,
        planned.by_language.get(language, planned.minutes),
        told[stage.value].minutes,
        begun,
        sent,
        tuple(
            QuestionCost(
                question, minutes_for_question(question, language), medians.get(question.key), number
            )
            for question, number in zip(definition.form.questions(stage), between, strict=True)
        ),
    )


def _medians(round_id: UUID) -> dict[str, Middle]:
    """Of the questions that more than five groups let us count."""
    rows = db.session.execute(
        sa.select(QuestionTally.question_key, QuestionTally.minutes, QuestionTally.number).where(
            QuestionTally.round_id == round_id
        )
    )
    counts: dict[str, dict[str, int]] = {}
    for key, minutes, number in rows:
        counts.setdefault(key, {})[str(minutes)] = number
    enough = {key: each for key, each in counts.items() if sum(each.values()) > MANY_ENOUGH}
    return {key: found for key, each in enough.items() if (found := middle_of(each, QUESTION_MINUTES))}


def _steps(definition: CallDefinition, stage: Stage) -> list[str]:
    """Begun, each question, sent."""
    return ["", *(question.key for question in definition.form.questions(stage)), ""]


def _chain(definition: CallDefinition, round_id: UUID) -> list[int | None]:
    """How many groups got at least so far, over both stages."""
    steps = {stage: _steps(definition, stage) for stage in Stage}
    offset = len(steps[Stage.EOI])
    last = offset + len(steps[Stage.FULL]) - 1
    far, grants = [0] * (last + 1), 0  # whoever knows the grants, and how many sent, knows who got none
    for group in _groups(definition, round_id):
        keys, start = (steps[Stage.FULL], offset) if group.is_full else (steps[Stage.EOI], 0)
        places = [keys.index(key) for key in group.answered if key in keys]
        end = start + (len(keys) - 1 if group.was_sent else max(places, default=0))
        for place in range(end + 1):
            far[place] += 1
        grants += group.has_grant
    return published(far, first=(last, offset - 1, 0, offset), known=(grants,))


@dataclass
class _Group:
    is_full: bool
    was_sent: bool
    answered: list[str]
    has_grant: bool  # as open data counts them


def _groups(definition: CallDefinition, round_id: UUID) -> Iterable[_Group]:
    """With the answers of drafts that were never sent; a copied text counts once the group changed it."""
    copied = {question.key for question in definition.form.questions() if question.copied_from}
    of_a_draft = sa.and_(Answer.application_id == Application.id, Application.submitted_at.is_(None))
    rows = db.session.execute(
        sa.select(
            Application.id,
            Application.stage,
            Application.submitted_at,
            Award.id,
            Answer.question_key,
            Answer.rev,
        )
        .outerjoin(Answer, of_a_draft)
        .outerjoin(Award, sa.and_(Award.application_id == Application.id, Award.status.in_(AWARDED)))
        .where(Application.round_id == round_id)
        .order_by(Application.id, Answer.question_key)
    )
    found: dict[UUID, _Group] = {}
    for application_id, stage, submitted_at, award_id, key, rev in rows:
        new = _Group(stage is ApplicationStage.FULL, submitted_at is not None, [], award_id is not None)
        group = found.setdefault(application_id, new)
        if key is not None and (key not in copied or rev > 1):
            group.answered.append(key)
    return found.values()
