"""Signing in and out, and the first page afterwards."""

from __future__ import annotations

import hashlib
import hmac

from flask import Blueprint, current_app, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from forms.i18n import _, current_language
from forms.pages.account import CodeForm, SignInForm
from fundapp.clock import utcnow
from fundapp.db import unit_of_work
from fundapp.permissions import Permission
from fundapp.queries.users import list_waiting_notices, work_of
from fundapp.services.sign_in import AskedFrom, ask_for_code, use_code
from fundapp.web.access import public, requires
from fundapp.web.binding import bind, is_posted
from fundapp.web.language import first_page
from fundapp.web.paths import safe_path
from fundapp.web.sessions import find_signed_in_user, our_session, signed_in_user

NEXT = "next"

bp = Blueprint("account", __name__)


@bp.route("/sign-in", methods=["GET", "POST"])
@public("nobody is signed in before signing in")
def sign_in() -> ResponseReturnValue:
    if find_signed_in_user() is not None:
        return redirect(safe_path(request.args.get(NEXT)) or url_for("account.home"))
    form = bind(SignInForm)
    if not is_posted() or not form.validate():
        return render_template("account/sign_in.html", form=form), 422 if is_posted() else 200
    session = our_session()
    with unit_of_work():
        ask_for_code(
            form.email.data,
            browser_secret=session.browser_secret,
            asked_from=asked_from(form.email.data),
            language=current_language().code,
            now=utcnow(),
        )
    session["sign_in"] = {"email": form.email.data, NEXT: safe_path(request.args.get(NEXT))}
    return redirect(url_for("account.enter_code"))


@bp.route("/sign-in/code", methods=["GET", "POST"])
@public("the second page of signing in")
def enter_code() -> ResponseReturnValue:
    session = our_session()
    begun = session.get("sign_in")
    if begun is None:
        return redirect(url_for("account.sign_in"))
    form = bind(CodeForm)
    if not is_posted() or not form.validate():
        return _code_page(form, begun["email"], 422 if is_posted() else 200)
    with unit_of_work():
        user = use_code(
            form.code.data,
            browser_secret=session.browser_secret,
            asked_from=asked_from(begun["email"]),
            language=current_language().code,
            now=utcnow(),
        )
    if user is None:
        form.add_error("code", _("This code is wrong or too old. Check it, or ask for a new one."))
        return _code_page(form, begun["email"], 422)
    session.sign_in(user, shared_device=not form.own_device.data)
    return redirect(begun[NEXT] or url_for("account.home"))


def _code_page(form: CodeForm, email: str, status: int) -> ResponseReturnValue:
    return render_template("account/code.html", form=form, email=email), status


@bp.post("/sign-out")
@public("ends a session, and does no harm where there is none")
def sign_out() -> ResponseReturnValue:
    our_session().end()
    response = make_response(redirect(first_page(current_language().code)))
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


@bp.get("/home")
@requires(Permission.ACCOUNT_OPEN)
def home() -> ResponseReturnValue:
    user = signed_in_user()
    work, waiting = work_of(user, now=utcnow()), list_waiting_notices(user)
    return render_template("account/home.html", work=work, waiting=waiting)


def asked_from(email: str) -> AskedFrom:
    """Keyed, so that the counts in the database name nobody."""
    return AskedFrom(
        address=_digest(f"address:{email.lower()}"), network=_digest(f"network:{request.remote_addr}")
    )


def _digest(text: str) -> str:
    key = str(current_app.config["SECRET_KEY"]).encode()
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
