"""What a page shows: each piece of text, with what says its language and direction."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser

VOID = ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr")
NOT_SHOWN = ("style", "script")
SAID = ("aria-label", "placeholder", "alt", "title", "label")  # attributes that are read out or seen
ISOLATED = {"\u2066": "ltr", "\u2067": "rtl", "\u2068": "auto"}
Attributes = dict[str, str]


@dataclass(frozen=True)
class Piece:
    """One text. `place` is the element, or its attribute; `direction` is that of the innermost element
    below the root that says one."""

    text: str
    place: str
    language: str
    direction: str | None

    def direction_of(self, words: str) -> str | None:
        """Of the first place in the text where these words stand: marks in the text may isolate them."""
        open_marks = [self.direction]
        for character in self.text[: self.text.index(words)]:
            if character in ISOLATED:
                open_marks.append(ISOLATED[character])
            elif character == "\u2069" and len(open_marks) > 1:
                open_marks.pop()
        return open_marks[-1]


class _Pieces(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[tuple[str, Attributes]] = []
        self.found: list[Piece] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.open.append((tag, given))
        said = [*SAID, *(name for name in given if name.startswith("data-") and " " in given[name])]
        if tag == "input" and given.get("type", "text") != "hidden":
            said += ["value"] if given.get("type") not in ("radio", "checkbox") else []
        for name in said:
            if given.get(name, "").strip():
                self._note(given[name], f"{tag} {name}")
        if tag in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        tags = [tag for tag, _given in self.open]
        hidden = any("hidden" in given for tag, given in self.open if tag == "textarea")
        if data.strip() and not hidden and not set(tags) & set(NOT_SHOWN):
            self._note(data.strip(), tags[-1] if tags else "")

    def _note(self, text: str, place: str) -> None:
        language = next((given["lang"] for _tag, given in reversed(self.open) if given.get("lang")), "")
        directions = (
            given.get("dir") or ("auto" if tag == "bdi" else None)
            for tag, given in reversed(self.open)
            if tag != "html"
        )
        direction = next((each for each in directions if each), None)
        self.found.append(Piece(text, place, language, direction))


def pieces(page: str) -> Iterator[Piece]:
    yield from _Pieces(page).found
