"""Packs for readers: exactly what may be read, in the reader's language, and nothing once a tie is known."""

from __future__ import annotations

import io
import re
import zipfile
from typing import Any

import pytest
import sqlalchemy as sa

from fundapp.clock import utcnow
from fundapp.db import db
from fundapp.documents.pdf import stylesheet
from fundapp.documents.reading_pack import Pack, pack_as_html, pack_of
from fundapp.jobs.run import sweep
from fundapp.models.application import Clarification
from fundapp.models.event import Event
from fundapp.models.fund import FundRoleKind
from fundapp.models.panel import ConflictOfInterest, Panel, PanelSeat
from fundapp.models.paper import MadePaper, PaperKind
from fundapp.models.translation import AnswerTranslation, ClarificationTranslation, TranslatedBy
from fundapp.queries.papers import pack_recipe
from fundapp.queries.readings import list_readings
from tests.database.web.test_panel_pages import give
from tests.database.web.test_ties_leave_no_trace import Tied
from tests.factories import (
    AnswerFactory,
    AnswerMediaFactory,
    AnswerTranslationFactory,
    ClarificationFactory,
    ConflictFactory,
    FundRoleFactory,
    PanelFactory,
    PanelSeatFactory,
)

ORIGINAL, TRANSLATED = "نلتقي كل يوم أحد.", "We meet every Sunday."


@pytest.fixture
def seat(db_session) -> PanelSeat:
    """With one application to read, and one that a tie closes."""
    seat = PanelSeatFactory(panel=PanelFactory())
    application = give(seat, "Rosa Circle").application
    answer = AnswerFactory(application=application, question_key="Q2", value=ORIGINAL, language="ar")
    AnswerTranslationFactory(answer=answer, language="en", text=TRANSLATED)
    ClarificationFactory(
        application=application, question="Who cooks?", answer="We all do.", answered_at=utcnow()
    )
    closed = give(seat, "Secret Garden").application
    AnswerFactory(application=closed, question_key="Q2", value="A secret answer.")
    ConflictFactory(user=seat.user, call_id=seat.panel.call_id, organisation=closed.organisation)
    return seat


def pack(seat: PanelSeat, language: str = "en") -> Pack:
    return pack_of(seat, language=language, now=utcnow(), hides_names=seat.panel.hides_names(utcnow()))


def plain(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def test_pack_has_what_may_be_read_with_criteria_and_a_blank_sheet_for_each(seat):
    found = plain(pack_as_html(pack(seat)))

    assert [each.name.text for each in pack(seat).applications] == ["Rosa Circle"]
    assert [word in found for word in (ORIGINAL, TRANSLATED, "Who cooks?", "We all do.")] == [True] * 4
    assert "The community started it, leads it, holds the power" in found
    assert found.count("Tick one box in each row") == 1
    assert ("Secret" in found, "A secret answer." in found) == (False, False)
    assert seat.user.shown_name in found


def test_original_stands_beside_its_translation_each_in_its_direction(seat):
    html = pack_as_html(pack(seat))

    beside = html.split('class="beside"')[1].split("</div></div></div>")[0]
    assert beside.index(ORIGINAL) < beside.index(TRANSLATED)
    assert re.search(r'dir="rtl" lang="ar">\s*<bdi dir="rtl">' + ORIGINAL, beside)
    assert re.search(r'dir="ltr" lang="en">', beside)


def test_what_the_group_says_to_a_translation_stands_beside_it_and_makes_a_new_pack(seat):
    now, kind = utcnow(), PaperKind.READING_PACK
    before = pack_recipe(seat, kind, "en", is_large=False, now=now)
    translation = db.session.query(AnswerTranslation).one()
    translation.objected_at, translation.objection = utcnow(), "We meet, we do not pray."
    asked = db.session.query(Clarification).one()
    db.session.add(
        ClarificationTranslation(
            clarification=asked,
            part="answer",
            language="es",
            text="Todas cocinamos.",
            made_by=TranslatedBy.STAFF,
            saved_at=utcnow(),
        )
    )
    db.session.flush()

    found = plain(pack_as_html(pack(seat)))

    assert "The group says: this is not what we meant We meet, we do not pray." in found
    assert "Todas cocinamos." in found
    assert pack_recipe(seat, kind, "en", is_large=False, now=now) != before


@pytest.mark.parametrize(("language", "direction"), [("en", "ltr"), ("ar", "rtl"), ("uk", "ltr")])
def test_pack_speaks_the_language_of_its_reader(seat, language: str, direction: str):
    html = pack_as_html(pack(seat, language), is_large=True)

    assert f'<html lang="{language}" dir="{direction}" class="reading large">' in html


def test_nothing_is_in_a_pack_before_the_ties_are_declared(seat):
    seat.conflicts_declared_at = None
    db.session.flush()

    assert pack(seat).applications == ()


def test_pack_of_a_panel_that_hides_names_has_copies_and_no_voice(seat, monkeypatch: pytest.MonkeyPatch):
    application = pack_application(seat)
    AnswerMediaFactory(answer=application.answers[0])
    monkeypatch.setattr(Panel, "hides_names", lambda _panel, _now: True)

    found = pack(seat)

    html = plain(pack_as_html(found))
    assert [word for word in ("Rosa", ORIGINAL, TRANSLATED, "We all do.") if word in html] == []
    assert ("Application –" in html, found.applications[0].recordings) == (True, ())


def pack_application(seat: PanelSeat) -> Any:
    return list_readings(seat, seat.panel)[0].application


@pytest.mark.parametrize("state", ["reading", "meeting"])
def test_nothing_secret_changes_the_pack_of_somebody_with_a_tie(db_session, state: str):
    tied = Tied(db_session, state)
    seat, now = tied.own_seat, utcnow()

    def made() -> str:
        return repr(pack_of(seat, language="en", now=now, hides_names=False))

    before = made()
    tied.change_everything()
    changed = made()
    tied.take_back()

    assert (changed, made()) == (before, before)
    assert "applications=(ForReading" in before, "there is something to read"


def test_member_asks_the_worker_makes_and_a_tie_closes_what_was_made(client_for, seat):
    browser, address = client_for(seat.user), f"/en/panels/{seat.panel_id}/work/pack"

    first = browser.get(f"{address}/recordings/file").status_code
    asked = browser.post(f"{address}/recordings")
    waiting = browser.get(address).text
    sweep()
    answer = browser.get(f"{address}/recordings/file")

    assert (first, asked.status_code, "It is being made." in waiting) == (404, 302, True)
    assert answer.headers["Content-Disposition"] == "attachment; filename=reading.zip"
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        assert TRANSLATED in archive.read("read.html").decode()
    ConflictFactory(
        user=seat.user, call_id=seat.panel.call_id, organisation=pack_application(seat).organisation
    )
    assert browser.get(f"{address}/recordings/file").status_code == 404
    event = db.session.execute(sa.select(Event).where(Event.step == "ask_for_pack")).scalar_one()
    assert (event.actor_id, event.details["kind"]) == (seat.user_id, "reading_recordings")


def test_recordings_come_as_files_in_the_order_of_the_pack(client_for, seat):
    answer = AnswerFactory(application=pack_application(seat), question_key="Q3", value=None)
    media = AnswerMediaFactory(answer=answer)
    browser, address = client_for(seat.user), f"/en/panels/{seat.panel_id}/work/pack"

    browser.post(f"{address}/recordings")
    sweep()

    with zipfile.ZipFile(io.BytesIO(browser.get(f"{address}/recordings/file").data)) as archive:
        names = sorted(archive.namelist())
        assert archive.read(names[0]) == b"the bytes of a recording"
    assert names == ["01/Q3 1.webm", "read.html"]
    assert media.file.original_name not in str(names)


def test_secretary_makes_a_pack_in_the_members_language_unless_a_tie_binds_them(client_for, seat):
    seat.user.language = "ar"
    manager = FundRoleFactory(fund=seat.panel.call.fund, kind=FundRoleKind.MANAGER).user
    browser, address = client_for(manager), f"/en/fund/seats/{seat.id}/pack"

    pages = (browser.get(address).status_code, browser.post(f"{address}/large").status_code)
    made = db.session.query(MadePaper).one()
    event = db.session.execute(sa.select(Event).where(Event.step == "ask_for_pack")).scalar_one()
    other = db.session.execute(sa.select(ConflictOfInterest)).scalar_one()
    ConflictFactory(user=manager, call_id=other.call_id, organisation=other.organisation)

    assert (pages, made.language, made.is_large, event.actor_id) == ((200, 302), "ar", True, manager.id)
    assert [browser.get(path).status_code for path in (address, f"{address}/large/file")] == [404, 404]


def test_newer_pack_takes_the_place_of_the_older_one_of_its_kind_and_language(client_for, seat):
    browser = client_for(seat.user)

    def ask(language: str) -> None:
        browser.post(f"/{language}/panels/{seat.panel_id}/work/pack/normal")

    ask("en")
    ask("ar")
    give(seat, "Newly given")
    ask("en")
    ask("en")

    kept = db.session.query(MadePaper).order_by(MadePaper.asked_at)
    assert [paper.language for paper in kept] == ["ar", "en"]


@pytest.mark.program("pango-1.0")
def test_pack_as_pdf_names_its_reader_on_every_page(client_for, seat):
    browser, address = client_for(seat.user), f"/en/panels/{seat.panel_id}/work/pack"

    for kind in ("normal", "large"):
        browser.post(f"{address}/{kind}")
    sweep()

    answers = [browser.get(f"{address}/{kind}/file") for kind in ("normal", "large")]
    assert [(each.status_code, each.data[:5]) for each in answers] == [(200, b"%PDF-")] * 2
    assert "string(made-for)" in stylesheet()
