"""From a posted page back to plain data. Whether it fits is said by the checks of the call file."""

from __future__ import annotations

import dataclasses
import re
import unicodedata
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, get_args, get_origin

from werkzeug.datastructures import MultiDict

from forms.conditions import Condition
from forms.localized import LocalizedText
from fundapp.call_file.edit import Content, find
from fundapp.call_file.problems import Path
from fundapp.call_file.schema import MOST_ITEMS, fields_of
from fundapp.call_file.values import LONGEST_TEXT
from fundapp.web.fund.building.conditions import posted_condition
from fundapp.web.fund.building.places import OWN_PAGES, Block
from fundapp.web.fund.building.shape import Around, inner_type, name_of

Posted = MultiDict[str, str]
_GROUPED = re.compile(r"[0-9]{1,3}([,  ’'][0-9]{3})+(\.[0-9]+)?", re.ASCII)


def posted_values(blocks: tuple[Block, ...], posted: Posted, around: Around) -> dict[Path, object]:
    """The value of each field on the page, by its path; None where nothing was filled in."""
    values: dict[Path, object] = {}
    for block in blocks:
        for name in block.field_names:
            hint = inner_type(fields_of(block.part)[name].hint)
            path = (*block.path, name)
            if not _is_listed(hint):
                values[path] = _value(hint, path, posted, around)
    return values


def saved_place(path: Path, blocks: tuple[Block, ...], posted: Posted, around: Around) -> Path | None:
    """Where a line of the page stands once it is saved without its empty lines; None for one of them."""
    for block in blocks:
        above = len(block.path)
        if path[:above] == block.path and path[above : above + 1] and path[above] in block.field_names:
            below = _saved_below(block.part, block.path, path[above:], posted, around)
            return None if below is None else (*block.path, *below)
    return None


def _saved_below(hint: Any, here: Path, rest: Path, posted: Posted, around: Around) -> Path | None:
    if not rest:
        return ()
    step, found = rest[0], rest[0]
    if get_origin(hint) is tuple and isinstance(step, int):
        (inner, *_more) = get_args(hint)
        lines = range(min(step, MOST_ITEMS) + 1)
        kept = [number for number in lines if _row(inner, (*here, number), posted, around) is not None]
        if step not in kept:
            return None
        found = len(kept) - 1
    elif isinstance(hint, type) and dataclasses.is_dataclass(hint) and step in fields_of(hint):
        inner = inner_type(fields_of(hint)[str(step)].hint)
    else:
        return None
    below = _saved_below(inner, (*here, step), rest[1:], posted, around)
    return None if below is None else (found, *below)


def _is_listed(hint: object) -> bool:
    return get_origin(hint) is tuple and get_args(hint)[0] in OWN_PAGES


def _value(hint: Any, path: Path, posted: Posted, around: Around) -> object:
    name = name_of(path)
    if hint is Condition:
        return posted_condition(name, posted, find(around.content, path))
    if hint is LocalizedText:
        return _texts(name, posted, around.languages)
    if get_origin(hint) is tuple:
        return _several(get_args(hint)[0], path, posted, around)
    if dataclasses.is_dataclass(hint) and isinstance(hint, type):
        return _group(hint, path, posted, around)
    if hint is bool:
        return posted.get(name) == "yes"
    text = tidy(posted.get(name, ""))
    return (plain_digits(text) if hint in (int, Decimal) else text) or None


def _texts(name: str, posted: Posted, languages: list[str]) -> object:
    typed = {code: tidy(posted.get(f"{name}.{code}", "")) for code in languages}
    return {code: text for code, text in typed.items() if text} or None


def _group(part: type, path: Path, posted: Posted, around: Around) -> object:
    """None where nothing in it was filled in; lists with pages of their own stay as they are."""
    filled: dict[str, object] = {}
    for name, field in fields_of(part).items():
        hint, here = inner_type(field.hint), (*path, name)
        value = find(around.content, here) if _is_listed(hint) else _value(hint, here, posted, around)
        if value is not None and not (value in ([], False) and not field.is_required):
            filled[name] = value
    return filled or None


def _several(item: Any, path: Path, posted: Posted, around: Around) -> object:
    name = name_of(path)
    if item is not LocalizedText and not dataclasses.is_dataclass(item):
        lines = posted.getlist(name)
        if f"{name}.is-list" not in posted:
            lines = "\n".join(lines).splitlines()
            return [text for line in lines if (text := tidy(line))][:MOST_ITEMS]
        before = find(around.content, path)
        first = [each for each in before if each in lines] if isinstance(before, list) else []
        return [*first, *(each for each in lines if each not in first)]
    rows = []
    for number in range(min(_count(posted.get(f"{name}.rows", "")), MOST_ITEMS)):
        row = _row(item, (*path, number), posted, around)
        if row is not None:
            rows.append(row)
    return rows


def _row(item: Any, path: Path, posted: Posted, around: Around) -> object:
    """One line of a list; None where nothing was filled in."""
    if item is LocalizedText:
        return _texts(name_of(path), posted, around.languages)
    row = _group(item, path, posted, around)
    if not isinstance(row, dict) or set(row) <= {"key"} or not any(_is_typed(each) for each in row.values()):
        return None
    if "key" in fields_of(item) and not row.get("key"):
        row = {"key": posted.get(f"{name_of(path)}.key") or new_key(path, around.content)} | row
    return row


def _is_typed(value: object) -> bool:
    return value not in (None, False, [], {})


def new_key(path: Path, content: Content) -> str:
    """For a new line: a key that no other line of its list has."""
    items = find(content, path[:-1])
    taken = (
        {each.get("key") for each in items if isinstance(each, Mapping)} if isinstance(items, list) else set()
    )
    number = int(path[-1]) + 1
    while f"k{number}" in taken:
        number += 1
    return f"k{number}"


def _count(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 5 else 0


def tidy(text: str) -> str:
    """Line ends stay; every other white space becomes one space. Longer than a text may be is cut at the end
    by the check, not here."""
    lines = (" ".join(line.split()) for line in text[: LONGEST_TEXT * 2].replace("\r", "").split("\n"))
    return "\n".join(lines).strip()


def plain_digits(text: str) -> str:
    """As the call file writes numbers: £1,900,000 and ١٢ become 1900000 and 12; anything else stays."""
    digits = "".join(str(unicodedata.digit(sign, sign)) if sign.isdigit() else sign for sign in text)
    bare = digits.strip().removeprefix("£").removesuffix("%").strip()
    grouped = re.sub(r"[,\s’']", "", bare) if _GROUPED.fullmatch(bare) else bare
    return grouped or digits
