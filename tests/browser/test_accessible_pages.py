"""axe and our own rules on every page for groups of page_list.py, in every language and state.

Spanish and Ukrainian share the pages for axe: what it finds hangs on the template, seldom on the words.
"""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import SMALL_PHONE, ZOOMED, Demo
from tests.browser.page_list import FOR_GROUPS
from tests.browser.page_people import People
from tests.browser.page_walk import new_walk

SHARES = {"es": slice(0, None, 2), "uk": slice(1, None, 2)}


@pytest.mark.slow
@pytest.mark.parametrize("language", ["en", "es", "ar", "uk"])
def test_pages_for_groups_can_be_used_by_everybody(
    chromium: Browser, demo: Demo, people: People, language: str
) -> None:
    walk = new_walk(chromium, demo, people, language, ZOOMED if language == "en" else SMALL_PHONE)
    walk.with_keyboard = language in ("en", "ar")
    walk.axe_on = SHARES.get(language, slice(None))

    faults = walk.through(FOR_GROUPS, for_groups=True)

    assert faults == {}
    assert len(walk.helps) == 1, "the help block is not the same everywhere"
    print(f"heaviest page in {language}: {walk.heaviest[0]} bytes of brotli, {walk.heaviest[1]}")
