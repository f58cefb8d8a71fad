"""Signing in for people who work for a fund: a passphrase, then a changing code. Part of the area account."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import NoResultFound

from forms.i18n import _
from forms.pages.account import StaffCodeForm, StaffSetUpForm, StaffSignInForm
from fundapp.clock import utcnow
from fundapp.db import unit_of_work
from fundapp.models.user import User
from fundapp.queries.users import get_user
from fundapp.services.sign_in import check_passphrase, use_changing_code
from fundapp.services.users import WeakPassphrase, set_up_staff
from fundapp.web.access import public
from fundapp.web.account import NEXT, asked_from, bp
from fundapp.web.binding import bind, is_posted
from fundapp.web.paths import safe_path
from fundapp.web.sessions import our_session

STEP_LIFE = timedelta(minutes=5)
WEAK: dict[str, str] = {
    "short": _("The passphrase is too short. Use at least 15 characters."),
    "long": _("The passphrase is too long. Use at most 128 characters."),
    "known": _("Many people use this passphrase. Choose another one."),
    "address": _("The passphrase contains your e-mail address. Choose another one."),
}


@bp.route("/staff/sign-in", methods=["GET", "POST"])
@public("nobody is signed in before signing in")
def staff_sign_in() -> ResponseReturnValue:
    form = bind(StaffSignInForm)
    if not is_posted():
        return render_template("account/staff_sign_in.html", form=form)
    if form.validate():
        now = utcnow()
        with unit_of_work():
            user = check_passphrase(
                form.email.data, form.passphrase.data, asked_from=asked_from(form.email.data), now=now
            )
        if user is not None:
            our_session()["staff_step"] = {
                "user": str(user.id),
                "until": (now + STEP_LIFE).isoformat(),
                NEXT: safe_path(request.args.get(NEXT)),
            }
            return redirect(url_for("account.staff_code"))
        form.add_error("passphrase", _("The address or the passphrase is wrong."))
    return render_template("account/staff_sign_in.html", form=form), 422


@bp.route("/staff/sign-in/code", methods=["GET", "POST"])
@public("the second page of signing in")
def staff_code() -> ResponseReturnValue:
    session = our_session()
    begun = session.get("staff_step")
    user = _person_of_first_step(begun)
    if begun is None or user is None:
        return redirect(url_for("account.staff_sign_in"))
    form = bind(StaffCodeForm)
    if not is_posted():
        return render_template("account/staff_code.html", form=form)
    if form.validate():
        with unit_of_work():
            is_right = use_changing_code(
                user, form.code.data, asked_from=asked_from(user.email), now=utcnow()
            )
        if is_right:
            session.sign_in(user, shared_device=not form.own_device.data, proved=True)
            return redirect(begun[NEXT] or url_for("account.home"))
        form.add_error("code", _("This code is wrong, or it was used already. Wait for the next one."))
    return render_template("account/staff_code.html", form=form), 422


def _person_of_first_step(begun: dict[str, str] | None) -> User | None:
    if begun is None or utcnow() >= datetime.fromisoformat(begun["until"]):
        return None
    try:
        return get_user(UUID(begun["user"]))
    except NoResultFound:
        return None


@bp.route("/staff/set-up", methods=["GET", "POST"])
@public("a new member of staff has a one-time code and nothing else")
def staff_set_up() -> ResponseReturnValue:
    form = bind(StaffSetUpForm)
    if not is_posted():
        return render_template("account/staff_set_up.html", form=form)
    if form.validate():
        try:
            with unit_of_work():
                user = set_up_staff(
                    form.email.data,
                    form.set_up_code.data,
                    form.passphrase.data,
                    asked_from=asked_from(form.email.data),
                    now=utcnow(),
                )
            if user is not None:
                return render_template("account/staff_app.html", key=user.totp_secret)
            form.add_error(
                "set_up_code", _("The address or the one-time code is wrong, or the code is too old.")
            )
        except WeakPassphrase as error:
            form.add_error("passphrase", WEAK[error.why])
    return render_template("account/staff_set_up.html", form=form), 422
