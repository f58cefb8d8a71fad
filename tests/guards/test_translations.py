"""The interface says everything in every language it offers."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from forms.languages import LANGUAGES
from fundapp.web.paths import INTERFACE_LANGUAGES

PROJECT = Path(__file__).parent.parent.parent
CATALOGUES = PROJECT / "fundapp" / "translations"
TRANSLATED = sorted(set(INTERFACE_LANGUAGES) - {"en"})
PLACEHOLDER = re.compile(r"%\(\w+\)s|%%")
Message = str | tuple[str, ...]


def messages_in_use(folder: Path) -> set[Message]:
    """By the very command that the README gives translators."""
    command = re.search(r"`(pybabel extract .+?)`", (PROJECT / "README.md").read_text(encoding="utf-8"))
    assert command, "the README says no longer how texts are extracted"
    arguments = shlex.split(command.group(1))[1:]
    written = folder / "messages.pot"
    arguments[arguments.index("-o") + 1] = str(written)
    subprocess.run(
        [sys.executable, "-m", "babel.messages.frontend", *arguments],
        cwd=PROJECT,
        check=True,
        capture_output=True,
    )
    return messages_of(written)


def messages_of(path: Path) -> set[Message]:
    with path.open("rb") as file:
        return {message.id for message in read_po(file) if message.id}


def catalogue(language: str) -> Catalog:
    path = CATALOGUES / language / "LC_MESSAGES" / "messages.po"
    return read_po(BytesIO(path.read_bytes()), locale=LANGUAGES[language].babel_locale)


@pytest.fixture(scope="module")
def used(tmp_path_factory: pytest.TempPathFactory) -> set[Message]:
    return messages_in_use(tmp_path_factory.mktemp("messages"))


LETTERS_OF_OTHERS = {
    "es": r"[\u0400-\u04ff\u0600-\u06ff]",
    "uk": r"[\u0600-\u06ff]",
    "ar": r"[\u0400-\u04ff]",
}


@pytest.mark.parametrize("language", sorted(LETTERS_OF_OTHERS))
def test_no_catalogue_holds_texts_of_another_language(language: str) -> None:
    foreign = re.compile(LETTERS_OF_OTHERS[language])
    wrong = [
        message.id
        for message in catalogue(language)
        if message.id and foreign.search(str(message.string)) and not foreign.search(str(message.id))
    ]

    assert wrong == []


def test_template_of_the_catalogues_is_fresh(used: set[Message]) -> None:
    assert messages_of(CATALOGUES / "messages.pot") == used


@pytest.mark.parametrize(
    "text",
    [
        "The page everybody sees",  # a template
        "Choose a group.",  # forms/
        "This call is closed. It takes no more answers.",  # fundapp/
    ],
)
def test_texts_of_every_package_are_found(text: str, used: set[Message]) -> None:
    assert text in used


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_text_is_translated(language: str, used: set[Message]) -> None:
    translated = {
        message.id: message.string if isinstance(message.string, tuple | list) else (message.string,)
        for message in catalogue(language)
        if message.id
    }

    missing = [message for message in used if not all(translated.get(message, ("",)))]

    assert missing == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_placeholders_are_those_of_the_english_text(language: str) -> None:
    wrong = []
    for message in catalogue(language):
        if not message.id:
            continue
        plural = isinstance(message.id, tuple | list)
        wanted = set(PLACEHOLDER.findall(message.id[1] if plural else message.id))
        for text in message.string if plural else (message.string,):
            found = set(PLACEHOLDER.findall(text))
            if found - wanted or (not plural and found != wanted):
                wrong.append((message.id, text))

    assert wrong == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_plural_rule_is_the_registry_s(language: str) -> None:
    header = dict(catalogue(language).mime_headers)["Plural-Forms"]

    text = (CATALOGUES / language / "LC_MESSAGES" / "messages.po").read_text(encoding="utf-8")
    assert f'"Plural-Forms: {LANGUAGES[language].plural_header}\\n"' in text
    assert header.split(";")[0] == LANGUAGES[language].plural_header.split(";")[0]
