"""The whole life of a call through pages alone; failed checks in its chapters show their values."""

import pytest

pytest.register_assert_rewrite(*(f"{__name__}.{part}" for part in ("applying", "deciding", "granting")))
