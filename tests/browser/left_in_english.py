"""Texts of the interface that a page in another language still shows in English."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from babel.messages.pofile import read_po
from playwright.sync_api import Page

import fundapp

PLACEHOLDER = re.compile(r"%\\\(\w+\\\)[sd]")
# Text of the page's own language: what stands inside a fragment marked as another language is that,
# and the service has one name in all languages.
OWN_TEXTS = """language => {
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const texts = [document.title.split(' – ')[0]];
    while (walk.nextNode()) {
        const parent = walk.currentNode.parentElement;
        if (parent.closest('[lang]').lang === language && !parent.closest('script, style, textarea, .name'))
            texts.push(walk.currentNode.data.trim());
    }
    return [...new Set(texts)];
}"""


@cache
def sentences_of(language: str) -> tuple[frozenset[str], re.Pattern[str]]:
    """Every English text that reads otherwise in this language: whole ones, and those with placeholders."""
    path = Path(fundapp.__file__).parent / "translations" / language / "LC_MESSAGES" / "messages.po"
    with path.open("rb") as file:
        messages = [message for message in read_po(file) if message.id and message.string != message.id]
    texts = [
        one for message in messages for one in ([message.id] if isinstance(message.id, str) else message.id)
    ]
    words = [text for text in texts if re.search(r"[A-Za-z]{3}", re.sub(r"%\(\w+\)s", "", text))]
    patterns = [PLACEHOLDER.sub(".+", re.escape(text)) for text in words if "%(" in text]
    return frozenset(words), re.compile("|".join(patterns))


def left_in_english(page: Page, language: str) -> list[str]:
    if language == "en":
        return []
    whole, with_numbers = sentences_of(language)
    texts: list[str] = page.evaluate(OWN_TEXTS, language)
    return [f"in English: {text}" for text in texts if text in whole or with_numbers.fullmatch(text)]
