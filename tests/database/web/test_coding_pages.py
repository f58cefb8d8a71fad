"""The fund's pages on which it reads what groups say: code book, texts, and the second reader."""

from __future__ import annotations

import re

import pytest

from tests.factories import CallFactory, ConflictFactory
from tests.grants import active_grant
from tests.told import TEXT, code, tell

NEW = {"name": "Sleeping better", "meaning": "Somebody rests.", "example": "A woman slept."}


@pytest.fixture
def grant(db_session):
    return active_grant(CallFactory(closed=True))


def page(grant, name):
    return f"/en/fund/calls/{grant.award.call_id}/{name}"


def begin(client, grant, story):
    answer = client.post(page(grant, "coding"), data={"source": f"story:{story.id}"})
    assert answer.status_code == 302
    return answer.location


def read(client, grant, story, **data):
    text = begin(client, grant, story)
    if data:
        assert client.post(f"{text}/mark", data=data).status_code == 302
    client.post(f"{text}/finish")
    return text


def test_code_book_grows_and_its_history_can_be_read(grant, client_for):
    client = client_for(grant.manager)
    empty = client.get(page(grant, "theme-codes")).text
    client.post(page(grant, "theme-codes"), data=NEW)
    again = client.post(page(grant, "theme-codes"), data=NEW)
    rest = code(grant, "Rest")

    merged = client.post(
        f"/en/fund/theme-codes/{rest.id}/merge",
        data={"into": _id_of(client.get(page(grant, "theme-codes")).text), "reason": "It is the same."},
    )

    book = client.get(page(grant, "theme-codes")).text
    assert "There is no theme code yet." in empty
    assert (again.status_code, merged.status_code) == (409, 302)
    assert "A woman slept." in again.text  # kept in the form
    assert "It is the same." in book
    history = client.get(f"/en/fund/theme-codes/{_id_of(book)}").text
    assert "This one was merged into it:" in history
    assert "Rest" in history


def _id_of(text):
    return re.search(r"/fund/theme-codes/([0-9a-f-]{36})\">[^\n]*Sleeping better", text).group(1)


@pytest.mark.parametrize("step", ["merge", "retire"])
def test_code_leaves_the_book_only_with_a_reason(grant, client_for, step):
    one, _other = code(grant), code(grant, "Rest")

    refused = client_for(grant.manager).post(f"/en/fund/theme-codes/{one.id}/{step}")

    assert refused.status_code == 422
    assert "Write why" in refused.text


def test_passage_is_marked_taken_off_and_wrong_words_are_kept_in_the_form(grant, client_for):
    client, sleep, story = client_for(grant.manager), code(grant), tell(grant)
    text = begin(client, grant, story)

    wrong = client.post(f"{text}/mark", data={"codes": [str(sleep.id)], "quote": "She sleeps badly."})
    client.post(f"{text}/mark", data={"codes": [str(sleep.id)], "quote": "through the night"})

    marked = client.get(text).text
    assert wrong.status_code == 422
    assert "These words are not in the text." in wrong.text
    assert "She sleeps badly." in wrong.text
    tag = re.search(r'name="tag" value="([^"]+)"', marked).group(1)
    client.post(f"{text}/take-off", data={"tag": tag})
    assert "Nothing is marked yet." in client.get(text).text


def test_second_reader_reads_blind_and_then_both_see_where_they_differ(grant, client_for):
    sleep, trust = code(grant), code(grant, "Trust")
    first, second = client_for(grant.manager), client_for(grant.other_manager)
    stories = [tell(grant, f"{TEXT} {number}") for number in range(5)]
    texts = [read(first, grant, story, codes=[str(sleep.id)]) for story in stories]

    waiting = second.get(page(grant, "coding")).text
    assert "Drawn for a second reader" in waiting
    drawn = re.search(r'value="story:([^"]+)"', waiting).group(1)
    place = [str(story.id) for story in stories].index(drawn)
    blind = second.get(texts[place]).text
    assert "<h3>Sleeping better" not in re.sub(r"</?bdi[^>]*>", "", blind)
    assert "Drawn for a second reader" not in first.get(page(grant, "coding")).text

    read(second, grant, stories[place], codes=[str(trust.id)])
    listed = first.get(page(grant, "coding")).text
    assert "Only one text has been read twice." in listed
    assert "Talk about these" in listed

    settled = first.post(f"{texts[place]}/settle", data={"codes": [str(trust.id)]})
    assert settled.status_code == 302
    assert "Talk about these" not in second.get(page(grant, "coding")).text
    assert second.post(f"{texts[place]}/mark", data={"codes": [str(trust.id)]}).status_code == 409


def test_text_that_somebody_else_has_begun_is_not_begun_again(grant, client_for):
    story = tell(grant)
    begin(client_for(grant.manager), grant, story)

    late = client_for(grant.other_manager).post(page(grant, "coding"), data={"source": f"story:{story.id}"})

    assert late.status_code == 409
    assert "Somebody else has begun to read this text." in late.text


def test_whoever_has_a_tie_opens_no_text_and_counts_nothing(grant, client_for):
    sleep, story = code(grant), tell(grant)
    text = read(client_for(grant.manager), grant, story, codes=[str(sleep.id)])
    ConflictFactory(
        user=grant.other_manager, call_id=grant.award.call_id, organisation=grant.award.organisation
    )
    client = client_for(grant.other_manager)

    assert client.get(text).status_code == 404
    assert client.post(page(grant, "coding"), data={"source": f"story:{story.id}"}).status_code == 409
    for name in ("coding", "theme-codes"):
        assert grant.award.organisation.name not in client.get(page(grant, name)).text
    assert re.search(r'data-label="Texts">0<', client.get(page(grant, "theme-codes")).text)
    assert TEXT not in client.get(f"/en/fund/theme-codes/{sleep.id}").text
