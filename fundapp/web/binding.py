"""From a request to a form."""

from __future__ import annotations

from typing import Any, TypeVar

from flask import request
from werkzeug.datastructures import MultiDict

from forms.base import BaseForm

LONGEST_REV = 64  # of a digest
FormOf = TypeVar("FormOf", bound=BaseForm)


def is_posted() -> bool:
    """Whether a form was sent. Asked like this, HEAD is answered like GET."""
    return request.method == "POST"


def bind(form_class: type[FormOf], *, unsaved: MultiDict[str, str] | None = None, **defaults: Any) -> FormOf:
    """The form with what was posted, or with its defaults when the page is only read.

    `unsaved`: what was typed before, and shall be shown in place of what is stored.
    """
    posted = request.form if is_posted() else unsaved
    return form_class(posted, **defaults)


def sent_rev(name: str = "rev") -> str:
    """What the page knew of a text when it was loaded; "" where it says nothing."""
    return request.form.get(name, "")[:LONGEST_REV]


def sent_digest(name: str = "seen_text") -> str | None:
    """Of what the page showed when it was opened; None where it does not say."""
    return sent_rev(name) or None
