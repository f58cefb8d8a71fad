"""What everybody can read without an account."""

from __future__ import annotations

import gzip
import re
from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from fundapp.call_file.codesign import Topic
from fundapp.clock import utcnow
from fundapp.db import db
from fundapp.lifecycles import CallStatus
from fundapp.models.award import Outcome, Ratification
from fundapp.models.call import Call
from fundapp.models.monitoring import IdentityLevel, StoryConsent
from fundapp.money_steps import VariationStatus
from fundapp.queries.calls import definition_of
from fundapp.story_steps import StoryStatus
from tests.board import with_rules
from tests.factories import (
    ApplicationFactory,
    AwardFactory,
    CallFactory,
    DecisionFactory,
    GrantVersionFactory,
    OrganisationFactory,
    RoundFactory,
    StoryFactory,
    UserFactory,
    VariationFactory,
)
from tests.published import published_with
from tests.themes import with_themes

LANGUAGES = ("en", "es", "ar", "uk")
pytestmark = pytest.mark.usefixtures("db_session")


def words(text: str) -> str:
    """The page as somebody reads it: tags out, white space as one space."""
    return " ".join(re.sub(r"<[^>]+>", " ", text).split())


def told_call(**changes) -> Call:
    call = CallFactory(status=CallStatus.DECIDED, **changes)
    db.session.add(
        Ratification(
            call=call, round=call.rounds[0], ratified_by_id=UserFactory().id, figures={}, released_at=utcnow()
        )
    )
    db.session.flush()
    return call


def award(call: Call, name: str, **changes):
    organisation = OrganisationFactory(name=name)
    application = ApplicationFactory(call=call, organisation=organisation, in_principle=True)
    DecisionFactory(application=application, ratified_at=utcnow())
    return AwardFactory(application=application, **changes)


def test_home_shows_open_calls_first_and_hides_drafts(client):
    decided, opened = told_call(code="OLD"), CallFactory(code="NOW")
    CallFactory(code="DRAFT", status=CallStatus.DRAFT)
    CallFactory(code="SHAPING", status=CallStatus.CO_DESIGN)

    page = client.get("/en/")

    assert re.findall(r'href="/en/calls/(\w+)"', page.text) == [opened.code, opened.code, decided.code]
    assert f'href="/en/calls/{decided.code}/results"' in page.text
    assert 'href="/en/sign-in"' in page.text


def test_home_without_a_call_says_so(client):
    assert "No call is open at the moment." in client.get("/en/").text


@pytest.mark.parametrize("language", LANGUAGES)
def test_call_page_says_every_rule_of_the_call_in_the_language(client, language):
    call = CallFactory()
    content = call.versions[0].content

    page = client.get(f"/{language}/calls/{call.code}").text
    text = words(re.sub("[\u2066\u2069]", "", page))  # sums keep their own direction

    authored = [
        content["public_rule"],
        content["purpose"],
        *content["costs"]["not_funded"],
        *(line["label"] for line in content["money"]["lines"]),
        *(strand["who"] for strand in content["strands"]),
        *(fence["rule"] for fence in content["ring_fences"]),
        *(criterion["title"] for criterion in content["assessment"]["criteria"]),
        *(seat["who"] for seat in content["panel"]["seats"]),
        *(step["label"] for round_ in content["rounds"] for step in round_["timetable"]),
    ]
    escaped = [" ".join(each[language].replace("'", "&#39;").split()) for each in authored]
    assert [each for each in escaped if each not in text] == []


def test_help_page_is_found_from_the_call_and_says_how_to_get_it(client):
    call = CallFactory(status=CallStatus.PUBLISHED)
    offer = definition_of(call.versions[0]).support[-1]

    assert f'href="/ar/calls/{call.code}/help"' in client.get(f"/ar/calls/{call.code}").text
    page = client.get(f"/ar/calls/{call.code}/help").text

    assert offer.how.in_language("ar") in page.partition(f'id="support-{offer.key}"')[2]


def test_call_page_says_what_applying_costs_and_how_likely_it_is(client):
    text = words(client.get(f"/en/calls/{CallFactory().code}").text)

    assert "Of 100 groups that send an expression of interest, about 27 get a grant." in text
    assert "Of 100 groups that we invite to the full application, about 55 get one." in text
    assert "works about 16 hours for it in all. That costs about \u2066£262.86\u2069." in text
    assert "£120,000 0.2% £119,611.72" in text


def test_questions_page_has_an_anchor_for_every_question_and_criterion(client):
    call = CallFactory()
    content = call.versions[0].content
    asked = [item["question"] for item in content["eligibility"]]
    asked += [question for section in content["form"]["sections"] for question in section["questions"]]

    ids = re.findall(r'id="([^"]+)"', client.get(f"/en/calls/{call.code}/questions").text)

    wanted = [f"question-{question['key']}" for question in asked]
    wanted += [f"criterion-{criterion['key']}" for criterion in content["assessment"]["criteria"]]
    assert [each for each in wanted if ids.count(each) != 1] == []


def test_every_link_between_the_record_and_the_rules_leads_to_an_anchor(client):
    call = CallFactory()
    pages = {
        path: client.get(path).text
        for path in (
            f"/en/calls/{call.code}",
            f"/en/calls/{call.code}/questions",
            f"/en/calls/{call.code}/co-design",
            *(f"/en/calls/{call.code}/co-design/topics/{topic}" for topic in Topic),
        )
    }

    links = [
        (target or path, anchor)
        for path, text in pages.items()
        for target, anchor in re.findall(r'href="([^"#]*)#([^"]+)"', text)
    ]

    assert len(links) > 60
    assert [(path, anchor) for path, anchor in links if f'id="{anchor}"' not in pages[path]] == []


@pytest.mark.parametrize("path", ["", "/questions", "/co-design", "/check", "/check/E9"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_page_of_a_call_stays_small(client, language, path):
    page = client.get(f"/{language}/calls/{CallFactory().code}{path}")

    assert page.status_code == 200
    assert len(gzip.compress(page.data, 9)) <= 12_000
    assert page.text.count("<h1") == 1


@pytest.mark.parametrize("status", [CallStatus.DRAFT, CallStatus.CO_DESIGN])
def test_call_that_is_not_published_has_no_public_rules(client, status):
    call = CallFactory(status=status)

    paths = ("", "/questions", "/check", "/check/E1", "/check-result", "/results")
    answers = {client.get(f"/en/calls/{call.code}{path}").status_code for path in paths}

    assert answers == {404}


def test_pages_need_as_many_queries_with_three_calls_and_grants_as_with_one(client, count_queries):
    first = told_call()
    award(first, "One")
    client.get("/en/")  # what is read once per process

    def queries_of(path: str) -> int:
        with count_queries() as queries:
            assert client.get(path).status_code == 200
        return queries.number

    paths = ("/en/", f"/en/calls/{first.code}", f"/en/calls/{first.code}/results")
    few = [queries_of(path) for path in paths]
    for name in ("Two", "Three"):
        award(told_call(), name)
        award(first, name)
    client.get("/en/")
    many = [queries_of(path) for path in paths]

    assert many == few


def test_results_are_hidden_until_everybody_has_been_told(client):
    call = told_call()
    ratification = db.session.execute(sa.select(Ratification)).scalar_one()
    ratification.released_at = None

    assert client.get(f"/en/calls/{call.code}/results").status_code == 404
    assert "/results" not in client.get("/en/").text


def test_results_name_the_grants_and_only_count_the_confidential_ones(client):
    call = told_call()
    award(call, "Amal Circle", public_summary="A safe place to meet.")
    award(call, "Hidden House", is_confidential=True, public_summary="A refuge in Leyton.")
    later = award(call, "Later Hidden")
    later.application.is_confidential = True
    for _each in range(9):
        DecisionFactory(
            application=ApplicationFactory(call=call, submitted=True),
            outcome=Outcome.DECLINE,
            amount=None,
            is_fundable=True,
            ratified_at=utcnow(),
        )

    page = client.get(f"/en/calls/{call.code}/results")

    text = words(page.text)
    assert [
        name for name in ("Amal Circle", "Hidden House", "Later Hidden", "Leyton") if name in page.text
    ] == ["Amal Circle"]
    assert "2 more grants of \u2066£80,000\u2069 in all. The names are withheld for safety." in text
    assert "25% of full applications got a grant" in text
    assert "Good enough, but there was not enough money 9" in text
    assert "£120,000 given in all" in text


def test_results_say_until_when_a_grant_runs_once_more_time_was_agreed(client):
    call = told_call()
    longer, as_awarded = (award(call, name, active=True, months=12) for name in ("Amal Circle", "Sol"))
    for each in (longer, as_awarded):
        GrantVersionFactory(award=each)
    agreed = {"status": VariationStatus.AGREED, "decided_at": utcnow(), "answer": "Yes."}
    more_time = VariationFactory(award=longer, **agreed)
    GrantVersionFactory(award=longer, number=2, variation=more_time, ends_on=date(2031, 3, 31), lines=[])

    page = client.get(f"/en/calls/{call.code}/results").text

    assert page.count("until 31 March 2031") == 1
    assert page.count("12 months") == 1


def test_results_show_stories_only_while_a_consent_is_in_force(client):
    call = told_call()
    given = award(call, "Amal Circle", active=True)
    today = utcnow().date()
    for text, ends_on in (("We sleep at night.", today), ("We have left.", today - timedelta(days=2))):
        story = StoryFactory(award=given, text=text, language="en", status=StoryStatus.CONSENTED)
        db.session.add(
            StoryConsent(
                story=story,
                purpose="public_page",
                identity=IdentityLevel.GROUP_ONLY,
                ends_on=ends_on,
                language="en",
            )
        )
    db.session.flush()

    page = client.get(f"/en/calls/{call.code}/results")

    assert "We sleep at night." in page.text
    assert "We have left." not in page.text


def test_results_publish_why_a_ring_fence_was_passed(client):
    call = told_call()
    ratification = db.session.execute(sa.select(Ratification)).scalar_one()
    ratification.override_reason = "Too few groups applied. The next round makes up for it."

    assert "Too few groups applied." in client.get(f"/en/calls/{call.code}/results").text


def test_results_keep_ring_fence_figures_back_while_a_round_waits_to_be_told(client):
    call = told_call()
    award(call, "Amal Circle")
    path = f"/en/calls/{call.code}/results"
    assert "<svg" in client.get(path).text.split('id="main"')[1]
    from_second_round = Ratification(
        call=call, round=RoundFactory(call=call, code="2"), ratified_by_id=UserFactory().id, figures={}
    )
    db.session.add(from_second_round)
    db.session.flush()

    assert "<svg" not in client.get(path).text.split('id="main"')[1]


@pytest.mark.parametrize("path", ["", "/safety", "/accessibility", "/privacy", "/privacy/how-long"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_page_has_its_exit_and_its_one_heading(client, language, path):
    page = client.get(f"/{language}{path or '/'}")

    assert page.status_code == 200
    assert page.text.count("<h1") == 1
    assert "data-exit" in page.text


@pytest.mark.parametrize("code", ["NO-SUCH", "%00", "a" * 5_000, "..%2f..", "%ED%A0%80"])
def test_unknown_call_is_a_page_that_says_so(client, code):
    assert client.get(f"/en/calls/{code}").status_code in (400, 404)


def test_rules_beside_the_ring_fences_stand_there_in_plain_words(client):
    limit = {"key": "EACH", "kind": "cap", "base": "awards_total", "percent": "60", "each": "theme"}
    call = with_themes(CallFactory(code="RULES"), limit)
    with_rules(call, "awards", one_per_organisation=True, part_funding={"least_percent": 70})
    with_rules(call, "assessment", minimum_total=40)
    first, *rest = call.versions[-1].content["ring_fences"]
    minimum = {"minimum_by_round": [{"round": "1", "amount": "500000"}]}
    published_with(call, ring_fences=[first | minimum, *rest])

    page = words(client.get("/en/calls/RULES").get_data(as_text=True))
    plain = words(client.get(f"/en/calls/{CallFactory(code='PLAIN').code}").get_data(as_text=True))

    sentences = [
        "Safety",
        "In each round an organisation can be in one grant only, alone or with partners.",
        "With a total below 40 of 100 there is no grant, unless the panel writes down why.",
        "A grant can be less than you ask for, but not less than 70% of it.",
        "Money that is then left goes first to the groups with the highest marks.",
        "of it in: Round 1",
    ]
    assert [one for one in sentences if one not in page] == []
    assert [one for one in sentences[1:] if one in plain] == []


def test_even_part_funding_is_said_otherwise(client):
    call = CallFactory(code="EVEN")
    with_rules(call, "awards", part_funding={"least_percent": 70, "top_up": "evenly"})

    page = words(client.get("/en/calls/EVEN").get_data(as_text=True))

    assert "each the same part of what is missing." in page
