"""Who offers help to the groups of a call, and bringing both together, for the people of the fund."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from forms.i18n import _
from forms.languages import choices_of
from forms.pages.support import TOPICS, OfferForm, offer_form
from fundapp.clock import utcnow
from fundapp.db import unit_of_work
from fundapp.errors import NotPossibleNow
from fundapp.models.application import Application
from fundapp.models.call import Call
from fundapp.models.support import Payer, SupportIntroduction, SupportOffer
from fundapp.permissions import Permission
from fundapp.queries.applications import get_application
from fundapp.queries.calls import current_version, definition_of, get_call
from fundapp.queries.support_offers import (
    digest_of_offer,
    get_introduction,
    get_offer,
    list_offers,
    list_peers,
    list_takers,
    reachable,
)
from fundapp.services.support_offers import (
    OfferWords,
    PrivateAddress,
    add_offer,
    change_offer,
    end_offer,
    suggest,
    withdraw_introduction,
)
from fundapp.web.access import requires
from fundapp.web.binding import bind, is_posted, sent_digest
from fundapp.web.posted_save import posted_once
from fundapp.web.sessions import signed_in_user

bp = Blueprint("fund_support_offers", __name__)


@bp.get("/fund/calls/<uuid:call_id>/support/offers")
@requires(Permission.CALL_RUN, call=get_call)
def page(call: Call) -> ResponseReturnValue:
    return render_template(
        "fund/support/offers.html",
        call=call,
        offers=list_offers(call),
        peers=list_peers(call, reader=signed_in_user()),
        topics=dict(TOPICS),
    )


@bp.route("/fund/calls/<uuid:call_id>/support/offers/new", methods=["GET", "POST"])
@requires(Permission.CALL_RUN, call=get_call)
def new(call: Call) -> ResponseReturnValue:
    form = bind(_form_of(call))
    if is_posted() and form.validate():
        try:
            with unit_of_work():
                add_offer(call, _words(form), actor=signed_in_user(), now=utcnow(), once=posted_once())
            return redirect(url_for(".page", call_id=call.id))
        except PrivateAddress:
            form.add_error("reach", NOT_PRIVATE)
    shown = render_template("fund/support/offer.html", call=call, offer=None, form=form, takers=())
    return shown, 422 if form.errors else 200


@bp.route("/fund/support-offers/<uuid:offer_id>", methods=["GET", "POST"])
@requires(Permission.SUPPORT_RUN, offer=get_offer)
def offer(offer: SupportOffer) -> ResponseReturnValue:
    seen = sent_digest() or digest_of_offer(offer)
    form = bind(_form_of(offer.call), **{name: getattr(offer, name) for name in FIELDS})
    if is_posted() and form.validate():
        try:
            with unit_of_work():
                change_offer(offer, _words(form), actor=signed_in_user(), now=utcnow(), seen=seen)
            return redirect(url_for(".page", call_id=offer.call_id))
        except PrivateAddress:
            form.add_error("reach", NOT_PRIVATE)
    takers = list_takers(offer, reader=signed_in_user())
    shown = render_template(
        "fund/support/offer.html",
        call=offer.call,
        offer=offer,
        form=form,
        seen=seen,
        takers=takers,
        reachable=reachable([each.answered_by for each in takers]),
    )
    return shown, 422 if form.errors else 200


@bp.post("/fund/support-offers/<uuid:offer_id>/end")
@requires(Permission.SUPPORT_RUN, offer=get_offer)
def end(offer: SupportOffer) -> ResponseReturnValue:
    with unit_of_work():
        end_offer(offer, actor=signed_in_user(), now=utcnow())
    return redirect(url_for(".page", call_id=offer.call_id))


@bp.post("/fund/applications/<uuid:application_id>/support/suggest")
@requires(Permission.APPLICATION_RUN, application=get_application)
def suggest_(application: Application) -> ResponseReturnValue:
    try:
        key = UUID(request.form.get("help", ""))
    except ValueError:
        raise NotPossibleNow("nothing was chosen") from None
    with unit_of_work():
        suggest(application, key, actor=signed_in_user(), now=utcnow())
    return redirect(url_for("fund_support.group", application_id=application.id))


@bp.post("/fund/support-introductions/<uuid:introduction_id>/withdraw")
@requires(Permission.SUPPORT_RUN, introduction=get_introduction)
def withdraw(introduction: SupportIntroduction) -> ResponseReturnValue:
    with unit_of_work():
        withdraw_introduction(introduction, actor=signed_in_user(), now=utcnow())
    return redirect(url_for("fund_support.group", application_id=introduction.application_id))


FIELDS = ("organisation_name", "topics", "languages", "boroughs", "is_online", "what", "payer", "reach")
NOT_PRIVATE = _("A person signs in with this address. Write the address of an office.")


def _form_of(call: Call) -> type[OfferForm]:
    definition = definition_of(current_version(call))
    return offer_form(choices_of(definition.languages), [(name, name) for name in definition.boroughs])


def _words(form: OfferForm) -> OfferWords:
    return OfferWords(
        organisation_name=form.organisation_name.data or "",
        topics=form["topics"].data,
        languages=form["languages"].data,
        boroughs=form["boroughs"].data,
        is_online=bool(form.is_online.data),
        what=form.what.data or "",
        payer=Payer(form.payer.data),
        reach=form.reach.data or "",
    )
