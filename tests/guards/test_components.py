"""The macros draw our form fields so that everybody can use them."""

import re
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from jinja2 import Environment, FileSystemLoader

from forms.base import BaseForm
from forms.fields import (
    BudgetField,
    ChoiceField,
    ChoicesField,
    DateField,
    EmailField,
    MoneyField,
    TextArea,
    TextField,
    TickField,
    YesNoField,
)
from forms.i18n import _
from forms.languages import text_direction
from forms.localized import LocalizedText
from forms.money import format_money, money_in_text
from fundapp.web.templating import sums_in_order

TEMPLATES = Path(__file__).parents[2] / "fundapp" / "templates"


class EveryKind(BaseForm):
    story = TextArea(
        "What would you do?", help_text="Rent is fine.", why_we_ask="To understand.", max_words=100
    )
    name = TextField("Name")
    amount = MoneyField("How much?", help_text="About.")
    bank = YesNoField("Own account?")
    languages = ChoicesField("Languages", choices=[("so", "Soomaali"), ("ar", "العربية")])
    score = ChoiceField("Score", choices=[("1", "1"), ("2", "2")])
    start = DateField("Start")
    lines = BudgetField("Lines", max_rows=2)
    email = EmailField("Email")
    agreed = TickField("I agree")


class Elements(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def values(self, attribute: str, tags: tuple[str, ...] = ()) -> list[str]:
        return [
            value
            for tag, attributes in self.found
            if (not tags or tag in tags) and (value := attributes.get(attribute)) is not None
        ]


def draw(source: str, language: str = "en", **values: Any) -> str:
    page = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True)
    page.globals.update(_=_, language=language, csrf_token=lambda: "token")
    page.filters.update(
        direction=text_direction, money=format_money, money_in_text=money_in_text, sums=sums_in_order
    )
    return page.from_string(source).render(values)


def draw_fields(form: BaseForm) -> str:
    return draw(
        '{% from "components/form.html" import field with context %}'
        "{% for each in form %}{{ field(each) }}{% endfor %}",
        form=form,
    )


def wrong_form() -> EveryKind:
    form = EveryKind(
        {
            "amount": "twelve",
            "bank": "maybe",
            "languages": "xx",
            "score": "9",
            "start-day": "40",
            "lines-1-what": "Rent",
            "email": "amal@",
        }
    )
    form.validate()
    return form


@pytest.mark.parametrize("form", [EveryKind(), wrong_form()], ids=["empty", "wrong"])
def test_every_input_has_a_label_and_every_reference_leads_somewhere(form: EveryKind):
    page = Elements(draw_fields(form))
    ids = page.values("id")

    assert len(ids) == len(set(ids))
    assert {word for value in page.values("aria-describedby") for word in value.split()} <= set(ids)
    assert set(page.values("for")) <= set(ids)
    unlabelled = [
        attributes
        for tag, attributes in page.found
        if tag in ("input", "textarea", "select")
        and attributes.get("type") not in ("radio", "checkbox")
        and attributes["id"] not in page.values("for")
    ]
    assert unlabelled == []


def test_every_error_of_the_summary_leads_to_an_input():
    form = wrong_form()

    inputs = Elements(draw_fields(form)).values("id", ("input", "textarea", "select"))

    assert [field_id for field_id, _message in form.error_list() if field_id not in inputs] == []
    assert len(form.error_list()) >= 6


def test_a_wrong_form_shows_what_was_typed():
    html = draw_fields(wrong_form())

    assert all(f'value="{typed}"' in html for typed in ("twelve", "40", "Rent", "amal@"))


def test_the_browser_never_checks_or_cuts_an_answer():
    attributes = {name for _tag, found in Elements(draw_fields(EveryKind())).found for name in found}

    assert attributes.isdisjoint({"required", "maxlength", "minlength", "pattern", "style"})


def test_the_browser_remembers_an_address_but_no_answer():
    """What somebody else could find in the suggestions of a shared phone."""
    page = Elements(draw_fields(EveryKind()))
    typed = [
        (found["name"], found.get("autocomplete"))
        for tag, found in page.found
        if tag in ("input", "textarea") and found.get("type") not in ("radio", "checkbox")
    ]

    assert dict(typed).pop("email") == "email"
    assert {wish for name, wish in typed if name != "email"} == {"off"}


def test_a_typed_text_is_shown_as_text():
    form = EveryKind({"name": '"><script>alert(1)</script>'})

    assert "<script>" not in draw_fields(form)


def test_a_missing_translation_is_marked_with_its_language():
    html = draw(
        '{% from "components/text.html" import localized with context %}{{ localized(text, note=false) }}',
        language="ar",
        text=LocalizedText.of({"en": "Hello"}),
    )

    assert html.strip() == '<span lang="en" dir="ltr">Hello</span>'


def test_a_bar_says_its_figures_in_words_and_never_leaves_its_track():
    html = draw(
        '{% from "components/bar.html" import bar with context %}'
        '{{ bar("BYFOR", "Reached £9", reached, target, maximum, confirmed, texts=[("Reached", "£9")]) }}',
        reached=Decimal(9),
        target=Decimal(6),
        maximum=Decimal(8),
        confirmed=Decimal(12),
    )

    assert re.findall(r"<title>(.*?)</title><desc>(.*?)</desc>", html) == [("BYFOR", "Reached £9")]
    assert max(float(width) for width in re.findall(r'width="([\d.]+)"', html)) <= 100
    assert '<bdi dir="ltr" class="num">£9</bdi>' in html


def test_a_status_that_two_things_share_has_its_own_words_for_payments():
    class InstalmentStatus(str):
        __slots__ = ()

    source = '{% from "components/status.html" import tag with context %}{{ tag(status) }}'

    assert (
        ">On hold<" in draw(source, status=InstalmentStatus("held")),
        ">Held<" in draw(source, status="held"),
    ) == (
        True,
        True,
    )


IMPORTED = re.compile(r"\{%-?\s*from\s+\S+\s+import\s+(.*?)\s*(?:with context\s*)?-?%\}")


def test_templates_use_what_they_import() -> None:
    unused = []
    for path in sorted(TEMPLATES.rglob("*.html")):
        text = re.sub(r"\{#.*?#\}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
        rest = IMPORTED.sub("", text)
        names = [name.strip() for found in IMPORTED.findall(text) for name in found.split(",")]
        unused += [(path.name, name) for name in names if not re.search(rf"(?<![\w.]){name}\b", rest)]

    assert unused == []
