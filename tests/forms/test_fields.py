from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from babel.support import LazyProxy
from hypothesis import given
from hypothesis import strategies as st

from forms.answers import BudgetLine, PartnerAmount
from forms.base import BaseForm, clean_text
from forms.fields import (
    BudgetField,
    ChoiceField,
    ChoicesField,
    CodeField,
    DateField,
    EmailField,
    MoneyField,
    SecretField,
    SelectField,
    SharesField,
    TextArea,
    TextField,
    TickField,
    WholeNumberField,
    YesNoField,
)
from forms.validators import Required

FRUIT = [("apple", "Apple"), ("pear", "Pear")]
CANNOT_STORE = (
    "Your answer contains a character we cannot store. "
    "We took it out. Please check the text and send it again."
)


def form_with(posted: dict[str, Any] | None = None, /, data: Any = None, **fields: Any) -> BaseForm:
    """A form with these fields; validated when something was posted."""
    form = type("Form", (BaseForm,), fields)(posted, data=data)
    if posted is not None:
        form.validate()
    return form


def errors_of(form: BaseForm) -> list[tuple[str, str]]:
    return [(field_id, str(message)) for field_id, message in form.error_list()]


def test_text_is_kept_on_one_line_in_composed_form():
    form = form_with({"name": "  Cafe\u0301 \n of  women "}, name=TextField("Name"))

    assert (form.data, errors_of(form)) == ({"name": "Café of women"}, [])


@pytest.mark.parametrize("bad", ["\x00", "\x07", "\x1b", "\x7f", "\x85", "\ud800"])
def test_character_that_cannot_be_stored_is_taken_out_with_an_error(bad: str):
    form = form_with({"story": f"One{bad} two"}, story=TextArea("Story"))

    assert (form.data, errors_of(form)) == ({"story": "One two"}, [("story", CANNOT_STORE)])


@given(st.text(st.characters(exclude_categories=[])))
def test_cleaned_text_can_always_be_stored(text: str):
    cleaned, _changed = clean_text(text)

    assert "\x00" not in cleaned
    assert cleaned.encode("utf-8").decode("utf-8") == cleaned
    assert clean_text(cleaned) == (cleaned, False)


def test_persian_joiners_and_line_ends_are_kept():
    assert clean_text("می‌خواهم\r\nبروم\t!") == ("می‌خواهم\nبروم\t!", False)


def test_ten_kilobytes_in_a_short_field_are_refused_and_kept():
    typed = "x" * 10_240
    form = form_with({"name": typed}, name=TextField("Name"))

    assert errors_of(form) == [("name", "Your text has 10,240 characters. Write at most 200.")]
    assert typed in form["name"]()


def test_text_over_the_word_limit_names_both_numbers():
    form = form_with({"story": "word " * 67}, story=TextArea("Story", max_words=60))

    assert errors_of(form) == [
        ("story", "Your answer has 67 words. The limit is 60 words. Please make it shorter.")
    ]


def test_text_a_little_over_the_word_limit_is_let_through():
    assert errors_of(form_with({"story": "word " * 66}, story=TextArea("Story", max_words=60))) == []


def test_no_field_asks_the_browser_to_check():
    form = form_with(
        name=TextField("Name", [Required("Write a name.")]),
        story=TextArea("Story", [Required("Write it.")], max_words=10),
        amount=MoneyField("Amount", [Required("Write it.")]),
        borough=SelectField("Where", [Required("Choose.")], choices=FRUIT),
    )

    html = "".join(str(field()) for field in form)

    assert all(word not in html for word in ("required", 'type="number"', "maxlength", "pattern"))


@pytest.mark.parametrize("typed", ["٢٬٥٠٠٫٥", "2,500.50", "£ 2500.5"])
def test_money_is_read_and_shown_back(typed: str):
    form = form_with({"amount": typed}, amount=MoneyField("Amount"))

    assert (form.data, form["amount"].read_as) == ({"amount": Decimal("2500.50")}, "\u2066£2,500.50\u2069")
    assert f'value="{typed}"' in form["amount"]()


def test_unreadable_money_stays_in_the_field_with_a_message():
    form = form_with({"amount": "about 5k"}, amount=MoneyField("Amount", [Required("Write an amount.")]))

    assert errors_of(form) == [
        ("amount", "Write an amount in pounds with digits only, for example 2500 or 2,500.50.")
    ]
    assert (form.data, form["amount"].read_as) == ({"amount": None}, "")
    assert 'value="about 5k"' in form["amount"]()


def test_money_outside_its_limits_names_them():
    field = MoneyField("Amount", smallest=Decimal(5000), largest=Decimal(15000))

    assert errors_of(form_with({"amount": "20000"}, amount=field)) == [
        ("amount", "Write an amount from \u2066£5,000.00\u2069 to \u2066£15,000.00\u2069.")
    ]


def test_stored_money_is_shown_as_it_would_be_typed():
    form = form_with(data={"amount": Decimal("2500.00")}, amount=MoneyField("Amount"))

    assert 'value="2,500"' in form["amount"]()


@pytest.mark.parametrize(
    ("typed", "number", "errors"),
    [
        ("٢٥", 25, []),
        ("", None, []),
        ("1,200", 1200, []),
        (str(2**70), 2**70, [("people", "Write a number from 0 to 1,000,000,000.")]),
        ("some", None, [("people", "Write a whole number with digits only, for example 25.")]),
    ],
)
def test_whole_number_field(typed: str, number: int | None, errors: list[tuple[str, str]]):
    form = form_with({"people": typed}, people=WholeNumberField("How many people?"))

    assert (form.data, errors_of(form)) == ({"people": number}, errors)


@pytest.mark.parametrize(
    ("posted", "value"),
    [
        ({"on-day": "16", "on-month": "3", "on-year": "2027"}, date(2027, 3, 16)),
        ({"on-day": "١٦", "on-month": "٠٣", "on-year": "٢٠٢٧"}, date(2027, 3, 16)),
        ({"on": "2027-03-16"}, date(2027, 3, 16)),
        ({"on-day": "", "on-month": "", "on-year": ""}, None),
        ({"on": ""}, None),
        ({}, None),
    ],
)
def test_date_from_three_inputs_or_one(posted: dict[str, str], value: date | None):
    form = form_with(posted, on=DateField("When?"))

    assert (form.data, errors_of(form)) == ({"on": value}, [])


@pytest.mark.parametrize(
    ("posted", "message"),
    [
        (
            {"on-day": "30", "on-month": "2", "on-year": "2027"},
            "Write a day, a month and a year in numbers, for example 16 3 2027.",
        ),
        (
            {"on-day": "16", "on-month": "March", "on-year": "2027"},
            "Write a day, a month and a year in numbers, for example 16 3 2027.",
        ),
        (
            {"on-day": "16", "on-month": "3", "on-year": str(2**70)},
            "Write a day, a month and a year in numbers, for example 16 3 2027.",
        ),
        (
            {"on-day": "16", "on-month": "3", "on-year": "1406"},
            "Write the year with four digits, in the calendar used in Britain, for example 2027.",
        ),
    ],
)
def test_wrong_date_is_kept_as_typed_and_linked_to_the_day(posted: dict[str, str], message: str):
    form = form_with(posted, on=DateField("When?"))

    assert (form.data, errors_of(form)) == ({"on": None}, [("on-day", message)])
    assert f'value="{posted["on-month"]}"' in form["on"].parts.month()


@pytest.mark.parametrize("typed", ["9999-12-31", "0001-01-01"])
def test_year_that_no_calendar_reaches_is_refused_in_one_text_too(typed: str):
    form = form_with({"on": typed}, on=DateField("When?"))

    assert form.data == {"on": None}
    assert [message for _field, message in errors_of(form)] == [
        "Write the year with four digits, in the calendar used in Britain, for example 2027."
    ]


def test_stored_date_fills_the_three_inputs():
    parts = form_with(data={"on": date(2027, 3, 16)}, on=DateField("When?"))["on"].parts

    assert [part.data for part in parts] == ["16", "3", "2027"]


def test_choice_that_is_not_offered_is_refused():
    form = form_with({"fruit": "stone"}, fruit=ChoiceField("Which?", choices=FRUIT))

    assert errors_of(form) == [("fruit", "Choose one of the answers on this page.")]


def test_options_of_a_choice_start_with_the_id_of_the_question():
    form = form_with(data={"fruit": "pear"}, fruit=ChoiceField("Which?", choices=FRUIT))

    options = [(each.id, each.data, str(each.label.text), each.checked) for each in form["fruit"]]

    assert options == [("fruit", "apple", "Apple", False), ("fruit-1", "pear", "Pear", True)]


def test_choices_keep_the_order_of_the_form():
    form = form_with({"fruit": ["pear", "apple", "pear"]}, fruit=ChoicesField("Which?", choices=FRUIT))

    assert (form.data, errors_of(form)) == ({"fruit": ("apple", "pear")}, [])


def test_unknown_one_among_choices_is_refused():
    form = form_with({"fruit": ["pear", "stone"]}, fruit=ChoicesField("Which?", choices=FRUIT))

    assert errors_of(form) == [("fruit", "Choose one of the answers on this page.")]


@pytest.mark.parametrize(("typed", "value"), [("yes", True), ("no", False), ("", None)])
def test_yes_or_no(typed: str, value: bool | None):
    form = form_with({"has": typed}, has=YesNoField("Do you have one?"))

    assert (form.data, errors_of(form)) == ({"has": value}, [])


def test_no_is_an_answer_to_a_required_yes_or_no_but_not_to_a_required_tick():
    form = form_with(
        {"has": "no"},
        has=YesNoField("Do you have one?", [Required("Choose yes or no.")]),
        agree=TickField("I agree", [Required("Tick the box.")]),
    )

    assert errors_of(form) == [("agree", "Tick the box.")]


def test_yes_or_no_with_something_else_is_refused():
    assert errors_of(form_with({"has": "maybe"}, has=YesNoField("?"))) == [
        ("has", "Choose one of the answers on this page.")
    ]


def test_select_escapes_what_it_shows():
    field = SelectField("Where", choices=[('"><script>', "<b>Barnet</b>")])

    html = form_with({"where": '"><script>'}, where=field)["where"](class_="wide")

    assert html == (
        '<select class="wide" id="where" name="where"><option value="">–</option>'
        '<option selected value="&#34;&gt;&lt;script&gt;">&lt;b&gt;Barnet&lt;/b&gt;</option></select>'
    )


@pytest.mark.parametrize("address", ["name@example.org", "müller@beispiel.example", "a.b+c@sub.example.org"])
def test_email_address_is_taken(address: str):
    assert errors_of(form_with({"email": f" {address} "}, email=EmailField("E-mail"))) == []


@pytest.mark.parametrize(
    "address", ["name", "name@", "@example.org", "a b@c.org", "a@b", "a@b..org", "<a@b.org>"]
)
def test_email_address_that_cannot_work_is_refused(address: str):
    assert errors_of(form_with({"email": address}, email=EmailField("E-mail"))) == [
        ("email", "Write an e-mail address in full, for example name@example.org.")
    ]


def test_code_is_read_without_spaces_in_any_digits():
    assert form_with({"code": " ١٢٣ 456 "}, code=CodeField("Code")).data == {"code": "123456"}


def test_secret_is_never_shown_again():
    form = form_with({"secret": " correct horse "}, secret=SecretField("Passphrase"))

    assert form.data == {"secret": " correct horse "}
    assert "horse" not in form["secret"]()


def test_budget_is_added_up_and_empty_rows_are_left_out():
    form = form_with(
        {"b-0-what": "Rent", "b-0-amount": "١٬٠٠٠", "b-2-what": "Pay", "b-2-amount": "250.50"},
        b=BudgetField("What for?", max_rows=4),
    )

    assert form.data == {"b": (BudgetLine("Rent", Decimal("1000.00")), BudgetLine("Pay", Decimal("250.50")))}
    assert (form["b"].total, len(form["b"].rows), errors_of(form)) == (Decimal("1250.50"), 4, [])


def test_each_wrong_row_has_its_own_linked_error():
    form = form_with(
        {
            "b-0-what": "Rent",
            "b-1-amount": "50",
            "b-2-what": "Pay",
            "b-2-amount": "lots",
            "b-3-what": "Food\x00",
            "b-3-amount": "1",
        },
        b=BudgetField("What for?", max_rows=4),
    )

    assert errors_of(form) == [
        ("b-0-amount", "Write the amount for this line, or leave the whole line empty."),
        ("b-1-what", "Write what this amount is for, or leave the whole line empty."),
        ("b-2-amount", "Write an amount in pounds with digits only, for example 2500 or 2,500.50."),
        ("b-3-what", CANNOT_STORE),
    ]
    assert not form.validate()
    assert 'value="lots"' in form["b"].rows[2].amount()


def test_required_budget_error_leads_to_the_first_row():
    form = form_with({}, b=BudgetField("What for?", [Required("Write at least one line.")]))

    assert errors_of(form) == [("b-0-what", "Write at least one line.")]


def test_stored_shares_fill_their_rows():
    shares = (PartnerAmount("Casa", Decimal("60000.00")), PartnerAmount("Hogar", Decimal("40000.00")))

    field = form_with(data={"s": shares}, s=SharesField("Who gets what?", max_rows=3))["s"]

    assert field.data == shares
    assert [row.partner.data for row in field.rows] == ["Casa", "Hogar", ""]


def test_more_rows_than_allowed_are_not_read():
    posted = {f"b-{n}-what": f"Line {n}" for n in range(5)} | {f"b-{n}-amount": "1" for n in range(5)}

    assert form_with(posted, b=BudgetField("What for?", max_rows=2))["b"].total == Decimal("2.00")


def test_form_can_be_given_errors_that_only_a_service_knows():
    form = form_with({"name": "Casa"}, name=TextField("Name"))

    form.add_error("name", "This name is taken.")
    form.add_error(None, "Somebody else has changed this page.")

    assert errors_of(form) == [("", "Somebody else has changed this page."), ("name", "This name is taken.")]


def test_field_explains_itself():
    form = form_with(name=TextField("Name", help_text="As on your letters.", why_we_ask="To write to you."))

    assert (form["name"].help_text, form["name"].why_we_ask) == ("As on your letters.", "To write to you.")


@given(
    st.dictionaries(
        st.sampled_from(
            ["t", "l", "m", "n", "c", "cs", "y", "d", "d-day", "d-year", "b-0-what", "b-0-amount"]
        ),
        st.lists(st.text(st.characters(exclude_categories=[])), min_size=1, max_size=2),
    )
)
def test_nothing_that_is_posted_breaks_a_form(posted: dict[str, list[str]]):
    form = form_with(
        posted,
        t=TextField("t"),
        l=TextArea("l", max_words=5),
        m=MoneyField("m"),
        n=WholeNumberField("n"),
        c=ChoiceField("c", choices=FRUIT),
        cs=ChoicesField("cs", choices=FRUIT),
        y=YesNoField("y"),
        d=DateField("d"),
        b=BudgetField("b"),
    )

    shown = [str(form[name]()) for name in "tlmn"] + [str(row.what()) for row in form["b"].rows]

    assert all(text.encode("utf-8") for text in shown)
    assert form.validate() == (form.error_list() == [])
    # WTForms' own messages are plain English texts; ours are translated when shown
    assert all(isinstance(message, LazyProxy) for _field_id, message in form.error_list())
