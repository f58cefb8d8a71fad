"""The XML inside documents: nothing that grows, nothing that fetches, nobody's name."""

from __future__ import annotations

import re
from xml.parsers import expat

from .results import Refusal, Refused

# Who wrote a comment or a tracked change, in each of the formats; the text itself stays.
NAMES_IN_ATTRIBUTES = re.compile(
    rb'((?:w|w15|p|p188|xr)?:?(?:author|initials|userId|providerId|lastModifiedBy|userName)=)("[^"]*"|\'[^\']*\')'
)
NAMES_IN_ELEMENTS = re.compile(
    rb"(<(dc:creator|meta:initial-creator|meta:creator-initials|loext:sender-initials|author)(?:\s[^>]*)?>)"
    rb"[^<]*(</\2>)"
)
COMMANDS = re.compile(rb"<w:instrText[^>]*>[^<]*\bDDE(?:AUTO)?\b", re.IGNORECASE)
RELATIONSHIP = re.compile(rb"<(?:\w+:)?Relationship\b[^>]*>")
TARGET = re.compile(rb'(\bTarget=)("[^"]*"|\'[^\']*\')')
HARMLESS_TARGET = re.compile(rb"""\bTarget=["'](?:https?://|mailto:|tel:|#)""", re.IGNORECASE)
SCRIPTS = re.compile(rb"<(?:\w+:)?(?:script|foreignObject|iframe)\b|\son\w+\s*=|javascript:", re.IGNORECASE)


def check_xml(content: bytes) -> None:
    """Well-formed UTF-8 without a document type: entities are what XML bombs are made of."""
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = _refuse_doctype
    parser.XmlDeclHandler = _refuse_other_letters
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise Refused(Refusal.BROKEN)
    try:
        parser.Parse(content, True)
    except expat.ExpatError as error:
        raise Refused(Refusal.BROKEN) from error


def _refuse_doctype(*_what: object) -> None:
    raise Refused(Refusal.TOO_HEAVY)


def _refuse_other_letters(_version: str, encoding: str | None, _standalone: int) -> None:
    if encoding is not None and encoding.lower() not in ("utf-8", "us-ascii", "ascii"):
        raise Refused(Refusal.BROKEN)


def without_names(content: bytes) -> bytes:
    """Raises Refused for fields that run other programs."""
    if COMMANDS.search(content):
        raise Refused(Refusal.MACROS)
    return NAMES_IN_ELEMENTS.sub(rb"\1\3", NAMES_IN_ATTRIBUTES.sub(rb'\1""', content))


def without_fetching(content: bytes) -> bytes:
    """Relationships to other machines: links that a person clicks stay, everything fetched by itself goes."""

    def harmless(found: re.Match[bytes]) -> bytes:
        tag = found.group()
        if b"External" not in tag or (b"/hyperlink" in tag and HARMLESS_TARGET.search(tag)):
            return tag
        return TARGET.sub(rb'\1"about:blank"', tag)

    return RELATIONSHIP.sub(harmless, content)


def check_drawing(content: bytes) -> None:
    """SVG beside its picture: drawings yes, programs no."""
    check_xml(content)
    if SCRIPTS.search(content):
        raise Refused(Refusal.MACROS)
