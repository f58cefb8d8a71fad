"""Partners: the leading group asks them, and each of them says yes to its share and declares for itself."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from forms.answers import JsonAnswer, to_json
from forms.builder import questions_form
from forms.conditions import facts_used
from forms.i18n import _, current_language
from forms.pages.people import MaybeReasonForm, PartnerForm, PartnerInvitationForm, partner_form
from fundapp.call_file.definition import CallDefinition
from fundapp.call_file.ring_fences import Fact
from fundapp.clock import utcnow
from fundapp.db import unit_of_work
from fundapp.lifecycles import WordStatus
from fundapp.models.application import Application
from fundapp.models.partnership import Partner
from fundapp.permissions import Permission
from fundapp.queries.applications import definition_for, get_application
from fundapp.queries.drafts import find_shares_question, partner_amounts
from fundapp.queries.people import get_partner, list_partners
from fundapp.services.invitations import TooManyOpen
from fundapp.services.organisations import bands_asked
from fundapp.services.partners import (
    PartnerTwice,
    ShareChanged,
    UnknownPartner,
    confirm_share,
    decline_share,
    invite_partner,
    share_of,
)
from fundapp.web.access import requires
from fundapp.web.binding import bind
from fundapp.web.groups.blueprint import as_choices, bp, chosen_organisation, own_organisations
from fundapp.web.groups.members import TOO_MANY
from fundapp.web.sessions import signed_in_user


@dataclass(frozen=True)
class NamedPartner:
    """A line of the answer about shares, with the word of that organisation as far as there is one."""

    name: str
    amount: Decimal
    partner: Partner | None

    @property
    def asked_at(self) -> str:
        """The address, to ask again."""
        return self.partner.invitation.email if self.partner else ""

    @property
    def has_changed(self) -> bool:
        """It said yes to another share."""
        partner = self.partner
        return (
            partner is not None and partner.status is WordStatus.CONFIRMED and partner.amount != self.amount
        )


def named_partners(application: Application) -> list[NamedPartner]:
    words = {each.name.casefold(): each for each in list_partners(application)}
    amounts = partner_amounts(application)
    return [NamedPartner(name, amount, words.get(name.casefold())) for name, amount in amounts.items()]


@bp.route("/applications/<uuid:application_id>/partners", methods=["GET", "POST"])
@requires(Permission.APPLICATION_PEOPLE, application=get_application)
def partners(application: Application) -> ResponseReturnValue:
    named = named_partners(application)
    forms = [
        PartnerInvitationForm(None, prefix=f"p{place}-", data={"email": each.asked_at})
        for place, each in enumerate(named, 1)
    ]
    place = next((p for p, each in enumerate(named) if each.name == request.form.get("partner")), None)
    if request.method == "POST" and place is None:
        raise UnknownPartner
    form = bind(PartnerInvitationForm, prefix=f"p{(place or 0) + 1}-")
    if place is not None:
        forms[place] = form
    if place is not None and form.validate():
        try:
            with unit_of_work():
                name, email = named[place].name, form["email"].data
                invite_partner(application, name, email, actor=signed_in_user(), now=utcnow())
            return redirect(url_for("groups.partners", application_id=application.id))
        except TooManyOpen:
            form.add_error("email", TOO_MANY)
    page = render_template(
        "groups/partners.html",
        application=application,
        named=list(zip(named, forms, strict=True)),
        shares_question=find_shares_question(application) if not named else None,
        page_errors=form.error_list(),
        back_url=url_for("apply.application_page", application_id=application.id),
    )
    return page, 422 if request.method == "POST" else 200


@bp.route("/partnerships/<uuid:partner_id>", methods=["GET", "POST"])
@requires(Permission.PARTNER_ANSWER, partner=get_partner)
def partnership(partner: Partner) -> ResponseReturnValue:
    form = bind(_form_for(partner))
    if request.method == "POST" and form.validate():
        return _say_yes(partner, form)
    return _page(partner, form), 422 if request.method == "POST" else 200


@bp.post("/partnerships/<uuid:partner_id>/decline")
@requires(Permission.PARTNER_ANSWER, partner=get_partner)
def decline_partnership(partner: Partner) -> ResponseReturnValue:
    form = bind(MaybeReasonForm)
    if not form.validate():
        return _page(partner, _form_for(partner)(None), no_form=form), 422
    with unit_of_work():
        decline_share(partner, reason=form["reason"].data, actor=signed_in_user(), now=utcnow())
    return redirect(url_for("groups.partnership", partner_id=partner.id))


def _say_yes(partner: Partner, form: PartnerForm) -> ResponseReturnValue:
    actor, now = signed_in_user(), utcnow()
    bands: dict[str, JsonAnswer] = {key: to_json(form[key].data) for key in form.bands}
    try:
        with unit_of_work():
            fund = partner.application.call.fund
            confirm_share(
                partner,
                _posted_amount(),
                organisation=chosen_organisation(
                    form, fund=fund, once=f"partner:{partner.id}", actor=actor, now=now
                ),
                bands=bands,
                is_migrant_led=form.is_migrant_led,
                actor=actor,
                now=now,
            )
    except ShareChanged:
        return _page(get_partner(partner.id), form, is_changed=True), 409
    except PartnerTwice:
        place = "group" if "group" in form else "name"
        form.add_error(
            place, _("This organisation is in this application or in another one of this round already.")
        )
        return _page(get_partner(partner.id), form), 422
    return redirect(url_for("groups.partnership", partner_id=partner.id))


def _posted_amount() -> Decimal:
    """The share that stood on the page; nothing readable fits no share."""
    try:
        amount = Decimal(request.form.get("share", "")[:20])
    except InvalidOperation:
        return Decimal(-1)
    return amount if amount.is_finite() else Decimal(-1)


def _form_for(partner: Partner) -> type[PartnerForm]:
    definition = definition_for(partner.application)
    questions = [item.question for item in definition.eligibility if item.key in bands_asked(definition)]
    return partner_form(
        as_choices(own_organisations(signed_in_user())),
        definition.boroughs,
        questions,
        base=questions_form(questions, current_language().code),
        asks_migrant_led=_asks_migrant_led(definition),
    )


def _asks_migrant_led(definition: CallDefinition) -> bool:
    used = [facts_used(fence.who) for fence in definition.ring_fences if fence.who is not None]
    return any(Fact.MIGRANT_LED in facts for facts in used)


def _page(
    partner: Partner,
    form: PartnerForm,
    *,
    no_form: MaybeReasonForm | None = None,
    is_changed: bool = False,
) -> str:
    share = share_of(partner)
    is_open = share is not None and (
        partner.status is WordStatus.INVITED
        or (partner.status is WordStatus.CONFIRMED and partner.amount != share)
    )
    return render_template(
        "groups/partnership.html",
        partner=partner,
        definition=definition_for(partner.application),
        share=share,
        is_open=is_open,
        is_changed=is_changed,
        form=form,
        no_form=no_form or MaybeReasonForm(None),
        page_errors=[*form.error_list(), *(no_form.error_list() if no_form else [])] if is_open else [],
        back_url=url_for("account.home"),
    )
