"""What a call adds to the agreement about its grants."""

from __future__ import annotations

from dataclasses import dataclass

from forms.localized import LocalizedText


@dataclass(frozen=True)
class AgreementClause:
    key: str
    title: LocalizedText
    text: LocalizedText
