"""What each member does before reading, and the training that the secretary writes down."""

from __future__ import annotations

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from forms.base import BaseForm
from forms.i18n import _, current_language
from forms.pages.training import training_form
from fundapp.clock import utcnow
from fundapp.db import unit_of_work
from fundapp.errors import FundError
from fundapp.models.panel import Panel, PanelSeat
from fundapp.models.training import PanelTraining
from fundapp.permissions import Permission
from fundapp.queries.calls import current_version, definition_of
from fundapp.queries.panels import get_panel
from fundapp.queries.preparations import preparations_of
from fundapp.queries.training import get_training, topics_of
from fundapp.services.training import TrainingDayAhead, record_training, take_training_back
from fundapp.web.access import requires
from fundapp.web.binding import bind
from fundapp.web.errors import message_for
from fundapp.web.sessions import signed_in_user

bp = Blueprint("fund_training", __name__)
TRAINING = "/fund/panels/<uuid:panel_id>/training"


@bp.route(TRAINING, methods=["GET", "POST"])
@requires(Permission.PANEL_RUN, panel=get_panel)
def training(panel: Panel) -> ResponseReturnValue:
    form, refused = _form(panel), None
    if request.method == "POST" and form.validate():
        try:
            with unit_of_work():
                record_training(
                    panel,
                    [seat for seat in panel.seats if str(seat.id) in form["members_there"].data],
                    [int(topic) for topic in form["topics_taken"].data],
                    form["taken_on"].data,
                    actor=signed_in_user(),
                    now=utcnow(),
                )
            return redirect(url_for("fund_training.training", panel_id=panel.id))
        except TrainingDayAhead as error:
            form.add_error("taken_on", message_for(error) or "")
        except FundError as error:
            refused = error
    rules = definition_of(current_version(panel.call)).panel
    page = render_template(
        "fund/panels/training.html",
        panel=panel,
        form=form,
        topics=list(zip(topics_of(rules), rules.training.topics, strict=True)),
        prepared=preparations_of(panel, rules),
        refused=refused,
        page_title=_("Before reading"),
        page_errors=form.error_list(),
    )
    return page, refused.status if refused else 422 if form.error_list() else 200


@bp.post(f"{TRAINING}/<uuid:training_id>/remove")
@requires(Permission.PANEL_RUN, panel=get_panel, training=get_training)
def remove_training(panel: Panel, training: PanelTraining) -> ResponseReturnValue:
    if training.seat.panel_id != panel.id:
        abort(404)
    with unit_of_work():
        take_training_back(training, actor=signed_in_user(), now=utcnow())
    return redirect(url_for("fund_training.training", panel_id=panel.id))


def _form(panel: Panel) -> BaseForm:
    rules, language = definition_of(current_version(panel.call)).panel, current_language().code
    topics = [
        (str(topic), text.in_language(language))
        for topic, text in zip(topics_of(rules), rules.training.topics, strict=True)
    ]
    return bind(training_form([(str(seat.id), _name(seat)) for seat in panel.seats], topics))


def _name(seat: PanelSeat) -> Markup:
    return Markup("<bdi>{}</bdi>").format(seat.user.shown_name)
