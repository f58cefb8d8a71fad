import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms.words import tolerated_words, within_limit, word_count


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", 0),
        ("   \n ", 0),
        ("We are a women's well-being group.", 6),
        ("one – two ... three !", 3),
        ("نحن مجموعة من النساء.", 4),
        ("Ми – жіноча група", 3),
        ("ሰላም፡ለዓለም፡ሁሉ።", 3),
        ("ሰላም ለዓለም ሁሉ", 3),
        ("我们帮助妇女。", 3),
        ("我们的group在London", 4),
        ("2027 2028", 2),
        ("می‌خواهم بروم", 2),
    ],
)
def test_words_are_counted_in_every_script(text: str, words: int):
    assert word_count(text) == words


@given(st.lists(st.text(st.characters(categories=["Ll"]), min_size=1), max_size=20))
def test_words_with_spaces_between_are_counted_one_by_one(words: list[str]):
    assert word_count(" ".join(words)) == len(words)


@given(st.text())
def test_counting_never_fails(text: str):
    assert 0 <= word_count(text) <= len(text)


def test_a_tenth_above_the_limit_is_let_through():
    assert tolerated_words(60) == 66
    assert [within_limit(count, 60) for count in (60, 66, 67)] == [True, True, False]
    assert within_limit(100_000, None)
