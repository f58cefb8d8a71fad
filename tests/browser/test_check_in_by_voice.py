"""A conversation about a grant on a phone, in Somali and in Tigrinya, by voice alone."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from playwright.sync_api import Browser, BrowserContext, Page, expect

from fundapp.db import db, unit_of_work
from fundapp.jobs.run import sweep
from fundapp.models.message import Message
from fundapp.models.monitoring import CheckIn
from fundapp.models.user import User
from tests.browser.conftest import LAPTOP, PHONE
from tests.browser.journey import CODE, follow
from tests.grants import active_grant
from tests.live import LiveSite, live_site
from tests.published import published_with
from tests.sign_in import signed_in_client

pytestmark = pytest.mark.slow

QUESTIONS = {
    "so": {
        "K1": "Maxaa isku beddelay qof? Noo sheeg hal sheeko.",
        "K2": "Calaamadihiinnu sidee bay u socdaan?",
        "K3": "Maxaa idin la yaab noqday ama idin welwel geliyay?",
        "K4": "Maxaad nooga baahan tihiin?",
        "K5": "Wax ma iska beddeleen oo ay tahay inaan ogaanno?",
    },
    "ti": {
        "K1": "ንሓደ ሰብ እንታይ ተለዊጡ? ሓደ ታሪኽ ንገሩና።",
        "K2": "ምልክታትኩም ከመይ ይኸዱ ኣለዉ?",
        "K3": "እንታይ ኣገረመኩም ወይ ኣሻቐለኩም?",
        "K4": "ካባና እንታይ የድልየኩም?",
        "K5": "ክንፈልጦ ዘለና ዝተለወጠ ነገር ኣሎ ዶ?",
    },
}
TITLES = {"so": "Wada hadalka sheekada", "ti": "ናይ ታሪኽ ዝርርብ"}
WHAT = {
    "so": "Telefoon, cod la duubay, booqasho ama foom gaaban: sidaad rabtaan.",
    "ti": "ብተሌፎን፡ ብዝተቐድሐ ድምጺ፡ ብምብጻሕ ወይ ብሓጺር ቅጥዒ፡ ከምዝመርጽኩም።",
}
OWN_NAMES = {"so": "Soomaali", "ti": "ትግርኛ"}
REPLIES = {
    "so": "Waad ku mahadsan tihiin codkiinna. Waxaan baranay in habeenku muhiim yahay.",
    "ti": "ስለቲ ድምጽኹም የቐንየልና። ለይቲ ኣገዳሲ ምዃኑ ተማሂርና።",
}


@dataclass(frozen=True)
class Told:
    """A grant and its people in the database of the site."""

    site: LiveSite
    check_in: UUID
    manager: UUID
    signer: UUID  # of the group
    email: str

    def worker(self) -> None:
        """Does what waits: mails, and looking at files."""
        db.session.remove()
        while sweep():
            pass

    def newest_mail(self) -> str:
        """What came to the group."""
        self.worker()
        to_them = sa.select(Message.body).where(Message.recipient_id == self.signer)
        sent = to_them.where(Message.sent_at.is_not(None)).order_by(Message.created_at.desc())
        return self._one(sent.limit(1)) or ""

    def typed(self) -> Any:
        """What the group has written in the conversation."""
        return self._one(sa.select(CheckIn.answers).where(CheckIn.id == self.check_in))

    def _one(self, query: sa.Select[Any]) -> Any:
        found = db.session.execute(query).scalar_one()
        db.session.remove()  # or the web process could not write
        return found


@pytest.fixture
def told(tmp_path: Path) -> Iterator[Told]:
    """The fund has published the questions in both languages too; six months have passed."""
    with live_site("sqlite", tmp_path) as site:
        with unit_of_work():
            grant = active_grant()
            call = grant.award.application.call
            content = call.versions[-1].content
            published_with(
                call, languages=[*content["languages"], *QUESTIONS], monitoring=_spoken(content["monitoring"])
            )
            made = Told(
                site, grant.check_in("month_6").id, grant.manager.id, grant.signer.id, grant.signer.email
            )
        db.session.remove()
        site.start()
        yield made


def _spoken(monitoring: dict[str, list[dict[str, object]]]) -> dict[str, object]:
    questions = [
        each | {"label": each["label"] | {code: words[str(each["key"])] for code, words in QUESTIONS.items()}}
        for each in monitoring["questions"]
    ]
    talks = [
        each | {"title": each["title"] | TITLES, "what": each["what"] | WHAT}
        if each["key"] == "month_6"
        else each
        for each in monitoring["check_ins"]
    ]
    return dict(monitoring) | {"questions": questions, "check_ins": talks}


@pytest.fixture
def contexts(chromium: Browser, told: Told) -> Iterator[tuple[BrowserContext, BrowserContext]]:
    """A phone and the fund's laptop."""
    made = [
        chromium.new_context(base_url=told.site.address, viewport={"width": size[0], "height": size[1]})
        for size in (PHONE, LAPTOP)
    ]
    for context in made:
        context.set_default_timeout(10_000)
    yield made[0], made[1]
    for context in made:
        context.close()


def staff_signs_in(told: Told, context: BrowserContext) -> None:
    name = told.site.app.config["SETTINGS"].cookie_name
    with unit_of_work():
        manager = db.session.get_one(User, told.manager)
        cookie = signed_in_client(told.site.app, manager).get_cookie(name)
    db.session.remove()
    assert cookie is not None
    context.add_cookies([{"name": name, "value": cookie.value, "url": told.site.address}])


def opens_the_mail(told: Told, phone: Page) -> None:
    """By its link; the first time with a code, which comes by mail too."""
    mail = told.newest_mail()
    assert "There is an update for you." in mail
    [link] = re.findall(r"^http\S+$", mail, re.MULTILINE)
    phone.goto(link)
    if phone.get_by_role("link", name="My work").count():
        follow(phone.get_by_role("link", name="My work").first)
        return
    follow(phone.get_by_role("link", name="Sign in").first)
    phone.fill("input[name=email]", told.email)
    follow(phone.locator("main form button"))
    code = CODE.search(told.newest_mail())
    assert code is not None
    phone.fill("input[name=code]", code[0])
    follow(phone.locator("main form button"))


def goes_to_the_conversation(phone: Page) -> None:
    """As somebody finds it who has only the mail."""
    follow(phone.locator("main a[href*='/awards/']").first)
    follow(phone.locator("main a[href*='/check-ins/']", has_text="Story check-in").first)


def says_something(phone: Page) -> None:
    phone.get_by_role("button", name="Or record now").click()
    expect(phone.locator("output[name=say]")).to_contain_text("Recording.")
    phone.wait_for_timeout(1_500)
    phone.get_by_role("button", name="Stop recording").click()
    expect(phone.locator("output[name=say]")).to_contain_text("Recorded.")
    follow(phone.get_by_role("button", name="Send this file"))
    expect(phone.get_by_text("We have what you sent")).to_be_visible()


def is_wider_than_the_phone(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth > innerWidth"))


def show(page: Page, language: str, moment: str) -> None:
    """Pictures for whoever wants to look: FUNDAPP_PICTURES names a folder."""
    if folder := os.environ.get("FUNDAPP_PICTURES"):
        page.screenshot(path=Path(folder) / f"check-in-{language}-{moment}.png", full_page=True)


@pytest.mark.parametrize("language", list(QUESTIONS))
def test_voice_note_alone_goes_from_the_mail_to_the_reply_of_the_fund(
    told: Told, contexts: tuple[BrowserContext, BrowserContext], language: str
) -> None:
    phone, desk = contexts[0].new_page(), contexts[1].new_page()
    staff_signs_in(told, contexts[1])
    desk.goto(f"/en/fund/check-ins/{told.check_in}")
    follow(desk.get_by_role("button", name="Offer this conversation"))

    opens_the_mail(told, phone)
    goes_to_the_conversation(phone)
    show(phone, language, "offered")
    follow(phone.get_by_role("link", name=OWN_NAMES[language], exact=True))
    own_words = phone.locator(f"main [lang={language}]")
    expect(own_words.filter(has_text=QUESTIONS[language]["K1"]).first).to_be_visible()
    assert "(not translated yet)" not in phone.locator("main").inner_text()
    show(phone, language, "questions")
    follow(phone.get_by_role("link", name="By voice, video or photo"))
    for question in QUESTIONS[language].values():
        expect(phone.locator(f"li [lang={language}]", has_text=question)).to_be_visible()
    says_something(phone)
    show(phone, language, "recorded")
    follow(phone.get_by_role("link", name="Go on and send it"))
    assert phone.locator("select[name=answer_language]").input_value() == language
    show(phone, language, "to_send")
    follow(
        phone.get_by_role("button", name="Send to the fund").first
    )  # beside the recording, above the questions
    expect(phone.get_by_text("10 working days to go for the answer.")).to_be_visible()
    assert not is_wider_than_the_phone(phone)
    show(phone, language, "sent")

    told.worker()
    desk.reload()
    sound = desk.locator("main audio, main video").first
    sound.evaluate("each => each.play()")
    desk.wait_for_function("() => document.querySelector('main audio, main video').currentTime > 0")
    expect(desk.get_by_text(f"Told in: {OWN_NAMES[language]}")).to_be_visible()
    desk.fill("textarea[name=reply]", REPLIES[language])
    show(desk, language, "heard")
    follow(desk.get_by_role("button", name="Send the reply"))

    opens_the_mail(told, phone)
    goes_to_the_conversation(phone)
    expect(phone.get_by_text(REPLIES[language])).to_be_visible()
    assert told.typed() == {}
    show(phone, language, "replied")
