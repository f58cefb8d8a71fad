"""What readers call an application: its group, or a number while the call hides names."""

from __future__ import annotations

from forms.i18n import translate
from fundapp.documents.paper import Words, own
from fundapp.models.application import Application


def name_for_readers(application: Application, *, hides_names: bool) -> Words:
    if not hides_names:
        return Words(application.organisation.name)
    copy = application.redacted_copy
    return own(translate("Application %(number)s", number=copy.number if copy else "–"))
