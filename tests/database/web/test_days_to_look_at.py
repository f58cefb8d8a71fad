"""The builder names days of a timetable on which people rest, fast or feast; it never stops anybody."""

from __future__ import annotations

from typing import Any

import pytest

from fundapp.db import db
from fundapp.lifecycles import CallStatus
from fundapp.models.call import Call
from fundapp.queries.readiness import open_matters
from tests.factories import CallFactory, FundRoleFactory
from tests.published import published_with


@pytest.fixture
def role(db_session: Any) -> Any:
    return FundRoleFactory()


@pytest.fixture
def call(role: Any) -> Call:
    """The full application of its first round closes on the second day of Eid al-Adha, a Monday."""
    made: Call = CallFactory(fund=role.fund, status=CallStatus.DRAFT)
    first, *rest = made.versions[-1].content["rounds"]
    steps = [
        step | {"starts": "2027-05-17"} if step["kind"] == "full_closes" else step
        for step in first["timetable"]
    ]
    published_with(made, frozen=False, rounds=[first | {"timetable": steps}, *rest])
    return made


def page_of(client_for: Any, role: Any, call: Call, rest: str, language: str = "en") -> str:
    db.session.commit()
    text: str = client_for(role.user).get(f"/{language}/fund/calls/{call.id}/build{rest}").text
    return text


@pytest.mark.parametrize("rest", ["/part/round/1", "/page/rounds", ""])
def test_day_is_named_where_the_timetable_is_built(role: Any, call: Call, client_for: Any, rest: str) -> None:
    page = page_of(client_for, role, call, rest)

    assert "Look at these days" in page
    assert "17 May 2027: Eid al-Adha</li>" in page
    assert "can be one day earlier or later" in page


@pytest.mark.parametrize(
    ("language", "name"), [("es", "fiesta del sacrificio"), ("ar", "عيد الأضحى"), ("uk", "Ід аль-Адха")]
)
def test_day_is_named_in_the_reader_s_language(
    role: Any, call: Call, client_for: Any, language: str, name: str
) -> None:
    assert name in page_of(client_for, role, call, "/part/round/1", language)


def test_pages_without_a_timetable_name_no_days(role: Any, call: Call, client_for: Any) -> None:
    for rest in ("/page/texts", "/part/question/Q1"):
        assert "Look at these days" not in page_of(client_for, role, call, rest)


def test_days_are_no_matter_that_stops_publishing(call: Call) -> None:
    assert "feast" not in {each.kind for each in open_matters(call)}
    assert not [each for each in open_matters(call) if each.path[:1] == ("rounds",)]
