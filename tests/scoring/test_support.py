"""Offers that fit a group: never to one that wants none, never a group that has not opted in."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from scoring.support import Help, Seeker, help_for

TOPICS, LANGUAGES, BOROUGHS = ("money", "law", "digital"), ("ar", "es", "so"), ("Brent", "Hackney")
some_topics = st.frozensets(st.sampled_from(TOPICS))
some_languages = st.frozensets(st.sampled_from(LANGUAGES))
seekers = st.builds(
    Seeker,
    key=st.sampled_from("abc"),
    topics=some_topics,
    languages=some_languages,
    borough=st.sampled_from((*BOROUGHS, None)),
    wants_none=st.booleans(),
    is_confidential=st.booleans(),
)
offers = st.lists(
    st.builds(
        Help,
        key=st.text("0123456789", min_size=1, max_size=4),
        topics=some_topics,
        languages=some_languages,
        boroughs=st.frozensets(st.sampled_from(BOROUGHS)),
        by=st.sampled_from(("a", "b", None)),
        has_opted_in=st.booleans(),
        is_confidential=st.booleans(),
    ),
    unique_by=lambda each: each.key,
    max_size=8,
)


@given(seekers, offers)
def test_nobody_meets_against_their_word(seeker, given_offers):
    by_key = {each.key: each for each in given_offers}

    for match in help_for(seeker, given_offers):
        offer = by_key[match.key]
        assert not seeker.wants_none
        assert set(match.topics) == seeker.topics & offer.topics != set()
        if offer.by is not None:
            assert (offer.has_opted_in, offer.is_confidential) == (True, False)
            assert not seeker.is_confidential
            assert offer.by != seeker.key


@given(seekers, offers, st.randoms())
def test_same_offers_in_any_order_give_the_same_list(
    seeker: Seeker, given_offers: list[Help], order: random.Random
) -> None:
    mixed = list(given_offers)
    order.shuffle(mixed)

    assert help_for(seeker, mixed) == help_for(seeker, given_offers)


def test_languages_come_before_the_borough_and_both_before_more_topics():
    seeker = Seeker("a", frozenset(TOPICS), frozenset({"ar"}), "Brent")
    speaks = Help("3", frozenset({"law"}), frozenset({"ar", "es"}))
    near = Help("2", frozenset({"law"}), boroughs=frozenset({"Brent"}))
    broad, other = Help("1", frozenset(TOPICS)), Help("0", frozenset({"law"}), frozenset({"so"}))

    assert [each.key for each in help_for(seeker, [other, broad, near, speaks])] == ["3", "2", "1", "0"]
