"""Texts on their way to a page."""

from __future__ import annotations

import pytest

from fundapp.web.templating import sums_in_order


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("أقل من £10,000.", "أقل من \u2066£10,000\u2069."),
        ("Less than £10,000.", "Less than £10,000."),
        ("بدون مبلغ", "بدون مبلغ"),
    ],
)
def test_pound_sign_stays_before_its_sum_in_arabic(text: str, shown: str) -> None:
    assert sums_in_order(text) == shown
