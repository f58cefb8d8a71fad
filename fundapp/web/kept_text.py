"""What somebody typed is never thrown away with a refused request: it comes back in a form to send again."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import RequestEntityTooLarge

SECRET_FIELDS = frozenset(
    {"csrf_token", "was", "to", "code", "passphrase", "passphrase_again", "set_up_code"}
)
MACHINE_FIELDS = frozenset(
    {"once", "rev", "version", "go", "autosave", "answer_language", "seen", "seen_text", "showing"}
).union({"language", "alone"})


def kept_fields() -> list[tuple[str, str]]:
    """Names and values as posted, in their order, without tokens and secrets."""
    try:
        posted = request.form.items(multi=True)
        return [(name, value) for name, value in posted if name not in SECRET_FIELDS]
    except RequestEntityTooLarge:
        return []


def typed_texts() -> list[str]:
    """What a person can read again of it."""
    return [value for name, value in kept_fields() if name not in MACHINE_FIELDS and value.strip()]


def asks_for_data() -> bool:
    """The page's script or another program asks, not the browser."""
    return is_for_programs() or request.headers.get("Accept") == "application/json"


def is_for_programs() -> bool:
    return request.path.startswith("/api/")


def refused(template: str, status: int, say: str, **context: object) -> ResponseReturnValue:
    """A page whose form holds what was posted and sends it to where it was going; to a script, a sentence."""
    if asks_for_data():
        return {"error": status, "say": str(say)}, status
    page = render_template(
        template,
        kept=kept_fields(),
        shown=typed_texts(),
        action=request.full_path.removesuffix("?"),
        **context,
    )
    return page, status
