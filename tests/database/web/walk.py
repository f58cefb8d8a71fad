"""Every page of some routes in one language, as each role sees it, in each moment of an application."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from flask import Flask
from flask.testing import FlaskClient

from fundapp.db import db
from fundapp.web.templating import STAFF_AREAS
from tests.database.web.test_fuzz import MOMENTS, _browsers, _paths, _routes
from tests.guards.world import World

NOT_FOR_THEM = ("health.", "worker.", "open_data.", "account.staff", "demo.")


@dataclass(frozen=True)
class Visit:
    moment: str
    role: str
    path: str
    text: str


def for_groups(endpoint: str) -> bool:
    """Pages of applicants, of those they ask, and of everybody."""
    return not endpoint.startswith((*STAFF_AREAS, *NOT_FOR_THEM))


def browsers_of(app: Flask, world: World, roles: Sequence[str]) -> dict[str, FlaskClient]:
    return {role: browser for role, browser in _browsers(app, world).items() if role in roles}


def moments(world: World) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Makes each moment in turn: its name, and the areas that look different in it."""
    for moment, areas in MOMENTS.items():
        moment(world)
        db.session.commit()
        yield moment.__name__, areas


def pages_in(
    app: Flask,
    world: World,
    browsers: dict[str, FlaskClient],
    language: str,
    *,
    areas: tuple[str, ...] = ("",),
    staff: bool = False,
) -> Iterator[Visit]:
    """Pages that are shown; who is led elsewhere or turned away sees none."""
    world.ids["lang"] = language
    for rule in _routes(app, "GET"):
        if rule.endpoint.startswith(areas) and (staff or for_groups(rule.endpoint)):
            for path in _paths(app, rule, world):
                for role, browser in browsers.items():
                    page = browser.get(path)
                    if page.mimetype == "text/html" and page.status_code == 200:
                        yield Visit("", role, path, page.get_data(as_text=True))
