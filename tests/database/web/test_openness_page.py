"""How a call went, on a page for everybody, as files, and worked out again by somebody else."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import brotli
import pytest

from fundapp.clock import utcnow
from fundapp.db import unit_of_work
from fundapp.lifecycles import AwardStatus, CallStatus
from fundapp.models.award import Award
from fundapp.services.openness import publish_figures
from tests.a_told_call import SECRET, ask, told_call
from tests.factories import CallFactory, OrganisationFactory, RatificationFactory

SCRIPT = Path(__file__).parents[2] / "independent" / "recompute_openness.py"
LANGUAGES = ("en", "es", "ar", "uk")


@pytest.fixture
def call(db_session):
    call = told_call()
    with unit_of_work():
        publish_figures(call, now=utcnow())
    return call


def page_of(client, call, language="en"):
    return client.get(f"/{language}/calls/{call.code}/openness")


def words(page) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page.text).split())


def recompute(folder: Path, figures, grants, table: str) -> subprocess.CompletedProcess[str]:
    files = {"figures.json": json.dumps(figures), "grants.json": json.dumps(grants), "figures.csv": table}
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    command = [sys.executable, "-I", str(SCRIPT), *files]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def files_of(client, call):
    base = f"/open-data/{call.code}"
    return (
        client.get(f"{base}/figures.json").get_json(),
        client.get(f"{base}.json").get_json(),
        client.get(f"{base}/figures.csv").text,
    )


def test_page_says_who_got_what_and_what_it_cost(client, call):
    text = words(page_of(client, call))

    assert "1 grant of \u2066£12,345\u2069 in all is withheld for safety" in text
    assert "Hackney 12 7 £210,147" in text
    assert "All others together 17 6 £162,387" in text
    assert "All together 451 £7,409.29" in text
    assert SECRET not in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_page_is_light_and_asks_the_database_little_in_every_language(client, call, language, count_queries):
    page_of(client, call, language)
    with count_queries() as queries:
        page = page_of(client, call, language)

    assert page.status_code == 200
    assert len(brotli.compress(page.data)) <= 10_000
    assert queries.number <= 6


def test_call_in_which_nobody_got_a_grant_has_figures_too(client, db_session):
    call = CallFactory(closed=True, status=CallStatus.DECIDED)
    RatificationFactory(round=call.rounds[0], released=True)
    for _group in range(6):
        ask(call, OrganisationFactory(), amount=None)
    with unit_of_work():
        publish_figures(call, now=utcnow())

    page = page_of(client, call)

    assert page.status_code == 200
    assert "A day of 7 hours costs" in words(page)
    assert not re.search(r"None|of the money given|the average here", words(page))


def test_results_lead_to_the_figures_once_there_are_any(client, call):
    link = f'href="/en/calls/{call.code}/openness"'
    assert link in client.get(f"/en/calls/{call.code}/results").text

    other = told_call(code="OTHER")

    assert f"{other.code}/openness" not in client.get(f"/en/calls/{other.code}/results").text
    assert page_of(client, other).status_code == 404
    assert client.get(f"/open-data/{other.code}/figures.csv").status_code == 404


def test_results_and_figures_count_the_same_grants_also_those_that_ended_early(client, call, db_session):
    ended = db_session.query(Award).filter(Award.amount == 30_000).first()
    ended.status = AwardStatus.TERMINATED
    with unit_of_work():
        publish_figures(call, now=utcnow())

    money = files_of(client, call)[0]["money"]
    results = words(client.get(f"/en/calls/{call.code}/results"))

    assert f"{money['grants']} grants £{Decimal(money['awarded']):,.0f} given in all" in results
    assert ended.organisation.name in results


def test_figures_of_a_hidden_call_are_not_found(client, db_session):
    hidden = CallFactory(status="draft")

    for path in (f"/en/calls/{hidden.code}/openness", f"/open-data/{hidden.code}/figures.json"):
        assert client.get(path).status_code == 404


def test_somebody_else_works_out_the_same_figures(client, call, tmp_path):
    done = recompute(tmp_path, *files_of(client, call))

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.parametrize(
    "change",
    [
        lambda figures, grants: figures["money"].update(awarded="1.00"),
        lambda figures, grants: figures["burden"].update(cost="7410.29"),
        lambda figures, grants: figures["burden"].update(net_of_all="0.00"),
        lambda figures, grants: figures["groups"].update(percent_of_full="48.5"),
        lambda figures, grants: figures["communities"][0].update(amount="1.00"),
        lambda figures, grants: figures["boroughs"][0].update(amount="210148.00"),
        lambda figures, grants: figures["boroughs"][0].update(funded=3),
        lambda figures, grants: figures["ring_fences"][0].update(required="1800001.00"),
        lambda figures, grants: grants["grants"].pop(),
        lambda figures, grants: grants["grants"][0].update(amountAwarded=1),
    ],
)
def test_whoever_works_them_out_again_finds_a_pound_that_is_wrong(client, call, tmp_path, change):
    figures, grants, table = files_of(client, call)
    change(figures, grants)

    done = recompute(tmp_path, figures, grants, table)

    assert done.returncode == 1
    assert "published" in done.stdout or "under five" in done.stdout


def test_script_shares_no_code_with_fundapp():
    imported = set(re.findall(r"^(?:from|import) (\w+)", SCRIPT.read_text(encoding="utf-8"), re.M))

    assert imported <= set(sys.stdlib_module_names)


def test_results_hide_what_the_figures_hide(client, db_session):
    call = CallFactory(closed=True, status="decided")
    RatificationFactory(round=call.rounds[0], released=True)
    for number in range(12):
        ask(call, OrganisationFactory(), amount=Decimal(5000) if number < 10 else None)

    text = words(client.get(f"/en/calls/{call.code}/results"))

    assert "A grant 10 All others together not shown" in text
    assert "Full applications not shown" in text
    assert "expression of interest" not in text
    assert "83%" not in text
