"""Second part: ties, reading, a question to a group, the list and its signature, everybody is told."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from babel.dates import format_date

from forms.i18n import activate, translate
from forms.languages import LANGUAGES
from forms.money import money_in_text
from tests.database.journeys import steps
from tests.database.journeys.applying import Story
from tests.database.journeys.browser import Page
from tests.database.journeys.cast import (
    GROUPS,
    IFTIIN,
    INVITED,
    MEMBERS,
    NADIYA,
    THAMES,
    UMBRAL,
    ZAYTOUN,
    Group,
)
from tests.database.journeys.world import CALL, FUND_NAME, Person

TIES = {
    "Hanna Kovalenko": {NADIYA.name: ("no_scoring", "I taught there last year.")},
    "Elena Duarte": {UMBRAL.name: ("note", "We met once at a market.")},
}
QUESTION = "How does a woman who is new get a say?"
SENT_QUESTION = "كيف تشارك امرأة جديدة في القرار؟"
ANSWER = "كل من تأتي ثلاث مرات لها صوت، ونختار المنسقة كل سنة."
TOO_MANY = "The panel keeps this money for groups that are led by their community."
NEVER_IN_A_MAIL = (FUND_NAME, CALL, "£", "violence", "العنف", "refuge", "Refuge", "grant", "منحة")
YES = "Yes in principle: the fund wants to give your group a grant."
RESERVE = "Your group is on the reserve list. If money becomes free, we will ask you."
NO = "We cannot fund your application this time."
STRONG = {
    "ar": "القرارات تأخذها النساء أنفسهن.",
    "uk": "Рішення ухвалюють самі жінки.",
    "es": "Deciden las propias mujeres.",
    "en": "Safety is at the centre of your work.",
    "so": "Dadku way idin aaminaan.",
}
BETTER = {
    "ar": "اكتبوا كيف تحفظون المال.",
    "uk": "Напишіть, хто відповідає за гроші.",
    "es": "Cuenten quién cuida el dinero.",
    "en": "Say how residents decide.",
    "so": "Sheega cidda wax go'aamisa.",
}


def members_declare_their_ties(story: Story) -> None:
    story.world.it_is("2027-06-16 10:00")
    for member in MEMBERS:
        person = story.person(member)
        page = steps.goes_to_panel(person)
        assert not any(group.name in page.words for group in GROUPS)  # no names before the ties
        page = steps.declares_ties(person, TIES.get(member.name, {}))
        assert page.path == steps.goes_to_panel(person).path
    page = steps.goes_to_round(story.manager, "panel")
    page = story.manager.browser.send(page, to="/panel/assign")
    assert page.words.count(story.world.says("Met")) >= len(INVITED)


def members_read_and_score(story: Story) -> None:
    """One of them can't tell, and asks."""
    story.world.it_is("2027-06-19 10:00")
    last_day = format_date(date(2027, 7, 9), "long", locale=LANGUAGES[story.world.language].locale)
    asker = None
    for member in MEMBERS:
        person = story.person(member)
        page = steps.goes_to_panel(person)
        assert last_day in page.words
        if asker is None and ZAYTOUN.name in page.words:
            asker = person
            _asks_the_group(story, person, page)
        else:
            story.read[member.name] = steps.reads_everything(person, page)
    assert asker is not None
    _the_group_answers(story)
    _the_reader_goes_on(story, asker)
    names = [name for read in story.read.values() for name in read]
    assert {group.name: names.count(group.name) for group in INVITED} == dict.fromkeys(
        (group.name for group in INVITED), 3
    )
    assert NADIYA.name not in story.read["Hanna Kovalenko"]


def _asks_the_group(story: Story, person: Person, page: Page) -> None:
    sheet = person.open(page.link_named(ZAYTOUN.name, r"/readings/[0-9a-f-]{36}"))
    criterion = person.open(sheet.link("/criteria/C1"))
    assert ZAYTOUN.answer("Q2") in criterion.words
    assert f'<div class="prose" dir="rtl" lang="ar">{ZAYTOUN.says}' in criterion.html
    typed = {"level": "cant_tell", "question": QUESTION}
    person.browser.send(criterion, typed, button="ask")


def _the_group_answers(story: Story) -> None:
    """The secretary sends the question in words of her own; the group never learns who asked."""
    manager, group = story.manager, story.person(ZAYTOUN)
    story.world.it_is("2027-06-22 09:00")
    page = manager.open(steps.goes_to_round(manager, "panel").link("/questions"))
    assert QUESTION in page.words
    [name] = [name for form in page.forms for name in form.fields if name.endswith("-text")]
    page = manager.browser.send(page, {name: SENT_QUESTION}, holding=name, button="send")
    assert story.world.mails_to(ZAYTOUN.email)[-1].kind == "clarification_asked"
    story.world.it_is("2027-06-23 19:00")
    page = steps.reads_own_application(group)
    assert SENT_QUESTION in page.words
    page = group.open(page.link("/fund-questions/.*"))
    group.browser.send(page, {"answer": " "}, status=422)
    group.browser.send(page, {"answer": ANSWER})


def _the_reader_goes_on(story: Story, person: Person) -> None:
    story.world.it_is("2027-06-24 10:00")
    page = steps.goes_to_panel(person)
    sheet = person.open(page.link_named(ZAYTOUN.name, r"/readings/[0-9a-f-]{36}"))
    criterion = person.open(sheet.link("/criteria/C1"))
    assert ANSWER in criterion.words
    level = ZAYTOUN.marks[0]
    typed = {"level": str(level), "sentence": steps.sentence_about("C1", level)}
    person.browser.send(criterion, typed, button="next")
    name = next(each.name for each in MEMBERS if each.email == person.email)
    story.read[name] = steps.reads_everything(person, page)


def the_panel_meets(story: Story) -> None:
    """The rule's list is taken over, a move is seen in the figures, and a missed floor cannot be signed."""
    manager, says = story.manager, story.world.says
    story.world.it_is("2027-07-10 10:00")
    page = steps.goes_to_round(manager, "panel")
    manager.browser.send(page, to="/panel/bring")
    story.world.it_is("2027-07-14 14:00")
    board = steps.goes_to_round(manager, "awards")
    places = [board.words.index(group.name) for group in (THAMES, ZAYTOUN, IFTIIN)]
    assert places == sorted(places)  # in the order of the ranking
    board = manager.browser.send(board, to="/awards/proposal")
    assert board.row("MIGRANT")[1] == "£90,000.00"
    assert board.row("BYFOR")[1] == "£130,000.00"  # of the partnership only the part of the lead
    _refuses_without_quorum_and_letters(story)
    _writes_the_letters(story)
    to_sign = _notes_who_is_there(story)

    board = _moves(story, ZAYTOUN, "reserve", "We want to talk about it once more.")

    assert board.row("MIGRANT")[1] == "£50,000.00"
    assert board.row("BYFOR")[1] == "£90,000.00"
    needed = money_in_text(Decimal(10_000))
    missed = says("%(names)s is missed: %(needed)s more is needed.", names="MIGRANT", needed=needed)
    assert missed in board.words
    refused = manager.browser.send(to_sign, {"is_checked": "yes"}, to="/ratification", status=409)
    assert missed in refused.words
    assert not refused.has_form("/ratification")
    decision = manager.open(board.link(_decision_of(story, ZAYTOUN)))
    manager.browser.send(decision, to="/decision/rule")
    board = _moves(story, THAMES, "reserve", TOO_MANY)
    assert board.row("MIGRANT")[1] == "£90,000.00"


def _decision_of(story: Story, group: Group) -> str:
    return f"{story.applications[group.name]}/decision"


def _moves(story: Story, group: Group, outcome: str, reason: str) -> Page:
    """Against the rule, so that a reason is asked for."""
    manager = story.manager
    page = manager.open(_decision_of(story, group))
    page = manager.browser.send(page, {"outcome": outcome}, holding="outcome", status=422)
    assert page.form(holding="outcome").fields["outcome"].values == [outcome]
    return manager.browser.send(page, {"reason": reason}, holding="outcome")


def the_list_is_signed(story: Story) -> None:
    manager, says = story.manager, story.world.says
    story.world.it_is("2027-07-21 11:00")
    page = manager.open(steps.goes_to_round(manager, "awards").link("/ratification"))
    manager.browser.send(page, to="/ratification", status=422)
    page = manager.browser.send(page, {"is_checked": "yes"}, to="/ratification")
    assert says("The list is signed") in page.words
    assert not page.has_form("/ratification")
    for group in INVITED:
        seen = steps.reads_own_application(story.person(group))
        assert says("At the panel") in seen.words
        assert not seen.links_to("/awards/.*")  # nobody knows before everybody does
        assert TOO_MANY not in seen.words


def _refuses_without_quorum_and_letters(story: Story) -> None:
    page = story.manager.open(steps.goes_to_round(story.manager, "awards").link("/ratification"))
    assert not page.has_form("/ratification")
    needed = {"there": 0, "needed": 6}
    quorum = "The meeting has no quorum: %(there)s members who vote were there, %(needed)s are needed."
    assert story.world.says(quorum, **needed) in page.words


def _notes_who_is_there(story: Story) -> Page:
    manager = story.manager
    panel = steps.goes_to_round(manager, "panel")
    page = manager.browser.send(manager.open(panel.link("/meeting")), to="/meeting/open")
    members = page.form("/meeting/here").fields["here"].choices
    manager.browser.send(page, {"here": members}, to="/meeting/here")
    return manager.open(steps.goes_to_round(manager, "awards").link("/ratification"))


def _writes_the_letters(story: Story) -> None:
    manager = story.manager
    board = steps.goes_to_round(manager, "awards")
    sentences = manager.open(f"/fund/rounds/{board.path.split('/')[-2]}/sentences")
    manager.browser.send(sentences, to="/sentences/accept")
    manager.browser.send(board, to="/rounds/" + board.path.split("/")[-2] + "/feedback")
    for group in INVITED:
        page = manager.open(f"{story.applications[group.name]}/feedback")
        assert steps.sentence_about("C3", group.marks[2]) in page.words
        words = {"strengths": STRONG[group.language], "to_improve": BETTER[group.language]}
        manager.browser.send(page, words)


def everybody_is_told(story: Story) -> None:
    """Each letter is looked at first; ten minutes lie between the last press and the mails."""
    manager, says = story.manager, story.world.says
    story.world.it_is("2027-07-26 09:00")
    letters = manager.open(steps.goes_to_round(manager, "awards").link("/letters"))
    for group in INVITED:
        assert STRONG[group.language] in letters.words
    board = manager.browser.send(letters, to="/release")
    board = manager.browser.send(board, to="/release/stop")
    story.world.it_is("2027-07-26 09:11")
    assert not _told(story)
    letters = manager.open(board.link("/letters"))
    manager.browser.send(letters, to="/release")
    assert not _told(story)
    story.world.it_is("2027-07-26 09:22")
    assert _told(story) == {group.email for group in INVITED}
    for group, decision in zip(INVITED, (YES, YES, YES, RESERVE, NO), strict=True):
        page = steps.reads_own_application(story.person(group))
        texts = (says(decision), STRONG[group.language], BETTER[group.language])
        assert [text in page.words for text in texts] == [True] * 3, group.name
        _reads_it_in_own_language(story, group, page, decision)


def _reads_it_in_own_language(story: Story, group: Group, page: Page, decision: str) -> None:
    """By the language links of the page, where the group's language is one of the interface."""
    links = page.links_to(rf"/{group.language}/applications/[0-9a-f-]{{36}}")
    browser = story.person(group).browser
    if not links or group.language == browser.language:
        return
    browser.language = group.language
    with activate(group.language):
        words = translate(decision)
    page = browser.open(links[0])
    assert [text in page.words for text in (words, STRONG[group.language])] == [True, True]
    browser.language = story.world.language


def _told(story: Story) -> set[str]:
    """Whom a mail about the panel's decision has reached."""
    return {
        group.email
        for group in INVITED
        if "decision_ready" in [mail.kind for mail in story.world.mails_to(group.email)]
    }


def mails_say_nothing(story: Story) -> None:
    """Somebody else may read over a shoulder: no name, no fund, no sum, no topic."""
    names = [name for group in GROUPS for name in (group.name, group.email)]
    mails = story.world.all_mails()
    assert len(mails) > len(GROUPS)
    for mail in mails:
        told = f"{mail.subject}\n{mail.body}"
        assert not [word for word in (*NEVER_IN_A_MAIL, *names) if word in told], told
