"""The first page, the page of a call, and all its questions and criteria."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import render_template
from flask.typing import ResponseReturnValue

from forms.languages import LANGUAGES
from forms.localized import LocalizedText
from fundapp.call_file.definition import CallDefinition
from fundapp.call_file.readers import asked_questions
from fundapp.clock import utcnow
from fundapp.documents.entries import limit_words
from fundapp.lifecycles import CallStatus
from fundapp.models.call import Call
from fundapp.queries.call_notices import list_notices
from fundapp.queries.calls import current_version, definition_of, get_public_call, list_public_calls
from fundapp.queries.codesign import record_of
from fundapp.queries.public_results import calls_with_results
from fundapp.web.access import public
from fundapp.web.public.award_rules import award_rules, round_minimums
from fundapp.web.public.blueprint import bp
from fundapp.web.public.interruption import exit_explained
from fundapp.web.public.placed_points import points_by_part
from fundapp.web.public.words import Deadline, admission, next_deadline, odds, timetables
from fundapp.web.reader_words import shown_readers

bp.add_app_template_filter(round_minimums)

TO_COME = (CallStatus.PUBLISHED, CallStatus.OPEN)


@dataclass(frozen=True)
class ListedCall:
    call: Call
    definition: CallDefinition
    deadline: Deadline | None
    has_results: bool

    @property
    def is_to_come(self) -> bool:
        return self.call.status in TO_COME


@bp.get("/")
@public("which calls are open")
def home() -> ResponseReturnValue:
    calls = _listed(list_public_calls())
    return render_template(
        "public/home.html",
        to_come=[each for each in calls if each.is_to_come],
        others=[each for each in calls if not each.is_to_come],
        now=utcnow(),
    )


@bp.get("/calls/<code>")
@public("the rules of a call are readable before anybody starts")
@exit_explained
def call_page(code: str) -> ResponseReturnValue:
    (listed,) = _listed([get_public_call(code)])
    definition, now = listed.definition, utcnow()
    return render_template(
        "public/call.html",
        listed=listed,
        call=listed.call,
        definition=definition,
        admission=admission(definition),
        award_rules=award_rules(definition),
        rounds=timetables(definition, now),
        odds=odds(definition),
        points=points_by_part(record_of(listed.call, only_published=True)),
        notices=[(each, LocalizedText.of(each.text)) for each in list_notices(listed.call)],
        call_languages=[LANGUAGES[code] for code in definition.languages],
        now=now,
    )


@bp.get("/calls/<code>/questions")
@public("all questions and criteria are readable before anybody starts")
@exit_explained
def questions_page(code: str) -> ResponseReturnValue:
    call = get_public_call(code)
    definition = definition_of(current_version(call))
    return render_template(
        "public/questions.html",
        call=call,
        definition=definition,
        limit=limit_words,
        points=points_by_part(record_of(call, only_published=True)),
        readers={each.key: shown_readers(definition, each) for each in asked_questions(definition)},
    )


@bp.get("/calls/<code>/help")
@public("the help that a call offers is for everybody")
@exit_explained
def help_page(code: str) -> ResponseReturnValue:
    call = get_public_call(code)
    return render_template(
        "public/help.html",
        call=call,
        definition=definition_of(current_version(call)),
        points=points_by_part(record_of(call, only_published=True)),
    )


def _listed(calls: Sequence[Call]) -> list[ListedCall]:
    with_results = calls_with_results([call.id for call in calls])
    return [_one_listed(call, has_results=call.id in with_results) for call in calls]


def _one_listed(call: Call, *, has_results: bool) -> ListedCall:
    definition = definition_of(current_version(call))
    deadline = next_deadline(definition, utcnow()) if call.status in TO_COME else None
    return ListedCall(call, definition, deadline, has_results)
