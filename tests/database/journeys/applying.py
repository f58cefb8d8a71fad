"""First part: the call opens, groups find out whether it is for them, apply in two stages."""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.database.journeys import steps
from tests.database.journeys.browser import Page
from tests.database.journeys.cast import (
    FITTING,
    GROUPS,
    INVITED,
    LATE_BUS,
    MEMBERS,
    NADIYA,
    NOT_IN_LONDON,
    THAMES,
    UMBRAL,
    ZAYTOUN,
    Group,
    Member,
)
from tests.database.journeys.world import CALL, Person, Staff, World

NO_AT_FIRST = "Your night bus work is strong. This fund is for groups whose main work is ending violence."


@dataclass
class Story:
    """Who is in it, and what they have to find again."""

    world: World
    manager: Staff  # may also pay, so that only the rule of two people stops her
    finance: Staff
    people: dict[str, Person] = field(default_factory=dict)
    applications: dict[str, str] = field(default_factory=dict)  # the page of the fund's staff, by group
    read: dict[str, list[str]] = field(default_factory=dict)  # groups by the member that read them

    def person(self, who: Group | Member) -> Person:
        return self.people.setdefault(who.email, Person(self.world, who.email))

    def in_new_browser(self, who: Group | Member) -> Person:
        self.people[who.email] = Person(self.world, who.email)
        return self.people[who.email]


def the_call_is_published_and_opens(story: Story) -> None:
    world, manager = story.world, story.manager
    visitor = world.browser()
    visitor.open(visitor.at(f"/calls/{CALL}"), status=404)

    manager.browser.send(steps.goes_to_call(manager), to="/publish")

    page = visitor.open(visitor.open(visitor.at("/")).links_to(f"/calls/{CALL}")[0])
    assert "60%" in page.words
    questions = visitor.open(page.links_to("/questions")[0])
    assert all(f'id="question-{key}"' in questions.html for key in ("S1", "Q2", "Q12"))
    assert not steps.passes_the_check(visitor, FITTING).links_to("/start")  # not open yet
    world.it_is("2027-03-16 09:00")
    manager.browser.send(steps.goes_to_call(manager), to="/open")


def anybody_can_find_out_whether_it_is_for_them(story: Story) -> None:
    says = story.world.says

    fits, talk, another = (
        steps.passes_the_check(story.world.browser(), answers)
        for answers in (FITTING, LATE_BUS.check, NOT_IN_LONDON)
    )

    assert (says("You can apply") == "You can apply") is (story.world.language == "en")
    headings = [page.heading for page in (fits, talk, another)]
    assert headings == [says("You can apply"), says("Talk to us first"), says("Not this fund")]
    assert [bool(page.links_to("/start")) for page in (fits, talk, another)] == [True, True, False]
    assert ["020 7946 0123" in page.words for page in (talk, another)] == [True, True]


def groups_send_an_expression_of_interest(story: Story) -> None:
    story.world.it_is("2027-03-20 10:00")
    for group in GROUPS:
        person = story.person(group)
        page = steps.starts(person, group)
        if group is ZAYTOUN:
            page = _stops_and_comes_back_on_another_phone(story, page.path)
            person = story.person(group)
        elif group is NADIYA:
            assert story.world.says("We keep you confidential") in page.words
        page = steps.answers_every_question(person, group, page)
        assert all(group.answer(key) in page.words for key in ("S1", "S2"))
        receipt = steps.sends(person, page)
        assert all(group.answer(key) in receipt.words for key in ("S1", "S2"))
        assert [mail.kind for mail in story.world.mails_to(group.email)][-1] == "application_received"


def _stops_and_comes_back_on_another_phone(story: Story, path: str) -> Page:
    """What was saved is there; sending is not possible before the rest is."""
    person = story.person(ZAYTOUN)
    page = person.open(person.open(path).links_to(r"/questions/S1")[0])
    steps.answers(person, ZAYTOUN, page, button="later")
    person = story.in_new_browser(ZAYTOUN)
    page = steps.reads_own_application(person)
    check = person.open(page.link("/check"))
    assert ZAYTOUN.answer("S1") in check.words
    refused = person.browser.send(check, to="/submit", status=422)
    assert 'id="errors"' in refused.html
    return person.open(path)


def the_fund_reads_them_and_answers(story: Story) -> None:
    story.world.it_is("2027-04-20 10:00")
    manager = story.manager
    for group in GROUPS:
        page = steps.opens_application(manager, group)
        story.applications[group.name] = page.path
        assert all(group.answer(key) in page.words for key in ("S1", "S2"))
        if group is LATE_BUS:
            manager.browser.send(page, {"reason": " "}, to="/decline", status=422)
            manager.browser.send(page, {"reason": NO_AT_FIRST}, to="/decline")
            continue
        page = steps.settles_claims(manager, page, "confirmed")
        manager.browser.send(page, to="/invite")
    declined = steps.reads_own_application(story.person(LATE_BUS))
    assert NO_AT_FIRST in declined.words
    assert [story.world.mails_to(group.email)[-1].kind for group in (LATE_BUS, ZAYTOUN)] == [
        *("sign_in_code", "invited_to_full")
    ]


def invited_groups_send_the_full_form(story: Story) -> None:
    story.world.it_is("2027-05-10 18:00")
    for group in INVITED:
        person = story.person(group)
        page = steps.reads_own_application(person)
        copied = person.open(page.path + "/questions/Q2")
        assert copied.form().fields["Q2"].values == [group.answer("S1")]  # nothing is asked twice
        page = steps.answers_every_question(person, group, page)
        assert all(group.answer(f"Q{number}") in page.words for number in (1, 2, 7, 12))
        assert (group.partner is None) or group.partner[0] in page.words
        steps.sends(person, page)
    story.world.it_is("2027-06-03 12:01")  # the deadline has passed; the time of grace has not
    page = steps.opens_application(story.manager, UMBRAL)
    assert ["£40,000.00" in page.words, "£20,000.00" in page.words] == [True, True]
    assert not steps.reads_own_application(story.person(THAMES)).links_to("/questions/.*")


def the_call_closes_and_gets_its_panel(story: Story) -> None:
    manager = story.manager
    story.world.it_is("2027-06-07 09:00")
    manager.browser.send(steps.goes_to_call(manager), to="/close")
    page = steps.seats_the_panel(manager)
    assert all(member.name in page.words for member in MEMBERS)
    assert not page.links_to("/panel/seats")  # every seat is taken
    manager.browser.send(page, to="/panel/start")
