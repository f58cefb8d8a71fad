"""Every route says who may use it. Loading is checking: a view never holds a thing its reader may not see."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import Flask, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import Forbidden, NotFound

from forms.i18n import _
from fundapp.models.user import User
from fundapp.permissions import SEEN_WITH, Permission, can
from fundapp.web.kept_text import refused
from fundapp.web.sessions import find_signed_in_user
from fundapp.web.unsaved import is_sent_later, keep_for_writer, written_by

View = TypeVar("View", bound=Callable[..., ResponseReturnValue])
Loader = Callable[[Any], object]

WITHOUT_DECLARATION = frozenset({"static"})  # files that are the same for everybody
SIGNED_OUT = _("You were signed out. Press Save: what you wrote waits for you while you sign in.")
_NAME = "access"


class AccessNotDeclared(RuntimeError):
    """A route says neither `@requires` nor `@public`; the app does not start."""


@dataclass(frozen=True)
class Access:
    """What a route declares: a permission, or the reason why anybody may come."""

    permission: Permission | None = None
    reason: str = ""


def public(reason: str) -> Callable[[View], View]:
    """Anybody may open this. Say why."""
    if not reason:
        raise AccessNotDeclared("an open page needs a reason")

    def declare(view: View) -> View:
        setattr(view, _NAME, Access(reason=reason))
        return view

    return declare


def requires(permission: Permission, **loaders: Loader) -> Callable[[View], View]:
    """Sign in first; then each `thing=get_thing` is called with the URL's `thing_id` (or `code`).

    The view gets the things under their names instead of the ids. The permission is asked for the first one.
    Who may not: 404 where a thing was loaded (nobody learns that it exists), 403 where there is none or where
    the person may see it.
    """
    return checked_for(_whoever_is_signed_in, permission, loaders)


def _whoever_is_signed_in(permission: Permission) -> User | ResponseReturnValue:
    user = find_signed_in_user()
    return user if user is not None and written_by(user.id) else ask_to_sign_in(permission)


def checked_for(
    find_person: Callable[[Permission], User | ResponseReturnValue],
    permission: Permission,
    loaders: Mapping[str, Loader],
    *,
    is_inside: Callable[[object], bool] = lambda _subject: True,
) -> Callable[[View], View]:
    """Like `requires`, for the person found; another answer than a person is the answer of the page.

    What is not `is_inside` is not there.
    """

    def declare(view: View) -> View:
        @functools.wraps(view)
        def checked(**arguments: Any) -> ResponseReturnValue:
            user = find_person(permission)
            if not isinstance(user, User):
                return user
            things = {
                name: load(arguments.pop(_argument_of(name, arguments))) for name, load in loaders.items()
            }
            subject = next(iter(things.values()), None)
            if not is_inside(subject):
                raise NotFound
            if not can(user, permission, subject):
                sees = permission in SEEN_WITH and can(user, SEEN_WITH[permission], subject)
                raise NotFound if things and not sees else Forbidden
            return view(**things, **arguments)

        setattr(checked, _NAME, Access(permission=permission))
        return checked  # type: ignore[return-value]  # the same view, asked for ids instead of things

    return declare


def _argument_of(name: str, arguments: dict[str, Any]) -> str:
    return f"{name}_id" if f"{name}_id" in arguments else "code"


def access_of(app: Flask, endpoint: str | None) -> Access | None:
    """What the route of this endpoint declares."""
    return getattr(app.view_functions.get(endpoint or ""), _NAME, None)


def ask_to_sign_in(permission: Permission) -> ResponseReturnValue:
    """Lead a reader to the sign-in page. Keep what a writer typed until they have signed in again."""
    staff = permission.startswith("fund:")
    endpoint = "account.staff_sign_in" if staff else "account.sign_in"
    if request.method in ("GET", "HEAD"):
        return redirect(url_for(endpoint, next=request.full_path.removesuffix("?")))
    page = keep_for_writer()
    if page and is_sent_later():
        return "", 202  # its phone need not keep it any more
    sign_in_url = url_for(endpoint, next=page)
    return refused("account/sign_in_first.html", 401, SIGNED_OUT, sign_in_url=sign_in_url, is_kept=bool(page))


def check_routes_declare_access(app: Flask) -> None:
    """Raises AccessNotDeclared with every route that says nothing."""
    silent = sorted(
        {
            rule.endpoint
            for rule in app.url_map.iter_rules()
            if rule.endpoint not in WITHOUT_DECLARATION and access_of(app, rule.endpoint) is None
        }
    )
    if silent:
        raise AccessNotDeclared(f"routes without @requires or @public: {', '.join(silent)}")
