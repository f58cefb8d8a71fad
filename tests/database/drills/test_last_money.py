"""Several managers award the last money at the same moment, through HTTP, against a real web process.

On one list the version of each line is a second net below the lock. Between two rounds of a call only the
lock on the call is there, so that is where the test shows what happens without it.
"""

from __future__ import annotations

import http.client
import threading
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from urllib.parse import urlencode

import pytest
import sqlalchemy as sa

from fundapp.clock import utcnow
from fundapp.db import db, unit_of_work
from fundapp.models.award import Award, Outcome
from fundapp.models.call import Call
from fundapp.models.user import User
from fundapp.queries.awards import get_board
from fundapp.services.decisions import Choice, decide, take_over_proposal
from fundapp.services.ratification import ratify
from tests.board import (
    CONFIRMED,
    FAIR,
    GOOD,
    call_at_panel,
    manager_of,
    panel_of,
    read_application,
    with_money,
)
from tests.factories import AwardFactory, RoundFactory, days
from tests.ledger import group
from tests.live import LiveSite, live_site
from tests.sign_in import signed_in_client

pytestmark = [pytest.mark.drill, pytest.mark.slow]

BUDGET = 90_000  # one award of 40,000 is signed; one more of 40,000 fits, not two
POT = Decimal(2_760_000)
ALMOST_ALL = 2_610_000  # with 40,000 signed, 110,000 of the pot is free
AT_THE_LOCK = ("-m", "tests.database.drills.web_at_the_lock")


@dataclass(frozen=True)
class Post:
    path: str
    headers: dict[str, str]
    fields: dict[str, str]


@dataclass(frozen=True)
class Result:
    """What browsers were answered, and what has been awarded in the end."""

    statuses: tuple[int, ...]
    awarded: Decimal


def signed_round_with_reserves(call: Call, manager: User, number: int) -> list[str]:
    """Paths that award from the reserve list, one for each group on it."""
    panel = panel_of(call)
    read_application(panel, GOOD)
    waiting = [read_application(panel, FAIR) for _each in range(number)]
    round_ = call.rounds[0]
    take_over_proposal(round_, actor=manager, now=utcnow())
    for application in waiting:
        line = get_board(round_, reader=manager).line_of(application.id)
        assert line is not None
        assert line.decision is not None
        reserve = Choice(Outcome.RESERVE, reason="Next in line.")
        decide(application, reserve, seen_version=line.decision.version, actor=manager, now=utcnow())
    ratify(round_, actor=manager, now=utcnow())
    return [f"/en/fund/applications/{each.id}/award-from-reserve" for each in waiting]


def posts_for_one_list(site: LiveSite, number: int) -> list[Post]:
    """Each manager awards to another group of the same reserve list; the money is enough for one."""
    with unit_of_work():
        call = with_money(call_at_panel(), round_1=BUDGET)
        managers = [manager_of(call) for _each in range(number)]
        paths = signed_round_with_reserves(call, managers[0], number)
        return [
            Post(path, headers_of(site, manager), {"amount": ""})
            for path, manager in zip(paths, managers, strict=True)
        ]


def posts_for_two_rounds(site: LiveSite) -> list[Post]:
    """One manager awards 40,000 from the first round's reserve list, one signs 80,000 in the second round."""
    with unit_of_work():
        call = with_money(call_at_panel(), round_1=2_700_000)
        first, second = manager_of(call), manager_of(call)
        (path,) = signed_round_with_reserves(call, first, 1)
        AwardFactory(
            application__call=call,
            application__organisation=group(call, CONFIRMED, migrant=CONFIRMED),
            application__strand_code="C",
            amount=Decimal(ALMOST_ALL),
        )
        round_2 = RoundFactory(call=call, code="2", starts=days(-100))
        db.session.expire(call, ["rounds"])
        application = read_application(panel_of(call, round_2), GOOD, pounds=80_000)
        decide(
            application, Choice(Outcome.AWARD, reason="The best."), seen_version=0, actor=second, now=utcnow()
        )
        return [
            Post(path, headers_of(site, first), {"amount": ""}),
            Post(
                f"/en/fund/rounds/{round_2.id}/ratification",
                headers_of(site, second),
                {"is_checked": "yes"},
            ),
        ]


def headers_of(site: LiveSite, manager: User) -> dict[str, str]:
    client = signed_in_client(site.app, manager)
    cookie = client.get_cookie(site.app.config["SETTINGS"].cookie_name)
    assert cookie is not None
    return site.request_headers(f"{cookie.key}={cookie.value}") | {
        "X-CSRFToken": client.environ_base["HTTP_X_CSRFTOKEN"],
        "Content-Type": "application/x-www-form-urlencoded",
    }


def all_at_once(site: LiveSite, posts: list[Post]) -> Result:
    statuses: list[int] = []
    start = threading.Barrier(len(posts))

    def send(post: Post) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=30)
        connection.connect()
        start.wait()
        connection.request("POST", post.path, urlencode(post.fields), post.headers)
        statuses.append(connection.getresponse().status)

    threads = [threading.Thread(target=send, args=(post,)) for post in posts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    db.session.rollback()
    awarded = db.session.execute(sa.select(sa.func.sum(Award.amount))).scalar_one()
    return Result(tuple(statuses), awarded)


@pytest.mark.parametrize("managers", [2, 6])
def test_last_money_of_a_list_is_awarded_once(engine_name: str, tmp_path: Path, managers: int) -> None:
    with live_site(engine_name, tmp_path) as site:
        posts = posts_for_one_list(site, managers)
        site.start()

        result = all_at_once(site, posts)

        assert sorted(result.statuses) == [303, *[409] * (managers - 1)]
        assert result.awarded == Decimal(80_000)


def test_last_money_of_a_call_is_awarded_once(engine_name: str, tmp_path: Path) -> None:
    """Both requests meet right at the lock, and only one gets through."""
    with live_site(engine_name, tmp_path) as site:
        posts = posts_for_two_rounds(site)
        site.command = AT_THE_LOCK
        site.start()

        result = all_at_once(site, posts)

        assert sorted(result.statuses) == [303, 409]
        assert result.awarded <= POT


def test_without_the_lock_the_same_two_managers_do_harm(engine_name: str, tmp_path: Path) -> None:
    """PostgreSQL overspends the pot; SQLite saves itself, but one manager gets an error page."""
    with live_site(engine_name, tmp_path) as site:
        posts = posts_for_two_rounds(site)
        site.command = (*AT_THE_LOCK, "--without-lock")
        site.start()

        result = all_at_once(site, posts)

        if engine_name == "postgresql":
            assert result == Result((303, 303), POT + 10_000)
        else:
            assert sorted(result.statuses) == [303, 503]
