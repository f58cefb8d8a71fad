"""What an award file may hold. Money is whole pence; names that nobody knows are errors."""

from __future__ import annotations

from marshmallow import fields, validate

from fundapp.plain_file import Name, Strict
from scoring.amounts import TopUp
from scoring.objectives import Objective
from scoring.records import MOST_PENCE, Base, Kind, Measure

MOST_APPLICATIONS = 100_000


class Pence(fields.Integer):
    """Whole pence; also a number of awards where a ring-fence counts them."""

    def __init__(self, *, required: bool = False) -> None:
        super().__init__(strict=True, required=required, validate=validate.Range(0, MOST_PENCE))


class ShareSchema(Strict):
    pence = Pence(required=True)
    groups = fields.List(Name(), load_default=list)
    claimed_groups = fields.List(Name(), load_default=list)


class ApplicationSchema(Strict):
    i = Name()
    id = Name()
    request_pence = Pence(required=True)
    score = fields.Integer(strict=True, load_default=0, validate=validate.Range(-(10**9), 10**9))
    groups = fields.List(Name(), load_default=list)
    claimed_groups = fields.List(Name(), load_default=list)
    borough = Name(allow_none=True)
    theme = Name(allow_none=True)
    organisation = Name(allow_none=True)
    floor_pence = Pence()
    shares = fields.List(fields.Nested(ShareSchema), validate=validate.Length(1, 3))


class RingFenceSchema(Strict):
    key = Name(required=True)
    kind = fields.Enum(Kind, by_value=True, required=True)
    measure = fields.Enum(Measure, by_value=True, load_default=Measure.VALUE)
    base = fields.Enum(Base, by_value=True, required=True)
    percent = fields.Decimal()
    amount = Pence()
    group = Name()


class AwardFileSchema(Strict):
    id = Name(load_default="")
    order_rule = fields.String()
    expected = fields.Raw()
    budget_pence = Pence(required=True)
    fund_pence = Pence()
    is_last_round = fields.Boolean(load_default=True)
    applications = fields.List(
        fields.Nested(ApplicationSchema), required=True, validate=validate.Length(max=MOST_APPLICATIONS)
    )
    order = fields.List(Name())
    ring_fence_min_pence = fields.List(Pence(), load_default=list)
    ring_fence_min_percent_of_awarded = fields.List(fields.Decimal(), load_default=list)
    cap_per_borough_pence = Pence()
    cap_per_theme_pence = Pence()
    ring_fences = fields.List(fields.Nested(RingFenceSchema), load_default=list)
    minimum_score = fields.Integer(strict=True)
    least_pence = Pence()
    most_pence = Pence()
    one_per_organisation = fields.Boolean(load_default=False)
    exclusions = fields.List(fields.List(Name(), validate=validate.Length(min=2)), load_default=list)
    must_fund = fields.Dict(keys=Name(), values=fields.String(validate=validate.Length(1)), load_default=dict)
    must_not_fund = fields.Dict(
        keys=Name(), values=fields.String(validate=validate.Length(1)), load_default=dict
    )
    part_funding = fields.Enum(TopUp, by_value=True, allow_none=True)
    objective = fields.Enum(Objective, by_value=True, load_default=Objective.MERIT_ORDER)
