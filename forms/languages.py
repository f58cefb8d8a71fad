"""The languages we can offer: names, direction, plural rules, and where to look next."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from babel import Locale

Direction = Literal["ltr", "rtl"]

ONE_FORM = "nplurals=1; plural=0;"
NOT_ONE = "nplurals=2; plural=(n != 1);"
ABOVE_ONE = "nplurals=2; plural=(n > 1);"
ARABIC = (
    "nplurals=6; plural=(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 ? 4 : 5);"
)
EAST_SLAVIC = (
    "nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<12 || n%100>14) ? 1 : 2);"
)
POLISH = "nplurals=3; plural=(n==1 ? 0 : n%10>=2 && n%10<=4 && (n%100<12 || n%100>14) ? 1 : 2);"
ROMANIAN = "nplurals=3; plural=(n==1 ? 0 : n==0 || (n%100>=1 && n%100<=19) ? 1 : 2);"
LITHUANIAN = (
    "nplurals=3; plural=(n%10==1 && (n%100<11 || n%100>19) ? 0 : "
    "n%10>=2 && n%10<=9 && (n%100<11 || n%100>19) ? 1 : 2);"
)


@dataclass(frozen=True)
class Language:
    """`code` is what people and addresses use (BCP 47); `babel_locale` is what Babel understands."""

    code: str
    own_name: str
    english_name: str
    plural_header: str
    direction: Direction = "ltr"
    fallbacks: tuple[str, ...] = ()

    @property
    def babel_locale(self) -> str:
        return self.code.replace("-", "_")

    @property
    def locale(self) -> Locale:
        return Locale.parse("en_GB" if self.code == "en" else self.babel_locale)  # day before month


# Plural headers follow CLDR for whole numbers; the extra forms some languages have for millions are left out,
# as translators' tools do.
_ALL = (
    Language("en", "English", "English", NOT_ONE),
    Language("am", "አማርኛ", "Amharic", ABOVE_ONE),
    Language("ar", "العربية", "Arabic", ARABIC, "rtl"),
    Language("bg", "Български", "Bulgarian", NOT_ONE),
    Language("bn", "বাংলা", "Bengali", ABOVE_ONE),
    Language("ckb", "کوردیی ناوەندی", "Central Kurdish (Sorani)", NOT_ONE, "rtl"),
    Language("es", "Español", "Spanish", NOT_ONE),
    Language("fa", "فارسی", "Persian", ABOVE_ONE, "rtl"),
    Language("fa-AF", "دری", "Dari", ABOVE_ONE, "rtl", ("fa",)),
    Language("fr", "Français", "French", ABOVE_ONE),
    Language("gu", "ગુજરાતી", "Gujarati", ABOVE_ONE),
    Language("hi", "हिन्दी", "Hindi", ABOVE_ONE),
    Language("kmr", "Kurdî (Kurmancî)", "Northern Kurdish (Kurmanji)", NOT_ONE),
    Language("lt", "Lietuvių", "Lithuanian", LITHUANIAN),
    Language("pa", "ਪੰਜਾਬੀ", "Punjabi (Gurmukhi)", ABOVE_ONE),
    Language("pa-Arab", "پنجابی", "Punjabi (Shahmukhi)", ABOVE_ONE, "rtl"),
    Language("pl", "Polski", "Polish", POLISH),
    Language("ps", "پښتو", "Pashto", NOT_ONE, "rtl"),
    Language("pt", "Português", "Portuguese", ABOVE_ONE),
    Language("ro", "Română", "Romanian", ROMANIAN),
    Language("ru", "Русский", "Russian", EAST_SLAVIC),
    Language("so", "Soomaali", "Somali", NOT_ONE),
    Language("sq", "Shqip", "Albanian", NOT_ONE),
    Language("sw", "Kiswahili", "Swahili", NOT_ONE),
    Language("ta", "தமிழ்", "Tamil", NOT_ONE),
    Language("ti", "ትግርኛ", "Tigrinya", ABOVE_ONE),
    Language("tr", "Türkçe", "Turkish", NOT_ONE),
    Language("uk", "Українська", "Ukrainian", EAST_SLAVIC),
    Language("ur", "اردو", "Urdu", NOT_ONE, "rtl"),
    Language("vi", "Tiếng Việt", "Vietnamese", ONE_FORM),
    Language("zh-Hans", "简体中文", "Chinese (Simplified)", ONE_FORM),
)

LANGUAGES: dict[str, Language] = {language.code: language for language in _ALL}
ENGLISH = LANGUAGES["en"]

# Tags that mean one of ours but are written in another way. `ku` is Kurmanji, never Sorani.
_ALIASES = {"prs": "fa-AF", "ku": "kmr", "zh": "zh-Hans", "pa-pk": "pa-Arab", "pnb": "pa-Arab"}
_BY_TAG = {code.lower(): language for code, language in LANGUAGES.items()} | {
    alias: LANGUAGES[code] for alias, code in _ALIASES.items()
}
_TAG = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8}){0,4}", re.ASCII)


def choices_of(codes: Iterable[str]) -> list[tuple[str, str]]:
    """For a form: the languages of ours among these, by code and in their own words."""
    return [(each.code, each.own_name) for code in codes if (each := find_language(code))]


def find_language(tag: object) -> Language | None:
    """The language of ours that a tag such as `ar-EG`, `fa_AF` or `prs` means; None for any junk."""
    if not isinstance(tag, str) or len(tag) > 40 or not _TAG.fullmatch(tag):
        return None
    parts = tag.lower().replace("_", "-").split("-")
    for length in range(len(parts), 0, -1):
        if found := _BY_TAG.get("-".join(parts[:length])):
            return found
    return None


def is_language_code(tag: object) -> bool:
    """True for the exact code of one of our languages, as authored texts must use it."""
    return isinstance(tag, str) and tag in LANGUAGES


def text_direction(text: str, default: Direction = "ltr") -> Direction:
    """The direction of the first character that has one, as browsers do for `dir=auto`."""
    for character in text:
        bidirectional = unicodedata.bidirectional(character)
        if bidirectional == "L":
            return "ltr"
        if bidirectional in ("R", "AL"):
            return "rtl"
    return default
