"""A member's ballot: yes to some, or pounds for each. Only the member sees it until it is counted."""

from __future__ import annotations

from decimal import Decimal
from uuid import UUID

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from forms.base import BaseForm
from forms.i18n import _
from forms.money import money_in_text
from forms.pages.vote import approvals_form, pounds_form
from fundapp.call_file.definition import CallDefinition
from fundapp.clock import utcnow
from fundapp.db import unit_of_work
from fundapp.errors import FundError
from fundapp.models.panel import Panel, PanelSeat
from fundapp.models.vote import PanelVote
from fundapp.permissions import Permission
from fundapp.queries.calls import current_version, definition_of
from fundapp.queries.panels import get_panel, get_seat_of
from fundapp.queries.votes import Paper, counted_for, list_votes, may_vote, paper_of
from fundapp.services.votes import MoreThanThereIs, give_ballot
from fundapp.web.access import requires
from fundapp.web.binding import bind
from fundapp.web.panel.blueprint import bp
from fundapp.web.sessions import signed_in_user
from fundapp.web.templating import in_own_direction
from fundapp.web.vote_words import counted_words


@bp.get("/panels/<uuid:panel_id>/vote")
@requires(Permission.PANEL_OPEN, panel=get_panel)
def vote(panel: Panel) -> ResponseReturnValue:
    return _vote_page(panel, _seat(panel))


@bp.post("/panels/<uuid:panel_id>/vote")
@requires(Permission.PANEL_OPEN, panel=get_panel)
def give(panel: Panel) -> ResponseReturnValue:
    """In place of an earlier ballot; nothing typed is lost when it is refused."""
    seat, definition = _seat(panel), _definition(panel)
    current = _last(panel)
    if current is None or not current.is_open or not may_vote(seat, definition.panel):
        return _vote_page(panel, seat, status=409)
    paper = paper_of(current, seat, definition, reader=signed_in_user())
    form = bind(_form(paper, definition))
    if not form.validate():
        return _vote_page(panel, seat, form=form, status=422)
    try:
        with unit_of_work():
            give_ballot(current, _choices(form, paper, definition), actor=signed_in_user(), now=utcnow())
    except MoreThanThereIs:
        pot = money_in_text(definition.round(panel.round.code).amount)
        message = _("Together this is more than the %(pot)s of this round. Give less to some.", pot=pot)
        form.add_error(f"pounds_{paper.rows[0].application.id.hex}", message)
        return _vote_page(panel, seat, form=form, status=422)
    except FundError as refused:
        return _vote_page(panel, seat, refused=refused, status=refused.status)
    return redirect(url_for(".vote", panel_id=panel.id))


def _vote_page(
    panel: Panel,
    seat: PanelSeat,
    *,
    form: BaseForm | None = None,
    refused: FundError | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    definition, current, reader = _definition(panel), _last(panel), signed_in_user()
    votes = may_vote(seat, definition.panel)
    paper = None
    if current is not None and current.is_open and votes:
        paper = paper_of(current, seat, definition, reader=reader)
        form = form or _form(paper, definition)(None, data=_known(paper))
    is_counted = current is not None and not current.is_open
    page = render_template(
        "panel/vote.html",
        panel=panel,
        definition=definition,
        current=current,
        paper=paper,
        form=form,
        hints={str(row.application.id): _asked(row.asked) for row in paper.rows} if paper else {},
        counted=counted_for(current, reader=reader) if current and is_counted else (),
        in_pounds=definition.assessment.decides_by.in_pounds,
        counted_words=counted_words,
        may_vote=votes,
        pot=definition.round(panel.round.code).amount,
        refused=refused,
        was_posted=request.method == "POST",
        page_errors=form.error_list() if form else [],
    )
    return page, status


def _seat(panel: Panel) -> PanelSeat:
    """No name before the member's ties are declared."""
    seat = get_seat_of(panel, signed_in_user())
    if seat.conflicts_declared_at is None:
        abort(404)
    return seat


def _last(panel: Panel) -> PanelVote | None:
    votes = list_votes(panel)
    return votes[-1] if votes else None


def _definition(panel: Panel) -> CallDefinition:
    return definition_of(current_version(panel.call))


def _asked(amount: Decimal) -> str:
    return _("Asks for %(amount)s", amount=money_in_text(amount))


def _form(paper: Paper, definition: CallDefinition) -> type[BaseForm]:
    if definition.assessment.decides_by.in_pounds:
        return pounds_form(
            [(row.application.id.hex, row.application.organisation.name, row.asked) for row in paper.rows]
        )
    return approvals_form(
        [(str(row.application.id), in_own_direction(row.application.organisation.name)) for row in paper.rows]
    )


def _known(paper: Paper) -> dict[str, object]:
    return {
        "chosen": [str(row.application.id) for row in paper.rows if row.is_chosen],
        **{f"pounds_{row.application.id.hex}": row.amount for row in paper.rows},
    }


def _choices(form: BaseForm, paper: Paper, definition: CallDefinition) -> dict[UUID, Decimal | None]:
    if not definition.assessment.decides_by.in_pounds:
        return {UUID(key): None for key in form["chosen"].data}
    amounts = {row.application.id: form[f"pounds_{row.application.id.hex}"].data for row in paper.rows}
    return {key: amount for key, amount in amounts.items() if amount}
