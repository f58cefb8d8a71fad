"""Themes of a call: they are checked, and exported as they were imported."""

from __future__ import annotations

from pathlib import Path

import pytest

from fundapp.call_file import CallFileErrors, read_call, write_call

SMALL = (Path(__file__).parent / "small-call.yaml").read_text(encoding="utf-8")
THEMES = """themes:
- key: safety
  label:
    en: Safety
- key: work
  label:
    en: Work and money
"""
QUESTION = """    - key: S4
      kind: choice
      label:
        en: What is it about?
      why_we_ask:
        en: A part of the money is for one theme.
      choices:
      - key: safety
        label:
          en: Safety
      - key: work
        label:
          en: Work and money
      carries: theme
"""
RULE = """- key: SAFE
  rule:
    en: At least 30% of the grants goes to work for safety.
  kind: floor
  measure: value
  base: awards_total
  percent: 30
  who:
    eq: [theme, safety]
- key: EACH
  rule:
    en: No theme gets more than 70% of the grants.
  kind: cap
  measure: value
  base: awards_total
  percent: 70
  each: theme
"""


def call_with(themes: str = THEMES, question: str = QUESTION, rule: str = RULE) -> str:
    text = SMALL.replace("costs:\n", f"{themes}costs:\n", 1)
    text = text.replace("eligibility:\n", f"{rule}eligibility:\n", 1)
    return text.replace("  - key: group\n", f"{question}  - key: group\n", 1)


def test_call_with_themes_is_exported_as_it_was_imported() -> None:
    call = read_call(call_with())

    assert [theme.key for theme in call.themes] == ["safety", "work"]
    assert call.theme("work").label.find("en") == "Work and money"
    assert read_call(write_call(call)) == call


@pytest.mark.parametrize(
    ("text", "error"),
    [
        (call_with(question=""), "No question asks for the theme. Write “carries: theme” at one of them."),
        (
            call_with(question=QUESTION.replace("key: work", "key: money")),
            "The choices of this question must be the themes of the call, in their order: safety, work.",
        ),
        (
            call_with(rule=RULE.replace("[theme, safety]", "[theme, money]")),
            "“money” is never the value of theme. Use one of: safety, work.",
        ),
        (
            call_with(rule=RULE.replace("  each: theme\n", "")),
            "Write either “who” (a condition) or “each” (for every borough or theme on its own), not both.",
        ),
    ],
    ids=["not-asked", "other-choices", "unknown-theme", "each-missing"],
)  # fmt: skip
def test_what_does_not_fit_together_is_said(text: str, error: str) -> None:
    with pytest.raises(CallFileErrors) as raised:
        read_call(text)

    (found,) = raised.value.errors
    assert str(found).endswith(error)
