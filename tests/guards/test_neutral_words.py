"""What stays of a visit, in a history, among downloads or in an inbox, does not say what it was about."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import yaml
from flask import Flask
from flask.testing import FlaskClient

from forms.i18n import activate, translate
from fundapp.clock import utcnow
from fundapp.mailer import as_email, write_mail
from fundapp.models.message import Message
from fundapp.queries.calls import current_version, definition_of
from fundapp.services.messages import MessageKind
from fundapp.web.paths import INTERFACE_LANGUAGES
from tests.factories import ApplicationFactory, CallFactory, OrganisationMemberFactory, UserFactory
from tests.guards.test_routes import ROWS
from tests.guards.world import World, build_world
from tests.sign_in import client_with_token, signed_in_client

HERE = Path(__file__).parent
WORDS = yaml.safe_load((HERE / "words_that_give_away.yaml").read_text("utf-8"))
STAFF = ("fund_", "panel.", "codesign.", "demo.", "account.staff")
LEAVING = ("public.leave", "public.open_again")
LEAVES_A_FILE = "What you download stays on this phone or computer. Whoever holds it can open it."
TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL)
CHECK = {"E1": "yes", "E2": "yes", "E3": "yes", "E4": "yes", "E5": "yes", "E6": "yes", "E7": "from_10000"} | {
    "E8": "all",
    "E9": "all",
    "E10": "all",
    "E11": "no",
    "E12": "yes",
    "E13": "yes",
}


def plain(text: str) -> str:
    parts = unicodedata.normalize("NFKD", text).casefold()
    return "".join(part for part in parts if not unicodedata.combining(part))


def telling(text: str, names: tuple[str, ...] = ()) -> list[str]:
    """Words of every language that stand in a text, and names of the fund."""
    words = plain(text)
    stems = [plain(word) for each in WORDS.values() for word in each]
    return [stem for stem in stems if re.search(rf"(?:\b|ال|و){stem}", words)] + [
        name for name in names if plain(name) in words
    ]


class Places:
    """Every address a group or a stranger may open, and who opens it."""

    def __init__(self, app: Flask, world: World) -> None:
        self.app, self.world = app, world
        call = CallFactory(code="OPEN-1")
        self.definition = definition_of(current_version(call))
        draft = ApplicationFactory(call=call)
        self.group = signed_in_client(app, OrganisationMemberFactory(organisation=draft.organisation).user)
        self.awarded = signed_in_client(app, world.people["applicant"])
        self.stranger = client_with_token(app)
        self.draft = draft
        self.names = (
            call.fund.name,
            call.fund.organisation_name,
            *dict(self.definition.title.texts).values(),
        )

    def __iter__(self) -> Iterator[tuple[FlaskClient, str]]:
        for language in INTERFACE_LANGUAGES:
            here = f"/{language}"
            yield from ((self.stranger, path) for path in self._of_routes(language))
            yield from ((self.awarded, path) for path in self._of_routes(language))
            for question in self.definition.eligibility:
                yield self.stranger, f"{here}/calls/OPEN-1/check/{question.key}"
            for key in ("S1", "S2", "S3"):
                yield self.group, f"{here}/applications/{self.draft.id}/questions/{key}"
            yield self.group, f"{here}/applications/{self.draft.id}/check"
            yield self.group, f"{here}/nowhere"

    def _of_routes(self, language: str) -> Iterator[str]:
        with self.app.test_request_context():
            for row in ROWS:
                if row["method"] != "GET" or row["endpoint"].startswith((*STAFF, *LEAVING)):
                    continue
                for rule in self.app.url_map.iter_rules(row["endpoint"]):
                    if "GET" in (rule.methods or ()):
                        values = {name: self.world.ids[name] for name in rule.arguments} | (
                            {"lang": language} if "lang" in rule.arguments else {}
                        )
                        yield str(self.app.url_for(row["endpoint"], **values))


@pytest.fixture
def places(app: Flask, db_session: Any) -> Places:
    return Places(app, build_world(db_session))


def test_titles_addresses_and_file_names_give_nothing_away(places: Places) -> None:
    answer_check(places)
    found, titles, files, pages = [], set(), set(), {}
    for browser, path in places:
        page = browser.get(path)
        title = TITLE.search(page.text) if page.mimetype == "text/html" else None
        file_name = page.headers.get("Content-Disposition", "")
        files |= {path} if file_name.startswith("attachment") else set()
        pages[path] = page.text if title else ""
        titles |= {title[1]} if title else set()
        if words := telling(f"{path} {title[1] if title else ''} {file_name}", places.names):
            found.append((path, title[1] if title else file_name, words))

    assert found == []
    assert len(titles) > 60
    assert len(files) > 10
    assert unwarned(pages, files) == []


def unwarned(pages: dict[str, str], files: set[str]) -> list[tuple[str, str]]:
    """Links to something that is left on the device, on a page that does not say so."""
    faults = []
    for path, text in pages.items():
        with activate(path.split("/")[1]):
            warning = translate(LEAVES_A_FILE)
        links = {link for link in re.findall(r'<a href="([^"?#]*)', text) if link in files}
        faults += [(path, link) for link in links if warning not in text]
    return faults


def answer_check(places: Places) -> None:
    """So that every question of the check and its result can be opened."""
    for key, value in CHECK.items():
        assert places.stranger.post(f"/en/calls/OPEN-1/check/{key}", data={key: value}).status_code == 302


def test_addresses_of_all_routes_give_nothing_away(app: Flask) -> None:
    rules = [rule for rule in app.url_map.iter_rules() if not rule.endpoint.startswith(STAFF)]

    assert [(rule.rule, words) for rule in rules if (words := telling(rule.rule))] == []


def test_icon_is_a_drawing_without_words_and_there_is_no_app_to_install(client: FlaskClient) -> None:
    icon, page = client.get("/static/icon.svg").text, client.get("/en/").text

    assert re.findall(r"<(?:title|desc|text)\b", icon) == []
    assert re.findall(r'rel="?(?:manifest|apple-touch-icon)', page) == []
    assert (
        re.findall(r"Notification|pushManager|beforeinstallprompt", client.get("/static/page.js").text) == []
    )


@pytest.mark.parametrize("language", INTERFACE_LANGUAGES)
@pytest.mark.parametrize("kind", list(MessageKind))
def test_mails_give_nothing_away(app: Flask, db_session: Any, kind: MessageKind, language: str) -> None:
    recipient = UserFactory(language=language)
    message = Message(
        id=uuid4(),
        recipient=recipient,
        kind=kind.value,
        arguments={"code": "123456"},
        language=language,
        created_at=utcnow(),
    )

    with app.test_request_context():
        email = as_email(write_mail(message))

    said = f"{email['From']} {email['Subject']} {email.get_content()}"
    assert telling(said) == []
