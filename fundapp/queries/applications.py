"""Reading applications with what their pages show."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import defer, joinedload, selectinload

from forms.answers import AnswerValue, JsonAnswer, NotAnAnswer, from_json
from fundapp.call_file.definition import CallDefinition
from fundapp.db import db
from fundapp.models.answer_media import AnswerMedia
from fundapp.models.application import Answer, Application, Clarification
from fundapp.models.call import CallVersion, Round
from fundapp.models.organisation import MemberRight, Organisation, OrganisationMember
from fundapp.models.user import User
from fundapp.queries.calls import definition_of

# Where a text comes from and what was recorded is needed wherever answers are; it comes in their query.
ANSWER_PARTS = (joinedload(Answer.origins), joinedload(Answer.media).joinedload(AnswerMedia.file))
RECORDED = "recorded"

# The content of a version is large and nearly always parsed already: `definition_of` loads it when it must.
_WHOLE = (
    joinedload(Application.call),
    joinedload(Application.round),
    joinedload(Application.organisation),
    joinedload(Application.call_version).options(defer(CallVersion.content)),
    selectinload(Application.answers).options(*ANSWER_PARTS),
)


def get_application(application_id: UUID) -> Application:
    """With call, round, version, organisation and answers. Raises NoResultFound."""
    query = sa.select(Application).where(Application.id == application_id).options(*_WHOLE)
    return db.session.execute(query).scalar_one()


def find_application(round_: Round, organisation: Organisation) -> Application | None:
    """The one application this group has in the round."""
    query = sa.select(Application).where(
        Application.round_id == round_.id, Application.organisation_id == organisation.id
    )
    return db.session.execute(query.options(*_WHOLE)).scalar_one_or_none()


def list_groups_of(user: User, *rights: MemberRight) -> Sequence[Organisation]:
    """The groups for which this person has one of the rights, by name."""
    query = (
        sa.select(Organisation)
        .join(OrganisationMember, OrganisationMember.organisation_id == Organisation.id)
        .where(OrganisationMember.user_id == user.id, OrganisationMember.right.in_(rights))
        .order_by(Organisation.name, Organisation.id)
    )
    return db.session.execute(query).scalars().all()


def list_members_to_tell(application: Application) -> Sequence[User]:
    """Everybody who may write for the group: they hear what happens to the application."""
    query = (
        sa.select(User)
        .join(OrganisationMember, OrganisationMember.user_id == User.id)
        .where(
            OrganisationMember.organisation_id == application.organisation_id,
            OrganisationMember.right.in_((MemberRight.EDIT, MemberRight.SUBMIT)),
        )
        .order_by(User.email)
    )
    return db.session.execute(query).scalars().all()


def list_clarifications(application: Application) -> Sequence[Clarification]:
    """Questions back to the group, oldest first."""
    query = (
        sa.select(Clarification)
        .where(Clarification.application_id == application.id)
        .order_by(Clarification.created_at, Clarification.id)
    )
    return db.session.execute(query).scalars().all()


def get_clarification(clarification_id: UUID) -> Clarification:
    """Raises NoResultFound."""
    query = sa.select(Clarification).where(Clarification.id == clarification_id)
    return db.session.execute(query.options(joinedload(Clarification.application))).scalar_one()


def definition_for(application: Application) -> CallDefinition:
    """The rules and questions this application answers."""
    return definition_of(application.call_version)


def answers_of(application: Application) -> dict[str, JsonAnswer]:
    return {answer.question_key: answer.value for answer in application.answers}


def typed_eligibility(definition: CallDefinition, answers: object) -> dict[str, AnswerValue]:
    """Answers of the check as values; what is unknown or does not fit its question is left out."""
    typed: dict[str, AnswerValue] = {}
    given = answers if isinstance(answers, dict) else {}
    for item in definition.eligibility:
        try:
            value = from_json(item.question, given.get(item.key))
        except NotAnAnswer:
            continue
        if value is not None:
            typed[item.key] = value
    return typed


def facts_for(application: Application) -> dict[str, object]:
    """What conditions of questions may look at besides texts: the check, and which answers are recorded."""
    recorded = dict.fromkeys(recorded_keys(application), RECORDED)
    return {**typed_eligibility(definition_for(application), application.eligibility_answers), **recorded}


def recorded_keys(application: Application) -> set[str]:
    """The questions that a recording answers."""
    return {answer.question_key for answer in application.answers if answer.recordings}


def find_told_before(application: Application, carries: str) -> Answer | None:
    """The group's newest answer in an earlier application to a question that carries the same."""
    query = (
        sa.select(Application)
        .where(
            Application.organisation_id == application.organisation_id,
            Application.id != application.id,
        )
        .options(*_WHOLE)
        .order_by(Application.created_at.desc(), Application.id)
    )
    for earlier in db.session.execute(query).scalars():
        keys = {each.key for each in definition_for(earlier).form.questions() if each.carries == carries}
        for answer in earlier.answers:
            if answer.question_key in keys and answer.value:
                return answer
    return None
