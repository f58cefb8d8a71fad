"""A planned conversation as a form: the same for the group and for staff who type for it."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from flask_login import current_user

from forms.answers import JsonAnswer
from forms.base import BaseForm
from forms.builder import answers_to_keep
from forms.i18n import _
from forms.pages.grants import check_in_form
from fundapp.call_file.definition import CallDefinition
from fundapp.call_file.monitoring import PlannedCheckIn
from fundapp.clock import utcnow
from fundapp.db import unit_of_work
from fundapp.errors import NotPossibleNow
from fundapp.lifecycles import CheckInStatus
from fundapp.models.monitoring import CheckIn, Marker, MarkerLevel, MarkerReading
from fundapp.queries.calls import definition_of
from fundapp.queries.check_ins import list_readings, minutes_asked
from fundapp.queries.grants import list_markers
from fundapp.services.check_ins import NothingTold, hold_check_in
from fundapp.services.stories import share_story
from fundapp.web.binding import bind

OPEN = (CheckInStatus.PLANNED, CheckInStatus.OFFERED, CheckInStatus.MISSED_REARRANGED)


@dataclass
class Conversation:
    """Everything the page of one conversation shows."""

    check_in: CheckIn
    definition: CallDefinition
    planned: PlannedCheckIn
    markers: list[Marker]
    readings: list[tuple[Marker, MarkerReading]]
    minutes_so_far: int
    form: BaseForm
    is_late: bool = False  # something was posted, but this conversation has been sent already

    @property
    def http_status(self) -> int:
        return 409 if self.is_late else 422 if self.form.errors else 200

    @property
    def typed(self) -> list[str]:
        """The texts that were posted, to keep where they cannot be stored any more."""
        questions = self.definition.monitoring.questions
        return [text for question in questions if (text := self.form[question.key].data)]

    @property
    def is_open(self) -> bool:
        return self.check_in.status in OPEN

    @classmethod
    def of(cls, check_in: CheckIn, language: str) -> Conversation:
        definition = definition_of(check_in.award.application.call_version)
        rules = definition.monitoring
        markers = list(list_markers(check_in.award))
        form_class = check_in_form(
            rules.questions,
            [marker.words for marker in markers],
            rules.marker_levels,
            rules.domains,
            language,
        )
        return cls(
            check_in,
            definition,
            definition.check_in(check_in.kind),
            markers,
            list(list_readings(check_in)),
            minutes_asked(check_in.award),
            bind(form_class, data={"answer_language": language}),
        )


def hold_conversation(conversation: Conversation) -> bool:
    """Store what was posted. False when something on the form is to be mended first, or it comes too late."""
    form, check_in = conversation.form, conversation.check_in
    if not conversation.is_open:
        conversation.is_late = True
        return False
    if not form.validate():
        return False
    questions = conversation.definition.monitoring.questions
    kept = answers_to_keep(form)
    answers: dict[str, JsonAnswer] = {question.key: kept.get(question.key) for question in questions}
    language, now = form["answer_language"].data, utcnow()
    try:
        with unit_of_work():
            hold_check_in(
                check_in,
                answers=answers,
                language=language,
                minutes=form["minutes"].data,
                levels=_levels(conversation),
                actor=current_user,
                now=now,
            )
            if story := answers.get(questions[0].key):
                share_story(
                    check_in.award,
                    str(story),
                    domain=form["domain"].data if "domain" in form else None,
                    language=language,
                    check_in=check_in,
                    actor=current_user,
                    now=now,
                )
    except NothingTold:
        form.add_error(questions[0].key, _("Tell us at least one thing, in any words."))
        return False
    except NotPossibleNow:
        conversation.is_late = True
        return False
    return True


def _levels(conversation: Conversation) -> dict[UUID, MarkerLevel]:
    chosen = {
        marker.id: conversation.form[f"marker_{number}"].data
        for number, marker in enumerate(conversation.markers)
    }
    return {marker_id: MarkerLevel(level) for marker_id, level in chosen.items() if level}
