"""What readers call an application: its group, or a number while the call hides names."""

from __future__ import annotations

from forms.i18n import translate
from fundapp.clock import utcnow
from fundapp.models.application import Application
from fundapp.models.panel import Panel
from fundapp.web.panel.blueprint import bp


@bp.app_template_filter()
def reader_name(application: Application, panel: Panel) -> str:
    """The name and its number are never in one page before the panel meets."""
    if not panel.hides_names(utcnow()):
        return application.organisation.name
    copy = application.redacted_copy
    return translate("Application %(number)s", number=copy.number if copy else "–")


@bp.app_template_test()
def without_names(panel: Panel) -> bool:
    return panel.hides_names(utcnow())
