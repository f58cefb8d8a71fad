"""The register of breaches, with the clock of 72 hours. Its pages belong to `fund_data`."""

from __future__ import annotations

import re
from datetime import datetime, time

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from forms.base import BaseForm
from forms.i18n import _
from forms.pages.data_rights import BreachForm, DecideForm, PeopleForm
from fundapp.call_file.timetable import times_on_the_clock
from fundapp.clock import utcnow
from fundapp.db import unit_of_work
from fundapp.errors import StaleVersion
from fundapp.models.data_rights import Breach, BreachRisk, IcoDecision
from fundapp.models.fund import Fund
from fundapp.moments import LONDON
from fundapp.permissions import Permission
from fundapp.queries.data_rights import digest_of_people_told, get_breach
from fundapp.queries.funds import get_fund
from fundapp.services.breaches import (
    LateNeedsReason,
    RiskIsTold,
    close_breach,
    decide_ico,
    enter_breach,
    note_people,
)
from fundapp.web.access import requires
from fundapp.web.binding import bind, sent_digest
from fundapp.web.errors import MESSAGES
from fundapp.web.fund.data_rights import application_named, bp
from fundapp.web.posted_save import posted_once
from fundapp.web.sessions import signed_in_user

BREACH = "/fund/data/breaches/<uuid:breach_id>"
CLOCK = re.compile(r"([01]?[0-9]|2[0-3])[:.]([0-5][0-9])", re.ASCII)


@bp.get("/fund/<uuid:fund_id>/data/breaches/new")
@requires(Permission.DATA_KEEP, fund=get_fund)
def new_breach(fund: Fund) -> ResponseReturnValue:
    return _new(fund, BreachForm(None))


@bp.post("/fund/<uuid:fund_id>/data/breaches/new")
@requires(Permission.DATA_KEEP, fund=get_fund)
def write_down(fund: Fund) -> ResponseReturnValue:
    form, now = bind(BreachForm), utcnow()
    application = application_named(form, fund) if form.validate() else None
    found_at = _found_at(form, now) if not form.errors else None
    if found_at is None:
        return _new(fund, form), 422
    with unit_of_work():
        breach = enter_breach(
            fund,
            form["what"].data,
            found_at=found_at,
            application=application,
            actor=signed_in_user(),
            now=now,
            once=posted_once(),
        )
    return redirect(url_for(".breach", breach_id=breach.id))


def _found_at(form: BaseForm, now: datetime) -> datetime | None:
    """Of an hour that comes twice when the clocks go back, the first: the clock must not run too slowly."""
    typed = CLOCK.fullmatch(form["found_at"].data.strip())
    if typed is None:
        form.add_error("found_at", _("Write the time like this: 16:05."))
        return None
    day, at = form["found_on"].data, time(int(typed[1]), int(typed[2]))
    if times_on_the_clock(day, at, LONDON) == 0:
        form.add_error("found_at", _("The clocks jump over this time on that day. Write another one."))
        return None
    found = datetime.combine(day, at, LONDON)
    if found > now:
        form.add_error("found_on", _("This is still to come. Write when it was found."))
        return None
    return found


@bp.get(BREACH)
@requires(Permission.DATA_KEEP, breach=get_breach)
def breach(breach: Breach) -> ResponseReturnValue:
    return _page(breach)


@bp.post(f"{BREACH}/decide")
@requires(Permission.DATA_KEEP, breach=get_breach)
def decide(breach: Breach) -> ResponseReturnValue:
    form = bind(DecideForm)
    try:
        if form.validate():
            with unit_of_work():
                decide_ico(
                    breach,
                    IcoDecision(form["ico"].data),
                    risk=BreachRisk(form["risk"].data),
                    reason=form["reason"].data,
                    late_reason=(form["late_reason"].data or "").strip(),
                    actor=signed_in_user(),
                    now=utcnow(),
                )
            return _back(breach)
    except RiskIsTold as error:
        form.add_error("ico", MESSAGES[error.code])
    except LateNeedsReason:
        form.add_error("late_reason", _("Write why it took longer."))
    return _page(breach, decide=form), 422


@bp.post(f"{BREACH}/people")
@requires(Permission.DATA_KEEP, breach=get_breach)
def people(breach: Breach) -> ResponseReturnValue:
    form = bind(PeopleForm)
    if not form.validate():
        return _page(breach, people=form), 422
    told, words, seen = form["told"].data, form["words"].data, sent_digest("seen")
    try:
        with unit_of_work():
            note_people(breach, words, told=told, actor=signed_in_user(), now=utcnow(), seen=seen)
    except StaleVersion:
        return _page(get_breach(breach.id), is_late=True, people=form), 409
    return _back(breach)


@bp.post(f"{BREACH}/close")
@requires(Permission.DATA_KEEP, breach=get_breach)
def close(breach: Breach) -> ResponseReturnValue:
    with unit_of_work():
        close_breach(breach, actor=signed_in_user(), now=utcnow())
    return _back(breach)


def _back(breach: Breach) -> ResponseReturnValue:
    return redirect(url_for(".breach", breach_id=breach.id))


def _new(fund: Fund, form: BaseForm) -> str:
    return render_template("fund/data/new_breach.html", fund=fund, form=form, page_errors=form.error_list())


def _page(breach: Breach, *, is_late: bool = False, **bound: BaseForm) -> str:
    known = {"told": breach.people_told_at is not None, "words": breach.people_words}
    return render_template(
        "fund/data/breach.html",
        each=breach,
        now=utcnow(),
        is_late=is_late,
        seen=digest_of_people_told(breach),
        decide=bound.get("decide") or DecideForm(None),
        people=bound.get("people") or PeopleForm(None, data=known),
        page_errors=[error for form in bound.values() for error in form.error_list()],
    )
