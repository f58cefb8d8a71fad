"""Calls whose applications are about themes."""

from __future__ import annotations

from typing import Any

from fundapp.models.call import Call
from tests.published import published_with

THEMES = [{"key": "safety", "label": "Safety"}, {"key": "work", "label": "Work and money"}]


def in_all_languages(content: dict[str, Any], text: str) -> dict[str, str]:
    return dict.fromkeys(content["languages"], text)


def with_themes(call: Call, rule: dict[str, Any]) -> Call:
    """Two themes, a question of the first stage that asks for one, and a ring-fence about them."""
    version = call.versions[-1]
    content = dict(version.content)
    themes = [one | {"label": in_all_languages(content, one["label"])} for one in THEMES]
    question = {
        "key": "S4",
        "kind": "choice",
        "label": in_all_languages(content, "What is it about?"),
        "why_we_ask": in_all_languages(content, "A part of the money is for one theme."),
        "choices": themes,
        "carries": "theme",
    }
    first, *rest = content["form"]["sections"]
    sections = [first | {"questions": [*first["questions"], question]}, *rest]
    fence = {"rule": in_all_languages(content, "A rule about themes."), "measure": "value"} | rule
    published_with(
        call,
        themes=themes,
        form=content["form"] | {"sections": sections},
        ring_fences=[*content["ring_fences"], fence],
    )
    return call
