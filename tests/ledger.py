"""The worked example of the reference call: awards A1 to A5 and what they must add up to."""

from __future__ import annotations

from decimal import Decimal

from fundapp.lifecycles import AwardStatus, ClaimStatus
from fundapp.models.call import Call
from fundapp.models.organisation import Community, Organisation
from tests.factories import (
    AwardFactory,
    AwardShareFactory,
    ByAndForClaimFactory,
    CallFactory,
    OrganisationFactory,
)


def group(
    call: Call,
    by_and_for: ClaimStatus | None,
    *,
    migrant: ClaimStatus | None = None,
    borough: str = "Hackney",
    income: Decimal = Decimal(40_000),
) -> Organisation:
    """A group with what it claims in this call."""
    organisation: Organisation = OrganisationFactory(borough=borough, annual_income=income)
    for community, status in ((Community.BY_AND_FOR, by_and_for), (Community.MIGRANT, migrant)):
        if status is not None:
            ByAndForClaimFactory(
                organisation=organisation,
                call_id=call.id,
                community=community,
                status=status,
                reason="The committee is led by others." if status is ClaimStatus.NOT_MET else None,
            )
    return organisation


def worked_ledger() -> Call:
    """A1 to A5 of the reference call."""
    call: Call = CallFactory(deciding=True)
    confirmed, declared, not_met = ClaimStatus.CONFIRMED, ClaimStatus.DECLARED, ClaimStatus.NOT_MET
    _award(call, 100_000, group(call, confirmed))
    _award(call, 100_000, group(call, not_met))
    lead, second, third = group(call, confirmed), group(call, confirmed), group(call, not_met)
    partnership = _award(call, 120_000, lead)
    for organisation, amount in ((lead, 60_000), (second, 40_000), (third, 20_000)):
        AwardShareFactory(award=partnership, organisation=organisation, amount=Decimal(amount))
    _award(call, 60_000, group(call, declared))
    _award(call, 80_000, group(call, confirmed), status=AwardStatus.WITHDRAWN)
    return call


def _award(call: Call, pounds: int, organisation: Organisation, **traits: object) -> AwardFactory:
    return AwardFactory(
        application__call=call,
        application__organisation=organisation,
        amount=Decimal(pounds),
        **traits,
    )
