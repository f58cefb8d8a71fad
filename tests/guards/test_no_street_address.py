"""No form, question or column asks where a group meets or where anybody lives: the borough is enough."""

from __future__ import annotations

import importlib
import pkgutil
import re
from pathlib import Path

import fundapp.models  # noqa: F401 - fills the metadata
from forms import pages
from forms.base import BaseForm
from fundapp.call_file.shipped import reference_call
from fundapp.db import Base
from fundapp.web.paths import INTERFACE_LANGUAGES

TEMPLATES = Path(__file__).parents[2] / "fundapp" / "templates"
PLACE = re.compile(r"street|post ?code|zip code|house number|\baddress\b(?! has changed)", re.IGNORECASE)
COLUMN = re.compile(r"street|postcode|post_code|zip|address|latitude|longitude|\bgeo")
MAIL = re.compile(r"e-?mail", re.IGNORECASE)
ABOUT_MAIL = {
    "Is it safe to send mail to your address?",
    "It is safe to tell my old address that something has changed",
}
PLACES = {
    "es": r"calle|código postal|dirección",
    "ar": r"شارع|الرمز البريدي",
    "uk": r"вулиц|поштовий індекс",
}


def labels_of_forms() -> list[str]:
    for module in pkgutil.iter_modules(pages.__path__):
        importlib.import_module(f"forms.pages.{module.name}")
    found, waiting = [], [BaseForm]
    while waiting:
        form = waiting.pop()
        waiting += form.__subclasses__()
        for name in dir(form):
            field = getattr(form, name)
            if hasattr(field, "field_class"):
                found.append(str(field.args[0] if field.args else field.kwargs.get("label", "")))
    return found


def test_no_form_asks_for_a_street_address() -> None:
    labels = labels_of_forms()

    asked = [label for label in labels if PLACE.search(label) and not MAIL.search(label)]
    assert sorted(set(asked) - ABOUT_MAIL) == []
    assert len(labels) > 60


def test_no_question_of_the_shipped_call_asks_for_a_street_address() -> None:
    call = reference_call()
    questions = [*(item.question for item in call.eligibility), *call.form.questions()]

    asked = [
        (question.key, language)
        for question in questions
        for language in INTERFACE_LANGUAGES
        if re.search(PLACES.get(language, PLACE.pattern), question.label.in_language(language), re.IGNORECASE)
    ]
    assert [key for key, _language in asked if key != "E13"] == []  # asks only whether it must stay unknown


def test_no_column_keeps_a_street_address() -> None:
    tables = Base.metadata.tables.values()
    columns = {f"{table.name}.{column.name}" for table in tables for column in table.columns}

    found = {name for name in columns if COLUMN.search(name)}
    assert found - {"message.address"} == set()  # where a mail goes


def test_no_input_invites_the_browser_to_fill_in_an_address() -> None:
    texts = "\n".join(path.read_text("utf-8") for path in TEMPLATES.rglob("*.html"))

    assert re.findall(r"street-address|address-line|postal-code", texts) == []
