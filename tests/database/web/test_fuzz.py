"""Rubbish in every field and every address, from every role: an answer each time, never a fault of ours."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from html.parser import HTMLParser
from itertools import islice
from typing import Any
from urllib.parse import urlencode, urlsplit
from uuid import uuid4

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from fundapp.db import db
from fundapp.lifecycles import ApplicationStatus, AwardStatus, CallStatus
from fundapp.models.application import Application, ApplicationStage
from fundapp.models.award import Award, Ratification
from fundapp.queries.calls import definition_of
from fundapp.web.access import WITHOUT_DECLARATION
from tests.factories import days
from tests.guards.world import World, build_world
from tests.published import dated
from tests.sign_in import client_with_token, signed_in_client

RUBBISH = (
    "\x00",
    "\ud800 half a character",
    "x" * 10_000,
    str(2**70),
    "-1",
    "NaN",
    "-Infinity",
    "1e999999999",
    "٩٩٩٩٩٩٩٩٩٩٩٩٩٩٩٩٩٩٩٩",
    "²",
    "{}",
    "\r\nBcc: everybody@example.org",
    "a@example.org\r\nBcc: b@example.org",
    "xx",
    "",
)
ROLES = ("anon", "applicant", "host", "panel", "manager", "finance", "admin")
LEFT_OUT = {*WITHOUT_DECLARATION, "public.leave"}  # which signs out, and takes nothing
FORM = "application/x-www-form-urlencoded"
QUERY = f"?page={2**70}&status=xx&words=%25&order=xx&stage=xx&next=//x&language=xx&lang=xx&back=xx&again=1"
OF_ANSWERS = ("panel.", "fund_translations.")
MANY = 20  # fields; of larger forms the parts are known from smaller ones
Fields = tuple[tuple[str, str], ...]


class Forms(HTMLParser):
    """The forms of a page: where each one goes, and its fields with a plausible value."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.forms: list[tuple[str | None, dict[str, str]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append((given.get("action"), {}))
        name = given.get("name")
        if tag in ("input", "textarea", "select", "button") and name and self.forms and name != "csrf_token":
            fallback = "" if tag != "textarea" and given.get("type") else "7"
            self.forms[-1][1].setdefault(name, given.get("value") or fallback)


NOT_IN_THE_WORLD = [  # no grant of the world is paid to a host
    "awards.ask_for_host_agreement_paper",
    "awards.host_accept",
]


def test_rubbish_in_any_field_is_never_our_fault(app: Flask, db_session: Any, own_share: slice) -> None:
    world = build_world(db_session)
    connection = db_session.connection()
    browsers = _browsers(app, world)

    faults, reached, known = [], set(), {}
    for moment, areas in MOMENTS.items():
        moment(world)
        db_session.commit()
        known |= _fields_of_pages(app, world, browsers, areas)
        everything = _all_fields(known)
        for rule in (each for each in _routes(app, "POST") if each.endpoint.startswith(areas)):
            for path in _paths(app, rule, world):
                role, status = _who_may(browsers, path, db_session, connection)
                reached |= {rule.endpoint} if role else set()
                if status >= 500:
                    faults.append((moment.__name__, role, path, status, b""))
                fillings = _filled_in(known[path]) if path in known else islice(_filled_in(everything), 2)
                for fields in list(fillings)[own_share] if role else ():
                    body = urlencode(fields, errors="surrogatepass").encode()
                    with _undone(db_session, connection):
                        page = browsers[role].post(path, data=body, content_type=FORM)
                    if page.status_code >= 500:
                        faults.append((moment.__name__, role, path, page.status_code, body[:300]))

    assert faults == []
    missing = {rule.endpoint for rule in _routes(app, "POST")} - reached
    assert sorted(missing) == NOT_IN_THE_WORLD


def test_rubbish_in_any_address_is_never_our_fault(app: Flask, db_session: Any, own_share: slice) -> None:
    world = build_world(db_session)
    browsers = _browsers(app, world)
    nobodys = {name: uuid4() for name in world.ids if name.endswith("_id")}
    db_session.commit()

    faults = []

    def answers(browser: FlaskClient, role: str, path: str) -> bool:
        """Whether somebody of this role is let in."""
        status = browser.get(path).status_code
        if status >= 500 and not path.endswith("/readyz"):
            faults.append((role, path, status))
        return status < 400

    for rule in _routes(app, "GET"):
        texts = [name for name in sorted(rule.arguments - {"lang", "kind"}) if not name.endswith("_id")]
        own, paths = _path(app, rule, world), [_path(app, rule, world, **nobodys)]
        paths += [_path(app, rule, world, **{name: junk}) for name in texts for junk in _junk(rule, name)]
        let_in = {role: browser for role, browser in browsers.items() if answers(browser, role, own)}
        for path in [f"{own}{QUERY}", *paths, *(f"{path}{QUERY}" for path in paths)][own_share]:
            for role, browser in let_in.items():
                answers(browser, role, path)

    assert faults == []


def _junk(rule: Rule, name: str) -> tuple[int | str, ...]:
    """No address can be built with a word in the place of a number."""
    numbers = (9**9, 2**70)
    return numbers if f"<int:{name}>" in rule.rule else (*numbers, "=1")


def at_the_panel(_world: World) -> None:
    """As the world is built: the list is signed, the grant runs."""


def while_it_is_read(world: World) -> None:
    application = _application(world)
    application.status, application.round.call.status = ApplicationStatus.IN_REVIEW, CallStatus.CLOSED
    dated(
        application.round,
        scoring_opens_at=days(-3),
        scoring_closes_at=days(3),
        panel_meets_at=days(5),
        told_at=days(9),
    )
    db.session.execute(sa.delete(Ratification))


def while_it_is_written(world: World) -> None:
    application = _application(world)
    application.status, application.round.call.status = ApplicationStatus.DRAFT, CallStatus.OPEN
    dated(application.round, opens_at=days(-9), eoi_closes_at=days(9), full_closes_at=days(19))


def when_it_was_sent(world: World) -> None:
    application = _application(world)
    application.status, application.stage = ApplicationStatus.SUBMITTED, ApplicationStage.EOI
    award = db.session.get(Award, world.ids["award_id"])
    assert award is not None
    award.status = AwardStatus.AGREEMENT_SENT


MOMENTS = {
    at_the_panel: ("",),
    while_it_is_read: ("panel.", "fund_panels.", "fund_awards."),
    while_it_is_written: ("apply.", "fund_answers."),
    when_it_was_sent: ("fund_applications.", "awards."),
}


def _application(world: World) -> Application:
    found = db.session.get(Application, world.ids["application_id"])
    assert found is not None
    return found


def _browsers(app: Flask, world: World) -> dict[str, FlaskClient]:
    """One for each role. They keep no cookie they are given: what a request ends is undone after it."""
    found = {}
    for role in ROLES:
        person = world.people.get(role)
        first = signed_in_client(app, person) if person else client_with_token(app)
        name = app.config["SETTINGS"].cookie_name
        cookie = first.get_cookie(name)
        assert cookie is not None
        found[role] = app.test_client(use_cookies=False)
        found[role].environ_base |= first.environ_base | {"HTTP_COOKIE": f"{name}={cookie.value}"}
    return found


def _routes(app: Flask, method: str) -> list[Rule]:
    rules = [rule for rule in app.url_map.iter_rules() if method in (rule.methods or ())]
    return sorted((rule for rule in rules if rule.endpoint not in LEFT_OUT), key=str)


def _path(app: Flask, rule: Rule, world: World, **other: Any) -> str:
    with app.test_request_context():
        values = {name: (world.ids | other)[name] for name in rule.arguments}
        return str(app.url_for(rule.endpoint, **values))


def _paths(app: Flask, rule: Rule, world: World) -> list[str]:
    """One address of the route; of questions, one for each kind; of answers, that of the only one."""
    if "key" not in rule.arguments or "revision_id" in rule.arguments or rule.endpoint.startswith(OF_ANSWERS):
        return [_path(app, rule, world)]
    definition = definition_of(_application(world).call_version)
    questions = [item.question for item in definition.eligibility]
    if rule.endpoint.startswith(("apply.", "fund_answers.")):
        questions = list(definition.form.questions())
    one_of_each = {(question.kind, question.carries): question.key for question in questions}
    return [_path(app, rule, world, key=key) for key in one_of_each.values()]


def _fields_of_pages(
    app: Flask, world: World, browsers: dict[str, FlaskClient], areas: tuple[str, ...]
) -> dict[str, Fields]:
    """By address, what the forms on our own pages of these areas send to it."""
    found: dict[str, dict[str, str]] = {}
    for rule in (each for each in _routes(app, "GET") if each.endpoint.startswith(areas)):
        for path in _paths(app, rule, world):
            for browser in browsers.values():
                page = browser.get(path)
                if page.mimetype == "text/html" and page.status_code == 200:
                    for action, fields in Forms(page.get_data(as_text=True)).forms:
                        found.setdefault(urlsplit(action or path).path, {}).update(fields)
    return {path: tuple(fields.items()) for path, fields in found.items()}


def _all_fields(known: dict[str, Fields]) -> Fields:
    return tuple({name: value for fields in known.values() for name, value in fields}.items())


def _who_may(
    browsers: dict[str, FlaskClient], path: str, db_session: Any, connection: Any
) -> tuple[str, int]:
    """The last of the roles that get past the door with nothing in their hands, and what they hear there.

    No role where nobody does.
    """
    for role, browser in reversed(browsers.items()):
        with _undone(db_session, connection):
            page = browser.post(path, content_type=FORM)
        if page.status_code not in (401, 403, 404):
            return role, page.status_code
    return "", 0


@contextmanager
def _undone(db_session: Any, connection: Any) -> Iterator[None]:
    """The world is afterwards as it was."""
    db_session.commit()
    alone = connection.begin_nested()
    yield
    db_session.rollback()
    alone.rollback()


def _filled_in(fields: Fields) -> Iterator[Sequence[tuple[str, str]]]:
    """Every field twice, all rubbish at once, and each one rubbish among good ones."""
    yield [*fields, *fields]
    for turn in range(0, len(RUBBISH), 4):
        yield [(name, _rubbish(turn + number)) for number, (name, _value) in enumerate(fields)]
    if len(fields) < MANY:
        for number, (name, _value) in enumerate(fields):
            others = [field for field in fields if field[0] != name]
            for turn in (number, number + len(RUBBISH) // 2):
                yield [*others, (name, _rubbish(turn))]


def _rubbish(number: int) -> str:
    return RUBBISH[number % len(RUBBISH)]
