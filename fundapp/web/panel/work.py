"""A member's own space: what is left, hours and fee, how they are paid and read, what they asked for."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from forms.base import BaseForm
from forms.i18n import _, current_language
from forms.pages.panel_work import FORMATS, KINDS, AgainForm, ExpenseForm, FeeForm, wishes_form
from fundapp.call_file.definition import CallDefinition
from fundapp.clock import utcnow
from fundapp.db import unit_of_work
from fundapp.errors import FundError
from fundapp.models.file import StoredFile
from fundapp.models.panel import Panel, PanelSeat, PaperFormat
from fundapp.models.panel_claim import ClaimFor, PanelClaim
from fundapp.permissions import Permission
from fundapp.queries.calls import current_version, definition_of
from fundapp.queries.panel_phases import phase_of
from fundapp.queries.panel_work import (
    TO_ORGANISATION,
    get_claim,
    half_days_asked,
    half_days_left,
    list_claims_of,
    samples_of,
    work_of,
)
from fundapp.queries.panels import get_panel, get_seat_of
from fundapp.queries.preparations import preparation_of
from fundapp.queries.readings import count_given, count_left
from fundapp.queries.training import topics_of
from fundapp.services.files import receive_file
from fundapp.services.panel_claims import (
    RECEIPTS,
    Expense,
    ExpensesNotPaid,
    MoreThanCounted,
    Wishes,
    ask_claim_again,
    ask_expense,
    ask_fee,
    take_claim_back,
    wish,
)
from fundapp.web.access import requires
from fundapp.web.binding import bind, is_posted
from fundapp.web.errors import message_for
from fundapp.web.files import takes_files
from fundapp.web.panel.blueprint import bp
from fundapp.web.posted_save import new_once, posted_once
from fundapp.web.sessions import signed_in_user

WORK = "/panels/<uuid:panel_id>/work"
CLAIM = "/panel-claims/<uuid:panel_claim_id>"


@bp.get(WORK)
@requires(Permission.PANEL_OPEN, panel=get_panel)
def work(panel: Panel) -> ResponseReturnValue:
    """No group is named here."""
    seat, definition = _own(panel)
    claims = list_claims_of(seat)
    return render_template(
        "panel/work.html",
        panel=panel,
        seat=seat,
        rules=definition.panel,
        title=definition.title,
        phase=phase_of(panel, utcnow()),
        given=count_given(seat, panel),
        waiting=count_left(seat),
        samples=samples_of(seat),
        prepared=preparation_of(seat, definition.panel),
        topics=list(zip(topics_of(definition.panel), definition.panel.training.topics, strict=True)),
        work=work_of(seat, definition.panel),
        half_days_asked=half_days_asked(claims),
        claims=claims,
        way=next((way.label for way in definition.panel.payment.ways if way.key == seat.pay_way), None),
        format_words=dict(FORMATS),
        kind_words=dict(KINDS),
        page_title=_("My panel work"),
    )


@bp.route(f"{WORK}/wishes", methods=["GET", "POST"])
@requires(Permission.PANEL_OPEN, panel=get_panel)
def wishes(panel: Panel) -> ResponseReturnValue:
    seat, definition = _own(panel)
    names = ("pay_way", "pay_to", "paper_format", "paper_note")
    ways = definition.panel.payment.ways_in(current_language().code)
    form = bind(wishes_form(ways), data={name: getattr(seat, name) for name in names})
    if is_posted() and form.validate():
        if form["pay_way"].data == TO_ORGANISATION and not form["pay_to"].data:
            form.add_error("pay_to", _("Write the name of the organisation."))
        else:
            with unit_of_work():
                wish(seat, _wishes(form), actor=signed_in_user(), now=utcnow())
            return redirect(url_for("panel.work", panel_id=panel.id))
    return _form_page("panel/wishes.html", panel, form, _("How we pay you and how you read"))


@bp.route(f"{WORK}/fee", methods=["GET", "POST"])
@requires(Permission.PANEL_OPEN, panel=get_panel)
def fee(panel: Panel) -> ResponseReturnValue:
    """Filled in with what is counted and was not asked for yet."""
    seat, definition = _own(panel)
    counted = half_days_left(seat, definition.panel)
    form, refused = bind(FeeForm, data={"half_days": counted or None}), None
    if is_posted() and form.validate():
        try:
            with unit_of_work():
                ask_fee(
                    seat,
                    form["half_days"].data,
                    form["why"].data,
                    once=posted_once(),
                    actor=signed_in_user(),
                    now=utcnow(),
                )
            return redirect(url_for("panel.work", panel_id=panel.id))
        except MoreThanCounted:
            form.add_error("why", _("It is more than we counted. Write why in one sentence."))
        except FundError as error:
            refused = error
    rates = definition.panel.payment
    return _form_page(
        "panel/fee.html", panel, form, _("Ask for your fee"), refused, counted=counted, rates=rates
    )


@takes_files
@bp.route(f"{WORK}/expense", methods=["GET", "POST"])
@requires(Permission.PANEL_OPEN, panel=get_panel)
def expense(panel: Panel) -> ResponseReturnValue:
    seat, _definition = _own(panel)
    form, refused = bind(ExpenseForm), None
    if is_posted() and form.validate():
        asked = Expense(ClaimFor(form["kind"].data), form["amount"].data, form["what_for"].data)
        try:
            with unit_of_work():
                receipt, once = _receipt(seat), posted_once()
                ask_expense(seat, asked, receipt, once=once, actor=signed_in_user(), now=utcnow())
            return redirect(url_for("panel.work", panel_id=panel.id))
        except ExpensesNotPaid as error:
            form.add_error("kind", message_for(error) or "")
        except FundError as error:
            refused = error
    return _form_page("panel/expense.html", panel, form, _("Ask for expenses"), refused)


@bp.route(CLAIM, methods=["GET", "POST"])
@requires(Permission.PANEL_CLAIM_OWN, panel_claim=get_claim)
def claim(panel_claim: PanelClaim) -> ResponseReturnValue:
    """One of the member's own: its state, asking again with more words, taking it back."""
    form, refused, actor = bind(AgainForm, data={"what_for": panel_claim.what_for}), None, signed_in_user()
    takes_back = request.form.get("go") == "take_back"
    if is_posted() and (takes_back or form.validate()):
        try:
            with unit_of_work():
                if takes_back:
                    take_claim_back(panel_claim, actor=actor, now=utcnow())
                else:
                    ask_claim_again(panel_claim, form["what_for"].data, actor=actor, now=utcnow())
            return redirect(url_for("panel.work", panel_id=panel_claim.seat.panel_id))
        except FundError as error:
            refused = error
    page = render_template(
        "panel/claim.html",
        panel=panel_claim.seat.panel,
        claim=get_claim(panel_claim.id),
        form=form,
        refused=refused,
        kind_words=dict(KINDS),
        page_title=_("What you asked for"),
        page_errors=form.error_list(),
    )
    return page, refused.status if refused else 422 if form.errors else 200


def _own(panel: Panel) -> tuple[PanelSeat, CallDefinition]:
    return get_seat_of(panel, signed_in_user()), definition_of(current_version(panel.call))


def _wishes(form: BaseForm) -> Wishes:
    return Wishes(
        pay_way=form["pay_way"].data,
        pay_to=form["pay_to"].data,
        paper_format=PaperFormat(form["paper_format"].data or PaperFormat.SCREEN),
        paper_note=form["paper_note"].data,
    )


def _receipt(seat: PanelSeat) -> StoredFile | None:
    """None was sent: none is needed. Raises NotTaken, TooLarge, QuotaReached and NoRoom."""
    upload = request.files.get("file")
    if upload is None or not upload.filename:
        return None
    return receive_file(
        upload.stream,
        name=upload.filename,
        kinds=RECEIPTS,
        organisation=None,
        actor=signed_in_user(),
        now=utcnow(),
        once=f"{seat.id.hex}{posted_once()}"[:64],
    )


def _form_page(
    template: str, panel: Panel, form: BaseForm, title: str, refused: FundError | None = None, **more: object
) -> ResponseReturnValue:
    errors = form.error_list()
    if refused is not None and "file" in request.files:
        errors = [*errors, ("file", str(message_for(refused) or ""))]
    page = render_template(
        template,
        panel=panel,
        form=form,
        once=posted_once() if is_posted() else new_once(),
        refused=refused,
        page_title=title,
        page_errors=errors,
        **more,
    )
    return page, refused.status if refused else 422 if form.errors else 200
