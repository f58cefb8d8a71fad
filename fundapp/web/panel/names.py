"""What readers call an application: its group, or a number while the call hides names."""

from __future__ import annotations

from fundapp.clock import utcnow
from fundapp.documents.reader_names import name_for_readers
from fundapp.models.application import Application
from fundapp.models.panel import Panel
from fundapp.web.panel.blueprint import bp


@bp.app_template_filter()
def reader_name(application: Application, panel: Panel) -> str:
    """The name and its number are never in one page before the panel meets."""
    return name_for_readers(application, hides_names=panel.hides_names(utcnow())).text


@bp.app_template_test()
def without_names(panel: Panel) -> bool:
    return panel.hides_names(utcnow())
