"""A manager builds a second call from nothing to "open" without touching a file, and it travels as a file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, Response

from forms.localized import LocalizedText
from forms.xlsform import write_xlsform
from fundapp.call_file import read_call, reference_call, write_call
from fundapp.call_file.data import digest
from fundapp.call_file.sheet_form import sheet_form_of
from fundapp.clock import utcnow
from fundapp.db import unit_of_work
from fundapp.lifecycles import CallStatus
from fundapp.models.user import User
from fundapp.queries.calls import current_version, definition_of, find_call, get_public_call
from fundapp.services.calls import import_call, open_call, publish_call
from fundapp.services.form_trials import send_trial
from fundapp.web.fund.form_sheet import XLSX
from tests.browser.conftest import LAPTOP, PHONE
from tests.browser.page_list import ERROR, FILLED
from tests.browser.page_steps import submit
from tests.browser.test_pages_of_other_calls import Site, site_for
from tests.factories import FundFactory, FundRoleFactory
from tests.live import live_site

pytestmark = pytest.mark.slow

CODE = "KITCHEN-28"


@pytest.fixture
def site(chromium: Browser, tmp_path: Path) -> Iterator[tuple[Site, User, str]]:
    with site_for(chromium, tmp_path, "en", LAPTOP) as made:
        with unit_of_work():
            role = FundRoleFactory()
            fund_id, manager = str(role.fund_id), role.user
        made.live.start()
        made.is_(manager)
        yield made, manager, fund_id


def go(page: Page, words: str) -> None:
    page.locator("main").get_by_role("link", name=words).first.click()


def press(page: Page, words: str) -> None:
    page.locator("main").get_by_role("button", name=words).first.click()


def save(page: Page) -> None:
    page.locator("main form button:text-is('Save')").last.click()
    page.get_by_text("What you typed is kept.").wait_for()


def test_second_call_from_nothing_to_open(
    chromium: Browser, tmp_path: Path, site: tuple[Site, User, str]
) -> None:
    made, _manager, fund_id = site
    page = made.walk.page
    page.goto(f"/en/fund/{fund_id}")
    go(page, "Start a new call")
    page.get_by_label("Title of the call").fill("Kitchens of Leeds")
    page.get_by_label("Code of the call").fill(CODE)
    page.get_by_label("What is the money for?").fill("Money for community kitchens.")
    page.get_by_label("Area", exact=True).fill("Leeds")
    page.get_by_label("How much money is there for grants?").fill("120,000")
    for part, number in (("Day", "10"), ("Month", "1"), ("Year", "2028")):
        page.get_by_label(part, exact=True).fill(number)
    press(page, "Make this call")
    assert page.get_by_role("heading", level=1).inner_text() == "Build this call"

    _add_a_question_that_depends_on_another(page)
    _add_a_criterion(page)
    go_to_overview(page)
    assert "The weights add up to 140" in page.locator("main").inner_text()
    go(page, "Mend it")
    go(page, "C1 ·")
    page.get_by_label("Weight").fill("60")
    save(page)
    go_to_overview(page)
    assert "Nothing is missing." in page.locator("main").inner_text()
    go(page, "Publish it on the page of the call")
    press(page, "Publish this call")
    press(page, "Open this call")
    page.get_by_role("button", name="Close this call").wait_for()

    _travels_as_a_file(made, tmp_path)


def go_to_overview(page: Page) -> None:
    page.get_by_role("link", name="Build this call").first.click()


def _add_a_question_that_depends_on_another(page: Page) -> None:
    go(page, "Questions of the form")
    go(page, "work ·")
    press(page, "Add a question")
    page.locator("textarea[name$='.label.en']").first.fill("How many people eat with you in a week?")
    page.locator("textarea[name$='.why_we_ask.en']").fill("To see how the money helps.")
    page.locator("input[name$='.used_for'][value='support']").check()
    page.locator("select[name$='.ask_if.0.fact']").first.select_option("E4")
    save(page)
    page.locator("input[name$='.ask_if.0.values'][value='yes']").check()
    save(page)
    assert page.locator("main .error").count() == 0
    go_to_overview(page)


def _add_a_criterion(page: Page) -> None:
    go(page, "Criteria and weights")
    press(page, "Add a criterion")
    page.locator("textarea[name$='.title.en']").first.fill("Welcome")
    page.get_by_label("Weight").fill("40")
    anchors = page.locator("textarea[name*='.anchors.'][name$='.text.en']")
    for number in range(4):
        anchors.nth(number).fill(f"How people are welcomed, level {number + 1}.")
    save(page)
    go_to_overview(page)
    go(page, "Questions of the form")
    go(page, "work ·")
    go(page, "Q1 ·")
    page.locator("input[name$='.criteria'][value='C2']").check()
    save(page)


def _travels_as_a_file(made: Site, tmp_path: Path) -> None:
    """Exported, imported into an empty database, and opened: the same public pages."""
    app = made.live.app
    with app.app_context():
        call = find_call(CODE)
        assert call is not None
        assert call.status is CallStatus.OPEN
        text = write_call(definition_of(current_version(call)))
        pages = _public_pages(app)
    other = tmp_path / "other"
    other.mkdir()
    with live_site("sqlite", other) as empty, empty.app.app_context():
        with unit_of_work():
            fund = FundFactory(name="Demo Grassroots Fund")
            imported = import_call(read_call(text), fund=fund, actor=None, now=utcnow())
            publish_call(imported, actor=None, now=utcnow())
            open_call(imported, actor=None, now=utcnow())
        assert digest(definition_of(current_version(get_public_call(CODE)))) == digest(read_call(text))
        assert _public_pages(empty.app) == pages


def _public_pages(app: Flask) -> list[str]:
    browser = app.test_client()
    found = []
    for rest in ("", "/questions"):
        answer = browser.get(f"/en/calls/{CODE}{rest}")
        assert answer.status_code == 200
        main = re.search(r"<main.*</main>", answer.text, re.DOTALL)
        assert main
        found.append(main[0])
    return found


def with_another_question() -> bytes:
    """The form of the reference call with a new first question in one language, and a language of its own."""
    sheet = sheet_form_of(reference_call())
    first, *others = sheet.form.sections
    question = replace(first.questions[0], label=LocalizedText.of({"en": "Who?", "so": "Kuma?"}))
    sections = (replace(first, questions=(question, *first.questions[1:])), *others)
    form = replace(sheet.form, sections=sections)
    return write_xlsform(replace(sheet, languages=(*sheet.languages, "so"), form=form))


def bring_back(page: Page, content: bytes) -> Response:
    page.locator("#file").set_input_files({"name": "form.xlsx", "mimeType": XLSX, "buffer": content})
    return submit(page)


@pytest.mark.parametrize(("language", "size"), [("en", LAPTOP), ("ar", PHONE)], ids=["en", "ar"])
def test_pages_of_the_builder_can_be_used_by_everybody(
    chromium: Browser, tmp_path: Path, language: str, size: tuple[int, int]
) -> None:
    with site_for(chromium, tmp_path, language, size) as made:
        with unit_of_work():
            role = FundRoleFactory()
            call = import_call(reference_call(), fund=role.fund, actor=None, now=utcnow())
            manager, call_id, fund_id = role.user, call.id, role.fund_id
            answers = {"Q1": "We meet every week.", "Q2": "نلتقي كل أسبوع."}
            trial = send_trial(call, answers, language=language, actor=manager, now=utcnow())
            trial_id = trial.id
        made.live.start()
        made.is_(manager)
        build = f"/fund/calls/{call_id}/build"

        made.see("fund_new_call.new_call", f"/fund/{fund_id}/new-call")
        made.see("fund_new_call.copy", f"/fund/calls/{call_id}/copy")
        made.see("fund_build.overview", build)
        for slug in ("texts", "money", "eligibility", "criteria", "panel"):
            made.see("fund_build.part_page", f"{build}/page/{slug}", note=slug)
        for part in ("question/E8", "question/Q11_shares", "round/1", "ring_fence/MICRO"):
            made.see("fund_build.item_page", f"{build}/part/{part}", note=part)
        made.see("fund_build.remove", f"{build}/part/question/E8/remove")
        made.see("fund_build_more.preview", f"{build}/preview?as=applicant&in={language}")
        made.see("fund_build_more.preview", f"{build}/preview?as=panel&in={language}", note="panel")
        made.see("fund_trials.list_page", f"/fund/calls/{call_id}/tests")
        made.see("fund_trials.new", f"/fund/calls/{call_id}/tests/new?in={language}")
        made.see("fund_trials.one", f"/fund/tests/{trial_id}")
        made.see("fund_build_more.notices", f"/fund/calls/{call_id}/notices", state=FILLED)
        made.see("fund_form_sheet.page", f"/fund/calls/{call_id}/form-sheet")
        made.note("fund_form_sheet.take", bring_back(made.walk.page, b"no spreadsheet"), state=ERROR)
        made.note("fund_form_sheet.take", bring_back(made.walk.page, with_another_question()))
        made.note("fund_form_sheet.take", submit(made.walk.page), note="done")

    assert {name: found for name, found in made.walk.faults.items() if found} == {}
