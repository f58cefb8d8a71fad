"""Co-design by link, in a browser: people without an account shape a question, and the question shows why."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from playwright.sync_api import Browser, Locator, Page

from fundapp.call_file.codesign import Deciding, DecisionRule
from fundapp.call_file.shipped import reference_call
from fundapp.call_file.variants import shift_dates, with_code
from fundapp.clock import utcnow
from fundapp.db import db, unit_of_work
from fundapp.demo.sound import sound
from fundapp.models.call import Call
from fundapp.models.codesign_recording import CodesignRecording
from fundapp.models.fund import FundRoleKind
from fundapp.models.user import User
from fundapp.queries.codesign import list_sessions, session_of
from fundapp.queries.text_desk import list_lines
from fundapp.services.calls import import_call
from fundapp.services.codesign import change_session, start_codesign
from fundapp.services.codesign_links import make_link
from fundapp.services.text_desk import review_texts
from tests.browser.conftest import LAPTOP, PHONE
from tests.browser.journey import follow
from tests.browser.page_list import EMPTY, ERROR
from tests.browser.page_steps import send
from tests.browser.test_pages_of_other_calls import Site, site_for
from tests.browser.weight import weighed
from tests.factories import FundRoleFactory
from tests.live import LiveSite, live_site
from tests.sign_in import signed_in_client

pytestmark = pytest.mark.slow
NEW_WORDS = "ماذا تريد مجموعتكم أن تفعل، ولماذا؟"
WHY = "نحن نتحدث هكذا، ولا أحد عندنا يفهم كلمة مشروع"


@dataclass(frozen=True)
class Shaped:
    """A call in co-design whose first session decides by consent."""

    call_id: UUID
    session_id: UUID
    manager_id: UUID
    token: str

    def path(self, language: str, rest: str = "") -> str:
        return f"/{language}/calls/SHAPE/take-part/{self.token}{rest}"


def shaped(people: int) -> Shaped:
    role = FundRoleFactory(kind=FundRoleKind.MANAGER)
    file = with_code(shift_dates(reference_call(), -700), "SHAPE")
    call = import_call(file, fund=role.fund, actor=None, now=utcnow())
    start_codesign(call, actor=role.user, now=utcnow())
    db.session.flush()
    session = list_sessions(call)[0]
    deciding = dataclasses.replace(session_of(session), deciding=Deciding(DecisionRule.CONSENT, 2))
    change_session(session, deciding, actor=role.user, now=utcnow())
    ends_on = utcnow().date() + timedelta(days=5)
    _link, token = make_link(session, people=people, ends_on=ends_on, actor=role.user, now=utcnow())
    return Shaped(call.id, session.id, role.user_id, token)


def browser_of(chromium: Browser, live: LiveSite, user_id: UUID | None = None) -> Page:
    """Somebody's own phone; `user_id`: a person of the fund who has signed in."""
    context = chromium.new_context(
        base_url=live.address, viewport={"width": PHONE[0], "height": PHONE[1]}, java_script_enabled=False
    )
    context.set_default_timeout(10_000)
    if user_id is not None:
        with unit_of_work():
            person = db.session.get(User, user_id)
            cookie = signed_in_client(live.app, person).get_cookie(live.app.config["SETTINGS"].cookie_name)
        assert cookie is not None
        context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live.address}])
    return context.new_page()


def open_by_key(link: Locator) -> None:
    """A link of several lines, without a mouse."""
    with link.page.expect_navigation():
        link.press("Enter")


def arrive(page: Page, path: str) -> None:
    """Once per browser the page about the exit button comes first."""
    page.goto(path)
    follow(page.locator("main p.buttons a.button").first)


def say_in_decision(page: Page, shape: Shaped, choice: str, reason: str = "") -> None:
    page.goto(shape.path("ar"))
    follow(page.locator("main .notice a[href*='/points/']").first)
    page.check(f"input[name=choice][value={choice}]")
    page.fill("textarea[name=reason]", reason)
    follow(page.locator("form[action$='/decide'] button"))


def test_a_wording_proposed_by_link_in_arabic_changes_the_question_and_the_applicant_reads_why(
    chromium: Browser, tmp_path: Path
) -> None:
    with live_site("sqlite", tmp_path) as live:
        with unit_of_work():
            shape = shaped(people=2)
        live.start()
        first, second = browser_of(chromium, live), browser_of(chromium, live)
        fund, applicant = browser_of(chromium, live, shape.manager_id), browser_of(chromium, live)

        propose(first, shape)
        support(second, shape)
        key = bring_to_decision(fund, shape)
        say_in_decision(first, shape, "agree")
        say_in_decision(second, shape, "stand_aside", "أحتاج إلى وقت")
        do_what_was_agreed(fund, key)
        read_by_a_second_person(live, shape)
        publish(fund, shape)

        arrive(applicant, "/ar/calls/SHAPE/questions")
        question = applicant.locator("#question-Q1")
        assert NEW_WORDS in question.inner_text()
        assert WHY in question.locator(".said").last.inner_text()
        open_by_key(question.locator(".said a").last)
        card = applicant.locator(f"#{key}")
        assert WHY in card.inner_text()
        assert "موافقون ⁨1⁩" in card.inner_text()
        open_by_key(card.locator("a[href*='#question-Q1']"))
        assert NEW_WORDS in applicant.locator("#question-Q1").inner_text()
        (cookie,) = first.context.cookies()
        assert cookie["expires"] == -1  # gone with the browser


def propose(page: Page, shape: Shaped) -> None:
    """First what can be changed, then today's words, then both beside each other, then it is sent."""
    arrive(page, shape.path("ar"))
    assert page.locator("#room").is_visible()
    follow(page.locator("main a[href$='/change']"))
    page.locator("summary").first.click()
    follow(page.locator("main a[href$='/change/question:Q1/label']"))
    today = reference_call().form.question("Q1").label.in_language("ar")
    assert today in page.locator("main section").first.inner_text()
    page.fill("textarea[name=value]", NEW_WORDS)
    page.fill("textarea[name=said]", WHY)
    page.fill("input[name=said_by]", "متطوعة تقود مجموعة")
    follow(page.locator("button[value=look]"))
    both = page.locator("main .halves").inner_text()
    assert today in both
    assert NEW_WORDS in both
    follow(page.locator("button[value=send]"))
    assert page.locator("main .notice.good").is_visible()


def support(page: Page, shape: Shaped) -> None:
    arrive(page, shape.path("ar"))
    follow(page.locator("main a[href$='/points']").first)
    follow(page.locator("main section a[href*='/points/']").first)
    assert NEW_WORDS in page.locator("main .halves").inner_text()
    page.fill("textarea[name=text]", "هذا أوضح")
    follow(page.locator("button[value=support]"))
    assert "هذا أوضح" in page.locator("main").inner_text()


def bring_to_decision(page: Page, shape: Shaped) -> str:
    """Returns the key of the point."""
    page.goto(f"/ar/fund/calls/{shape.call_id}/co-design")
    row = page.locator("tbody tr", has_text=WHY)
    key = row.get_attribute("id")
    follow(row.locator("a[href$='/talk']"))
    page.check("input[name=time][value='60']")
    follow(page.locator("form[action$='/decision'] button"))
    return str(key)


def do_what_was_agreed(page: Page, key: str) -> None:
    """Both have spoken, so it can be closed before the hour is over."""
    page.reload()
    follow(page.locator("form[action$='/decision/close'] button"))
    page.fill("textarea[name=reason_ar]", "أوضح للجميع، ولا يكلف شيئاً.")
    follow(page.locator("form[action$='/apply'] button"))
    assert page.locator(f"#{key} .tag.good").is_visible()


def read_by_a_second_person(live: LiveSite, shape: Shaped) -> None:
    """The new words in Arabic are a draft until somebody who speaks it has read them."""
    with live.app.app_context(), unit_of_work():
        call, manager = db.session.get(Call, shape.call_id), db.session.get(User, shape.manager_id)
        assert call is not None
        assert manager is not None
        (line,) = (each for each in list_lines(call, "ar") if each.unit.id == "question:Q1/label")
        seen = {line.unit.id: line.rev}
        review_texts(call, "ar", seen, by="A second reader", actor=manager, now=utcnow())


def publish(page: Page, shape: Shaped) -> None:
    """Show the answer, then the whole call."""
    follow(page.locator("form[action$='/co-design/publish'] button"))
    page.goto(f"/ar/fund/calls/{shape.call_id}")
    follow(page.locator("form[action$='/publish'] button"))


@pytest.mark.parametrize(("language", "size"), [("en", LAPTOP), ("ar", PHONE)], ids=["en", "ar"])
def test_pages_behind_a_link_can_be_used_by_everybody(
    chromium: Browser, tmp_path: Path, language: str, size: tuple[int, int]
) -> None:
    with site_for(chromium, tmp_path, language, size) as site:
        with unit_of_work():
            shape = shaped(people=5)
        site.live.start()
        arrive(site.walk.page, shape.path(language))
        see_as_a_guest(site, shape, language)
        see_as_the_fund(site, shape)

    assert {name: found for name, found in site.walk.faults.items() if found} == {}


def see_as_a_guest(site: Site, shape: Shaped, language: str) -> None:
    page, base = site.walk.page, shape.path(language).removeprefix(f"/{language}")
    site.see("public.take_part", base)
    site.see("public.take_part_points", f"{base}/points")
    site.see("public.take_part_parts", f"{base}/change")
    for change, text in (("question:Q1/label", "Wawa!"), ("criterion:C1/weight", "31")):
        site.see("public.take_part_propose", f"{base}/change/{change}", state=EMPTY, note=change)
        site.note("public.take_part_propose", send(value="", said="")(page), state=ERROR, note=change)
        site.see("public.take_part_propose", f"{base}/change/{change}", state=EMPTY, note=f"{change} again")
        page.fill("[name=value]", text)
        page.fill("[name=said]", "Haa!")
        with page.expect_navigation():
            page.click("button[value=look]")
        with page.expect_navigation():
            page.click("button[value=send]")
    site.see("public.take_part_say", f"{base}/say", state=EMPTY)
    site.note("public.take_part_say", send(said="")(page), state=ERROR)
    site.see("public.take_part_aloud", f"{base}/aloud", state=EMPTY)
    site.note("public.take_part_aloud", send()(page), state=ERROR)
    say_aloud(page, shape.path(language, "/aloud"))
    site.see("public.take_part_code", f"{base}/code", state=EMPTY)
    site.note("public.take_part_code", send(mine="x")(page), state=ERROR)
    page.goto(shape.path(language, "/points"))
    follow(page.locator("main section a[href*='/points/']").first)
    site.see("public.take_part_point", page.url.removeprefix(f"{site.live.address}/{language}"))


def say_aloud(page: Page, path: str) -> None:
    """A file that was recorded before; no script takes part."""
    page.goto(path)
    page.set_input_files("#file", {"name": "a.webm", "mimeType": "audio/webm", "buffer": sound()})
    follow(page.locator("form[name=media] button[name=send]"))


def see_as_the_fund(site: Site, shape: Shaped) -> None:
    page = site.walk.page
    with unit_of_work():
        manager = db.session.get(User, shape.manager_id)
    assert manager is not None
    site.is_(manager)
    links = f"/fund/co-design-sessions/{shape.session_id}/links"
    site.see("codesign.links", links)
    site.note("codesign.links", send(people="none")(page), state=ERROR)
    site.see("codesign.left_open", f"/fund/calls/{shape.call_id}/co-design/left-open", state=EMPTY)
    site.note("codesign.left_open", send()(page), state=ERROR)
    site.see("codesign.spoken", f"/fund/calls/{shape.call_id}/co-design/said-aloud")
    with unit_of_work():
        (spoken_id,) = db.session.execute(db.select(CodesignRecording.id)).scalars()
    site.see("codesign.write_down", f"/fund/co-design-recordings/{spoken_id}", state=EMPTY)
    site.note("codesign.write_down", send(text="")(page), state=ERROR)
    page.goto(f"/{site.walk.language}/fund/calls/{shape.call_id}/co-design")
    follow(page.locator("tbody tr[id^=P1] a[href$='/talk']").last)
    site.see("codesign.talk", page.url.removeprefix(f"{site.live.address}/{site.walk.language}"))


@pytest.mark.parametrize("language", ["en", "es", "ar", "uk"])
def test_pages_behind_a_link_keep_the_budget(chromium: Browser, tmp_path: Path, language: str) -> None:
    with live_site("sqlite", tmp_path) as live:
        with unit_of_work():
            shape = shaped(people=5)
        live.start()
        page = browser_of(chromium, live)
        arrive(page, shape.path(language))
        heavy = {}
        for rest in ("", "/say", "/points", "/change", "/change/question:Q1/label", "/code", "/aloud"):
            with weighed(page) as weight:
                page.goto(shape.path(language, rest))
            if max(weight.pages) > 10_000:
                heavy[rest] = weight.pages

    assert heavy == {}
