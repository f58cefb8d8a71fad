"""The record with 70 points in five languages: on public pages, in the call file, and linked both ways."""

from __future__ import annotations

import csv
import dataclasses
import html
import io
import re
from collections import Counter
from datetime import timedelta
from urllib.parse import urldefrag

import pytest

from forms.languages import LANGUAGES
from fundapp.call_file import read_call, write_call
from fundapp.call_file.codesign import CodesignResponse, ReferenceKind, Topic
from fundapp.call_file.shipped import reference_call, shaped_call
from fundapp.call_file.variants import shift_dates, with_code
from fundapp.clock import utcnow
from fundapp.db import db
from fundapp.queries.codesign import list_points_without_answer, parts_of, record_of
from fundapp.services.calls import content_of, import_call, publish_call
from fundapp.services.codesign import start_codesign
from tests.browser.weight import packed
from tests.factories import FundFactory, UserFactory

SPEAKERS = ("en", "es", "ar", "uk", "so")
MOST_PAGE, MOST_QUERIES = 10_000, 6
RECORD = "/calls/SHAPED/co-design"


@pytest.fixture
def call(db_session):
    """Published, with all of the record in the past."""
    file = with_code(shift_dates(shaped_call(), -700), "SHAPED")
    call = import_call(file, fund=FundFactory(), actor=None, now=utcnow())
    publish_call(call, actor=UserFactory(), now=utcnow())
    db.session.flush()
    return call


def links_of(page):
    return [html.unescape(link) for link in re.findall(r'href="([^"]+)"', page.text)]


def pages_of_record(client, language="en"):
    """Every page of the record, by its address."""
    found, left = {}, [f"/{language}{RECORD}"]
    while left:
        address = left.pop()
        if address not in found:
            page = client.get(address)
            assert page.status_code == 200, address
            found[address] = page
            left += [
                target
                for target in (urldefrag(link).url for link in links_of(page))
                if target.startswith(f"/{language}{RECORD}") and not target.endswith(".csv")
            ]
    return found


def test_every_point_is_answered_with_a_reason_a_person_and_a_day():
    record = shaped_call().codesign

    assert (len(record.sessions), len(record.points)) == (5, 70)
    assert Counter(point.response for point in record.points).keys() == set(CodesignResponse)
    assert {point.topic for point in record.points} == set(Topic)
    for point in record.points:
        texts = [point.said, point.said_by, point.reason, point.decided_by, point.what_changed]
        assert all(text is None or set(text.languages) >= {"en", "es", "ar", "uk"} for text in texts), (
            point.key
        )
        assert record.session(point.session or "").day <= point.decided_on


def test_at_least_ten_points_are_in_each_of_five_languages_of_the_speakers():
    points = shaped_call().codesign.points

    spoken = Counter(point.said_in for point in points)

    assert spoken.keys() == set(SPEAKERS)
    assert min(spoken.values()) >= 10
    assert all(point.said.find(point.said_in or "") for point in points)
    assert all(
        point.said_in in shaped_call().codesign.session(point.session or "").languages for point in points
    )


def test_changes_lead_to_real_parts_of_all_nine_kinds():
    definition = shaped_call()
    parts = {part.reference for part in parts_of(definition)}

    changed = {reference for point in definition.codesign.points for reference in point.changed}

    assert changed <= parts
    assert {reference.partition(":")[0] for reference in changed} == set(ReferenceKind)


def test_record_survives_export_and_import_unchanged(call):
    exported = write_call(content_of(call))

    again = import_call(
        with_code(read_call(exported), "AGAIN"), fund=FundFactory(), actor=None, now=utcnow() + timedelta(1)
    )

    assert list_points_without_answer(call) == []
    assert record_of(again) == record_of(call) == shift_dates(shaped_call(), -700).codesign
    assert write_call(with_code(content_of(again), "SHAPED")) == exported


@pytest.mark.parametrize("language", ["en", "ar"])
def test_every_point_stands_on_one_public_page_in_the_words_of_the_speaker(client, call, language):
    pages = pages_of_record(client, language)

    topics = "\n".join(page.text for address, page in pages.items() if "/topics/" in address)
    for point in shaped_call().codesign.points:
        assert topics.count(f'<section class="card" id="{point.key}">') == 1, point.key
        own = html.escape(point.said.find(point.said_in or "") or "", quote=True).replace("&#x27;", "&#39;")
        direction = LANGUAGES[point.said_in or "en"].direction
        assert f'<q lang="{point.said_in}" dir="{direction}">{own}</q>' in topics, point.key


def test_each_point_leads_to_what_it_changed_and_each_part_leads_back(client, call):
    pages = pages_of_record(client)
    parts = {path: client.get(f"/en/calls/SHAPED{path}") for path in ("", "/questions", "/help")}
    for point in shaped_call().codesign.points:
        (address,) = (a for a, page in pages.items() if "/topics/" in a and f'id="{point.key}"' in page.text)
        card = pages[address].text.partition(f'id="{point.key}"')[2].partition("</section>")[0]
        for reference in point.changed:
            anchor = reference.replace(":", "-")
            (there,) = (link for link in re.findall(r'href="([^"]+)"', card) if link.endswith(f"#{anchor}"))
            page = parts[urldefrag(there).url.removeprefix("/en/calls/SHAPED")]
            part = page.text.partition(f'id="{anchor}"')[2]
            assert part, f"{point.key} leads to {there}, and nothing is there"
            back = [html.unescape(link) for link in re.findall(r'href="([^"]+co-design/[^"]+)"', part)[:2]]
            behind = next((pages.get(link) or client.get(link) for link in back if "/behind/" in link), None)
            assert back[0] == f"{address}#{point.key}" or (behind and f'id="{point.key}"' in behind.text), (
                f"{point.key} is not behind {reference}"
            )


@pytest.mark.parametrize("language", ["en", "es", "ar", "uk"])
def test_every_page_is_light_and_needs_few_queries(client, call, count_queries, language):
    pages = pages_of_record(client, language)
    heavy = {address: size for address, page in pages.items() if (size := packed(page.data)) > MOST_PAGE}
    for path in ("", "/questions", "/help"):
        size = packed(client.get(f"/{language}/calls/SHAPED{path}").data)
        if size > MOST_PAGE:
            heavy[path] = size
    greedy = {}
    for address in pages:
        with count_queries() as queries:
            client.get(address)
        if queries.number > MOST_QUERIES:
            greedy[address] = queries.number

    assert len(pages) > 12
    assert (heavy, greedy) == ({}, {})


def test_decisions_stand_in_the_order_of_time_on_the_page_and_in_the_file(client, call):
    first = client.get(f"/en{RECORD}/decisions")
    pages = [first.text]
    while following := re.search(r'href="([^"]+)" rel="next"', pages[-1]):
        pages.append(client.get(html.unescape(following[1])).text)
    shown = [key for page in pages for key in re.findall(r'topics/\w+(?:\?page=\d+)?#(P\d+)"', page)]
    file = client.get(f"/es{RECORD}/decisions.csv")

    rows = list(csv.DictReader(io.StringIO(file.data.decode("utf-8-sig"))))

    record = record_of(call)
    in_time = sorted(record.points, key=lambda point: (point.decided_on, int(point.key[1:])))
    assert shown == [point.key for point in in_time] == [row["key"] for row in rows]
    somali = next(row for row in rows if row["key"] == "P70")
    assert somali["said_in"] == "so"
    assert somali["in_their_own_words"].startswith("Soomaaligu waa af")
    assert somali["said"].startswith("El somalí es una lengua hablada.")
    assert (somali["answer"], somali["topic"], somali["session"]) == ("cannot_yet", "language", "S5")


def test_what_is_to_be_looked_at_again_stands_on_the_first_page(client, call):
    page = client.get(f"/en{RECORD}").text
    again = page.partition('id="again"')[2].partition("<h2")[0]

    promised = [point.key for point in record_of(call).points if point.next_review]

    assert sorted(re.findall(r'#(P\d+)"', again)) == sorted(promised)
    assert again.count("To be looked at again since") == len(promised)


def test_page_of_a_call_in_codesign_begins_with_the_room_and_shows_what_is_open_and_to_come(
    client, db_session
):
    file = with_code(shift_dates(shaped_call(), -700), "SHAPED")
    today = utcnow().date()
    plain = {"organisations": None, "people": None, "fees": ()}
    to_come = dataclasses.replace(file.codesign.sessions[0], key="N1", day=today + timedelta(9), **plain)
    writing = dataclasses.replace(
        file.codesign.sessions[4], key="N2", day=today - timedelta(1), last_day=today + timedelta(3), **plain
    )
    record = dataclasses.replace(file.codesign, sessions=(*file.codesign.sessions, to_come, writing))
    file = dataclasses.replace(file, codesign=record)
    call = import_call(file, fund=FundFactory(), actor=None, now=utcnow())
    start_codesign(call, actor=UserFactory(), now=utcnow())
    db.session.flush()

    page = client.get(f"/en{RECORD}").text.partition("</main>")[0]

    order = ["room", "said", "again", "open", "to-come", "sessions"]
    assert re.findall(r'<h2 id="([\w-]+)"', page) == order
    parts = dict(zip(order, re.split(r'<h2 id="[\w-]+"', page)[1:], strict=True))
    assert "#session-N2" in parts["open"]
    assert re.findall(r'id="session-(\w+)"', parts["to-come"]) == ["N1", "N2"]
    assert re.findall(r'id="session-(\w+)"', parts["sessions"]) == ["S1", "S2", "S3", "S4", "S5"]


def test_part_that_nothing_changed_says_so_and_unknown_addresses_are_not_found(client, call):
    assert "Nothing that was said has changed this." in client.get(f"/en{RECORD}/behind/question:E1").text
    for path in ("/behind/question:E99", "/topics/weather", "/behind/"):
        assert client.get(f"/en{RECORD}{path}").status_code == 404
    for page in ("0", "-1", "99", "one", "9" * 30, "٢"):
        assert client.get(f"/en{RECORD}/topics/form", query_string={"page": page}).status_code == 200


def test_reference_call_keeps_its_own_record():
    assert [point.key for point in reference_call().codesign.points] == [f"P{n}" for n in range(1, 11)]


def test_help_that_groups_asked_for_leads_to_their_words_and_back(client, call):
    page = client.get("/en/calls/SHAPED/help").text
    card = page.partition('id="support-writing_help"')[2].partition("</section>")[0]
    assert "Sit with us when we fill it in" in card

    link = re.search(r'class="said"><a href="([^"]+)"', card)[1]
    answered = client.get(html.unescape(link).partition("#")[0]).text

    assert 'href="/en/calls/SHAPED/help#support-writing_help"' in answered
