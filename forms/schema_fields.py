"""The kinds of values in authored data."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Any, TypeVar

from marshmallow import ValidationError

from forms.base import clean_text
from forms.conditions import Condition, dump, load
from forms.i18n import _
from forms.languages import is_language_code
from forms.localized import LocalizedText
from forms.strict_schema import OurField, tree_of
from forms.wrong_data import WrongData

LONGEST_TEXT = 5_000
LONGEST_KEY = 40
_KEY = re.compile(r"[A-Za-z][A-Za-z0-9_]*", re.ASCII)

E = TypeVar("E", bound=StrEnum)


class Key(OurField[str]):
    """The short name of a thing, the same in every version and language."""

    default_error_messages = {  # noqa: RUF012
        "required": _("Write a short key, for example Q1."),
        "null": _("Write a short key, for example Q1."),
        "invalid": _("Write a key of latin letters, digits and _ that starts with a letter, for example Q1."),
        "too_long": _("Write a key with at most %(limit)s characters.", limit=LONGEST_KEY),
    }

    def _serialize(self, value: str | None, *_args: Any, **_kwargs: Any) -> str | None:
        return value

    def _deserialize(self, value: Any, *_args: Any, **_kwargs: Any) -> str:
        if not isinstance(value, str) or not _KEY.fullmatch(value):
            raise self.make_error("invalid")
        if len(value) > LONGEST_KEY:
            raise self.make_error("too_long")
        return value


class Text(OurField[LocalizedText]):
    """A text in one or more languages: `{"en": "…", "ar": "…"}`."""

    default_error_messages = {  # noqa: RUF012
        "required": _("Write this text in at least one language, for example {en: …}."),
        "null": _("Write this text in at least one language, for example {en: …}."),
        "invalid": _("Write this text by language, for example {en: …, ar: …}."),
    }

    def _serialize(self, value: LocalizedText | None, *_args: Any, **_kwargs: Any) -> dict[str, str] | None:
        return None if value is None else value.as_dict()

    def _deserialize(self, value: Any, *_args: Any, **_kwargs: Any) -> LocalizedText:
        if not isinstance(value, Mapping) or not value:
            raise self.make_error("invalid")
        wrong = {str(tag): _wrong_text(tag, text) for tag, text in value.items()}
        if errors := {tag: [message] for tag, message in wrong.items() if message is not None}:
            raise ValidationError(errors)
        return LocalizedText.of({tag: clean_text(text)[0] for tag, text in value.items()})


def _wrong_text(tag: object, text: object) -> str | None:
    if not is_language_code(tag):
        unknown = str(tag)[:40]
        return _("“%(tag)s” is not a language we know. Use its code, for example en or fa-AF.", tag=unknown)
    if not isinstance(text, str) or not text.strip():
        return _("Write the text in this language, or leave the language out.")
    if len(text) > LONGEST_TEXT:
        return _("Write at most %(limit)s characters here.", limit=f"{LONGEST_TEXT:,}")
    if clean_text(text)[1]:
        return _("This text contains a character we cannot store. Type it again without it.")
    return None


class ConditionField(OurField[Condition]):
    """`{"all": [{"eq": ["E8", "all"]}, …]}`."""

    default_error_messages = {  # noqa: RUF012
        "required": _("Write one condition here, for example {eq: [E8, all]}."),
        "null": _("Write one condition here, for example {eq: [E8, all]}."),
    }

    def _serialize(self, value: Condition | None, *_args: Any, **_kwargs: Any) -> dict[str, object] | None:
        return None if value is None else dump(value)

    def _deserialize(self, value: Any, *_args: Any, **_kwargs: Any) -> Condition:
        try:
            return load(value)
        except WrongData as error:
            raise ValidationError(tree_of(error.errors)) from error


class WholeNumber(OurField[int]):
    default_error_messages = {  # noqa: RUF012
        "null": _("Write a whole number, for example 200."),
        "invalid": _("Write a whole number, for example 200."),
        "range": _("Write a whole number from 1 to 10,000."),
    }

    def _serialize(self, value: int | None, *_args: Any, **_kwargs: Any) -> int | None:
        return value

    def _deserialize(self, value: Any, *_args: Any, **_kwargs: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int):
            raise self.make_error("invalid")
        if not 1 <= value <= 10_000:
            raise self.make_error("range")
        return value


class OneOf(OurField[E]):
    """A word of a closed list."""

    def __init__(self, words: type[E], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.words = words
        known = ", ".join(words)
        message = _("Write one of these words: %(known)s.", known=known)
        self.error_messages = self.error_messages | {"required": message, "null": message, "invalid": message}

    def _serialize(self, value: E | None, *_args: Any, **_kwargs: Any) -> str | None:
        return None if value is None else value.value

    def _deserialize(self, value: Any, *_args: Any, **_kwargs: Any) -> E:
        try:
            return self.words(value)
        except ValueError as error:
            raise self.make_error("invalid") from error


class YesNo(OurField[bool]):
    """Left out of dumped data when it is as `usual`."""

    default_error_messages = {  # noqa: RUF012
        "null": _("Write true or false."),
        "invalid": _("Write true or false."),
    }

    def __init__(self, usual: bool, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.usual = usual

    def _serialize(self, value: bool | None, *_args: Any, **_kwargs: Any) -> bool | None:
        return None if value is self.usual else value

    def _deserialize(self, value: Any, *_args: Any, **_kwargs: Any) -> bool:
        if not isinstance(value, bool):
            raise self.make_error("invalid")
        return value
