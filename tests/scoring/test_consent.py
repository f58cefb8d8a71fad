"""The outcome of a decision follows from the rule and the counts, and from nothing else."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.consent import Outcome, Rule, Voice, decide, voices_of
from scoring.records import InvalidInput

RULES = st.sampled_from(list(Rule))


@st.composite
def decisions(draw: st.DrawFn) -> tuple[Rule, list[Voice], int]:
    rule = draw(RULES)
    voices = draw(st.lists(st.sampled_from(voices_of(rule)), max_size=40))
    return rule, voices, draw(st.integers(1, 12))


@given(decisions())
def test_outcome_is_what_the_rule_says(decision: tuple[Rule, list[Voice], int]) -> None:
    rule, voices, at_least = decision
    yes, no = voices.count(Voice.YES), voices.count(Voice.NO)
    said = {
        Rule.CONSENT: Voice.OBJECT not in voices and Voice.AGREE in voices,
        Rule.MAJORITY: yes + no > 0 and Fraction(yes, yes + no) > Fraction(1, 2) if yes + no else False,
        Rule.TWO_THIRDS: Fraction(yes, yes + no) >= Fraction(2, 3) if yes + no else False,
    }[rule]
    expected = Outcome.TOO_FEW if len(voices) < at_least else Outcome.CARRIED if said else Outcome.NOT_CARRIED

    decided = decide(rule, voices, at_least=at_least)

    assert decided.outcome is expected
    assert decided.total == len(voices)
    assert dict(decided.counts) == {voice: voices.count(voice) for voice in voices_of(rule)}


@given(decisions(), st.randoms(use_true_random=False))
def test_the_order_of_voices_does_not_matter(
    decision: tuple[Rule, list[Voice], int], chance: random.Random
) -> None:
    rule, voices, at_least = decision
    other = list(voices)
    chance.shuffle(other)

    assert decide(rule, voices, at_least=at_least) == decide(rule, other, at_least=at_least)


@given(decisions())
def test_one_objection_always_stops_consent_and_one_more_yes_never_stops_a_vote(
    decision: tuple[Rule, list[Voice], int],
) -> None:
    rule, voices, at_least = decision
    if rule is Rule.CONSENT:
        objected = decide(rule, [*voices, Voice.OBJECT], at_least=at_least)
        assert objected.outcome is not Outcome.CARRIED
    elif decide(rule, voices, at_least=at_least).outcome is Outcome.CARRIED:
        assert decide(rule, [*voices, Voice.YES], at_least=at_least).outcome is Outcome.CARRIED


def test_voices_of_another_rule_are_refused() -> None:
    with pytest.raises(InvalidInput):
        decide(Rule.CONSENT, [Voice.YES], at_least=1)
    with pytest.raises(InvalidInput):
        decide(Rule.MAJORITY, [], at_least=0)
