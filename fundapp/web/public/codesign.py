"""What groups said before the rules were fixed, and what was done about it."""

from __future__ import annotations

from dataclasses import dataclass

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from forms.localized import LocalizedText
from fundapp.call_file.codesign import Point, ReferenceKind, Topic
from fundapp.call_file.definition import CallDefinition
from fundapp.models.call import Call
from fundapp.queries.calls import HIDDEN, current_version, definition_of
from fundapp.queries.codesign import get_call_in_codesign, parts_of, record_of
from fundapp.queries.voices import find_left_open
from fundapp.web.access import public
from fundapp.web.public.blueprint import bp
from fundapp.web.public.interruption import exit_explained
from fundapp.web.public.words import PAGE_OF_PART, WORDS_OF_PART, anchor


@dataclass(frozen=True)
class LinkedPart:
    kind: str
    label: LocalizedText
    url: str | None


@bp.get("/calls/<code>/co-design")
@public("what was said and done is for everybody, as soon as co-design begins")
@exit_explained
def codesign_page(code: str) -> ResponseReturnValue:
    call = get_call_in_codesign(code)
    definition = definition_of(current_version(call))
    record = record_of(call, only_published=True)
    by_topic: dict[Topic, list[Point]] = {topic: [] for topic in Topic}
    for point in record.points:
        by_topic[point.topic].append(point)
    return render_template(
        "public/codesign.html",
        call=call,
        definition=definition,
        record=record,
        by_topic={topic: points for topic, points in by_topic.items() if points},
        parts=_linked_parts(call, definition),
        is_public=call.status not in HIDDEN,
        unanswered=find_left_open(call),
        texts=LocalizedText,
    )


def _linked_parts(call: Call, definition: CallDefinition) -> dict[str, LinkedPart]:
    """Links lead nowhere while the rules are not public yet."""
    return {
        part.reference: LinkedPart(
            WORDS_OF_PART[part.kind],
            part.label,
            None if call.status in HIDDEN else _url(call, part.kind, part.reference),
        )
        for part in parts_of(definition)
    }


def _url(call: Call, kind: ReferenceKind, reference: str) -> str:
    endpoint = PAGE_OF_PART.get(kind, "public.call_page")
    return url_for(endpoint, code=call.code, _anchor=anchor(reference))
