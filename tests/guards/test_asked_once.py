"""Nothing is asked twice (WCAG 3.3.7), and nobody is asked what a named person is."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
from collections import Counter
from collections.abc import Iterator

import forms.pages
from forms.base import BaseForm
from forms.builder import questions_form
from forms.definition import Question, Stage
from forms.pages.apply import start_form
from forms.pages.people import helper_form, host_form, partner_form
from forms.pages.profile import profile_form
from fundapp.call_file import read_call
from tests.reference import REFERENCE_FILE

CALL = read_call(REFERENCE_FILE.read_text(encoding="utf-8"))
GROUPS = [("1", "A group")]
ABOUT_A_PERSON = re.compile(
    r"\b(ethnic\w*|race|nationalit\w*|citizen\w*|immigration|asylum|refugees?|visa|passport|health|illness"
    r"|disab\w*|religio\w*|country of birth|born|date of birth|sexual\w*)\b",
    re.IGNORECASE,
)
# Anonymous, after sending, with no link to an application: the optional equality questions.
APART = {"forms.pages.after_sending", "forms.pages.told", "forms.pages.equality"}


def questions_of_the_call() -> Iterator[Question]:
    yield from (item.question for item in CALL.eligibility)
    yield from CALL.form.questions()


def forms_of_ours() -> Iterator[tuple[str, BaseForm]]:
    for module in pkgutil.iter_modules(forms.pages.__path__, "forms.pages."):
        if module.name in APART:
            continue
        for _name, kind in inspect.getmembers(importlib.import_module(module.name), inspect.isclass):
            if issubclass(kind, BaseForm) and kind.__module__ == module.name:
                yield module.name, kind(None)
    bands = [item.question for item in CALL.eligibility if item.key in ("E8", "E9", "E10")]
    base = questions_form(bands, "en")
    for made in (
        start_form(GROUPS, ["Hackney"], asks_migrant_led=True),
        helper_form(GROUPS),
        profile_form(["Hackney"], is_held=False),
        host_form(GROUPS),
        partner_form(GROUPS, ["Hackney"], bands, base=base, asks_migrant_led=True),
    ):
        yield made.__name__, made(None)


def test_no_field_asks_what_a_named_person_is() -> None:
    asked = [
        (place, str(field.label.text), getattr(field, "help_text", ""))
        for place, form in forms_of_ours()
        for field in form
    ]
    asked += [(question.key, question.label.in_language("en"), "") for question in questions_of_the_call()]

    assert len(asked) > 80
    assert [each for each in asked if ABOUT_A_PERSON.search(" ".join(map(str, each[1:])))] == []


def test_no_two_questions_of_the_call_ask_the_same_thing() -> None:
    labels = Counter(question.label.in_language("en").casefold() for question in questions_of_the_call())
    assert [label for label, times in labels.items() if times > 1] == []

    for stage in (None, Stage.EOI, Stage.FULL):
        asked = [item.question for item in CALL.eligibility] if stage is None else CALL.form.questions(stage)
        purposes = Counter(question.carries for question in asked if question.carries)
        assert [purpose for purpose, times in purposes.items() if times > 1] == [], stage


def test_first_stage_is_carried_into_the_second() -> None:
    first = {question.key for question in CALL.form.questions(Stage.EOI) if question.kind == "text"}
    carried = {question.copied_from for question in CALL.form.questions(Stage.FULL) if question.copied_from}

    assert carried == first


def test_start_asks_nothing_the_check_has_asked() -> None:
    form = start_form(GROUPS, ["Hackney"], asks_migrant_led=True)(None)
    start = {str(field.label.text).casefold() for field in form}
    check = {item.question.label.in_language("en").casefold() for item in CALL.eligibility}

    assert start & check == set()
    assert [label for label in start if "income" in label or "number" in label] == []
