"""What somebody can propose to change in a part of a call: its texts, a weight, an amount, a limit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from forms.localized import LocalizedText
from fundapp.call_file.codesign import ReferenceKind
from fundapp.call_file.edit import Content, digest_of_data, fields_path_of, find


class ValueKind(StrEnum):
    TEXT = "text"
    NUMBER = "number"
    MONEY = "money"


TEXT, NUMBER, MONEY = ValueKind.TEXT, ValueKind.NUMBER, ValueKind.MONEY
ANCHORS = "anchors"
# The fields of each kind of part, as they stand in a call file. Anchors of a criterion come one by one.
FIELDS: Mapping[str, tuple[tuple[str, ValueKind], ...]] = {
    ReferenceKind.QUESTION: (
        ("label", TEXT),
        ("help_text", TEXT),
        ("why_we_ask", TEXT),
        ("max_words", NUMBER),
        ("max_minutes", NUMBER),
    ),
    ReferenceKind.RING_FENCE: (("rule", TEXT), ("percent", NUMBER), ("amount", MONEY)),
    ReferenceKind.CRITERION: (("title", TEXT), ("weight", NUMBER), (ANCHORS, TEXT)),
    ReferenceKind.STRAND: (("title", TEXT), ("who", TEXT), ("minimum", MONEY), ("maximum", MONEY)),
    ReferenceKind.SEAT: (("who", TEXT), ("number", NUMBER)),
    ReferenceKind.CHECK: (("label", TEXT),),
    ReferenceKind.CHECK_IN: (("title", TEXT),),
    ReferenceKind.PAYMENT_PLAN: (("label", TEXT),),
    ReferenceKind.SUPPORT: (("title", TEXT), ("what", TEXT), ("how", TEXT)),
}


@dataclass(frozen=True)
class Proposable:
    """One thing that can be changed. `field` as `change_part` takes it, `today` as call files hold it."""

    reference: str
    field: str
    kind: ValueKind
    today: object

    def in_language(self, language: str | None) -> str:
        """What stands there today; empty where it is not translated."""
        if isinstance(self.today, Mapping):
            return str(self.today.get(language, ""))
        return "" if self.today is None else str(self.today)

    def digest(self, language: str | None) -> str:
        return digest_of_data(self.in_language(language))

    def text(self) -> LocalizedText:
        return LocalizedText.of(dict(self.today)) if isinstance(self.today, Mapping) else LocalizedText(())


def proposables(content: Content, reference: str) -> Iterator[Proposable]:
    """In the order of the page. Nothing for a part that is not there. What is empty today is left out."""
    path = fields_path_of(content, reference)
    if path is None:
        return
    kind_of_part = reference.partition(":")[0]
    for name, kind in FIELDS.get(kind_of_part, ()):
        today = find(content, (*path, name))
        if today is None:
            continue
        if name == ANCHORS:
            for index, anchor in enumerate(today):
                yield Proposable(reference, f"{ANCHORS}.{index}.text", kind, anchor.get("text"))
        else:
            yield Proposable(reference, name, kind, today)


def find_proposable(content: Content, reference: str, field: str) -> Proposable | None:
    return next((each for each in proposables(content, reference) if each.field == field), None)


def as_value(kind: ValueKind, typed: str | int | Decimal) -> object:
    """As a call file holds it: numbers without quotation marks, pounds as text."""
    if kind is ValueKind.MONEY:
        return format(Decimal(typed).normalize(), "f")
    return typed
