"""The form of a group that finds itself badly translated."""

from __future__ import annotations

from forms.base import BaseForm
from forms.fields import TextArea
from forms.i18n import _


class NotMeantForm(BaseForm):
    """One of the two is enough."""

    objection = TextArea(
        _("What did you mean? Write it in any language."),
        help_text=_("The people who read your application see this beside the translation."),
        max_length=5_000,
    )
    correction = TextArea(
        _("Or write the translation as it should be."),
        help_text=_(
            "It takes the place of the translation. Leave it empty if you do not know this language."
        ),
        max_length=20_000,
    )
