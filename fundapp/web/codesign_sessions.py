"""Sessions of co-design: planned, held, and counted. Adds its pages to codesign."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from flask import request
from flask.typing import ResponseReturnValue

from forms.i18n import current_language
from forms.localized import LocalizedText
from forms.pages.codesign import starting_texts
from forms.pages.codesign_sessions import SessionForm, session_form
from fundapp.call_file.codesign import (
    BoroughCount,
    Deciding,
    DecisionRule,
    Fee,
    FeeKind,
    PlannedSession,
    SessionKind,
    Specialism,
)
from fundapp.clock import utcnow
from fundapp.db import unit_of_work
from fundapp.errors import StaleVersion
from fundapp.models.call import Call
from fundapp.models.codesign import CodesignSession
from fundapp.permissions import Permission
from fundapp.queries.calls import get_call
from fundapp.queries.codesign import digest_of_session, get_session, session_of
from fundapp.services import codesign as service
from fundapp.services.codesign import DoesNotFit
from fundapp.web.access import requires
from fundapp.web.binding import bind, sent_digest
from fundapp.web.codesign import bp, definition_in, explain, form_page, to_record
from fundapp.web.posted_save import posted_once
from fundapp.web.sessions import signed_in_user


@bp.route("/fund/calls/<uuid:call_id>/co-design/new-session", methods=["GET", "POST"])
@requires(Permission.CODESIGN_ANSWER, call=get_call)
def add_session(call: Call) -> ResponseReturnValue:
    form = bind(_session_form(call))
    if request.method == "POST" and form.validate():
        try:
            with unit_of_work():
                new = _session(form, call, "new")
                service.add_session(call, new, actor=signed_in_user(), now=utcnow(), once=posted_once())
            return to_record(call)
        except DoesNotFit as refused:
            explain(form, refused)
    return form_page("codesign/session.html", form, call, row=None, fee_kinds=list(FeeKind))


@bp.route("/fund/co-design-sessions/<uuid:session_id>", methods=["GET", "POST"])
@requires(Permission.CODESIGN_ANSWER, session=get_session)
def change_session(session: CodesignSession) -> ResponseReturnValue:
    known = session_of(session)
    form = bind(_session_form(session.call), data=_starting_session(known))
    if request.method == "POST" and form.validate():
        try:
            with unit_of_work():
                changed = _session(form, session.call, session.key, known)
                service.change_session(
                    session, changed, actor=signed_in_user(), now=utcnow(), seen=sent_digest()
                )
            return to_record(session.call)
        except DoesNotFit as refused:
            explain(form, refused)
        except StaleVersion:
            fresh = get_session(session.id)
            stored, digest = session_of(fresh), digest_of_session(fresh)
            return _page(form, fresh, digest, stored=stored, is_late=True)[0], 409
    return _page(form, session, sent_digest() or digest_of_session(session))


def _page(form: SessionForm, row: CodesignSession, digest: str, **context: object) -> tuple[str, int]:
    return form_page(
        "codesign/session.html",
        form,
        row.call,
        row=row,
        seen=digest,
        fee_kinds=list(FeeKind),
        **context,
    )


def _session_form(call: Call) -> type[SessionForm]:
    definition = definition_in(call)
    return session_form(definition.languages, definition.boroughs)


def _starting_session(known: PlannedSession) -> dict[str, object]:
    texts = starting_texts({"title": known.title, "place": known.place, "run_by": known.run_by})
    here = current_language().code
    fees: dict[str, object] = {}
    for fee in known.fees:
        fees |= {f"fee_{fee.kind}_people": fee.people, f"fee_{fee.kind}_total": fee.total}
    return (
        texts
        | fees
        | {
            "day": known.day,
            "last_day": known.last_day,
            "kind": known.way.value,
            "organisations": known.organisations,
            "people": known.people,
            "child_care": known.child_care,
            "pay": known.pay,
            "spoken": known.languages,
            "interpreters": known.interpreters,
            "boroughs": known.boroughs,
            "groups_from": "\n".join(f"{each.name}: {each.number}" for each in known.groups_from),
            "specialisms": "\n".join(
                f"{each.label.in_language(here)}: {each.number}" for each in known.specialisms
            ),
            "rule": known.deciding.rule.value if known.deciding else None,
            "at_least": known.deciding.at_least if known.deciding else None,
        }
    )


def _session(form: SessionForm, call: Call, key: str, known: PlannedSession | None = None) -> PlannedSession:
    return PlannedSession(
        key=key,
        title=form.needed_text("title"),
        day=form.day.data,
        languages=tuple(form.spoken.data),
        run_by=form.needed_text("run_by"),
        organisations=form.organisations.data,
        people=form.people.data,
        kind=_kind(form),
        last_day=form.last_day.data,
        place=form.text("place"),
        child_care=form.child_care.data,
        interpreters=tuple(form.interpreters.data),
        pay=form.pay.data or None,
        fees=tuple(_fees(form)),
        boroughs=tuple(form.boroughs.data),
        groups_from=tuple(BoroughCount(name, number) for name, number in form.borough_counts()),
        specialisms=_specialisms(form, call, known.specialisms if known else ()),
        deciding=Deciding(DecisionRule(form.rule.data), form.at_least.data or 1) if form.rule.data else None,
    )


def _kind(form: SessionForm) -> SessionKind | None:
    """Not written down where it follows from the place."""
    if not form.kind.data:
        return None
    follows = SessionKind.ROOM if form.text("place") else SessionKind.ONLINE
    return None if form.kind.data == follows else SessionKind(form.kind.data)


def _fees(form: SessionForm) -> Iterator[Fee]:
    for kind in FeeKind:
        people, total = form.fee_of(kind)
        if people:
            yield Fee(kind, people, total or None)


def _specialisms(form: SessionForm, call: Call, known: Sequence[Specialism]) -> tuple[Specialism, ...]:
    """Lines in the language of the page; a line that was there keeps its other languages."""
    languages = definition_in(call).languages
    here = current_language().code
    there = {each.label.in_language(here): each.label for each in known}
    written_in = here if here in languages else languages[0]
    return tuple(
        Specialism(there.get(what) or LocalizedText.of({written_in: what}), number)
        for what, number in form.specialism_counts()
    )
