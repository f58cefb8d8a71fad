"""How long it took and who runs the group: counted, once, and without any way back to who said it."""

from __future__ import annotations

import re
from itertools import permutations
from typing import Any

import pytest
import sqlalchemy as sa

from fundapp.db import Base, db
from fundapp.models.application import Application, ApplicationStage
from fundapp.models.tally import MORE, SpentTicket, Tally
from fundapp.queries.tallies import Middle, list_told
from fundapp.services.tallies import TicketSpent, count_answers
from tests.factories import ApplicationFactory, CallFactory, FundRoleFactory, OrganisationMemberFactory

STAGE = ApplicationStage.FULL
OURS = ("tally", "spent_ticket")


@pytest.fixture
def application(db_session):
    return ApplicationFactory(submitted=True)


@pytest.fixture
def browser(application, client_for):
    return client_for(OrganisationMemberFactory(organisation=application.organisation).user)


def tickets_on(browser: Any, application: Application) -> list[str]:
    page = browser.get(f"/en/applications/{application.id}/receipt")
    return re.findall(r'href="(/en/after-sending/[^"]+)"', page.text)


def counted() -> dict[tuple[str, str], int]:
    rows = db.session.execute(sa.select(Tally.topic, Tally.choice, Tally.number).where(Tally.number > 0))
    return {(topic, choice): number for topic, choice, number in rows}


def everything(but: tuple[str, ...]) -> dict[str, list[tuple[Any, ...]]]:
    return {
        table.name: sorted(map(repr, db.session.execute(sa.select(table)).all()))  # type: ignore[type-var]
        for table in Base.metadata.sorted_tables
        if table.name not in but
    }


def test_answers_are_counted_in_bands_and_given_once(application, browser):
    time, equality = tickets_on(browser, application)

    for _press in range(3):
        browser.post(time, data={"minutes": "٤٠٠", "people": "3"})
    browser.post(equality, data={"women": "all", "disabled": "some", "lgbt": "rather_not"})

    assert counted() == {
        ("minutes", "480"): 1,
        ("people", "3"): 1,
        ("women", "all"): 1,
        ("disabled", "some"): 1,
    }
    assert "Thank you. You have answered this." in browser.get(time).text


def test_other_members_of_the_group_hold_the_same_ticket(application, browser, client_for):
    other = client_for(OrganisationMemberFactory(organisation=application.organisation).user)

    assert tickets_on(browser, application) == tickets_on(other, application)


@pytest.mark.parametrize("number", ["-1", str(2**70), "many"])
def test_what_is_no_number_comes_back_with_a_message(application, browser, number):
    time, _equality = tickets_on(browser, application)

    page = browser.post(time, data={"minutes": number})

    assert page.status_code == 422
    assert f'value="{number}"' in page.text
    assert counted() == {}


def test_empty_sheet_spends_no_ticket(application, browser):
    _time, equality = tickets_on(browser, application)

    page = browser.post(equality, data={"women": "rather_not"})

    assert page.status_code == 422
    assert db.session.execute(sa.select(SpentTicket)).all() == []


def test_ticket_that_is_not_ours_opens_nothing(application, browser):
    time, _equality = tickets_on(browser, application)

    for text in (f"{time[:-3]}abc", "/en/after-sending/x", f"{time}x"):
        assert browser.get(text).status_code == 404


def test_ticket_works_in_a_browser_nobody_has_signed_in_with(application, browser, client_for, app):
    time, _equality = tickets_on(browser, application)

    assert app.test_client().get(time).status_code == 200


def test_nothing_else_in_the_database_changes(application, browser):
    time, equality = tickets_on(browser, application)
    browser.get(time)
    before = everything(but=OURS)

    browser.post(time, data={"minutes": "90", "people": "2"})
    browser.post(equality, data={"women": "all"})

    assert everything(but=OURS) == before


def test_store_has_no_column_that_could_lead_back(db_session):
    tally, spent = Tally.__table__, SpentTicket.__table__

    assert {column.name: str(column.type) for column in tally.columns} == {
        "round_id": "CHAR(32)",
        "stage": "VARCHAR(40)",
        "topic": "VARCHAR(40)",
        "choice": "VARCHAR(20)",
        "number": "INTEGER",
    }
    assert [column.name for column in spent.columns] == ["digest"]
    assert {key.target_fullname for key in tally.foreign_keys | spent.foreign_keys} == {"round.id"}
    assert [
        each
        for table in (tally, spent)
        for each in table.columns
        if each.default and each.default.is_sequence
    ] == []


def test_store_keeps_no_order_not_even_the_engines_own(application, browser, engine_name):
    """SQLite: no rowid. PostgreSQL: no sequence, and every count of the round carries the newest change."""
    for press, data in enumerate(({"women": "all"}, {"migrants": "half"}, {"women": "none"})):
        count_answers(application.round_id, STAGE, data, ticket_digest=f"{press}" * 64)
    db.session.flush()

    if engine_name == "sqlite":
        for table in OURS:
            with pytest.raises(sa.exc.OperationalError), db.session.begin_nested():
                db.session.execute(sa.text(f"SELECT rowid FROM {table}"))
    else:
        marks = sa.text("SELECT count(DISTINCT xmin::text), count(DISTINCT cmin::text) FROM tally")
        assert db.session.execute(marks).one() == (1, 1)
        owned = sa.text(
            "SELECT count(*) FROM pg_class s JOIN pg_depend d ON d.objid = s.oid JOIN pg_class t"
            " ON t.oid = d.refobjid WHERE s.relkind = 'S' AND t.relname IN ('tally', 'spent_ticket')"
        )
        assert db.session.execute(owned).scalar_one() == 0


def test_store_is_the_same_whoever_answered_first(db_session):
    answers = ({"women": "all", "minutes": "60"}, {"women": "none"}, {"women": "all", "lgbt": "some"})
    stores = []
    for number, order in enumerate(permutations(range(3))):
        round_id = CallFactory().rounds[0].id
        for place in order:
            count_answers(round_id, STAGE, answers[place], ticket_digest=f"{number}{place}" * 32)
        rows = db.session.execute(
            sa.select(Tally.topic, Tally.choice, Tally.number).where(Tally.round_id == round_id)
        )
        stores.append(
            [tuple(row) for row in rows] if db.engine.dialect.name == "sqlite" else sorted(rows.all())
        )

    assert all(store == stores[0] for store in stores)


def test_spent_ticket_counts_nothing(application):
    count_answers(application.round_id, STAGE, {"women": "all"}, ticket_digest="d" * 64)

    with pytest.raises(TicketSpent):
        count_answers(application.round_id, STAGE, {"women": "all"}, ticket_digest="d" * 64)

    assert counted() == {("women", "all"): 1}


def answered(application: Application, *choices: dict[str, str]) -> None:
    for place, each in enumerate(choices):
        count_answers(application.round_id, STAGE, each, ticket_digest=f"{place:064}")


def told_in_full(application: Application) -> Any:
    return next(each for each in list_told(application.round_id) if each.stage is STAGE)


def test_nothing_is_shown_of_five_answers(application):
    answered(application, *[{"women": "all", "minutes": "60", "people": "2"}] * 5)

    told = told_in_full(application)

    assert (told.minutes, told.people, told.equality) == (None, None, ())


def test_six_answers_show_and_small_counts_stay_hidden(application):
    answered(application, *[{"women": "all", "minutes": "60"}] * 5, {"women": "half", "minutes": MORE})

    told = told_in_full(application)

    assert (told.minutes, told.people) == (Middle(60), None)
    [women] = told.equality
    assert women.counts == {"none": None, "some": None, "half": None, "most": None, "all": 5}


def test_fund_sees_the_counts_of_its_round(application, client_for):
    answered(application, *[{"women": "all", "minutes": "60"}] * 6)
    browser = client_for(FundRoleFactory(fund=application.call.fund).user)

    page = browser.get(f"/en/fund/rounds/{application.round_id}/told-us")

    assert "60 minutes" in page.text
    assert "under 5" in page.text
