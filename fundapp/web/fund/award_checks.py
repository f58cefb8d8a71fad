"""The checks of one grant: what the call asks, registers as information, conditions with help."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from forms.i18n import _
from forms.pages.award_checks import (
    EVIDENCE_WORDS,
    NOT_NEEDED_WORDS,
    CheckForm,
    ConditionForm,
    SettleConditionForm,
    check_form,
    condition_form,
)
from forms.pages.profile import KINDS_OF_DOCUMENTS, LEGAL_FORM_WORDS
from fundapp.call_file.award_checks import Evidence
from fundapp.check_steps import OPEN_CHECKS, SETTLED_CHECKS, CheckStatus, ConditionStatus
from fundapp.clock import utcnow
from fundapp.db import unit_of_work
from fundapp.errors import FundError, NotPossibleNow
from fundapp.models.award import Award, CheckItem
from fundapp.models.award_check import AwardCondition
from fundapp.models.user import User
from fundapp.permissions import Permission, can
from fundapp.queries.award_checks import (
    enough_for,
    get_condition,
    is_late,
    list_checklist,
    list_conditions,
)
from fundapp.queries.calls import definition_of
from fundapp.queries.complaints import list_staff
from fundapp.queries.grants import get_award, get_check
from fundapp.queries.register_numbers import look_up
from fundapp.services.award_checks import (
    Plan,
    do_without_check,
    offer_help,
    plan_check,
    reopen_check,
    settle_check,
)
from fundapp.services.award_conditions import (
    NewCondition,
    add_condition,
    give_more_time,
    lift_condition,
    meet_condition,
)
from fundapp.services.promises import DayNotAhead
from fundapp.web.access import requires
from fundapp.web.binding import bind, is_posted
from fundapp.web.posted_save import posted_once
from fundapp.web.sessions import signed_in_user

bp = Blueprint("fund_checks", __name__)


@bp.get("/fund/awards/<uuid:award_id>/checklist")
@requires(Permission.AWARD_READ, award=get_award)
def checklist(award: Award) -> ResponseReturnValue:
    return _checklist(award)


@bp.post("/fund/awards/<uuid:award_id>/conditions")
@requires(Permission.AWARD_RUN, award=get_award)
def new_condition(award: Award) -> ResponseReturnValue:
    people = _people(award)
    form = bind(condition_form(_choices(people)))
    if form.validate():
        new = NewCondition(
            form["words"].data,
            form["help"].data,
            form["due_on"].data,
            people.get(form["owner"].data or ""),
        )
        try:
            with unit_of_work():
                add_condition(award, new, actor=signed_in_user(), now=utcnow(), once=posted_once())
            return redirect(url_for(".checklist", award_id=award.id))
        except DayNotAhead:
            form.add_error("due_on", _("Choose a day after today."))
        except FundError as error:
            return _checklist(get_award(award.id), form=form, refused=error, status=error.status)
    return _checklist(get_award(award.id), form=form, status=422)


def _checklist(
    award: Award,
    *,
    form: ConditionForm | None = None,
    refused: FundError | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    definition = definition_of(award.application.call_version)
    today = utcnow().astimezone(definition.zone).date()
    conditions = list_conditions(award)
    page = render_template(
        "fund/payments/checklist.html",
        award=award,
        checks=list_checklist(award),
        conditions=conditions,
        late=[each.id for each in conditions if is_late(each, today)],
        holds_payments=definition.awards.conditions_hold_payments,
        numbers=look_up(award.organisation),
        evidence_words=dict(EVIDENCE_WORDS),
        words_of_document=dict(KINDS_OF_DOCUMENTS),
        legal_form_words=LEGAL_FORM_WORDS,
        not_needed=NOT_NEEDED_WORDS,
        form=form or condition_form(_choices(_people(award)))(None),
        refused=refused,
        page_errors=form.error_list() if form else [],
        may_run=can(signed_in_user(), Permission.AWARD_RUN, award),
    )
    return page, status


@bp.route("/fund/checks/<uuid:check_id>/edit", methods=["GET", "POST"])
@requires(Permission.AWARD_RUN, check=get_check)
def item(check: CheckItem) -> ResponseReturnValue:
    award, refused, status = check.award, None, 200
    people, enough = _people(award), enough_for(check)
    standing = {
        "status": check.status.value,
        "evidence": check.evidence.value if check.evidence else None,
        "help": check.help,
        "note": check.note,
        "owner": str(check.owner_id) if check.owner_id else None,
        "due_on": check.due_on,
    }
    form = bind(check_form([each.value for each in enough], _choices(people)), data=standing)
    if is_posted():
        status = 422
        if form.validate() and _is_complete(check, form):
            owner = people.get(form["owner"].data or "")
            try:
                with unit_of_work():
                    _write(check, form, Plan(owner, form["due_on"].data))
                return redirect(url_for(".checklist", award_id=award.id))
            except FundError as error:
                refused, status = error, error.status
    rule = next(each for each in list_checklist(get_award(check.award_id)) if each.item.key == check.key)
    page = render_template(
        "fund/payments/check.html",
        award=check.award,
        check=rule,
        form=form,
        refused=refused,
        words_of_document=dict(KINDS_OF_DOCUMENTS),
    )
    return page, status


def _is_complete(check: CheckItem, form: CheckForm) -> bool:
    """What the chosen state needs besides; what is missing is said at its field."""
    wanted = CheckStatus(form["status"].data)
    if wanted is CheckStatus.HELP_OFFERED and not form["help"].data:
        form.add_error("help", _("Write which help you offer."))
    if wanted is CheckStatus.DONE and "evidence" in form and not form["evidence"].data:
        form.add_error("evidence", _("Choose what you saw."))
    is_step_back = wanted in OPEN_CHECKS and check.status in SETTLED_CHECKS
    if (wanted is CheckStatus.NOT_NEEDED or is_step_back) and not form["note"].data:
        form.add_error("note", _("Write why. The group will read it."))
    return not form.error_list()


def _write(check: CheckItem, form: CheckForm, plan: Plan) -> None:
    actor, now, note = signed_in_user(), utcnow(), form["note"].data or ""
    plan_check(check, plan, actor=actor, now=now)
    match CheckStatus(form["status"].data):
        case CheckStatus.DONE:
            seen = form["evidence"].data if "evidence" in form else None
            evidence = Evidence(seen) if seen else None
            settle_check(check, note=note, evidence=evidence, actor=actor, now=now)
        case CheckStatus.NOT_NEEDED:
            do_without_check(check, note=note, actor=actor, now=now)
        case CheckStatus.HELP_OFFERED:
            if check.status in SETTLED_CHECKS:
                reopen_check(check, note=note, actor=actor, now=now)
            offer_help(check, words=form["help"].data or "", actor=actor, now=now)
        case CheckStatus.OPEN if check.status is not CheckStatus.OPEN:
            reopen_check(check, note=note, actor=actor, now=now)


@bp.route("/fund/conditions/<uuid:condition_id>", methods=["GET", "POST"])
@requires(Permission.AWARD_RUN, condition=get_condition)
def condition(condition: AwardCondition) -> ResponseReturnValue:
    form, refused, status = bind(SettleConditionForm), None, 200
    if is_posted():
        status = 422
        if form.validate() and _says_enough(form):
            try:
                with unit_of_work():
                    _settle(condition, form)
                return redirect(url_for(".checklist", award_id=condition.award_id))
            except (DayNotAhead, NotPossibleNow) as error:
                if condition.status is ConditionStatus.OPEN:
                    form.add_error("until", _("Choose a day after the one that stands now."))
                else:
                    refused, status = error, 409
    page = render_template(
        "fund/payments/condition.html",
        award=condition.award,
        condition=get_condition(condition.id),
        form=form,
        refused=refused,
    )
    return page, status


def _says_enough(form: SettleConditionForm) -> bool:
    if form["outcome"].data == "lifted" and not form["note"].data:
        form.add_error("note", _("Write why. The group will read it."))
    if form["outcome"].data == "more_time" and not form["until"].data:
        form.add_error("until", _("Write the new day."))
    return not form.error_list()


def _settle(condition: AwardCondition, form: SettleConditionForm) -> None:
    actor, now, note = signed_in_user(), utcnow(), form["note"].data or ""
    match form["outcome"].data:
        case "met":
            meet_condition(condition, note=note, actor=actor, now=now)
        case "lifted":
            lift_condition(condition, note=note, actor=actor, now=now)
        case _:
            give_more_time(condition, form["until"].data, actor=actor, now=now)


def _people(award: Award) -> dict[str, User]:
    """Who may look after it: nobody with a tie."""
    staff = list_staff(award.call.fund)
    return {str(each.id): each for each in staff if can(each, Permission.AWARD_RUN, award)}


def _choices(people: dict[str, User]) -> list[tuple[str, str]]:
    return [(key, person.name or person.email) for key, person in people.items()]
