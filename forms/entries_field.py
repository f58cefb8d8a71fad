"""A list of entries in which every entry has the same parts: answered without a script, entry by entry."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from wtforms import Field

from forms.answers import AnswerEntry
from forms.base import BaseForm, Explained
from forms.conditions import is_answered
from forms.definition import Question
from forms.i18n import _
from forms.row_fields import MOST_ROWS

MOST_DIGITS = 4


@dataclass(frozen=True)
class DrawnEntry:
    """`number` tells it from the other entries of the page, whatever was taken away in between."""

    number: int
    form: BaseForm


class EntriesField(Explained):
    """`data` is a tuple of AnswerEntry without the empty ones; `rows` are small forms to draw.

    The page names its entries in hidden inputs, so that one can be taken away and another one added by a
    button that sends the page.
    """

    control = "entries"
    inputs_report_themselves = True

    def __init__(
        self,
        label: str | None = None,
        validators: Sequence[Any] | None = None,
        *,
        row_form: type[BaseForm],
        question: Question,
        **kwargs: Any,
    ) -> None:
        super().__init__(label, validators, question=question, **kwargs)
        self.row_form = row_form
        self.asked = question
        self.most = question.max_rows or MOST_ROWS
        self.rows: list[DrawnEntry] = []
        self.wants_more = self.is_rearranged = False

    @property
    def first_input_id(self) -> str:
        return _first_input_id(self.rows[0])

    @property
    def last_input_id(self) -> str:
        """Where somebody goes on writing who has asked for one more entry."""
        return _first_input_id(self.rows[-1])

    @property
    def is_full(self) -> bool:
        return len(self.rows) >= self.most

    def process(self, formdata: Any, *args: Any, **kwargs: Any) -> None:
        super().process(formdata, *args, **kwargs)
        if formdata is None:
            stored = list(self.data or ())
            self.rows = [self._row(number, None, entry) for number, entry in enumerate(stored)]
        else:
            self.wants_more = f"{self.name}-add" in formdata
            removed = formdata.getlist(f"{self.name}-remove")
            self.is_rearranged = self.wants_more or bool(removed)
            posted = dict.fromkeys(formdata.getlist(f"{self.name}-row"))
            kept = [number for number in posted if _is_number(number) and number not in removed]
            self.rows = [self._row(int(number), formdata, None) for number in kept[: self.most]]
            entries = (AnswerEntry(dict(_values(row.form))) for row in self.rows)
            self.data = tuple(entry for entry in entries if entry.values)
        while len(self.rows) < min(self.asked.min_rows or 1, self.most):
            self.draw_one_more()
        if self.wants_more:
            self.draw_one_more()

    def process_formdata(self, valuelist: list[str]) -> None:
        """The entries read their own inputs."""

    def draw_one_more(self) -> None:
        """An empty entry at the end, as far as there is room."""
        if not self.is_full:
            number = max((row.number for row in self.rows), default=-1) + 1
            self.rows.append(self._row(number, None, None))

    def validate(self, form: Any, extra_validators: Any = ()) -> bool:
        is_valid = super().validate(form, extra_validators)
        for row in self.rows:
            is_valid = self._validate_row(row.form) and is_valid
        return is_valid

    def error_list(self) -> list[tuple[str, str]]:
        return super().error_list() + [pair for row in self.rows for pair in row.form.error_list()]

    def _row(self, number: int, formdata: Any, entry: AnswerEntry | None) -> DrawnEntry:
        data = dict(entry.values) if entry else None
        return DrawnEntry(number, self.row_form(formdata, prefix=f"{self.name}-{number}-", data=data))

    def _validate_row(self, row: BaseForm) -> bool:
        is_valid = row.validate()
        filled = dict(_values(row))
        if not filled:
            return is_valid
        for part in self.asked.parts:
            if not part.optional and part.key not in filled and not row[part.key].errors:
                row.add_error(part.key, _("Answer this too, or take the whole entry away."))
                is_valid = False
        return is_valid


def _values(row: BaseForm) -> Iterator[tuple[str, Any]]:
    for field in row:
        if is_answered(field.data) and not _is_no_choice(field):
            yield field.short_name, field.data


def _is_no_choice(field: Field) -> bool:
    """A choice that the page did not offer."""
    choices = getattr(field, "choices", None)
    if not choices:
        return False
    chosen = {True: "yes", False: "no"}.get(field.data, field.data)
    return chosen not in dict(choices)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS


def _first_input_id(row: DrawnEntry) -> str:
    first = next(iter(row.form))
    return first.first_input_id if isinstance(first, Explained) else str(first.id)
