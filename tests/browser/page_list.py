"""Every page people see, in its states. The walks of test_accessible_*pages.py open each in every language.

A new page needs one line here, or tests/guards/test_page_list.py fails: a `Shown` for each state that looks
different (empty, filled, refused), with the way a person of the demo gets there. What is no page of its own
(a file, a redirect) goes to NOT_PAGES with the reason; what the demo cannot show goes to NOT_SHOWN_YET with
the reason, or with the test that walks through it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from playwright.sync_api import Page, Response

from tests.browser.page_steps import (
    send,
    send_by_the_browser,
    send_form,
    send_form_with,
    send_unchosen,
    send_unsigned,
    send_with_old_token,
)

Action = Callable[[Page], Response]
EMPTY, FILLED, ERROR = "empty", "filled", "error"
READER = "a reader"


@dataclass(frozen=True)
class Shown:
    """A page in one state. `path` stands behind the language; from there links are followed by `through`
    (selectors within `main`), then `then` is added to the address and `do` sends a form."""

    endpoint: str
    path: str
    state: str = FILLED
    through: tuple[str, ...] = ()
    then: str = ""
    who: str = READER  # a person or group of the demo, or somebody of page_people
    do: Action | None = None
    note: str = ""  # tells apart what would have the same name

    @property
    def name(self) -> str:
        return " ".join(filter(None, (self.endpoint, self.state, self.note)))


def at(who: str, *through: str, path: str = "/home") -> Callable[..., Shown]:
    """Pages of one person behind the same links."""
    return partial(Shown, path=path, through=through, who=who)


def link(part: str) -> str:
    return f"a[href*='{part}']"


def listed(code: str, part: str) -> str:
    """The line of this call on "My work"."""
    return f"li:has-text('{code}') {link(part)}"


def beyond(person: Callable[..., Shown], *parts: str) -> Callable[..., Shown]:
    """The same person, some links further."""
    return partial(person, through=(*person.keywords["through"], *(link(part) for part in parts)))


CALL, OVER, SHAPED = "/calls/DGF-2027", "/calls/DGF-FIRST", "/calls/DGF-GIRLS"
APPLICATION, GRANT = listed("DGF-2027", "/applications/"), listed("DGF-FIRST", "/awards/")
NEW, HALF, FULL = (
    at(who, APPLICATION) for who in ("Hooyo Walthamstow", "Kalyna on the Thames", "Kettle and Thread")
)
SPOKEN = at("Dar Yasmeen", APPLICATION)
SENT, INVITED = at("Casa Jacaranda", APPLICATION), at("Blue Door", APPLICATION)
ASKED = at("Casa Jacaranda", listed("DGF-GIRLS", "/applications/"))
GRANTED = listed("DGF-FIRST", "/applications/")
GRANTEE = at("Kettle and Thread", GRANT)
FITS = "somebody who fits"
STARTS = at("somebody with a group who fits", path=f"{CALL}/start")

PUBLIC = (
    Shown("public.home", "/"),
    Shown("public.call_page", CALL),
    Shown("public.call_page", OVER, note="over"),
    Shown("public.questions_page", f"{CALL}/questions"),
    Shown("public.help_page", f"{SHAPED}/help"),
    Shown("public.codesign_page", f"{CALL}/co-design"),
    Shown("public.codesign_page", f"{SHAPED}/co-design", note="large"),
    Shown("public.topic_page", f"{SHAPED}/co-design/topics/form"),
    Shown("public.behind_page", f"{SHAPED}/co-design/behind/question:Q3"),
    Shown("public.behind_page", f"{SHAPED}/co-design/behind/question:E1", EMPTY),
    Shown("public.decisions_page", f"{SHAPED}/co-design/decisions"),
    Shown("public.call_page", SHAPED, note="large record"),
    Shown("public.questions_page", f"{SHAPED}/questions", note="large record"),
    Shown("public.what_it_cost", f"{OVER}/what-it-cost"),
    Shown("public.results_page", f"{OVER}/results"),
    Shown("public.openness_page", f"{OVER}/openness"),
    Shown("public.panel_page", f"{CALL}/panel"),
    Shown("public.panel_draw_page", f"{CALL}/panel/draw"),
    Shown("public.offer_seat", f"{CALL}/panel/offer", EMPTY),
    Shown("public.offer_seat", f"{CALL}/panel/offer", ERROR, do=send()),
    Shown("public.offer_seat", f"{OVER}/panel/offer", note="closed"),
    Shown("public.draw_page", f"{OVER}/draw", state=EMPTY),
    Shown("public.safety_page", "/safety"),
    Shown("public.how_long_page", "/privacy/how-long"),
    Shown("public.accessibility_page", "/accessibility"),
    Shown("public.privacy_page", "/privacy"),
    Shown("public.interruption", CALL, EMPTY, who="somebody for the first time"),
    Shown("public.shut", "/safety", ERROR, who="somebody who left"),
    Shown("public.forms_page", f"{CALL}/forms"),
    Shown("public.print_page", f"{CALL}/forms/eoi/normal"),
    Shown("public.print_page", f"{CALL}/forms/full/large", note="large"),
    Shown("public.check", f"{CALL}/check"),
    Shown("public.check_question", f"{CALL}/check/E1", EMPTY),
    Shown("public.check_question", f"{CALL}/check/E1", ERROR, do=send()),
    Shown("public.check_question", f"{CALL}/check/E7", ERROR, do=send(), note="choice"),
    Shown("public.check_question", f"{CALL}/check/E7", who=FITS),
    Shown("public.check_result", f"{CALL}/check-result", EMPTY),
    Shown("public.check_result", f"{CALL}/check-result", who=FITS),
    Shown("errors.404", "/nothing-here"),
)
ACCOUNT = (
    Shown("account.sign_in", "/sign-in", EMPTY),
    Shown("account.sign_in", "/sign-in", ERROR, do=send(email="lamps at example")),
    Shown("account.enter_code", "/sign-in/code", EMPTY, who="somebody with a code on its way"),
    Shown("account.enter_code", "/sign-in/code", ERROR, who="somebody with a code on its way", do=send()),
    Shown("account.home", "/home", EMPTY, who="somebody new"),
    Shown("account.home", "/home", who="Kettle and Thread"),
    Shown("account.contact", "/account", who="Kettle and Thread"),
    Shown("account.own_data", "/account/data", who="Kettle and Thread"),
    Shown("account.calendar", "/account/calendar", who="Kettle and Thread"),
    Shown("account.new_address", "/account/address", EMPTY, who="Kettle and Thread"),
    Shown("account.new_address", "/account/address", ERROR, who="Kettle and Thread", do=send()),
    Shown(
        "account.new_address_code",
        "/account/address",
        EMPTY,
        who="Kettle and Thread",
        do=send(email="thread@example.org"),
    ),
    Shown("offline.switch", "/offline", who="Kettle and Thread"),
    FULL("account.not_saved_yet", then="/questions/Q1", state=ERROR, do=send_with_old_token("Q1")),
    FULL("account.sign_in_first", then="/questions/Q1", state=ERROR, do=send_unsigned("Q1")),
)
APPLY = (
    STARTS("apply.start", state=EMPTY),
    STARTS("apply.start", state=ERROR, do=send_unchosen("group")),
    Shown("apply.start", f"{CALL}/start", EMPTY, who="Kettle and Thread", note="before the check"),
    NEW("apply.application_page", state=EMPTY),
    HALF("apply.application_page"),
    FULL("apply.application_page", note="full"),
    SENT("apply.application_page", note="sent"),
    at("Harbour Light", APPLICATION)("apply.application_page", note="no"),
    at("Green Bench", APPLICATION)("apply.application_page", note="taken back"),
    at("Raíces Latinas", listed("DGF-FIRST", "/applications/"))("apply.application_page", note="reserve"),
    ASKED("apply.application_page", note="asked"),
    NEW("apply.question", then="/questions/S1", state=EMPTY),
    FULL("apply.question", then="/questions/Q1"),
    FULL("apply.history", then="/questions/Q2/history"),
    at("Fern and Flint", APPLICATION)(
        "apply.question", then="/questions/S1", do=send(S1="w " * 200), note="long"
    ),
    NEW("apply.question", then="/questions/S3", state=EMPTY, note="choice"),
    NEW("apply.question", then="/questions/S3_amount", state=EMPTY, note="money"),
    NEW("apply.question", then="/questions/S3_amount", state=ERROR, do=send(S3_amount="ten"), note="money"),
    INVITED("apply.question", then="/questions/Q8", state=EMPTY, note="budget"),
    FULL("apply.question", then="/questions/Q8", note="budget"),
    INVITED("apply.question", then="/questions/Q8", state=ERROR, do=send(first="Rent!"), note="budget"),
    NEW("apply.pasted", then="/questions/S1/pasted", state=EMPTY),
    NEW("apply.pasted", then="/questions/S1/pasted", state=ERROR, do=send()),
    NEW("apply.media", then="/questions/S1/media", state=EMPTY),
    SPOKEN("apply.media", then="/questions/Q3/media"),
    at(
        "Dar Yasmeen", APPLICATION, link("/check"), link("/questions/Q3"), link("/media"), link("/transcript")
    )("apply.transcript", state=EMPTY),
    at("Dar Yasmeen", APPLICATION, link("/transcript"))("apply.transcript"),
    SPOKEN("apply.question", then="/questions/Q3", note="recorded"),
    SPOKEN("apply.check_answers", then="/check", note="recorded"),
    NEW("apply.media", then="/questions/S1/media", state=ERROR, do=send_by_the_browser),
    FULL("apply.both_texts", then="/questions/Q1", state=ERROR, do=send(rev="0", Q1="Ours!")),
    NEW("apply.check_answers", then="/check", state=EMPTY),
    NEW("apply.check_answers", then="/check", state=ERROR, do=send()),
    FULL("apply.check_answers", then="/check"),
    SENT("apply.receipt", then="/receipt"),
    SENT("apply.thread", then="/messages"),
    SENT("apply.thread", then="/messages", state=ERROR, do=send()),
    beyond(SENT, "/receipt", "/after-sending/")("apply.after_sending", state=EMPTY),
    beyond(SENT, "/receipt", "/after-sending/")("apply.after_sending", state=ERROR, do=send()),
    partial(SENT, through=(APPLICATION, link("/receipt"), f"li:nth-of-type(2) {link('/after-sending/')}"))(
        "apply.after_sending", state=EMPTY, note="equality"
    ),
    ASKED("apply.translations", then="/translations"),
    beyond(ASKED, "/translations", "/translations/")("apply.not_meant", state=EMPTY),
    beyond(ASKED, "/translations", "/translations/")("apply.not_meant", state=ERROR, do=send()),
    ASKED("apply.clarification", through=(*ASKED.keywords["through"], link("/fund-questions/")), state=EMPTY),
    ASKED(
        "apply.clarification",
        through=(*ASKED.keywords["through"], link("/fund-questions/")),
        state=ERROR,
        do=send(),
    ),
    FULL("apply.copies", then="/copies"),
    FULL("apply.bring_back_page", then="/bring-back", state=EMPTY),
    FULL("apply.bring_back_page", then="/bring-back", state=ERROR, do=send()),
    SENT("apply.withdraw", then="/withdraw"),
    SENT("apply.confidential", then="/confidential"),
)
MEMBERS = at("Kettle and Thread", link("/people"))
PROFILE, DOCUMENTS = (at("Kettle and Thread", link(part)) for part in ("/profile", "/documents"))
ASKED_TO_HOST = at("Ada Quayle", f"li:has-text('Not answered yet') {link('/hosting/')}")
ASKED_AS_PARTNER = at("Stitch by Stitch", link("/partnerships/"))
PARTNERED = at("Semilla Feltham", APPLICATION)
PEOPLE = (
    MEMBERS("groups.members"),
    MEMBERS("groups.members", state=ERROR, do=send()),
    beyond(MEMBERS, "/people/")("groups.member"),
    PROFILE("groups.profile"),
    at("Hooyo Walthamstow", link("/profile"))("groups.profile", state=EMPTY),
    PROFILE("groups.profile", state=ERROR, do=send(name="", charity_number="four")),
    at("Casa Jacaranda", link("/profile"))("groups.profile", note="held"),
    DOCUMENTS("groups.documents"),
    at("Hooyo Walthamstow", link("/documents"))("groups.documents", state=EMPTY),
    at("Hooyo Walthamstow", link("/documents"))("groups.documents", state=ERROR, do=send()),
    Shown("groups.join", "/join", EMPTY, who="Kettle and Thread"),
    Shown("groups.join", "/join", ERROR, who="Kettle and Thread", do=send(code="ABC")),
    HALF("groups.helpers", then="/help", state=EMPTY),
    HALF("groups.helpers", then="/help", state=ERROR, do=send()),
    HALF("groups.host", then="/host", state=EMPTY),
    HALF("groups.host", then="/host", state=ERROR, do=send()),
    at("Long Table Dagenham", APPLICATION)("groups.helpers", then="/help"),
    at("Thea Lindgren", link("/join/"))("groups.invitation", state=EMPTY),
    Shown("groups.invitation", "/join/ABCDEFGHJKMN", ERROR, who="Kettle and Thread"),
    at("Hooyo Walthamstow", APPLICATION)("groups.host", then="/host"),
    ASKED_TO_HOST("groups.hosting", state=EMPTY),
    ASKED_TO_HOST("groups.hosting", state=ERROR, do=send()),
    at("Ada Quayle", f"li:has-text('Has said yes') {link('/hosting/')}")("groups.hosting"),
    at("Ada Quayle", f"li:has-text('Has said yes') {link('/hosting/')}")(
        "awards.host_agreement", then="/agreement"
    ),
    FULL("groups.partners", then="/partners", state=EMPTY),
    PARTNERED("groups.partners", then="/partners"),
    PARTNERED("groups.partners", then="/partners", state=ERROR, do=send(**{"p1-email": "lamps at"})),
    PARTNERED("apply.check_answers", then="/check", state=ERROR, do=send(), note="other share"),
    ASKED_AS_PARTNER("groups.partnership", state=EMPTY),
    ASKED_AS_PARTNER("groups.partnership", state=ERROR, do=send()),
    at("Layla Corner", link("/partnerships/"))("groups.partnership", note="other share"),
    at("Manos de Barro", link("/partnerships/"))("groups.partnership"),
)
IN_CIRCLES = at("Kettle and Thread", link("/circles"))
MEMBER = "Elena Duarte"
GRANTS = (
    GRANTEE("awards.award_page"),
    at("Asmara Garden", GRANT)("awards.award_page", state=EMPTY),
    at("Puente Norte", GRANT)("awards.award_page", note="ended"),
    at("Hooyo Walthamstow", GRANT)("awards.agreement", then="/agreement", state=EMPTY),
    at("Hooyo Walthamstow", GRANT)(
        "awards.agreement", then="/agreement", state=ERROR, do=send_form_with("agree")
    ),
    GRANTEE("awards.agreement", then="/agreement"),
    GRANTEE("awards.checks", then="/checks"),
    GRANTEE("bank_accounts.page", then="/bank-account"),
    at("Hooyo Walthamstow", GRANT)("bank_accounts.page", then="/bank-account", state=EMPTY),
    at("Hooyo Walthamstow", GRANT)(
        "bank_accounts.page", then="/bank-account", state=ERROR, do=send(name="كتل", sort_code="12")
    ),
    GRANTEE("awards.markers", then="/markers"),
    GRANTEE("grant_plans.page", then="/plan", note="told"),
    at("Asmara Garden", GRANT)("awards.checks", then="/checks", note="conditions"),
    at("Saffron Stairs", GRANT)("grant_plans.page", then="/plan", state=EMPTY),
    at("Nour Evening", GRANT)("grant_plans.page", then="/plan", note="waits for an answer"),
    at("Mujeres del Umbral", GRANT)("grant_plans.page", then="/plan", note="agreed"),
    at("Sunflower Kitchen", GRANT)("grant_plans.page", then="/plan", note="more time"),
    GRANTEE("word_uses.page", then="/words"),
    GRANTEE("grant_plans.lines", then="/plan/lines", state=EMPTY),
    GRANTEE("grant_plans.lines", then="/plan/lines", state=ERROR, do=send(line_1="12")),
    GRANTEE("grant_plans.more_time", then="/plan/more-time", state=EMPTY),
    GRANTEE("grant_plans.more_time", then="/plan/more-time", state=ERROR, do=send()),
    at("Kettle and Thread", GRANT, link("/check-ins/"))("awards.check_in"),
    at("Kettle and Thread", GRANT, link("/check-ins/"))("awards.check_in_files", then="/files"),
    at("Kettle and Thread", GRANT, link("/check-ins/"), link("/safety"))("awards.safety", state=EMPTY),
    at("Kettle and Thread", listed("DGF-FIRST", "/applications/"), link("/appeal"))(
        "complaints.appeal_page", state=EMPTY
    ),
    at("Kettle and Thread", listed("DGF-FIRST", "/applications/"), link("/appeal"))(
        "complaints.appeal_page", state=ERROR, do=send()
    ),
    at("Kettle and Thread", listed("DGF-FIRST", "/applications/"), link("/by-and-for"))("apply.by_and_for"),
    Shown("complaints.complain_page", "/calls/DGF-2027/complain", EMPTY),
    Shown("complaints.complain_page", "/calls/DGF-2027/complain", ERROR, do=send()),
    Shown("complaints.follow", "/complaints", EMPTY),
    Shown("complaints.follow", "/complaints", ERROR, do=send(code="AAAA")),
    at("Kettle and Thread", GRANT, link("/how-we-did"))("feedback.invitation"),
    at("Kettle and Thread", GRANT, link("/how-we-did"), link("/how-we-did/"))("feedback.box", state=EMPTY),
    at("Kettle and Thread", GRANT, link("/how-we-did"), link("/how-we-did/"))(
        "feedback.box", state=ERROR, do=send()
    ),
    Shown("feedback.what_groups_say", "/calls/DGF-FIRST/what-groups-say"),
    Shown("feedback.what_groups_say", "/calls/DGF-2027/what-groups-say", EMPTY),
    at("Anchor House", GRANT, link("/stories/"))("awards.story_consent", state=EMPTY),
    at("Anchor House", link("/circles"))("circles.mine", state=EMPTY),
    at("Kettle and Thread", GRANTED, link("/support"))("support.page"),
    at("Kettle and Thread", GRANTED, link("/support"), link("/support/share"))("support.share"),
    IN_CIRCLES("circles.mine"),
    beyond(IN_CIRCLES, "/circles/")("circles.circle"),
    at("Maya and Sisters", GRANT, link("/correct"))("circles.correct", state=EMPTY),
    at("Maya and Sisters", GRANT, link("/correct"))("circles.correct", state=ERROR, do=send()),
    at(MEMBER, link("/circles"), link("/circles/"))("circles.circle", state=EMPTY),
    at(MEMBER, link("/circles"), link("/circles/"))("circles.circle", state=ERROR, do=send()),
    at("Kettle and Thread", GRANTED, link("/support"), link("/sessions/"))("support.session"),
    at("Anchor House", GRANT, link("/stories/"))("awards.story_consent", state=ERROR, do=send()),
)
MANAGER = "Daniel Osei"
OPEN_CALL, MEETING, RUNNING = (at(MANAGER, listed(code, "/calls/")) for code in ("2027", "HOME", "FIRST"))
BEING_READ = at(MANAGER, listed("GIRLS", "/calls/"))
TO_PRACTISE = beyond(BEING_READ, "/panel", "/practice")
LOCKED_SHEET = partial(
    BEING_READ,
    through=(
        *BEING_READ.keywords["through"],
        link("/panel"),
        f"tr:has-text('Being read'):has-text('Done') {link('/readers')}",
    ),
)
OPEN_SHEET = partial(
    BEING_READ,
    through=(
        *BEING_READ.keywords["through"],
        link("/panel"),
        f"tr:has-text('Being read'):has-text('Not started') {link('/readers')}",
    ),
)
PANEL = at(MEMBER, listed("GIRLS", "/panels/"))


RECORD = beyond(OPEN_CALL, "/co-design")
OPEN_ANSWER = partial(RECORD, through=(*RECORD.keywords["through"], "td a:has(b)"))
OWN_WORK = beyond(PANEL, "/work")
GIVEN_BACK = partial(
    PANEL,
    through=(
        *PANEL.keywords["through"],
        link("/work"),
        f"tr:has-text('Sent back') {link('/panel-claims/')}",
    ),
)
READING = beyond(PANEL, "/readings/")
BOARD = beyond(MEETING, "/awards")
TABLE = beyond(MEETING, "/panel", "/meeting")
AT_TABLE = at(MEMBER, listed("HOME", "/panels/"), link("/meeting"))
OF_GROUP = beyond(OPEN_CALL, "/applications", "/fund/applications/")
DRAFT_OF_GROUP = partial(
    OPEN_CALL,
    through=(
        *OPEN_CALL.keywords["through"],
        link("/applications"),
        f"{link('/fund/applications/')}:has-text('Kalyna')",
        link("/phone/"),
    ),
)
TRANSLATED = beyond(BEING_READ, "/applications", "/fund/applications/", "/translations/")
NEW_PERSON = partial(
    OPEN_CALL,
    through=(
        *OPEN_CALL.keywords["through"],
        link("/applications"),
        f"{link('/fund/applications/')}:has-text('Lantern Row')",
        link("/new-person"),
    ),
)
AWARD = beyond(RUNNING, "/grants", "/fund/awards/")
CHECKED = partial(
    RUNNING,
    through=(
        *RUNNING.keywords["through"],
        link("/grants"),
        f"tr:has-text('Asmara') {link('/fund/awards/')}",
        link("/checklist"),
    ),
)
CHECKED_BY_HELP = partial(
    CHECKED, through=(*CHECKED.keywords["through"], f"tr:has-text('Help') {link('/fund/checks/')}")
)
CHANGED = beyond(RUNNING, "/grants", "/fund/variations/")
DATA = beyond(OPEN_CALL, "/fund/", "/data")
BATCHES = at("Priya Nathan", listed("FIRST", "/calls/"), link("/grants"), link("/batches"))
STAFF = (
    Shown("account.staff_sign_in", "/staff/sign-in", EMPTY),
    Shown("account.staff_sign_in", "/staff/sign-in", ERROR, do=send(email="lamps at example")),
    Shown("account.staff_set_up", "/staff/set-up", EMPTY),
    Shown("account.staff_set_up", "/staff/set-up", ERROR, do=send()),
    Shown("account.staff_code", "/staff/sign-in/code", EMPTY, who="staff with a passphrase"),
    Shown("account.staff_code", "/staff/sign-in/code", ERROR, who="staff with a passphrase", do=send()),
    at(MANAGER)("account.home", note="staff"),
    beyond(OPEN_CALL, "/fund/")("fund_calls.fund_page"),
    beyond(OPEN_CALL, "/fund/", "/keys")("fund_api_keys.page", state=EMPTY),
    at("Rosa Field", listed("2027", "/calls/"), link("/fund/"), link("/keys"))("fund_api_keys.page"),
    beyond(OPEN_CALL, "/fund/", "/keys")("fund_api_keys.page", state=ERROR, do=send()),
    beyond(OPEN_CALL, "/fund/", "/events")("fund_webhooks.page", state=EMPTY),
    beyond(OPEN_CALL, "/fund/", "/events")("fund_webhooks.page", state=ERROR, do=send()),
    OPEN_CALL("fund_calls.call_page"),
    RUNNING("fund_calls.call_page", note="running"),
    beyond(OPEN_CALL, "/told-us")("fund_told_us.told_us"),
    beyond(RUNNING, "/stories")("fund_stories.page"),
    beyond(OPEN_CALL, "/stories")("fund_stories.page", state=EMPTY),
    beyond(RUNNING, "/support")("fund_support.page"),
    beyond(OPEN_CALL, "/support")("fund_support.page", state=EMPTY),
    beyond(RUNNING, "/support", "/applications/")("fund_support.group"),
    beyond(RUNNING, "/support", "/sessions")("fund_support_sessions.page"),
    beyond(OPEN_CALL, "/support", "/sessions")("fund_support_sessions.page", state=EMPTY),
    beyond(RUNNING, "/support", "/sessions", "/sessions/new")("fund_support_sessions.new", state=EMPTY),
    beyond(RUNNING, "/support", "/sessions", "/sessions/new")(
        "fund_support_sessions.new", state=ERROR, do=send()
    ),
    beyond(RUNNING, "/support", "/sessions", "/support-sessions/")("fund_support_sessions.session"),
    beyond(RUNNING, "/support", "/sessions", "/support-sessions/", "/change")("fund_support_sessions.change"),
    beyond(RUNNING, "/support", "/offers")("fund_support_offers.page"),
    beyond(OPEN_CALL, "/support", "/offers")("fund_support_offers.page", state=EMPTY),
    beyond(RUNNING, "/support", "/offers", "/offers/new")("fund_support_offers.new", state=EMPTY),
    beyond(RUNNING, "/support", "/offers", "/offers/new")("fund_support_offers.new", state=ERROR, do=send()),
    beyond(RUNNING, "/support", "/offers", "/support-offers/")("fund_support_offers.offer"),
    beyond(RUNNING, "/theme-codes")("fund_theme_codes.page"),
    beyond(RUNNING, "/theme-codes")("fund_theme_codes.page", state=ERROR, do=send()),
    beyond(OPEN_CALL, "/theme-codes")("fund_theme_codes.page", state=EMPTY),
    beyond(RUNNING, "/theme-codes", "/fund/theme-codes/")("fund_theme_codes.code_page"),
    beyond(RUNNING, "/theme-codes", "/fund/theme-codes/")(
        "fund_theme_codes.code_page", state=ERROR, do=send_form("/retire")
    ),
    beyond(RUNNING, "/theme-codes", "/coding")("fund_coding.page"),
    beyond(OPEN_CALL, "/theme-codes", "/coding")("fund_coding.page", state=EMPTY),
    beyond(RUNNING, "/theme-codes", "/coding", "/coded-texts/")("fund_coding.text_page"),
    beyond(RUNNING, "/theme-codes", "/themes")("fund_theme_grid.page"),
    beyond(RUNNING, "/theme-codes", "/themes", "?theme=")("fund_theme_grid.page", note="one theme"),
    beyond(RUNNING, "/theme-codes", "/themes", "?group=")("fund_theme_grid.page", note="one group"),
    beyond(OPEN_CALL, "/theme-codes", "/themes")("fund_theme_grid.page", state=EMPTY),
    beyond(RUNNING, "/stories", "/circles")("fund_circles.page"),
    beyond(RUNNING, "/stories", "/circles", "/fund/circles/")("fund_circles.circle"),
    beyond(OPEN_CALL, "/stories", "/circles")("fund_circles.page", state=EMPTY),
    DATA("fund_data.overview"),
    beyond(DATA, "/data/requests/new")("fund_data.new_request", state=EMPTY),
    beyond(DATA, "/data/requests/new")("fund_data.new_request", state=ERROR, do=send()),
    beyond(DATA, "/data/requests/")("fund_data.outside_request"),
    beyond(DATA, "/breaches/new")("fund_data.new_breach", state=EMPTY),
    beyond(DATA, "/breaches/new")("fund_data.new_breach", state=ERROR, do=send()),
    beyond(DATA, "/breaches/")("fund_data.breach"),
    beyond(RUNNING, "/theme-codes", "/shared-themes")("fund_shared_themes.page"),
    beyond(OPEN_CALL, "/theme-codes", "/shared-themes")("fund_shared_themes.page", state=EMPTY),
    beyond(RUNNING, "/theme-codes", "/outcomes")("fund_outcomes.page"),
    beyond(OPEN_CALL, "/theme-codes", "/outcomes")("fund_outcomes.page", state=EMPTY),
    beyond(RUNNING, "/theme-codes", "/themes", "&group=", "/outcomes/new")("fund_outcomes.new", state=EMPTY),
    beyond(RUNNING, "/theme-codes", "/themes", "&group=", "/outcomes/new")(
        "fund_outcomes.new", state=ERROR, do=send()
    ),
    beyond(RUNNING, "/stories", "/circles", "/circles/grantees")("fund_circles.new_of_grantees", state=EMPTY),
    beyond(RUNNING, "/stories", "/circles", "/circles/panel")("fund_circles.new_of_panel", state=EMPTY),
    beyond(RUNNING, "/what-groups-say")("fund_feedback.page"),
    beyond(RUNNING, "/what-groups-say")("fund_feedback.page", state=ERROR, do=send_form("/what-groups-say")),
    beyond(OPEN_CALL, "/what-groups-say")("fund_feedback.page", state=EMPTY),
    beyond(OPEN_CALL, "/burden")("fund_burden.burden_page"),
    beyond(RUNNING, "/burden", "/answers-used")("fund_burden.answers_used"),
    beyond(OPEN_CALL, "/burden")("fund_burden.readers", then="/../questions/Q12/readers"),
    beyond(OPEN_CALL, "/messages")("fund_threads.inbox"),
    beyond(OPEN_CALL, "/messages", "/messages")("fund_threads.thread"),
    beyond(OPEN_CALL, "/messages", "/messages")("fund_threads.thread", state=ERROR, do=send()),
    beyond(OPEN_CALL, "/promises")("fund_threads.promises"),
    beyond(OPEN_CALL, "/promises")("fund_threads.promises", state=ERROR, do=send()),
    beyond(OPEN_CALL, "/applications")("fund_applications.list_page"),
    OF_GROUP("fund_applications.application_page"),
    DRAFT_OF_GROUP("fund_answers.phone", state=EMPTY),
    beyond(OF_GROUP, "/new-person")("fund_hand_over.ask", state=EMPTY),
    beyond(OF_GROUP, "/new-person")("fund_hand_over.ask", state=ERROR, do=send()),
    NEW_PERSON("fund_hand_over.asked"),
    partial(NEW_PERSON, who="Rosa Field")("fund_hand_over.asked", note="second person"),
    beyond(OPEN_CALL, "/recordings")("fund_recordings.list_page"),
    beyond(OPEN_CALL, "/recordings", "/recordings/")("fund_recordings.transcript", state=EMPTY),
    beyond(OPEN_CALL, "/recordings", "/recordings/")("fund_recordings.transcript", state=ERROR, do=send()),
    TRANSLATED("fund_translations.of_answer"),
    TRANSLATED("fund_translations.of_answer", state=ERROR, do=send()),
    RECORD("codesign.record_page"),
    beyond(OPEN_CALL, "/translations")("fund_translation_desk.list_page"),
    beyond(OPEN_CALL, "/translations", "/translations/ar")("fund_translation_desk.language_page"),
    beyond(OPEN_CALL, "/form-sheet")("fund_form_sheet.page"),
    beyond(RECORD, "/new-session")("codesign.add_session", state=EMPTY),
    beyond(RECORD, "/new-session")("codesign.add_session", state=ERROR, do=send()),
    beyond(RECORD, "/co-design-sessions/")("codesign.change_session"),
    beyond(RECORD, "/new-point")("codesign.add_point", state=EMPTY),
    beyond(RECORD, "/new-point")("codesign.add_point", state=ERROR, do=send()),
    beyond(RECORD, "/co-design-points/")("codesign.change_point"),
    beyond(RECORD, "/answer")("codesign.answer_point"),
    OPEN_ANSWER("codesign.answer_point", state=EMPTY),
    OPEN_ANSWER("codesign.answer_point", state=ERROR, do=send()),
    beyond(RECORD, "/co-design/room")("codesign_room.room_page"),
    beyond(RECORD, "/co-design/room")("codesign_room.state", then="/form"),
    beyond(RECORD, "/co-design/room")(
        "codesign_room.state", then="/form", state=ERROR, do=send(decided_en=" ")
    ),
    beyond(OPEN_CALL, "/panel")("fund_panels.panel_page", state=EMPTY),
    beyond(BEING_READ, "/panel")("fund_panels.panel_page"),
    beyond(BEING_READ, "/panel")("fund_panels.add_member", then="/seats", state=EMPTY),
    beyond(BEING_READ, "/panel")("fund_panels.add_member", then="/seats", state=ERROR, do=send()),
    beyond(BEING_READ, "/panel", "/readers")("fund_panels.readers_page"),
    beyond(BEING_READ, "/panel", "/sentences")("fund_sentences.sentences"),
    beyond(BEING_READ, "/panel", "/sentences", "/sentences")("fund_sentences.of_application"),
    beyond(BEING_READ, "/panel", "/training")("fund_training.training"),
    beyond(BEING_READ, "/panel", "/training")(
        "fund_training.training", state=ERROR, do=send_form("/training")
    ),
    beyond(OPEN_CALL, "/panel", "/open-seats")("fund_recruitment.page"),
    beyond(OPEN_CALL, "/panel", "/open-seats", "/candidates")("fund_recruitment.add_candidate", state=EMPTY),
    beyond(OPEN_CALL, "/panel", "/open-seats", "/candidates")(
        "fund_recruitment.add_candidate", state=ERROR, do=send()
    ),
    beyond(OPEN_CALL, "/panel", "/open-seats", "/quotas")("fund_recruitment.quotas"),
    beyond(OPEN_CALL, "/panel", "/open-seats", "/quotas")("fund_recruitment.quotas", state=ERROR, do=send()),
    TO_PRACTISE("fund_practice.practice"),
    TO_PRACTISE("fund_practice.sample", then="/samples", state=EMPTY),
    beyond(BEING_READ, "/panel", "/practice")(
        "fund_practice.sample", then="/samples", state=ERROR, do=send()
    ),
    TO_PRACTISE("fund_practice.levels", then="/levels/C1"),
    beyond(OPEN_SHEET, "/marks")("fund_typed_marks.type_marks", state=EMPTY),
    beyond(OPEN_SHEET, "/marks")("fund_typed_marks.type_marks", state=ERROR, do=send()),
    beyond(LOCKED_SHEET, "/unlock")("fund_sheets.unlock", state=EMPTY),
    beyond(LOCKED_SHEET, "/unlock")("fund_sheets.unlock", state=ERROR, do=send()),
    beyond(BEING_READ, "/panel", "/help")("fund_panels.help_page"),
    beyond(BEING_READ, "/panel", "/questions")("fund_panels.questions_page"),
    beyond(BEING_READ, "/panel", "/questions", "/translation/question")(
        "fund_translations.of_clarification", state=EMPTY
    ),
    beyond(BEING_READ, "/ties")("fund_ties.own_ties"),
    beyond(BEING_READ, "/ties")("fund_ties.own_ties", state=ERROR, do=send()),
    beyond(BEING_READ, "/panel", "/meeting")("fund_meetings.meeting_page", state=EMPTY),
    beyond(MEETING, "/panel", "/order")("fund_order.order_page"),
    TABLE("fund_meetings.meeting_page"),
    beyond(TABLE, "/screen")("fund_meetings.screen"),
    beyond(TABLE, "/minutes")("fund_meetings.minutes"),
    beyond(TABLE, "/meeting-items/")("fund_meetings.item_page"),
    beyond(TABLE, "/meeting-items/")("fund_meetings.item_page", state=ERROR, do=send_form("/move")),
    beyond(OPEN_CALL, "/awards")("fund_awards.board", state=EMPTY),
    BOARD("fund_awards.board"),
    beyond(BOARD, "/what-if")("fund_what_if.what_if_page"),
    beyond(BOARD, "/what-if")("fund_what_if.what_if_page", state=ERROR, do=send()),
    beyond(BOARD, "/certainty")("fund_what_if.certainty"),
    beyond(BOARD, "/ratification")("fund_sign_off.ratify_page"),
    beyond(MEETING, "/ring-fences")("fund_ring_fences.page"),
    beyond(BOARD, "/letters")("fund_sign_off.letters"),
    beyond(BOARD, "/decision")("fund_awards.decision_page"),
    beyond(BOARD, "/decision", "/why")("fund_rationale.why"),
    beyond(RUNNING, "/awards", "/feedback")("fund_awards.feedback_page"),
    beyond(RUNNING, "/awards", "/award-from-reserve")("fund_awards.reserve_page"),
    beyond(OPEN_CALL, "/grants")("fund_payments.awards_page", state=EMPTY),
    beyond(RUNNING, "/grants")("fund_payments.awards_page"),
    beyond(OPEN_CALL, "/budget")("fund_budget.page", state=EMPTY),
    beyond(RUNNING, "/grants", "/budget")("fund_budget.page"),
    beyond(RUNNING, "/open-data")("fund_publications.list_page"),
    beyond(RUNNING, "/open-data", "/open-data")("fund_publications.review", state=EMPTY),
    beyond(RUNNING, "/open-data", "/open-data")("fund_publications.review", state=ERROR, do=send()),
    AWARD("fund_payments.award_page"),
    beyond(AWARD, "/checklist")("fund_checks.checklist"),
    beyond(AWARD, "/checklist", "/fund/checks/")("fund_checks.item"),
    beyond(AWARD, "/checklist", "/fund/checks/")("fund_checks.item", state=ERROR, do=send(help="w " * 300)),
    beyond(AWARD, "/plan")("fund_variations.plan"),
    CHECKED("fund_checks.checklist", note="conditions"),
    CHECKED_BY_HELP("fund_checks.item", note="help offered"),
    beyond(CHECKED, "/fund/conditions/")("fund_checks.condition", state=EMPTY),
    beyond(CHECKED, "/fund/conditions/")("fund_checks.condition", state=ERROR, do=send()),
    CHANGED("fund_variations.page", state=EMPTY),
    CHANGED("fund_variations.page", state=ERROR, do=send()),
    beyond(AWARD, "/agreement")("fund_payments.agreement_page"),
    beyond(AWARD, "/clawback")("fund_clawbacks.page"),
    beyond(AWARD, "/clawback")("fund_clawbacks.page", state=ERROR, do=send_form("/clawback")),
    beyond(AWARD, "/bank-accounts/")("fund_bank_accounts.page"),
    beyond(RUNNING, "/grants", "/bank-accounts/")("fund_bank_accounts.page", note="to check"),
    beyond(RUNNING, "/grants", "/bank-accounts/")("fund_bank_accounts.page", state=ERROR, do=send()),
    BATCHES("fund_batches.overview"),
    BATCHES("fund_batches.overview", state=ERROR, do=send_form("/batches")),
    beyond(BATCHES, "/fund/batches/")("fund_batches.page"),
    beyond(BATCHES, "/fund/batches/")("fund_batches.page", state=ERROR, do=send_form("/answer")),
    beyond(AWARD, "/description")("fund_payments.description"),
    beyond(AWARD, "/fund/check-ins/")("fund_monitoring.check_in"),
    PANEL("panel.panel_page"),
    at(MEMBER, link("/opinions/"))("panel.opinion"),
    at(MEMBER, link("/opinions/"))("panel.opinion", state=ERROR, do=send()),
    OWN_WORK("panel.work"),
    at(MEMBER, listed("HOME", "/panels/"), link("/work"))("panel.work", state=EMPTY),
    OWN_WORK("panel.wishes", then="/wishes"),
    OWN_WORK("panel.wishes", then="/wishes", state=ERROR, do=send(pay_to="w" * 300)),
    OWN_WORK("panel.fee", then="/fee"),
    OWN_WORK("panel.fee", then="/fee", state=ERROR, do=send(half_days="99")),
    OWN_WORK("panel.expense", then="/expense", state=EMPTY),
    OWN_WORK("panel.expense", then="/expense", state=ERROR, do=send()),
    OWN_WORK("panel.pack", then="/pack"),
    beyond(BEING_READ, "/panel", "/panel/pay", "/seats/")("fund_reading_packs.pack"),
    GIVEN_BACK("panel.claim"),
    GIVEN_BACK("panel.claim", state=ERROR, do=send(what_for="")),
    beyond(BEING_READ, "/panel", "/panel/pay")("fund_panel_pay.pay_page"),
    beyond(MEETING, "/panel", "/panel/pay")("fund_panel_pay.pay_page", state=EMPTY),
    beyond(BEING_READ, "/panel", "/panel/pay", "/panel-claims/")("fund_panel_pay.claim"),
    beyond(BEING_READ, "/panel", "/panel/pay", "/panel-claims/")(
        "fund_panel_pay.claim", state=ERROR, do=send_form("/give-back")
    ),
    beyond(PANEL, "/practice")("panel.practice"),
    beyond(PANEL, "/practice", "/practice/")("panel.practice_sample"),
    beyond(PANEL, "/ties")("panel.conflicts"),
    AT_TABLE("panel.meeting"),
    beyond(AT_TABLE, "/minutes")("panel.minutes"),
    READING("panel.read"),
    beyond(READING, "/criteria/")("panel.criterion"),
    beyond(READING, "/criteria/", "/unclear")("panel.unclear", state=EMPTY),
    beyond(READING, "/criteria/", "/unclear")("panel.unclear", state=ERROR, do=send()),
    beyond(READING, "/tie")("panel.late_tie", state=EMPTY),
    beyond(READING, "/tie")("panel.late_tie", state=ERROR, do=send()),
)
FOR_GROUPS = (*PUBLIC, *ACCOUNT, *APPLY, *PEOPLE, *GRANTS)
FOR_STAFF = STAFF

NOT_SHOWN_YET = {
    "outcomes.answer": "test_outcome_pages.py",
    "public.themes_page": "the groups of the demo can still keep a text out; test_shared_themes_pages.py",
    "fund_claim_opinions.ask": "tests/database/web/test_claim_opinion_pages.py",
    "public.take_part": "test_take_part.py",
    "public.take_part_say": "test_take_part.py",
    "public.take_part_aloud": "test_take_part.py",
    "public.take_part_code": "test_take_part.py",
    "public.take_part_parts": "test_take_part.py",
    "public.take_part_propose": "test_take_part.py",
    "public.take_part_points": "test_take_part.py",
    "public.take_part_point": "test_take_part.py",
    "codesign.links": "test_take_part.py",
    "codesign.talk": "test_take_part.py",
    "codesign.spoken": "test_take_part.py",
    "codesign.write_down": "test_take_part.py",
    "codesign.left_open": "test_take_part.py",
    "fund_build.overview": "test_build_a_call.py",
    "fund_build.part_page": "test_build_a_call.py",
    "fund_build.item_page": "test_build_a_call.py",
    "fund_build.remove": "test_build_a_call.py",
    "fund_build_more.preview": "test_build_a_call.py",
    "fund_build_more.notices": "test_build_a_call.py",
    "fund_build_more.compare": "tests/database/web/test_build_pages.py; no call of the demo is a copy",
    "fund_trials.list_page": "test_build_a_call.py",
    "fund_trials.new": "test_build_a_call.py",
    "fund_trials.one": "test_build_a_call.py",
    "fund_new_call.new_call": "test_build_a_call.py",
    "fund_new_call.copy": "test_build_a_call.py",
    "fund_translations.of_recording": "the same page as of_answer; the demo's transcripts are of drafts",
    "fund_copies.copies": "test_pages_of_other_calls.py",
    "fund_copies.copy": "test_pages_of_other_calls.py",
    "panel.vote": "test_pages_of_other_calls.py",
    "fund_votes.vote_page": "test_pages_of_other_calls.py",
    "public.candidate": "tests/database/web/test_open_seats.py; the demo's draw is only announced",
    "fund_recruitment.seat": "tests/database/web/test_open_seats.py; the demo's draw is only announced",
    "fund_complaints.list_page": "tests/database/web/test_complaint_pages.py; nobody of the demo complains",
    "fund_complaints.page": "tests/database/web/test_complaint_pages.py; nobody of the demo complains",
    "fund_safety.list_page": "tests/database/web/test_complaint_pages.py; for the people named for it",
    "fund_safety.flag": "tests/database/web/test_complaint_pages.py; for the people named for it",
    "apply.more_time": "the demo has no draft near its deadline",
}
NOT_PAGES = {
    "worker.worker": "a script",
    "fund_outcomes.sheet": "a file",
    "fund_ring_fences.sheet": "a file",
    "fund_theme_grid.sheet": "a file",
    "fund_budget.sheet": "a file",
    "fund_budget.cash_sheet": "a file",
    "fund_translation_desk.file": "a file",
    "fund_translation_desk.work": "a file",
    "fund_form_sheet.file": "a file",
    "public.decisions_file": "a file",
    "fund_packs.decision_pack": "a file",
    "calendar.feed": "a file",
    "panel.pack_file": "a file",
    "fund_reading_packs.pack_file": "a file",
    "fund_panel_pay.pay_file": "a file",
    **{
        f"api.{name}": "data for programs"
        for name in (
            "openapi",
            "calls",
            "call",
            "awards",
            "fund_calls",
            "fund_round_applications",
            "fund_awards",
            "fund_payments",
            "fund_check_ins",
        )
    },
    "front.front_door": "leads to the first page in the reader's language",
    "public.leave": "leads away from here",
    "public.open_again": "leads on",
    "public.word_form": "a file",
    "public.pdf_form": "a file",
    "apply.draft_file": "a file",
    "awards.agreement_paper": "a file",
    "awards.host_agreement_paper": "a file",
    "fund_payments.agreement_paper": "a file",
    "apply.made_copy": "a file",
    "apply.copy": "a file",
    "files.file": "a file",
    "fund_applications.list_file": "a file",
    "open_data.package": "a file",
    "account.own_data_file": "a file",
    "open_data.grants_csv": "a file",
    "open_data.grants_xlsx": "a file",
    "open_data.figures_json": "a file",
    "open_data.figures_csv": "a file",
    "public.panel_draw_file": "a file",
    "health.alive": "for machines",
    "health.ready": "for machines",
}
