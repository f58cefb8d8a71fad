"""Every kind of question a call can ask: typed, saved, shown again."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from fundapp.db import db
from fundapp.models.application import Answer, Application
from tests.factories import ApplicationFactory, CallFactory, OrganisationMemberFactory
from tests.published import published_with
from tests.reference import reference_content

LANGUAGES = ("en", "es", "ar", "uk")
CHOICES = ("red", "blue")


def localized(text: str) -> dict[str, str]:
    return dict.fromkeys(LANGUAGES, text)


def asked_as(kind: str, key: str = "X1") -> dict[str, Any]:
    """A question of this kind, as data of a call."""
    question: dict[str, Any] = {
        "key": key,
        "kind": kind,
        "label": localized("A question of its own kind"),
        "why_we_ask": localized("To try it."),
    }
    if kind in ("choice", "choices"):
        question["choices"] = [{"key": key, "label": localized(key.title())} for key in CHOICES]
    if kind in ("budget", "shares", "entries"):
        question["max_rows"] = 3
    if kind == "voice":
        question |= {"max_minutes": 2, "max_words": 100}
    if kind == "file":
        question |= {"max_rows": 2, "file_types": ["document", "picture"]}
    if kind == "entries":
        choices = [{"key": key, "label": localized(key.title())} for key in CHOICES]
        question["parts"] = [
            {"key": "name", "kind": "text", "label": localized("First name")},
            {"key": "team", "kind": "choice", "label": localized("Team"), "choices": choices},
            {"key": "since", "kind": "date", "label": localized("Since when"), "optional": True},
        ]
    return question


def application_asking(kind: str, section: int = 0) -> Application:
    """A draft of a call whose first question of a section is of this kind."""
    call = CallFactory()
    form = reference_content(call.code)["form"]
    form["sections"][section]["questions"].insert(0, asked_as(kind))
    published_with(call, form=form)
    return ApplicationFactory(call=call)


TYPED = [
    ("text", {"X1": "Words"}, "Words", "Words"),
    ("voice", {"X1": "Words that were typed"}, "Words that were typed", "Words that were typed"),
    ("choice", {"X1": "blue"}, "blue", "Blue"),
    ("choices", {"X1": ["red", "blue"]}, ["red", "blue"], "Red"),
    ("yes_no", {"X1": "no"}, False, "No"),
    ("number", {"X1": "١٢"}, 12, "12"),
    ("money", {"X1": "2,500.5"}, "2500.50", "£2,500.50"),
    ("date", {"X1-day": "16", "X1-month": "3", "X1-year": "2027"}, "2027-03-16", "16 March 2027"),
    (
        "budget",
        {"X1-0-what": "Rent", "X1-0-amount": "10"},
        [{"what": "Rent", "amount": "10.00"}],
        "£10.00",
    ),
    (
        "shares",
        {"X1-0-partner": "Casa", "X1-0-amount": "10"},
        [{"partner": "Casa", "amount": "10.00"}],
        "Casa",
    ),
    (
        "entries",
        {
            "X1-row": ["0", "4"],
            **{"X1-0-name": "أمينة", "X1-0-team": "blue"},
            **{"X1-4-name": "Omar", "X1-4-team": "red", "X1-4-since-day": "5"},
            **{"X1-4-since-month": "1", "X1-4-since-year": "2020"},
        },
        [{"name": "أمينة", "team": "blue"}, {"name": "Omar", "team": "red", "since": "2020-01-05"}],
        "5 January 2020",
    ),
]


@pytest.mark.parametrize(("kind", "typed", "stored", "shown"), TYPED, ids=[each[0] for each in TYPED])
def test_each_kind_is_saved_and_shown_again(db_session, client_for, kind, typed, stored, shown):
    application = application_asking(kind)
    browser = client_for(OrganisationMemberFactory(organisation=application.organisation).user)
    path = f"/en/applications/{application.id}"
    assert browser.get(f"{path}/questions/X1?write=yes").status_code == 200

    saved = browser.post(
        f"{path}/questions/X1", data=typed | {"rev": "0", "once": "a", "answer_language": "en"}
    )

    assert saved.location == f"{path}/questions/S1"
    assert db.session.execute(sa.select(Answer.value)).scalar_one() == stored
    assert shown in browser.get(f"{path}/check").text
    assert shown in browser.get(f"{path}/copy.txt").text
    assert browser.get(f"{path}/questions/X1").status_code == 200


@pytest.mark.parametrize(
    ("kind", "typed"),
    [
        ("choice", {"X1": "green"}),
        ("choices", {"X1": ["red", "green"]}),
        ("yes_no", {"X1": "perhaps"}),
        ("number", {"X1": "many"}),
        ("number", {"X1": str(2**70)}),
        ("date", {"X1-day": "31", "X1-month": "2", "X1-year": "2027"}),
        ("date", {"X1-day": "1", "X1-month": "1", "X1-year": str(2**70)}),
        ("budget", {"X1-0-what": "Rent", "X1-0-amount": "lots"}),
        ("shares", {"X1-0-partner": "x" * 10_240, "X1-0-amount": "1"}),
        ("entries", {"X1-row": "0", "X1-0-name": "Omar"}),
        ("entries", {"X1-row": "0", "X1-0-name": "x" * 10_240, "X1-0-team": "red"}),
        ("entries", {"X1-row": "0", "X1-0-name": "Omar", "X1-0-team": "green"}),
    ],
)
def test_each_kind_refuses_what_it_cannot_read(db_session, client_for, kind, typed):
    application = application_asking(kind)
    browser = client_for(OrganisationMemberFactory(organisation=application.organisation).user)

    page = browser.post(
        f"/en/applications/{application.id}/questions/X1", data=typed | {"rev": "0", "once": "a"}
    )

    assert page.status_code == 422
    assert "<title>Error:" in page.text
    assert 'href="#X1' in page.text


def test_name_of_a_partner_that_is_too_long_is_not_stored(db_session, client_for):
    application = application_asking("shares")
    browser = client_for(OrganisationMemberFactory(organisation=application.organisation).user)
    typed = {"X1-0-partner": "x" * 201, "X1-0-amount": "1", "rev": "0", "once": "a"}

    page = browser.post(f"/en/applications/{application.id}/questions/X1", data=typed)

    assert page.status_code == 422
    assert "x" * 201 in page.text
    assert db.session.execute(sa.select(sa.func.count(Answer.id))).scalar_one() == 0
