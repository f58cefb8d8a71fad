"""A group sees what its grant is for and until when, moves money between lines, and asks for more."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from forms.i18n import _, current_language
from forms.pages.grant_plans import LinesForm, MoreTimeForm, lines_form
from fundapp.call_file.definition import CallDefinition
from fundapp.clock import utcnow
from fundapp.db import unit_of_work
from fundapp.errors import FundError
from fundapp.lifecycles import RUNNING_GRANTS
from fundapp.models.award import Award
from fundapp.models.grant_plan import MovedDays, Variation
from fundapp.permissions import Permission, can
from fundapp.queries.calls import definition_of
from fundapp.queries.grant_plans import get_variation, list_variations, list_versions, plan_of
from fundapp.queries.grants import get_released_award
from fundapp.services.grant_plans import (
    ChangeNeedsReason,
    EndNotLater,
    NeedsAgreement,
    NothingChanged,
    ask_for_time,
    change_lines,
    take_back_variation,
)
from fundapp.services.grant_versions import SumDiffers
from fundapp.web.access import requires
from fundapp.web.binding import bind, is_posted
from fundapp.web.sessions import signed_in_user
from fundapp.web.templating import in_own_direction

bp = Blueprint("grant_plans", __name__)
UNPROCESSABLE = 422


@bp.get("/awards/<uuid:award_id>/plan")
@requires(Permission.AWARD_VIEW, award=get_released_award)
def page(award: Award) -> ResponseReturnValue:
    definition = definition_of(award.application.call_version)
    may_sign = can(current_user, Permission.AWARD_ACCEPT, award)
    return render_template(
        "awards/plan.html",
        award=award,
        definition=definition,
        plan=plan_of(award, definition),
        versions=list_versions(award),
        variations=list_variations(award),
        may_sign=may_sign,
        may_change=may_sign and award.status in RUNNING_GRANTS,
    )


@bp.route("/awards/<uuid:award_id>/plan/lines", methods=["GET", "POST"])
@requires(Permission.AWARD_ACCEPT, award=get_released_award)
def lines(award: Award) -> ResponseReturnValue:
    definition = definition_of(award.application.call_version)
    plan = plan_of(award, definition)
    form_class = lines_form(
        [(line.number, in_own_direction(line.name) if line.name else "", line.amount) for line in plan.shown]
    )
    form = bind(form_class, data={"answer_language": current_language().code})
    if not is_posted():
        return _lines_page(award, definition, form)
    if not form.validate():
        return _lines_page(award, definition, form, status=UNPROCESSABLE)
    award_id, total = award.id, award.amount
    try:
        with unit_of_work():
            change_lines(
                award,
                form.amounts(),
                new_lines=[(row.what, row.amount) for row in form["new"].data],
                words=form["words"].data or "",
                language=form["answer_language"].data,
                seen=request.form.get("version", 0, type=int),
                is_asked="ask" in request.form,
                actor=signed_in_user(),
                now=utcnow(),
            )
        return redirect(url_for(".page", award_id=award_id), 303)
    except SumDiffers as error:
        form.does_not_add_up(error.missing, total)
    except NothingChanged:
        first = next(field.name for field in form)
        form.add_error(first, _("These are the amounts that stand now. Change at least two lines."))
    except ChangeNeedsReason:
        form.add_error("words", _("Write one sentence or more. Write in any language."))
        return _lines_page(get_released_award(award_id), definition, form, asks=True, status=UNPROCESSABLE)
    except NeedsAgreement:
        return _lines_page(get_released_award(award_id), definition, form, asks=True, status=UNPROCESSABLE)
    except FundError as error:
        page_award = get_released_award(award_id)
        return _lines_page(page_award, definition, form, refused=error, status=error.status)
    return _lines_page(get_released_award(award_id), definition, form, status=UNPROCESSABLE)


def _lines_page(
    award: Award,
    definition: CallDefinition,
    form: LinesForm,
    *,
    asks: bool = False,
    refused: FundError | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    """`asks`: it is more than may be told afterwards, so the button asks the fund."""
    page = render_template(
        "awards/plan_lines.html",
        award=award,
        definition=definition,
        plan=plan_of(award, definition),
        form=form,
        asks=asks,
        refused=refused,
    )
    return page, status


@bp.route("/awards/<uuid:award_id>/plan/more-time", methods=["GET", "POST"])
@requires(Permission.AWARD_ACCEPT, award=get_released_award)
def more_time(award: Award) -> ResponseReturnValue:
    form = bind(MoreTimeForm, data={"answer_language": current_language().code, "moved_days": "all"})
    award_id, refused, status = award.id, None, 200
    if is_posted():
        status = UNPROCESSABLE
        if form.validate():
            try:
                with unit_of_work():
                    ask_for_time(
                        award,
                        ends_on=form.ends_on.data,
                        words=form.words.data or "",
                        language=form.answer_language.data,
                        moved_days=MovedDays(form.moved_days.data),
                        actor=signed_in_user(),
                        now=utcnow(),
                    )
                return redirect(url_for(".page", award_id=award_id), 303)
            except EndNotLater:
                form.add_error(
                    "ends_on", _("Choose a day after the last day of your grant, and after today.")
                )
            except FundError as error:
                refused, status = error, error.status
        award = get_released_award(award_id)
    definition = definition_of(award.application.call_version)
    page = render_template(
        "awards/plan_more_time.html",
        award=award,
        definition=definition,
        plan=plan_of(award, definition),
        form=form,
        refused=refused,
    )
    return page, status


@bp.post("/variations/<uuid:variation_id>/take-back")
@requires(Permission.AWARD_ACCEPT, variation=get_variation)
def take_back(variation: Variation) -> ResponseReturnValue:
    award_id = variation.award_id
    with unit_of_work():
        take_back_variation(variation, actor=signed_in_user(), now=utcnow())
    return redirect(url_for(".page", award_id=award_id), 303)
