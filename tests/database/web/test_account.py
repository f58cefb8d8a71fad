"""Signing in through the pages."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pyotp
import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from fundapp.clock import utcnow
from fundapp.models.message import Message
from fundapp.models.user import SignInCode, User, UserSession
from fundapp.services.sign_in import HASHER
from tests.factories import OrganisationMemberFactory, UserFactory
from tests.sign_in import client_with_token, csrf_token_in

ClientFor = Callable[[Any], FlaskClient]
SIGN_IN, CODE, HOME = "/en/sign-in", "/en/sign-in/code", "/en/home"
STAFF, STAFF_CODE = "/en/staff/sign-in", "/en/staff/sign-in/code"
PASSPHRASE = "four brown birds over Hackney"


def ask(client: FlaskClient, email: str) -> TestResponse:
    return client.post(SIGN_IN, data={"email": email})


def mailed_code(db_session: Any, email: str) -> str:
    query = (
        sa.select(Message.arguments)
        .join(User, User.id == Message.recipient_id)
        .where(User.email == email)
        .order_by(Message.created_at.desc())
    )
    return str(db_session.execute(query).scalars().first()["code"])


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06d}"


@pytest.fixture
def browser(app: Flask, db_session: Any) -> FlaskClient:
    return client_with_token(app)


def test_sign_in_with_the_mailed_code_goes_on_to_where_one_wanted(
    browser: FlaskClient, db_session: Any
) -> None:
    user = UserFactory(email="amal@example.org")

    browser.post(f"{SIGN_IN}?next=/en/home%3Fa%3D1", data={"email": " Amal@Example.org "})
    code = mailed_code(db_session, "amal@example.org")
    page = browser.post(CODE, data={"code": f"{code[:3]} {code[3:]}"})

    assert (page.status_code, page.headers["Location"]) == (302, "/en/home?a=1")
    assert browser.get(HOME).status_code == 200
    assert db_session.execute(sa.select(UserSession.user_id)).scalars().all() == [user.id]


def test_sign_in_of_a_new_address_makes_a_person_in_the_language_of_the_page(
    browser: FlaskClient, db_session: Any
) -> None:
    browser.post("/uk/sign-in", data={"email": "new@example.org"})
    page = browser.post("/uk/sign-in/code", data={"code": mailed_code(db_session, "new@example.org")})

    user = db_session.execute(sa.select(User).where(User.email == "new@example.org")).scalar_one()
    assert page.headers["Location"] == "/uk/home"
    assert (user.language, user.is_staff) == ("uk", False)


@pytest.mark.parametrize("kind", ["known", "unknown", "staff", "disabled"])
def test_sign_in_answers_the_same_whoever_asks(app: Flask, db_session: Any, kind: str) -> None:
    if kind != "unknown":
        UserFactory(email="x@example.org", is_staff=kind == "staff", is_disabled=kind == "disabled")

    asked = ask(client := client_with_token(app), "x@example.org")
    shown = client.get(CODE)
    tried = client.post(CODE, data={"code": "000000"})

    def without_tokens(page: TestResponse) -> str:
        return re.sub(r'name="csrf_token" value="[^"]+"', "", page.get_data(as_text=True))

    expected = ask(other := client_with_token(app), "y@example.org")
    assert (asked.status_code, asked.headers["Location"]) == (
        expected.status_code,
        expected.headers["Location"],
    )
    assert without_tokens(shown) == without_tokens(other.get(CODE)).replace("y@example.org", "x@example.org")
    assert tried.status_code == 422


@pytest.mark.parametrize("kind", ["staff", "disabled"])
def test_sign_in_by_mail_is_not_for_staff_and_disabled_people(app: Flask, db_session: Any, kind: str) -> None:
    UserFactory(email="x@example.org", is_staff=kind == "staff", is_disabled=kind == "disabled")

    ask(client_with_token(app), "x@example.org")

    assert db_session.execute(sa.select(sa.func.count()).select_from(Message)).scalar_one() == 0


def test_code_opens_nothing_in_another_browser(app: Flask, db_session: Any) -> None:
    first, second = client_with_token(app), client_with_token(app)
    ask(first, "a@example.org")
    code = mailed_code(db_session, "a@example.org")
    ask(second, "b@example.org")

    assert second.post(CODE, data={"code": code}).status_code == 422
    assert first.post(CODE, data={"code": code}).status_code == 302


def test_code_works_once(browser: FlaskClient, db_session: Any) -> None:
    ask(browser, "a@example.org")
    code = mailed_code(db_session, "a@example.org")
    cookie = browser.get_cookie("sid")
    assert cookie is not None
    assert browser.post(CODE, data={"code": code}).status_code == 302

    browser.set_cookie("sid", cookie.value)  # the browser of before, as somebody may have copied it

    assert browser.get(HOME).status_code == 302
    assert browser.get(CODE).headers["Location"] == SIGN_IN


def test_code_ends_after_ten_minutes(browser: FlaskClient, db_session: Any) -> None:
    start = utcnow()
    with time_machine.travel(start, tick=False):
        ask(browser, "a@example.org")
    code = mailed_code(db_session, "a@example.org")

    with time_machine.travel(start + timedelta(minutes=10), tick=False):
        assert browser.post(CODE, data={"code": code}).status_code == 422
    with time_machine.travel(start + timedelta(minutes=9, seconds=59), tick=False):
        assert browser.post(CODE, data={"code": code}).status_code == 302


def test_code_is_void_after_five_wrong_tries(browser: FlaskClient, db_session: Any) -> None:
    ask(browser, "a@example.org")
    code = mailed_code(db_session, "a@example.org")
    for _number in range(5):
        assert browser.post(CODE, data={"code": wrong(code)}).status_code == 422

    assert browser.post(CODE, data={"code": code}).status_code == 422


def test_new_code_ends_the_one_before(browser: FlaskClient, db_session: Any) -> None:
    ask(browser, "a@example.org")
    first = mailed_code(db_session, "a@example.org")
    with time_machine.travel(utcnow() + timedelta(seconds=1)):
        ask(browser, "a@example.org")
    second = mailed_code(db_session, "a@example.org")

    if first != second:
        assert browser.post(CODE, data={"code": first}).status_code == 422
    assert browser.post(CODE, data={"code": second}).status_code == 302


def test_database_holds_nothing_that_signs_in(browser: FlaskClient, db_session: Any) -> None:
    ask(browser, "a@example.org")
    cookie = browser.get_cookie("sid")
    assert cookie is not None

    [code] = db_session.execute(sa.select(SignInCode)).scalars().all()
    sessions = db_session.execute(sa.select(UserSession)).scalars().all()

    stored = str([vars(row) for row in (code, *sessions)])
    assert cookie.value not in stored
    assert mailed_code(db_session, "a@example.org") not in stored


def test_token_changes_when_somebody_signs_in(browser: FlaskClient, db_session: Any) -> None:
    ask(browser, "a@example.org")
    before = browser.get_cookie("sid")
    browser.post(CODE, data={"code": mailed_code(db_session, "a@example.org")})
    after = browser.get_cookie("sid")

    assert before is not None
    assert after is not None
    assert before.value != after.value


@pytest.mark.parametrize(("choice", "lasts"), [({}, False), ({"own_device": "yes"}, True)])
def test_cookie_ends_with_the_browser_on_a_shared_device(
    browser: FlaskClient, db_session: Any, choice: dict[str, str], lasts: bool
) -> None:
    ask(browser, "a@example.org")
    assert re.search(r'name="own_device" id="own_device" value="yes">', browser.get(CODE).text)
    page = browser.post(CODE, data={"code": mailed_code(db_session, "a@example.org"), **choice})

    assert ("Max-Age=43200" in page.headers["Set-Cookie"]) is lasts


def test_codes_to_one_address_are_limited_for_one_network_before_for_all(app: Flask, db_session: Any) -> None:
    stranger, owner = client_with_token(app), client_with_token(app)
    stranger.environ_base["REMOTE_ADDR"] = "192.0.2.1"
    owner.environ_base["REMOTE_ADDR"] = "192.0.2.2"

    with time_machine.travel(utcnow().replace(minute=5, second=0, microsecond=0), tick=False):
        answers = [ask(stranger, "owner@example.org").status_code for _number in range(8)]
        blocked = ask(stranger, "owner@example.org")
        owners = ask(owner, "owner@example.org")

    assert answers == [302] * 6 + [429] * 2
    assert blocked.headers["Retry-After"] == str(55 * 60 + 1)
    assert owners.status_code == 302


@pytest.mark.parametrize("next_page", ["https://evil.example", "//evil.example", "/\\evil.example"])
def test_sign_in_never_leads_to_another_site(browser: FlaskClient, db_session: Any, next_page: str) -> None:
    browser.post(SIGN_IN, query_string={"next": next_page}, data={"email": "a@example.org"})

    page = browser.post(CODE, data={"code": mailed_code(db_session, "a@example.org")})

    assert page.headers["Location"] == HOME


@pytest.mark.parametrize(
    "email",
    [
        "",
        "no address",
        "a@b",
        "a@example.org\r\nBcc: x@example.org",
        "a\x00@example.org",
        "ä" * 10_000,
    ],
)
def test_sign_in_with_a_bad_address_says_so_beside_the_field(
    browser: FlaskClient, db_session: Any, email: str
) -> None:
    page = browser.post(SIGN_IN, data={"email": email.encode("utf-8", "replace")})

    text = page.get_data(as_text=True)
    assert page.status_code == 422
    assert 'id="email-error"' in text
    assert 'href="#email"' in text
    assert "<title>Error: " in text


@pytest.mark.parametrize("code", ["", "12345", "1234567", "abcdef", "\x00", "9" * 10_000, str(2**70)])
def test_sign_in_with_a_bad_code_says_so_beside_the_field(
    browser: FlaskClient, db_session: Any, code: str
) -> None:
    ask(browser, "a@example.org")

    page = browser.post(CODE, data={"code": code})

    assert page.status_code == 422
    assert 'id="code-error"' in page.get_data(as_text=True)


@pytest.mark.parametrize(
    "body", [b"email=%ED%A0%80@x.org", b"email=\xff\xfe", b"email=%", b"&&==&email", b"\x00"]
)
def test_sign_in_with_bytes_that_are_no_text_is_no_error_of_ours(
    browser: FlaskClient, db_session: Any, body: bytes
) -> None:
    page = browser.post(SIGN_IN, data=body, content_type="application/x-www-form-urlencoded")

    assert page.status_code in (302, 422)


def test_code_may_be_typed_in_digits_of_any_script(browser: FlaskClient, db_session: Any) -> None:
    ask(browser, "a@example.org")
    code = mailed_code(db_session, "a@example.org").translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))

    assert browser.post(CODE, data={"code": code}).status_code == 302


def staff_member() -> User:
    return UserFactory(  # type: ignore[no-any-return]
        email="m@example.org",
        is_staff=True,
        passphrase_hash=HASHER.hash(PASSPHRASE),
        totp_secret=pyotp.random_base32(),
    )


def changing_code(user: User, steps: int = 0) -> str:
    return pyotp.TOTP(str(user.totp_secret)).at(utcnow() + timedelta(seconds=30 * steps))


def first_step(client: FlaskClient, passphrase: str = PASSPHRASE) -> TestResponse:
    return client.post(STAFF, data={"email": "m@example.org", "passphrase": passphrase})


def test_staff_sign_in_with_passphrase_and_changing_code(browser: FlaskClient, db_session: Any) -> None:
    user = staff_member()

    step = first_step(browser)
    page = browser.post(STAFF_CODE, data={"code": changing_code(user)})

    assert step.headers["Location"] == STAFF_CODE
    assert page.headers["Location"] == HOME
    [session] = db_session.execute(sa.select(UserSession)).scalars().all()
    assert session.user_id == user.id
    assert session.proved_at is not None


def test_staff_first_step_alone_opens_nothing(browser: FlaskClient, db_session: Any) -> None:
    staff_member()
    first_step(browser)

    assert browser.get(HOME).status_code == 302


def test_staff_second_step_without_the_first_leads_back(browser: FlaskClient, db_session: Any) -> None:
    user = staff_member()

    assert browser.post(STAFF_CODE, data={"code": changing_code(user)}).headers["Location"] == STAFF


def test_staff_first_step_ends_after_five_minutes(browser: FlaskClient, db_session: Any) -> None:
    user = staff_member()
    first_step(browser)

    with time_machine.travel(utcnow() + timedelta(minutes=5, seconds=1), tick=False):
        page = browser.post(STAFF_CODE, data={"code": changing_code(user)})

    assert page.headers["Location"] == STAFF


@pytest.mark.parametrize(("steps", "status"), [(-2, 422), (-1, 302), (0, 302), (1, 302), (2, 422)])
def test_changing_code_may_be_one_step_off(
    browser: FlaskClient, db_session: Any, steps: int, status: int
) -> None:
    user = staff_member()
    with time_machine.travel(utcnow(), tick=False):
        first_step(browser)

        assert browser.post(STAFF_CODE, data={"code": changing_code(user, steps)}).status_code == status


def test_changing_code_works_once(app: Flask, db_session: Any) -> None:
    user = staff_member()
    with time_machine.travel(utcnow(), tick=False):
        code = changing_code(user)
        answers = []
        for _number in range(2):
            first_step(client := client_with_token(app))
            answers.append(client.post(STAFF_CODE, data={"code": code}).status_code)

    assert answers == [302, 422]


def test_staff_guesses_are_limited(app: Flask, db_session: Any) -> None:
    staff_member()
    with time_machine.travel(utcnow().replace(minute=5, second=0, microsecond=0), tick=False):
        answers = [first_step(client_with_token(app), "wrong").status_code for _number in range(11)]

    assert answers == [422] * 10 + [429]


def test_home_of_a_group_lists_its_applications_only(client_for: ClientFor, db_session: Any) -> None:
    member = OrganisationMemberFactory()

    page = client_for(member.user).get(HOME)

    assert page.status_code == 200
    assert csrf_token_in(page)
