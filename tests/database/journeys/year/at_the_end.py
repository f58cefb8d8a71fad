"""Last part: grants are closed, everything adds up, and what everybody can read says the same."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import sqlalchemy as sa

from fundapp.lifecycles import AwardStatus
from fundapp.models.award import Award, Clawback, Instalment
from fundapp.models.message import OutboxJob
from fundapp.models.monitoring import CheckIn
from fundapp.models.payment_batch import PaymentBatch
from tests.database.journeys.world import CALL
from tests.database.journeys.year.bank import Bank
from tests.database.journeys.year.desk import Year
from tests.database.journeys.year.figures import everything_fits_together, figures_are_right
from tests.database.journeys.year.plan import EVERYBODY, WITHDRAWS
from tests.standard_360 import problems

SCRIPT = Path(__file__).parents[3] / "independent" / "recompute_openness.py"
TEXTS = {"title": "Two years of work", "summary": "Women meet and decide.", "decision": "publish"}
DAMAGED = ("held", "planned", "offered", "missed_rearranged")


def grants_are_closed(year: Year) -> int:
    """Every grant whose payments are made and whose conversations are answered. How many."""
    manager = year.of_fund("manager")
    talks = sa.select(CheckIn.id).where(CheckIn.award_id == Award.id, CheckIn.status.in_(DAMAGED))
    unpaid = sa.select(Instalment.id).where(
        Instalment.award_id == Award.id, Instalment.status.not_in(("paid", "cancelled"))
    )
    query = sa.select(Award.id).where(Award.status == "active", ~talks.exists(), ~unpaid.exists())
    ready = year.rows(query)
    for (award,) in ready:
        manager.press(f"/fund/awards/{award}/closing")
        manager.press(f"/fund/awards/{award}/complete")
    if ready:
        figures_are_right(year)
    return len(ready)


def a_grant_that_is_not_settled_stays_open(year: Year, name: str) -> None:
    manager = year.of_fund("manager")
    manager.press(f"/fund/awards/{year.awards[name]}/complete", status=409)


def every_grant_adds_up_to_the_penny(year: Year, bank: Bank) -> None:
    """Paid and never paid are what was agreed; paid at the bank is paid here; nothing was paid twice."""
    query = sa.select(Instalment.award_id, Instalment.status, Instalment.amount)
    sums: dict[object, dict[str, int]] = {}
    for award, status, amount in year.rows(query):
        one = sums.setdefault(award, {})
        one[status.value] = one.get(status.value, 0) + int(amount * 100)  # type: ignore[attr-defined]
    agreed = {award: int(amount * 100) for award, amount in year.rows(sa.select(Award.id, Award.amount))}
    assert {award: sum(one.values()) for award, one in sums.items()} == agreed
    assert {frozenset(one) for award, one in sums.items() if award != year.awards[WITHDRAWS.name]} == {
        frozenset({"paid"})
    }
    account = {group.name: "".join(group.numbers.values()) for group in EVERYBODY}
    assert {award: one["paid"] for award, one in sums.items()} == {
        year.awards[name]: bank.accounts[account[name]] for name in year.awards
    }
    back = dict(year.rows(sa.select(Clawback.award_id, Clawback.received)))
    assert dict(year.rows(sa.select(Clawback.award_id, Clawback.amount))) == back
    assert {award: int(amount * 100) for award, amount in back.items()} == {
        year.awards[name]: entry.came_back for name, entry in year.book.entries.items() if entry.came_back
    }
    paid = sum(one["paid"] for one in sums.values())
    kept = sum(entry.agreed for name, entry in year.book.entries.items() if name != WITHDRAWS.name)
    gone, came_back = year.book.entries[WITHDRAWS.name], int(sum(back.values()) * 100)
    assert paid - came_back == kept + sum(gone.paid) - came_back == year.book.live
    totals = sum(int(total * 100) for (total,) in year.rows(sa.select(PaymentBatch.total)))
    assert totals == paid + sum(one.pence for one in bank.sent_back)
    statuses = [status for (status,) in year.rows(sa.select(Award.status))]
    assert statuses.count(AwardStatus.COMPLETED) == len(statuses) - 1


def everybody_can_work_it_out_again(year: Year, folder: Path) -> None:
    """Each grant is read once more and published; then a stranger's script finds the same sums."""
    manager = year.of_fund("manager")
    for award in year.awards.values():
        manager.press(f"/fund/awards/{award}/open-data", TEXTS)
    year.day("2030-10-07")  # the figures are published anew each quarter
    desk = year.visitor()
    desk.open(desk.at(f"/calls/{CALL}/openness"))
    files = {}
    for name in ("DGF-2027/figures.json", "DGF-2027.json", "DGF-2027/figures.csv"):
        file = folder / name.replace("/", "-")
        file.write_bytes(year.public_file(f"/open-data/{name}"))
        files[name] = file.name
    package = json.loads((folder / "DGF-2027.json").read_text(encoding="utf-8"))
    assert len(package["grants"]) == len(year.awards)
    assert problems(package) == [], problems(package)
    done = subprocess.run(
        [sys.executable, "-I", str(SCRIPT), *files.values()],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", ""), done.stdout + done.stderr


def the_record_is_whole(year: Year) -> None:
    year.world.deliver_mail()
    unfinished = sa.select(OutboxJob.kind, OutboxJob.last_error).where(OutboxJob.done_at.is_(None))
    assert year.rows(unfinished) == []
    everything_fits_together(year)
