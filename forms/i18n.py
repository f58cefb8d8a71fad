"""Interface texts in the reader's language. `_` marks a text; it is translated when it is shown."""

from __future__ import annotations

import gettext as stdlib_gettext
import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO, StringIO
from itertools import pairwise
from pathlib import Path
from typing import cast

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import LazyProxy

from forms.languages import ENGLISH, LANGUAGES, Language, find_language

_PLURAL_HEADER = re.compile(r'"Plural-Forms:(?:[^"\\]|"\s*")*\\n"\s*')
_START_OF_HEADER = re.compile(r'^msgid ""\s*\nmsgstr\s', re.MULTILINE)
_SOURCE_TEXTS = stdlib_gettext.NullTranslations()


@dataclass(frozen=True)
class _Active:
    language: Language
    catalogue: stdlib_gettext.NullTranslations


_active: ContextVar[_Active | None] = ContextVar("_active", default=None)
_directories: list[Path] = []


def use_catalogues(directory: Path) -> None:
    """Where `<language>/LC_MESSAGES/messages.po` lie, for the whole process. Called once at start-up."""
    _directories[:] = [directory]


@contextmanager
def activate(language: str) -> Iterator[Language]:
    """Inside the block texts come out in this language; an unknown language means English."""
    token = _active.set(_with_catalogue(language))
    try:
        yield current_language()
    finally:
        _active.reset(token)


def set_language(language: str) -> Language:
    """Like `activate`, for entry points without a block: holds until the next call in the same context."""
    _active.set(_with_catalogue(language))
    return current_language()


def current_language() -> Language:
    return _now().language


def translate(message: str, **values: object) -> str:
    """The text now, in the active language."""
    text = _now().catalogue.gettext(message)
    return text % values if values else text


def translate_plural(singular: str, plural: str, n: int, **values: object) -> str:
    """The text now; `%(n)s` is the number."""
    text = _now().catalogue.ngettext(singular, plural, n)
    return text % {"n": n, **values}


def _(message: str, **values: object) -> str:
    """A text that is translated each time it is shown.

    Really a LazyProxy; typed as `str` because everything that shows texts takes it as one. Use `str(...)`
    before storing or joining it.
    """
    return cast(str, LazyProxy(translate, message, enable_cache=False, **values))


def ngettext(singular: str, plural: str, n: int, **values: object) -> str:
    """Like `_`, choosing the form for the number `n`, which is also the value `%(n)s`."""
    return cast(str, LazyProxy(translate_plural, singular, plural, n, enable_cache=False, **values))


def load_catalogue(directory: Path, language: Language) -> stdlib_gettext.NullTranslations:
    """The catalogue of a language with those it falls back to; source texts where there is no file."""
    return _load_catalogue(directory, language.code)


def has_catalogue(code: str) -> bool:
    """Whether our own texts are there in this language, and not only in one it falls back to."""
    language = find_language(code)
    return language is not None and any(_file_of(language, each) is not None for each in _directories)


@lru_cache(maxsize=256)
def _load_catalogue(directory: Path, code: str) -> stdlib_gettext.NullTranslations:
    language = LANGUAGES[code]
    found = [
        catalogue
        for each in (language, *(LANGUAGES[fallback] for fallback in language.fallbacks))
        if (catalogue := _read_catalogue(directory, each)) is not None
    ]
    for earlier, later in pairwise(found):
        earlier.add_fallback(later)
    return found[0] if found else _SOURCE_TEXTS


def _file_of(language: Language, directory: Path) -> Path | None:
    paths = (
        directory / name / "LC_MESSAGES" / "messages.po" for name in (language.code, language.babel_locale)
    )
    return next((path for path in paths if path.is_file()), None)


def _read_catalogue(directory: Path, language: Language) -> stdlib_gettext.NullTranslations | None:
    if (path := _file_of(language, directory)) is None:
        return None
    text = _with_our_plurals(path.read_text(encoding="utf-8"), language)
    return _translations(read_po(StringIO(text)), language)


def _with_our_plurals(text: str, language: Language) -> str:
    """Tools disagree about plural rules; ours come from one table, whatever the header of the file says."""
    header = f'msgid ""\nmsgstr "Plural-Forms: {language.plural_header}\\n"\n'
    without = _PLURAL_HEADER.sub("", text, count=1)
    with_ours, found = _START_OF_HEADER.subn(lambda _match: header, without, count=1)
    return with_ours if found else f"{header}\n{without}"


def _translations(catalogue: Catalog, language: Language) -> stdlib_gettext.GNUTranslations:
    for message in list(catalogue):
        strings = message.string if isinstance(message.string, tuple | list) else (message.string,)
        if message.id and not all(strings):  # half a plural would show as an empty text
            catalogue.delete(message.id, message.context)
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    translations = stdlib_gettext.GNUTranslations(compiled)
    expression = language.plural_header.split("plural=", 1)[1].rstrip(";")
    translations.plural = stdlib_gettext.c2py(expression)  # type: ignore[attr-defined]
    return translations


def _now() -> _Active:
    return _active.get() or _Active(ENGLISH, _SOURCE_TEXTS)


def _with_catalogue(language: str) -> _Active:
    found = find_language(language) or ENGLISH
    if not _directories:
        return _Active(found, _SOURCE_TEXTS)
    return _Active(found, load_catalogue(_directories[0], found))
