"""What groups said before the rules were fixed, and what was done about it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from flask import abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from forms.i18n import current_language
from forms.localized import LocalizedText
from fundapp.call_file.codesign import CodesignRecord, PlannedSession, ReferenceKind, SessionKind, Topic
from fundapp.call_file.definition import CallDefinition
from fundapp.clock import utcnow
from fundapp.lifecycles import BEING_BUILT
from fundapp.models.call import Call
from fundapp.queries.calls import current_version, definition_of
from fundapp.queries.codesign import by_number, get_call_in_codesign, parts_of, record_of
from fundapp.queries.voices import find_left_open
from fundapp.web.access import public
from fundapp.web.public.blueprint import bp
from fundapp.web.public.interruption import exit_explained
from fundapp.web.public.placed_points import PER_PAGE, PlacedPoint, part_of, place_points, points_by_part
from fundapp.web.public.words import PAGE_OF_PART, WORDS_OF_PART, anchor
from fundapp.web.sheet_file import sheet_file

DECISIONS_PER_PAGE = 20
COLUMNS = (
    *("key", "decided_on", "decided_by", "answer", "reason", "what_changed", "changed", "next_review"),
    *("said", "said_by", "said_in", "in_their_own_words", "topic", "session"),
)


@dataclass(frozen=True)
class LinkedPart:
    kind: str
    label: LocalizedText
    url: str | None


@dataclass(frozen=True)
class Shaped:
    """A call with its published record, for every page about it."""

    call: Call
    definition: CallDefinition
    record: CodesignRecord
    today: date
    placed: list[PlacedPoint] = field(default_factory=list)

    @property
    def is_public(self) -> bool:
        """Links lead nowhere while the rules are not public yet."""
        return self.call.status not in BEING_BUILT

    @cached_property
    def parts(self) -> dict[str, LinkedPart]:
        return {
            part.reference: LinkedPart(
                WORDS_OF_PART[part.kind],
                part.label,
                self._url(part.kind, part.reference) if self.is_public else None,
            )
            for part in parts_of(self.definition)
        }

    def _url(self, kind: ReferenceKind, reference: str) -> str | None:
        if kind is ReferenceKind.CHECK and reference in self._not_asked:
            return None
        endpoint = PAGE_OF_PART.get(kind, "public.call_page")
        return url_for(endpoint, code=self.call.code, _anchor=anchor(reference))

    @cached_property
    def _not_asked(self) -> set[str]:
        return {f"check:{check.key}" for check in self.definition.awards.checks if not check.is_on}

    @property
    def decisions(self) -> list[PlacedPoint]:
        """In the order in which they were made."""
        return sorted(self.placed, key=lambda each: (each.point.decided_on, by_number(each.point.key)))

    @property
    def sessions_held(self) -> list[PlannedSession]:
        return [each for each in self.record.sessions if each.ends_on < self.today or each.is_counted]

    @property
    def sessions_to_come(self) -> list[PlannedSession]:
        return [each for each in self.record.sessions if each not in self.sessions_held]

    @property
    def open_in_writing(self) -> list[PlannedSession]:
        is_writing = SessionKind.WRITING
        return [s for s in self.record.sessions if s.way is is_writing and s.day <= self.today <= s.ends_on]

    @property
    def to_review(self) -> list[PlacedPoint]:
        """What the fund promised to look at again, the first day first."""
        promised = [each for each in self.placed if each.point.next_review is not None]
        return sorted(promised, key=lambda each: each.point.next_review or date.max)


def _shaped(code: str) -> Shaped:
    call = get_call_in_codesign(code)
    definition = definition_of(current_version(call))
    record = record_of(call, only_published=True)
    today = utcnow().astimezone(definition.zone).date()
    return Shaped(call, definition, record, today, place_points(record))


@bp.get("/calls/<code>/co-design")
@public("what was said and done is for everybody, as soon as co-design begins")
@exit_explained
def codesign_page(code: str) -> ResponseReturnValue:
    shaped = _shaped(code)
    answers = {
        topic: Counter(p.point.response for p in shaped.placed if p.point.topic is topic) for topic in Topic
    }
    return render_template(
        "public/codesign.html",
        shaped=shaped,
        unanswered=find_left_open(shaped.call),
        texts=LocalizedText,
        answers={topic: counts for topic, counts in answers.items() if counts},
    )


@bp.get("/calls/<code>/co-design/topics/<topic>")
@public("what was said and done is for everybody, as soon as co-design begins")
@exit_explained
def topic_page(code: str, topic: str) -> ResponseReturnValue:
    shaped = _shaped(code)
    points = [placed for placed in shaped.placed if placed.point.topic == topic]
    if not points:
        abort(404)
    shown = part_of(points, request.args.get("page", ""), PER_PAGE)
    return render_template(
        "public/codesign_topic.html",
        shaped=shaped,
        definition=shaped.definition,
        topic=Topic(topic),
        shown=shown,
    )


@bp.get("/calls/<code>/co-design/behind/<changed_part>")
@public("who asked for a rule is for everybody")
@exit_explained
def behind_page(code: str, changed_part: str) -> ResponseReturnValue:
    shaped = _shaped(code)
    if changed_part not in shaped.parts:
        abort(404)
    points = points_by_part(shaped.record).get(changed_part, [])
    shown = part_of(points, request.args.get("page", ""), PER_PAGE)
    return render_template(
        "public/codesign_behind.html",
        shaped=shaped,
        definition=shaped.definition,
        reference=changed_part,
        shown=shown,
    )


@bp.get("/calls/<code>/co-design/decisions")
@public("every answer with who gave it and why is for everybody")
@exit_explained
def decisions_page(code: str) -> ResponseReturnValue:
    shaped = _shaped(code)
    shown = part_of(shaped.decisions, request.args.get("page", ""), DECISIONS_PER_PAGE)
    return render_template(
        "public/codesign_decisions.html", shaped=shaped, definition=shaped.definition, shown=shown
    )


@bp.get("/calls/<code>/co-design/decisions.csv")
@public("the same as the page of the decisions, for spreadsheets")
def decisions_file(code: str) -> ResponseReturnValue:
    shaped = _shaped(code)
    rows = (_row(placed) for placed in shaped.decisions)
    return sheet_file(f"decisions-{shaped.call.code}.csv", COLUMNS, rows)


def _row(placed: PlacedPoint) -> Iterator[object]:
    """Texts in the language of the page; the point also as it was said."""
    here, point = current_language().code, placed.point
    yield from (point.key, point.decided_on, point.decided_by.in_language(here), point.response.value)
    yield from (point.reason.in_language(here), point.what_changed and point.what_changed.in_language(here))
    yield from (" ".join(point.changed), point.next_review)
    yield from (point.said.in_language(here), point.said_by.in_language(here))
    yield from (point.said_in, point.said.find(point.said_in or ""), point.topic.value, point.session)
