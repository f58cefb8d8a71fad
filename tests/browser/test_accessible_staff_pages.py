"""axe and our own rules on every page for panels and the fund of page_list.py."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import LAPTOP, Demo
from tests.browser.page_list import FOR_STAFF
from tests.browser.page_people import People
from tests.browser.page_walk import new_walk


@pytest.mark.slow
@pytest.mark.parametrize("language", ["en", "ar"])
def test_pages_for_staff_can_be_used_by_everybody(
    chromium: Browser, demo: Demo, people: People, language: str
) -> None:
    walk = new_walk(chromium, demo, people, language, LAPTOP)

    assert walk.through(FOR_STAFF, for_groups=False) == {}
