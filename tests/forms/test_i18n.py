from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest

from forms import i18n
from forms.base import BaseForm
from forms.fields import TextField
from forms.i18n import _, activate, current_language, load_catalogue, ngettext, set_language, use_catalogues
from forms.languages import ENGLISH, LANGUAGES

ARABIC = """
msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\\n"
"Language: ar\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

msgid "Save"
msgstr "حفظ"

msgid "Write at most %(limit)s words."
msgstr "اكتب %(limit)s كلمة على الأكثر."

msgid "Untranslated"
msgstr ""

#, fuzzy
msgid "Guessed"
msgstr "تخمين"

msgid "%(n)s call"
msgid_plural "%(n)s calls"
msgstr[0] "لا نداءات"
msgstr[1] "نداء واحد"
msgstr[2] "نداءان"
msgstr[3] "%(n)s نداءات"
msgstr[4] "%(n)s نداءً"
msgstr[5] "%(n)s نداء"

msgid "%(n)s group"
msgid_plural "%(n)s groups"
msgstr[0] ""
msgstr[1] ""
"""
PERSIAN = """
msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8\\n"

msgid "Save"
msgstr "ذخیره"

msgid "Back"
msgstr "بازگشت"
"""
DARI = """
msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8\\n"

msgid "Save"
msgstr "ذخیره شود"
"""


@pytest.fixture
def catalogues(tmp_path: Path) -> Iterator[Path]:
    for name, content in {"ar": ARABIC, "fa": PERSIAN, "fa_AF": DARI}.items():
        folder = tmp_path / name / "LC_MESSAGES"
        folder.mkdir(parents=True)
        (folder / "messages.po").write_text(content, encoding="utf-8")
    before = list(i18n._directories)
    use_catalogues(tmp_path)
    yield tmp_path
    i18n._directories[:] = before


def test_text_is_translated_when_shown_not_when_written(catalogues: Path):
    save = _("Save")

    with activate("ar"):
        in_arabic = str(save)

    assert (in_arabic, str(save)) == ("حفظ", "Save")


def test_values_are_filled_in_the_language_of_the_reader(catalogues: Path):
    limit = _("Write at most %(limit)s words.", limit=_("Save"))

    with activate("ar"):
        assert str(limit) == "اكتب حفظ كلمة على الأكثر."
    assert str(limit) == "Write at most Save words."


def test_percent_sign_is_kept_when_there_are_no_values():
    assert str(_("At least 60% of this fund")) == "At least 60% of this fund"


def test_arabic_has_six_forms_whatever_the_header_of_the_file_says(catalogues: Path):
    with activate("ar"):
        shown = [str(ngettext("%(n)s call", "%(n)s calls", n)) for n in (0, 1, 2, 3, 11, 100)]

    assert shown == ["لا نداءات", "نداء واحد", "نداءان", "3 نداءات", "11 نداءً", "100 نداء"]


def test_text_without_a_finished_translation_is_shown_in_the_source(catalogues: Path):
    with activate("ar"):
        shown = [str(_("Untranslated")), str(_("Guessed")), str(ngettext("%(n)s group", "%(n)s groups", 5))]

    assert shown == ["Untranslated", "Guessed", "5 groups"]


def test_dari_falls_back_to_persian_then_to_the_source(catalogues: Path):
    with activate("prs"):
        assert [str(_("Save")), str(_("Back")), str(_("Next"))] == ["ذخیره شود", "بازگشت", "Next"]


def test_language_without_a_catalogue_or_unknown_shows_source_texts(catalogues: Path):
    for tag in ("uk", "xx", "../", "a" * 10_000):
        with activate(tag):
            assert str(_("Save")) == "Save"


def test_languages_nest_and_end_even_after_an_error(catalogues: Path):
    def fail_in_persian() -> None:
        with activate("fa"):
            raise LookupError(current_language().code)

    with activate("ar"):
        with pytest.raises(LookupError, match="fa"):
            fail_in_persian()
        assert current_language() is LANGUAGES["ar"]
    assert current_language() is ENGLISH


def test_threads_do_not_share_a_language(catalogues: Path):
    seen = []

    with activate("ar"):
        thread = Thread(target=lambda: seen.append(current_language()))
        thread.start()
        thread.join()

    assert seen == [ENGLISH]


def test_set_language_holds_until_the_next_one(catalogues: Path):
    with activate("en"):
        assert set_language("ar") is LANGUAGES["ar"]
        assert str(_("Save")) == "حفظ"
    assert current_language() is ENGLISH


def test_catalogue_is_read_once(catalogues: Path):
    assert load_catalogue(catalogues, LANGUAGES["ar"]) is load_catalogue(catalogues, LANGUAGES["ar"])


def test_form_class_shows_its_label_in_the_language_of_each_reader(catalogues: Path):
    class SaveForm(BaseForm):
        name = TextField(_("Save"))

    with activate("ar"):
        assert str(SaveForm().name.label) == '<label for="name">حفظ</label>'
    assert str(SaveForm().name.label) == '<label for="name">Save</label>'
