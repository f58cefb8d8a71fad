"""What the look promises on every page: both directions, small pages, enough contrast, no inline styles."""

import re
from pathlib import Path

import brotli
import pytest

from fundapp.web.templating import as_sent

PACKAGE = Path(__file__).parents[2] / "fundapp"
FOR_GROUPS = (PACKAGE / "static" / "style.css").read_text("utf-8")
STYLESHEET = FOR_GROUPS + "".join(
    (PACKAGE / "static" / f"{name}.css").read_text("utf-8") for name in ("staff", "bars")
)
SCRIPT = (PACKAGE / "static" / "page.js").read_text("utf-8")
TEMPLATES = sorted((PACKAGE / "templates").rglob("*.html"))
PHYSICAL = re.compile(
    r"\b(?:left|right|float|clear)\b"
    r"|(?:margin|padding|border|scroll-margin|scroll-padding)-(?:top|bottom)\b"
    r"|[{;]\s*(?:top|bottom|width|height|(?:min|max)-(?:width|height))\s*:"
)
FOUR_VALUES = re.compile(r"(?:margin|padding|inset|border-(?:width|style|color|radius)):((?: [^ ;}/]+){4});")
COMMENT = re.compile(r"/\*.*?\*/|\{#.*?#\}", re.DOTALL)
TEXT, SHAPE = 4.5, 3.0
PAIRS = [
    *((colour, ground, TEXT) for colour in ("ink", "soft") for ground in ("paper", "card", "sand")),
    *(
        (colour, ground, TEXT)
        for colour in ("brand", "deep", "clay", "bad")
        for ground in ("paper", "card", "sand")
    ),
    *(
        (colour, ground, TEXT)
        for colour in ("ink", "soft", "brand", "deep")
        for ground in ("mist", "good-tint")
    ),
    *((colour, ground, TEXT) for colour in ("ink", "soft", "brand") for ground in ("warn-tint", "bad-tint")),
    *((name, f"{name}-tint", TEXT) for name in ("bad", "good", "warn")),
    *(("card", ground, TEXT) for ground in ("brand", "deep", "clay", "bad")),
    *((colour, ground, SHAPE) for colour in ("line", "ink") for ground in ("paper", "card", "sand")),
    *((colour, "sand", SHAPE) for colour in ("brand", "gold", "bad")),
]


def without_comments(text: str) -> str:
    return COMMENT.sub("", text)


def colours() -> dict[str, str]:
    found = re.findall(r"--([a-z-]+): #([0-9a-f]{3,6})\b", STYLESHEET)
    return {
        name: value if len(value) == 6 else "".join(2 * digit for digit in value) for name, value in found
    }


def luminance(colour: str) -> float:
    channels = [int(colour[start : start + 2], 16) / 255 for start in (0, 2, 4)]
    linear = [each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def test_stylesheet_names_no_physical_direction():
    # Conditions of media queries are about the window, which has no reading direction.
    rules = re.sub(r"@media[^{]*", "", without_comments(STYLESHEET))

    assert PHYSICAL.findall(rules) == []


def test_stylesheet_has_no_four_sided_shorthand():
    assert FOUR_VALUES.findall(without_comments(STYLESHEET)) == []


def test_stylesheet_loads_nothing_and_sets_no_slant_capitals_or_letter_spacing():
    forbidden = r"url\(|@import|@font-face|italic|uppercase|letter-spacing"

    assert re.findall(forbidden, STYLESHEET) == []


def test_stylesheet_stays_within_the_page_budget():
    sizes = {
        "style raw": len(as_sent(FOR_GROUPS).encode()) <= 12_288,
        "style packed": len(brotli.compress(as_sent(FOR_GROUPS).encode())) <= 4_000,
    }

    assert sizes == {"style raw": True, "style packed": True}


@pytest.mark.parametrize(("colour", "ground", "least"), PAIRS)
def test_colour_stands_out_from_its_ground(colour: str, ground: str, least: float):
    palette = colours()

    assert contrast(palette[colour], palette[ground]) >= least


def test_script_keeps_nothing_on_the_device():
    assert re.findall(r"localStorage|sessionStorage|indexedDB|document\.cookie", SCRIPT) == []


def offences(pattern: str) -> list[tuple[str, str]]:
    return [
        (template.relative_to(PACKAGE).as_posix(), found)
        for template in TEMPLATES
        for found in re.findall(pattern, without_comments(template.read_text("utf-8")), re.IGNORECASE)
    ]


def test_templates_exist():
    assert PACKAGE / "templates" / "base.html" in TEMPLATES


@pytest.mark.parametrize(
    ("name", "pattern"),
    [
        ("physical direction", r"\b(?:left|right)\b"),
        ("style attribute", r"\sstyle\s*="),
        ("number input", r"type=[\"']?number"),
        ("inline script", r"<script(?![^>]*\ssrc=)[^>]*>"),
        ("script in an attribute", r"<[^>{]*\son[a-z]+\s*="),
        ("form with the browser's own messages", r"<form(?![^>]*\snovalidate)[^>]*>"),
        ("language name without its language", r"<a(?=[^>]*hreflang)(?![^>]*\slang=)[^>]*>"),
        ("switched-off autocomplete past the macros", r"<(?:input|textarea|form)[^>]*autocomplete=[\"']?off"),
        ("other origin", r"(?:src|action)=[\"']?(?:https?:)?//"),
    ],
)
def test_templates_are_free_of(name: str, pattern: str):
    assert (name, offences(pattern)) == (name, [])


def test_every_form_that_changes_something_carries_its_token():
    forms = offences(r"<form[^>]*method=\"post\".*?</form>".replace(".*?", r"[\s\S]*?"))

    assert [template for template, form in forms if "csrf" not in form] == []
