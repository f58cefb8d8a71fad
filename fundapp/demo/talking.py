"""Messages between groups and the fund: answered, from a helper, and one that has waited too long."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from fundapp.demo.calls import Scene
from fundapp.demo.words import panel_words
from fundapp.models.application import Application
from fundapp.models.user import User
from fundapp.services.promises import find_missed_promises, set_reply_date
from fundapp.services.threads import write_to_fund, write_to_group

ANSWERED, LEFT_WAITING, WITH_HELPER = "Casa Jacaranda", "Kettle and Thread", "The Long Table Dagenham"


def talk(by_group: Mapping[str, tuple[Application, User]], helper: User, scene: Scene) -> None:
    words, manager, now = panel_words("thread"), scene.people.staff.manager, scene.now
    application, person = by_group[ANSWERED]
    asked_at = now - timedelta(days=4)
    write_to_fund(application, words["asked"], once="demo", actor=person, now=asked_at)
    answered_at = asked_at + timedelta(hours=22)
    write_to_group(application, words["answered"], once="demo-answer", actor=manager, now=answered_at)
    helped, _person = by_group[WITH_HELPER]
    write_to_fund(helped, words["helper"], once="demo", actor=helper, now=now - timedelta(days=1))
    waiting, person = by_group[LEFT_WAITING]
    message = write_to_fund(
        waiting, words["waiting"], once="demo", actor=person, now=now - timedelta(days=17)
    )
    find_missed_promises(now=now - timedelta(hours=2))
    day = (now + timedelta(days=5)).date()
    set_reply_date(message, day, reason=words["new_reason"], actor=manager, now=now - timedelta(hours=1))
