"""Grants of the demo that change after the agreement: told, asked, agreed, and with more time."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from fundapp.demo.calls import Scene
from fundapp.demo.grants import group_of
from fundapp.demo.words import read_words
from fundapp.models.award import Award
from fundapp.months import months_later
from fundapp.queries.grant_plans import Plan
from fundapp.services.grant_plans import agree_to_variation, ask_for_time, change_lines
from fundapp.services.grant_versions import current_plan

MORE_MONTHS = 3
FREE, ASKED = Decimal("0.1"), Decimal("0.4")  # parts of a line: fewer than 20 % may be told afterwards


def change_grants(running: Mapping[str, Award], scene: Scene) -> None:
    for words in read_words("later")["changes"]:
        award = running.get(words["group"])
        if award is not None:
            _change(award, words, scene)


def _change(award: Award, words: Mapping[str, Any], scene: Scene) -> None:
    actor, at, plan = group_of(award, scene).person, scene.day(words["day"]), current_plan(award)
    said: dict[str, Any] = {"words": words["words"], "language": words["language"], "actor": actor, "now": at}
    match words["kind"]:
        case "more_time":
            variation = ask_for_time(award, ends_on=months_later(plan.ends_on, MORE_MONTHS), **said)
        case "new_line":
            amounts, part = _take(plan, ASKED)
            new = [(words["line"], part)]
            variation = change_lines(award, amounts, new_lines=new, is_asked=True, **said)
        case kind:
            amounts, part = _take(plan, FREE if kind == "move" else ASKED)
            last = plan.lines[-1]
            amounts[last.number] = last.amount + part
            variation = change_lines(award, amounts, is_asked=kind != "move", **said)
    if "answer" in words:
        answered_at = scene.day(words["answered"])
        agree_to_variation(variation, words["answer"], actor=scene.people.staff.manager, now=answered_at)


def _take(plan: Plan, part: Decimal) -> tuple[dict[int, Decimal], Decimal]:
    """From the first line, whole pounds: that part of the smaller one of the first and the last."""
    first, last = plan.lines[0], plan.lines[-1]
    taken = (min(first.amount, last.amount) * part).quantize(Decimal(1))
    return {first.number: first.amount - taken}, taken
