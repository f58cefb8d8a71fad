"""A manager builds questions for a list, files and a recording; a group answers them in Arabic on a phone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import pytest
from playwright.sync_api import Browser, Page

from fundapp.call_file.small_call import FirstWords
from fundapp.clock import utcnow
from fundapp.db import unit_of_work
from fundapp.demo.sound import sound
from fundapp.models.application import Application
from fundapp.models.user import User
from fundapp.queries.applications import get_application
from fundapp.queries.calls import get_call
from fundapp.services.calls import open_call, publish_call
from fundapp.services.new_calls import start_call
from tests.browser.conftest import PHONE
from tests.browser.test_build_a_call import press, save
from tests.browser.test_pages_of_other_calls import Site, site_for
from tests.factories import ApplicationFactory, FundRoleFactory, OrganisationMemberFactory
from tests.file_checks.makers import photo

pytestmark = pytest.mark.slow

FIRST = FirstWords(
    *("KINDS-28", "Kitchens", "Food for all.", "Leeds", "A foundation"),
    *(Decimal(50000), ("en",), date(2028, 1, 10)),
)


@pytest.fixture
def site(chromium: Browser, tmp_path: Path) -> Iterator[tuple[Site, User, UUID]]:
    with site_for(chromium, tmp_path, "ar", PHONE) as made:
        with unit_of_work():
            role = FundRoleFactory()
            call = start_call(role.fund, FIRST, actor=role.user, now=utcnow())
            manager, call_id = role.user, call.id
        made.live.start()
        made.is_(manager)
        yield made, manager, call_id


def test_list_files_and_recording_from_the_builder_to_the_answers(site: tuple[Site, User, UUID]) -> None:
    made, manager, call_id = site
    page = made.walk.page
    keys = _built(page, f"/en/fund/calls/{call_id}/build")
    with unit_of_work():
        call = get_call(call_id)
        publish_call(call, actor=manager, now=utcnow())
        open_call(call, actor=manager, now=utcnow())
        application = ApplicationFactory(call=call)
        member = OrganisationMemberFactory(organisation=application.organisation).user
        application_id = application.id
    made.is_(member)
    questions = f"/applications/{application_id}/questions"

    made.see("apply.question", f"{questions}/{keys[0]}", note="list")
    _answer_the_list(made, f"{questions}/{keys[0]}")
    made.see("apply.media", f"{questions}/{keys[1]}", note="files")
    page.set_input_files("#file", {"name": "مكاننا.jpg", "mimeType": "image/jpeg", "buffer": photo("jpeg")})
    page.locator("form[enctype] button").click()
    page.get_by_text("ملفاتكم محفوظة هنا.").wait_for()
    made.see("apply.media", f"{questions}/{keys[2]}", note="recording")
    page.set_input_files("#file", {"name": "صوت.webm", "mimeType": "audio/webm", "buffer": sound()})
    page.locator("button[name=send]").click()
    page.locator(".notice.good").wait_for()
    made.see("apply.check_answers", f"/applications/{application_id}/check")

    words = page.locator("main").inner_text()
    assert [each for each in ("أمينة", "عمر", "مكاننا.jpg") if each not in words] == []
    assert {name: found for name, found in made.walk.faults.items() if found} == {}
    with unit_of_work():
        _is_stored(get_application(application_id), keys)


def _built(page: Page, build: str) -> list[str]:
    """The keys of the three questions, added to the first section of the form."""
    keys = []
    for kind in ("entries", "file", "voice"):
        page.goto(f"{build}/page/form")
        page.locator("main section.card ol li a").first.click()
        press(page, "Add a question")
        keys.append(page.url.partition("?")[0].partition("#")[0].rpartition("/")[2])
        page.locator("textarea[name$='.label.en']").first.fill(f"A question of the kind {kind}?")
        page.locator("textarea[name$='.why_we_ask.en']").fill("To see how the money helps.")
        page.locator("input[name$='.used_for'][value='support']").check()
        page.locator("select[name$='.kind']").first.select_option(kind)
        if kind != "voice":
            page.locator("input[name$='.max_words']").first.fill("")
            page.locator("input[name$='.max_minutes']").fill("")
            page.locator("input[name$='.max_rows']").fill("3")
        if kind == "file":
            page.locator("input[name$='.file_types'][value='picture']").check()
        if kind == "entries":
            _parts(page)
        save(page)
        assert page.locator("main .error").count() == 0
    return keys


def _parts(page: Page) -> None:
    """A name, and then a choice with two answers: each save gives one more empty line."""
    for number, (kind, label) in enumerate((("text", "First name"), ("choice", "What they do"))):
        page.locator(f"textarea[name$='.parts.{number}.label.en']").fill(label)
        page.locator(f"select[name$='.parts.{number}.kind']").select_option(kind)
        save(page)
    for number, label in enumerate(("Leads", "Counts the money")):
        page.locator(f"input[name$='.parts.1.choices.{number}.key']").fill(f"c{number}")
        page.locator(f"textarea[name$='.parts.1.choices.{number}.label.en']").fill(label)
        save(page)


def _answer_the_list(made: Site, path: str) -> None:
    page = made.walk.page
    page.locator("main input[name$='-k1']").fill("أمينة")
    page.locator("main input[type=radio]").first.check()
    page.get_by_role("button", name="إضافة بند آخر").click()
    second = page.locator("main input[name$='-k1']").nth(1)
    second.fill("عمر")
    second.press("Enter")  # saves, and takes nothing away
    page.locator("main .summary").wait_for()
    assert second.input_value() == "عمر"
    page.locator("main input[type=radio]").nth(2).check()
    page.locator("main form button[name=go][value=next]").last.click()
    page.wait_for_url(lambda url: path not in url)


def _is_stored(application: Application, keys: list[str]) -> None:
    answers = {each.question_key: each for each in application.answers}
    assert answers[keys[0]].value == [{"k1": "أمينة", "k2": "c0"}, {"k1": "عمر", "k2": "c0"}]
    assert [len(answers[key].recordings) for key in keys[1:]] == [1, 1]
