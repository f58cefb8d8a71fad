"""The help that a call offers besides money: to take part, to apply, and afterwards."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from forms.localized import LocalizedText


@dataclass(frozen=True)
class SupportOffer:
    """`how` says where it is and whom to ask. Without days it is there all the time."""

    key: str
    title: LocalizedText
    what: LocalizedText
    how: LocalizedText
    languages: tuple[str, ...] = ()
    opens: date | None = None
    ends: date | None = None
