"""The cells of one row as values; every problem is noted with its row, and reading goes on."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import StrEnum
from typing import TypeVar

from forms.conditions import Condition
from forms.i18n import _
from forms.localized import LocalizedText
from forms.spreadsheet import SheetProblem
from forms.xlsform.tables import SheetRow
from forms.xlsform.xpath import NotOurXPath, from_xpath

GOOD_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}", re.ASCII)
YES = ("yes", "true", "true()")
NO = ("", "no", "false", "false()")
LARGEST = 10_000

E = TypeVar("E", bound=StrEnum)


class RowValues:
    def __init__(self, languages: Sequence[str], problems: list[SheetProblem]) -> None:
        self.languages = languages
        self.problems = problems

    def refuse(self, row: SheetRow, message: str) -> None:
        self.problems.append(SheetProblem(row.sheet, row.number, message))

    def key(self, row: SheetRow, name: str, *, without: str = "") -> str:
        key = row[name].removeprefix(without)
        if not GOOD_KEY.fullmatch(key):
            message = _(
                "Write in “%(name)s” letters a–z, digits, - and _ only, at most 40, for example Q5.",
                name=name,
            )
            self.refuse(row, message)
        return key

    def text(self, row: SheetRow, name: str) -> LocalizedText:
        found = self.find_text(row, name)
        if found is None:
            self.refuse(row, _("Write “%(name)s” in at least one language.", name=name))
            return LocalizedText(())
        return found

    def find_text(self, row: SheetRow, name: str) -> LocalizedText | None:
        return row.text(name, self.languages)

    def number(self, row: SheetRow, name: str) -> int | None:
        written = row[name]
        if not written:
            return None
        is_short = len(written) <= len(str(LARGEST))
        if is_short and written.isascii() and written.isdigit() and 1 <= int(written) <= LARGEST:
            return int(written)
        self.refuse(row, _("Write a whole number from 1 to 10,000 in “%(name)s”.", name=name))
        return None

    def yes_no(self, row: SheetRow, name: str) -> bool:
        written = row[name].lower()
        if written not in (*YES, *NO):
            self.refuse(row, _("Write “yes” or “no” in “%(name)s”.", name=name))
        return written in YES

    def word(self, row: SheetRow, name: str, words: type[E]) -> E | None:
        return self.word_of(row, row[name], words)

    def word_of(self, row: SheetRow, written: str, words: type[E]) -> E | None:
        try:
            return words(written)
        except ValueError:
            known = ", ".join(words)
            message = _(
                "“%(text)s” cannot stand here. Use one of: %(known)s.", text=written[:60], known=known
            )
            self.refuse(row, message)
            return None

    def condition(self, row: SheetRow, name: str) -> Condition | None:
        if not row[name]:
            return None
        try:
            return from_xpath(row[name])
        except NotOurXPath as error:
            self.refuse(row, error.message)
            return None
