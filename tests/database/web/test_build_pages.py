"""The call builder: pages made from the parts of a call, which change what they show and nothing else."""

from __future__ import annotations

import copy
import re
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict

from fundapp.call_file import edit
from fundapp.call_file.small_call import FirstWords
from fundapp.clock import utcnow
from fundapp.db import db, unit_of_work
from fundapp.lifecycles import CallStatus
from fundapp.models.call import Call
from fundapp.queries.call_drafts import digest_of_working, problems_of_draft, working_content
from fundapp.queries.calls import current_version, definition_of, get_call
from fundapp.services.call_drafts import change_content
from fundapp.services.calls import publish_call
from fundapp.services.new_calls import start_call
from fundapp.web.fund.building.conditions import posted_condition, view_of
from fundapp.web.fund.building.places import PAGES, kind_of_place
from tests.database.journeys.browser import Browser, Page
from tests.factories import FundRoleFactory
from tests.reference import reference_content
from tests.sign_in import signed_in_client


@pytest.fixture
def role(db_session):
    return FundRoleFactory()


@pytest.fixture
def manager(role, app: Flask) -> Browser:
    db.session.commit()
    browser = Browser(app, "en")
    browser._client = signed_in_client(app, role.user)
    return browser


@pytest.fixture
def call(role) -> Call:
    first = FirstWords(
        "NEW-1",
        "A new fund",
        "Food for all.",
        "Leeds",
        "A foundation",
        Decimal(50000),
        ("en",),
        date(2028, 1, 10),
    )
    with unit_of_work():
        return start_call(role.fund, first, actor=role.user, now=utcnow())


def build(call: Call, rest: str = "") -> str:
    return f"/en/fund/calls/{call.id}/build{rest}"


def content_of(call: Call) -> dict[str, Any]:
    db.session.expire_all()
    return working_content(get_call(call.id))


def pages_of(content: dict[str, Any]) -> list[str]:
    items = [
        f"/part/{kind}/{key}"
        for kind, _colon, key in (each.partition(":") for each in edit.references_in(content))
        if any(kind_of_place(place) for place in edit.lists_of(content, kind))
    ]
    return [*(f"/page/{page.slug}" for page in PAGES), *items]


def test_saving_any_page_unchanged_changes_nothing(role, manager, call):
    """With the whole reference call: every kind of part, four languages."""
    reference = reference_content("NEW-1")
    with unit_of_work():
        call = get_call(call.id)
        seen = digest_of_working(working_content(call))
        assert change_content(call, reference, seen_digest=seen, actor=role.user, now=utcnow()) == ()
    before = content_of(call)
    kinds = sorted({address.rpartition("/")[0] for address in pages_of(before)} - {"/page"})
    items = [next(a for a in pages_of(before) if a.startswith(f"{kind}/")) for kind in kinds]
    special = ["question/E8", "question/Q8", "question/Q11_shares", "ring_fence/MICRO", "ring_fence/BOROUGH"]
    addresses = [a for a in pages_of(before) if a.startswith("/page/")] + items
    addresses += [f"/part/{part}" for part in special]

    changed = []
    for address in addresses:
        page = manager.open(build(call, address))
        if any("seen" in form.fields for form in page.forms):
            saved = manager.send(page, holding="seen")
            assert "What you typed is kept" in saved.words, address
            if content_of(call) != before:
                changed.append((address, find_change(before, content_of(call))))
                before = content_of(call)

    assert changed == []


def find_change(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    return [name for name in after if after.get(name) != before.get(name)]


def test_call_begins_whole_with_one_of_everything(role, manager):
    page = manager.open(f"/en/fund/{role.fund_id}/new-call")

    overview = manager.send(
        page,
        {
            "title": "Kitchens of Leeds",
            "call_code": "KITCHEN-28",
            "purpose": "Money for community kitchens.",
            "area": "Leeds",
            "boroughs": "North\nSouth",
            "total": "120,000",
            "opens-day": "10",
            "opens-month": "1",
            "opens-year": "2028",
            "first_language": "en",
        },
        holding="call_code",
    )

    assert overview.heading == "Build this call"
    assert "Nothing is missing" in overview.words
    call = db.session.query(Call).filter_by(code="KITCHEN-28").one()
    definition = definition_of(current_version(call))
    assert (definition.grant_pot, definition.boroughs) == (Decimal(120000), ("North", "South"))
    assert [round_.opens_at.date() for round_ in call.rounds] == [date(2028, 1, 10)]
    again = manager.send(
        manager.open(f"/en/fund/{role.fund_id}/new-call"),
        {"call_code": "KITCHEN-28"},
        holding="call_code",
        status=422,
    )
    assert "Write a title" in again.words


def test_weights_that_do_not_add_up_are_kept_and_publishing_says_what_to_do(manager, call):
    page = manager.open(build(call, "/part/criterion/C1"))

    saved = manager.send(page, {"assessment.criteria.0.weight": "90"}, holding="seen")

    assert "What you typed is kept" in saved.words
    overview = manager.open(build(call))
    assert "The weights add up to 90. They must add up to 100." in overview.words
    assert overview.links_to("/build/page/criteria")
    refused = manager.send(manager.open(f"/en/fund/calls/{call.id}"), to="/publish", status=409)
    assert "The weights add up to 90" in refused.words
    assert get_call(call.id).status is CallStatus.DRAFT


def test_text_missing_in_a_language_stops_publishing_and_leads_to_the_text(manager, call):
    page = manager.open(build(call, "/page/texts"))

    manager.send(page, {"languages": ["en", "es"]}, holding="seen")

    refused = manager.send(manager.open(f"/en/fund/calls/{call.id}"), to="/publish", status=409)
    assert "texts are missing in Español" in refused.words
    overview = manager.open(build(call))
    link = next(each for each in overview.links if each.endswith("page/texts#title"))
    fields = manager.open(link.split("#")[0]).form(holding="seen").fields
    missing = {
        name: "Texto" for name, field in fields.items() if name.endswith(".es") and field.values == [""]
    }
    assert "title.es" in missing


def test_reference_to_a_question_that_is_gone_stops_publishing(role, manager, call):
    with unit_of_work():
        call = get_call(call.id)
        content = working_content(call)
        place = edit.path_of(content, "question:Q5")
        changed = edit.replaced(content, (*place, "ask_if"), {"eq": ["E99", "yes"]})
        change_content(call, changed, seen_digest=digest_of_working(content), actor=role.user, now=utcnow())

    refused = manager.send(manager.open(f"/en/fund/calls/{call.id}"), to="/publish", status=409)

    assert "There is no question or fact “E99” here" in refused.words
    page = manager.open(build(call, "/part/question/Q5"))
    assert "E99, which is not there any more" in page.words


def test_question_in_use_is_not_taken_away_and_the_page_names_where(manager, call):
    page = manager.open(build(call, "/part/question/E8/remove"))

    assert "The rule “led by and for” looks at it" in page.words
    assert not page.has_form("/remove")
    gone = manager.send(manager.open(build(call, "/part/question/Q8/remove")), to="/remove")
    assert edit.path_of(content_of(call), "question:Q8") is None
    assert gone.path.endswith("/part/section/work")


def test_condition_of_many_rows_is_saved_whole():
    condition = {"any": [{"eq": ["E1", f"answer {number}"]} for number in range(30)]}
    posted = MultiDict({"ask_if.mode": "any"})
    for number, row in enumerate(view_of(condition).rows):
        posted.add(f"ask_if.{number}.fact", row.fact)
        posted.add(f"ask_if.{number}.operator", row.operator)
        posted.add(f"ask_if.{number}.values", *row.values)

    assert posted_condition("ask_if", posted, None) == condition


def test_condition_is_built_from_choices(manager, call):
    name = "form.sections.1.questions.0.ask_if"
    page = manager.open(build(call, "/part/question/Q5"))

    page = manager.send(page, {f"{name}.0.fact": "E7", f"{name}.0.operator": "in"}, holding="seen")
    assert "at least one answer" in page.words
    page = manager.send(page, {f"{name}.0.values": ["from_0", "from_10000"]}, holding="seen")
    page = manager.send(page, {f"{name}.1.fact": "E4", f"{name}.1.operator": "answered"}, holding="seen")
    page = manager.send(page, {f"{name}.mode": "any"}, holding="seen")

    wanted = {"any": [{"in": ["E7", "from_0", "from_10000"]}, {"answered": "E4"}]}
    assert edit.at(content_of(call), edit.path_of(content_of(call), "question:Q5"))["ask_if"] == wanted
    page = manager.send(page, {f"{name}.0.remove": "yes", f"{name}.1.remove": "yes"}, holding="seen")
    assert "ask_if" not in edit.at(content_of(call), edit.path_of(content_of(call), "question:Q5"))
    assert problems_of_draft(get_call(call.id)) == ()


def test_lines_are_added_moved_and_taken_away_without_script(manager, call):
    page = manager.open(build(call, "/page/money"))
    page = manager.send(
        page,
        {
            "money.total": "£60,000",
            "money.lines.1.label.en": "Help to apply",
            "money.lines.1.amount": "10 000",
        },
        holding="seen",
    )

    lines = content_of(call)["money"]["lines"]
    assert [(line["key"], line["amount"]) for line in lines] == [("grants", "50000"), ("k2", "10000")]
    page = manager.send(page, holding="seen", button="up money.lines.1")
    assert [line["key"] for line in content_of(call)["money"]["lines"]] == ["k2", "grants"]
    manager.send(page, holding="seen", button="remove money.lines.0")
    assert [line["key"] for line in content_of(call)["money"]["lines"]] == ["grants"]


@pytest.mark.parametrize(
    ("emptied", "button", "left"),
    [
        (1, "remove money.lines.1", ["grants", "k3", "k4"]),
        (1, "remove money.lines.2", ["grants", "k4"]),
        (1, "up money.lines.3", ["grants", "k4", "k3"]),
        (1, "down money.lines.1", ["grants", "k3", "k4"]),
    ],
)
def test_button_means_its_own_line_also_below_one_that_was_emptied(manager, call, emptied, button, left):
    for number in (1, 2, 3):
        line = f"money.lines.{number}"
        typed = {f"{line}.label.en": f"Line {number}", f"{line}.amount": "10"}
        page = manager.send(manager.open(build(call, "/page/money")), typed, holding="seen")
    line = f"money.lines.{emptied}"

    manager.send(page, {f"{line}.label.en": "", f"{line}.amount": ""}, holding="seen", button=button)

    assert [line["key"] for line in content_of(call)["money"]["lines"]] == left


def test_list_of_entries_is_built_part_by_part(manager, call):
    asked, _question = questions_of(content_of(call))[0]
    address, name = build(call, f"/part/question/{asked}"), name_of_question(content_of(call), asked)
    one = {"kind": "entries", "max_rows": "6", "max_words": "", "max_minutes": ""}
    one |= {"parts.0.kind": "text", "parts.0.label.en": "First name"}
    two = {"parts.1.kind": "choice", "parts.1.label.en": "What they do"}
    two |= {"parts.1.optional": "yes"}

    def save(fields: dict[str, str]) -> Page:
        named = {f"{name}.{field}": value for field, value in fields.items()}
        return manager.send(manager.open(address), named, holding="seen")

    save(one)
    wrong = save(two)
    for number, words in enumerate(("Leads", "Counts the money")):
        choice = f"parts.1.choices.{number}"
        save({f"{choice}.key": f"c{number}", f"{choice}.label.en": words})

    assert "Write two or more answers" in wrong.words
    (question,) = [each for key, each in questions_of(content_of(call)) if key == asked]
    assert question["parts"] == [
        {"key": "k1", "kind": "text", "label": {"en": "First name"}},
        {
            "key": "k2",
            "kind": "choice",
            "label": {"en": "What they do"},
            "choices": [
                {"key": "c0", "label": {"en": "Leads"}},
                {"key": "c1", "label": {"en": "Counts the money"}},
            ],
            "optional": True,
        },
    ]
    assert not [each for each in problems_of_draft(get_call(call.id)) if "parts" in each.path]
    manager.send(manager.open(address), holding="seen", button=f"remove {name}.parts.1")
    (question,) = [each for key, each in questions_of(content_of(call)) if key == asked]
    assert [part["key"] for part in question["parts"]] == ["k1"]


def test_question_for_files_says_which_and_how_many(manager, call):
    asked, _question = questions_of(content_of(call))[0]
    address, name = build(call, f"/part/question/{asked}"), name_of_question(content_of(call), asked)
    fields = {f"{name}.kind": "file", f"{name}.max_words": "", f"{name}.max_minutes": ""}

    wrong = manager.send(manager.open(address), fields, holding="seen")
    fields = {f"{name}.max_rows": "3", f"{name}.file_types": ["document", "picture"]}
    right = manager.send(manager.open(address), fields, holding="seen")

    assert "Choose which files can be sent." in wrong.words
    assert "Choose which files can be sent." not in right.words
    question = dict(questions_of(content_of(call)))[asked]
    assert (question["kind"], question["max_rows"]) == ("file", 3)
    assert question["file_types"] == ["document", "picture"]
    assert 'type="file"' in manager.open(build(call, "/preview")).html


def questions_of(content: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    return [(each["key"], each) for section in content["form"]["sections"] for each in section["questions"]]


def name_of_question(content: dict[str, Any], key: str) -> str:
    path = edit.path_of(content, f"question:{key}")
    assert path is not None
    return ".".join(map(str, path))


def test_part_is_added_filled_and_moved(manager, call):
    page = manager.open(build(call, "/page/strands"))

    page = manager.send(page, to="/add")
    assert page.path.endswith("/part/strand/K1")
    manager.send(
        page,
        {
            "strands.1.title.en": "Starter",
            "strands.1.who.en": "New groups",
            "strands.1.minimum": "100",
            "strands.1.maximum": "900",
        },
        holding="seen",
    )
    overview = manager.open(build(call))
    assert "No plan fits a group in strand K1" in overview.words
    plan = manager.open(build(call, "/part/payment_plan/all"))
    manager.send(plan, {"awards.payment_plans.0.strands": ["A", "K1"]}, holding="seen")
    assert problems_of_draft(get_call(call.id)) == ()
    manager.send(manager.open(build(call, "/page/strands")), to="/K1/move", button="up")
    assert [each.key for each in definition_of(current_version(get_call(call.id))).strands] == ["K1", "A"]


def test_help_besides_money_is_added_and_everybody_reads_it(manager, call, client):
    page = manager.send(manager.open(build(call, "/page/support")), to="/add")
    assert page.path.endswith("/part/support/help1")
    manager.send(
        page,
        {
            "support.0.title.en": "Child care",
            "support.0.what.en": "We pay for it.",
            "support.0.how.en": "Bring the receipt.",
            "support.0.languages": ["en", "so"],
            "support.0.ends": "2028-02-01",
        },
        holding="seen",
    )
    assert problems_of_draft(get_call(call.id)) == ()

    with unit_of_work():
        get_call(call.id).status = CallStatus.PUBLISHED
    shown = client.get("/en/calls/NEW-1/help").text

    assert "Bring the receipt." in shown.partition('id="support-help1"')[2]
    assert "Somali" in shown or "Soomaali" in shown


@pytest.mark.parametrize("do", ["up money.lines.²", "up money.lines.99", "up title.en.0", "down money.²"])
def test_names_of_places_that_are_none_change_nothing(role, call, client_for, do):
    staff, before = client_for(role.user), content_of(call)
    added = staff.post(build(call, "/add"), data={"place": "strands.²"})
    page = staff.get(build(call, "/page/money"))
    seen = re.search(r'name="seen" value="([^"]*)"', page.text)[1]

    moved = staff.post(build(call, "/page/money"), data={"do": do, "seen": seen})

    assert (added.status_code, moved.status_code < 500) == (400, True)
    assert content_of(call)["strands"] == before["strands"]


def test_two_people_on_one_page_overwrite_nothing(manager, call):
    page, other = (manager.open(build(call, "/page/texts")) for _each in range(2))
    manager.send(other, {"area.en": "Bradford"}, holding="seen")

    refused = manager.send(page, {"area.en": "York"}, holding="seen", status=409)

    assert "Somebody else saved this at the same time" in refused.words
    assert refused.form(holding="seen").fields["area.en"].values == ["York"]
    assert content_of(call)["area"] == {"en": "Bradford"}
    manager.send(refused, holding="seen")
    assert content_of(call)["area"] == {"en": "York"}


def test_what_is_typed_wrongly_is_shown_again_with_the_reason(manager, call):
    page = manager.open(build(call, "/part/strand/A"))

    page = manager.send(page, {"strands.0.months": "a year"}, holding="seen")

    assert page.form(holding="seen").fields["strands.0.months"].values == ["a year"]
    assert "Write a whole number in digits" in page.words
    at_the_top = page.words.partition("To mend on this page")[2][:80]
    assert "Write a whole number in digits" in at_the_top
    assert "#strands-0-months" in page.links


def test_new_call_says_where_nothing_is_named_yet(manager, call):
    record, room = (manager.open(f"/en/fund/calls/{call.id}/co-design{rest}") for rest in ("", "/room"))

    assert record.words.count("Nothing is named here yet.") == 1
    assert room.words.count("Nothing is named here yet.") == 2
    awards = manager.open(f"/en/fund/rounds/{call.rounds[0].id}/awards")
    assert "This call keeps no money for some groups." in awards.words
    fences = manager.open(f"/en/fund/calls/{call.id}/ring-fences")
    assert fences.words.count("This call keeps no money for some groups.") == 2


def test_published_call_is_only_read(role, manager, call):
    with unit_of_work():
        publish_call(get_call(call.id), actor=role.user, now=utcnow())
    before = copy.deepcopy(current_version(get_call(call.id)).content)

    page = manager.open(build(call, "/page/texts"))

    assert "It cannot be changed" not in page.words
    assert not page.form(holding="seen").buttons
    assert current_version(get_call(call.id)).content == before


def open_pages(manager: Browser, call: Call) -> list[Page]:
    return [manager.open(build(call, address)) for address in pages_of(content_of(call))]


def test_no_label_is_left_in_the_words_of_the_file(manager, call):
    wrong = [
        (page.path, found)
        for page in open_pages(manager, call)
        if (found := re.findall(r"<(?:legend|label)[^>]*>\s*([a-z]+_[a-z_]+)\s*<", page.html))
    ]

    assert wrong == []


def test_new_round_starts_from_the_old_one_with_the_changes_marked(role, manager, call):
    with unit_of_work():
        publish_call(get_call(call.id), actor=role.user, now=utcnow())
    page = manager.open(f"/en/fund/calls/{call.id}/copy")
    fields = {"call_code": "NEW-2", "opens-day": "10", "opens-month": "1", "opens-year": "2029"}

    manager.send(page, fields, holding="call_code")

    made = db.session.query(Call).filter_by(code="NEW-2").one()
    manager.send(manager.open(build(made, "/page/texts")), {"area.en": "Bradford"}, holding="seen")
    compared = manager.open(build(made, "/compare"))
    assert "Leeds Bradford" in compared.words
    assert "2028-01-10 2029-01-08" in compared.words or "2028-01-10 2029-01-10" in compared.words


def test_preview_shows_the_working_content_to_each_kind_of_reader(manager, call):
    manager.send(manager.open(build(call, "/page/texts")), {"languages": ["en", "ar"]}, holding="seen")

    applicant = manager.open(build(call, "/preview"))
    panel = manager.open(build(call, "/preview?as=panel&in=en"))

    assert "What would you do with this money?" in applicant.words
    assert "The need is clear, but the money would change little of it." in panel.words
