"""What a page sends with its form unseen."""

from __future__ import annotations

import html
import re

from werkzeug.test import TestResponse


def hidden(page: TestResponse, name: str) -> str:
    """The first field of this name."""
    found = re.search(rf'name="{name}" value="([^"]*)"', page.text)
    assert found, f"no field {name}"
    return html.unescape(found[1])
