"""What anybody may read: calls and the awards that everybody has been told of."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from fundapp.clock import utcnow
from fundapp.db import Json
from fundapp.models.call import Call
from fundapp.moments import london_day
from fundapp.queries.calls import current_version, definition_of, get_public_call, list_public_calls
from fundapp.queries.open_data import package_for
from fundapp.web.access import public
from fundapp.web.api.blueprint import Asked, answers, bp
from fundapp.web.api.pages import Page, page_of_list
from fundapp.web.api.schemas import PageAsked, PublicAward, PublicCall, page_of


def call_as_data(call: Call) -> Json:
    definition = definition_of(current_version(call))
    return {
        "id": call.id,
        "code": call.code,
        "status": call.status,
        "titles": definition.title.as_dict(),
        "languages": list(definition.languages),
        "rounds": call.rounds,
    }


@bp.get("/calls")
@public("calls are published for everybody")
@answers(page_of(PublicCall), "Published calls, open ones first", query=PageAsked)
def calls(asked: Asked) -> Page:
    return page_of_list([call_as_data(call) for call in list_public_calls()], asked)


@bp.get("/calls/<code>")
@public("calls are published for everybody")
@answers(PublicCall, "One published call")
def call(code: str, asked: Asked) -> Json:
    return call_as_data(get_public_call(code))


@bp.get("/calls/<code>/awards")
@public("awards are published for everybody")
@answers(
    page_of(PublicAward), "Published awards of a call, without those withheld for safety", query=PageAsked
)
def awards(code: str, asked: Asked) -> Page:
    package = package_for(get_public_call(code), london_day(utcnow()))
    return page_of_list([_award(grant) for grant in package["grants"]], asked)


def _award(grant: Json) -> Json:
    """From the line of the open data, so that the two never differ."""
    return {
        "id": grant["id"],
        "title": grant["title"],
        "description": grant["description"],
        "amount": Decimal(str(grant["amountAwarded"])),
        "awarded_on": date.fromisoformat(grant["awardDate"]),
        "recipient": grant["recipientOrganization"][0]["name"],
        "area": grant["beneficiaryLocation"][0]["name"],
    }
