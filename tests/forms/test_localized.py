import pytest

from forms.localized import LocalizedText

TEXT = LocalizedText.of({"es": "Hola", "fa": "سلام", "ar": ""})


@pytest.mark.parametrize(
    ("language", "chosen"),
    [
        ("fa", ("سلام", "fa")),
        ("fa-AF", ("سلام", "fa")),
        ("ar", ("Hola", "es")),
        ("uk", ("Hola", "es")),
    ],
)
def test_text_is_chosen_exactly_then_by_base_language_then_from_the_source(
    language: str, chosen: tuple[str, str]
):
    assert TEXT.choose(language) == chosen
    assert TEXT.in_language(language) == chosen[0]


def test_text_without_words_is_empty_in_the_language_asked_for():
    assert LocalizedText(()).choose("ar") == ("", "ar")


def test_text_knows_its_languages_and_keeps_their_order():
    assert list(TEXT) == [("es", "Hola"), ("fa", "سلام"), ("ar", "")]
    assert TEXT.languages == {"es", "fa", "ar"}
    assert LocalizedText.of(TEXT.as_dict()) == TEXT
    assert TEXT.find("uk") is None
