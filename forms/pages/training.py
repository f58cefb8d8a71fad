"""The form for training that members of a panel have taken."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from forms.base import BaseForm
from forms.fields import ChoicesField, DateField
from forms.i18n import _
from forms.validators import Required


def training_form(
    members: Sequence[tuple[str, str | Markup]], topics: Sequence[tuple[str, str]]
) -> type[BaseForm]:
    class TrainingForm(BaseForm):
        topics_taken = ChoicesField(
            _("What was the training about?"),
            [Required(_("Choose at least one topic."))],
            choices=topics,
        )
        taken_on = DateField(_("On which day?"), [Required(_("Choose a day."))])
        members_there = ChoicesField(
            _("Who was there?"), [Required(_("Choose at least one member."))], choices=members
        )

    return TrainingForm
