"""When groups are asked how the fund was, in words."""

from __future__ import annotations

from forms.i18n import _
from fundapp.models.funder_feedback import FeedbackMoment

MOMENTS = {
    FeedbackMoment.DECISION: _("After the decision, whatever it was"),
    FeedbackMoment.MONTH_12: _("After twelve months"),
    FeedbackMoment.END: _("At the end of the grant"),
}
