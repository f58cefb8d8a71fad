"""Proposing another wording, weight or amount, beside what stands there today."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from flask import redirect, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from forms.i18n import _, current_language
from forms.pages.take_part import ProposeForm, propose_form
from fundapp.call_file.codesign import ReferenceKind, Topic
from fundapp.call_file.edit import Content
from fundapp.call_file.proposable import Proposable, ValueKind, as_value, find_proposable, proposables
from fundapp.clock import utcnow
from fundapp.db import unit_of_work
from fundapp.errors import StaleVersion
from fundapp.queries.call_drafts import working_content
from fundapp.queries.codesign import Part, parts_of
from fundapp.services import voices as service
from fundapp.services.voices import Change, LinkOver, NothingProposed
from fundapp.web.access import public
from fundapp.web.binding import bind
from fundapp.web.kept_text import kept_fields
from fundapp.web.posted_save import posted_once
from fundapp.web.public.blueprint import bp
from fundapp.web.public.guests import Guest, by_link, over
from fundapp.web.public.interruption import exit_explained
from fundapp.web.public.take_part import REASON, page_for, words_in
from fundapp.web.public.words import WORDS_OF_PART

SEND = "send"
TOPIC_OF_KIND = {
    ReferenceKind.QUESTION: Topic.FORM,
    ReferenceKind.CRITERION: Topic.DECISION,
    ReferenceKind.SEAT: Topic.DECISION,
    ReferenceKind.STRAND: Topic.WHO_CAN_APPLY,
    ReferenceKind.CHECK_IN: Topic.REPORTING,
    ReferenceKind.SUPPORT: Topic.SUPPORT,
}
CHANGED_MEANWHILE = _(
    "This has changed since you opened the page. Look at what stands there now, and send again."
)
NOTHING_NEW = _("This is what stands there today. Change it, or go back and say something instead.")


@dataclass(frozen=True)
class Changeable:
    part: Part
    kind: str
    things: tuple[Proposable, ...]


@bp.get("/calls/<code>/take-part/<token>/change")
@public(REASON)
@exit_explained
@by_link
def take_part_parts(guest: Guest) -> ResponseReturnValue:
    content = working_content(guest.call)
    parts: dict[str, list[Changeable]] = {}
    for part in parts_of(guest.definition):
        if things := tuple(proposables(content, part.reference)):
            kind = str(WORDS_OF_PART[part.kind])
            parts.setdefault(kind, []).append(Changeable(part, kind, things))
    return page_for("take_part/parts.html", guest, parts=parts)


@bp.route("/calls/<code>/take-part/<token>/change/<reference>/<field>", methods=["GET", "POST"])
@public(REASON)
@exit_explained
@by_link
def take_part_propose(guest: Guest, reference: str, field: str) -> ResponseReturnValue:
    """First a look at both, side by side; then it is sent."""
    thing = _thing(working_content(guest.call), reference, field)
    language = guest.writes_in if thing.kind is ValueKind.TEXT else None
    form = bind(propose_form(thing.kind.value), data=_beginning(thing, language))
    is_valid = request.method == "POST" and form.validate()
    if is_valid and request.form.get("go") == SEND:
        try:
            with unit_of_work():
                point = service.propose(
                    guest.link,
                    words_in(form, guest, _topic(reference), reference),
                    Change(
                        reference,
                        field,
                        language,
                        _value(thing, form),
                        request.form.get("seen_text", "")[:64],
                    ),
                    now=utcnow(),
                    once=posted_once(),
                )
            return redirect(guest.url("take_part_point", point_id=point.id, kept="yes"))
        except LinkOver:
            return over(guest.link, kept=kept_fields())
        except StaleVersion:
            form.add_error("value", CHANGED_MEANWHILE)
        except NothingProposed:
            form.add_error("value", NOTHING_NEW)
    labels = {part.reference: part.label for part in parts_of(guest.definition)}
    page = page_for(
        "take_part/propose.html",
        guest,
        form=form,
        thing=thing,
        label=labels.get(reference),
        written_in=language,
        is_looked_at=is_valid and not form.errors,
        proposed=_value(thing, form) if is_valid else None,
        seen=thing.digest(language),
    )
    return page, 422 if request.method == "POST" and form.errors else 200


def _thing(content: Content, reference: str, field: str) -> Proposable:
    thing = find_proposable(content, reference, field)
    if thing is None:
        raise NotFound
    return thing


def _beginning(thing: Proposable, language: str | None) -> dict[str, object]:
    today: object = thing.in_language(language)
    if thing.kind is ValueKind.MONEY:
        try:
            amount = Decimal(str(today))
        except InvalidOperation:
            amount = Decimal("NaN")
        today = amount if amount.is_finite() else None  # what the fund has typed may not be an amount yet
    return {"value": today, "language": current_language().code, "showing": "own_words"}


def _value(thing: Proposable, form: ProposeForm) -> object:
    return as_value(thing.kind, form.value.data)


def _topic(reference: str) -> Topic:
    return TOPIC_OF_KIND.get(ReferenceKind(reference.partition(":")[0]), Topic.MONEY)
