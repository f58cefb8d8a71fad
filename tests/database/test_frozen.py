"""Once a call is published, no statement of SQL and no service changes what it says or its dates."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fundapp.call_file import reference_call, with_code
from fundapp.db import db
from fundapp.errors import FundError
from fundapp.models.application import Application
from fundapp.models.call import Call, CallVersion, Round
from fundapp.models.thread import PromiseKind
from fundapp.services.call_drafts import change_part, remove_part
from fundapp.services.calls import (
    archive_call,
    close_call,
    import_call,
    open_call,
    publish_call,
    replace_content,
)
from fundapp.services.promises import set_new_date
from tests.factories import ApplicationFactory, CallFactory, FundFactory, UserFactory, days, now
from tests.published import published_with

pytestmark = pytest.mark.usefixtures("db_session")

VERSION, ROUND = CallVersion.__table__, Round.__table__
FROZEN: tuple[tuple[Any, str], ...] = tuple(
    (column, column.table.name)
    for table in (VERSION, ROUND)
    for column in table.columns
    if column.name not in ("created_at", "new_dates") or table is VERSION
)


def stored(call_id: object) -> list[object]:
    """Everything that is frozen, as it lies in the database."""
    tables = [[column for column, name in FROZEN if name == table.name] for table in (VERSION, ROUND)]
    return [
        tuple(row)
        for columns in tables
        for row in db.session.execute(
            sa.select(*columns).where(columns[0].table.c.call_id == call_id).order_by(columns[0])
        )
    ]


def refused(statement: sa.Executable) -> bool:
    """Whether the database says no; nothing of it stays in any case."""
    savepoint = db.session.begin_nested()
    try:
        db.session.execute(statement)
    except sa.exc.IntegrityError:
        return True
    finally:
        savepoint.rollback()
    return False


def other_value(column: Any, row: Any) -> object:
    value = row[column.name]
    if column.name in ("id", "call_id"):
        return CallFactory().id if column.name == "call_id" else uuid4()
    if isinstance(value, dict):
        return value | {"title": {"en": "Another call"}}
    if isinstance(value, int):
        return value + 1
    if isinstance(value, str):
        return f"x{value[1:]}"
    return value + timedelta(minutes=1)


@pytest.mark.parametrize(("column", "table"), FROZEN, ids=lambda each: str(each))
def test_no_column_of_a_published_call_can_be_changed(column: Any, table: str) -> None:
    row = db.session.execute(sa.select(column.table).where(column.table.c.call_id == CallFactory().id)).one()
    this = column.table.c.id == row.id

    assert refused(sa.update(column.table).where(this).values({column: other_value(column, row._mapping)}))
    assert refused(sa.update(column.table).values({column: other_value(column, row._mapping)})), "or of all"


def test_nothing_published_can_be_deleted_or_emptied(engine_name: str) -> None:
    call = CallFactory()

    assert refused(sa.delete(VERSION).where(VERSION.c.call_id == call.id))
    assert refused(sa.delete(ROUND).where(ROUND.c.call_id == call.id))
    assert refused(sa.delete(Call).where(Call.id == call.id))
    if engine_name == "postgresql":
        assert refused(sa.text("TRUNCATE call_version CASCADE"))
        assert refused(sa.text("TRUNCATE round CASCADE"))
        assert refused(sa.text("TRUNCATE call CASCADE"))


def row_of(table: Any, call: Call) -> dict[str, Any]:
    found = db.session.execute(sa.select(table).where(table.c.call_id == call.id)).first()
    assert found is not None
    return dict(found._mapping)


def test_nothing_takes_the_place_of_what_was_published(engine_name: str) -> None:
    call, draft = CallFactory(), CallFactory()
    published_with(draft, frozen=False)

    for table, more in ((VERSION, {"number": 2, "frozen_at": None}), (ROUND, {"code": "9"})):
        published, own = row_of(table, call), row_of(table, draft)
        assert refused(sa.insert(table).values(published | {"id": uuid4()} | more)), "a newer one"
        assert refused(sa.update(table).where(table.c.id == own["id"]).values(call_id=call.id, **more))
        if engine_name == "sqlite":
            for row in (published, published | {"call_id": draft.id} | more):
                assert refused(sa.insert(table).prefix_with("OR REPLACE").values(row))
            moved = sa.update(table).prefix_with("OR REPLACE").where(table.c.id == own["id"])
            assert refused(moved.values(id=published["id"]))


def test_application_keeps_the_words_its_group_saw() -> None:
    application, other = ApplicationFactory(), CallFactory()
    change = sa.update(Application).where(Application.id == application.id)

    assert refused(change.values(call_version_id=other.versions[-1].id))
    assert not refused(change.values(call_version_id=application.call_version_id, strand_code="B"))
    assert not refused(sa.delete(Application).where(Application.id == application.id))


def test_before_publishing_everything_can_be_changed_and_deleted() -> None:
    call, published = CallFactory(), CallFactory()
    published_with(call, frozen=False)
    before = stored(published.id)

    for table, values in ((VERSION, {"content": {}, "digest": "x"}), (ROUND, {"told_at": days(99)})):
        mine = table.c.call_id == call.id
        assert not refused(sa.update(table).where(mine).values(values))
        assert not refused(sa.delete(table).where(mine))
    assert not refused(sa.insert(ROUND).values(row_of(ROUND, call) | {"id": uuid4(), "code": "2"}))
    assert stored(published.id) == before


def test_promised_days_can_still_be_moved_with_a_reason() -> None:
    call = CallFactory()

    assert not refused(
        sa.update(ROUND).where(ROUND.c.call_id == call.id).values(new_dates={"everybody_told": {"day": "x"}})
    )


STATEMENTS = st.tuples(
    st.sampled_from(["update", "delete", "insert"]),
    st.sampled_from(FROZEN),
    st.booleans(),
)
STEPS = st.sampled_from(["words", "weight", "question", "file", "open", "close", "archive", "new date"])


def by_sql(call: Call, what: str, column: Any, is_for_all: bool) -> bool:
    table = column.table
    here, row = sa.true() if is_for_all else table.c.call_id == call.id, row_of(table, call)
    if what == "insert":
        new = row | {"id": uuid4()} | ({"code": "9"} if table is ROUND else {"number": 9})
        return refused(sa.insert(table).values(new))
    if what == "delete":
        return refused(sa.delete(table).where(here))
    return refused(sa.update(table).where(here).values({column: other_value(column, row)}))


def by_service(call: Call, step: str) -> None:
    who: dict[str, Any] = {"actor": UserFactory(), "now": now()}
    parts = {"words": ("strand:A", "name"), "weight": ("criterion:C1", "weight")}
    if step in parts:
        change_part(call, *parts[step], "other", **who)
    elif step == "question":
        remove_part(call, "question:Q1", **who)
    elif step == "file":
        replace_content(call, with_code(reference_call(), call.code), **who)
    elif step == "new date":
        tomorrow = days(1).date()
        set_new_date(call.rounds[0], PromiseKind.EVERYBODY_TOLD, tomorrow, reason="The chair is ill.", **who)
    else:
        {"open": open_call, "close": close_call, "archive": archive_call}[step](call, **who)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.one_of(STATEMENTS, STEPS), min_size=1, max_size=8))
def test_no_order_of_services_and_statements_changes_a_published_call(
    db_session: Any, tries: list[Any]
) -> None:
    call = import_call(
        with_code(reference_call(), f"C{uuid4().hex[:8]}"), fund=FundFactory(), actor=None, now=now()
    )
    publish_call(call, actor=UserFactory(), now=now())
    db.session.flush()
    before = stored(call.id)

    for one in tries:
        if isinstance(one, str):
            with suppress(FundError):
                by_service(call, one)
        else:
            what, (column, _table), is_for_all = one
            assert by_sql(call, what, column, is_for_all), one
        db.session.flush()
        assert stored(call.id) == before
