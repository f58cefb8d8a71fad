"""The panel is chosen in the open: its seats, offering oneself, the draw, and a candidate's own page."""

from __future__ import annotations

import hashlib
import hmac

from flask import current_app, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from forms.i18n import current_language
from fundapp.clock import utcnow
from fundapp.db import unit_of_work
from fundapp.errors import FundError, TooManyTries
from fundapp.lifecycles import CandidateStatus
from fundapp.models.panel import SeatKind
from fundapp.models.recruitment import PanelCandidate
from fundapp.panel_draw_file.parts import fixed_from_data
from fundapp.queries.calls import current_version, definition_of, get_public_call
from fundapp.queries.recruitment import (
    find_candidate,
    find_panel_draw,
    left_out,
    list_panel_draws,
    public_file,
    recruiting_round,
    takes_offers,
)
from fundapp.services.panel_draws import refuse_seat
from fundapp.services.recruitment import (
    OFFERS,
    NotReachable,
    accept_seat,
    candidate_id_of,
    candidate_ticket,
    offer,
    take_offer_back,
)
from fundapp.services.tries import count_try
from fundapp.web.access import public
from fundapp.web.binding import is_posted
from fundapp.web.errors import message_for
from fundapp.web.open_seats import new_candidate, offer_form_of
from fundapp.web.posted_save import posted_once
from fundapp.web.public.blueprint import bp
from fundapp.web.public.interruption import exit_explained

PANEL = "/calls/<code>/panel"


@bp.get(PANEL)
@public("who decides, and how they are found, is for everybody")
@exit_explained
def panel_page(code: str) -> ResponseReturnValue:
    call = get_public_call(code)
    definition, now = definition_of(current_version(call)), utcnow()
    return render_template(
        "public/panel.html",
        call=call,
        definition=definition,
        rules=definition.panel,
        takes_offers=takes_offers(definition, now) and recruiting_round(call, now) is not None,
        draws=list_panel_draws(call),
    )


@bp.get(f"{PANEL}/draw")
@public("anybody can check how the panel was drawn")
@exit_explained
def panel_draw_page(code: str) -> ResponseReturnValue:
    call = get_public_call(code)
    definition = definition_of(current_version(call))
    return render_template(
        "public/panel_draw.html",
        call=call,
        definition=definition,
        draws=[(draw, chances_of(draw.fixed)) for draw in list_panel_draws(call)],
    )


@bp.get(f"{PANEL}/draw/<round_code>-<seat_kind>.json")
@public("anybody can do the draw again")
def panel_draw_file(code: str, round_code: str, seat_kind: str) -> ResponseReturnValue:
    call = get_public_call(code)
    round_ = next((each for each in call.rounds if each.code == round_code), None)
    if round_ is None or seat_kind not in set(SeatKind):
        raise NotFound
    draw = find_panel_draw(round_.id, SeatKind(seat_kind))
    if draw is None or draw.fixed is None:
        raise NotFound
    return jsonify(public_file(draw, call))


@bp.route(f"{PANEL}/offer", methods=["GET", "POST"])
@public("people offer themselves without an account")
@exit_explained
def offer_seat(code: str) -> ResponseReturnValue:
    call = get_public_call(code)
    definition, now = definition_of(current_version(call)), utcnow()
    round_ = recruiting_round(call, now)
    form, refused = offer_form_of(definition), None
    is_open = round_ is not None and takes_offers(definition, now)
    if is_posted() and round_ is not None and form.validate():
        try:
            with unit_of_work():
                count_try(OFFERS, _network(), now=now)
                candidate = offer(
                    round_,
                    new_candidate(form, definition, language=current_language().code),
                    actor=None,
                    now=now,
                    once=posted_once(),
                )
                ticket = candidate_ticket(candidate, _secret())
            return redirect(url_for("public.candidate", candidate_ticket=ticket))
        except NotReachable as error:
            form.add_error("email", message_for(error) or "")
        except TooManyTries:
            raise
        except FundError as error:
            refused = error
    page = render_template(
        "public/panel_offer.html",
        call=call,
        definition=definition,
        form=form,
        is_open=is_open,
        refused=refused,
        page_errors=form.error_list(),
    )
    return page, refused.status if refused else 422 if form.error_list() else 200


@bp.route("/your-number/<candidate_ticket>", methods=["GET", "POST"])
@public("opened with a link that only the candidate has")
def candidate(candidate_ticket: str) -> ResponseReturnValue:
    """Their number, yes or no, and taking everything back. The address stands in a mail: it says nothing."""
    found, refused = _candidate(candidate_ticket), None
    if is_posted() and found is not None:
        try:
            with unit_of_work():
                _answer(found, request.form.get("go", ""))
            return redirect(url_for("public.candidate", candidate_ticket=candidate_ticket))
        except FundError as error:
            refused = error
            found = _candidate(candidate_ticket)
    page = render_template(
        "public/panel_candidate.html",
        candidate=found,
        definition=definition_of(current_version(found.round.call)) if found else None,
        is_left_out=found is not None and _is_left_out(found),
        refused=refused,
    )
    return page, refused.status if refused else 200


def _answer(found: PanelCandidate, go: str) -> None:
    if go == "yes":
        accept_seat(found, actor=None, now=utcnow())
    elif go == "no" and found.status is CandidateStatus.OFFERED:
        take_offer_back(found, actor=None, now=utcnow())
    elif go == "no":
        refuse_seat(found, now=utcnow())


def chances_of(fixed: dict[str, object] | None) -> list[tuple[dict[str, str], int, float]]:
    """Each kind of people: what they chose in groups with quotas, how many they are, the chance of each."""
    if fixed is None:
        return []
    lottery = fixed_from_data(fixed)
    chances, with_quotas = lottery.lottery.chances, {quota.feature for quota in lottery.quotas}
    return [
        (
            {group: value for group, value in lottery.pool[people[0]].items() if group in with_quotas},
            len(people),
            float(chances[people[0]]),
        )
        for people in lottery.lottery.kinds
    ]


def _is_left_out(found: PanelCandidate) -> bool:
    """Of a list that is fixed."""
    draw = find_panel_draw(found.round_id, found.kind)
    return draw is not None and draw.fixed is not None and found.number in left_out(draw, [found])


def _candidate(ticket: str) -> PanelCandidate | None:
    """None once it is deleted. Raises NotFound for what we have not written ourselves."""
    candidate_id = candidate_id_of(ticket, _secret())
    if candidate_id is None:
        raise NotFound
    return find_candidate(candidate_id)


def _network() -> str:
    """Keyed, so that the counts in the database name nobody."""
    return hmac.new(_secret().encode(), f"network:{request.remote_addr}".encode(), hashlib.sha256).hexdigest()


def _secret() -> str:
    return str(current_app.config["SECRET_KEY"])
