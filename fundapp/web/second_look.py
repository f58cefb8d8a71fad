"""What in a text could lead somebody to a person or a place: shown to its writer once, refused never."""

from __future__ import annotations

from collections.abc import Iterator

from flask import request

from forms.base import BaseForm
from forms.entries_field import EntriesField
from forms.i18n import translate
from forms.private_details import PrivateDetail, private_details
from forms.row_fields import AmountRowsField

SEEN = "seen"  # the field of the form that says what its writer was shown already


def details_in(form: BaseForm) -> list[PrivateDetail]:
    seen = set(request.form.getlist(SEEN))
    return [detail for detail in private_details("\n".join(_texts(form))) if detail.text not in seen]


def look_again(form: BaseForm) -> dict[str, str]:
    """A sentence for the script that saves while somebody writes; nothing when there is nothing to say."""
    found = ", ".join(f"\u2068{detail.text}\u2069" for detail in details_in(form))
    if not found:
        return {}
    return {"say": translate("This could lead somebody to a person or a place: %(texts)s", texts=found)}


def _texts(form: BaseForm) -> Iterator[str]:
    for field in form:
        if isinstance(field, AmountRowsField):
            yield from (str(row[field.text_name].data or "") for row in field.rows)
        elif isinstance(field, EntriesField):
            for row in field.rows:
                yield from _texts(row.form)
        elif getattr(field, "control", "") in ("text", "textarea"):
            yield str(field.data or "")
