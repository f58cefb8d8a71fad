"""Who reads an answer and what for, in words."""

from __future__ import annotations

from dataclasses import dataclass

from forms.definition import Question, UsedFor
from forms.i18n import _
from forms.localized import LocalizedText
from fundapp.call_file.definition import AskedAnyway, CallDefinition
from fundapp.call_file.readers import Reader, SetBy, readers_of

WORDS: dict[UsedFor | SetBy, str] = {
    UsedFor.ELIGIBILITY: _("whether a group can apply"),
    UsedFor.INVITATION: _("who is invited to the second stage"),
    UsedFor.RING_FENCE: _("money kept for some groups"),
    UsedFor.PAYMENT: _("when and how we pay"),
    UsedFor.CHECKS: _("the checks after a yes"),
    UsedFor.MARKERS: _("your own signs of change, when we stay in touch"),
    UsedFor.PANEL_LIST: _("the list the panel sees"),
    UsedFor.SUPPORT: _("which help we offer you besides money"),
    UsedFor.NEXT_FORM: _("what we ask the next time"),
    SetBy.AMOUNT: _("how much money you ask for"),
    SetBy.STRAND: _("the kind of grant"),
    SetBy.THEME: _("the theme"),
    SetBy.INCOME: _("the size of your group"),
}
CHOICES = tuple((use.value, WORDS[use]) for use in UsedFor)


@dataclass(frozen=True)
class ShownReaders:
    """For a page about a question: criteria have pages of their own, the rest is words."""

    criteria: tuple[str, ...]
    words: tuple[str, ...]
    anyway: AskedAnyway | None

    @property
    def nobody(self) -> bool:
        return not self.criteria and not self.words


def shown_readers(definition: CallDefinition, question: Question) -> ShownReaders:
    found = readers_of(definition, question)
    return ShownReaders(
        tuple(each.criterion for each in found if each.criterion),
        tuple(str(WORDS[each.use]) for each in found if not each.criterion),
        None if found else definition.asked_anyway_because(question.key),
    )


def reader_name(definition: CallDefinition, reader: Reader) -> LocalizedText | str:
    """The title of the criterion, or our words."""
    return definition.criterion(reader.criterion).title if reader.criterion else str(WORDS[reader.use])
