"""A call that is being shaped, and people without an account who come to it by a link."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from fundapp.call_file.codesign import Deciding, DecisionRule
from fundapp.call_file.shipped import reference_call
from fundapp.call_file.variants import shift_dates, with_code
from fundapp.clock import utcnow
from fundapp.db import db
from fundapp.queries.codesign import list_points, list_sessions, session_of
from fundapp.services.calls import import_call
from fundapp.services.codesign import change_session, start_codesign
from fundapp.services.codesign_links import make_link
from tests.factories import FundRoleFactory
from tests.sign_in import csrf_token_in


@dataclass
class Stage:
    call: Any
    role: Any
    token: str
    link: Any

    def url(self, rest: str = "", language: str = "en") -> str:
        return f"/{language}/calls/SHAPE/take-part/{self.token}" + (f"/{rest}" if rest else "")

    def last_point(self) -> Any:
        db.session.expire_all()
        return max(list_points(self.call), key=lambda row: int(row.key[1:]))


def make_stage() -> Stage:
    """A call in co-design, a session that decides by consent, and a link for three people."""
    role = FundRoleFactory()
    file = with_code(shift_dates(reference_call(), -700), "SHAPE")
    call = import_call(file, fund=role.fund, actor=None, now=utcnow())
    start_codesign(call, actor=role.user, now=utcnow())
    db.session.flush()
    return Stage(call, role, *new_link(call, role, DecisionRule.CONSENT))


def new_link(call: Any, role: Any, rule: DecisionRule, people: int = 3) -> tuple[str, Any]:
    row = list_sessions(call)[0]
    deciding = dataclasses.replace(session_of(row), deciding=Deciding(rule, 2))
    change_session(row, deciding, actor=role.user, now=utcnow())
    link, token = make_link(
        row, people=people, ends_on=utcnow().date() + timedelta(days=3), actor=role.user, now=utcnow()
    )
    db.session.flush()
    return token, link


def guest_of(app: Any, stage: Stage) -> Any:
    """A browser in which nobody has signed in, on the page behind the link."""
    browser = app.test_client()
    page = browser.get(stage.url("say"))
    browser.environ_base["HTTP_X_CSRFTOKEN"] = csrf_token_in(page)
    return browser
