"""Grants change while they run: money moves between lines, wishes are answered, and some take longer.

No sum of a grant moves, and nothing that was agreed is written over: after each step the plan, the
ring-fences, the payments, the open data and the record are compared with the second set of books.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal

import sqlalchemy as sa

from forms.i18n import activate, translate
from fundapp.db import db
from fundapp.models.award import Award, Instalment
from fundapp.models.grant_plan import GrantVersion, Variation
from fundapp.models.monitoring import CheckIn
from fundapp.queries.invariants import broken_invariants
from fundapp.services.events import broken_links
from tests.database.journeys.year import paying
from tests.database.journeys.year.at_the_end import TEXTS
from tests.database.journeys.year.bank import Bank
from tests.database.journeys.year.desk import Desk, Year
from tests.database.journeys.year.figures import figures_are_right
from tests.database.journeys.year.plan import ASKS, ENDS_LATER, HEARS_NO, LONGER, MOVES, Group
from tests.database.journeys.year.talking import ten_working_days_after
from tests.standard_360 import problems

CHANGING = (MOVES, ASKS, HEARS_NO, LONGER, ENDS_LATER)
WHY = "The rent of the hall went up."
LONGER_BY = timedelta(days=49)
ANSWERS = {
    ASKS.name: "A better room helps everybody. We agree.",
    HEARS_NO.name: "The work is done by people. Please show us first who would do it.",
    LONGER.name: "Take the time you need.",
    ENDS_LATER.name: "A late last talk is fine with us.",
}
SAID_BACK = "Two volunteers take it over. We write to you again with their names."
HEARD = "Thank you for telling us. Ask again as soon as you have talked to them."
Sent = Mapping[str, object]


def they_are_in_open_data(year: Year) -> None:
    """Somebody of the fund has read these grants once; what the public reads is compared from now on."""
    for group in CHANGING:
        year.of_fund("manager").press(f"/fund/awards/{year.awards[group.name]}/open-data", TEXTS)


def a_group_moves_money_and_tells_it(year: Year, bank: Bank) -> None:
    """A tenth of one line. Somebody else, an older page, a wrong sum or too much of it change nothing."""
    desk, path = year.of_group(MOVES.name), _lines_path(year, MOVES)
    told: Sent = _lines(5_900_000, 2_123_457, 1_100_000) | {"version": "1"}
    for stranger in (year.of_group(ASKS.name), year.of_fund("manager")):
        stranger.press(path, told, status=404)
    desk.press(path, told | {"version": "4"}, status=409)
    desk.press(path, told | {"line_3": "11000.01"}, status=422)
    desk.press(path, told | {"line_1": "70000", "line_3": "0"}, status=422)  # the fund has to agree to that
    everything_stands(year, bank, MOVES, version=1)
    shown = desk.send(desk.open(desk.at(path)), _lines(5_900_000, 2_123_457, 1_100_000), to="/plan/lines")
    assert shown.path.endswith("/plan")
    _book(year, MOVES, 5_900_000, 2_123_457, 1_100_000)
    desk.press(path, told, status=409)  # sent once more
    _many_small_moves_are_a_large_one(year, desk, path)
    everything_stands(year, bank, MOVES, version=2)
    seen = year.of_fund("other_manager")
    assert "Told afterwards" in seen.open(seen.at(f"/fund/awards/{year.awards[MOVES.name]}/plan")).words


def _many_small_moves_are_a_large_one(year: Year, desk: Desk, path: str) -> None:
    """Measured against what was agreed: a fifth of £10,000 is £2,000, however many steps it takes."""
    desk.press(path, _lines(5_799_999, 2_123_457, 1_200_001) | {"version": "2"}, status=422)


def a_group_asks_for_more_than_it_may_move(year: Year, bank: Bank) -> None:
    """A quarter more for the room. Nothing counts before the fund has answered."""
    desk, path = year.of_group(ASKS.name), _lines_path(year, ASKS)
    page = desk.send(
        desk.open(desk.at(path)), _lines(4_700_000, 2_075_050, 1_250_000), to="/plan/lines", status=422
    )
    desk.send(page, {"words": "", "answer_language": "en"}, to="/plan/lines", status=422)  # it says no reason
    desk.send(page, {"words": WHY}, to="/plan/lines")
    desk.press(path, _lines(4_999_900, 2_025_150, 1_000_000) | {"version": "1"}, status=409)  # one at a time
    everything_stands(year, bank, ASKS, version=1)


def another_group_asks_for_too_much(year: Year, bank: Bank) -> None:
    desk, path = year.of_group(HEARS_NO.name), _lines_path(year, HEARS_NO)
    wish = _lines(5_000_000, 5_000_000) | {"words": WHY, "answer_language": "en", "version": "1"}
    desk.press(path, wish, status=422)  # without the second button
    desk.press(path, wish | {"ask": "yes"}, status=303)
    everything_stands(year, bank, HEARS_NO, version=1)


def two_groups_ask_for_more_time(year: Year, bank: Bank) -> None:
    """One for everything that is to come, one for its last conversation alone."""
    for group, moved in ((LONGER, "all"), (ENDS_LATER, "closing")):
        desk, path = year.of_group(group.name), f"/awards/{year.awards[group.name]}/plan/more-time"
        ends_on = _end(year, group)
        wish = _day("ends_on", ends_on + LONGER_BY) | {"moved_days": moved, "answer_language": "en"}
        desk.press(path, wish | {"words": ""}, status=422)
        desk.press(path, wish | _day("ends_on", ends_on) | {"words": WHY}, status=422)  # no later than now
        year.of_group(MOVES.name).press(path, wish | {"words": WHY}, status=404)
        desk.send(desk.open(desk.at(path)), wish | {"words": WHY}, to="/more-time")  # type: ignore[arg-type]
        desk.press(path, wish | {"words": WHY}, status=409)  # one at a time
        everything_stands(year, bank, group, version=1)
        assert _end(year, group) == ends_on


def the_fund_answers_in_ten_working_days(year: Year, bank: Bank, asked_on: str, answered_on: str) -> None:
    """On the last day it has promised: three are agreed to, one is not, and every group reads why."""
    due = dict(year.rows(sa.select(Variation.award_id, Variation.reply_due_on)))
    assert {each for each in due.values() if each} == {ten_working_days_after(asked_on)}
    assert ten_working_days_after(asked_on).isoformat() == answered_on
    manager = year.of_fund("manager")
    assert "Changes of grants to answer" in manager.open(manager.at(year.page_of_call("grants"))).words
    _answer(year, ASKS, "agree")
    _book(year, ASKS, 4_700_000, 2_075_050, 1_250_000)
    everything_stands(year, bank, ASKS, version=2)
    _answer(year, HEARS_NO, "refuse")
    everything_stands(year, bank, HEARS_NO, version=1)
    for group in (LONGER, ENDS_LATER):
        before, ends_on = _days(year, group), _end(year, group)
        _answer(year, group, "agree")
        _only_what_is_to_come_has_moved(year, group, before, answered_on)
        assert _end(year, group) == ends_on + LONGER_BY
        everything_stands(year, bank, group, version=2)
        _agreement_shows_the_days_it_was_signed_with(year, group)
    assert "Changes of grants to answer" not in manager.open(manager.at(year.page_of_call("grants"))).words


def _answer(year: Year, group: Group, choice: str) -> None:
    """Nobody else may answer, nor without a reason, nor twice."""
    award = year.awards[group.name]
    [(wish,)] = year.rows(
        sa.select(Variation.id).where(Variation.award_id == award, Variation.status == "asked")
    )
    path, said = f"/fund/variations/{wish}", {"choice": choice, "answer": ANSWERS[group.name]}
    manager, desk = year.of_fund("manager"), year.of_group(group.name)
    desk.press(path, said, status=404)
    year.of_fund("finance").press(path, said, status=404)
    manager.press(path, said | {"answer": " "}, status=422)
    manager.press(path, {"answer": ANSWERS[group.name]}, status=422)
    before = len(year.mails_to(group.name))
    manager.send(manager.open(manager.at(path)), said, to=path)
    year.of_fund("other_manager").press(path, said, status=409)
    desk.press(f"/variations/{wish}/take-back", status=409)  # too late
    assert year.mails_to(group.name)[before:] == ["award_update"]
    assert ANSWERS[group.name] in desk.open(desk.at(f"/awards/{award}/plan")).words


def the_group_says_something_back(year: Year, bank: Bank) -> None:
    """To the fund, which reads it where all messages are and writes again."""
    application, desk = year.applications[HEARS_NO.name], year.of_group(HEARS_NO.name)
    manager = year.of_fund("manager")
    page = desk.open(desk.at(f"/applications/{application}/messages"))
    desk.send(page, {"text": SAID_BACK}, holding="text")
    assert HEARS_NO.name in manager.open(manager.at(year.page_of_call("messages"))).words
    page = manager.open(manager.at(f"/fund/applications/{application}/messages"))
    assert SAID_BACK in page.words
    manager.send(page, {"text": HEARD}, holding="text")
    assert HEARD in desk.open(desk.at(f"/applications/{application}/messages")).words
    everything_stands(year, bank, HEARS_NO, version=1)


def everything_stands(year: Year, bank: Bank, group: Group, *, version: int) -> None:
    """The plan of this group, and all that no change of a plan may move."""
    _plan_is_right(year, group, version)
    figures_are_right(year)
    paying.what_was_paid_is_what_arrived(year, bank)
    agreed = year.book.entries[group.name].payments
    assert [int(amount * 100) for amount in _payments(year, group).values()] == agreed
    package = year.json_file("/open-data/DGF-2027.json")
    [(public_id,)] = year.rows(sa.select(Award.public_id).where(Award.id == year.awards[group.name]))
    [grant] = [each for each in package["grants"] if each["id"].endswith(str(public_id))]
    assert Decimal(str(grant["amountAwarded"])) * 100 == group.pence
    assert (len(package["grants"]), problems(package)) == (len(CHANGING), [])
    with year.world.app.app_context():
        assert [each.name for each, _ids in broken_invariants()] == []
        assert list(broken_links()) == []
        db.session.remove()


def _plan_is_right(year: Year, group: Group, version: int) -> None:
    """On the pages of both sides and in the newest version, which is one of so many."""
    entry, award = year.book.entries[group.name], year.awards[group.name]
    assert sum(entry.lines.values()) == entry.agreed == group.pence
    desk, manager = year.of_group(group.name), year.of_fund("manager")
    for reader, path in ((desk, f"/awards/{award}/plan"), (manager, f"/fund/awards/{award}/plan")):
        page = reader.open(reader.at(path))
        assert page.html.count("<details><summary>") == version, group.name
        with activate(reader.language):
            named = {name or translate("The whole grant"): pence for name, pence in entry.lines.items()}
        assert {name: page.row(name)[-1] for name in named} == {
            name: f"£{Decimal(pence) / 100:,.2f}" for name, pence in named.items()
        }
    with year.world.app.app_context():
        query = sa.select(GrantVersion).where(GrantVersion.award_id == award)
        newest = db.session.execute(query.order_by(GrantVersion.number.desc())).scalars().first()
        assert newest is not None
        assert newest.number == version
        assert {each.line.name: int(each.amount * 100) for each in newest.lines} == entry.lines
        db.session.remove()


def _only_what_is_to_come_has_moved(year: Year, group: Group, before: Mapping[str, date], today: str) -> None:
    """By as much as the end; the payments of a group that asked for its last conversation alone stay."""
    waiting = {kind for kind, day in before.items() if day > date.fromisoformat(today)}
    moved = waiting if group is LONGER else {"month_23"}
    assert len(moved & waiting) == len(moved) > 0
    assert _days(year, group) == {
        kind: day + LONGER_BY if kind in moved else day for kind, day in before.items()
    }


def _days(year: Year, group: Group) -> dict[str, date]:
    """Of conversations and payments, by name."""
    award = year.awards[group.name]
    talks = year.rows(sa.select(CheckIn.kind, CheckIn.due_on).where(CheckIn.award_id == award))
    payments = year.rows(sa.select(Instalment.number, Instalment.due_on).where(Instalment.award_id == award))
    return dict(talks) | {f"payment {number}": day for number, day in payments}  # type: ignore[arg-type]


def _payments(year: Year, group: Group) -> dict[int, Decimal]:
    query = sa.select(Instalment.number, Instalment.amount).where(
        Instalment.award_id == year.awards[group.name]
    )
    return dict(year.rows(query.order_by(Instalment.number)))  # type: ignore[arg-type]


def _end(year: Year, group: Group) -> date:
    query = sa.select(GrantVersion.ends_on).where(GrantVersion.award_id == year.awards[group.name])
    [(day,)] = year.rows(query.order_by(GrantVersion.number.desc()).limit(1))
    assert isinstance(day, date)
    return day


def _agreement_shows_the_days_it_was_signed_with(year: Year, group: Group) -> None:
    desk = year.of_group(group.name)
    page = desk.open(desk.at(f"/awards/{year.awards[group.name]}/agreement"))
    with activate(desk.language):
        assert (translate("Since then the days have moved.") in page.words) is (group is LONGER)


def _lines_path(year: Year, group: Group) -> str:
    return f"/awards/{year.awards[group.name]}/plan/lines"


def _lines(*sums: int) -> dict[str, str]:
    return {f"line_{number}": f"{pence / 100:.2f}" for number, pence in enumerate(sums, 1)}


def _day(name: str, day: date) -> dict[str, str]:
    return {f"{name}-day": str(day.day), f"{name}-month": str(day.month), f"{name}-year": str(day.year)}


def _book(year: Year, group: Group, *sums: int) -> None:
    year.book.entries[group.name].lines = dict(zip(dict(group.lines), sums, strict=True))
