"""The what-if board of a round: scenarios side by side, and how sure each place is."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from forms.i18n import _
from forms.pages.what_if import WhatIfForm, what_if_form
from fundapp.clock import utcnow
from fundapp.db import unit_of_work
from fundapp.models.call import Round
from fundapp.models.scenario import Scenario
from fundapp.permissions import Permission
from fundapp.queries.awards import Board, get_board
from fundapp.queries.calls import get_round
from fundapp.queries.certainty import certainty_of
from fundapp.queries.what_if import (
    Changes,
    Claims,
    basis_of,
    compare,
    get_scenario,
    list_readers,
    list_scenarios,
)
from fundapp.services.scenarios import NameTaken, TooManyScenarios, drop_scenario, keep_scenario
from fundapp.web.access import requires
from fundapp.web.binding import bind
from fundapp.web.templating import show_text

bp = Blueprint("fund_what_if", __name__)


@bp.get("/fund/rounds/<uuid:round_id>/what-if")
@requires(Permission.DECISION_MAKE, round=get_round)
def what_if_page(round: Round) -> ResponseReturnValue:
    board = get_board(round, reader=current_user)
    return _page(board, bind(_form(board)))


@bp.post("/fund/rounds/<uuid:round_id>/what-if")
@requires(Permission.DECISION_MAKE, round=get_round)
def keep(round: Round) -> ResponseReturnValue:
    board = get_board(round, reader=current_user)
    form = bind(_form(board))
    keys = [one.key for one in board.definition.assessment.criteria]
    if not (form.validate() and form.check_weights(keys) and form.check_group()):
        return _page(board, form, status=422)
    try:
        with unit_of_work():
            keep_scenario(round, form["name"].data, _changes(form, keys), actor=current_user, now=utcnow())
    except NameTaken:
        form.add_error("name", _("There is a what-if with this name already. Write another name."))
        return _page(get_board(get_round(round.id), reader=current_user), form, status=409)
    except TooManyScenarios:
        form.add_error("name", _("There is room for four. Take one away first."))
        return _page(get_board(get_round(round.id), reader=current_user), form, status=409)
    return redirect(url_for(".what_if_page", round_id=board.round.id), 303)


@bp.post("/fund/scenarios/<uuid:scenario_id>/drop")
@requires(Permission.DECISION_MAKE, scenario=get_scenario)
def drop(scenario: Scenario) -> ResponseReturnValue:
    round_id = scenario.round_id
    with unit_of_work():
        drop_scenario(scenario, actor=current_user, now=utcnow())
    return redirect(url_for(".what_if_page", round_id=round_id), 303)


@bp.get("/fund/rounds/<uuid:round_id>/certainty")
@requires(Permission.DECISION_MAKE, round=get_round)
def certainty(round: Round) -> ResponseReturnValue:
    """How often each application is on the list when scores move within what the readers differ."""
    board = get_board(round, reader=current_user)
    found = {} if board.ratification else certainty_of(basis_of(board))
    return render_template("fund/awards/certainty.html", board=board, round=round, found=found)


def _form(board: Board) -> type[WhatIfForm]:
    criteria = {
        one.key: _("%(key)s, now %(weight)s", key=show_text(one.title), weight=one.weight)
        for one in board.definition.assessment.criteria
    }
    readers = [
        (str(seat.id), _("Reader %(number)s", number=number))
        for number, seat in enumerate(list_readers(board.round), start=1)
    ]
    groups = [
        (str(line.application.id), line.application.organisation.name)
        for line in board.lines
        if line.is_undecided
    ]
    return what_if_form(criteria, readers, groups)


def _changes(form: WhatIfForm, keys: list[str]) -> Changes:
    claims = Claims(form["claims"].data or Claims.AS_THEY_ARE)
    return Changes(
        money=form["money"].data,
        cut_line=form["cut_line"].data,
        least_percent=form["least_percent"].data,
        weights=form.weights(keys),
        without_seat=UUID(form["without_seat"].data) if form["without_seat"].data else None,
        claims=claims,
        not_met=UUID(form["not_met"].data) if claims is Claims.ONE_NOT_MET else None,
    )


def _page(board: Board, form: WhatIfForm, *, status: int = 200) -> ResponseReturnValue:
    found = () if board.ratification else compare(basis_of(board), list_scenarios(board.round))
    page = render_template(
        "fund/awards/what_if.html",
        board=board,
        round=board.round,
        definition=board.definition,
        found=found,
        form=form,
        page_errors=form.error_list(),
    )
    return page, status
