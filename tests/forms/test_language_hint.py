from __future__ import annotations

import pytest

from forms import language_hint as module
from forms.language_hint import language_hint

TEXTS = {
    "en": "We are a group of women who meet every week.",
    "ar": "نحن مجموعة من النساء نلتقي كل أسبوع في حي واحد",
    "uk": "Ми група жінок, які зустрічаються щотижня, і допомагаємо одна одній.",
    "ti": "ንሕና ኣብ ሰሙን ሓደ ግዜ እንራኸብ ጉጅለ ደቂ ኣንስትዮ ኢና",
    "am": "እኛ በየሳምንቱ የምንገናኝ የሴቶች ቡድን ነን እና አብረን እንወስናለን",
    "ckb": "ئێمە گروپێکی ژنانین و هەموو هەفتەیەک کۆ دەبینەوە",
    "so": "Waxaan nahay koox haween ah oo toddobaad kasta kulanta",
}


@pytest.mark.parametrize("language", TEXTS)
def test_hint_knows_the_languages_of_the_groups(language: str):
    pytest.importorskip("pycld2")

    assert language_hint(TEXTS[language]) == language


@pytest.mark.parametrize(
    "text", ["", "Hi", "12345 67890 12345", "!!! ... ???", "\x00\ud800" * 20, "x" * 20_000]
)
def test_hint_is_silent_about_what_is_too_little_or_no_language(text: str):
    assert language_hint(text) is None


def test_hint_is_silent_where_the_library_is_missing(monkeypatch: pytest.MonkeyPatch):
    def missing(_name: str) -> None:
        raise ImportError

    monkeypatch.setattr(module.importlib, "import_module", missing)

    assert language_hint(TEXTS["en"]) is None
