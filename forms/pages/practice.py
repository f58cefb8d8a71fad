"""Forms of the practice round."""

from __future__ import annotations

from collections.abc import Sequence

from forms.base import BaseForm, Explained
from forms.fields import ChoiceField, DateField, TextArea, TextField
from forms.i18n import _
from forms.pages.panel import SENTENCE_LENGTH
from forms.validators import Required


class PracticeDatesForm(BaseForm):
    first_day = DateField(_("First day of the practice round"), [Required(_("Choose a day."))])
    last_day = DateField(_("Last day of the practice round"), [Required(_("Choose a day."))])


def sample_form(criteria: Sequence[tuple[str, str]]) -> type[BaseForm]:
    """A title, and for each criterion (key, title) what the sample says: `text_<key>`."""
    fields: dict[str, Explained] = {
        "sample_title": TextField(
            _("Name of the sample"), [Required(_("Write a name for the sample."))], max_length=120
        )
    }
    for key, title in criteria:
        fields[f"text_{key}"] = TextArea(
            title, [Required(_("Write what the sample says: %(question)s", question=title))], max_length=3_000
        )
    return type("SampleForm", (BaseForm,), fields)


def practice_form(criteria: Sequence[str], levels: Sequence[tuple[str, str]]) -> type[BaseForm]:
    """For each criterion a level and a sentence: `level_<key>` and `sentence_<key>`."""
    fields: dict[str, Explained] = {}
    for key in criteria:
        fields[f"level_{key}"] = ChoiceField(_("Which level fits best?"), choices=levels)
        fields[f"sentence_{key}"] = TextArea(_("Why? One sentence."), max_length=SENTENCE_LENGTH)
    return type("PracticeForm", (BaseForm,), fields)


def agreed_form(levels: Sequence[int]) -> type[BaseForm]:
    """What the panel agrees each level means: `level_<number>`."""
    fields: dict[str, Explained] = {
        f"level_{level}": TextArea(_("What does level %(level)s mean here?", level=level), max_length=600)
        for level in levels
    }
    return type("AgreedForm", (BaseForm,), fields)
