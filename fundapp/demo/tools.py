"""A tool of the demo's fund that reads what the fund has: its key was shown once, and nobody knows it."""

from __future__ import annotations

from fundapp.demo.calls import Scene
from fundapp.demo.words import read_words
from fundapp.models.api_key import ApiScope
from fundapp.services.api_keys import make_key

MADE, DAYS = 205, 300  # days since the call opened, days it lives


def give_key(scene: Scene) -> None:
    name, at = read_words("later")["key"], scene.day(MADE)
    make_key(
        scene.call.fund,
        name=name,
        scopes=(ApiScope.AWARDS, ApiScope.PAYMENTS),
        days=DAYS,
        actor=scene.people.staff.manager,
        now=at,
    )
