"""Harvested outcomes for the fund: writing them from passages, and what the groups say of them."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from forms.i18n import _
from forms.pages.harvested_outcomes import OutcomeForm, outcome_form
from fundapp.clock import utcnow
from fundapp.db import unit_of_work
from fundapp.errors import NotPossibleNow
from fundapp.models.award import Award
from fundapp.models.call import Call
from fundapp.models.harvested_outcome import HarvestedOutcome
from fundapp.moments import london_day
from fundapp.permissions import Permission
from fundapp.queries.calls import get_call
from fundapp.queries.grants import get_award
from fundapp.queries.harvested_outcomes import (
    get_outcome,
    group_beside_outcome,
    is_shown,
    list_outcomes,
    list_usable_places,
    still_rests,
)
from fundapp.queries.theme_codes import get_code_book
from fundapp.queries.theme_grid import Place
from fundapp.services.harvested_outcomes import (
    OutcomeWords,
    RestsOnNothing,
    harvest_outcome,
    take_outcome_back,
)
from fundapp.web.access import requires
from fundapp.web.binding import bind, is_posted
from fundapp.web.posted_save import posted_once
from fundapp.web.second_look import details_in
from fundapp.web.sessions import signed_in_user
from fundapp.web.sheet_file import sheet_file
from fundapp.web.templating import in_own_direction

bp = Blueprint("fund_outcomes", __name__)

START = 140  # letters of a passage, to know it again
COLUMNS = (
    "group",
    "theme",
    "what_changed",
    "for_whom",
    "contribution",
    "in_words_of_group",
    "group_may_be_named",
    "confirmed_on",
)


@bp.get("/fund/calls/<uuid:call_id>/outcomes")
@requires(Permission.CALL_RUN, call=get_call)
def page(call: Call) -> ResponseReturnValue:
    return _page(call)


def _page(call: Call, refused: str = "") -> str:
    today = london_day(utcnow())
    outcomes = list_outcomes(call, reader=signed_in_user())
    return render_template(
        "fund/coding/outcomes.html",
        call=call,
        outcomes=[(each, still_rests(each, today)) for each in outcomes],
        refused=refused,
    )


@bp.get("/fund/calls/<uuid:call_id>/outcomes.csv")
@requires(Permission.CALL_RUN, call=get_call)
def sheet(call: Call) -> ResponseReturnValue:
    """Only what groups have confirmed. A file travels; what names a confidential group stays on the page."""
    today, book = london_day(utcnow()), get_code_book(call)
    rows = [
        (
            "confidential" if each.award.keeps_confidential else group_beside_outcome(each),
            book.leads_to[each.theme_code_id].name,
            each.own_changed or each.changed,
            each.own_for_whom or each.for_whom,
            each.own_contribution or each.contribution,
            each.is_in_own_words,
            each.names_group,
            each.answered_at.date() if each.answered_at else None,
        )
        for each in list_outcomes(call, reader=signed_in_user())
        if is_shown(each, today)
    ]
    return sheet_file(f"outcomes-{call.code}.csv", COLUMNS, rows)


@bp.route("/fund/awards/<uuid:award_id>/outcomes/new", methods=["GET", "POST"])
@requires(Permission.AWARD_RUN, award=get_award)
def new(award: Award) -> ResponseReturnValue:
    """What looks like a person or a place is shown once more before the group is asked."""
    now, book = utcnow(), get_code_book(award.call)
    found = list_usable_places(award, reader=signed_in_user(), today=london_day(now))
    places = {str(each.passage.tag.id): each for each in found}
    form: OutcomeForm = bind(
        outcome_form(
            [(str(code.id), in_own_direction(code.name)) for code in book.in_use],
            [(key, _beginning(each)) for key, each in places.items()],
        ),
        data={"theme": request.args.get("theme"), "language": _language_of(found)},
    )
    details = details_in(form) if is_posted() else []
    status = 422
    if is_posted() and form.validate() and not details:
        try:
            with unit_of_work():
                harvest_outcome(
                    award,
                    next(code for code in book.in_use if str(code.id) == form["theme"].data),
                    [places[key] for key in form["passages"].data],
                    OutcomeWords(form.changed.data, form.for_whom.data, form.contribution.data),
                    language=form.language.data,
                    actor=signed_in_user(),
                    now=now,
                    once=posted_once(),
                )
            return redirect(url_for(".page", call_id=award.call_id))
        except RestsOnNothing:
            form.add_error("passages", _("One of these passages has changed. Choose again."))
            status = 409
    written = render_template("fund/coding/outcome_new.html", award=award, form=form, details=details)
    return written, status if form.errors or details else 200


@bp.post("/fund/outcomes/<uuid:outcome_id>/take-back")
@requires(Permission.OUTCOME_KEEP, outcome=get_outcome)
def take_back(outcome: HarvestedOutcome) -> ResponseReturnValue:
    call = outcome.call
    try:
        with unit_of_work():
            take_outcome_back(outcome, actor=signed_in_user(), now=utcnow())
    except NotPossibleNow:
        return _page(call, refused=_("The group has answered meanwhile. Look at it again.")), 409
    return redirect(url_for(".page", call_id=call.id))


def _beginning(place: Place) -> Markup:
    """Of the passage, or of the text where the whole of it is marked."""
    words = place.passage.words or place.read.told.text or _("A recording")
    return in_own_direction(words[:START] + ("…" if len(words) > START else ""))


def _language_of(places: Sequence[Place]) -> str | None:
    """The one that the group speaks to the fund."""
    return next((each.read.told.language for each in places if each.read.told.language), None)
