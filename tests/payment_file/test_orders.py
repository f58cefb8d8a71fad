"""Files for the bank: valid by the official schema, exact to the penny, the same bytes each time."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from fundapp.payment_file.csv_order import COLUMNS, write_csv
from fundapp.payment_file.order import Account, Order, Transfer
from fundapp.payment_file.pain001 import NAMESPACE, write_pain001

SCHEMA = etree.XMLSchema(etree.parse(str(Path(__file__).parent / "pain.001.001.03.xsd")))
NAMES = st.text("ABCDEFXYZabcxyz0189 /-?:().,'+&éñł", min_size=1, max_size=70).filter(
    lambda name: name.strip() != ""
)
ACCOUNTS = st.builds(
    Account,
    NAMES,
    st.from_regex(r"[0-9]{6}", fullmatch=True),
    st.from_regex(r"[0-9]{8}", fullmatch=True),
)
TRANSFERS = st.builds(
    Transfer,
    st.from_regex(r"[A-Z2-9]{12}", fullmatch=True),
    st.decimals(Decimal("0.01"), Decimal("9999999.99"), places=2),
    ACCOUNTS,
)
ORDERS = st.builds(
    Order,
    st.uuids().map(lambda each: each.hex),
    st.datetimes(datetime(2026, 1, 1), datetime(2040, 1, 1)).map(lambda each: each.replace(tzinfo=UTC)),
    st.dates(date(2026, 1, 1), date(2040, 1, 1)),
    ACCOUNTS,
    st.lists(TRANSFERS, min_size=1, max_size=6).map(tuple),
)
ORDER = Order(
    "0" * 32,
    datetime(2027, 9, 1, 12, 0, tzinfo=UTC),
    date(2027, 9, 3),
    Account("Demo Community Foundation", "000001", "11111111"),
    (
        Transfer("ABCDEFGHJKMN", Decimal("20000.00"), Account("Kettle & Thread", "123456", "12345678")),
        Transfer("ABCDEFGHJKMP", Decimal("0.10"), Account("Raíces Latinas", "654321", "87654321")),
    ),
)


@given(order=ORDERS)
def test_every_order_is_valid_by_the_official_schema_and_adds_up(order):
    document = etree.fromstring(write_pain001(order))

    SCHEMA.assertValid(document)
    amounts = [Decimal(each.text) for each in document.iter(f"{{{NAMESPACE}}}InstdAmt")]
    sums = {Decimal(each.text) for each in document.iter(f"{{{NAMESPACE}}}CtrlSum")}
    assert sums == {sum(amounts)} == {order.total}
    assert {each.text for each in document.iter(f"{{{NAMESPACE}}}NbOfTxs")} == {str(len(order.transfers))}


@given(order=ORDERS)
def test_same_order_makes_the_same_bytes(order):
    assert write_pain001(order) == write_pain001(order)
    assert write_csv(order) == write_csv(order)


def test_order_names_bank_account_amount_and_reference_of_each():
    document = etree.fromstring(write_pain001(ORDER))

    def texts(name):
        return [each.text for each in document.iter(f"{{{NAMESPACE}}}{name}")]

    assert texts("EndToEndId") == ["ABCDEFGHJKMN", "ABCDEFGHJKMP"]
    assert texts("InstdAmt") == ["20000.00", "0.10"]
    assert texts("MmbId") == ["000001", "123456", "654321"]
    assert texts("Nm")[-2:] == ["Kettle & Thread", "Raices Latinas"]
    assert texts("ReqdExctnDt") == ["2027-09-03"]
    assert texts("CreDtTm") == ["2027-09-01T12:00:00Z"]


def test_schema_of_the_test_can_refuse():
    broken = write_pain001(ORDER).replace(b"<PmtMtd>TRF</PmtMtd>", b"<PmtMtd>CASH</PmtMtd>")

    with pytest.raises(etree.DocumentInvalid):
        SCHEMA.assertValid(etree.fromstring(broken))


def test_csv_has_a_line_for_each_payment():
    rows = list(csv.reader(io.StringIO(write_csv(ORDER).decode(), newline="")))

    assert rows == [
        list(COLUMNS),
        ["ABCDEFGHJKMN", "Kettle & Thread", "123456", "12345678", "20000.00", "2027-09-03"],
        ["ABCDEFGHJKMP", "Raices Latinas", "654321", "87654321", "0.10", "2027-09-03"],
    ]
