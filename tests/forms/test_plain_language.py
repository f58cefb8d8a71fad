"""Plain language: known answers, and what always holds."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms.definition import Question, QuestionKind
from forms.plain_language import (
    Advice,
    Part,
    Warns,
    advice_for,
    asks_twice,
    funder_words,
    lix,
    longest_sentence,
    sentences,
    words_per_sentence,
)
from tests.forms.examples import text

PLAIN = (
    "We give money to community groups. You know your neighbours best. Tell us what you do every week, "
    "and what you need. You can write or talk to us in any language. A person will read each answer. "
    "We will decide in eight weeks. If we say no, we explain why. You can ask for help whenever you want, "
    "without paying anybody."
)
FUNDER_SPEAK = (
    "Applicants must demonstrate robust, sound governance, evidence-based intervention methodologies and "
    "clear sustainability outcomes for disadvantaged beneficiaries. Proposals should articulate firm "
    "deliverables, stakeholder engagement mechanisms and light monitoring arrangements across programme "
    "implementation."
)


def question(**parts):
    return Question(
        "Q1", QuestionKind.TEXT, **{"label": text("What?"), "why_we_ask": text("To know."), **parts}
    )


def test_plain_sample_is_easy_and_funder_speak_is_not():
    # by hand: 62 words, 8 sentences, 7 long words; 31 words, 2 sentences, 20 long words
    assert lix(PLAIN) == Fraction(62, 8) + Fraction(700, 62)
    assert lix(FUNDER_SPEAK) == Fraction(31, 2) + Fraction(2000, 31)
    assert [round(lix(each)) for each in (PLAIN, FUNDER_SPEAK)] == [19, 80]


def test_an_empty_text_and_a_script_without_counted_letters_have_no_lix():
    assert lix("") is None
    assert lix("من يأتي إليكم؟ نريد أن نفهم مجتمعكم بكلماتكم.") is None


@pytest.mark.parametrize(
    ("sample", "expected"),
    [
        ("One. Two words? Three words here!", [1, 2, 3]),
        ("It costs 2.50 pounds. Good.", [4, 1]),
        ("من أنتم؟ ماذا تفعلون؟", [2, 2]),
        ("你们是谁？你们做什么？", [2, 3]),
        ("Хто ви? Що ви робите?", [2, 3]),
        ("First line\nSecond line", [2, 2]),
        ("Without a stop", [3]),
        ("...", []),
    ],
)
def test_sentences_in_several_scripts(sample, expected):
    from forms.words import word_count

    assert [word_count(each) for each in sentences(sample)] == expected


@pytest.mark.parametrize(
    ("language", "asked", "twice"),
    [
        ("en", "Who are you, and who leads the group?", True),
        ("en", "How much do you need, and about how much for what?", True),
        ("en", "What would be stronger? What help would you like?", True),
        ("en", "Who are your workers and volunteers?", False),
        ("es", "¿Quiénes son y quién dirige el grupo?", True),
        ("es", "¿Qué hacen ustedes?", False),
        ("uk", "Хто ви і хто керує групою?", True),
        ("uk", "Хто ваші працівники і волонтери?", False),
        ("ar", "من أنتم وماذا تفعلون؟", True),
        ("ar", "من أنتم؟ كيف بدأتم؟", True),
        ("ar", "من أنتم؟", False),
        ("so", "Maxaa? Yaa?", True),
    ],
)
def test_two_questions_in_one(language, asked, twice):
    assert asks_twice(asked, language) is twice


def test_funder_words_come_with_a_plain_word_once_each():
    found = funder_words("Your outcomes, and Outcomes again: the governance of service  users.", "en-GB")

    assert found == [
        ("outcomes", "what changes"),
        ("governance", "how you make decisions"),
        ("service  users", "the people who come to you"),
    ]
    assert funder_words("outcome", "uk") == []
    assert funder_words("an outcomeless day", "en") == []


def test_every_plain_word_is_free_of_funder_words():
    from forms.plain_language import _listed

    for language in ("en", "es"):
        for _pattern, instead in _listed(language):
            assert funder_words(instead, language) == []
    assert len(_listed("en")) >= 60


def test_advice_names_the_text_the_number_and_what_is_easy():
    asked = question(label=text("What " * 12 + "now?"), help_text=text("word " * 41))

    assert [(each.code, each.part, each.number, each.most) for each in advice_for(asked, "en")] == [
        (Warns.LONG_QUESTION, Part.LABEL, 13, 12),
        (Warns.LONG_HINT, Part.HELP, 41, 40),
        (Warns.LONG_SENTENCE, Part.HELP, 41, 25),
        (Warns.LONG_ON_AVERAGE, Part.ALL, 19, 15),
    ]


def test_texts_at_the_edge_get_no_advice():
    asked = question(label=text("a " * 11 + "b?"), help_text=text(("a " * 19 + "b. ") * 2))

    assert advice_for(asked, "en") == ()


def test_hard_words_count_in_english_only_above_thirty():
    asked = question(
        why_we_ask=text("Organisational responsibilities " * 6 + "are what we want to know of you now.")
    )

    assert [each.code for each in advice_for(asked, "en")] == [Warns.HARD_TO_READ]


def test_a_language_the_question_is_not_written_in_gets_no_advice():
    assert advice_for(question(label=text("What outcomes?" * 20)), "ar") == ()


def test_funder_word_advice_says_where():
    found = advice_for(question(help_text=text("Name your stakeholders.")), "en")

    assert found == (
        Advice(Warns.FUNDER_WORD, Part.HELP, word="stakeholders", instead="people it matters to"),
    )


@given(st.text())
def test_numbers_fit_together_for_any_text(sample):
    mean, longest, hardness = words_per_sentence(sample), longest_sentence(sample), lix(sample)

    assert 0 <= mean <= longest
    assert hardness is None or mean <= hardness <= mean + 100


@given(st.text(), st.sampled_from(["en", "es", "ar", "uk", "zh-Hans", "x"]))
def test_any_question_can_be_looked_at(sample, language):
    asked = question(label=text(sample, **{language: sample}), help_text=text(sample))

    for each in advice_for(asked, language):
        assert each.number > each.most or each.code in (Warns.TWO_QUESTIONS, Warns.FUNDER_WORD)


@given(st.lists(st.sampled_from(["We", "give", "organisations", "money"]), min_size=1, max_size=30))
def test_joining_two_sentences_never_makes_a_text_easier(words):
    once = " ".join(words)

    assert lix(f"{once} and {once}.") > lix(f"{once}. {once}.") - Fraction(100, 1)
    assert longest_sentence(f"{once} and {once}.") > longest_sentence(f"{once}. {once}.")
