"""JSON for programs: public data for everybody, and what one person of a fund may see for a key of theirs."""

from __future__ import annotations

from fundapp.web.api import description, fund, public  # noqa: F401 - each adds its routes
from fundapp.web.api.blueprint import bp

__all__ = ["bp"]
