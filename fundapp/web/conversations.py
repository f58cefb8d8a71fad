"""A planned conversation as a form: the same for the group and for staff who type for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from flask import request
from flask_login import current_user

from forms.answers import JsonAnswer
from forms.base import BaseForm
from forms.builder import answers_to_keep
from forms.definition import Question
from forms.i18n import _
from forms.pages.grants import check_in_form
from fundapp.call_file.definition import CallDefinition
from fundapp.call_file.monitoring import PlannedCheckIn
from fundapp.clock import utcnow
from fundapp.db import unit_of_work
from fundapp.errors import NotPossibleNow
from fundapp.lifecycles import TALKS_TO_COME
from fundapp.models.monitoring import CheckIn, Marker, MarkerLevel, MarkerReading
from fundapp.queries.calls import definition_of
from fundapp.queries.check_ins import list_readings, minutes_asked
from fundapp.queries.grants import list_markers
from fundapp.services.check_ins import NothingTold, hold_check_in
from fundapp.services.stories import share_story
from fundapp.web.binding import bind
from fundapp.web.paths import INTERFACE_LANGUAGES
from fundapp.working_days import working_days_between


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
    asked_in: str  # the language of the call's own words; the pages may not be in it
    other_languages: tuple[str, ...]
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
    def days_to_go(self) -> int:
        """Working days until the fund has promised its reply."""
        today = utcnow().astimezone(self.definition.zone).date()
        due = self.check_in.reply_due_on
        return working_days_between(today, due) if due else 0

    @property
    def reply_is_late(self) -> bool:
        due = self.check_in.reply_due_on
        return due is not None and due < utcnow().astimezone(self.definition.zone).date()

    @property
    def waits_for_group(self) -> bool:
        """The fund typed it, and the group has not said whether it is right."""
        return self.check_in.typed_by_fund and self.check_in.confirmed_at is None and not self.is_open

    @property
    def is_open(self) -> bool:
        return self.check_in.status in TALKS_TO_COME and not self.check_in.is_over

    @classmethod
    def of(cls, check_in: CheckIn, language: str) -> Conversation:
        """`?in=` asks for the call's own words in another of its languages."""
        definition = definition_of(check_in.award.application.call_version)
        asked_in = next((each for each in definition.languages if each == request.args.get("in")), language)
        planned = definition.check_in(check_in.kind)
        if asked_in != language:
            planned = replace(planned, title=planned.title.only(asked_in), what=planned.what.only(asked_in))
        markers = list(list_markers(check_in.award))
        return cls(
            check_in,
            definition,
            planned,
            markers,
            list(list_readings(check_in)),
            minutes_asked(check_in.award),
            _form(definition, markers, asked_in, language),
            asked_in,
            tuple(each for each in definition.languages if each not in INTERFACE_LANGUAGES),
        )


def _form(definition: CallDefinition, markers: Sequence[Marker], asked_in: str, language: str) -> BaseForm:
    rules = definition.monitoring
    questions = rules.questions
    if asked_in != language:
        questions = tuple(_only(question, asked_in) for question in questions)
    words = {_field_of(marker): marker.words for marker in markers}
    form_class = check_in_form(questions, words, rules.marker_levels, rules.domains, asked_in)
    return bind(form_class, data={"answer_language": asked_in})


def _field_of(marker: Marker) -> str:
    """The same on every page, whatever markers are named or dropped meanwhile."""
    return f"marker_{marker.id.hex}"


def _only(question: Question, language: str) -> Question:
    return replace(
        question,
        label=question.label.only(language),
        why_we_ask=question.why_we_ask.only(language),
        help_text=question.help_text.only(language) if question.help_text else None,
    )


def hold_conversation(conversation: Conversation, *, by_fund: bool = False) -> bool:
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
                link=form["link"].data or "",
                typed_by_fund=by_fund,
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
    chosen = {marker.id: conversation.form[_field_of(marker)].data for marker in conversation.markers}
    return {marker_id: MarkerLevel(level) for marker_id, level in chosen.items() if level}
