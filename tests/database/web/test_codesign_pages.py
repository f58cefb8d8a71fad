"""The fund's side of co-design: writing down, answering, publishing; and what everybody then reads."""

from __future__ import annotations

import html
import re
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from forms.localized import LocalizedText
from fundapp.call_file import read_call, write_call
from fundapp.call_file.codesign import CodesignResponse, Topic
from fundapp.call_file.shipped import reference_call
from fundapp.call_file.variants import shift_dates, with_code
from fundapp.clock import utcnow
from fundapp.db import db
from fundapp.lifecycles import CallStatus
from fundapp.models.fund import FundRoleKind
from fundapp.queries.codesign import list_points, record_of
from fundapp.services.calls import content_of, import_call
from fundapp.services.codesign import Said, add_point, start_codesign
from tests.factories import FundRoleFactory

SAID = {"said_en": "Ask less.", "said_by_en": "A volunteer", "topic": "form", "session": "S1"}
SESSION = {
    "title_en": "One more talk",
    "day-day": "1",
    "day-month": "2",
    "day-year": "2026",
    "run_by_en": "A neighbour group",
    "organisations": "3",
    "people": "7",
    "pay": "£50",
    "spoken": ["en", "so"],
    "boroughs": ["Hackney"],
    "specialisms": "Violence at home: 2\n\n  Migration : 1  ",
}
ANSWER = {
    "response": "did",
    "reason_en": "It costs us little.",
    "what_changed_en": "One question less.",
    "changed": ["question:Q12", "seat:umbrella"],
    "decided_by_en": "The co-design group",
    "decided_on": "2026-06-01",
}


@pytest.fixture
def role(db_session):
    return FundRoleFactory()


@pytest.fixture
def call(role):
    """In co-design, with the reference record, all of it in the past."""
    file = with_code(shift_dates(reference_call(), -700), "SHAPE")
    call = import_call(file, fund=role.fund, actor=None, now=utcnow())
    start_codesign(call, actor=role.user, now=utcnow())
    db.session.flush()
    return call


@pytest.fixture
def manager(role, call, client_for):
    return client_for(role.user)


@pytest.fixture
def point(role, call):
    said = Said(LocalizedText.of({"ar": "متطوعة"}), LocalizedText.of({"ar": "الأسئلة كثيرة"}), Topic.FORM)
    return add_point(call, said, actor=role.user, now=utcnow())


def record_url(call):
    return f"/en/fund/calls/{call.id}/co-design"


def answer_url(point):
    return f"/en/fund/co-design-points/{point.id}/answer"


def errors_in(page):
    """Pairs of field and message in the summary."""
    return [
        (field, html.unescape(text))
        for field, text in re.findall(r'<li><a href="#([^"]+)">([^<]+)</a>', page.text)
    ]


def test_record_page_shows_what_waits_for_an_answer(manager, call, point):
    page = manager.get(record_url(call))

    assert page.status_code == 200
    assert "One point has no answer yet." in page.text
    assert '<q lang="ar" dir="rtl">الأسئلة كثيرة</q>' in page.text
    assert page.text.count(f'href="{answer_url(point)}"') == 1


@pytest.mark.parametrize("kind", [FundRoleKind.FINANCE, FundRoleKind.ADMIN])
def test_colleague_reads_the_record_and_changes_nothing(role, call, point, client_for, kind):
    colleague = client_for(FundRoleFactory(fund=role.fund, kind=kind).user)

    page = colleague.get(record_url(call))

    assert page.status_code == 200
    assert answer_url(point) not in page.text
    assert colleague.post(answer_url(point), data=ANSWER).status_code == 404


def test_added_session_is_in_the_record(manager, call):
    reply = manager.post(f"{record_url(call)}/new-session", data=SESSION)

    assert reply.headers["Location"] == record_url(call)
    added = record_of(call).sessions[-1]
    assert (added.key, added.title.as_dict(), added.organisations, added.people) == (
        "S6",
        {"en": "One more talk"},
        3,
        7,
    )
    assert [(item.label.as_dict(), item.number) for item in added.specialisms] == [
        ({"en": "Violence at home"}, 2),
        ({"en": "Migration"}, 1),
    ]
    assert (added.languages, added.boroughs, added.pay, added.place) == (("en", "so"), ("Hackney",), 50, None)


def test_changed_session_keeps_its_translations(manager, call):
    session = manager.get(record_url(call)).text
    address = re.search(r'href="(/en/fund/co-design-sessions/[^"]+)"', session)[1]
    before = record_of(call).session("S1")
    page = manager.get(address)
    shown = dict(re.findall(r'name="((?:title|place|run_by)_\w+)"[^>]*value="([^"]*)"', page.text))

    assert {name: html.unescape(text) for name, text in shown.items()} == {
        f"{name}_{code}": text
        for name, localized in (("title", before.title), ("place", before.place), ("run_by", before.run_by))
        for code, text in localized
    }
    lines = "\n".join(f"{each.label.in_language('en')}: {each.number + 1}" for each in before.specialisms)
    day = before.day
    manager.post(
        address,
        data={
            **{name: html.unescape(text) for name, text in shown.items()},
            "day": day.isoformat(),
            "organisations": "14",
            "people": "22",
            "child_care": "yes",
            "pay": "50",
            "spoken": list(before.languages),
            "boroughs": sorted(before.boroughs),
            "specialisms": lines,
        },
    )

    after = record_of(call).session("S1")
    assert after.title == before.title
    assert [each.label for each in after.specialisms] == [each.label for each in before.specialisms]
    assert [each.number for each in after.specialisms] == [each.number + 1 for each in before.specialisms]


def test_added_point_waits_and_is_not_public(manager, client, call):
    reply = manager.post(f"{record_url(call)}/new-point", data=SAID)

    assert reply.status_code == 302
    added = list_points(call)[-1]
    assert (added.key, added.said, added.session_key, added.response) == (
        "P11",
        {"en": "Ask less."},
        "S1",
        None,
    )
    assert "Ask less." not in client.get("/en/calls/SHAPE/co-design/topics/form").text


def test_answer_is_public_once_it_is_published(manager, client, call, point):
    reply = manager.post(answer_url(point), data=ANSWER)
    assert reply.status_code == 302
    public = "/ar/calls/SHAPE/co-design/topics/form"
    assert "الأسئلة كثيرة" not in client.get(public).text

    manager.post(f"{record_url(call)}/publish")

    page = client.get(public).text
    assert "الأسئلة كثيرة" in page
    assert '<span lang="en" dir="ltr">It costs us little.</span>' in page
    answered = record_of(call).points[-1]
    assert (answered.response, answered.changed) == (CodesignResponse.DID, ("question:Q12", "seat:umbrella"))


def test_answer_form_begins_with_the_former_answer(manager, call, point):
    manager.post(answer_url(point), data=ANSWER)

    page = manager.get(answer_url(point))

    assert re.findall(r'name="changed" value="([^"]+)" id="[^"]+" checked', page.text) == ANSWER["changed"]
    assert "It costs us little." in page.text
    assert re.findall(r'name="decided_on-\w+"[^>]*value="(\d+)"', page.text) == ["1", "6", "2026"]


def test_empty_answer_names_every_missing_text_and_keeps_what_was_typed(manager, point):
    page = manager.post(answer_url(point), data={"reason_ar": "كذا", "decided_on-day": "40"})

    assert page.status_code == 422
    assert [field for field, _message in errors_in(page)] == ["response", "decided_by_en", "decided_on-day"]
    assert "كذا" in page.text
    assert 'value="40"' in page.text


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"what_changed_en": " "}, "what_changed_en"),
        ({"response": "did_not"}, "response"),
        ({"decided_on": "2999-01-01"}, "decided_on-day"),
        ({"next_review": "2026-05-31"}, "next_review-day"),
    ],
)
def test_answer_that_does_not_fit_is_explained_beside_its_field(manager, point, changes, field):
    page = manager.post(answer_url(point), data=ANSWER | changes)

    assert page.status_code == 422
    assert [place for place, _message in errors_in(page)] == [field]
    assert "It costs us little." in page.text
    assert point.response is None


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"organisations": "many"}, ["organisations"]),
        ({"people": str(2**70)}, ["people"]),
        ({"people": "٢٢", "organisations": ""}, ["organisations"]),
        ({"boroughs": ["Paris"]}, ["boroughs"]),
        ({"spoken": ["xx"]}, ["spoken"]),
        ({"specialisms": "no number"}, ["specialisms"]),
        ({"specialisms": f"Violence: {2**70}"}, ["specialisms"]),
        ({"title_en": "x" * 10_000}, ["title_en"]),
        ({"title_en": "bad\x00text"}, ["title_en"]),
        ({"day-year": "2999"}, ["day-day"]),
        ({"day-month": "13"}, ["day-day"]),
        ({"pay": "fifty"}, ["pay"]),
    ],
)
def test_wrong_session_is_refused_with_the_field_and_kept_on_the_page(manager, call, changes, fields):
    page = manager.post(f"{record_url(call)}/new-session", data=SESSION | changes)

    assert page.status_code == 422
    assert [field for field, _message in errors_in(page)] == fields
    assert "A neighbour group" in page.text
    assert len(record_of(call).sessions) == 5


def test_point_of_a_session_that_is_not_there_is_refused(manager, call):
    page = manager.post(f"{record_url(call)}/new-point", data=SAID | {"session": "S99"})

    assert page.status_code == 422
    assert [field for field, _message in errors_in(page)] == ["session"]


def test_codesign_starts_from_a_draft_only(role, call, manager):
    call.status = CallStatus.DRAFT

    first = manager.post(f"{record_url(call)}/start")
    second = manager.post(f"{record_url(call)}/start")

    assert (first.status_code, second.status_code) == (302, 409)


def test_call_with_a_waiting_point_cannot_be_published(manager, call, point):
    page = manager.post(f"/en/fund/calls/{call.id}/publish")

    db.session.refresh(call)
    assert (page.status_code, call.status) == (409, CallStatus.CO_DESIGN)
    assert "This call is not ready." in page.text


def test_draft_shows_nobody_its_codesign(role, call, client):
    call.status = CallStatus.DRAFT

    assert client.get("/en/calls/SHAPE/co-design").status_code == 404


def test_public_record_links_to_rules_only_once_they_are_public(call, client):
    hidden = client.get("/en/calls/SHAPE/co-design/topics/who_can_apply").text
    call.status = CallStatus.PUBLISHED
    shown = client.get("/en/calls/SHAPE/co-design/topics/who_can_apply").text

    assert "/en/calls/SHAPE/questions" not in hidden
    assert 'href="/en/calls/SHAPE/questions#question-E9"' in shown


def test_pages_need_as_many_queries_with_three_new_points_as_with_one(
    role, manager, client, call, point, count_queries
):
    def queries_of(browser, path):
        with count_queries() as queries:
            assert browser.get(path).status_code == 200
        return queries.number

    pages = ((manager, record_url(call)), (client, "/en/calls/SHAPE/co-design"))
    for browser, path in pages:
        browser.get(path)
    few = [queries_of(*page) for page in pages]
    for _number in range(2):
        add_point(
            call,
            Said(LocalizedText.of({"en": "A"}), LocalizedText.of({"en": "B"}), Topic.MONEY),
            actor=role.user,
            now=utcnow() + timedelta(seconds=1),
        )

    assert [queries_of(*page) for page in pages] == few


ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=60)


@settings(
    max_examples=8,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@example(said="\u2028", who="a\u2029b", reason="\x85c\n\n \u2028d", specialisms="e\u2028f: 3")
@example(said="\ud800", who="\x00", reason="\u200b", specialisms="\u200b:1\n:2")
@given(
    said=ANY_TEXT,
    who=ANY_TEXT,
    reason=ANY_TEXT,
    specialisms=ANY_TEXT,
)
def test_whatever_is_typed_the_exported_call_can_be_read_again(
    manager, call, point, said, who, reason, specialisms
):
    """Control characters, line separators, lone surrogates: refused or put right, never stored broken."""
    typed = {
        name: text.encode("utf-8", "surrogatepass") for name, text in (("said_en", said), ("said_by_en", who))
    }
    for address, data in (
        (f"{record_url(call)}/new-point", SAID | typed),
        (answer_url(point), ANSWER | {"reason_en": reason.encode("utf-8", "surrogatepass")}),
        (
            f"{record_url(call)}/new-session",
            SESSION | {"specialisms": specialisms.encode("utf-8", "surrogatepass")},
        ),
    ):
        assert manager.post(address, data=data).status_code in (302, 422)

    exported = write_call(content_of(call))
    assert write_call(read_call(exported)) == exported


def _seen(page):
    return re.search(r'name="seen_text" value="([^"]+)"', page.text)[1]


def test_answer_of_somebody_who_was_faster_is_shown_beside_what_was_typed(manager, point):
    opened = _seen(manager.get(answer_url(point)))
    manager.post(answer_url(point), data=ANSWER | {"seen_text": opened})

    late = manager.post(answer_url(point), data=ANSWER | {"seen_text": opened, "reason_en": "My own reason."})

    db.session.expire_all()
    assert late.status_code == 409
    assert "Somebody has changed this meanwhile" in late.text
    assert "My own reason." in late.text.partition("<form")[2]
    assert point.reason["en"] == ANSWER["reason_en"]


def test_words_that_somebody_else_changed_meanwhile_are_not_written_over(manager, point):
    path = answer_url(point).removesuffix("/answer")
    opened = _seen(manager.get(path))
    words = {"said_en": "Theirs.", "said_by_en": "A member", "topic": "form", "seen_text": opened}
    manager.post(path, data=words)

    late = manager.post(path, data=words | {"said_en": "Mine."})

    db.session.expire_all()
    assert (late.status_code, point.said["en"]) == (409, "Theirs.")
    assert "Theirs." in late.text
    assert "Mine." in late.text
