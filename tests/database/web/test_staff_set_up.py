"""A new member of staff: from the one-time code to the first sign-in."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pyotp
import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from fundapp.clock import utcnow
from fundapp.db import unit_of_work
from fundapp.models.fund import FundRole, FundRoleKind
from fundapp.models.user import SignInCode, User
from fundapp.queries.users import find_user_by_email
from fundapp.services.users import AddressTaken, add_staff
from tests.factories import FundFactory, UserFactory
from tests.sign_in import client_with_token

SET_UP = "/en/staff/set-up"
PASSPHRASE = "four brown birds over Hackney"


@pytest.fixture
def browser(app: Flask, db_session: Any) -> FlaskClient:
    return client_with_token(app)


def new_member(email: str = "m@example.org") -> str:
    with unit_of_work():
        return add_staff(
            email, name="M", fund=FundFactory(), kind=FundRoleKind.MANAGER, actor=None, now=utcnow()
        )


def set_up(
    browser: FlaskClient, code: str, passphrase: str = PASSPHRASE, email: str = "m@example.org"
) -> Any:
    return browser.post(SET_UP, data={"email": email, "set_up_code": code, "passphrase": passphrase})


def test_new_member_sets_up_the_account_and_signs_in(browser: FlaskClient, db_session: Any) -> None:
    code = new_member("M@Example.org")

    shown = set_up(browser, code)
    [secret] = re.findall(r"<b>([A-Z2-7]{32})</b>", shown.get_data(as_text=True))
    browser.post("/en/staff/sign-in", data={"email": "m@example.org", "passphrase": PASSPHRASE})
    page = browser.post("/en/staff/sign-in/code", data={"code": pyotp.TOTP(secret).now()})

    assert page.headers["Location"] == "/en/home"
    user = find_user_by_email("m@example.org")
    assert user is not None
    assert user.passphrase_hash is not None
    assert user.passphrase_hash.startswith("$argon2id$v=19$m=47104,t=1,p=1$")
    assert db_session.execute(sa.select(FundRole.kind)).scalars().all() == [FundRoleKind.MANAGER]


def test_set_up_code_works_once_and_for_two_days(app: Flask, browser: FlaskClient, db_session: Any) -> None:
    code = new_member()
    with time_machine.travel(utcnow() + timedelta(hours=48, seconds=1), tick=False):
        assert set_up(client_with_token(app), code).status_code == 422

    assert [set_up(browser, code).status_code for _number in range(2)] == [200, 422]


def test_set_up_code_is_for_its_own_address(browser: FlaskClient, db_session: Any) -> None:
    code = new_member()
    new_member("other@example.org")

    assert set_up(browser, code, email="other@example.org").status_code == 422
    assert set_up(browser, code, email="nobody@example.org").status_code == 422
    assert code not in str([vars(row) for row in db_session.execute(sa.select(SignInCode)).scalars()])


@pytest.mark.parametrize(
    ("passphrase", "words"),
    [
        ("short", "too short"),
        ("a" * 129, "too long"),
        ("password password", "Many people"),
        ("aaaaaaaaaaaaaaaaaaaa", "Many people"),
        ("I am mariam of Hackney", "contains your e-mail address"),
    ],
)
def test_weak_passphrase_is_refused_beside_its_field(
    browser: FlaskClient, db_session: Any, passphrase: str, words: str
) -> None:
    code = new_member("mariam@example.org")

    refused = set_up(browser, code, passphrase, "mariam@example.org")

    assert refused.status_code == 422
    assert words in refused.get_data(as_text=True)
    assert set_up(browser, code, PASSPHRASE, "mariam@example.org").status_code == 200


@pytest.mark.parametrize(
    "passphrase", ["سبعة طيور فوق المدينة", "ü" * 7 + "12345678 abc", "x y z " * 20 + "end"]
)
def test_passphrase_may_have_any_characters(browser: FlaskClient, db_session: Any, passphrase: str) -> None:
    assert set_up(browser, new_member(), passphrase).status_code == 200


def test_address_of_a_group_member_does_not_become_staff(db_session: Any) -> None:
    user: User = UserFactory(email="g@example.org")

    with pytest.raises(AddressTaken):
        new_member("g@example.org")

    assert not user.is_staff
