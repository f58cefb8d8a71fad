"""A group takes away what it has written, in every form."""

from __future__ import annotations

import re
from decimal import Decimal
from io import BytesIO

import pytest
from docx import Document

from fundapp.documents.reading import read_word
from fundapp.jobs.run import sweep
from fundapp.lifecycles import ApplicationStatus
from tests.factories import AnswerFactory, ApplicationFactory, OrganisationMemberFactory

pytestmark = pytest.mark.usefixtures("db_session")
TEXT = "Circle! نحن نساء من حي واحد\nونلتقي كل أسبوع."


@pytest.fixture
def group(client_for):
    """An application with a text, a choice and a sum, and the browser of somebody who wrote it."""
    application = ApplicationFactory(amount_requested=Decimal(5000))
    for key, value in (("S1", TEXT), ("S3", "A"), ("S3_amount", "5000.00")):
        AnswerFactory(application=application, question_key=key, value=value, language="ar", rev=3)
    browser = client_for(OrganisationMemberFactory(organisation=application.organisation).user)
    return application, browser, f"/en/applications/{application.id}"


def test_page_of_copies_offers_every_form(group):
    _application, browser, address = group

    page = browser.get(f"{address}/copies")

    links = re.findall(rf'href="{address}/([^"]+\.[^"]+)"', page.text)
    assert links == ["copy.html", "copy.docx", "copy.txt", "copy.json", "draft.docx"]
    assert re.findall(rf'action="{address}/([^"]+)"', page.text) == ["copies/pdf", "copies/zip"]
    for link in links:
        answer = browser.get(f"{address}/{link}")
        assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
        assert answer.headers["Content-Disposition"].startswith("attachment; filename=")


@pytest.mark.parametrize("language", ["en", "es", "ar", "uk"])
def test_copy_as_html_and_text_has_the_answers_in_their_own_direction(group, language):
    application, browser, _address = group

    html = browser.get(f"/{language}/applications/{application.id}/copy.html").text
    text = browser.get(f"/{language}/applications/{application.id}/copy.txt").text

    assert '<div class="prose" dir="ltr" lang="ar"><bdi dir="ltr">Circle! نحن نساء من حي واحد</bdi>' in html
    assert '<bdi dir="rtl">ونلتقي كل أسبوع.</bdi></div>' in html
    assert TEXT in text
    assert "£5,000.00" in html
    assert "£5,000.00" in text


def test_draft_file_has_the_texts_and_the_saves_they_are_from(group):
    _application, browser, address = group

    read = read_word(browser.get(f"{address}/draft.docx").data)

    assert [(place.code.key, place.code.rev) for place in read.places] == [
        ("S1", 3),
        ("S2", 0),
        ("S3", 3),
        ("S3_amount", 3),
    ]
    assert read.places[0].text == TEXT
    assert "☒ A: one organisation" in read.places[2].text
    assert read.places[3].text == "£5,000.00"


def test_copy_for_a_word_processor_is_no_form(group):
    _application, browser, address = group

    document = Document(BytesIO(browser.get(f"{address}/copy.docx").data))

    assert "نحن نساء" in "\n".join(paragraph.text for paragraph in document.paragraphs)
    assert document.tables == []


@pytest.mark.program("pango-1.0")
def test_pdf_is_asked_for_waited_for_and_taken_away(group):
    _application, browser, address = group
    assert browser.get(f"{address}/copies/copy.pdf").status_code == 404

    asked = browser.post(f"{address}/copies/pdf")
    assert "It is being made. Come back in a minute." in browser.get(asked.headers["Location"]).text
    assert browser.get(f"{address}/copies/copy.pdf").status_code == 404
    sweep()

    assert f'href="{address}/copies/copy.pdf"' in browser.get(f"{address}/copies").text
    answer = browser.get(f"{address}/copies/copy.pdf")
    assert answer.data.startswith(b"%PDF")
    assert answer.headers["Content-Length"] == str(len(answer.data))
    assert answer.headers["Content-Disposition"] == "attachment; filename=copy.pdf"


def test_sent_application_can_be_taken_away_but_not_gone_on_with(group):
    application, browser, address = group
    application.status, application.receipt = ApplicationStatus.SUBMITTED, "R1"
    application.submitted_at = application.created_at

    page = browser.get(f"{address}/copies").text

    assert "draft.docx" not in page
    assert browser.get(f"{address}/copy.html").status_code == 200


def test_stranger_gets_no_copy_whatever_its_form(group, client_for):
    _application, _browser, address = group
    stranger = client_for(OrganisationMemberFactory().user)

    paths = ["copies", "draft.docx", *(f"copy.{each}" for each in ("html", "docx", "json", "txt"))]
    paths += ["copies/copy.pdf", "copies/copy.zip"]
    assert {stranger.get(f"{address}/{path}").status_code for path in paths} == {404}
    assert stranger.post(f"{address}/copies/zip").status_code == 404


@pytest.mark.program("pango-1.0")
def test_blank_form_as_pdf_is_made_for_anybody_who_asks(client):
    from tests.factories import CallFactory
    from tests.sign_in import csrf_token_in

    address = f"/uk/calls/{CallFactory().code}/forms"
    page = client.get(address)
    assert page.text.count("<form") == 4
    token = csrf_token_in(page)

    posted = client.post(f"{address}/full/large", data={"csrf_token": token})
    assert posted.headers["Location"] == f"{address}#full"
    assert 'role="status"' in client.get(address).text
    sweep()

    assert f'href="{address}/full/large.pdf"' in client.get(address).text
    assert client.get(f"{address}/full/large.pdf").data.startswith(b"%PDF")
