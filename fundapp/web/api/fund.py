"""What a fund's own tools read with a key: the same rows as the person of the key sees on the pages."""

from __future__ import annotations

from dataclasses import asdict

from fundapp.clock import utcnow
from fundapp.db import Json
from fundapp.models.api_key import ApiScope
from fundapp.models.award import Award
from fundapp.models.call import Call, Round
from fundapp.moments import london_day
from fundapp.permissions import Permission
from fundapp.queries import fund_applications
from fundapp.queries.calls import get_call, get_round, list_calls_of_fund
from fundapp.queries.check_ins import list_waiting
from fundapp.queries.fund_applications import Wanted, list_applications
from fundapp.queries.grants import list_awards
from fundapp.web.api.access import key, key_opens
from fundapp.web.api.blueprint import Asked, answers, bp
from fundapp.web.api.pages import Page, page_of_list
from fundapp.web.api.public import call_as_data
from fundapp.web.api.schemas import (
    ApplicationsAsked,
    FundAward,
    FundCall,
    ListedApplication,
    PageAsked,
    Payment,
    WaitingCheckIn,
    page_of,
)


@bp.get("/fund/calls")
@key_opens(ApiScope.CALLS, Permission.ACCOUNT_OPEN)
@answers(page_of(FundCall), "All calls of the key's fund, the newest first", query=PageAsked)
def fund_calls(asked: Asked) -> Page:
    return page_of_list([call_as_data(call) for call in list_calls_of_fund(key().fund_id)], asked)


@bp.get("/fund/rounds/<uuid:round_id>/applications")
@key_opens(ApiScope.APPLICATIONS, Permission.CALL_VIEW, round=get_round)
@answers(page_of(ListedApplication), "Applications of a round, the first sent first", query=ApplicationsAsked)
def fund_round_applications(round: Round, asked: Asked) -> Page:
    wanted = Wanted(stage=asked.get("stage"), status=asked.get("status"), page=asked["page"])
    found = list_applications(round.id, wanted, reader=key().user)
    rows = found.rows if found.page == asked["page"] else ()
    return Page([_listed(row) for row in rows], asked["page"], found.pages, found.total)


def _listed(row: fund_applications.ListedApplication) -> Json:
    """As in the file that travels: what names a confidential group stays on the page."""
    return asdict(row) | ({"group": None, "borough": None} if row.is_confidential else {})


@bp.get("/fund/calls/<uuid:call_id>/awards")
@key_opens(ApiScope.AWARDS, Permission.CALL_VIEW, call=get_call)
@answers(page_of(FundAward), "Awards of a call", query=PageAsked)
def fund_awards(call: Call, asked: Asked) -> Page:
    return page_of_list([_award(award) for award in list_awards(call, reader=key().user)], asked)


def _award(award: Award) -> Json:
    is_confidential = (
        award.is_confidential or award.organisation.is_confidential or award.application.is_confidential
    )
    plain = ("id", "public_id", "application_id", "amount", "months", "status", "awarded_on", "starts_on")
    return {name: getattr(award, name) for name in plain} | {
        "group": None if is_confidential else award.organisation.name,
        "is_confidential": is_confidential,
    }


@bp.get("/fund/calls/<uuid:call_id>/payments")
@key_opens(ApiScope.PAYMENTS, Permission.AWARD_READ, call=get_call)
@answers(page_of(Payment), "Planned and made payments of a call, award by award", query=PageAsked)
def fund_payments(call: Call, asked: Asked) -> Page:
    awards = list_awards(call, reader=key().user)
    return page_of_list([each for award in awards for each in award.instalments], asked)


@bp.get("/fund/calls/<uuid:call_id>/check-ins")
@key_opens(ApiScope.CHECK_INS, Permission.CALL_VIEW, call=get_call)
@answers(
    page_of(WaitingCheckIn), "Conversations to have soon, then those that wait for a reply", query=PageAsked
)
def fund_check_ins(call: Call, asked: Asked) -> Page:
    waiting = list_waiting(call, today=london_day(utcnow()), reader=key().user)
    return page_of_list([*waiting.to_talk, *waiting.to_answer], asked)
