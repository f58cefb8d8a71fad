"""Texts that look like a place or a person one could find: shown to their writer, never refused.

It looks for UK postcodes, National Insurance numbers, numbers of the Home Office and phone numbers, in any
digits. It cannot know; it only asks a second look.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

MOST_SHOWN = 5


class DetailKind(StrEnum):
    POSTCODE = "postcode"
    NATIONAL_INSURANCE = "national_insurance"
    CASE_NUMBER = "case_number"
    PHONE = "phone"


@dataclass(frozen=True)
class PrivateDetail:
    kind: DetailKind
    text: str  # as it was written


AREAS = (
    "AB AL BA BB BD BH BL BN BR BS BT B CA CB CF CH CM CO CR CT CV CW DA DD DE DG DH DL DN DT DY EC EH EN EX "
    "E FK FY GL GU GY G HA HD HG HP HR HS HU HX IG IM IP IV JE KA KT KW KY LA LD LE LL LN LS LU L ME MK ML M "
    "NE NG NN NP NR NW N OL OX PA PE PH PL PO PR RG RH RM SA SE SG SK SL SM SN SO SP SR SS ST SW SY S "
    "TA TD TF TN TQ TR TS TW UB WA WC WD WF WN WR WS WV W YO ZE"
)
ALONE, NO_MORE = r"(?<![A-Z0-9])", r"(?![A-Z0-9])"
POSTCODE = re.compile(
    rf"{ALONE}(?:{'|'.join(AREAS.split())})[0-9][0-9A-Z]?[ .-]{{0,3}}[0-9][ABD-HJLNP-UW-Z]{{2}}{NO_MORE}"
)
ORDINAL = re.compile(r"(?:1st|2nd|3rd|[04-9]th)$")  # "E8 4th floor" is no postcode
SPACE = r"[ .-]?"
NINO_PREFIX = r"(?!BG|GB|KN|NK|NT|TN|ZZ)[A-CEGHJ-TW-Z][A-CEGHJ-NP-TW-Z]"
NATIONAL_INSURANCE = re.compile(
    rf"{ALONE}{NINO_PREFIX}{SPACE}(?:[0-9]{SPACE}){{6}}[A-D]{NO_MORE}"
    r"|(?:NINO|NI|INSURANCE) (?:NUMBER|NO)?[ .:]{0,3}"
    rf"{NINO_PREFIX}{SPACE}(?:[0-9]{SPACE}){{5}}[0-9]{NO_MORE}"
)
CASE_NUMBER = re.compile(
    rf"{ALONE}(?:"
    rf"[RZ][A-Z]{SPACE}[0-9X][ -]?[0-9]{{3}}[ -]?[0-9]{{3}}"  # residence permit
    r"|[0-9]{4}(?:[ -]?[0-9]{4}){3}"  # application (UAN)
    r"|GWF[ -]?[0-9]{3}[ -]?[0-9]{3}[ -]?[0-9]{3}"  # visa
    r"|[A-Z][ -]?[0-9]{7}(?:/[0-9]{1,3})?"  # the file of a person
    r"|[A-Z]{2,3}[0-9]?[/ -][0-9]{6,8}(?<!SC[/ -][0-9]{6})"  # port and asylum registration
    r"|[0-9]{2}/[0-9]{2}/[0-9]{5}(?:/[0-9]{3})?"  # support for asylum seekers
    r"|(?:AA|DA|DC|EA|HU|IA|JR|LP|PA|RP|UI)[/-][0-9]{4,6}[/-](?:19|20)[0-9]{2}"  # appeals
    r"|UI-20[0-9]{2}-[0-9]{6}"
    rf"){NO_MORE}"
    rf"|SHARE CODE[ :]{{1,3}}[A-Z0-9]{{3}} ?[A-Z0-9]{{3}} ?[A-Z0-9]{{3}}{NO_MORE}"
)
REGISTER = re.compile(
    r"(?:CHARITY|COMPANY|CIO|CIC|REGISTERED)[A-Z ]{0,20}[:#]? ?$"
)  # numbers of groups are public
DATE = re.compile(r"(?<![0-9])[0-9]{1,2}([./-])[0-9]{1,2}\1(?:19|20)?[0-9]{2}(?![0-9])")
NUMBER = re.compile(r"(?<![0-9A-Z,.£$€])(?:\+|\(0|0)[0-9 ().-]{7,28}[0-9](?![0-9])")
CALLED = re.compile(
    r"(?:PHONE|TEL|MOBILE|WHATSAPP|SIGNAL|VIBER|CALL|TELÉFONO|MÓVIL|LLAMAR|هاتف|جوال|واتساب|ТЕЛЕФОН|ТЕЛ)"
    r"[A-Z]{0,7}[ .:]{0,3}(?:(?:ME|US|AL|A|NO|NUMBER|رقم) ?[.:]? ?)?([0-9][0-9 -]{5,14}[0-9])(?![0-9])"
)
UK_LENGTHS, WORLD_LENGTHS = range(10, 12), range(8, 16)

# Letters of another keyboard that look the same.
LOOKALIKES = str.maketrans("АВЕКМНОРСТХУІЈЅавекмнорстхуіјѕ", "ABEKMHOPCTXYIJSABEKMHOPCTXYIJS")


def private_details(text: str) -> list[PrivateDetail]:
    """What was found, in the order of the text, each text once and at most MOST_SHOWN."""
    shown: dict[str, PrivateDetail] = {}
    for kind, start, end in detail_spans(text):
        written = text[start:end].strip()
        shown.setdefault(written, PrivateDetail(kind, written))
    return list(shown.values())[:MOST_SHOWN]


def detail_spans(text: str) -> Iterator[tuple[DetailKind, int, int]]:
    """Where they stand in the text: none overlaps another one."""
    plain, places = _plain(text)
    spans = sorted({(start, end): kind for kind, start, end in _found(plain, text, places)}.items())
    last = 0
    for (start, end), kind in spans:
        if start >= last:
            last = end
            yield kind, places[start], places[end - 1] + 1


def _plain(text: str) -> tuple[str, list[int]]:
    """Latin capitals and digits only, without invisible characters; where each stands in the text."""
    plain, places = [], []
    for place, character in enumerate(text):
        if unicodedata.category(character) == "Cf":
            continue
        single = _single(character)
        plain.append(single)
        places.append(place)
    return "".join(plain), places


def _single(character: str) -> str:
    if (digit := unicodedata.decimal(character, None)) is not None:
        return str(digit)
    match unicodedata.category(character):
        case "Zs":
            return " "
        case "Pd":
            return "-"
    folded = unicodedata.normalize("NFKC", character).translate(LOOKALIKES).upper()
    return folded if len(folded) == 1 else character


def _found(plain: str, text: str, places: list[int]) -> Iterator[tuple[DetailKind, int, int]]:
    for match in POSTCODE.finditer(plain):
        written = text[places[match.start()] : places[match.end() - 1] + 1]
        if not ORDINAL.search(written):
            yield DetailKind.POSTCODE, *match.span()
    for match in NATIONAL_INSURANCE.finditer(plain):
        yield DetailKind.NATIONAL_INSURANCE, *match.span()
    for match in CASE_NUMBER.finditer(plain):
        if not REGISTER.search(plain, max(0, match.start() - 40), match.start()):
            yield DetailKind.CASE_NUMBER, *match.span()
    without_dates = DATE.sub(lambda date: "/" * len(date[0]), plain)
    for match in NUMBER.finditer(without_dates):
        if _is_phone(match[0]):
            yield DetailKind.PHONE, *match.span()
    for match in CALLED.finditer(without_dates):
        yield DetailKind.PHONE, *match.span(1)


def _is_phone(run: str) -> bool:
    groups = re.findall(r"[0-9]+", run.replace("(0)", ""))
    digits = "".join(groups)
    if max(map(len, groups)) < 3:
        return False  # "01 02 03 04 05" counts something
    if run.startswith("+") or digits.startswith("00"):
        return len(digits.removeprefix("00")) in WORLD_LENGTHS
    return digits[1] != "0" and len(digits) in UK_LENGTHS
