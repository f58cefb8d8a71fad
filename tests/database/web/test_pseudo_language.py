"""In a made-up language that puts every text in brackets, no English stands outside of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import sqlalchemy as sa
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po
from flask import Flask

from forms import i18n
from forms.languages import LANGUAGES
from fundapp.db import Base, db
from fundapp.models.call import CallVersion
from tests.database.web.test_fuzz import Forms, _undone
from tests.database.web.walk import browsers_of, moments, pages_in
from tests.guards.shown_text import Piece, pieces
from tests.guards.world import build_world

IN_PLACE_OF = "uk"  # dates and names of months come out in Cyrillic: what is Latin was left in English
ROLES = ("anon", "applicant", "host")
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%%")
BRACKETED = re.compile(r"⟦[^⟦⟧]*⟧")
WORD = re.compile(r"[A-Za-z]{2,}")
CODES = re.compile(
    r"\S+@\S+|https?://\S+|\{count\}|\b[A-Z]{2,}\d*(?:-[\dA-Z]+)*\b|\b[0-9a-f]{16,}\b|\b360G-\S+|\b(?:kB|MB)\b"
)

TYPED = (
    ("organisation", "name"),
    ("organisation", "borough"),
    ("user", "name"),
    ("fund", "name"),
    ("fund", "organisation_name"),
    ("partner", "name"),
    ("application_helper", "name"),
    ("stored_file", "original_name"),
    ("answer", "value"),
    ("answer_revision", "value"),
    ("story", "text"),
    ("story_use", "words"),
    ("award", "public_title"),
    ("award", "public_summary"),
    ("answer_translation", "made_by_name"),
    ("clarification", "question"),
    ("clarification_translation", "made_by_name"),
    ("codesign_point", "said"),
    ("codesign_point", "said_by"),
    ("codesign_session", "content"),
    ("agreement_signature", "name"),
    ("award_condition", "words"),
    ("award_condition", "help"),
    ("check_item", "help"),
    ("claim_opinion", "question"),
    ("by_and_for_claim", "reason"),
    ("by_and_for_claim", "evidence"),
    ("grant_line", "name"),
    ("variation", "words"),
    ("story_circle", "why"),
    ("circle_seat", "why"),
    ("support_offer", "organisation_name"),
    ("support_offer", "what"),
    ("support_session", "title"),
    ("support_session", "place"),
    ("support_session", "costs"),
    ("theme_code", "name"),
    ("theme_code", "meaning"),
    ("harvested_outcome", "changed"),
    ("harvested_outcome", "for_whom"),
    ("harvested_outcome", "contribution"),
    ("harvested_outcome", "own_changed"),
    ("harvested_outcome", "own_for_whom"),
    ("harvested_outcome", "own_contribution"),
)


def in_brackets(text: str) -> str:
    """Values stay outside, so that an English one among them is seen."""
    return f"⟦{PLACEHOLDER.sub(lambda found: '%%' if found[0] == '%%' else f'⟧{found[0]}⟦', text)}⟧"


@pytest.fixture
def pseudo_language(tmp_path: Path) -> Iterator[None]:
    usual = i18n._directories[0]
    with (usual / "messages.pot").open("rb") as file:
        template = read_po(file)
    catalogue = Catalog(locale=IN_PLACE_OF)
    for message in template:
        if message.id:
            plural = isinstance(message.id, tuple | list)
            one = in_brackets(message.id[1] if plural else message.id)
            catalogue.add(message.id, (one,) * 3 if plural else one, flags=message.flags)
    folder = tmp_path / IN_PLACE_OF / "LC_MESSAGES"
    folder.mkdir(parents=True)
    with (folder / "messages.po").open("wb") as file:
        write_po(file, catalogue)
    i18n.use_catalogues(tmp_path)
    yield
    i18n.use_catalogues(usual)


@pytest.mark.slow
def test_forms_sent_empty_say_nothing_in_english(app: Flask, db_session: Any, pseudo_language: None) -> None:
    world = build_world(db_session)
    browsers = browsers_of(app, world, ROLES)
    connection = db_session.connection()

    left, sent, refused = set(), set(), 0
    for _name, areas in moments(world):
        pages = list(pages_in(app, world, browsers, IN_PLACE_OF, areas=areas))
        typed = authored(app)
        for visit in pages:
            left |= {(visit.path, *each) for each in english(visit.text, typed)}
            for path, fields in empty_forms(visit.text, visit.path):
                if (visit.role, path, tuple(fields)) not in sent:
                    sent.add((visit.role, path, tuple(fields)))
                    with _undone(db_session, connection):
                        page = browsers[visit.role].post(path, data=fields)
                    if page.mimetype == "text/html" and not page.location:
                        refused += page.status_code == 422
                        left |= {(path, *each) for each in english(page.get_data(as_text=True), typed)}

    assert left == set()
    assert len({path for _role, path, _fields in sent}) > 40
    assert refused > 25


def empty_forms(page: str, path: str) -> Iterator[tuple[str, dict[str, str]]]:
    """What a browser sends where nobody has filled anything in: what the page itself put there, hidden."""
    hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page))
    methods = re.findall(r"<form([^>]*)>", page)
    for (action, fields), attributes in zip(Forms(page).forms, methods, strict=True):
        if 'method="post"' in attributes:
            kept = {name: hidden[name] for name in fields if name in hidden and name != "csrf_token"}
            yield urlsplit(action or path).path, kept


def english(page: str, typed: list[str]) -> Iterator[tuple[str, str]]:
    for piece in pieces(page):
        if _is_ours(piece):
            rest = BRACKETED.sub(" ", piece.text)
            for each in typed if WORD.search(rest) else ():
                rest = rest.replace(each, " ")
            if found := WORD.findall(CODES.sub(" ", rest)):
                yield piece.text[:80], " ".join(found)


def _is_ours(piece: Piece) -> bool:
    """Not authored and marked so, nor typed into a field, nor the name of a language in its own words."""
    return piece.language == IN_PLACE_OF and piece.place not in ("textarea", "input value")


def authored(app: Flask) -> list[str]:
    """What people wrote or were called, longest first: texts of the call and whatever the tables hold."""
    found = {app.config["SETTINGS"].service_name, *(each.own_name for each in LANGUAGES.values())}
    for table, column in TYPED:
        values = db.session.execute(sa.select(Base.metadata.tables[table].c[column])).scalars()
        for value in values:
            found |= set(_strings(value))
    for content in db.session.execute(sa.select(CallVersion.content)).scalars():
        found |= set(content["boroughs"])
    return sorted((each for each in found if len(each) > 2), key=len, reverse=True)


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _strings(each)
