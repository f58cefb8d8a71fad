"""What the bank answers: pain.002 in any version, or a CSV with reference, result and reason."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from xml.etree import ElementTree as xml

LARGEST = 5 * 1024 * 1024
MOST_REASON = 35
PAID_CODES = frozenset({"ACSC", "ACCC"})
RETURNED_CODES = frozenset({"RJCT", "RTND"})
PAID_WORDS = frozenset({"paid", "ok", "settled", "accepted"})
RETURNED_WORDS = frozenset({"returned", "rejected", "failed", "unpaid"})
_NOT_FOR_US = re.compile(r"<!(DOCTYPE|ENTITY)", re.IGNORECASE)


class Result(StrEnum):
    PAID = "paid"
    RETURNED = "returned"


@dataclass(frozen=True)
class AnswerLine:
    """`reference`: "" for the whole order. `place`: its line in the file."""

    reference: str
    result: Result
    reason: str = ""
    amount: Decimal | None = None
    place: int = 0


@dataclass(frozen=True)
class Answer:
    order_id: str  # "" where the file does not say
    lines: tuple[AnswerLine, ...]


class WrongAnswer(Exception):
    """The file cannot be read: a code, and the line where it stands."""

    def __init__(self, code: str, place: int = 0, value: str = "") -> None:
        super().__init__(code)
        self.code, self.place, self.value = code, place, value[:40]


def read_answer(content: bytes) -> Answer:
    """Raises WrongAnswer."""
    if len(content) > LARGEST:
        raise WrongAnswer("too_large")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise WrongAnswer("not_utf8") from error
    if not text.strip():  # spaces of any script
        raise WrongAnswer("empty")
    return _read_pain002(text) if text.lstrip().startswith("<") else _read_csv(text)


def _read_pain002(text: str) -> Answer:
    if _NOT_FOR_US.search(text):
        raise WrongAnswer("not_pain002")
    try:
        root = xml.fromstring(text.encode())  # noqa: S314 - without document type there are no entities
    except (xml.ParseError, ValueError, LookupError) as error:
        raise WrongAnswer("not_xml") from error
    if not root.tag.startswith("{urn:iso:std:iso:20022:tech:xsd:pain.002."):
        raise WrongAnswer("not_pain002")
    space = root.tag.partition("}")[0] + "}"
    found = tuple(_transactions(root, space))
    group = root.find(f".//{space}OrgnlGrpInfAndSts")
    order_id = _text(group, f"{space}OrgnlMsgId")
    result = _result_of(_text(group, f"{space}GrpSts") or _text(root, f".//{space}PmtInfSts"))
    if not found and result is not None:
        found = (AnswerLine("", result, _text(root, f".//{space}Rsn/{space}Cd")[:MOST_REASON]),)
    return Answer(order_id, found)


def _transactions(root: xml.Element, space: str) -> Iterator[AnswerLine]:
    """Those that are paid or returned; what is still on its way is left out."""
    for number, part in enumerate(root.iter(f"{space}TxInfAndSts"), start=1):
        result = _result_of(_text(part, f"{space}TxSts"))
        reference = _text(part, f"{space}OrgnlEndToEndId")
        if result is None:
            continue
        if not reference:
            raise WrongAnswer("no_reference", number)
        reason = _text(part, f".//{space}Rsn/{space}Cd") or _text(part, f".//{space}Rsn/{space}Prtry")
        amount = _text(part, f".//{space}InstdAmt")
        yield AnswerLine(reference, result, reason[:MOST_REASON], _amount(amount, number), number)


def _result_of(code: str) -> Result | None:
    if code in PAID_CODES:
        return Result.PAID
    return Result.RETURNED if code in RETURNED_CODES else None


def _text(part: xml.Element | None, path: str) -> str:
    found = part.find(path) if part is not None else None
    return (found.text or "").strip() if found is not None else ""


def _read_csv(text: str) -> Answer:
    first = text.lstrip().splitlines()[0]
    divider = max(",;\t", key=first.count)
    if "\x00" in text:
        raise WrongAnswer("not_csv")
    rows = csv.DictReader(io.StringIO(text, newline=""), delimiter=divider)
    names = {(name or "").strip().lower(): name for name in rows.fieldnames or ()}
    if not {"reference", "result"} <= names.keys():
        raise WrongAnswer("no_columns")
    try:
        return Answer("", tuple(_csv_lines(rows, names)))
    except csv.Error as error:
        raise WrongAnswer("not_csv", rows.line_num) from error


def _csv_lines(rows: csv.DictReader[str], names: Mapping[str, str]) -> Iterator[AnswerLine]:
    for row in rows:
        cells = {key: str(row.get(name) or "").strip() for key, name in names.items()}
        word, place = cells["result"].lower(), rows.line_num
        if not any(cells.values()):
            continue
        if not cells["reference"]:
            raise WrongAnswer("no_reference", place)
        if word not in PAID_WORDS | RETURNED_WORDS:
            raise WrongAnswer("unknown_result", place, cells["result"])
        result = Result.PAID if word in PAID_WORDS else Result.RETURNED
        amount = _amount(cells.get("amount_gbp", "") or cells.get("amount", ""), place)
        yield AnswerLine(cells["reference"], result, cells.get("reason", "")[:MOST_REASON], amount, place)


def _amount(text: str, place: int) -> Decimal | None:
    if not text:
        return None
    try:
        amount = Decimal(text.replace("£", "").replace(",", ""))
    except InvalidOperation as error:
        raise WrongAnswer("no_amount", place, text) from error
    if not amount.is_finite():
        raise WrongAnswer("no_amount", place, text)
    return amount
