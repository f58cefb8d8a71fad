"""An award from the reserve list, when money is free again; pages of the awards board."""

from __future__ import annotations

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from forms.pages.awards import ReserveAwardForm
from fundapp.clock import utcnow
from fundapp.db import unit_of_work
from fundapp.models.application import Application
from fundapp.permissions import Permission
from fundapp.queries.awards import get_board, get_panel_application
from fundapp.queries.calls import get_round
from fundapp.queries.proposals import amount_limits
from fundapp.services.decisions import AmountOutside
from fundapp.services.reserves import ExcludedByOther, MoneyIsGone, award_from_reserve
from fundapp.web.access import requires
from fundapp.web.binding import bind
from fundapp.web.fund.awards import board_page, bp, to_board


@bp.post("/fund/applications/<uuid:application_id>/award-from-reserve")
@requires(Permission.DECISION_MAKE, application=get_panel_application)
def award_reserve(application: Application) -> ResponseReturnValue:
    application_id, round_id = application.id, application.round_id
    form = bind(ReserveAwardForm)
    try:
        if form.validate():
            with unit_of_work():
                award_from_reserve(application, amount=form.amount.data, actor=current_user, now=utcnow())
            return to_board(round_id, application_id)
    except AmountOutside as error:
        form.refuse_amount(error.lowest, error.highest)
    except (MoneyIsGone, ExcludedByOther) as error:
        return board_page(get_round(round_id), refused=error, status=error.status)
    return _reserve_page(get_panel_application(application_id), form, status=422)


@bp.get("/fund/applications/<uuid:application_id>/award-from-reserve")
@requires(Permission.DECISION_MAKE, application=get_panel_application)
def reserve_page(application: Application) -> ResponseReturnValue:
    return _reserve_page(application, ReserveAwardForm(None))


def _reserve_page(
    application: Application, form: ReserveAwardForm, *, status: int = 200
) -> ResponseReturnValue:
    found = get_board(application.round, reader=current_user)
    line = found.line_of(application.id)
    if line is None:
        return redirect(url_for("fund_applications.application_page", application_id=application.id))
    limits = amount_limits(application, found.definition)
    page = render_template(
        "fund/awards/reserve.html",
        board=found,
        line=line,
        definition=found.definition,
        form=form,
        limits=limits,
    )
    return page, status
