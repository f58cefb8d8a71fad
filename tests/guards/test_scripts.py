"""All script together costs less than one photo, keeps nothing unasked, and is sent without its comments."""

from __future__ import annotations

import re
from pathlib import Path

import brotli
import pytest

from fundapp.web.scripts import script_as_sent

SCRIPTS = {
    path.name: path.read_text("utf-8")
    for path in (Path(__file__).parents[2] / "fundapp" / "static").glob("*.js")
}
OFFLINE = {"sw.js", "offline.js"}


def size(name: str) -> int:
    return len(brotli.compress(script_as_sent(SCRIPTS[name]).encode()))


def test_scripts_stay_within_the_budget_together_and_by_part():
    sizes = {name: size(name) for name in SCRIPTS}
    others = set(SCRIPTS) - OFFLINE - {"page.js"}
    parts = {
        "page": (sizes["page.js"], 1_450),
        "offline": (sum(sizes[name] for name in OFFLINE), 700),
        "recording and sending files": (sum(sizes[name] for name in others), 860),
        "together": (sum(sizes.values()), 3_000),
    }

    assert {name: found for name, (found, most) in parts.items() if found > most} == {}


@pytest.mark.parametrize("name", sorted(SCRIPTS))
def test_script_keeps_nothing_on_the_device_but_where_it_was_switched_on(name):
    forbidden = r"localStorage|sessionStorage|indexedDB|document\.cookie"
    if name not in OFFLINE:
        forbidden += r"|caches|\.register\("

    assert re.findall(forbidden, SCRIPTS[name]) == []


def test_comments_are_not_sent():
    text = '/* About\n   it. */\nconst a = "// no /* comment */"; // one\n  // two\n  b(/\\/x\\//);\n'

    assert script_as_sent(text) == 'const a = "// no /* comment */";\nb(/\\/x\\//);\n'


@pytest.mark.parametrize("path", ["/static/page.js", "/sw.js"])
def test_script_is_sent_without_comments_and_once(client, path):

    first = client.get(path)
    again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})

    assert (first.status_code, first.mimetype, again.status_code) == (200, "text/javascript", 304)
    assert "/*" not in first.text
    assert "no-store" not in first.headers.get("Cache-Control", "")
