"""What the API says, field by field. Nothing is written that is not named here. Money is pounds as text."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from fundapp.lifecycles import (
    ApplicationStatus,
    AwardStatus,
    CallStatus,
    CheckInStatus,
    ClaimStatus,
    InstalmentStatus,
)
from fundapp.models.application import ApplicationStage

PAGE_SIZE = 50
LAST_PAGE = 100_000


class Pounds(fields.Decimal):
    """Two decimals, as text, so that no program makes a float of it."""

    def __init__(self, *, allow_none: bool = False) -> None:
        super().__init__(places=2, as_string=True, allow_none=allow_none)


class NothingAsked(Schema):
    """For routes without a query."""


class PageAsked(Schema):
    page = fields.Integer(load_default=1, validate=validate.Range(1, LAST_PAGE))


class ApplicationsAsked(PageAsked):
    stage = fields.Enum(ApplicationStage, by_value=True)
    status = fields.Enum(ApplicationStatus, by_value=True)


class ErrorAnswer(Schema):
    error = fields.Integer(required=True, metadata={"description": "the HTTP status"})
    say = fields.String(required=True, metadata={"description": "a sentence that says what to do"})
    fields_ = fields.Dict(keys=fields.String(), values=fields.Raw(), data_key="fields")


class PublicRound(Schema):
    code = fields.String(required=True)
    opens_at = fields.AwareDateTime(required=True)
    eoi_closes_at = fields.AwareDateTime(required=True)
    full_closes_at = fields.AwareDateTime(required=True)
    told_at = fields.AwareDateTime(required=True, metadata={"description": "the day promised to groups"})


class PublicCall(Schema):
    code = fields.String(required=True)
    status = fields.Enum(CallStatus, by_value=True, required=True)
    titles = fields.Dict(keys=fields.String(), values=fields.String(), required=True)
    languages = fields.List(fields.String(), required=True)
    rounds = fields.List(fields.Nested(PublicRound), required=True)


class PublicAward(Schema):
    """A line of the open data of the call; `/open-data/CODE.json` says more, in the 360Giving standard."""

    id = fields.String(required=True)
    title = fields.String(required=True)
    description = fields.String(required=True)
    amount = Pounds()
    awarded_on = fields.Date(required=True)
    recipient = fields.String(required=True)
    area = fields.String(required=True)


class FundRound(PublicRound):
    id = fields.UUID(required=True)


class FundCall(PublicCall):
    id = fields.UUID(required=True)
    rounds = fields.List(fields.Nested(FundRound), required=True)


class ListedApplication(Schema):
    """Names and boroughs of confidential groups stay on the fund's own pages."""

    id = fields.UUID(required=True)
    group = fields.String(required=True, allow_none=True)
    is_confidential = fields.Boolean(required=True)
    borough = fields.String(required=True, allow_none=True)
    income = Pounds(allow_none=True)
    strand = fields.String(required=True, allow_none=True)
    amount = Pounds(allow_none=True)
    stage = fields.Enum(ApplicationStage, by_value=True, required=True)
    status = fields.Enum(ApplicationStatus, by_value=True, required=True)
    language = fields.String(required=True)
    sent_at = fields.AwareDateTime(required=True, allow_none=True)
    by_and_for = fields.Enum(ClaimStatus, by_value=True, required=True, allow_none=True)
    migrant_led = fields.Enum(ClaimStatus, by_value=True, required=True, allow_none=True)


class FundAward(Schema):
    id = fields.UUID(required=True)
    public_id = fields.String(required=True)
    application_id = fields.UUID(required=True)
    group = fields.String(required=True, allow_none=True)
    is_confidential = fields.Boolean(required=True)
    amount = Pounds()
    months = fields.Integer(required=True)
    status = fields.Enum(AwardStatus, by_value=True, required=True)
    awarded_on = fields.Date(required=True)
    starts_on = fields.Date(required=True, allow_none=True)


class Payment(Schema):
    id = fields.UUID(required=True)
    award_id = fields.UUID(required=True)
    number = fields.Integer(required=True)
    amount = Pounds()
    due_on = fields.Date(required=True)
    status = fields.Enum(InstalmentStatus, by_value=True, required=True)
    paid_at = fields.AwareDateTime(required=True, allow_none=True)


class WaitingCheckIn(Schema):
    id = fields.UUID(required=True)
    award_id = fields.UUID(required=True)
    kind = fields.String(required=True)
    due_on = fields.Date(required=True)
    status = fields.Enum(CheckInStatus, by_value=True, required=True)
    reply_due_on = fields.Date(required=True, allow_none=True)


def page_of(item: type[Schema]) -> type[Schema]:
    """A page of a list, under a name of its own in the description."""
    return Schema.from_dict(
        {
            "items": fields.List(fields.Nested(item), required=True),
            "page": fields.Integer(required=True),
            "pages": fields.Integer(required=True),
            "total": fields.Integer(required=True),
        },
        name=f"PageOf{item.__name__}",
    )
