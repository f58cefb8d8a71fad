import gettext

import pytest
from babel import Locale
from hypothesis import given
from hypothesis import strategies as st

from forms.languages import ENGLISH, LANGUAGES, Language, find_language, is_language_code, text_direction

WANTED = (
    "en es ar uk so ti am fa fa-AF ps ur ckb kmr bn tr pl ro pt fr sq vi zh-Hans".split()  # noqa: SIM905
)


def test_all_languages_of_the_plan_are_offered():
    assert set(WANTED) <= set(LANGUAGES)
    assert len(LANGUAGES) >= 25


def test_right_to_left_languages_are_exactly_these():
    right_to_left = {code for code, language in LANGUAGES.items() if language.direction == "rtl"}
    assert right_to_left == {"ar", "fa", "fa-AF", "ps", "ur", "ckb", "pa-Arab"}


@pytest.mark.parametrize("language", LANGUAGES.values(), ids=LANGUAGES)
def test_language_is_known_to_babel_with_the_same_direction(language: Language):
    assert language.locale.text_direction == language.direction
    assert text_direction(language.own_name) == language.direction


@pytest.mark.parametrize("language", LANGUAGES.values(), ids=LANGUAGES)
def test_plural_header_groups_numbers_as_cldr_does(language: Language):
    count, expression = language.plural_header.removeprefix("nplurals=").rstrip(";").split("; plural=")
    form_of = gettext.c2py(expression)
    base = Locale.parse(language.code.split("-")[0])

    pairs = {(form_of(n), base.plural_form(n)) for n in range(2_000)}

    # one form for each CLDR category that whole numbers below a million use
    assert len(pairs) == len({form for form, _category in pairs}) == len({c for _form, c in pairs})
    assert {form for form, _category in pairs} == set(range(int(count)))


@pytest.mark.parametrize(
    ("tag", "code"),
    [
        ("ar", "ar"),
        ("AR-eg", "ar"),
        ("prs", "fa-AF"),
        ("fa_AF", "fa-AF"),
        ("fa-IR", "fa"),
        ("zh", "zh-Hans"),
        ("zh-CN", "zh-Hans"),
        ("ku", "kmr"),
        ("ckb-IQ", "ckb"),
        ("pa-Arab-PK", "pa-Arab"),
        ("pt-BR", "pt"),
        ("en-GB", "en"),
    ],
)
def test_find_language_understands_the_tags_of_browsers(tag: str, code: str):
    assert find_language(tag) is LANGUAGES[code]


@pytest.mark.parametrize(
    "junk",
    ["", "xx", "../", "en/../..", "a" * 10_000, "en-" * 20, "en\x00", "\ud800", "ａｒ", "*", None, 5, []],
)
def test_find_language_finds_nothing_for_junk(junk: object):
    assert find_language(junk) is None


@given(st.one_of(st.text(), st.from_regex(r"[a-zA-Z_-]{0,50}")))
def test_find_language_never_fails(tag: str):
    assert find_language(tag) in (None, *LANGUAGES.values())


def test_language_code_must_be_exact():
    assert is_language_code("fa-AF")
    assert not is_language_code("fa-af")
    assert not is_language_code("prs")
    assert not is_language_code(None)
    assert ENGLISH.code == "en"


@pytest.mark.parametrize(
    ("words", "direction"),
    [
        ("Circle!", "ltr"),
        ("دائرة!", "rtl"),
        ("... 25 شمعة", "rtl"),
        ("(2027) Коло", "ltr"),
        ("שלום", "rtl"),
        ("123 – 456", "ltr"),
        ("", "ltr"),
    ],
)
def test_direction_comes_from_the_first_character_that_has_one(words: str, direction: str):
    assert text_direction(words) == direction


@given(st.text(alphabet="0123456789 .,!?()-"), st.text())
def test_direction_does_not_depend_on_digits_and_signs_before_the_words(signs: str, rest: str):
    assert text_direction(signs + "ع" + rest) == "rtl"
    assert text_direction(signs + "ж" + rest) == "ltr"
    assert text_direction(signs, default="rtl") == "rtl"
