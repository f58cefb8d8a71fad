"""The weights of the criteria while they are typed, whole or not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from fundapp.call_file.edit import Content, find, key_of

WHOLE = Decimal(100)


@dataclass(frozen=True)
class Weights:
    """By the key of the criterion, as far as they are numbers."""

    of: Mapping[str, Decimal]

    @property
    def sum(self) -> Decimal:
        return sum(self.of.values(), start=Decimal(0))

    @property
    def is_whole(self) -> bool:
        return self.sum == WHOLE


def weights_in(content: Content) -> Weights:
    criteria = find(content, ("assessment", "criteria"))
    found = {}
    for item in criteria if isinstance(criteria, list) else ():
        key, typed = key_of(item), find(item, ("weight",))
        try:
            weight = Decimal(str(typed))
        except InvalidOperation:
            continue
        if key and weight.is_finite():
            found[key] = weight
    return Weights(found)
