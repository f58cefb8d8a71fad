"""What the bank answers: read as it is, or refused with the line that is wrong."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fundapp.payment_file.answer import LARGEST, Answer, AnswerLine, Result, WrongAnswer, read_answer

PAIN_002 = """<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.03"><CstmrPmtStsRpt>
<GrpHdr><MsgId>A1</MsgId><CreDtTm>2027-09-03T12:00:00</CreDtTm></GrpHdr>
<OrgnlGrpInfAndSts><OrgnlMsgId>abc</OrgnlMsgId><OrgnlMsgNmId>pain.001.001.03</OrgnlMsgNmId>{group}</OrgnlGrpInfAndSts>
<OrgnlPmtInfAndSts><OrgnlPmtInfId>abc</OrgnlPmtInfId>{lines}</OrgnlPmtInfAndSts></CstmrPmtStsRpt></Document>"""
PAID = "<TxInfAndSts><OrgnlEndToEndId>AAA</OrgnlEndToEndId><TxSts>ACSC</TxSts></TxInfAndSts>"
REJECTED = (
    "<TxInfAndSts><OrgnlEndToEndId>BBB</OrgnlEndToEndId><TxSts>RJCT</TxSts><StsRsnInf><Rsn><Cd>AC04</Cd></Rsn>"
    '</StsRsnInf><OrgnlTxRef><Amt><InstdAmt Ccy="GBP">20.10</InstdAmt></Amt></OrgnlTxRef></TxInfAndSts>'
)
PENDING = "<TxInfAndSts><OrgnlEndToEndId>CCC</OrgnlEndToEndId><TxSts>ACSP</TxSts></TxInfAndSts>"


def pain_002(lines, group=""):
    return PAIN_002.format(lines=lines, group=group).encode()


def test_pain_002_says_what_is_paid_and_what_came_back_and_leaves_out_what_is_on_its_way():
    assert read_answer(pain_002(PAID + REJECTED + PENDING)) == Answer(
        "abc",
        (
            AnswerLine("AAA", Result.PAID, place=1),
            AnswerLine("BBB", Result.RETURNED, "AC04", Decimal("20.10"), 2),
        ),
    )


@pytest.mark.parametrize(("status", "result"), [("RJCT", Result.RETURNED), ("ACSC", Result.PAID)])
def test_pain_002_for_the_whole_order(status, result):
    answer = read_answer(pain_002("", f"<GrpSts>{status}</GrpSts>"))

    assert answer == Answer("abc", (AnswerLine("", result),))


@pytest.mark.parametrize("divider", [",", ";", "\t"])
def test_csv_with_a_byte_order_mark_any_divider_and_columns_in_any_order(divider):
    text = "\r\n".join(
        divider.join(each)
        for each in (
            ("Reason", "REFERENCE", "Result", "amount"),
            ("", "AAA", "Paid", ""),
            ("", "", "", ""),
            ("AC01", "BBB", "rejected", "£20.10"),
        )
    )

    assert read_answer(b"\xef\xbb\xbf" + text.encode()).lines == (
        AnswerLine("AAA", Result.PAID, place=2),
        AnswerLine("BBB", Result.RETURNED, "AC01", Decimal("20.10"), 4),
    )


@pytest.mark.parametrize(
    ("content", "code", "place"),
    [
        (b" \n", "empty", 0),
        ("\ufeff\x85".encode(), "empty", 0),
        (b"x" * (LARGEST + 1), "too_large", 0),
        (b"reference,result\n\xff\xfe", "not_utf8", 0),
        (b"<a", "not_xml", 0),
        (b"<a/>", "not_pain002", 0),
        (b'<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>', "not_pain002", 0),
        (b"a,b\n1,2", "no_columns", 0),
        (b"reference,result\n,paid", "no_reference", 2),
        (b"reference,result\nAAA,perhaps", "unknown_result", 2),
        (b"reference,result,amount\nAAA,paid,much", "no_amount", 2),
        (b"reference,result,amount\nAAA,paid,NaN", "no_amount", 2),
        (pain_002("<TxInfAndSts><TxSts>ACSC</TxSts></TxInfAndSts>"), "no_reference", 1),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_line(content, code, place):
    with pytest.raises(WrongAnswer) as wrong:
        read_answer(content)

    assert (wrong.value.code, wrong.value.place) == (code, place)


@given(content=st.one_of(st.binary(max_size=300), st.text(max_size=300).map(lambda each: each.encode())))
def test_no_bytes_make_anything_but_an_answer_or_a_refusal(content):
    for each in (content, b"reference,result\n" + content, pain_002("").replace(b"abc", content)):
        try:
            read_answer(each)
        except WrongAnswer:
            continue
