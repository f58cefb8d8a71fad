"""From the eligibility check to a draft: which group applies."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from flask import redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from forms.answers import AnswerValue, JsonAnswer
from forms.conditions import facts_used
from forms.definition import Stage
from forms.eligibility import Outcome, assess
from forms.i18n import current_language
from forms.pages.apply import YES, StartForm, start_form
from forms.pages.profile import LANGUAGE_NAMES, LEGAL_FORM_WORDS
from fundapp.call_file.definition import CallDefinition
from fundapp.call_file.income_bands import lowest_income
from fundapp.call_file.ring_fences import Fact
from fundapp.db import unit_of_work
from fundapp.lifecycles import ApplicationStatus
from fundapp.models.application import Application
from fundapp.models.call import Call, Round
from fundapp.models.organisation import Community, LegalForm, MemberRight, Organisation
from fundapp.permissions import Permission
from fundapp.queries.applications import list_groups_of, typed_eligibility
from fundapp.queries.calls import current_version, definition_of, get_public_call
from fundapp.queries.drafts import questions_asked
from fundapp.queries.people import has_claimed
from fundapp.services.applications import start_application
from fundapp.services.calls import is_open_for
from fundapp.services.organisations import NewGroup, register_group
from fundapp.services.profiles import note_income
from fundapp.web.access import requires
from fundapp.web.apply.blueprint import arrived_at, bp, new_once, posted_once
from fundapp.web.binding import bind
from fundapp.web.public.known import known_answer
from fundapp.web.sessions import signed_in_user
from fundapp.web.templating import in_own_direction


@bp.route("/calls/<code>/start", methods=["GET", "POST"])
@requires(Permission.APPLICATION_START, call=get_public_call)
def start(call: Call) -> ResponseReturnValue:
    definition = definition_of(current_version(call))
    round_ = find_open_round(call, arrived_at())
    answers: dict[str, JsonAnswer] = session.get(f"eligibility:{call.code}") or {}
    result = assess(definition.eligibility, typed_eligibility(definition, answers))
    may_start = round_ is not None and not result.unanswered and result.outcome is not Outcome.NOT_THIS_FUND
    groups = list_groups_of(signed_in_user(), MemberRight.EDIT, MemberRight.SUBMIT)
    form = bind(_form_for(groups, definition), data=_known(groups))
    if request.method == "POST" and may_start and round_ is not None and form.validate():
        return _start(round_, form, groups, definition, answers)
    status = 422 if request.method == "POST" and may_start else 200
    page = render_template(
        "apply/start.html",
        call=call,
        definition=definition,
        form=form,
        groups=groups,
        legal_form_words=LEGAL_FORM_WORDS,
        language_names=LANGUAGE_NAMES,
        is_open=round_ is not None,
        result=result,
        may_start=may_start,
        once=posted_once() if request.method == "POST" else new_once(),
        page_errors=form.error_list() if request.method == "POST" else [],
    )
    return page, status


def find_open_round(call: Call, now: datetime) -> Round | None:
    return next((round_ for round_ in call.rounds if is_open_for(round_, Stage.EOI, now)), None)


def _form_for(groups: Sequence[Organisation], definition: CallDefinition) -> type[StartForm]:
    used = [facts_used(fence.who) for fence in definition.ring_fences if fence.who is not None]
    return start_form(
        [(str(group.id), in_own_direction(group.name)) for group in groups],
        definition.boroughs,
        asks_migrant_led=any(Fact.MIGRANT_LED in facts for facts in used),
    )


def _known(groups: Sequence[Organisation]) -> dict[str, str]:
    """A person with one group applies for it, unless they say otherwise; what it declared before is kept."""
    if len(groups) != 1:
        return {}
    led_by_migrants = has_claimed(groups[0], Community.MIGRANT)
    return {"group": str(groups[0].id)} | ({"migrant_led": YES} if led_by_migrants else {})


def _start(
    round_: Round,
    form: StartForm,
    groups: Sequence[Organisation],
    definition: CallDefinition,
    answers: dict[str, JsonAnswer],
) -> ResponseReturnValue:
    actor, now = signed_in_user(), arrived_at()
    typed = typed_eligibility(definition, answers)
    with unit_of_work():
        if (known := _chosen(form, groups)) is not None and _has_new_income(known, definition, typed):
            note_income(known, _income(definition, typed), actor=actor, now=now)
        organisation = known or register_group(
            _new_group(form, definition, typed),
            fund=round_.call.fund,
            once=posted_once(),
            actor=actor,
            now=now,
        )
        application = start_application(
            round_,
            organisation=organisation,
            eligibility=answers,
            is_migrant_led=form.is_migrant_led,
            language=current_language().code,
            actor=actor,
            now=now,
        )
        return redirect(_first_page(application))


def _first_page(application: Application) -> str:
    """Straight to the first question: every step before it loses people. A second start leads to the list."""
    if application.answers or application.status is not ApplicationStatus.DRAFT:
        return url_for("apply.application_page", application_id=application.id)
    first = questions_asked(application)[0]
    return url_for("apply.question", application_id=application.id, key=first.key)


def _chosen(form: StartForm, groups: Sequence[Organisation]) -> Organisation | None:
    return next((group for group in groups if str(group.id) == form.group_id), None)


def _new_group(form: StartForm, definition: CallDefinition, answers: dict[str, AnswerValue]) -> NewGroup:
    legal_form = form["legal_form"].data
    borough = form["borough"].data if "borough" in form else None
    return NewGroup(
        name=form["name"].data,
        legal_form=LegalForm(legal_form) if legal_form else None,
        annual_income=_income(definition, answers),
        borough=borough or None,
    )


def _has_new_income(group: Organisation, definition: CallDefinition, answers: dict[str, AnswerValue]) -> bool:
    """The check says another band than the profile does."""
    return any(
        answers.get(item.key) not in (None, known_answer(item.question, group))
        for item in definition.eligibility
        if item.question.carries == "income_band"
    )


def _income(definition: CallDefinition, answers: dict[str, AnswerValue]) -> Decimal | None:
    """Asked once, in the check, as a band; kept as where the band begins."""
    for item in definition.eligibility:
        if item.question.carries == "income_band" and item.key in answers:
            lowest = lowest_income(str(answers[item.key]))
            return None if lowest is None else Decimal(lowest)
    return None
