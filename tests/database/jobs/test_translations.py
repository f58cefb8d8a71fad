"""Texts from a machine: a LibreTranslate-compatible server, asked by the worker, and what it never writes."""

from __future__ import annotations

import dataclasses
import socket

import pytest
import sqlalchemy as sa
from flask import current_app

from fundapp.call_file.shipped import reference_call
from fundapp.clock import utcnow
from fundapp.db import db
from fundapp.jobs.run import sweep
from fundapp.jobs.translations import MachineSaysNo, translate_texts
from fundapp.machine_translation import LibreTranslate, MachineAway, MachineRefused, machine_of
from fundapp.models.message import OutboxJob
from fundapp.queries.text_desk import Standing, find_machine_job, list_lines, list_rows
from fundapp.services.calls import import_call
from fundapp.services.machine_texts import AT_ONCE, ask_machine, keep_machine_texts
from fundapp.services.text_desk import NewText, save_text
from fundapp.settings import problems
from tests.database.jobs.libretranslate import libretranslate
from tests.factories import FundFactory, UserFactory

pytestmark = pytest.mark.usefixtures("db_session")


@pytest.fixture
def call(db_session):
    call = import_call(reference_call(), fund=FundFactory(), actor=None, now=utcnow())
    db.session.flush()
    return call


@pytest.fixture
def use(monkeypatch: pytest.MonkeyPatch):
    def use(url: str, key: str = "") -> None:
        settings = dataclasses.replace(current_app.config["SETTINGS"], translate_url=url, translate_key=key)
        monkeypatch.setitem(current_app.config, "SETTINGS", settings)

    return use


def arguments(call, language="so"):
    return {"call_id": str(call.id), "language": language}


def test_nothing_is_asked_unless_an_address_is_set(call):
    assert machine_of(current_app.config["SETTINGS"]) is None

    translate_texts(arguments(call))()

    assert list_rows(call) == []


def test_the_worker_fills_what_is_missing_and_marks_it(call, use):
    with libretranslate(key="secret") as stub:
        use(stub.url, "secret")
        ask_machine(call, "so", actor=UserFactory(), now=utcnow())
        db.session.flush()
        for _turn in range(40):
            if not sweep():
                break

    lines = list_lines(call, "so")
    assert {line.standing for line in lines if not line.unit.is_sensitive} == {Standing.MACHINE}
    assert {line.standing for line in lines if line.unit.is_sensitive} == {Standing.MISSING}
    assert {row.made_by for row in list_rows(call)} == {"LibreTranslate"}
    assert max(len(each["q"]) for each in stub.asked) == AT_ONCE
    assert {(each["source"], each["target"], each["format"]) for each in stub.asked} == {("en", "so", "text")}


def test_what_a_person_wrote_meanwhile_stays(call):
    line = next(each for each in list_lines(call, "so") if each.unit.id == "title")
    save_text(call, "so", "title", NewText("Magac", "Amina"), rev=line.rev, actor=UserFactory(), now=utcnow())

    made = {"title": (line.unit.source, "[so]"), "gone": ("x", "y"), "purpose": ("other words", "z")}
    assert keep_machine_texts(call, "so", made, by="LibreTranslate", now=utcnow()) == 0
    assert [row.text for row in list_rows(call)] == ["Magac"]


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_busy_or_broken_server_is_asked_again_later(call, use, status):
    with libretranslate(status=status) as stub:
        use(stub.url)
        ask_machine(call, "so", actor=UserFactory(), now=utcnow())
        db.session.flush()
        sweep()

    job = find_machine_job(call, "so")
    assert (job.done_at, job.given_up_at, job.last_error) == (None, None, "MachineAway")
    assert list_rows(call) == []


def test_a_wrong_key_or_an_unknown_language_is_given_up_at_once(call, use):
    with libretranslate(key="secret") as stub:
        use(stub.url, "wrong")
        for language in ("so", "ti"):
            ask_machine(call, language, actor=UserFactory(), now=utcnow())
        db.session.flush()
        sweep()

    errors = db.session.execute(sa.select(OutboxJob.last_error).where(OutboxJob.given_up_at.is_not(None)))
    assert list(errors.scalars()) == ["MachineSaysNo", "MachineSaysNo"]


def test_a_wrong_key_is_said_by_the_job_itself(call, use):
    with libretranslate(key="secret") as stub:
        use(stub.url, "wrong")
        with pytest.raises(MachineSaysNo):
            translate_texts(arguments(call))


def test_a_slow_server_is_not_waited_for():
    with libretranslate(waits=1.0) as stub, pytest.raises(MachineAway):
        LibreTranslate(stub.url, seconds=0.2).translate(["a"], "en", "so")


def test_nobody_there_is_said_as_such():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    with pytest.raises(MachineAway):
        LibreTranslate(f"http://127.0.0.1:{port}", seconds=1).translate(["a"], "en", "so")


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"<html>",
        b"[]",
        b"{}",
        b'{"translatedText": "one"}',
        b'{"translatedText": []}',
        b'{"translatedText": [3]}',
    ],
)
def test_another_answer_is_refused(raw):
    with libretranslate(raw=raw) as stub, pytest.raises(MachineRefused):
        LibreTranslate(stub.url).translate(["a"], "en", "so")


def test_a_redirection_is_not_followed():
    with libretranslate(status=302) as stub, pytest.raises(MachineRefused):
        LibreTranslate(stub.url, "secret").translate(["a"], "en", "so")


def test_languages_are_named_as_the_server_names_them():
    with libretranslate() as stub:
        machine = LibreTranslate(stub.url)
        assert [machine.can("en", code) for code in ("ar", "zh-Hans", "fa-AF", "kmr")] == [
            True,
            True,
            False,
            False,
        ]
        machine.translate(["a"], "en", "zh-Hans")
    assert stub.asked[0]["target"] == "zh"


@pytest.mark.parametrize(
    ("url", "key", "say"),
    [
        ("", "k", "FUNDAPP_TRANSLATE_KEY is set"),
        ("http://translate.example.org", "", "must begin with https"),
        ("ftp://127.0.0.1", "", "must be the address of a server"),
        ("https://a:b@translate.example.org", "", "must not hold a key"),
        ("https://translate.example.org/?api_key=x", "", "must not hold a key"),
    ],
)
def test_check_deploy_names_unsafe_addresses(url, key, say):
    settings = dataclasses.replace(current_app.config["SETTINGS"], translate_url=url, translate_key=key)

    assert any(say in each for each in problems(settings))


def test_check_deploy_takes_a_safe_address():
    for url in ("https://translate.example.org", "http://127.0.0.1:5000"):
        settings = dataclasses.replace(current_app.config["SETTINGS"], translate_url=url, translate_key="k")
        assert not any("TRANSLATE" in each for each in problems(settings))
