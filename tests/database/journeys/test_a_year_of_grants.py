"""The grants of the demo call played day after day: who gets what, when, and what the figures say meanwhile.

The sums stand in `year/plan.py`, a second set of books in `year/book.py`, and a bank that knows nothing of
the product in `year/bank.py`. The ring-fences are compared after every step that could move them.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.database.journeys.world import world_with_a_draft_call
from tests.database.journeys.year import (
    at_the_end,
    changing,
    deciding,
    granting,
    judging,
    leaving,
    paying,
    talking,
)
from tests.database.journeys.year.bank import Bank
from tests.database.journeys.year.desk import Year
from tests.database.journeys.year.figures import figures_are_right
from tests.database.journeys.year.plan import GIVEN, HELD, LED_RESERVE, ROUND_1, ROUND_2, WITHDRAWS, Group

pytestmark = pytest.mark.slow

CANNOT_BE_PAID = "Kitchen table 2"
ASKED_ON, ANSWERED_ON = "2028-05-23", "2028-06-07"  # ten working days, with a bank holiday between them
# Conversations on this day, the replies some days later; how many they are, how many payments are made then,
# and how many grants end. Grants began on 13 September 2027, 1 May 2028 and 24 July 2028. One of the first
# round has seven more weeks for everything that was to come, another one for its last conversation.
CALENDAR = (
    ("2028-09-14", "2028-09-20", 27, 20, 6),  # month 12 of the first round; starter grants last a year
    ("2028-11-02", "2028-11-09", 14, 6, 0),
    ("2029-01-25", "2029-01-31", 1, 0, 0),
    ("2029-03-14", "2029-03-21", 20, 7, 0),
    ("2029-05-02", "2029-05-09", 14, 10, 4),
    ("2029-07-25", "2029-07-30", 1, 1, 0),
    ("2029-08-14", "2029-08-21", 19, 0, 19),  # month 23 of the first round
    ("2029-11-02", "2029-11-08", 11, 5, 2),
    ("2030-01-25", "2030-01-30", 1, 0, 0),
    ("2030-04-02", "2030-04-09", 9, 0, 9),
    ("2030-06-25", "2030-07-01", 1, 0, 1),
)
JUDGED = {"2028-09-14": "month_12", "2029-08-14": "month_23"}
NOT_ALL_SPENT = "2029-08-14"


@dataclass
class Story:
    year: Year
    folder: Path
    bank: Bank = field(default_factory=Bank)

    def pays(self, day: str) -> int:
        self.year.day(day)
        return paying.everything_due_is_paid(self.year, self.bank, day)

    def talks(self, day: str, replied: str) -> int:
        """Everything that is due by this day is talked about; the fund replies some days later."""
        self.year.day(day)
        talks = talking.conversations_to_come(self.year, day)
        talking.groups_tell(self.year, talks)
        self.year.day(replied)
        talking.the_fund_replies(self.year, talks)
        return len(talks)

    def begins(self, groups: Sequence[Group], checks: str, agreement: str) -> None:
        """From the yes to the day on which a first payment can be made."""
        self.year.day(checks)
        granting.claims_are_decided(self.year, groups)
        granting.checks_are_settled(self.year, groups)
        self.year.day(agreement, "20:00")
        granting.agreements_are_accepted(self.year, groups)
        granting.accounts_are_said_and_checked(self.year, groups)


@pytest.fixture
def story(engine_name: str, tmp_path: Path) -> Iterator[Story]:
    with world_with_a_draft_call(engine_name, "en", tmp_path, f"fundapp_year_{os.getpid()}") as world:
        yield Story(deciding.begin(world), tmp_path)


def the_first_round_begins(story: Story) -> None:
    """28 groups are paid, one of them by a second try."""
    year = story.year
    deciding.a_round_is_decided(year, "1")
    figures_are_right(year, by_command=True)
    story.begins(ROUND_1, "2027-08-02", "2027-08-05")
    paying.nothing_can_be_paid(year)  # the days to object are not over
    [group] = [each for each in ROUND_1 if each.name == CANNOT_BE_PAID]
    story.bank.knows_not = {"".join(group.numbers.values())}
    assert story.pays("2027-09-06") == 27
    story.bank.knows_not = set()
    assert story.pays("2027-09-13") == 1
    at_the_end.a_grant_that_is_not_settled_stays_open(year, HELD.name)


def the_first_conversations_take_place(story: Story) -> None:
    """The fund offers them; one group waits longer than ten working days, and everybody sees that."""
    year = story.year
    year.day("2027-09-20")
    talks = talking.conversations_to_come(year, "2027-10-01")
    assert len(talks) == 28
    talking.the_fund_offers(year, talks)
    year.day("2027-09-27")
    talking.groups_tell(year, talks)
    assert talking.the_clock_is_right(year, talks[0], "2027-09-27") == "2027-10-11"
    year.day("2027-10-11")
    talking.the_fund_replies(year, talks[1:])
    year.day("2027-10-12")
    talking.both_sides_see_that_the_reply_is_late(year, talks[0])
    talking.the_fund_replies(year, talks[:1])


def the_second_round_is_decided(story: Story) -> None:
    """A payment is held meanwhile, and the others of that day go out."""
    year = story.year
    deciding.the_second_round_opens(year)
    deciding.a_round_is_decided(year, "2")
    assert len(year.awards) == len(GIVEN) == 41
    figures_are_right(year, by_command=True)
    assert year.book.figures()["BYFOR"] == {"reached": 181_200_000, "needed": 0, "headroom": 1_000_000}


def half_a_year_has_passed(story: Story) -> None:
    year = story.year
    leaving.a_payment_is_held(year, "2028-04-10")
    assert story.talks("2028-03-15", "2028-03-22") == 28
    assert story.pays("2028-03-23") == 8  # nine groups with the larger income, one of them held
    story.begins(ROUND_2, "2028-04-03", "2028-04-05")
    leaving.the_payment_goes_on(year)
    assert story.pays("2028-04-24") == 14  # the first ones of round 2, and the one that was held
    assert story.talks("2028-05-16", "2028-05-22") == 13


def five_groups_change_their_plans(story: Story) -> None:
    """One tells it afterwards, four ask; the fund answers on the last day that it has promised."""
    year, bank = story.year, story.bank
    year.day(ASKED_ON)
    changing.they_are_in_open_data(year)
    changing.a_group_moves_money_and_tells_it(year, bank)
    changing.a_group_asks_for_more_than_it_may_move(year, bank)
    changing.another_group_asks_for_too_much(year, bank)
    changing.two_groups_ask_for_more_time(year, bank)
    year.day(ANSWERED_ON)
    changing.the_fund_answers_in_ten_working_days(year, bank, ASKED_ON, ANSWERED_ON)
    changing.the_group_says_something_back(year, bank)


def a_group_leaves_and_another_one_comes(story: Story) -> None:
    year = story.year
    year.day("2028-06-15")
    leaving.a_group_gives_its_grant_back(year)
    leaving.money_is_asked_back(year, WITHDRAWS, 600_000, leaving.WHY_ENDED)
    for day, pence in (("2028-07-05", 250_000), ("2028-07-20", 350_000)):
        year.day(day)
        leaving.money_comes_back(year, WITHDRAWS, pence)
    year.day("2028-07-24")
    leaving.the_reserve_list_is_offered_the_money(year)
    story.begins([LED_RESERVE], "2028-07-27", "2028-08-01")
    assert story.pays("2028-08-14") == 1
    figures_are_right(year, by_command=True)


def the_rest_of_the_time(story: Story) -> None:
    """Conversations and payments in the order of the calendar, to the last grant's last page."""
    year = story.year
    for day, replied, talks, payments, ends in CALENDAR:
        assert story.talks(day, replied) == talks, day
        if payments:
            assert paying.everything_due_is_paid(year, story.bank, replied) == payments, day
        paying.nothing_can_be_paid(year)
        if day in JUDGED:
            judging.groups_say_how_the_fund_was(year, JUDGED[day])
        if day == NOT_ALL_SPENT:
            leaving.what_was_not_spent_comes_back(year)
        assert at_the_end.grants_are_closed(year) == ends, day


def everything_adds_up(story: Story) -> None:
    at_the_end.every_grant_adds_up_to_the_penny(story.year, story.bank)
    figures_are_right(story.year, by_command=True)
    at_the_end.everybody_can_work_it_out_again(story.year, story.folder)
    at_the_end.the_record_is_whole(story.year)


CHAPTERS = (
    the_first_round_begins,
    the_first_conversations_take_place,
    the_second_round_is_decided,
    half_a_year_has_passed,
    five_groups_change_their_plans,
    a_group_leaves_and_another_one_comes,
    the_rest_of_the_time,
    everything_adds_up,
)


def test_a_year_of_the_demo_call(story: Story) -> None:
    for chapter in CHAPTERS:
        chapter(story)
