"""The form all others inherit from: cleans what comes in, keeps what was typed, gathers errors."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar, Protocol

from wtforms import Field, Form
from wtforms.meta import DefaultMeta

from forms.definition import Question
from forms.i18n import _


class FormData(Protocol):
    """What a web framework gives us of a posted form."""

    def __iter__(self) -> Iterator[str]: ...
    def __len__(self) -> int: ...
    def __contains__(self, name: object) -> bool: ...
    def getlist(self, name: str) -> list[str]: ...


def clean_text(text: str) -> tuple[str, bool]:
    """The text as we store it (NFC, line feeds only), and whether something had to be taken out."""
    normal = text.replace("\r\n", "\n").replace("\r", "\n")
    kept = "".join(character for character in normal if not _cannot_be_stored(character))
    return unicodedata.normalize("NFC", kept), len(kept) != len(normal)


def _cannot_be_stored(character: str) -> bool:
    category = unicodedata.category(character)
    is_half = category == "Cs" or character == "\ufffd"  # what the server makes of half a character
    return is_half or (category == "Cc" and character not in "\n\t")


class CleanFormData:
    """A view of posted data in which every text can be stored; remembers where something was taken out."""

    def __init__(self, posted: FormData) -> None:
        self._values: dict[str, list[str]] = {}
        self.changed: set[str] = set()
        for name in posted:
            cleaned = [clean_text(value) for value in posted.getlist(name)]
            self._values[name] = [text for text, _changed in cleaned]
            if any(changed for _text, changed in cleaned):
                self.changed.add(name)

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __contains__(self, name: object) -> bool:
        return name in self._values

    def getlist(self, name: str) -> list[str]:
        return self._values.get(name, [])

    def changed_in(self, name: str) -> bool:
        """Whether it happened in the field of this name or in one of its parts."""
        return any(each == name or each.startswith(f"{name}-") for each in self.changed)


class PlainData:
    """A mapping of texts, for callers that have no posted form (imports, tests)."""

    def __init__(self, values: Mapping[str, str | Sequence[str]]) -> None:
        self._values = {
            name: [value] if isinstance(value, str) else list(value) for name, value in values.items()
        }

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __contains__(self, name: object) -> bool:
        return name in self._values

    def getlist(self, name: str) -> list[str]:
        return self._values.get(name, [])


class Explained(Field):
    """What every field of ours can say about itself. `control` tells the templates how to draw it."""

    control = "text"
    no_is_an_answer = False
    inputs_report_themselves = False

    def __init__(
        self,
        label: str | None = None,
        validators: Sequence[Any] | None = None,
        *,
        help_text: str = "",
        why_we_ask: str = "",
        question: Question | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(label, list(validators or ()), **kwargs)
        self.help_text = help_text
        self.why_we_ask = why_we_ask
        self.question = question  # of the form definition it was built from; knows other languages

    @property
    def first_input_id(self) -> str:
        """Where the link of the error summary leads."""
        return self.id

    def error_list(self) -> list[tuple[str, str]]:
        return [(self.first_input_id, message) for message in self.errors]


class BaseForm(Form):
    """Saving an unfinished form is normal, so nothing is required unless a field says so."""

    class Meta(DefaultMeta):
        def wrap_formdata(self, form: Any, formdata: Any) -> Any:
            if formdata is None or isinstance(formdata, CleanFormData):
                return formdata
            # Werkzeug's MultiDict is a dict too, but only its getlist knows every value
            return CleanFormData(formdata if hasattr(formdata, "getlist") else PlainData(formdata))

    _posted: CleanFormData | None = None
    page_order: ClassVar[tuple[str, ...]] = ()  # what a page draws first, where fields were made otherwise

    def process(self, formdata: Any = None, *args: Any, **kwargs: Any) -> None:
        first = {name: self._fields[name] for name in self.page_order if name in self._fields}
        self._fields = first | {name: field for name, field in self._fields.items() if name not in first}
        self._posted = self.meta.wrap_formdata(self, formdata)
        super().process(self._posted, *args, **kwargs)

    def validate(self, extra_validators: Mapping[str, Sequence[Any]] | None = None) -> bool:
        is_valid = super().validate(extra_validators)
        for field in self:
            if self._posted is not None and _had_to_be_cleaned(field, self._posted):
                field.errors = [
                    _(
                        "Your answer contains a character we cannot store. We took it out. "
                        "Please check the text and send it again."
                    ),
                    *field.errors,
                ]
                is_valid = False
        return is_valid

    def add_error(self, field_name: str | None, message: str) -> None:
        """For what only a service can know. Without a field name it concerns the whole form."""
        if field_name is None:
            self.form_errors.append(message)
        else:
            self[field_name].errors = [*self[field_name].errors, message]

    def typed(self) -> list[tuple[str, str]]:
        """(label, words) of what was written and chosen, to be read again; nothing of a form not sent."""
        if self._posted is None:
            return []
        return [(field.label.text, words) for field in self if (words := _words_of(field))]

    def error_list(self) -> list[tuple[str, str]]:
        """(id of the input, message) in the order of the page; an empty id for the whole form."""
        found = [("", message) for message in self.form_errors]
        for field in self:
            if isinstance(field, Explained):
                found += field.error_list()
            else:
                found += [(field.id, message) for message in field.errors]
        return found


def _words_of(field: Field) -> str:
    """Without numbers, days and ticks: those are soon given again."""
    words = dict(getattr(field, "choices", None) or ())
    values = field.data if isinstance(field.data, tuple) else (field.data,)
    return " · ".join(str(words.get(each, each)) for each in values if isinstance(each, str) and each.strip())


def _had_to_be_cleaned(field: Field, posted: CleanFormData) -> bool:
    reported_by_its_inputs = isinstance(field, Explained) and field.inputs_report_themselves
    return not reported_by_its_inputs and posted.changed_in(field.name)
