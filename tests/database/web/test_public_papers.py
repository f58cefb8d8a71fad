"""Forms to print and to write in, for everybody, without an account."""

from __future__ import annotations

import gzip
import re

import pytest

from forms.definition import Stage
from fundapp.documents.reading import read_word
from fundapp.lifecycles import CallStatus
from fundapp.queries.calls import definition_of
from tests.factories import CallFactory

LANGUAGES = ("en", "es", "ar", "uk")
pytestmark = pytest.mark.usefixtures("db_session")


@pytest.mark.parametrize("language", LANGUAGES)
def test_page_of_forms_links_a_file_and_pages_to_print_for_each_stage(client, language):
    call = CallFactory()

    page = client.get(f"/{language}/calls/{call.code}/forms")

    base = f"/{language}/calls/{call.code}/forms"
    links = [link for link in re.findall(r'href="([^"]+)"', page.text) if link.startswith(f"{base}/")]
    assert links == [
        f"{base}/{stage}{kind}" for stage in ("eoi", "full") for kind in (".docx", "/normal", "/large")
    ]
    assert [client.get(link).status_code for link in links] == [200] * 6


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("stage", ["eoi", "full"])
def test_page_to_print_is_small_and_has_room_for_every_answer(client, language, stage):
    call = CallFactory()
    questions = list(definition_of(call.versions[-1]).form.questions(Stage(stage)))

    page = client.get(f"/{language}/calls/{call.code}/forms/{stage}/normal")

    assert len(gzip.compress(page.data, 9)) <= 10_000
    assert page.text.count("<h1") == 1
    written = [question for question in questions if question.kind in ("text", "money")]
    assert page.text.count('class="room') == len(written)
    assert call.fund.organisation_name in page.text


def test_page_to_print_in_large_letters_says_so_in_its_class(client):
    code = CallFactory().code

    sizes = [client.get(f"/en/calls/{code}/forms/eoi/{size}").text for size in ("normal", "large")]

    assert ['<body class="big">' in each for each in sizes] == [False, True]


def test_file_to_write_in_has_a_place_for_every_question(client):
    answer = client.get(f"/ar/calls/{CallFactory().code}/forms/eoi.docx")

    assert answer.headers["Content-Disposition"] == 'attachment; filename="form-eoi.docx"'
    assert [place.code.key for place in read_word(answer.data).places] == ["S1", "S2", "S3", "S3_amount"]


@pytest.mark.parametrize(
    "path", ["/forms/other.docx", "/forms/eoi/huge", "/forms/other/normal", "/forms/eoi.doc"]
)
def test_form_that_does_not_exist_is_no_page(client, path):
    assert client.get(f"/en/calls/{CallFactory().code}{path}").status_code == 404


def test_forms_of_a_call_that_is_not_published_are_not_there(client):
    code = CallFactory(status=CallStatus.DRAFT).code

    paths = ("/forms", "/forms/eoi.docx", "/forms/eoi/normal")
    assert [client.get(f"/en/calls/{code}{path}").status_code for path in paths] == [404] * 3


def test_call_page_gives_the_value_of_a_grant_with_the_figures_behind_it(client):
    text = " ".join(re.sub(r"<[^>]+>", " ", client.get(f"/en/calls/{CallFactory().code}").text).split())

    # A.14: 150 × 1 h + 75 × 6 h = 600 h at £115 for seven hours, 41 grants; then 2 h + 7 h of the group
    assert (
        "we take off \u2066£240.42\u2069: applying costs all groups together 600 hours, shared by 41 grants."
        in text
    )
    assert "And \u2066£147.86\u2069: your 9 hours for checks and staying in touch." in text
    assert "One hour costs about \u2066£16.43\u2069." in text
    assert "£5,000 5.3% £4,611.72" in text
    assert "£120,000 0.2% £119,611.72" in text


def test_questions_page_says_minutes_beside_words(client):
    text = client.get(f"/en/calls/{CallFactory().code}/questions").text

    assert "Up to 250 words, or 4 minutes of speech. Less is fine." in text
