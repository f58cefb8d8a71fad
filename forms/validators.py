"""Checks whose messages are ours, lazy and complete. They look at one field only, never at the database."""

from __future__ import annotations

import re
from decimal import Decimal

from wtforms import Field, Form
from wtforms.validators import StopValidation, ValidationError

from forms.i18n import _
from forms.money import money_in_text
from forms.words import tolerated_words, word_count

_EMAIL = re.compile(r"[^@\s\"<>(),;:\\]{1,64}@(?:[^@\s.\"<>(),;:\\/]{1,63}\.)+[^@\s.\"<>(),;:\\/]{2,63}")

_WEB = re.compile(r"https://(?:[\w-]{1,63}\.)+[\w-]{2,63}(?::\d{1,5})?(?:[/?#][^\s<>\"\\^`{|}]*)?")


def is_empty(value: object) -> bool:
    return value is None or value == "" or value == () or value == [] or value is False


class Required:
    """Stops at the first missing answer. Sets no `required` attribute: browsers use their own words."""

    field_flags: dict[str, object] = {}  # noqa: RUF012  WTForms reads this name

    def __init__(self, message: str) -> None:
        self.message = message

    def __call__(self, form: Form, field: Field) -> None:
        if field.errors:
            raise StopValidation
        if is_empty(field.data) and not (field.data is False and getattr(field, "no_is_an_answer", False)):
            raise StopValidation(self.message)


class MaxLength:
    """Characters. A guard against floods, not the limit people are told to write to."""

    def __init__(self, limit: int) -> None:
        self.limit = limit

    def __call__(self, form: Form, field: Field) -> None:
        length = len(field.data or "")
        if length > self.limit:
            raise StopValidation(
                _(
                    "Your text has %(length)s characters. Write at most %(limit)s.",
                    length=f"{length:,}",
                    limit=f"{self.limit:,}",
                )
            )


class WordLimit:
    """Words, with a tenth on top: counting differs between languages and programs."""

    def __init__(self, limit: int) -> None:
        self.limit = limit

    def __call__(self, form: Form, field: Field) -> None:
        count = word_count(field.data or "")
        if count > tolerated_words(self.limit):
            raise ValidationError(
                _(
                    "Your answer has %(count)s words. The limit is %(limit)s words. Please make it shorter.",
                    count=count,
                    limit=self.limit,
                )
            )


class AmountBetween:
    def __init__(self, smallest: Decimal, largest: Decimal) -> None:
        self.smallest = smallest
        self.largest = largest

    def __call__(self, form: Form, field: Field) -> None:
        if field.data is not None and not self.smallest <= field.data <= self.largest:
            raise ValidationError(
                _(
                    "Write an amount from %(smallest)s to %(largest)s.",
                    smallest=money_in_text(self.smallest),
                    largest=money_in_text(self.largest),
                )
            )


class NumberBetween:
    def __init__(self, smallest: int, largest: int) -> None:
        self.smallest = smallest
        self.largest = largest

    def __call__(self, form: Form, field: Field) -> None:
        if field.data is not None and not self.smallest <= field.data <= self.largest:
            raise ValidationError(
                _(
                    "Write a number from %(smallest)s to %(largest)s.",
                    smallest=f"{self.smallest:,}",
                    largest=f"{self.largest:,}",
                )
            )


class EmailAddress:
    """The shape only. Whether it works is found out by writing to it."""

    def __call__(self, form: Form, field: Field) -> None:
        if field.data and not _EMAIL.fullmatch(field.data):
            raise ValidationError(_("Write an e-mail address in full, for example name@example.org."))


class WebAddress:
    """Of a page that others can open safely; we show it and never open it ourselves."""

    def __init__(self, message: str) -> None:
        self.message = message

    def __call__(self, form: Form, field: Field) -> None:
        if field.data and not is_web_address(field.data):
            raise ValidationError(self.message)


def is_web_address(text: str) -> bool:
    return _WEB.fullmatch(text) is not None
