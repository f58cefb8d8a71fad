"""A browser without JavaScript: sends the forms that stand on a page, with the fields that stand in them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlsplit

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from forms.languages import LANGUAGES

VOID = frozenset({"meta", "link", "input", "br", "hr", "img"})
Typed = str | Sequence[str]


@dataclass
class Field:
    """Everything in one form under one name."""

    name: str
    kind: str = "text"
    values: list[str] = field(default_factory=list)  # as they would be sent without a change
    choices: list[str] = field(default_factory=list)  # empty where anything can be typed

    def take(self, typed: Typed) -> None:
        assert self.kind != "hidden", f"nobody can type into the hidden field {self.name}"
        values = [typed] if isinstance(typed, str) else list(typed)
        if self.choices:
            unknown = set(values) - set(self.choices)
            assert not unknown, f"{self.name} offers {self.choices}, not {sorted(unknown)}"
        self.values = values


@dataclass
class Form:
    action: str
    method: str
    fields: dict[str, Field] = field(default_factory=dict)
    buttons: list[dict[str, str]] = field(default_factory=list)

    def goes_to(self, end: str) -> bool:
        return any(urlsplit(each).path.endswith(end) for each in self.addresses)

    @property
    def addresses(self) -> list[str]:
        return [self.action, *(button["formaction"] for button in self.buttons if "formaction" in button)]


class Page(HTMLParser):
    """What a reader gets: text, links and forms. `words` is the text with single spaces."""

    def __init__(self, path: str, status: int, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.path, self.status, self.html = path, status, html
        self.forms: list[Form] = []
        self.links: list[str] = []
        self.link_words: list[str] = []
        self.language = self.direction = ""
        self.headings: list[str] = []
        self._text: list[str] = []
        self._open: list[str] = []
        self._form: Form | None = None
        self._area: Field | None = None
        self._select: Field | None = None
        self.feed(html.replace("\r\n", "\n"))  # as every browser reads it
        self.words = " ".join("".join(self._text).split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        if tag not in VOID:
            self._open.append(tag)
        if tag == "html":
            self.language, self.direction = attributes["lang"], attributes["dir"]
        elif tag == "h1":
            self.headings.append("")
        elif tag == "a" and "href" in attributes:
            self.links.append(attributes["href"])
            self.link_words.append("")
        elif tag == "form":
            self._form = Form(attributes.get("action") or self.path, attributes.get("method", "get"))
            self.forms.append(self._form)
        elif self._form is not None:
            self._form_part(self._form, tag, attributes)
        if tag in ("p", "li", "td", "th", "div", "section", "br", "dt", "dd", "option", "label", "span"):
            self._text.append(" ")

    def _form_part(self, form: Form, tag: str, attributes: dict[str, str]) -> None:
        name, value = attributes.get("name", ""), attributes.get("value", "")
        if tag == "button":
            form.buttons.append(attributes)
        elif tag == "option" and self._select is not None:
            self._select.choices.append(value)
            if "selected" in attributes or not self._select.values:
                self._select.values = [value]
        elif tag in ("input", "textarea", "select") and name:
            kind = attributes.get("type", "text") if tag == "input" else tag
            one = form.fields.setdefault(name, Field(name, kind))
            if kind in ("radio", "checkbox"):
                one.choices.append(value)
                one.values += [value] if "checked" in attributes else []
            elif tag == "input":
                one.values.append(value)
            elif tag == "textarea":
                one.values.append("")
                self._area = one
            else:
                self._select = one

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop() != tag:
            pass
        if tag == "form":
            self._form = None
        elif tag == "textarea":
            self._area = None
        elif tag == "select":
            self._select = None

    def handle_data(self, data: str) -> None:
        if self._area is not None:
            # a browser leaves out the first line end of a text area
            self._area.values[-1] += data if self._area.values[-1] else data.removeprefix("\n")
        if not {"style", "script", "title"}.intersection(self._open):
            self._text.append(data)
            if "h1" in self._open:
                self.headings[-1] += data
            if "a" in self._open and self.links:
                self.link_words[-1] += data

    @property
    def heading(self) -> str:
        return " ".join(self.headings[0].split())

    def form(self, end: str = "", *, holding: str = "") -> Form:
        """The one form that leads to an address with this end, or has this field; else back to this page."""
        wanted = holding or end or self.path
        found = [form for form in self.forms if (holding in form.fields if holding else form.goes_to(wanted))]
        actions = [form.addresses for form in self.forms]
        assert len(found) == 1, f"{len(found)} forms of {self.path} lead to {wanted}: {actions}"
        return found[0]

    def has_form(self, end: str) -> bool:
        return any(form.goes_to(end) for form in self.forms)

    def link(self, pattern: str) -> str:
        """The one address on the page that fits the pattern to its end."""
        found = self.links_to(pattern)
        assert len(found) == 1, f"{pattern} fits {found} of {self.path}"
        return found[0]

    def link_named(self, words: str, pattern: str) -> str:
        """The one address with these words on it that fits the pattern."""
        named = {
            link
            for link, text in zip(self.links, self.link_words, strict=True)
            if " ".join(text.split()) == words and link in self.links_to(pattern)
        }
        assert len(named) == 1, f"{words} leads to {named} on {self.path}"
        return named.pop()

    def row(self, name: str) -> list[str]:
        """The sums and numbers in the table row whose first cell begins with this name."""
        for row in re.findall(r"<tr.*?</tr>", self.html, re.DOTALL):
            first = re.search(r"<th scope=\"row.*?</th>", row, re.DOTALL)
            if first and " ".join(re.sub(r"<[^>]+>", " ", first[0]).split()).startswith(name):
                return re.findall(r'<bdi dir="ltr"[^>]*>([^<]*)</bdi>', row[first.end() :])
        raise AssertionError(f"no row {name} on {self.path}")

    def links_to(self, pattern: str) -> list[str]:
        fitting = re.compile(f"(?:.*)(?:{pattern})")
        return list(dict.fromkeys(each for each in self.links if fitting.fullmatch(each.split("#")[0])))


class Browser:
    """Of one person, reading in one language. Follows redirects and looks at every page it gets."""

    def __init__(self, app: Flask, language: str) -> None:
        self._client: FlaskClient = app.test_client()
        self.language = language

    def at(self, path: str) -> str:
        return f"/{self.language}{path}"

    def open(self, path: str, *, status: int = 200) -> Page:
        return self._follow(self._client.get(path), path, status)

    def send(
        self,
        page: Page,
        fields: Mapping[str, Typed] | None = None,
        *,
        to: str = "",
        holding: str = "",
        button: str = "",
        status: int = 200,
    ) -> Page:
        """Fill in a form of the page and press its button: the first one, or the one with this value."""
        form = page.form(to, holding=holding)
        for name, typed in (fields or {}).items():
            assert name in form.fields, f"{page.path} has no field {name}: {sorted(form.fields)}"
            form.fields[name].take(typed)
        pressed = self._pressed(form, to, button)
        data = MultiDict((name, value) for name, one in form.fields.items() for value in one.values)
        if "name" in pressed:
            data.add(pressed["name"], pressed.get("value", ""))
        address = pressed.get("formaction", form.action)
        if form.method == "get":
            return self._follow(self._client.get(address, query_string=data), address, status)
        return self._follow(self._client.post(address, data=data), address, status)

    def read_json(self, path: str) -> dict[str, object]:
        answer = self._client.get(path)
        assert answer.status_code == 200, (path, answer.status_code)
        data: dict[str, object] = answer.get_json()
        return data

    def _pressed(self, form: Form, to: str, button: str) -> dict[str, str]:
        if button:
            return next(each for each in form.buttons if each.get("value") == button)
        by_address = [each for each in form.buttons if to and each.get("formaction", "").endswith(to)]
        return (by_address or form.buttons)[0]

    def _follow(self, answer: TestResponse, path: str, status: int) -> Page:
        hops = 0
        while answer.status_code in (301, 302, 303):
            hops += 1
            assert hops < 8, f"{path} leads in circles"
            path = answer.headers["Location"]
            answer = self._client.get(path)
        page = Page(urlsplit(path).path, answer.status_code, answer.get_data(as_text=True))
        assert answer.status_code == status, f"{page.path}: {answer.status_code}\n{page.words[:3000]}"
        self._look_at(page)
        return page

    def _look_at(self, page: Page) -> None:
        language = LANGUAGES[self.language]
        assert (page.language, page.direction) == (language.code, language.direction), page.path
        assert len(page.headings) == 1, (page.path, page.headings)
        assert page.path.startswith(self.at("/")), page.path
