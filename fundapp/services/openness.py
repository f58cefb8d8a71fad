"""Publishing how a call went: by itself, the morning after everybody was told, and again each quarter."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from fundapp.db import Json, db, lock_row
from fundapp.models.call import Call
from fundapp.models.published_figures import PublishedFigures
from fundapp.queries.calls import current_version, definition_of
from fundapp.queries.open_data import withheld
from fundapp.queries.openness import figures_of, find_published_figures, list_calls_with_figures
from fundapp.services.events import record

AGAIN_AFTER = timedelta(days=90)  # seldom, so that no two versions differ by one group


def publish_all_figures(*, now: datetime) -> None:
    for call in list_calls_with_figures():
        publish_figures(call, now=now)


def publish_figures(call: Call, *, now: datetime) -> PublishedFigures | None:
    """The new ones; None where those of an earlier day still stand or nothing can be published yet.

    A group that has asked meanwhile not to be named, or is named now, changes the figures at once.
    """
    day = now.astimezone(definition_of(current_version(call)).zone).date()
    lock_row(Call, call.id)
    last = find_published_figures(call)
    if last is not None and (last.on_day >= day or not _is_over(last, call, day)):
        return None
    content = figures_of(call, day)
    if content is None:
        return None
    made = PublishedFigures(call=call, on_day=day, content=content)
    db.session.add(made)
    record(call, "publish_figures", actor=None, now=now, details={"day": day.isoformat()})
    return made


def _is_over(last: PublishedFigures, call: Call, day: date) -> bool:
    hidden = withheld(call, day)
    money: Json = last.content["money"]
    is_old = last.on_day + AGAIN_AFTER <= day
    return is_old or (hidden.number, f"{hidden.amount:.2f}") != (money["withheld_grants"], money["withheld"])
