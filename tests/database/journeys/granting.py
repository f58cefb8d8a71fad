"""Third part: from the yes to money, a conversation, a story that is shown and taken back, open data."""

from __future__ import annotations

import re

import sqlalchemy as sa

from fundapp.db import db, unit_of_work
from fundapp.models.award import Award
from fundapp.models.message import OutboxJob
from fundapp.models.organisation import Organisation
from fundapp.queries.invariants import broken_invariants
from fundapp.services.events import broken_links
from tests.database.journeys import steps
from tests.database.journeys.applying import Story
from tests.database.journeys.browser import Page
from tests.database.journeys.cast import IFTIIN, NADIYA, THAMES, UMBRAL, ZAYTOUN
from tests.database.journeys.world import CALL, Person, Staff
from tests.factories import BankAccountFactory

STORY = "قالت أمينة إنها نامت ليلة كاملة لأول مرة منذ سنة. <i>شكرًا</i> & «سلام» 💜"
TOLD = {
    "K2": "امرأتان جديدتان في اللجنة.",
    "K3": "ارتفع إيجار القاعة.",
    "K4": "نحتاج إلى مترجمة.",
    "K5": "لا شيء.",
}
SIGNS = ("تنام النساء أفضل", "تتكلم النساء في الاجتماع")
ONE_SENTENCE = "We learned that the hall got dearer."
REPLY = "We learned that sleep is a sign of safety. An interpreter comes from October."


def _grant(staff: Staff, name: str) -> Page:
    page = staff.open(steps.goes_to_call(staff).link("/grants"))
    return staff.open(page.links_to(re.escape(page.link_named(name, r"/fund/awards/[0-9a-f-]{36}")))[0])


def _own_grant(person: Person) -> Page:
    return person.open(steps.reads_own_application(person).link(r"/awards/[0-9a-f-]{36}"))


def _where_to_pay_is_checked(story: Story) -> None:
    """As in tests/database/web/test_bank_account_pages.py, some days ago."""
    with story.world.app.app_context(), unit_of_work():
        mine = sa.select(Award).join(Organisation, Organisation.id == Award.organisation_id)
        award = db.session.execute(mine.where(Organisation.name == ZAYTOUN.name)).scalar_one()
        BankAccountFactory(award=award, checked=True)


def checks_are_settled_and_the_agreement_accepted(story: Story) -> None:
    manager, group = story.manager, story.person(ZAYTOUN)
    story.world.it_is("2027-08-02 10:00")
    page = manager.browser.send(_grant(manager, ZAYTOUN.name), to="/checks")
    agreement = page.link("/agreement")
    manager.browser.send(manager.open(agreement), holding="read", status=409)  # the checks are open
    for form in [each for each in page.forms if "/fund/checks/" in each.action]:
        page = manager.browser.send(page, to=form.action)
    manager.browser.send(manager.open(agreement), holding="read")
    story.world.it_is("2027-08-05 20:00")
    page = _own_grant(group)
    assert "£40,000.00" in page.words
    page = group.open(page.link("/agreement"))
    assert ZAYTOUN.name in page.words
    group.browser.send(page, holding="agree", status=422)
    page = group.browser.send(page, {"agree": "yes"}, holding="agree")
    assert story.world.says("Active") in page.words


def the_first_payment_takes_two_people(story: Story) -> None:
    manager, finance = story.manager, story.finance
    story.world.it_is("2027-08-07 10:00")
    page = manager.browser.send(_grant(manager, ZAYTOUN.name), to="/approve")
    finance.browser.send(_grant(finance, ZAYTOUN.name), to="/pay", status=409)  # nobody knows where to
    _where_to_pay_is_checked(story)
    refused = manager.browser.send(page, to="/pay", status=403)
    assert refused.has_form("/pay")
    page = _grant(finance, ZAYTOUN.name)
    assert not page.has_form("/approve")
    finance.browser.send(page, to="/pay")
    first, second = (_own_grant(story.person(ZAYTOUN)).row(number) for number in ("1", "2"))
    assert (first, second) == (["£20,000.00"], ["£20,000.00"])
    assert story.world.says("Paid") in _own_grant(story.person(ZAYTOUN)).words


def the_group_tells_and_the_fund_replies(story: Story) -> None:
    manager, group = story.manager, story.person(ZAYTOUN)
    story.world.it_is("2027-09-28 19:00")
    page = group.open(_own_grant(group).link("/markers"))
    group.browser.send(page, {"marker_0": SIGNS[0]}, status=422)
    page = group.browser.send(page, {"marker_0": SIGNS[0], "marker_1": SIGNS[1]})
    page = group.open(page.links_to(r"/check-ins/[0-9a-f-]{36}")[0])
    typed = {"K1": STORY, **TOLD, "answer_language": "ar", "domain": "life"}
    markers = [name for name in page.form(holding="K1").fields if name.startswith("marker_")]
    typed |= dict(zip(markers, ("a_lot", "went_back"), strict=True)) | {"minutes": "٤٠"}
    page = group.browser.send(page, typed)
    assert all(text in page.words for text in (STORY, *TOLD.values(), *SIGNS))
    told = page.path

    story.world.it_is("2027-10-04 10:00")
    page = manager.open(steps.goes_to_call(manager).link("/grants"))
    page = manager.open(page.link_named(ZAYTOUN.name, "/fund/check-ins/.*"))
    assert all(text in page.words for text in (STORY, *TOLD.values()))
    page = manager.browser.send(page, {"reply": ONE_SENTENCE}, to="/reply", status=422)
    manager.browser.send(page, {"reply": REPLY}, to="/reply")
    assert story.world.mails_to(ZAYTOUN.email)[-1].kind == "fund_replied"
    assert REPLY in group.open(told).words


def a_story_is_shown_and_taken_back(story: Story) -> None:
    group, visitor = story.person(ZAYTOUN), story.world.browser()
    story.world.it_is("2027-10-05 19:00")
    results = visitor.open(visitor.at(f"/calls/{CALL}")).link("/results")
    assert STORY not in visitor.open(results).words
    page = group.open(_own_grant(group).link("/consent"))
    typed = {
        "purpose": "public_page",
        "identity": "group_only",
        "ends_on-day": "٥",
        "ends_on-month": "10",
        "ends_on-year": "2028",
    }
    page = group.browser.send(page, typed)
    shown = visitor.open(results)
    assert STORY in shown.words
    assert f'dir="rtl" lang="ar">{STORY[:12]}' in shown.html

    group.browser.send(page, to="/withdraw")

    assert STORY not in visitor.open(results).words


def _somebody_reads_each_grant(story: Story) -> None:
    manager = story.manager
    page = manager.open(steps.goes_to_call(manager).link("/open-data"))
    for path in page.links_to(r"/fund/awards/[0-9a-f-]{36}/open-data"):
        manager.browser.send(manager.open(path), {"decision": "publish"})


def results_and_open_data_keep_the_confidential_group_out(story: Story) -> None:
    visitor = story.world.browser()
    _somebody_reads_each_grant(story)
    page = visitor.open(visitor.at(f"/calls/{CALL}/results"))
    package = visitor.read_json(f"/open-data/{CALL}.json")
    groups = (ZAYTOUN, NADIYA, UMBRAL, THAMES, IFTIIN)
    assert [group.name in page.words for group in groups] == [True, False, True, False, False]
    grants = package["grants"]
    assert isinstance(grants, list)
    assert sorted((each["recipientOrganization"][0]["name"], each["amountAwarded"]) for each in grants) == [
        (UMBRAL.name, UMBRAL.pounds),
        (ZAYTOUN.name, ZAYTOUN.pounds),
    ]
    assert not any(word in str(package) for word in (NADIYA.name, NADIYA.borough, NADIYA.says))


def the_record_is_whole_and_no_work_is_left(story: Story) -> None:
    story.world.deliver_mail()
    with story.world.app.app_context():
        unfinished = sa.select(OutboxJob.kind, OutboxJob.last_error).where(OutboxJob.done_at.is_(None))
        assert db.session.execute(unfinished).all() == []
        assert list(broken_links()) == []
        assert [invariant.name for invariant, _ids in broken_invariants()] == []
