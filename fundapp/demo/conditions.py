"""A grant of the demo whose checks are open: help is offered, and what may come later has a day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from fundapp.demo.calls import Scene
from fundapp.demo.words import read_words
from fundapp.lifecycles import AwardStatus
from fundapp.models.award import Award
from fundapp.queries.award_checks import list_checklist
from fundapp.queries.register_numbers import CHARITIES
from fundapp.services.award_checks import offer_help
from fundapp.services.award_conditions import NewCondition, add_condition, meet_condition
from fundapp.services.registers import import_register

ADDED, MET, REGISTER = 364, 372, 150  # days since the call opened


def help_with_checks(awards: Mapping[str, Award], scene: Scene) -> None:
    words, staff = read_words("later")["checks"], scene.people.staff
    award = awards.get(words["group"])
    if award is None or award.status is not AwardStatus.CHECKS:
        return
    check = next(each for each in list_checklist(award) if each.item.key == words["check"])
    at = scene.day(ADDED)
    offer_help(check.item, words=words["help"], actor=staff.manager, now=at)
    for asked in words["conditions"]:
        due_on = scene.now.date() + timedelta(days=asked["days"])
        new = NewCondition(asked["words"], asked["help"], due_on, staff.manager)
        condition = add_condition(award, new, actor=staff.manager, now=at)
        if "note" in asked:
            meet_condition(condition, note=asked["note"], actor=staff.manager, now=scene.day(MET))


def bring_in_register(scene: Scene) -> None:
    """As charities stood at the time of the checks; their numbers begin with 0, which no real one does."""
    day = scene.day(REGISTER)
    since = (day - timedelta(days=2_000)).date()
    lines = [
        f'{group.organisation.charity_number},"{group.name}",Registered,{since}'
        for group in scene.people.groups
        if group.organisation.charity_number
    ]
    header = "number,name,status,date_of_registration"
    import_register([header, *lines], register=CHARITIES, file_of=day.date(), now=day)
