"""What is said of a ring-fence while groups still write."""

from __future__ import annotations

from datetime import datetime

from forms.i18n import _
from forms.money import money_in_text
from fundapp.call_file.definition import CallDefinition
from fundapp.moments import show_date
from fundapp.queries.call_money import pounds
from fundapp.queries.outlooks import Warned
from scoring.outlook import Outlook, Prospect
from scoring.records import Measure


def outlook_sentence(one: Prospect, measure: Measure, ends_at: datetime, *, can_start: bool) -> str:
    """Only what the figures say; the words for a forecast say that it is one."""

    def words(number: int) -> str:
        return money_in_text(pounds(number))

    if measure is Measure.COUNT:
        return _(
            "Groups that have sent and count: %(sent)s. Needed among all that have sent: %(needed)s.",
            sent=one.sent,
            needed=one.needed,
        )
    match one.outlook:
        case Outlook.ENOUGH:
            said = _("%(sent)s is sent and %(needed)s is needed: enough, if claims are confirmed.")
        case Outlook.DRAFTS_DECIDE:
            said = _(
                "%(sent)s is sent and %(drafts)s is being written. "
                "%(needed)s is needed: it depends on the drafts."
            )
        case Outlook.PACE:
            said = _(
                "At the pace so far it would be %(projected)s by %(day)s. "
                "%(needed)s is needed: new groups must still come."
            )
        case Outlook.TOO_EARLY:
            said = _("%(sent)s is sent and %(needed)s is needed: too early to say more.")
        case Outlook.SHORT if can_start:
            said = _(
                "At the pace so far it would be only %(projected)s by %(day)s. "
                "%(needed)s is needed: invite more groups now."
            )
        case _:
            said = _("%(short)s is missing even if every draft is sent. Nobody can start any more.")
    return said % {
        "sent": words(one.sent),
        "needed": words(one.needed),
        "drafts": words(one.drafts),
        "projected": words(one.projected or 0),
        "short": words(one.short),
        "day": show_date(ends_at),
    }


def warning_sentence(warned: Warned, definition: CallDefinition) -> str:
    """As it was on the day of the warning."""
    measure = Measure(definition.ring_fence(warned.ring_fence).measure.value)
    return outlook_sentence(warned.prospect, measure, warned.ends_at, can_start=warned.can_start)
