import sys
import unicodedata
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms.money import NotANumber, format_money, latin_digits, parse_money, parse_whole_number

SCRIPTS = [
    [chr(point + n) for n in range(10)]
    for point in range(sys.maxunicode + 1)
    if unicodedata.category(chr(point)) == "Nd" and unicodedata.decimal(chr(point)) == 0
]

_pence = st.integers(0, 10**12 - 1)
_scripts = st.sampled_from(SCRIPTS)


def _in_script(text: str, digits: list[str]) -> str:
    return "".join(digits[int(character)] if character.isdigit() else character for character in text)


@pytest.mark.parametrize(
    ("typed", "pounds"),
    [
        ("٢٬٥٠٠٫٥", "2500.50"),
        ("۲۵۰۰", "2500.00"),
        ("২৫০০", "2500.00"),
        ("২,৫০,০০০", "250000.00"),
        ("2,500.50", "2500.50"),
        ("2.500,50", "2500.50"),
        ("2.500", "2500.00"),
        ("2500,5", "2500.50"),
        ("£ 2500", "2500.00"),
        ("2 500", "2500.00"),
        ("2\u00a0500,50 £", "2500.50"),
        ("\u200f١٬٢٣٤٬٥٦٧\u200f", "1234567.00"),
        ("２，５００．５０", "2500.50"),
        ("0", "0.00"),
        ("0.5", "0.50"),
        ("9,999,999,999.99", "9999999999.99"),
    ],
)
def test_money_is_read_as_people_write_it(typed: str, pounds: str):
    assert str(parse_money(typed)) == pounds


@pytest.mark.parametrize(
    "typed",
    ["", " ", "£", "abc", "-5", "2,5,0", "0.500", "1e5", "12.345.6", "5k", "1,000.000.00", "2..5", ".", "²"],
)
def test_money_that_cannot_be_read_says_how_to_write_it(typed: str):
    with pytest.raises(NotANumber) as caught:
        parse_money(typed)

    assert (
        str(caught.value.args[0])
        == "Write an amount in pounds with digits only, for example 2500 or 2,500.50."
    )


def test_money_too_large_for_the_database_is_refused_with_the_limit():
    with pytest.raises(NotANumber) as caught:
        parse_money(str(2**70))

    assert str(caught.value.args[0]) == "The amount must be \u2066£9,999,999,999.99\u2069 or less."


def test_very_long_number_is_refused_before_it_is_read():
    with pytest.raises(NotANumber) as caught:
        parse_money("9" * 10_000)

    assert str(caught.value.args[0]) == "Write a number with at most 60 characters."


@given(_pence, _scripts)
def test_any_sum_in_any_digits_is_read_back(pence: int, digits: list[str]):
    amount = Decimal(pence) / 100

    assert parse_money(_in_script(format_money(amount), digits)) == amount
    assert parse_money(_in_script(f"{amount:.2f}", digits)) == amount
    assert parse_money(_in_script(f"{amount:,.2f}".replace(",", "٬").replace(".", "٫"), digits)) == amount


@given(st.text())
def test_any_text_is_a_sum_or_a_clear_refusal(typed: str):
    try:
        amount = parse_money(typed)
    except NotANumber:
        return
    assert Decimal(0) <= amount <= Decimal("9999999999.99")
    assert amount.as_tuple().exponent == -2


@pytest.mark.parametrize(
    ("amount", "shown"),
    [("2500", "£2,500.00"), ("0.5", "£0.50"), ("1234567.891", "£1,234,567.89"), ("-3", "-£3.00")],
)
def test_money_is_shown_in_one_way(amount: str, shown: str):
    assert format_money(Decimal(amount)) == shown


@given(st.integers(0, 10**15), _scripts)
def test_whole_number_in_any_digits_is_read(number: int, digits: list[str]):
    assert parse_whole_number(_in_script(str(number), digits)) == number
    assert parse_whole_number(_in_script(f"{number:,}", digits)) == number


@pytest.mark.parametrize("typed", ["2.5", "2,50", "five", "", "-1", "1e3"])
def test_number_that_is_not_whole_is_refused(typed: str):
    with pytest.raises(NotANumber) as caught:
        parse_whole_number(typed)

    assert str(caught.value.args[0]) == "Write a whole number with digits only, for example 25."


def test_latin_digits_leave_everything_else():
    assert latin_digits("٢٥ and ২৫, x²") == "25 and 25, x²"
