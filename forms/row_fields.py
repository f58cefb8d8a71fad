"""Questions made of several inputs: dates, the budget, and what each partner gets."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from forms.answers import BudgetLine, PartnerAmount, budget_total
from forms.base import BaseForm, Explained
from forms.i18n import _
from forms.money import NotANumber, parse_whole_number
from forms.text_fields import MoneyField, TextField

MOST_ROWS = 8


class DateParts(BaseForm):
    day = TextField(_("Day"))
    month = TextField(_("Month"))
    year = TextField(_("Year"))


class DateField(Explained):
    """Day, month and year as three texts, which every phone can type; or one text such as 2027-03-16.

    `data` is a date or None; `parts` are the three inputs to draw.
    """

    control = "date"

    @property
    def first_input_id(self) -> str:
        return str(self.parts.day.id)

    def process(self, formdata: Any, *args: Any, **kwargs: Any) -> None:
        super().process(formdata, *args, **kwargs)
        typed = formdata if formdata is not None and self.name not in formdata else None
        shown = None if self.data is None else self.data
        self.parts = DateParts(
            typed,
            prefix=f"{self.name}-",
            data={"day": shown.day, "month": shown.month, "year": shown.year} if shown else None,
        )
        if typed is not None:
            self._read_parts()

    def process_formdata(self, valuelist: list[str]) -> None:
        if not valuelist:
            return
        self.data = None
        if valuelist[0].strip():
            try:
                self.data = date.fromisoformat(valuelist[0].strip())
            except ValueError as error:
                raise ValueError(_("Write the date like this: 2027-03-16.")) from error
            self._check_year()

    def _read_parts(self) -> None:
        typed = [str(part.data) for part in self.parts]
        self.data = None
        if not any(typed):
            return
        try:
            day, month, year = (parse_whole_number(text) for text in typed)
            self.data = date(year, month, day)
        except (NotANumber, ValueError, OverflowError):
            self.process_errors = [
                *self.process_errors,
                _("Write a day, a month and a year in numbers, for example 16 3 2027."),
            ]
            return
        self._check_year()

    def _check_year(self) -> None:
        if self.data is not None and not 1900 <= self.data.year <= 2200:
            self.data = None
            self.process_errors = [
                *self.process_errors,
                _("Write the year with four digits, in the calendar used in Britain, for example 2027."),
            ]


class BudgetRow(BaseForm):
    what = TextField(_("What for"))
    amount = MoneyField(_("How much, in pounds"))


class ShareRow(BaseForm):
    partner = TextField(_("Name of the group"))
    amount = MoneyField(_("How much it gets, in pounds"))


class AmountRowsField(Explained):
    """Rows of a text and a sum. `rows` are small forms to draw; empty rows are left out of `data`."""

    inputs_report_themselves = True
    row_form: type[BaseForm]
    text_name: str

    def __init__(
        self,
        label: str | None = None,
        validators: Sequence[Any] | None = None,
        *,
        max_rows: int | None = None,
        shows_total: bool = True,
        **kwargs: Any,
    ) -> None:
        super().__init__(label, validators, **kwargs)
        self.max_rows = max_rows or MOST_ROWS
        self.shows_total = shows_total  # not where the rows are only a part of what is added up
        self.rows: list[BaseForm] = []

    @property
    def first_input_id(self) -> str:
        return str(self.rows[0][self.text_name].id)

    @property
    def total(self) -> Decimal:
        return budget_total(self.data)

    def process(self, formdata: Any, *args: Any, **kwargs: Any) -> None:
        super().process(formdata, *args, **kwargs)
        stored = list(self.data or ())
        self.rows = [
            self.row_form(
                formdata,
                prefix=f"{self.name}-{number}-",
                data=self._row_data(stored[number]) if number < len(stored) else None,
            )
            for number in range(self.max_rows)
        ]
        typed = [(str(row[self.text_name].data), row["amount"].data) for row in self.rows]
        self.data = tuple(self._line(text, amount) for text, amount in typed if text or amount is not None)

    def process_formdata(self, valuelist: list[str]) -> None:
        """The rows read their own inputs."""

    def validate(self, form: Any, extra_validators: Any = ()) -> bool:
        is_valid = super().validate(form, extra_validators)
        for row in self.rows:
            is_valid = self._validate_row(row) and is_valid
        return is_valid

    def error_list(self) -> list[tuple[str, str]]:
        return super().error_list() + [pair for row in self.rows for pair in row.error_list()]

    def _validate_row(self, row: BaseForm) -> bool:
        is_valid = row.validate()
        text, amount = row[self.text_name], row["amount"]
        if text.data and amount.data is None and not amount.errors:
            row.add_error("amount", _("Write the amount for this line, or leave the whole line empty."))
            return False
        if amount.data is not None and not text.data:
            row.add_error(self.text_name, _("Write what this amount is for, or leave the whole line empty."))
            return False
        return is_valid

    def _row_data(self, line: Any) -> dict[str, object]:
        return {self.text_name: getattr(line, self.text_name), "amount": line.amount}

    def _line(self, text: str, amount: Decimal | None) -> Any:
        raise NotImplementedError


class BudgetField(AmountRowsField):
    """`data` is a tuple of BudgetLine; `total` is added up by us."""

    control = "budget"
    row_form = BudgetRow
    text_name = "what"

    def _line(self, text: str, amount: Decimal | None) -> BudgetLine:
        return BudgetLine(text, amount)


class SharesField(AmountRowsField):
    """`data` is a tuple of PartnerAmount."""

    control = "shares"
    row_form = ShareRow
    text_name = "partner"

    def _line(self, text: str, amount: Decimal | None) -> PartnerAmount:
        return PartnerAmount(text, amount)


class FilesField(Explained):
    """Files are sent on a page of their own, each at once; in a form there is nothing to read."""

    control = "files"

    def process_formdata(self, valuelist: list[str]) -> None:
        """Nothing that can be typed is a file."""
