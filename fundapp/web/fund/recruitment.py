"""The open seats of a panel, for those who run it: candidates, quotas, the draw, and who comes next."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from forms.base import BaseForm
from forms.i18n import _, current_language
from forms.pages.recruitment import (
    AnnounceForm,
    DrawForm,
    LeftForm,
    SeatGivenForm,
    quotas_form,
)
from fundapp.call_file.assessment import Seat, SeatQuota
from fundapp.call_file.definition import CallDefinition
from fundapp.clock import utcnow
from fundapp.db import unit_of_work
from fundapp.errors import FundError
from fundapp.lifecycles import CandidateStatus
from fundapp.models.call import Round
from fundapp.models.panel import SeatKind
from fundapp.models.recruitment import PanelCandidate, PanelDraw
from fundapp.permissions import Permission
from fundapp.queries.calls import current_version, definition_of
from fundapp.queries.panels import find_panel, get_round
from fundapp.queries.recruitment import (
    all_hold_their_seats,
    find_panel_draw,
    get_candidate,
    get_panel_draw,
    left_out,
    list_candidates,
    quotas_for,
    takes_offers,
)
from fundapp.services.clarifications import TextNeeded
from fundapp.services.panel_draws import (
    QuotasCannotHold,
    QuotasWrong,
    announce_draw,
    change_quotas,
    draw_panel,
    fix_pool,
    give_seat,
    leave_seat,
)
from fundapp.services.recruitment import (
    NotReachable,
    forget_candidates,
    offer,
    take_offer_back,
)
from fundapp.web.access import requires
from fundapp.web.binding import bind
from fundapp.web.errors import message_for
from fundapp.web.open_seats import new_candidate, offer_form_of
from fundapp.web.posted_save import posted_once
from fundapp.web.sessions import signed_in_user

bp = Blueprint("fund_recruitment", __name__)
PAGE = "/fund/rounds/<uuid:round_id>/panel/open-seats"
DRAW = f"{PAGE}/draws/<uuid:panel_draw_id>"
CANDIDATE = f"{PAGE}/candidates/<uuid:candidate_id>"


@bp.get(PAGE)
@requires(Permission.PANEL_RUN, round=get_round)
def page(round: Round) -> ResponseReturnValue:
    return _page(round)


@bp.post(f"{PAGE}/announce/<seat_kind>")
@requires(Permission.PANEL_RUN, round=get_round)
def announce(round: Round, seat_kind: str) -> ResponseReturnValue:
    kind, form = _kind(round, seat_kind), bind(AnnounceForm, prefix=_prefix(seat_kind))
    if not form.validate():
        return _page(round, form=form, status=422)
    actor, mixed_with = signed_in_user(), form["mixed_with"].data or ""
    return _take(round, lambda: announce_draw(round, kind, mixed_with=mixed_with, actor=actor, now=utcnow()))


@bp.route(f"{PAGE}/candidates", methods=["GET", "POST"])
@requires(Permission.PANEL_RUN, round=get_round)
def add_candidate(round: Round) -> ResponseReturnValue:
    """For somebody who offers themselves by phone, on paper or in person."""
    definition, refused = _definition(round), None
    form = offer_form_of(definition)
    if request.method == "POST" and form.validate():
        try:
            with unit_of_work():
                offer(
                    round,
                    new_candidate(form, definition, language=definition.languages[0]),
                    actor=signed_in_user(),
                    now=utcnow(),
                    once=posted_once(),
                )
            return redirect(url_for("fund_recruitment.page", round_id=round.id))
        except NotReachable as error:
            form.add_error("email", message_for(error) or "")
        except FundError as error:
            refused = error
    return _form_page(round, form, _("Somebody offers themselves"), refused)


@bp.post(f"{CANDIDATE}/remove")
@requires(Permission.PANEL_RUN, round=get_round, candidate=get_candidate)
def remove_candidate(round: Round, candidate: PanelCandidate) -> ResponseReturnValue:
    _same_round(candidate, round)
    return _take(round, lambda: take_offer_back(candidate, actor=signed_in_user(), now=utcnow()))


@bp.route(f"{CANDIDATE}/seat", methods=["GET", "POST"])
@requires(Permission.PANEL_RUN, round=get_round, candidate=get_candidate)
def seat(round: Round, candidate: PanelCandidate) -> ResponseReturnValue:
    """Somebody who was drawn says yes."""
    _same_round(candidate, round)
    panel, refused = find_panel(round), None
    form = bind(SeatGivenForm, data={"email": candidate.email})
    if panel is None:
        return _page(round, message=_("Set up the panel first."), status=409)
    if request.method == "POST" and form.validate():
        email, capacity = form["email"].data, form["capacity"].data
        try:
            with unit_of_work():
                give_seat(
                    candidate, panel, email=email, capacity=capacity, actor=signed_in_user(), now=utcnow()
                )
            return redirect(url_for("fund_recruitment.page", round_id=round.id))
        except FundError as error:
            refused = error
    return _form_page(round, form, _("Give the seat"), refused)


@bp.route(f"{DRAW}/quotas", methods=["GET", "POST"])
@requires(Permission.PANEL_RUN, round=get_round, panel_draw=get_panel_draw)
def quotas(round: Round, panel_draw: PanelDraw) -> ResponseReturnValue:
    _same_round(panel_draw, round)
    known, words = quotas_for(panel_draw), _words(_definition(round))
    rows = [
        (
            str(at),
            _("%(answer)s: at least", answer=words[quota.group, quota.value]),
            _("%(answer)s: at most", answer=words[quota.group, quota.value]),
        )
        for at, quota in enumerate(known)
    ]
    before = {f"least_{at}": quota.least for at, quota in enumerate(known)}
    before |= {f"most_{at}": quota.most for at, quota in enumerate(known)}
    form, refused = bind(quotas_form(rows), data={"reason": panel_draw.quotas_reason} | before), None
    if request.method == "POST" and form.validate():
        wanted = [
            SeatQuota(quota.group, quota.value, form[f"least_{at}"].data, form[f"most_{at}"].data)
            for at, quota in enumerate(known)
        ]
        try:
            with unit_of_work():
                reason = form["reason"].data
                change_quotas(panel_draw, wanted, reason=reason, actor=signed_in_user(), now=utcnow())
            return redirect(url_for("fund_recruitment.page", round_id=round.id))
        except QuotasWrong as error:
            form.add_error("reason", message_for(error) or "")
        except FundError as error:
            refused = error
    return _form_page(round, form, _("Change the quotas"), refused)


@bp.post(f"{DRAW}/fix")
@requires(Permission.PANEL_RUN, round=get_round, panel_draw=get_panel_draw)
def fix(round: Round, panel_draw: PanelDraw) -> ResponseReturnValue:
    _same_round(panel_draw, round)
    return _take(round, lambda: fix_pool(panel_draw, actor=signed_in_user(), now=utcnow()))


@bp.post(f"{DRAW}/draw")
@requires(Permission.PANEL_RUN, round=get_round, panel_draw=get_panel_draw)
def draw(round: Round, panel_draw: PanelDraw) -> ResponseReturnValue:
    _same_round(panel_draw, round)
    form, actor = bind(DrawForm, prefix=_prefix(panel_draw.kind)), signed_in_user()
    if form.validate() and panel_draw.mixed_with and not form["announced_value"].data:
        form.add_error("announced_value", _("Write the number that was announced."))
    if form.error_list():
        return _page(round, form=form, status=422)
    value = form["announced_value"].data or ""
    return _take(round, lambda: draw_panel(panel_draw, announced_value=value, actor=actor, now=utcnow()))


@bp.post(f"{DRAW}/next/<number>")
@requires(Permission.PANEL_RUN, round=get_round, panel_draw=get_panel_draw)
def next_one(round: Round, panel_draw: PanelDraw, number: str) -> ResponseReturnValue:
    """Said no, or cannot be reached: the next one is drawn."""
    _same_round(panel_draw, round)
    form, gives_way = bind(LeftForm, prefix=_prefix(number)), request.form.get("go") == "gives_way"
    if not form.validate():
        return _page(round, form=form, leaving=number, status=422)
    reason, actor = form["reason"].data or "", signed_in_user()
    try:
        with unit_of_work():
            leave_seat(panel_draw, number, gives_way=gives_way, reason=reason, actor=actor, now=utcnow())
    except TextNeeded as error:
        form.add_error("reason", message_for(error) or "")
        return _page(get_round(round.id), form=form, leaving=number, status=422)
    except FundError as error:
        return _page(get_round(round.id), refused=error, form=form, leaving=number, status=error.status)
    return redirect(url_for("fund_recruitment.page", round_id=round.id))


@bp.post(f"{DRAW}/complete")
@requires(Permission.PANEL_RUN, round=get_round, panel_draw=get_panel_draw)
def complete(round: Round, panel_draw: PanelDraw) -> ResponseReturnValue:
    _same_round(panel_draw, round)
    return _take(round, lambda: forget_candidates(panel_draw, actor=signed_in_user(), now=utcnow()))


def _take(round: Round, step: Callable[[], object]) -> ResponseReturnValue:
    try:
        with unit_of_work():
            step()
    except FundError as error:
        return _page(get_round(round.id), refused=error, status=error.status)
    return redirect(url_for("fund_recruitment.page", round_id=round.id))


def _page(
    round: Round,
    *,
    refused: FundError | None = None,
    message: str = "",
    form: BaseForm | None = None,
    leaving: str = "",
    status: int = 200,
) -> ResponseReturnValue:
    definition = _definition(round)
    sections = [_section(round, seat) for seat in definition.panel.drawn_seats]
    changes = refused.changes if isinstance(refused, QuotasCannotHold) else ()
    page = render_template(
        "fund/panels/open_seats.html",
        round=round,
        definition=definition,
        recruitment=definition.panel.recruitment,
        drawn=sections,
        words=_words(definition),
        takes_offers=takes_offers(definition, utcnow()),
        is_published=current_version(round.call).frozen_at is not None,
        announce_forms=_forms(definition, AnnounceForm, form),
        draw_forms=_forms(definition, DrawForm, form),
        left_forms=_left_forms(sections, form, leaving),
        leaving=leaving,
        changes=changes,
        refused=refused,
        message=message,
        page_title=_("Open seats and the draw"),
        page_errors=form.error_list() if form else [],
    )
    return page, status


def _forms(definition: CallDefinition, made_of: type[BaseForm], sent: BaseForm | None) -> dict[str, BaseForm]:
    """By seat; the one that was sent in its place."""
    forms = {seat.key: made_of(None, prefix=_prefix(seat.key)) for seat in definition.panel.drawn_seats}
    if isinstance(sent, made_of):
        forms |= {key: sent for key, form in forms.items() if next(iter(form)).name == next(iter(sent)).name}
    return forms


def _left_forms(sections: Sequence[Section], sent: BaseForm | None, leaving: str) -> dict[str, BaseForm]:
    """By number on a panel; the one that was sent in its place. Nobody is replaced while all hold seats."""
    forms: dict[str, BaseForm] = {}
    for section in sections:
        draw, seated = section.draw, CandidateStatus.SEATED
        if draw is None or draw.forgotten_at is not None:
            continue
        is_held = all_hold_their_seats(draw)
        for number in draw.panel:
            person = section.by_number.get(number)
            if person is None or person.status is not seated or not is_held:
                forms[number] = LeftForm(None, prefix=_prefix(number))
    if isinstance(sent, LeftForm) and leaving in forms:
        forms[leaving] = sent
    return forms


def _prefix(key: str) -> str:
    return f"{key}-"


class Section(NamedTuple):
    """One drawn kind of seat on the page."""

    seat: Seat
    draw: PanelDraw | None
    candidates: Sequence[PanelCandidate]
    by_number: Mapping[str, PanelCandidate]
    left_out: frozenset[str]


def _section(round: Round, seat: Seat) -> Section:
    kind = SeatKind(seat.key)
    draw, candidates = find_panel_draw(round.id, kind), list_candidates(round, kind)
    by_number = {each.number: each for each in candidates}
    return Section(seat, draw, candidates, by_number, left_out(draw, candidates))


def _form_page(
    round: Round, form: BaseForm, title: str, refused: FundError | None = None
) -> ResponseReturnValue:
    page = render_template(
        "fund/panels/open_seats_form.html",
        round=round,
        form=form,
        refused=refused,
        page_title=title,
        page_errors=form.error_list(),
    )
    return page, refused.status if refused else 422 if form.error_list() else 200


def _words(definition: CallDefinition) -> dict[tuple[str, str], str]:
    """Of each answer that people can choose."""
    language, recruitment = current_language().code, definition.panel.recruitment
    return {
        (group.key, choice.key): choice.label.in_language(language)
        for group in (recruitment.groups if recruitment else ())
        for choice in group.choices
    }


def _definition(round: Round) -> CallDefinition:
    return definition_of(current_version(round.call))


def _kind(round: Round, seat_kind: str) -> SeatKind:
    if seat_kind not in {seat.key for seat in _definition(round).panel.drawn_seats}:
        abort(404)
    return SeatKind(seat_kind)


def _same_round(thing: PanelCandidate | PanelDraw, round: Round) -> None:
    if thing.round_id != round.id:
        abort(404)
