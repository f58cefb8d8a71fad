from __future__ import annotations

from tests.file_checks.checking import judge

__all__ = ["judge"]
