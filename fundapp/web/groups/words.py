"""What a host reads and signs, in its language."""

from __future__ import annotations

import hashlib
from decimal import Decimal

from forms.i18n import translate
from forms.pages.people import DECIDERS
from fundapp.models.partnership import FiscalHost
from fundapp.web.templating import isolated


def host_text(host: FiscalHost, most: Decimal) -> tuple[str, ...]:
    """The sentences above the signature; the first names the group and the fund."""
    application = host.application
    return (
        translate(
            "The group %(group)s asks %(fund)s for money, and asks you to be its host.",
            group=isolated(application.organisation.name),
            fund=isolated(application.call.fund.organisation_name),
        ),
        translate(
            "A host holds the money of the group and pays its bills. The work stays that of the group."
        ),
        translate("We keep this money apart from our own, and use it for the group only."),
        translate("Two people who are not related to each other agree to every payment."),
        translate(
            "We keep at most %(percent)s%% of the grant for this work.", percent=f"{most.normalize():f}"
        ),
        translate("If the grant is given, the fund, the group and we sign one agreement together."),
        translate("I may sign for my organisation."),
    )


def text_digest(text: tuple[str, ...]) -> str:
    """So that nobody signs a text that changed under their eyes."""
    return hashlib.sha256("\n".join(text).encode()).hexdigest()[:32]


def signed_text(
    text: tuple[str, ...], *, organisation: str, decides: str, fee: Decimal, signed_by: str
) -> str:
    """Everything that was read and typed, as it is kept."""
    return "\n".join(
        [
            *text,
            translate("Organisation: %(name)s", name=isolated(organisation)),
            translate("Who decides: %(words)s", words=str(dict(DECIDERS)[decides])),
            translate("We keep: %(percent)s%%", percent=f"{fee:f}"),
            translate("Signed: %(name)s", name=isolated(signed_by)),
        ]
    )
