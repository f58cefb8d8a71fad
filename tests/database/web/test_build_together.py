"""Several people build one call: nobody's words are lost unseen, and the builder says what it knows."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest

from fundapp.call_file import edit, reference_call
from fundapp.clock import utcnow
from fundapp.db import db, unit_of_work
from fundapp.models.call import Call
from fundapp.queries.call_drafts import digest_of_working, find_draft, problems_of_draft, working_content
from fundapp.queries.calls import get_call
from fundapp.queries.readiness import Matter, open_matters
from fundapp.queries.text_desk import list_lines
from fundapp.services.call_drafts import change_content, change_part
from fundapp.services.calls import import_call
from fundapp.services.text_desk import NewText, save_text
from tests.database.journeys.browser import Page
from tests.factories import FundRoleFactory, PanelFactory, UserFactory


@pytest.fixture
def role(db_session: Any) -> Any:
    return FundRoleFactory()


@pytest.fixture
def call(role: Any) -> Call:
    with unit_of_work():
        return import_call(reference_call(), fund=role.fund, actor=None, now=utcnow())


@pytest.fixture
def browser(role: Any, client_for: Any) -> Any:
    return client_for(role.user)


def text(page: Any) -> str:
    return html.unescape(re.sub(r"\s+", " ", page.get_data(as_text=True)))


def address(call: Call, rest: str) -> str:
    return f"/en/fund/calls/{call.id}/build{rest}"


def fields_of(page: Any) -> dict[str, Any]:
    """What a browser would send back."""
    fields = Page("", page.status_code, page.get_data(as_text=True)).form(holding="seen").fields
    sent = {name: each.values for name, each in fields.items() if name != "csrf_token" and each.values}
    return {name: values if len(values) > 1 else values[0] for name, values in sent.items()}


def says(call: Call, field: str, language: str = "en") -> object:
    db.session.expire_all()
    return edit.find(working_content(get_call(call.id)), (field, language))


def change(call: Call, field: str, words: str, language: str = "en") -> None:
    with unit_of_work():
        path = (field, language)
        content = working_content(get_call(call.id))
        changed = edit.replaced(content, path, words)
        seen = digest_of_working(content)
        change_content(get_call(call.id), changed, seen_digest=seen, actor=UserFactory(), now=utcnow())


def test_second_save_shows_what_somebody_else_saved_before_it_counts(browser: Any, call: Call) -> None:
    typed = fields_of(browser.get(address(call, "/page/texts"))) | {"purpose.en": "Mine"}
    change(call, "purpose", "Theirs")

    refused = browser.post(address(call, "/page/texts"), data=typed)
    shown = text(refused)

    assert refused.status_code == 409
    assert "What somebody else saved meanwhile" in shown
    assert '<dt>Saved by somebody else</dt><dd dir="auto">Theirs</dd>' in shown
    assert '<dt>Typed by you</dt><dd dir="auto">Mine</dd>' in shown
    assert fields_of(refused)["purpose.en"] == "Mine"
    assert says(call, "purpose") == "Theirs"

    again = browser.post(address(call, "/page/texts"), data=fields_of(refused))

    assert (again.status_code, says(call, "purpose")) == (302, "Mine")


def test_second_save_is_refused_again_when_a_third_person_was_faster(browser: Any, call: Call) -> None:
    typed = fields_of(browser.get(address(call, "/page/texts"))) | {"purpose.en": "Mine"}
    change(call, "purpose", "Theirs")
    refused = browser.post(address(call, "/page/texts"), data=typed)
    change(call, "purpose", "A third one")

    again = browser.post(address(call, "/page/texts"), data=fields_of(refused))

    assert (again.status_code, says(call, "purpose")) == (409, "A third one")
    assert "A third one" in text(again)


def write_at_the_desk(call: Call, words: str) -> None:
    with unit_of_work():
        (line,) = [each for each in list_lines(get_call(call.id), "es") if each.unit.path == ("purpose",)]
        new = NewText(words, "Amina")
        save_text(get_call(call.id), "es", line.unit.id, new, rev=line.rev, actor=UserFactory(), now=utcnow())


def desk_says(call: Call) -> str:
    db.session.expire_all()
    return next(each.text for each in list_lines(get_call(call.id), "es") if each.unit.path == ("purpose",))


def test_newer_words_of_the_translation_desk_stand_beside_the_field(browser: Any, call: Call) -> None:
    assert "Newer words on the translation desk" not in text(browser.get(address(call, "/page/texts")))

    write_at_the_desk(call, "Palabras de Amina")

    assert "Palabras de Amina" in text(browser.get(address(call, "/page/texts")))
    assert "Palabras de Amina" not in text(browser.get(address(call, "/page/money")))


def test_words_of_the_desk_are_not_overwritten_unseen(browser: Any, call: Call) -> None:
    typed = fields_of(browser.get(address(call, "/page/texts"))) | {"purpose.es": "Mis palabras"}
    write_at_the_desk(call, "Palabras de Amina")

    refused = browser.post(address(call, "/page/texts"), data=typed)

    assert (refused.status_code, desk_says(call)) == (409, "Palabras de Amina")
    assert "Palabras de Amina" in text(refused)
    assert fields_of(refused)["purpose.es"] == "Mis palabras"
    again = browser.post(address(call, "/page/texts"), data=fields_of(refused))
    assert (again.status_code, desk_says(call)) == (302, "Mis palabras")


def test_saving_another_field_leaves_the_words_of_the_desk(browser: Any, call: Call) -> None:
    write_at_the_desk(call, "Palabras de Amina")
    typed = fields_of(browser.get(address(call, "/page/texts"))) | {"area.en": "London and Essex"}

    saved = browser.post(address(call, "/page/texts"), data=typed)

    assert (saved.status_code, desk_says(call)) == (302, "Palabras de Amina")


def test_criteria_stand_with_their_weights_and_the_sum(browser: Any, call: Call) -> None:
    whole = text(browser.get(address(call, "/page/criteria")))
    with unit_of_work():
        change_part(get_call(call.id), "criterion:C1", "weight", "31.5", actor=None, now=utcnow())
    wrong = text(browser.get(address(call, "/page/criteria")))
    with unit_of_work():
        change_part(get_call(call.id), "criterion:C1", "weight", "heavy", actor=None, now=utcnow())
    typed_wrongly = browser.get(address(call, "/page/criteria"))

    assert "Sum of the weights: 100" in whole
    assert "They have to add up to 100." not in whole
    assert "Weight: 31.5" in wrong
    assert "Sum of the weights: 101.5" in wrong
    assert "They have to add up to 100." in wrong
    assert typed_wrongly.status_code == 200


def test_minutes_of_a_question_follow_what_is_saved(browser: Any, call: Call) -> None:
    here = address(call, "/part/question/Q2")

    def minutes() -> list[str]:
        return re.findall(r"<dd>(\d+ minutes?)</dd>", text(browser.get(here)))

    before = minutes()
    page = browser.get(here)
    name = next(name for name in fields_of(page) if name.endswith(".max_words"))
    saved = browser.post(here, data=fields_of(page) | {name: "20"})
    after = minutes()

    assert saved.status_code == 302
    assert len(before) == len(after) == 4
    assert before != after
    assert "What this question asks of groups" not in text(browser.get(address(call, "/part/strand/A")))


def test_round_that_is_used_is_an_open_matter_until_it_is_back(browser: Any, call: Call) -> None:
    with unit_of_work():
        PanelFactory(call=get_call(call.id), round=get_call(call.id).rounds[1])
    db.session.expire_all()
    content = working_content(get_call(call.id))
    without = edit.replaced(content, ("rounds",), content["rounds"][:1])
    with unit_of_work():
        seen = digest_of_working(content)
        change_content(get_call(call.id), without, seen_digest=seen, actor=None, now=utcnow())
    db.session.expire_all()

    assert problems_of_draft(get_call(call.id)) != ()
    assert [each.key for each in open_matters(get_call(call.id)) if each.kind is Matter.ROUND_IN_USE] == ["2"]
    assert "Round 2 has a panel, a list or applications." in text(browser.get(address(call, "")))

    with unit_of_work():
        now_typed = working_content(get_call(call.id))
        back = edit.replaced(now_typed, ("rounds",), content["rounds"])
        seen = digest_of_working(now_typed)
        change_content(get_call(call.id), back, seen_digest=seen, actor=None, now=utcnow())
    db.session.expire_all()
    assert find_draft(get_call(call.id)) is None
    assert Matter.ROUND_IN_USE not in {each.kind for each in open_matters(get_call(call.id))}
