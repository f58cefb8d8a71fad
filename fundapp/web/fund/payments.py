"""The fund's side of its grants: checks, agreement, payments, an early end."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from forms.base import BaseForm
from forms.i18n import _
from forms.pages.grants import DescribeForm, HoldForm, NoteForm, ReasonForm
from forms.pages.profile import KINDS_OF_DOCUMENTS
from fundapp.clock import utcnow
from fundapp.db import unit_of_work
from fundapp.errors import FundError
from fundapp.lifecycles import AwardStatus
from fundapp.models.award import Award, CheckItem, Instalment
from fundapp.models.call import Call
from fundapp.moments import london_day
from fundapp.permissions import Permission, can
from fundapp.queries.agreements import find_text
from fundapp.queries.award_checks import list_open_conditions
from fundapp.queries.bank_accounts import list_accounts_to_check, list_bank_accounts
from fundapp.queries.calls import current_version, definition_of, get_call
from fundapp.queries.check_ins import list_waiting, minutes_asked
from fundapp.queries.consequences import effects_of_ending
from fundapp.queries.documents import list_papers_to_check
from fundapp.queries.grant_plans import find_moved_end, list_variations_to_answer
from fundapp.queries.grants import (
    came_back,
    get_award,
    get_check,
    get_instalment,
    holds_of,
    list_awards,
    list_check_ins,
    list_checks,
    list_clawbacks,
    list_markers,
    list_payments_to_make,
)
from fundapp.queries.people import find_confirmed_host
from fundapp.queries.stories import list_stories
from fundapp.services.grants import (
    complete_award,
    describe_award,
    settle_check,
    start_checks,
    start_closing,
    terminate_award,
    withdraw_award,
)
from fundapp.services.instalments import approve_instalment, pay_instalment
from fundapp.services.payment_holds import (
    HoldNeedsReview,
    agree_to_hold,
    ask_to_hold,
    drop_hold,
    release_instalment,
)
from fundapp.web.access import requires
from fundapp.web.binding import bind, is_posted

bp = Blueprint("fund_payments", __name__)
Step = Callable[..., None]


@bp.get("/fund/calls/<uuid:call_id>/grants")
@requires(Permission.CALL_VIEW, call=get_call)
def awards_page(call: Call) -> ResponseReturnValue:
    today = london_day(utcnow())
    return render_template(
        "fund/payments/awards.html",
        call=call,
        definition=definition_of(current_version(call)),
        awards=list_awards(call, reader=current_user),
        came_back=came_back(call),
        payments=list_payments_to_make(call, reader=current_user),
        accounts=list_accounts_to_check(call, reader=current_user),
        waiting=list_waiting(call, today=today, reader=current_user),
        variations=list_variations_to_answer(call, reader=current_user),
        today=today,
        may_read=can(current_user, Permission.AWARD_READ, call),
        may_see_figures=can(current_user, Permission.ROUND_FIGURES, call),
        may_talk=can(current_user, Permission.CHECK_IN_REPLY, call),
    )


@bp.get("/fund/awards/<uuid:award_id>")
@requires(Permission.AWARD_READ, award=get_award)
def award_page(award: Award) -> ResponseReturnValue:
    return _award_page(award)


def _award_page(
    award: Award,
    *,
    refused: FundError | None = None,
    typed: BaseForm | None = None,
    end_form: ReasonForm | None = None,
    hold_form: tuple[Instalment, HoldForm] | None = None,
    note_form: tuple[CheckItem, NoteForm] | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    checks, definition = list_checks(award), definition_of(award.application.call_version)
    hold_forms = {each.id: HoldForm(None, prefix=_prefix(each)) for each in award.instalments}
    note_forms = {item.id: NoteForm(None, prefix=f"{item.key}-") for item in checks}
    if hold_form is not None:
        hold_forms[hold_form[0].id] = hold_form[1]
    if note_form is not None:
        note_forms[note_form[0].id] = note_form[1]
    page = render_template(
        "fund/payments/award.html",
        award=award,
        definition=definition,
        check_labels={check.key: check.label for check in definition.awards.checks},
        checks=checks,
        documents=list_papers_to_check(award),
        words_of_document=dict(KINDS_OF_DOCUMENTS),
        host=find_confirmed_host(award.application),
        agreement=find_text(award),
        moved_end=find_moved_end(award),
        check_ins=list_check_ins(award),
        open_conditions=list_open_conditions(award) if award.status is AwardStatus.CLOSING else (),
        holds=holds_of(award),
        clawbacks=list_clawbacks(award),
        markers=list_markers(award),
        stories=list_stories(award),
        minutes=minutes_asked(award),
        bank_accounts=list_bank_accounts(award),
        now=utcnow(),
        refused=refused,
        typed=typed,
        end_form=end_form or ReasonForm(None),
        hold_forms=hold_forms,
        note_forms=note_forms,
        wrong_form=end_form or (hold_form or note_form or (None, None))[1],
        endings=effects_of_ending(award, reader=current_user),
        reader_id=current_user.id,
        may_run=can(current_user, Permission.AWARD_RUN, award),
        may_ask_why=can(current_user, Permission.DECISION_MAKE, award.application),
        may_pay=can(current_user, Permission.INSTALMENT_PAY, award),
        may_talk=can(current_user, Permission.CHECK_IN_REPLY, award),
    )
    return page, status


def _prefix(instalment: Instalment) -> str:
    return f"p{instalment.number}-"


def _take(
    step: Step, subject: Any, award: Award, typed: BaseForm | None = None, **arguments: str
) -> ResponseReturnValue:
    try:
        with unit_of_work():
            step(subject, actor=current_user, now=utcnow(), **arguments)
    except FundError as error:
        return _award_page(get_award(award.id), refused=error, typed=typed, status=error.status)
    return redirect(url_for(".award_page", award_id=award.id))


def _end(step: Step, award: Award) -> ResponseReturnValue:
    form = bind(ReasonForm)
    if not form.validate():
        return _award_page(award, end_form=form, status=422)
    return _take(step, award, award, form, reason=form.reason.data or "")


@bp.post("/fund/awards/<uuid:award_id>/checks")
@requires(Permission.AWARD_RUN, award=get_award)
def checks(award: Award) -> ResponseReturnValue:
    return _take(start_checks, award, award)


@bp.post("/fund/checks/<uuid:check_id>")
@requires(Permission.AWARD_RUN, check=get_check)
def check(check: CheckItem) -> ResponseReturnValue:
    form = bind(NoteForm, prefix=f"{check.key}-")
    if not form.validate():
        return _award_page(check.award, note_form=(check, form), status=422)
    return _take(settle_check, check, check.award, form, note=form.note.data or "")


@bp.route("/fund/awards/<uuid:award_id>/description", methods=["GET", "POST"])
@requires(Permission.AWARD_RUN, award=get_award)
def description(award: Award) -> ResponseReturnValue:
    form = bind(DescribeForm, data={"title": award.public_title, "summary": award.public_summary})
    if is_posted() and form.validate():
        with unit_of_work():
            describe_award(
                award,
                title=form.title.data or "",
                summary=form.summary.data or "",
                actor=current_user,
                now=utcnow(),
            )
        return redirect(url_for(".award_page", award_id=award.id))
    return render_template(
        "fund/payments/description.html", award=award, form=form
    ), 422 if form.errors else 200


@bp.post("/fund/awards/<uuid:award_id>/closing")
@requires(Permission.AWARD_RUN, award=get_award)
def closing(award: Award) -> ResponseReturnValue:
    return _take(start_closing, award, award)


@bp.post("/fund/awards/<uuid:award_id>/complete")
@requires(Permission.AWARD_RUN, award=get_award)
def complete(award: Award) -> ResponseReturnValue:
    return _take(complete_award, award, award)


@bp.post("/fund/awards/<uuid:award_id>/withdraw")
@requires(Permission.AWARD_RUN, award=get_award)
def withdraw(award: Award) -> ResponseReturnValue:
    return _end(withdraw_award, award)


@bp.post("/fund/awards/<uuid:award_id>/terminate")
@requires(Permission.AWARD_RUN, award=get_award)
def terminate(award: Award) -> ResponseReturnValue:
    return _end(terminate_award, award)


@bp.post("/fund/instalments/<uuid:instalment_id>/approve")
@requires(Permission.INSTALMENT_APPROVE, instalment=get_instalment)
def approve(instalment: Instalment) -> ResponseReturnValue:
    return _take(approve_instalment, instalment, instalment.award)


@bp.post("/fund/instalments/<uuid:instalment_id>/pay")
@requires(Permission.INSTALMENT_PAY, instalment=get_instalment)
def pay(instalment: Instalment) -> ResponseReturnValue:
    return _take(pay_instalment, instalment, instalment.award)


@bp.post("/fund/instalments/<uuid:instalment_id>/hold")
@requires(Permission.INSTALMENT_HOLD, instalment=get_instalment)
def hold(instalment: Instalment) -> ResponseReturnValue:
    """One person asks; another one has to agree."""
    award, form = instalment.award, bind(HoldForm, prefix=_prefix(instalment))
    if form.validate():
        try:
            with unit_of_work():
                ask_to_hold(
                    instalment,
                    reason=form.reason.data or "",
                    review_on=form.review_on.data,
                    actor=current_user,
                    now=utcnow(),
                )
            return redirect(url_for(".award_page", award_id=award.id))
        except HoldNeedsReview:
            form.add_error("review_on", _("Choose a day after today."))
        except FundError as error:
            return _award_page(get_award(award.id), refused=error, typed=form, status=error.status)
    return _award_page(get_award(award.id), hold_form=(instalment, form), status=422)


@bp.post("/fund/instalments/<uuid:instalment_id>/hold/agree")
@requires(Permission.INSTALMENT_HOLD, instalment=get_instalment)
def agree(instalment: Instalment) -> ResponseReturnValue:
    return _take(agree_to_hold, instalment, instalment.award)


@bp.post("/fund/instalments/<uuid:instalment_id>/hold/drop")
@requires(Permission.INSTALMENT_HOLD, instalment=get_instalment)
def drop(instalment: Instalment) -> ResponseReturnValue:
    return _take(drop_hold, instalment, instalment.award)


@bp.post("/fund/instalments/<uuid:instalment_id>/release")
@requires(Permission.INSTALMENT_APPROVE, instalment=get_instalment)
def release(instalment: Instalment) -> ResponseReturnValue:
    return _take(release_instalment, instalment, instalment.award)
