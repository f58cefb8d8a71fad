"""People who come by a link of co-design: the link is opened, and their voice is made."""

from __future__ import annotations

import functools
import hashlib
import hmac
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue

from forms.i18n import _, current_language, translate
from forms.localized import LocalizedText
from fundapp.call_file.codesign import PlannedSession
from fundapp.call_file.definition import CallDefinition
from fundapp.clock import utcnow
from fundapp.models.call import Call
from fundapp.models.codesign_voice import CodesignLink
from fundapp.queries.calls import current_version, definition_of
from fundapp.queries.codesign import list_sessions, session_of
from fundapp.queries.voices import get_link, works
from fundapp.services.codesign_links import link_digest
from fundapp.web.binding import is_posted
from fundapp.web.kept_text import kept_fields
from fundapp.web.language import in_each_language
from fundapp.web.sessions import LENGTH_OF_VOICE, VOICE, our_session

View = Callable[..., ResponseReturnValue]
ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
_CODE = re.compile(f"[{ALPHABET}]{{{LENGTH_OF_VOICE}}}")
SIGN_OUT_FIRST = _("You are signed in. Sign out first, so that nobody can join what you say to your name.")
STOP_FIRST = _(
    "You have begun to sign in here, or this browser keeps many other answers. So that nobody can join what "
    "you say to your name, it counts only when you stop signing in here."
)
ALONE = "alone"  # the button that does so


@dataclass(frozen=True)
class Guest:
    """Somebody who holds a link that works."""

    link: CodesignLink
    token: str

    @property
    def call(self) -> Call:
        return self.link.call

    @property
    def definition(self) -> CallDefinition:
        return definition_of(current_version(self.call))

    @property
    def session(self) -> PlannedSession | None:
        rows = {row.key: row for row in list_sessions(self.call)}
        row = rows.get(self.link.session_key)
        return session_of(row) if row else None

    def url(self, endpoint: str, **values: Any) -> str:
        return url_for(f"public.{endpoint}", code=self.call.code, token=self.token, **values)

    @property
    def writes_in(self) -> str:
        """The language in which wordings are proposed: that of the page, where the call has it."""
        here, languages = current_language().code, self.definition.languages
        return here if here in languages else languages[0]


def by_link(view: View) -> View:
    """The view gets a `guest`. A link that was stopped or is over says so; an unknown one is no page."""

    @functools.wraps(view)
    def opened(code: str, token: str, **arguments: object) -> ResponseReturnValue:
        link = get_link(code, link_digest(token))
        if not works(link, utcnow()):
            return over(link, kept=kept_fields()) if is_posted() else over(link)
        return view(guest=Guest(link, token), **arguments)

    return opened


def over(link: CodesignLink, **kept: object) -> ResponseReturnValue:
    return render_template(
        "take_part/over.html", call=link.call, definition=definition_of(current_version(link.call)), **kept
    ), 409 if kept else 200


def is_signed_in() -> bool:
    """Their session is stored under their name, so it must not hold a voice."""
    return our_session().user_id is not None


def why_no_voice() -> str | None:
    """What keeps a voice from this browser; None when it can carry one."""
    if is_signed_in():
        return SIGN_OUT_FIRST
    return None if our_session().carries_itself else STOP_FIRST


def stops_signing_in() -> bool:
    """Whether the button of that sentence was pressed; then this browser can carry a voice."""
    is_pressed = ALONE in request.form and why_no_voice() == STOP_FIRST
    if is_pressed:
        our_session().stand_alone()
    return is_pressed


def voice_code() -> str | None:
    """What this browser holds; None where it cannot carry a voice."""
    if why_no_voice() is not None:
        return None
    code = our_session().get(VOICE)
    if not isinstance(code, str) or not _CODE.fullmatch(code):
        code = "".join(secrets.choice(ALPHABET) for _place in range(LENGTH_OF_VOICE))
        our_session()[VOICE] = code
    return code


def take_back(typed: str) -> bool:
    """Whether it can be a code; then this browser speaks with it from now on."""
    code = re.sub(r"[\s-]", "", typed).upper()
    if not _CODE.fullmatch(code):
        return False
    our_session()[VOICE] = code
    return True


def voice_for(about: UUID) -> str:
    """The voice of this browser about one thing; nobody can join it to its voice about another."""
    code = voice_code()
    if code is None:
        raise LookupError("this browser carries no voice")
    key = hashlib.sha256(f"voice:{current_app.config['SECRET_KEY']}".encode()).digest()
    return hmac.new(key, f"{about.hex}:{code}".encode(), hashlib.sha256).hexdigest()


def somebody(languages: tuple[str, ...]) -> LocalizedText:
    """Who said it, for those who do not want to be known by their role either."""
    return in_each_language(languages, lambda _code: translate("Somebody who took part"))
