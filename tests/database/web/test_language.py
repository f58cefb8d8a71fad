"""The language stands in the address."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient

from forms.languages import LANGUAGES
from forms.pages.apply import AnswerLanguageForm
from fundapp.web.paths import INTERFACE_LANGUAGES
from tests.factories import UserFactory

LINK = re.compile(
    r'<a href="([^"]+)" hreflang="([^"]+)" lang="([^"]+)" dir="(ltr|rtl)"( aria-current="true")?>([^<]+)</a>'
)


@pytest.mark.parametrize(
    ("asked", "path"),
    [
        ("ar", "/ar/"),
        ("ar-EG,en;q=0.5", "/ar/"),
        ("so,uk;q=0.9", "/uk/"),
        ("es-419", "/es/"),
        ("zh-Hans", "/en/"),
        ("", "/en/"),
        ("*", "/en/"),
        ("../../etc", "/en/"),
        ("x" * 10_000, "/en/"),
    ],
)
def test_front_door_leads_to_the_browsers_language(client: FlaskClient, asked: str, path: str) -> None:
    assert client.get("/", headers={"Accept-Language": asked}).headers["Location"] == path


def test_front_door_leads_a_person_to_their_own_language(client_for) -> None:  # type: ignore[no-untyped-def]
    client = client_for(UserFactory(language="uk"))

    assert client.get("/", headers={"Accept-Language": "es"}).headers["Location"] == "/uk/"


@pytest.mark.parametrize(
    ("language", "direction"), [("en", "ltr"), ("es", "ltr"), ("ar", "rtl"), ("uk", "ltr")]
)
def test_page_has_language_and_direction_of_its_address(
    client: FlaskClient, language: str, direction: str
) -> None:
    text = client.get(f"/{language}/sign-in").get_data(as_text=True)

    assert f'<html lang="{language}" dir="{direction}">' in text


def test_language_links_keep_the_page_and_say_their_own_names(client: FlaskClient) -> None:
    text = client.get("/ar/sign-in?next=/ar/home&_external=1&_scheme=evil").get_data(as_text=True)

    query = "?next=/ar/home&amp;_external=1&amp;_scheme=evil"
    assert LINK.findall(text) == [
        (f"/en/sign-in{query}", "en", "en", "ltr", "", "English"),
        (f"/es/sign-in{query}", "es", "es", "ltr", "", "Español"),
        (f"/ar/sign-in{query}", "ar", "ar", "rtl", ' aria-current="true"', "العربية"),
        (f"/uk/sign-in{query}", "uk", "uk", "ltr", "", "Українська"),
    ]


@pytest.mark.parametrize("path", ["/ar/nowhere", "/nowhere"])
def test_language_links_of_an_error_page_lead_to_the_first_page(client: FlaskClient, path: str) -> None:
    links = LINK.findall(client.get(path).get_data(as_text=True))

    assert [url for url, *_rest in links] == [f"/{language}/" for language in INTERFACE_LANGUAGES]


def test_language_does_not_stay_for_the_next_request(client: FlaskClient) -> None:
    client.get("/ar/sign-in")

    assert '<html lang="en"' in client.get("/nowhere").get_data(as_text=True)


STRANGE = ("prs", "xx", "../", "..%2f..%2fetc", "x" * 10_000, "%00", "ar-", "EN", "zh-Hans")


@pytest.mark.parametrize("value", STRANGE)
def test_strange_language_in_address_or_query_is_never_our_fault(client: FlaskClient, value: str) -> None:
    in_path = client.get(f"/{value}/sign-in")
    in_query = client.get(f"/en/sign-in?lang={value}&language={value}")

    assert in_path.status_code in (404, 400)
    assert in_query.status_code == (400 if "%00" in value else 200)
    assert '<html lang="en" dir="ltr">' in in_query.text


def test_every_language_of_the_list_can_be_chosen_for_an_answer_and_is_named_in_its_own_script() -> None:
    chosen = AnswerLanguageForm()["answer_language"]

    options = re.findall(r"<option([^>]*)>([^<]+)</option>", str(chosen()))[1:]  # the first says nothing

    assert [name for _attributes, name in options] == [each.own_name for each in LANGUAGES.values()]
    said = [re.search(r'\slang="([^"]+)"', f" {attributes}") for attributes, _name in options]
    assert [each and each[1] for each in said] == list(LANGUAGES)
