"""The form for a copy without names."""

from __future__ import annotations

from collections.abc import Sequence

from forms.base import BaseForm, Explained
from forms.fields import TextArea

LONGEST_PIECE = 20_000


def copy_form(pieces: Sequence[tuple[str, str]]) -> type[BaseForm]:
    """For each piece (key, label) what readers will see."""
    fields: dict[str, Explained] = {key: TextArea(label, max_length=LONGEST_PIECE) for key, label in pieces}
    return type("CopyForm", (BaseForm,), fields)
