"""A fund's calls: where each one stands and what is to be done next."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from fundapp.clock import utcnow
from fundapp.db import unit_of_work
from fundapp.errors import FundError
from fundapp.models.call import Call, Round
from fundapp.models.fund import Fund
from fundapp.models.user import User
from fundapp.permissions import Permission, can
from fundapp.queries.calls import current_version, definition_of, get_call, list_calls_of_fund
from fundapp.queries.funds import RoundCounts, count_applications, get_fund
from fundapp.queries.outlooks import list_warnings
from fundapp.queries.readiness import open_matters
from fundapp.queries.webhooks import has_silent_webhook
from fundapp.services.calls import (
    archive_call,
    close_call,
    open_call,
    open_next_round,
    publish_call,
    start_monitoring,
)
from fundapp.web.access import requires
from fundapp.web.ring_fence_words import warning_sentence

bp = Blueprint("fund_calls", __name__)


@bp.get("/fund/<uuid:fund_id>")
@requires(Permission.FUND_OPEN, fund=get_fund)
def fund_page(fund: Fund) -> ResponseReturnValue:
    calls = list_calls_of_fund(fund.id)
    counts = count_applications([call.id for call in calls], current_user)
    return render_template(
        "fund/home.html",
        fund=fund,
        may_handle=can(current_user, Permission.COMPLAINT_LIST, fund),
        may_keep=can(current_user, Permission.SAFETY_KEEP, fund),
        may_keep_data=can(current_user, Permission.DATA_KEEP, fund),
        may_start=can(current_user, Permission.CALL_RUN, fund),
        may_run=bool(calls) and can(current_user, Permission.CALL_RUN, calls[0]),
        has_silent_address=has_silent_webhook(fund, current_user),
        warnings=list_warnings(calls, now=utcnow()),
        say_warning=warning_sentence,
        calls=[(call, definition_of(current_version(call)), _counts_of(call, counts)) for call in calls],
    )


def _counts_of(call: Call, counts: dict[UUID, RoundCounts]) -> list[tuple[Round, RoundCounts]]:
    return [(round_, counts.get(round_.id, RoundCounts())) for round_ in call.rounds]


@bp.get("/fund/calls/<uuid:call_id>")
@requires(Permission.CALL_VIEW, call=get_call)
def call_page(call: Call) -> ResponseReturnValue:
    return _call_page(call)


def _call_page(call: Call, refused: FundError | None = None, status: int = 200) -> ResponseReturnValue:
    version = current_version(call)
    return (
        render_template(
            "fund/calls/call.html",
            call=call,
            version=version,
            definition=definition_of(version),
            rounds=_counts_of(call, count_applications([call.id], current_user)),
            matters=open_matters(call),
            refused=refused,
            may_run=can(current_user, Permission.CALL_RUN, call),
            now=utcnow(),
        ),
        status,
    )


Step = Callable[..., None]


def _take(step: Step, call: Call) -> ResponseReturnValue:
    actor: User = current_user
    now: datetime = utcnow()
    try:
        with unit_of_work():
            step(call, actor=actor, now=now)
    except FundError as error:
        return _call_page(get_call(call.id), error, error.status)
    return redirect(url_for("fund_calls.call_page", call_id=call.id))


@bp.post("/fund/calls/<uuid:call_id>/publish")
@requires(Permission.CALL_RUN, call=get_call)
def publish(call: Call) -> ResponseReturnValue:
    return _take(publish_call, call)


@bp.post("/fund/calls/<uuid:call_id>/open")
@requires(Permission.CALL_RUN, call=get_call)
def open_(call: Call) -> ResponseReturnValue:
    return _take(open_call, call)


@bp.post("/fund/calls/<uuid:call_id>/close")
@requires(Permission.CALL_RUN, call=get_call)
def close(call: Call) -> ResponseReturnValue:
    return _take(close_call, call)


@bp.post("/fund/calls/<uuid:call_id>/next-round")
@requires(Permission.CALL_RUN, call=get_call)
def next_round(call: Call) -> ResponseReturnValue:
    return _take(open_next_round, call)


@bp.post("/fund/calls/<uuid:call_id>/monitor")
@requires(Permission.CALL_RUN, call=get_call)
def monitor(call: Call) -> ResponseReturnValue:
    return _take(start_monitoring, call)


@bp.post("/fund/calls/<uuid:call_id>/archive")
@requires(Permission.CALL_RUN, call=get_call)
def archive(call: Call) -> ResponseReturnValue:
    return _take(archive_call, call)
