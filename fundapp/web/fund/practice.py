"""The practice round of a panel: its dates, its samples, who has marked them, and what was agreed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from forms.base import BaseForm
from forms.i18n import _, current_language
from forms.pages.practice import PracticeDatesForm, agreed_form, sample_form
from fundapp.call_file.assessment import Criterion
from fundapp.clock import utcnow
from fundapp.db import unit_of_work
from fundapp.errors import FundError, StaleVersion
from fundapp.lifecycles import PanelAct
from fundapp.models.panel import Panel
from fundapp.permissions import Permission
from fundapp.queries.calls import current_version, definition_of
from fundapp.queries.panel_phases import allows
from fundapp.queries.panels import get_panel
from fundapp.queries.practice import (
    agreed_levels,
    digest_of_levels,
    list_practice_sheets,
    list_samples,
    spread_of,
)
from fundapp.services.practice import (
    MOST_SAMPLES,
    NewSample,
    PracticeDatesWrong,
    add_sample,
    agree_levels,
    plan_practice,
)
from fundapp.web.access import requires
from fundapp.web.binding import bind, sent_digest
from fundapp.web.errors import message_for
from fundapp.web.posted_save import posted_once
from fundapp.web.sessions import signed_in_user

bp = Blueprint("fund_practice", __name__)
PRACTICE = "/fund/panels/<uuid:panel_id>/practice"


@bp.route(PRACTICE, methods=["GET", "POST"])
@requires(Permission.PANEL_RUN, panel=get_panel)
def practice(panel: Panel) -> ResponseReturnValue:
    zone = definition_of(current_version(panel.call)).zone
    form = bind(PracticeDatesForm, data=_days(panel))
    refused = None
    if request.method == "POST" and form.validate():
        first, last = form["first_day"].data, form["last_day"].data
        try:
            with unit_of_work():
                plan_practice(
                    panel,
                    opens_at=datetime.combine(first, time(), zone).astimezone(UTC),
                    closes_at=datetime.combine(last + timedelta(days=1), time(), zone).astimezone(UTC),
                    actor=signed_in_user(),
                    now=utcnow(),
                )
            return redirect(url_for("fund_practice.practice", panel_id=panel.id))
        except PracticeDatesWrong as error:
            form.add_error("last_day", message_for(error) or "")
        except FundError as error:
            refused = error
    samples, sheets = list_samples(panel), list_practice_sheets(panel)
    page = render_template(
        "fund/panels/practice.html",
        panel=panel,
        form=form,
        samples=samples,
        may_add=len(samples) < MOST_SAMPLES and allows(panel, PanelAct.PLAN_PRACTICE, utcnow()),
        may_plan=allows(panel, PanelAct.PLAN_PRACTICE, utcnow()),
        may_agree=allows(panel, PanelAct.AGREE_LEVELS, utcnow()),
        locked={key: sum(sheet.locked_at is not None for sheet in found) for key, found in sheets.items()},
        spreads={key: spread_of(found) for key, found in sheets.items()},
        agreed=agreed_levels(panel.id),
        definition=definition_of(current_version(panel.call)),
        refused=refused,
        page_title=_("Practice round"),
        page_errors=form.error_list(),
    )
    return page, refused.status if refused else 422 if form.error_list() else 200


@bp.route(f"{PRACTICE}/samples", methods=["GET", "POST"])
@requires(Permission.PANEL_RUN, panel=get_panel)
def sample(panel: Panel) -> ResponseReturnValue:
    criteria = definition_of(current_version(panel.call)).assessment.criteria
    language = current_language().code
    form = bind(sample_form([(each.key, each.title.in_language(language)) for each in criteria]))

    def keep() -> None:
        texts = {each.key: form[f"text_{each.key}"].data for each in criteria}
        new = NewSample(form["sample_title"].data, texts)
        add_sample(panel, new, actor=signed_in_user(), now=utcnow(), once=posted_once())

    return _form_page(panel, form, keep, _("A sample to practise with"), _("Add the sample"))


@bp.route(f"{PRACTICE}/levels/<criterion_key>", methods=["GET", "POST"])
@requires(Permission.PANEL_RUN, panel=get_panel)
def levels(panel: Panel, criterion_key: str) -> ResponseReturnValue:
    assessment = definition_of(current_version(panel.call)).assessment
    criterion = next((each for each in assessment.criteria if each.key == criterion_key), None)
    if criterion is None:
        abort(404)
    known = agreed_levels(panel.id).get(criterion_key, {})
    form = bind(
        agreed_form(assessment.scale.levels), data={f"level_{level}": text for level, text in known.items()}
    )

    def keep() -> None:
        texts = {level: form[f"level_{level}"].data for level in assessment.scale.levels}
        seen = sent_digest()
        agree_levels(panel, criterion_key, texts, actor=signed_in_user(), now=utcnow(), seen=seen)

    title = criterion.title.in_language(current_language().code)
    return _form_page(panel, form, keep, title, _("Save what was agreed"), criterion=criterion)


def _form_page(
    panel: Panel,
    form: BaseForm,
    keep: Callable[[], None],
    title: str,
    press: str,
    *,
    criterion: Criterion | None = None,
) -> ResponseReturnValue:
    refused = None
    if request.method == "POST" and form.validate():
        try:
            with unit_of_work():
                keep()
            return redirect(url_for("fund_practice.practice", panel_id=panel.id))
        except FundError as error:
            refused = error
    known = agreed_levels(panel.id).get(criterion.key, {}) if criterion else {}
    is_late = isinstance(refused, StaleVersion)
    page = render_template(
        "fund/panels/practice_form.html",
        panel=panel,
        form=form,
        press=press,
        criterion=criterion,
        known=known,
        seen=digest_of_levels(known) if is_late else sent_digest() or digest_of_levels(known),
        refused=refused,
        is_late=is_late,
        page_title=title,
        page_errors=form.error_list(),
    )
    return page, refused.status if refused else 422 if form.errors else 200


def _days(panel: Panel) -> dict[str, object]:
    if panel.practice_opens_at is None or panel.practice_closes_at is None:
        return {}
    zone = definition_of(current_version(panel.call)).zone
    last = panel.practice_closes_at.astimezone(zone) - timedelta(seconds=1)
    return {"first_day": panel.practice_opens_at.astimezone(zone).date(), "last_day": last.date()}
