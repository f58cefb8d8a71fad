"""What people do in the journey, one function for each thing, through pages alone."""

from __future__ import annotations

import re

from tests.database.journeys.browser import Browser, Page, Typed
from tests.database.journeys.cast import GROUPS, MEMBERS, Group
from tests.database.journeys.world import CALL, Person, Staff

MANY = "22"  # how many applications a member says they can read


# --- the public, without an account


def passes_the_check(browser: Browser, answers: dict[str, str]) -> Page:
    """From the page of the call, question after question, to the result."""
    page = browser.open(browser.at(f"/calls/{CALL}"))
    page = browser.open(page.links_to(f"/calls/{CALL}/check")[0])
    page = browser.open(page.links_to(r"/check/E1")[0])
    while "/check/" in page.path:
        key = page.path.rsplit("/", 1)[1]
        page = browser.send(page, {key: answers[key]})
    return page


# --- a group that applies


def starts(person: Person, group: Group) -> Page:
    """From the result of the check, signing in on the way; the page of the application."""
    page = passes_the_check(person.browser, group.check)
    page = person.open(page.link("/start"))
    typed: dict[str, Typed] = {
        "name": group.name,
        "legal_form": "unincorporated",
        "borough": group.borough,
        "migrant_led": group.migrant_led,
    }
    first_question = person.browser.send(page, typed)
    return person.browser.open(first_question.path.partition("/questions/")[0])


def answers_every_question(person: Person, group: Group, page: Page) -> Page:
    """From the page of the application to "check your answers", a question a page."""
    page = person.open(page.links_to(r"/questions/\w+")[0])
    while "/questions/" in page.path:
        page = answers(person, group, page)
    return page


def answers(person: Person, group: Group, page: Page, *, button: str = "next") -> Page:
    key = page.path.rsplit("/", 1)[1]
    typed = _typed(group, key)
    if "answer_language" in page.form().fields:
        typed["answer_language"] = group.language
    return person.browser.send(page, typed, button=button)


def _typed(group: Group, key: str) -> dict[str, Typed]:
    partner, part = group.partner or ("", 0)
    by_key: dict[str, dict[str, Typed]] = {
        "S3": {"S3": group.strand},
        "S3_amount": {"S3_amount": str(group.pounds)},
        "Q8": {
            "Q8-0-what": group.answer("Q8"),
            "Q8-0-amount": str(group.pounds - 1_000),
            "Q8-1-what": "Rent",
            "Q8-1-amount": "1000",
        },
        "Q11_shares": {"Q11_shares-0-partner": partner, "Q11_shares-0-amount": str(part)},
    }
    return by_key.get(key, {key: group.answer(key)})


def sends(person: Person, page: Page) -> Page:
    """From "check your answers" to the receipt."""
    page = person.browser.send(page, to="/submit")
    assert page.path.endswith("/receipt"), page.words
    return page


def reads_own_application(person: Person) -> Page:
    """By the way of the person's own first page."""
    return person.open(person.open("/home").link(r"/applications/[0-9a-f-]{36}"))


# --- the fund's staff


def goes_to_call(staff: Staff) -> Page:
    return staff.open(staff.open("/home").link(r"/fund/calls/[0-9a-f-]{36}"))


def goes_to_round(staff: Staff, thing: str) -> Page:
    """Applications, panel or awards of the first round, from the call's page."""
    return staff.open(goes_to_call(staff).links_to(rf"/fund/rounds/[0-9a-f-]{{36}}/{thing}")[0])


def opens_application(staff: Staff, group: Group) -> Page:
    """Found by the name in the round's list."""
    page = goes_to_round(staff, "applications")
    page = staff.browser.send(page, {"words": group.name})
    return staff.open(page.link(r"/fund/applications/[0-9a-f-]{36}"))


def settles_claims(staff: Staff, page: Page, finding: str) -> Page:
    """Every claim of the group on the application's page."""
    for form in [each for each in page.forms if re.search(r"/claims/\d+$", each.action)]:
        number = form.action.rsplit("/", 1)[1]
        page = staff.browser.send(
            page, {f"c{number}-status": finding, f"c{number}-evidence": ["own_words"]}, to=f"/claims/{number}"
        )
    return page


def seats_the_panel(staff: Staff) -> Page:
    """All seats of the call, one after the other."""
    page = goes_to_round(staff, "panel")
    page = staff.browser.send(page, to="/panel/set-up")
    for member in MEMBERS:
        page = staff.open(page.link("/panel/seats"))
        typed: dict[str, Typed] = {
            "kind": member.kind,
            "name": member.name,
            "email": member.email,
            "capacity": MANY,
        }
        if member.is_chair:
            typed["is_chair"] = "yes"
        page = staff.browser.send(page, typed)
    return page


# --- a member of the panel


def goes_to_panel(person: Person) -> Page:
    return person.open(person.open("/home").link(r"/panels/[0-9a-f-]{36}"))


def declares_ties(person: Person, ties: dict[str, tuple[str, str]]) -> Page:
    """In three steps; `ties` by the name of the group: what should happen, and what the tie is."""
    page = person.open(goes_to_panel(person).link("/ties"))
    page = person.browser.send(page, {"employer": "Library of Hackney", "is_complete": "yes"})
    known = groups_by_name(page)
    page = person.browser.send(page, {"groups_known": [known[name] for name in ties]}, to="/ties")
    if not ties:
        return page
    typed: dict[str, Typed] = {}
    for name, (response, reason) in ties.items():
        mark = known[name].replace("-", "")
        typed |= {f"response_{mark}": response, f"reason_{mark}": reason}
    return person.browser.send(page, typed, to="/ties")


def groups_by_name(page: Page) -> dict[str, str]:
    """The values of the boxes on the page of ties."""
    boxes = re.findall(
        r'name="groups_known" value="([^"]+)".*?<span><bdi[^>]*>(.*?)</bdi>', page.html, re.DOTALL
    )
    return {name: value for value, name in boxes}


def reads_everything(person: Person, page: Page) -> list[str]:
    """Every application given to the member is marked and locked; gives the groups' names."""
    read = []
    for address in page.links_to(r"/readings/[0-9a-f-]{36}"):
        sheet = person.open(address)
        read.append(sheet.heading)
        group = next(each for each in GROUPS if each.name == sheet.heading)
        locks(person, marks(person, sheet, group))
    return read


def marks(person: Person, sheet: Page, group: Group) -> Page:
    """Every criterion with a sentence, from one to the next as the pages lead."""
    page = person.open(sheet.links_to(r"/criteria/C\d")[0])
    while "/criteria/" in page.path:
        level = group.marks[int(page.path[-1]) - 1]
        typed = {"level": str(level), "sentence": sentence_about(page.path[-2:], level)}
        page = person.browser.send(page, typed)
    return page


def sentence_about(criterion: str, level: int) -> str:
    return f"On {criterion} we saw level {level} in your own words."


def locks(person: Person, page: Page) -> Page:
    return person.browser.send(page, to="/lock")
