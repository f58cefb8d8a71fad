"""Papers: asked for in a request, made by the worker, kept once, taken away after a day."""

from __future__ import annotations

import hashlib
import json
import zipfile
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
import sqlalchemy as sa

from forms.definition import Stage
from fundapp.clock import utcnow
from fundapp.db import db
from fundapp.documents import pdf
from fundapp.jobs.run import sweep
from fundapp.models.message import OutboxJob
from fundapp.models.paper import MadePaper, PaperKind
from fundapp.queries.files import known_keys
from fundapp.services.files import DELETE_BYTES
from fundapp.services.papers import (
    COPY_LIFE,
    MAKE_PAPER,
    Failure,
    ask_for_copy,
    ask_for_form,
    take_away_old_copies,
)
from fundapp.storage import file_store
from tests.factories import AnswerFactory, ApplicationFactory, CallFactory, FileUseFactory

pytestmark = pytest.mark.usefixtures("db_session")
with_pango = pytest.mark.program("pango-1.0")


@pytest.fixture
def without_pango(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on a machine where the library is not installed."""

    def missing() -> Any:
        raise pdf.NoTextEngine

    monkeypatch.setattr(pdf, "_engine", missing)


def waiting_jobs(kind: str) -> int:
    query = sa.select(sa.func.count()).where(OutboxJob.kind == kind, OutboxJob.done_at.is_(None))
    return int(db.session.execute(query).scalar_one())


def content_of(paper: MadePaper) -> bytes:
    with file_store().open(str(paper.storage_key)) as file:
        return file.read()


def application_with_answers(**answers: str) -> Any:
    application = ApplicationFactory()
    for key, text in answers.items():
        AnswerFactory(application=application, question_key=key, value=text)
    db.session.refresh(application)
    return application


@with_pango
def test_form_is_made_once_and_kept_under_the_digest_of_its_version() -> None:
    version = CallFactory().versions[0]

    papers = [ask_for_form(version, Stage.EOI, "ar", is_large=False, now=utcnow()) for _press in range(3)]
    assert waiting_jobs(MAKE_PAPER) == 1
    sweep()

    (paper,) = {each.id: each for each in papers}.values()
    content = content_of(paper)
    assert content.startswith(b"%PDF-1.7")
    assert (paper.sha256, paper.size_bytes) == (hashlib.sha256(content).hexdigest(), len(content))
    assert known_keys([str(paper.storage_key)]) == {paper.storage_key}
    assert paper.failed_reason is None


@with_pango
def test_same_form_has_the_same_bytes() -> None:
    versions = [CallFactory(code="A").versions[0], CallFactory(code="B").versions[0]]

    papers = [ask_for_form(each, Stage.FULL, "en", is_large=True, now=utcnow()) for each in versions]
    sweep()

    assert len({paper.sha256 for paper in papers}) == 1


def test_size_language_and_stage_are_papers_of_their_own() -> None:
    version = CallFactory().versions[0]

    recipes = {
        ask_for_form(version, stage, language, is_large=is_large, now=utcnow()).recipe
        for stage in Stage
        for language in ("en", "ar")
        for is_large in (False, True)
    }

    assert len(recipes) == 8


@pytest.mark.usefixtures("without_pango")
def test_without_pango_the_paper_says_so_and_asking_again_tries_again() -> None:
    version = CallFactory().versions[0]
    paper = ask_for_form(version, Stage.EOI, "en", is_large=False, now=utcnow())

    sweep()
    assert (paper.failed_reason, paper.made_at, waiting_jobs(MAKE_PAPER)) == (Failure.NO_TEXT_ENGINE, None, 0)

    again = ask_for_form(version, Stage.EOI, "en", is_large=False, now=utcnow())
    assert (again.id, again.failed_reason, waiting_jobs(MAKE_PAPER)) == (paper.id, None, 1)


@pytest.mark.usefixtures("without_pango")
def test_bundle_has_every_copy_and_the_clean_files_alone() -> None:
    application = application_with_answers(S1="نحن دائرة من النساء.")
    FileUseFactory(application=application, file__original_name="song.ogg", place="S1")
    FileUseFactory(application=application, file__quarantined=True, place="S2")

    paper = ask_for_copy(application, PaperKind.BUNDLE, "ar", now=utcnow())
    sweep()

    with zipfile.ZipFile(BytesIO(content_of(paper))) as bundle:
        names = bundle.namelist()
        assert names[:4] == ["copy.txt", "copy.json", "copy.html", "copy.docx"]
        (song,) = names[4:]
        assert song.startswith("files/01 S1 song.")
        assert bundle.read(song) == b"the bytes of a recording"
        assert json.loads(bundle.read("copy.json"))["answers"][0]["answer"] == "نحن دائرة من النساء."
        assert "نحن دائرة من النساء." in bundle.read("copy.txt").decode()
        assert '<html lang="ar" dir="rtl"' in bundle.read("copy.html").decode()


@with_pango
def test_copy_follows_the_text_and_the_older_one_goes() -> None:
    application = application_with_answers(S1="First.")
    first = ask_for_copy(application, PaperKind.COPY, "en", now=utcnow())
    sweep()
    old_key = str(first.storage_key)

    application.answers[0].value, application.answers[0].rev = "Second.", 2
    second = ask_for_copy(application, PaperKind.COPY, "en", now=utcnow())
    sweep()
    sweep()

    assert second.made_at is not None
    assert db.session.get(MadePaper, first.id) is None
    assert file_store().size(old_key) == 0


def test_copies_go_after_a_day_and_blank_forms_stay() -> None:
    now, application = utcnow(), application_with_answers(S1="Text.")
    ask_for_copy(application, PaperKind.COPY, "en", now=now - COPY_LIFE - timedelta(seconds=1))
    ask_for_copy(application, PaperKind.BUNDLE, "en", now=now)
    ask_for_form(application.call_version, Stage.EOI, "en", is_large=False, now=now - timedelta(days=90))

    take_away_old_copies(now=now)

    left = db.session.execute(sa.select(MadePaper.kind).order_by(MadePaper.kind)).scalars().all()
    assert left == [PaperKind.BLANK_FORM, PaperKind.BUNDLE]


@pytest.mark.usefixtures("without_pango")
def test_paper_that_nobody_waits_for_any_more_leaves_no_bytes() -> None:
    from fundapp.jobs.papers import make_paper

    application = application_with_answers(S1="Text.")
    paper = ask_for_copy(application, PaperKind.BUNDLE, "en", now=utcnow())
    store = make_paper({"paper_id": str(paper.id)})
    db.session.delete(paper)
    db.session.flush()

    store()

    assert waiting_jobs(DELETE_BYTES) == 1
