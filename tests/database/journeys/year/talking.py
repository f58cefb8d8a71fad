"""Fourth part: conversations in any form, the fund's reply on its clock, the money that waited for them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID

import sqlalchemy as sa

from forms.i18n import activate, translate
from fundapp.demo.sound import sound
from fundapp.models.award import Award
from fundapp.models.monitoring import CheckIn
from fundapp.models.organisation import Organisation
from fundapp.working_days import bank_holidays
from tests.database.journeys.year.desk import Year
from tests.file_checks.makers import photo

WORDS = {
    "en": "A woman who never spoke now runs the meeting.",
    "es": "Una mujer que nunca hablaba dirige ahora la reunión.",
    "ar": "امرأة لم تكن تتكلم تدير الآن الاجتماع.",
    "uk": "Жінка, яка мовчала, тепер веде зустріч.",
}
REPLY = "We learned that the meeting is theirs now. Thank you for telling us."
OUR_FAULT = "The day has passed without an answer. That is our fault, not yours."
VOICES, PHOTOS = ("Small circle 1", "Starter 2"), ("Small circle 2",)
Told = tuple[str, UUID]


def conversations_to_come(year: Year, day: str) -> list[Told]:
    """Groups and their conversations that are due by this day and not told yet."""
    query = (
        sa.select(Organisation.name, CheckIn.id)
        .join(Award, Award.id == CheckIn.award_id)
        .join(Organisation, Organisation.id == Award.organisation_id)
        .where(CheckIn.due_on <= date.fromisoformat(day), CheckIn.status.in_(("planned", "offered")))
        .order_by(Organisation.name)
    )
    return [(name, check_in) for name, check_in in year.rows(query)]


def the_fund_offers(year: Year, talks: Sequence[Told]) -> None:
    manager = year.of_fund("manager")
    for _name, check_in in talks:
        manager.press(f"/fund/check-ins/{check_in}/offer")


def groups_tell(year: Year, talks: Sequence[Told]) -> None:
    """By voice, photo, words of their own language, a link, or on the phone while the fund types."""
    for place, (name, check_in) in enumerate(talks):
        desk, path = year.of_group(name), f"/check-ins/{check_in}"
        language = year.languages[name]
        if name in VOICES:
            desk.send_file(f"{path}/files", sound(), "voice.webm", kind="voice", once=check_in.hex)
            desk.press(path, {"answer_language": "so", "minutes": "10"})
        elif name in PHOTOS:
            desk.send_file(f"{path}/files", photo("jpeg"), "us.jpg", kind="paper", once=check_in.hex)
            desk.press(path, {"answer_language": language, "minutes": "5"})
        elif place % 4 == 1:
            desk.press(path, {"answer_language": language, "link": "https://example.org/our-year"})
        elif place % 4 == 2:
            _fund_types(year, name, check_in)
        else:
            desk.press(path, {"answer_language": language, "K1": WORDS[language], "minutes": "30"})


def _fund_types(year: Year, name: str, check_in: UUID) -> None:
    """On the phone; the group reads it and says that it is right, or what is not."""
    typed = {"answer_language": "en", "K1": WORDS["en"], "K4": "A room.", "minutes": "45"}
    year.of_fund("manager").press(f"/fund/check-ins/{check_in}", typed)
    desk = year.of_group(name)
    page = desk.open(desk.at(f"/check-ins/{check_in}"))
    desk.send(page, {"correction": "The room is for evenings."}, to="/confirm")


def the_fund_replies(year: Year, talks: Sequence[Told]) -> None:
    """One sentence is refused, on the page of one group each time."""
    manager = year.of_fund("manager")
    manager.press(f"/fund/check-ins/{talks[0][1]}/reply", {"reply": "We learned a lot."}, status=422)
    for _name, check_in in talks:
        manager.press(f"/fund/check-ins/{check_in}/reply", {"reply": REPLY})
    name, check_in = talks[0]
    desk = year.of_group(name)
    assert REPLY in desk.open(desk.at(f"/check-ins/{check_in}")).words


def the_clock_is_right(year: Year, talk: Told, told_on: str) -> str:
    """Ten working days after it was told, counted here once more. Gives the day."""
    [(due,)] = year.rows(sa.select(CheckIn.reply_due_on).where(CheckIn.id == talk[1]))
    assert due == ten_working_days_after(told_on)
    return due.isoformat()


def ten_working_days_after(begin: str) -> date:
    day, left = date.fromisoformat(begin), 10
    while left:
        day += timedelta(days=1)
        left -= day.weekday() < 5 and day not in bank_holidays(day.year)
    return day


def both_sides_see_that_the_reply_is_late(year: Year, talk: Told) -> None:
    name, check_in = talk
    manager, desk = year.of_fund("manager"), year.of_group(name)
    seen = manager.open(manager.at(f"/fund/check-ins/{check_in}"))
    assert "The day has passed. The group reads that too." in seen.words
    shown = desk.open(desk.at(f"/check-ins/{check_in}"))
    with activate(desk.language):
        assert translate(OUR_FAULT) in shown.words
    overview = manager.open(manager.at(year.page_of_call("grants")))
    assert f"{name} Late" in overview.words
