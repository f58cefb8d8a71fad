"""A call with groups enough for figures to be published: who asked, who got money, who must not be named."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from fundapp.clock import utcnow
from fundapp.lifecycles import CallStatus
from fundapp.models.award import Award, Outcome
from fundapp.models.call import Call
from fundapp.models.organisation import Community
from tests.factories import (
    ApplicationFactory,
    AwardFactory,
    ByAndForClaimFactory,
    CallFactory,
    DecisionFactory,
    GrantPublicationFactory,
    OrganisationFactory,
    RatificationFactory,
)

SECRET = "Quiet Harbour circle"


def told_call(**changes: Any) -> Call:
    """40 groups: Hackney 12 (7 funded), Newham 6 (6), Barnet 7 (1), Camden 9 (4), Ealing 5 (none), and one
    that is confidential, in Newham. The claims of the first two boroughs are confirmed."""
    call = CallFactory(**{"closed": True, "status": CallStatus.DECIDED} | changes)
    RatificationFactory(round=call.rounds[0], released=True)
    for borough, asked, funded, income in (
        ("Hackney", 12, 7, "40000.00"),
        ("Newham", 6, 6, "8000.00"),
        ("Barnet", 7, 1, "250000.00"),
        ("Camden", 9, 4, "40000.00"),
        ("Ealing", 5, 0, "40000.00"),
    ):
        for number in range(asked):
            group = OrganisationFactory(borough=borough, annual_income=Decimal(income))
            ask(call, group, amount=Decimal(30_000 + 7 * number) if number < funded else None)
            for community in Community if borough in ("Hackney", "Newham") else ():
                ByAndForClaimFactory(organisation=group, call_id=call.id, community=community)
    hidden = OrganisationFactory(name=SECRET, borough="Newham", is_confidential=True)
    ask(call, hidden, amount=Decimal("12345.00"))
    return call


def ask(call: Call, group: Any, *, amount: Decimal | None) -> Award | None:
    """A full application with its answer; a grant where there is an amount."""
    application = ApplicationFactory(
        call=call,
        organisation=group,
        amount_requested=Decimal("40000.00"),
        **{"in_principle" if amount else "at_panel": True},
    )
    outcome = Outcome.AWARD if amount else Outcome.DECLINE
    DecisionFactory(application=application, outcome=outcome, amount=amount, ratified_at=utcnow())
    if amount is None:
        return None
    award: Award = AwardFactory(application=application, amount=amount, awarded_on=date(2027, 7, 21))
    GrantPublicationFactory(award=award)
    return award
