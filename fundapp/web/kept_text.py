"""What somebody typed is never thrown away with a refused request: it comes back in a form to send again."""

from __future__ import annotations

from flask import render_template, request
from werkzeug.exceptions import RequestEntityTooLarge

SECRET_FIELDS = frozenset({"csrf_token", "code", "passphrase", "passphrase_again", "set_up_code"})
MACHINE_FIELDS = frozenset({"once", "rev", "version"})


def kept_fields() -> list[tuple[str, str]]:
    """Names and values as posted, in their order, without tokens and secrets."""
    try:
        posted = request.form.items(multi=True)
        return [(name, value) for name, value in posted if name not in SECRET_FIELDS]
    except RequestEntityTooLarge:
        return []


def page_with_kept_text(template: str, **context: object) -> str:
    """A page whose form holds what was posted, with a fresh token, and sends it to where it was going."""
    fields = kept_fields()
    return render_template(
        template,
        kept=fields,
        shown=[value for name, value in fields if name not in MACHINE_FIELDS and value.strip()],
        action=request.full_path.removesuffix("?"),
        **context,
    )
