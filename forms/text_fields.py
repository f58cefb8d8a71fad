"""Questions answered by typing: texts, numbers and sums of money."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from wtforms.widgets import PasswordInput, TextInput
from wtforms.widgets import TextArea as TextAreaWidget

from forms.base import Explained
from forms.i18n import _
from forms.money import LARGEST_AMOUNT, latin_digits, money_in_text, parse_money, parse_whole_number
from forms.validators import AmountBetween, EmailAddress, MaxLength, NumberBetween, WordLimit

SHORT_TEXT = 200
LONG_TEXT = 10_000
CHARACTERS_PER_WORD = 20  # far above any language's average: a guard against floods, not a limit for people
LARGEST_NUMBER = 1_000_000_000
_PERCENT = re.compile(r"100(\.00?)?|[0-9]{1,2}(\.[0-9]{1,2})?")
_PERCENT_SIGNS = str.maketrans({"%": "", "٪": "", ",": ".", "٫": "."})


class TextField(Explained):
    """One line. `data` is always a text, empty when nothing was typed."""

    control = "text"
    widget = TextInput()

    def __init__(
        self,
        label: str | None = None,
        validators: Sequence[Any] | None = None,
        *,
        max_length: int = SHORT_TEXT,
        **kwargs: Any,
    ) -> None:
        super().__init__(label, [MaxLength(max_length), *(validators or ())], **kwargs)
        self.max_length = max_length

    def process_data(self, value: Any) -> None:
        self.data = "" if value is None else str(value)

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = " ".join(valuelist[0].split()) if valuelist else ""

    def _value(self) -> str:
        return str(self.data)


class TextArea(Explained):
    """Several lines, with a limit in words where the form sets one."""

    control = "textarea"
    widget = TextAreaWidget()  # type: ignore[assignment]  # the stubs want a StringField

    def __init__(
        self,
        label: str | None = None,
        validators: Sequence[Any] | None = None,
        *,
        max_words: int | None = None,
        max_length: int | None = None,
        **kwargs: Any,
    ) -> None:
        self.max_words = max_words
        self.max_length = max_length or max(LONG_TEXT, (max_words or 0) * CHARACTERS_PER_WORD)
        limits: list[Any] = [MaxLength(self.max_length)]
        if max_words is not None:
            limits.append(WordLimit(max_words))
        super().__init__(label, [*limits, *(validators or ())], **kwargs)

    def process_data(self, value: Any) -> None:
        self.data = "" if value is None else str(value)

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = valuelist[0].strip() if valuelist else ""

    def _value(self) -> str:
        return str(self.data)


class EmailField(TextField):
    control = "email"

    def __init__(
        self, label: str | None = None, validators: Sequence[Any] | None = None, **kwargs: Any
    ) -> None:
        super().__init__(label, [*(validators or ()), EmailAddress()], max_length=254, **kwargs)


class CodeField(TextField):
    """A short code of digits from a message or an app; spaces are dropped, digits of any script are read."""

    control = "code"

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = latin_digits("".join(valuelist[0].split())) if valuelist else ""


class SecretField(Explained):
    """A passphrase: never shown again, never changed by us beyond what cannot be stored."""

    control = "secret"
    widget = PasswordInput()

    def __init__(
        self, label: str | None = None, validators: Sequence[Any] | None = None, **kwargs: Any
    ) -> None:
        super().__init__(label, [MaxLength(1_000), *(validators or ())], **kwargs)

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = valuelist[0] if valuelist else ""

    def _value(self) -> str:
        return ""


class WholeNumberField(Explained):
    """`data` is an int, or None when nothing (or nothing readable) was typed."""

    control = "whole_number"
    widget = TextInput()

    def __init__(
        self,
        label: str | None = None,
        validators: Sequence[Any] | None = None,
        *,
        smallest: int = 0,
        largest: int = LARGEST_NUMBER,
        **kwargs: Any,
    ) -> None:
        super().__init__(label, [*(validators or ()), NumberBetween(smallest, largest)], **kwargs)

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = None
        if valuelist and valuelist[0].strip():
            self.data = parse_whole_number(valuelist[0])

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else str(self.data)


class MoneyField(Explained):
    """Pounds. `data` is a Decimal with two places, or None when nothing (or nothing readable) was typed."""

    control = "money"
    widget = TextInput()

    def __init__(
        self,
        label: str | None = None,
        validators: Sequence[Any] | None = None,
        *,
        smallest: Decimal = Decimal(0),
        largest: Decimal = LARGEST_AMOUNT,
        **kwargs: Any,
    ) -> None:
        super().__init__(label, [*(validators or ()), AmountBetween(smallest, largest)], **kwargs)

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = None
        if valuelist and valuelist[0].strip():
            self.data = parse_money(valuelist[0])

    @property
    def read_as(self) -> str:
        """The sum as we understood it, to show back; empty when there is none."""
        return "" if self.data is None else money_in_text(self.data)

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else f"{self.data:,.2f}".removesuffix(".00")


class PercentField(Explained):
    """A share of a hundred, with at most two places. `data` is a Decimal, or None when nothing was typed."""

    control = "text"
    widget = TextInput()

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = None
        typed = latin_digits(valuelist[0][:20]).translate(_PERCENT_SIGNS).strip() if valuelist else ""
        if not typed:
            return
        if not _PERCENT.fullmatch(typed):
            raise ValueError(_("Write a number from 0 to 100, for example 2.5."))
        self.data = Decimal(typed)

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else f"{self.data:f}"
