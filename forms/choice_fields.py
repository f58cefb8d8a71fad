"""Questions answered by choosing: one, several, yes or no, a box to tick."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup
from wtforms.fields.core import Label
from wtforms.validators import StopValidation
from wtforms.widgets import html_params

from forms.base import Explained
from forms.i18n import _
from forms.languages import text_direction


@dataclass(frozen=True)
class Option:
    """One thing to choose, as templates draw it."""

    id: str
    data: str
    label: Label
    checked: bool


class ChoiceField(Explained):
    """One of several, as radio buttons. `data` is the key, or None."""

    control = "radios"

    def __init__(
        self,
        label: str | None = None,
        validators: Sequence[Any] | None = None,
        *,
        choices: Sequence[tuple[str, str]] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(label, validators, **kwargs)
        self.choices = list(choices)

    def __iter__(self) -> Iterator[Option]:
        """The first option has the id of the question, so that the error summary leads to it."""
        for number, (key, text) in enumerate(self.choices):
            option_id = f"{self.id}-{number}" if number else self.id
            yield Option(option_id, key, Label(option_id, text), self._is_chosen(key))

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = valuelist[0] if valuelist and valuelist[0] else None

    def pre_validate(self, form: Any) -> None:
        if any(key not in dict(self.choices) for key in self._chosen()):
            raise StopValidation(_("Choose one of the answers on this page."))

    def _chosen(self) -> tuple[str, ...]:
        return () if self.data is None else (str(self.data),)

    def _is_chosen(self, key: str) -> bool:
        return key in self._chosen()


class ChoicesField(ChoiceField):
    """Any number of several, as boxes to tick. `data` is a tuple of keys in the order of the form."""

    control = "checkboxes"

    def process_data(self, value: Any) -> None:
        self.data = tuple(value or ())

    def process_formdata(self, valuelist: list[str]) -> None:
        known = [key for key, _text in self.choices if key in valuelist]
        unknown = [key for key in valuelist if key not in known]
        self.data = (*known, *unknown)

    def _chosen(self) -> tuple[str, ...]:
        return tuple(self.data)


class YesNoField(ChoiceField):
    """`data` is True, False or None."""

    control = "yes_no"
    no_is_an_answer = True

    def __init__(
        self, label: str | None = None, validators: Sequence[Any] | None = None, **kwargs: Any
    ) -> None:
        super().__init__(label, validators, choices=(("yes", _("Yes")), ("no", _("No"))), **kwargs)

    def process_formdata(self, valuelist: list[str]) -> None:
        super().process_formdata(valuelist)
        self.data = {"yes": True, "no": False}.get(self.data, self.data)

    def _chosen(self) -> tuple[str, ...]:
        match self.data:
            case None:
                return ()
            case bool():
                return ("yes" if self.data else "no",)
        return (str(self.data),)


class SelectField(ChoiceField):
    """One of many, as a list that opens; for staff and for long lists such as boroughs."""

    control = "select"

    def marks_of(self, option: Option) -> dict[str, str]:
        """Further attributes of an option."""
        return {}

    def widget(self, field: Any, **kwargs: Any) -> Markup:
        options = Markup("").join(
            Markup("<option {}>{}</option>").format(
                _attributes(value=option.data, selected=option.checked, **self.marks_of(option)),
                str(option.label.text),
            )
            for option in self
        )
        attributes = _attributes(id=self.id, name=self.name, **(self.render_kw or {}) | kwargs)
        return Markup('<select {}><option value="">–</option>{}</select>').format(attributes, options)


class LanguageField(SelectField):
    """One of many languages, each named in its own script and marked with it."""

    def marks_of(self, option: Option) -> dict[str, str]:
        return {"lang": option.data, "dir": text_direction(str(option.label.text))}


class TickField(Explained):
    """A single box, for example a consent. `data` is True or False."""

    control = "tick"

    def process_data(self, value: Any) -> None:
        self.data = bool(value)

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = bool(valuelist) and valuelist[0] not in ("", "no", "false")


def _attributes(**values: Any) -> Markup:
    return Markup(html_params(**values))  # noqa: S704  html_params escapes
