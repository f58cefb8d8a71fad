"""A text without the names, addresses and numbers that would say who wrote it: a first attempt for a person.

It marks too much rather than too little, and still cannot know everything. Somebody reads it afterwards.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from forms.private_details import detail_spans

MARK = "[…]"  # needs no language
SHORTEST_PART = 3  # letters of a part of a person's name that is looked for alone

E_MAIL = r"[^\s@<>()\[\],;:]+@[^\s@<>()\[\],;:]+\.\w+"
WEB = r"(?:https?://|www\.)[^\s<>()\[\]]*[^\s<>()\[\].,;:!?]|(?<![\w@.])[\w-]+(?:\.[\w-]+)*\.(?:org|com|net|info|uk|eu|es)\b(?:/[^\s<>()\[\].,;:]*)?"
HANDLE = r"(?<!\w)@\w[\w.]{2,}"
ADDRESSES = re.compile(f"{E_MAIL}|{WEB}|{HANDLE}", re.IGNORECASE)
LEGAL_ENDS = re.compile(r"[\s,]+(?:CIC|CIO|C\.I\.C\.|LTD\.?|LIMITED|LLP|PLC|TRUST|CHARITY)$", re.IGNORECASE)
RUN_OF_MARKS = re.compile(rf"{re.escape(MARK)}(?:[\s,.\-–]*{re.escape(MARK)})+")


def without_names(text: str, groups: Iterable[str] = (), people: Iterable[str] = ()) -> str:
    """With a mark in place of each name, e-mail and web address, handle, phone and postcode."""
    found = [match.span() for match in ADDRESSES.finditer(text)]
    found += [(start, end) for _kind, start, end in detail_spans(text)]
    for pattern in (*_group_patterns(groups), *_person_patterns(people)):
        found += [match.span() for match in pattern.finditer(text)]
    left, place = [], 0
    for start, end in sorted(found):
        if start >= place:
            left += [text[place:start], MARK]
        place = max(place, end)
    return RUN_OF_MARKS.sub(MARK, "".join((*left, text[place:])))


def _group_patterns(names: Iterable[str]) -> Iterator[re.Pattern[str]]:
    """As written, without its legal form, and by its initials."""
    for name in names:
        for form in {name.strip(), LEGAL_ENDS.sub("", name.strip())} - {""}:
            yield _whole(form, re.IGNORECASE)
        initials = "".join(word[0] for word in name.split() if word[0].isupper())
        if len(initials) >= SHORTEST_PART:
            yield _whole(initials)


def _person_patterns(names: Iterable[str]) -> Iterator[re.Pattern[str]]:
    for name in names:
        parts = [part for part in name.split() if len(part) >= SHORTEST_PART]
        for form in {name.strip(), *parts} - {""}:
            yield _whole(form)


def _whole(name: str, flags: int = 0) -> re.Pattern[str]:
    """With any white space between its words. Arabic joins prefixes to a name, so its start stays open."""
    start = "" if re.match("[\u0590-\u08ff]", name) else r"(?<!\w)"
    words = r"\s+".join(map(re.escape, name.split()))
    return re.compile(rf"{start}{words}(?!\w)", flags)
