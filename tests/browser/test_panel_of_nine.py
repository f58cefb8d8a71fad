"""Nine members score sixty applications in Chromium: practice, ties, sheets, meeting, minutes, letters.

The essential pages are used as a person uses them, one sheet with the keyboard alone; forms that repeat are
sent by the browser from the page on which they stand. Phases change because the dates of the round do.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from playwright.sync_api import Browser, Page

from forms.i18n import activate, translate
from fundapp.db import db
from fundapp.jobs.run import sweep
from fundapp.lifecycles import ItemStatus
from fundapp.models.award import Decision, Feedback, Outcome
from fundapp.models.message import Message
from fundapp.models.panel import Review
from fundapp.models.practice import PracticeSample
from fundapp.web.reasons import decision_sentence
from tests.browser.journey import follow
from tests.browser.nine_at_work import CRITERIA, Nine, Post, enter_quickly, panel_of_nine, post_all
from tests.browser.test_keyboard import go_on, tab_to

pytestmark = pytest.mark.slow

BY_HAND = ("Zahra Qureshi-Bell", "Samira Halabi", "Viktoriia Tkach")
KNOWN = "Bukola Ferreira"  # belongs to a group; the system knows it
RECUSED = "Elena Duarte"  # says that she leaves the room
NOT_SCORING = "Ngozi Hartley"
KNOWN_PLACE, LEAVES_FOR, DOES_NOT_SCORE = 2, 20, 30  # places of the groups among the sixty
SENTENCE = "They decide together, and one can see how."
AGREED = "The readers agree, and the panel sees it as they do."
FEEDBACK = {
    "en": ("The women decide everything themselves.", "Say who looks after the money, and how."),
    "es": ("Las mujeres lo deciden todo ellas mismas.", "Digan quién cuida el dinero, y cómo."),
    "ar": ("القرارات كلها تأخذها النساء أنفسهن.", "اكتبوا من يحفظ المال وكيف يحفظه."),
    "uk": ("Усе вирішують самі жінки.", "Напишіть, хто і як дбає про гроші."),
}


@pytest.fixture
def nine(chromium: Browser, tmp_path: Path) -> Iterator[Nine]:
    with panel_of_nine(chromium, tmp_path) as found:
        yield found


def test_nine_members_score_sixty_applications_and_everybody_gets_minutes_and_letters(nine: Nine) -> None:
    nine.it_is("practice")
    everybody_practises(nine)
    nine.it_is("scoring")
    papers_open(nine)
    everybody_reads(nine)
    nine.it_is("meeting")
    the_panel_meets(nine)
    minutes_are_complete(nine)
    the_list_is_signed_and_letters_go_out(nine)
    every_group_reads_its_letter(nine)


def everybody_practises(nine: Nine) -> None:
    """Three by hand, in three languages' browsers; the spread is shown only to whoever has locked."""
    samples = db.session.execute(sa.select(PracticeSample).order_by(PracticeSample.number)).scalars().all()
    assert len(samples) == 2
    for name, seat in nine.seats().items():
        page = nine.as_(seat.user_id)
        for number, sample in enumerate(samples):
            page.goto(f"/en/panels/{nine.panel_id}/practice/{sample.id}")
            level = str(2 + (len(name) + number) % 2)
            if name in BY_HAND:
                assert page.get_by_text("How everybody marked it").count() == 0
                for key in CRITERIA:
                    page.check(f"input[name=level_{key}][value='{level}']")
                    page.fill(f"textarea[name=sentence_{key}]", SENTENCE)
                follow(page.locator("button[name=go][value=lock]"))
                assert page.get_by_text("How everybody marked it").count() == len(CRITERIA)
            else:
                marks = [(f"level_{key}", level) for key in CRITERIA]
                marks += [(f"sentence_{key}", SENTENCE) for key in CRITERIA]
                post_all(page, [(page.url, [("rev", "0"), ("go", "lock"), *marks])])
    page = nine.manager()
    page.goto(f"/en/fund/panels/{nine.panel_id}/practice")
    everybody = page.locator("main p").get_by_text("9 members have locked their marks.", exact=True)
    spreads = page.locator("details table").all()
    assert (everybody.count(), len(spreads)) == (len(samples), len(samples) * len(CRITERIA))
    for spread in spreads:
        assert sum(int(number) for number in spread.locator("td.num").all_text_contents()) == 9


def papers_open(nine: Nine) -> None:
    """The secretary begins; no group is named to a member before that member's ties are declared."""
    page = nine.manager()
    page.goto(f"{nine.round_url}/panel")
    follow(page.get_by_role("button", name="Give 60 applications to the readers"))
    for name, seat in nine.seats().items():
        page = nine.as_(seat.user_id)
        page.goto(f"/en/panels/{nine.panel_id}")
        assert not any(group.name in page.content() for group in nine.groups)
        page.goto(f"/en/panels/{nine.panel_id}/ties")
        ties = {RECUSED: (LEAVES_FOR, "leave_room"), NOT_SCORING: (DOES_NOT_SCORE, "no_scoring")}
        if name in ties:
            declares(page, nine.groups[ties[name][0]].name, ties[name][1])
        else:
            post_all(page, [(page.url, [("step", "groups")])])
        page.goto(f"/en/panels/{nine.panel_id}")
        assert page.get_by_text("First tell us about your ties").count() == 0
    page = nine.manager()
    page.goto(f"{nine.round_url}/panel")
    follow(page.get_by_role("button", name="Find readers by the rules"))


def declares(page: Page, group: str, response: str) -> None:
    page.get_by_label(group, exact=True).check()
    follow(page.locator("main form button").first)
    page.check(f"input[type=radio][value={response}]")
    page.fill("main form input[type=text]", "We have worked together.")
    follow(page.locator("main form button").first)


def everybody_reads(nine: Nine) -> None:
    given = 0
    for name, seat in nine.seats().items():
        page, marks = nine.as_(seat.user_id), nine.marks(seat)
        page.goto(f"/en/panels/{nine.panel_id}")
        sheets = re.findall(r"/readings/([0-9a-f-]{36})", page.content())
        assert sorted(set(sheets)) == sorted(marks)
        closed = {
            KNOWN: nine.groups[KNOWN_PLACE].name,
            RECUSED: nine.groups[LEAVES_FOR].name,
            NOT_SCORING: nine.groups[DOES_NOT_SCORE].name,
        }
        assert closed.get(name, "no group at all") not in page.content()
        given += len(marks)
        if name == BY_HAND[0]:
            reads_with_the_keyboard(page, *marks.popitem())
        post_all(page, [post for sheet, levels in marks.items() for post in _sheet(sheet, levels)])
        page.reload()
        assert page.locator("main").get_by_text("Locked", exact=True).count() == len(set(sheets))
    assert given == 3 * len(nine.groups)
    db.session.rollback()
    locked = sa.select(sa.func.count(Review.id)).where(Review.locked_at.is_not(None))
    assert db.session.execute(locked).scalar_one() == given
    page = nine.manager()
    page.goto(f"{nine.round_url}/sentences")
    follow(page.get_by_role("button", name="I have read them all: use them as they stand"))
    page.goto(f"{nine.round_url}/panel")
    follow(page.get_by_role("button", name="Bring 60 applications to the panel"))


def _sheet(sheet: str, levels: dict[str, tuple[int, str]]) -> list[Post]:
    address = f"/en/readings/{sheet}"
    marks: list[Post] = [
        (
            f"{address}/criteria/{key}",
            [("rev", "0"), ("level", str(level)), ("sentence", sentence), ("go", "next")],
        )
        for key, (level, sentence) in levels.items()
    ]
    return [*marks, (f"{address}/lock", [("rev", "0")])]


def reads_with_the_keyboard(page: Page, sheet: str, levels: dict[str, tuple[int, str]]) -> None:
    list_of_sheets = page.url
    go_on(page, f"main a[href$='/readings/{sheet}']")
    go_on(page, "main a[href*='/criteria/']")
    for level, sentence in levels.values():
        tab_to(page, "input[name=level]")
        page.keyboard.press("Space")
        for _step in range(level - 1):
            page.keyboard.press("ArrowDown")
        tab_to(page, "textarea[name=sentence]")
        page.keyboard.type(sentence)
        go_on(page, "button[name=go][value=next]")
    tab_to(page, "button[formaction$='/lock']")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    page.goto(list_of_sheets)


def the_panel_meets(nine: Nine) -> None:
    page = nine.manager()
    page.goto(f"{nine.round_url}/meeting")
    follow(page.get_by_role("button", name="Make the agenda and begin"))
    for box in page.locator("input[name=here]").all():
        box.check()
    follow(page.get_by_role("button", name="Save who is here"))
    votes = page.locator("input[name^=votes_]")
    assert votes.count() >= 2, "two groups are equal"
    for number, box in enumerate(votes.all()):
        box.fill(str(3 + number))
    follow(page.get_by_role("button", name="Save the votes"))
    recused_item(nine, page)
    settle_the_others(nine, page)
    page.goto(f"{nine.round_url}/meeting")
    follow(page.get_by_role("button", name="Close the meeting"))


def recused_item(nine: Nine, page: Page) -> None:
    """One member is out: her page shows nothing, the room's screen says who leaves and nothing else."""
    group, member = nine.groups[LEAVES_FOR].name, nine.as_(nine.seats()[RECUSED].user_id)
    page.goto(f"{nine.round_url}/meeting")
    follow(page.get_by_role("link", name=group))
    item = page.url
    follow(page.get_by_role("button", name="Put it on the table"))
    page.goto(f"{nine.round_url}/meeting/screen")
    assert (RECUSED in page.content(), group in page.content()) == (True, False)
    page.goto(item)
    follow(page.get_by_role("button", name="They are out of the room"))
    member.goto(f"/en/panels/{nine.panel_id}/meeting")
    assert "Nothing is on the table for you now" in member.content()
    assert group not in member.content()
    page.fill("textarea[name=reason]", AGREED)
    follow(page.get_by_role("button", name="This is agreed"))


def settle_the_others(nine: Nine, page: Page) -> None:
    """Item after item: on the table, whoever has a tie out of the room, agreed."""
    page.goto(f"{nine.round_url}/meeting")
    tied = {nine.groups[place].name for place in (KNOWN_PLACE, DOES_NOT_SCORE)}
    for item in nine.items():
        if item.status is ItemStatus.SETTLED:
            continue
        address = f"/en/fund/meeting-items/{item.id}"
        steps: list[Post] = [(f"{address}/table", [])]
        if item.application.organisation.name in tied:
            steps.append((f"{address}/clear", []))
        post_all(page, steps)
        version = nine.version(item.id)
        post_all(page, [(address, [("seen_version", str(version)), ("reason", AGREED), ("go", "settle")])])


def minutes_are_complete(nine: Nine) -> None:
    """Every item with its reason for who may know it; one less, without a gap, for who may not."""
    page = nine.manager()
    page.goto(f"{nine.round_url}/meeting/minutes")
    complete(page, [group.name for group in nine.groups])
    came = page.locator("table").first.locator("tbody tr td:nth-of-type(2)").all_inner_texts()
    assert len(came) == 9
    assert [each for each in came if not re.search(r"\d", each)] == [], "everybody came"
    out = {
        KNOWN: nine.groups[KNOWN_PLACE].name,
        RECUSED: nine.groups[LEAVES_FOR].name,
        NOT_SCORING: nine.groups[DOES_NOT_SCORE].name,
    }
    for name, seat in nine.seats().items():
        page = nine.as_(seat.user_id)
        page.goto(f"/en/panels/{nine.panel_id}/minutes")
        complete(page, [group.name for group in nine.groups if group.name != out.get(name)])
        assert out.get(name, "no group at all") not in page.content()


def complete(page: Page, groups: list[str]) -> None:
    headings = page.locator("main section h2").all_inner_texts()
    assert [re.match(r"\d+", each)[0] for each in headings] == [  # type: ignore[index]
        str(number) for number in range(1, len(groups) + 1)
    ]
    assert sorted(re.sub(r"^\d+\. ", "", each) for each in headings) == sorted(groups)
    assert page.get_by_text(AGREED).count() == len(groups)
    assert page.get_by_text("Not settled in this meeting.").count() == 0


def the_list_is_signed_and_letters_go_out(nine: Nine) -> None:
    page = nine.manager()
    page.goto(f"{nine.round_url}/awards")
    follow(page.locator("form[action$='/awards/proposal'] button"))
    follow(page.locator("form[action$='/feedback'] button"))
    letters_are_finished(nine, page)
    page.goto(f"{nine.round_url}/ratification")
    assert page.locator("input[name=is_checked]").count() == 1, page.locator("main").inner_text()
    page.check("input[name=is_checked]")
    follow(page.get_by_role("button", name="Sign the list"))
    assert page.get_by_text("The list is signed").count() == 1
    page.goto(f"{nine.round_url}/letters")
    assert page.locator("main section.card h2").count() == len(nine.groups)
    follow(page.get_by_role("button", name="Tell everybody"))
    assert told_now() == []
    nine.ten_minutes_pass()
    told = told_now()
    languages = dict(told)
    assert languages == {group.person.email: group.person.language for group in nine.groups}
    assert len(told) == len(nine.groups), "one letter for each group"


def letters_are_finished(nine: Nine, page: Page) -> None:
    """Where no reader wrote about one half, the fund does, in the language of the group."""
    db.session.rollback()
    half = sa.or_(Feedback.strengths == "", Feedback.to_improve == "")
    letters = db.session.execute(sa.select(Feedback).where(half)).scalars().all()
    languages = {group.organisation.id: group.person.language for group in nine.groups}
    assert len(letters) < len(nine.groups) / 2, "most are written from the readers' sentences"
    for letter in [(each.application_id, each.application.organisation_id) for each in letters]:
        page.goto(f"/en/fund/applications/{letter[0]}/feedback")
        for place, name in enumerate(("strengths", "to_improve")):
            box = page.locator(f"textarea[name={name}]")
            if not box.input_value():
                box.fill(FEEDBACK[languages[letter[1]]][place])
        follow(page.locator("main form button").first)


def told_now() -> list[tuple[str, str]]:
    """The worker does what is due; who has got a mail by then, in which language."""
    db.session.rollback()
    while sweep():
        db.session.rollback()
    query = sa.select(Message).where(Message.kind == "decision_ready", Message.sent_at.is_not(None))
    mails = db.session.execute(query).scalars().all()
    assert all(mail.subject and mail.body for mail in mails)
    return [(mail.recipient.email, mail.language) for mail in mails]


def every_group_reads_its_letter(nine: Nine) -> None:
    """In its own language, with the decision and both halves of the feedback."""
    page = nine.manager()
    decisions = db.session.execute(sa.select(Decision)).scalars().all()
    by_group = {each.application.organisation_id: each for each in decisions}
    assert {each.outcome for each in decisions} >= {Outcome.AWARD, Outcome.DECLINE}
    for group in nine.groups:
        decision, language = by_group[group.organisation.id], group.person.language
        enter_quickly(page, group.person.id)
        page.goto(f"/{language}/applications/{decision.application_id}")
        assert page.locator("html").get_attribute("lang") == language
        with activate(language):
            sentence = str(decision_sentence(decision))
            headings = [
                translate("What was strong"),
                translate("What could be clearer or stronger next time"),
            ]
        assert sentence in page.locator("main").inner_text(), group.name
        for heading in headings:
            part = page.locator(f"h2:text-is('{heading}'), h3:text-is('{heading}')")
            said = part.first.locator("xpath=following-sibling::*[1]").inner_text()
            assert len(said) > 20, (group.name, heading)
