"""How we may reach somebody: safe or not, at which hours, and a new address. Adds its pages to `account`."""

from __future__ import annotations

import hmac

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import Forbidden

from forms.i18n import _
from forms.pages.account import SAFE, UNSAFE, ContactForm, NewAddressCodeForm, NewAddressForm
from fundapp.clock import utcnow
from fundapp.db import unit_of_work
from fundapp.models.user import User
from fundapp.permissions import Permission
from fundapp.services.contact import (
    AddressNotFree,
    Contact,
    ask_for_new_address,
    change_address,
    contact_of,
    count_guess,
    mark_seen,
    proof_of,
    set_contact,
)
from fundapp.services.messages import CODE_LIFE
from fundapp.web.access import requires
from fundapp.web.account import asked_from, bp
from fundapp.web.binding import bind, is_posted
from fundapp.web.sessions import our_session, signed_in_user

PENDING = "new_address"


@bp.route("/account", methods=["GET", "POST"])
@requires(Permission.ACCOUNT_OPEN)
def contact() -> ResponseReturnValue:
    user = signed_in_user()
    known = contact_of(user.id)
    first, last = known.hours or (None, None)
    form = bind(
        ContactForm,
        data={
            "mail": SAFE if known.mail_is_safe else UNSAFE,
            "hours_from": None if first is None else str(first),
            "hours_to": None if last is None else str(last),
            "wants_reminders": known.wants_reminders,
        },
    )
    if is_posted() and form.validate():
        told = Contact(form["mail"].data == SAFE, form.hours, form["wants_reminders"].data)
        with unit_of_work():
            set_contact(user, told, now=utcnow())
        return redirect(url_for("account.home"))
    page = render_template(
        "account/contact.html",
        form=form,
        email=user.email,
        may_change=not user.is_staff,
        page_errors=form.error_list(),
        back_url=url_for("account.home"),
    )
    return page, 422 if is_posted() else 200


@bp.route("/account/address", methods=["GET", "POST"])
@requires(Permission.ACCOUNT_OPEN)
def new_address() -> ResponseReturnValue:
    user = _who_signs_in_by_mail()
    form = bind(NewAddressForm)
    if not is_posted() or not form.validate():
        page = render_template(
            "account/new_address.html",
            form=form,
            page_errors=form.error_list(),
            back_url=url_for("account.contact"),
        )
        return page, 422 if is_posted() else 200
    session, email = our_session(), form["email"].data
    with unit_of_work():
        proof = ask_for_new_address(
            user, email, browser_secret=session.browser_secret, asked_from=asked_from(email), now=utcnow()
        )
    session[PENDING] = {
        "email": email,
        "proof": proof,
        "until": (utcnow() + CODE_LIFE).isoformat(),
        "old_is_safe": form["old_is_safe"].data,
    }
    return redirect(url_for("account.new_address_code"))


@bp.route("/account/address/code", methods=["GET", "POST"])
@requires(Permission.ACCOUNT_OPEN)
def new_address_code() -> ResponseReturnValue:
    user, session = _who_signs_in_by_mail(), our_session()
    pending = session.get(PENDING)
    if pending is None:
        return redirect(url_for("account.new_address"))
    form = bind(NewAddressCodeForm)
    if is_posted() and form.validate():
        with unit_of_work():
            count_guess(user, now=utcnow())
        shown = proof_of(pending["email"], form["code"].data, session.browser_secret)
        is_right = hmac.compare_digest(shown, pending["proof"])
        if is_right and utcnow().isoformat() <= pending["until"]:
            return _change(user, pending["email"], old_is_safe=pending["old_is_safe"])
        form.add_error("code", _("This code is wrong or too old. Check it, or ask for a new one."))
    page = render_template(
        "account/new_address_code.html",
        form=form,
        email=pending["email"],
        page_errors=form.error_list(),
        back_url=url_for("account.new_address"),
    )
    return page, 422 if is_posted() else 200


def _change(user: User, email: str, *, old_is_safe: bool) -> ResponseReturnValue:
    our_session().pop(PENDING, None)
    try:
        with unit_of_work():
            change_address(user, email, old_is_safe=old_is_safe, now=utcnow())
    except AddressNotFree:
        form = NewAddressForm(None)
        form.add_error("email", _("This address cannot be used here. Choose another one."))
        page = render_template(
            "account/new_address.html",
            form=form,
            page_errors=form.error_list(),
            back_url=url_for("account.contact"),
        )
        return page, 409
    return redirect(url_for("account.sign_in"))


def _who_signs_in_by_mail() -> User:
    user = signed_in_user()
    if user.is_staff:
        raise Forbidden
    return user


@bp.post("/home/seen")
@requires(Permission.ACCOUNT_OPEN)
def seen() -> ResponseReturnValue:
    """What waited on the first page has been read."""
    with unit_of_work():
        mark_seen(signed_in_user(), now=utcnow())
    return redirect(url_for("account.home"))
