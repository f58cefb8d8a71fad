"""Language and direction: of each page, of every sum, and of everything that somebody typed."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask

from forms.languages import LANGUAGES
from fundapp.models.call import CallVersion
from fundapp.web.paths import INTERFACE_LANGUAGES
from tests.database.web.test_apply_kinds import application_asking
from tests.database.web.walk import browsers_of, moments, pages_in
from tests.factories import OrganisationMemberFactory
from tests.guards.canaries import Canary, read_canaries, seed
from tests.guards.shown_text import Piece, pieces
from tests.guards.world import build_world

RIGHT_TO_LEFT = {"ar", "fa", "fa-AF", "ps", "ur", "ckb", "pa-Arab"}
SUM = re.compile(r"£\s?[\d,]+(?:\.\d\d)?")


def test_registry_knows_which_languages_run_from_right_to_left() -> None:
    assert {code for code, each in LANGUAGES.items() if each.direction == "rtl"} - {"he"} == RIGHT_TO_LEFT


@pytest.mark.slow
def test_pages_for_groups_say_their_language_and_isolate_every_sum(app: Flask, db_session: Any) -> None:
    world = build_world(db_session)
    browsers = browsers_of(app, world, ("applicant", "host"))
    authored = _texts_of_calls(db_session)

    roots: dict[str, set[str]] = {code: set() for code in INTERFACE_LANGUAGES}
    bare, sums = set(), 0
    for _name, areas in moments(world):
        for language in INTERFACE_LANGUAGES:
            for visit in pages_in(app, world, browsers, language, areas=areas):
                roots[language] |= set(re.findall(r"<html[^>]*>", visit.text))
                for piece in pieces(visit.text):
                    if "£" in piece.text and piece.text not in authored:
                        sums += len(SUM.findall(piece.text))
                        bare |= {
                            (visit.path, piece)
                            for each in SUM.findall(piece.text)
                            if not _is_ltr(piece, each)
                        }

    assert bare == set()
    assert sums > 100
    assert roots == {
        code: {f'<html lang="{code}" dir="{LANGUAGES[code].direction}">'} for code in INTERFACE_LANGUAGES
    }


def _texts_of_calls(session: Any) -> str:
    """The fund's own texts, which name sums as their authors wrote them."""
    return "\n".join(str(version.content) for version in session.query(CallVersion))


def _is_ltr(piece: Piece, words: str) -> bool:
    return piece.place == "title" or piece.direction_of(words) == "ltr"


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("٢٬٥٠٠٫٥", "£2,500.50"),
        ("۲۵۰۰", "£2,500.00"),
        ("২৫০০", "£2,500.00"),
        ("2,500.50", "£2,500.50"),
        ("£ 2500", "£2,500.00"),
    ],
)
@pytest.mark.parametrize("language", INTERFACE_LANGUAGES)
def test_sum_typed_in_any_digits_is_shown_in_one_way(
    db_session: Any, client_for: Any, language: str, typed: str, shown: str
) -> None:
    application = application_asking("money")
    browser = client_for(OrganisationMemberFactory(organisation=application.organisation).user)
    path = f"/{language}/applications/{application.id}"

    saved = browser.post(f"{path}/questions/X1", data={"X1": typed, "rev": "0", "once": "a"})

    assert saved.location == f"{path}/questions/S1"
    found = [piece for piece in pieces(browser.get(f"{path}/check").text) if shown in piece.text]
    assert found
    assert all(piece.direction_of(shown) == "ltr" for piece in found)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("language", "word", "direction"), [("ar", "Circle{}!", "ltr"), ("en", "دائرة{}!", "rtl")]
)
def test_what_somebody_typed_has_a_direction_of_its_own(
    app: Flask, db_session: Any, language: str, word: str, direction: str
) -> None:
    world = build_world(db_session)
    canaries = [
        replace(each, word=word.format(number))
        for number, each in enumerate(read_canaries())
        if _is_prose(each)
    ]
    seed(db_session, world, canaries)
    browsers = browsers_of(app, world, ("applicant", "host", "panel", "manager"))

    wrong, seen = set(), set()
    for _name, areas in moments(world):
        for visit in pages_in(app, world, browsers, language, areas=areas, staff=True):
            for piece in pieces(visit.text):
                for each in canaries:
                    if each.word in piece.text and piece.place != "title":
                        seen.add(each.name)
                        if piece.direction_of(each.word) not in (direction, "auto"):
                            wrong.add((each.name, visit.path, piece))

    assert wrong == set()
    assert len(seen) >= 25


def _is_prose(canary: Canary) -> bool:
    """Addresses, numbers and codes are written from left to right in every language."""
    codes = ("email", "charity_number", "company_number", "borough", "original_name", "link", "bank_reason")
    return canary.column not in (*codes, "reach")
