"""The list of pages that the browser walks through is complete."""

from __future__ import annotations

from flask import Flask

from fundapp.web.access import WITHOUT_DECLARATION
from tests.browser.page_list import FOR_GROUPS, FOR_STAFF, NOT_PAGES, NOT_SHOWN_YET


def test_every_page_is_walked_through_in_the_browser(app: Flask) -> None:
    pages = {rule.endpoint for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    listed = {shown.endpoint for shown in (*FOR_GROUPS, *FOR_STAFF)}

    missing = pages - listed - NOT_PAGES.keys() - NOT_SHOWN_YET.keys() - WITHOUT_DECLARATION
    assert sorted(missing) == [], "pages without a line in tests/browser/page_list.py"
    assert sorted(NOT_PAGES.keys() - pages) == [], "NOT_PAGES names routes that are no more"


def test_no_two_lines_have_the_same_name() -> None:
    names = [shown.name for shown in (*FOR_GROUPS, *FOR_STAFF)]

    assert sorted(name for name in set(names) if names.count(name) > 1) == []
