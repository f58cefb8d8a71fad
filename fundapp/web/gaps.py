"""What a sheet of marks still lacks: the field of the form, and what to do about it."""

from __future__ import annotations

from forms.i18n import _
from fundapp.services.readings import Gap

GAPS = {
    Gap.MARK: ("level", _("Choose a level.")),
    Gap.SENTENCE: ("sentence", _("Write one sentence on why you chose this level.")),
    Gap.QUESTION: ("question", _("Write what we should ask the group.")),
}
