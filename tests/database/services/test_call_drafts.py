"""Building a call: what is typed is kept, what is whole counts at once, and what is frozen stays."""

from __future__ import annotations

import dataclasses
import json
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forms.localized import LocalizedText
from fundapp.call_file import edit, reference_call
from fundapp.call_file.uses import UseKind
from fundapp.db import db
from fundapp.errors import FundError, StaleVersion
from fundapp.models.call import Call
from fundapp.models.message import Message
from fundapp.queries.call_drafts import digest_of_working, find_draft, problems_of_draft, working_content
from fundapp.queries.call_notices import list_notices
from fundapp.queries.calls import current_version, definition_of
from fundapp.queries.codesign import list_sessions, session_of
from fundapp.queries.readiness import Matter, open_matters
from fundapp.services.call_content import RoundInUse, VersionIsFrozen
from fundapp.services.call_drafts import (
    PartInUse,
    PartIsGone,
    add_part,
    change_content,
    change_part,
    move_part,
    remove_part,
    replace_part,
)
from fundapp.services.call_notices import NoticeInEveryLanguage, give_notice
from fundapp.services.calls import (
    CallNotReady,
    import_call,
    publish_call,
    replace_content,
)
from fundapp.services.codesign import change_session
from tests.examples import undone_afterwards
from tests.factories import (
    ApplicationFactory,
    FundFactory,
    OrganisationMemberFactory,
    PanelFactory,
    UserFactory,
)

NOW = datetime(2027, 3, 1, 12, tzinfo=UTC)

pytestmark = pytest.mark.usefixtures("db_session")


@pytest.fixture
def call(db_session) -> Call:
    call = import_call(reference_call(), fund=FundFactory(), actor=None, now=NOW)
    db.session.flush()
    return call


def change(call: Call, content: dict[str, Any], seen: dict[str, Any] | None = None) -> list[str]:
    digest = digest_of_working(seen or working_content(call))
    problems = change_content(call, content, seen_digest=digest, actor=UserFactory(), now=NOW)
    return [problem.words for problem in problems]


def weight(call: Call, value: object) -> None:
    change_part(call, "criterion:C1", "weight", value, actor=UserFactory(), now=NOW)


def test_whole_content_is_what_the_call_says_at_once(call):
    question = {"label": {"en": "A new name for it?"}}
    content = working_content(call)
    path = (*edit.path_of(content, "question:Q1"), "label")

    problems = change(call, edit.replaced(content, path, question["label"]))

    assert problems == []
    assert definition_of(current_version(call)).question("Q1").label.as_dict() == question["label"]
    assert find_draft(call) is None


def test_content_with_problems_is_kept_and_the_call_shows_its_last_whole_one(call):
    weight(call, 31)

    assert definition_of(current_version(call)).criterion("C1").weight == 30
    assert edit.at(working_content(call), ("assessment", "criteria", 0, "weight")) == 31
    assert [problem.path for problem in problems_of_draft(call)] == [("assessment", "criteria")]

    weight(call, 30)

    assert find_draft(call) is None
    assert problems_of_draft(call) == ()


def test_stale_page_overwrites_nothing(call):
    seen = working_content(call)
    weight(call, 31)

    with pytest.raises(StaleVersion):
        change(call, seen, seen)
    with pytest.raises(StaleVersion):
        replace_part(
            call,
            ("assessment", "criteria", 0),
            {},
            seen_digest=edit.digest_of_data(edit.at(seen, ("assessment", "criteria", 0))),
            actor=UserFactory(),
            now=NOW,
        )

    assert edit.at(working_content(call), ("assessment", "criteria", 0, "weight")) == 31


def test_two_people_can_change_two_parts(call):
    seen = working_content(call)
    weight(call, 31)
    second = ("assessment", "criteria", 1, "weight")
    digest = edit.digest_of_data(edit.at(seen, second))

    left = replace_part(call, second, 19, seen_digest=digest, actor=UserFactory(), now=NOW)

    assert left == ()
    assert [each.weight for each in definition_of(current_version(call)).assessment.criteria][:2] == [31, 19]


def test_wording_in_one_language_leaves_the_others(call):
    before = definition_of(current_version(call)).question("E2").label.as_dict()

    change_part(call, "question:E2", "label", "نص جديد؟", language="ar", actor=UserFactory(), now=NOW)

    after = definition_of(current_version(call)).question("E2").label.as_dict()
    assert after == before | {"ar": "نص جديد؟"}


def test_question_in_use_cannot_be_taken_away(call):
    with pytest.raises(PartInUse) as refused:
        remove_part(call, "question:E8", actor=UserFactory(), now=NOW)

    assert UseKind.BY_AND_FOR in {use.kind for use in refused.value.uses}
    with pytest.raises(PartIsGone):
        remove_part(call, "question:Q99", actor=UserFactory(), now=NOW)
    remove_part(call, "question:Q1", actor=UserFactory(), now=NOW)
    assert edit.path_of(working_content(call), "question:Q1") is None


def test_rounds_follow_the_content(call):
    content = working_content(call)
    path = (*edit.path_of(content, "round:1"), "grace_hours")

    change(call, edit.replaced(content, path, 5))

    assert call.rounds[0].grace_minutes == 300


def test_round_that_has_a_panel_cannot_be_taken_away(call):
    PanelFactory(round=call.rounds[1])
    content = edit.removed(working_content(call), ("rounds", 1))
    content = edit.replaced(content, ("rounds", 0, "amount"), 2760000)
    for index in (0, 2, 3):
        content = edit.replaced(content, ("ring_fences", index, "release"), None)

    with pytest.raises(RoundInUse):
        change(call, content)


def test_what_is_missing_in_a_language_or_does_not_add_up_is_told_before_publishing(call):
    weight(call, 31)
    content = edit.removed(working_content(call), ("purpose", "uk"))
    change(call, content)
    matters = open_matters(call)

    with pytest.raises(CallNotReady) as refused:
        publish_call(call, actor=UserFactory(), now=NOW)

    assert [matter.kind for matter in matters] == [Matter.CONTENT_PROBLEM]
    assert "add up to 101" in matters[0].words
    assert refused.value.matters == tuple(matters)

    weight(call, 30)
    (matter,) = open_matters(call)

    assert (matter.kind, matter.language, matter.path) == (Matter.MISSING_LANGUAGE, "uk", ("purpose",))
    with pytest.raises(CallNotReady):
        publish_call(call, actor=UserFactory(), now=NOW)


def draft_mended_by_sessions(call: Call) -> None:
    """What is typed stands against the sessions; then these are put straight."""
    typed = working_content(call)
    typed |= {"boroughs": [name for name in typed["boroughs"] if name != "Southwark"]}
    assert change(call, edit.replaced(typed, ("burden", "most_percent"), 7)) != []
    for row in list_sessions(call):
        known = session_of(row)
        boroughs = tuple(name for name in known.boroughs if name != "Southwark")
        groups = tuple(each for each in known.groups_from if each.name != "Southwark")
        put_straight = dataclasses.replace(known, boroughs=boroughs, groups_from=groups)
        change_session(row, put_straight, actor=UserFactory(), now=NOW)


def test_draft_whose_last_problem_lay_in_a_session_becomes_what_the_call_says(call):
    draft_mended_by_sessions(call)

    assert find_draft(call) is None
    assert definition_of(current_version(call)).burden.most_percent == 7


def test_publishing_freezes_what_is_typed_once_it_has_become_whole(call, monkeypatch):
    monkeypatch.setattr("fundapp.services.codesign.take_up_if_possible", lambda _call: None)
    draft_mended_by_sessions(call)
    assert find_draft(call) is not None

    publish_call(call, actor=UserFactory(), now=NOW)

    assert find_draft(call) is None
    assert definition_of(current_version(call)).burden.most_percent == 7
    assert working_content(call)["burden"]["most_percent"] == "7"


def test_published_call_is_not_changed(call):
    publish_call(call, actor=UserFactory(), now=NOW)
    digest = current_version(call).digest

    with pytest.raises(VersionIsFrozen):
        weight(call, 31)
    with pytest.raises(VersionIsFrozen):
        change(call, working_content(call))

    assert (current_version(call).digest, find_draft(call)) == (digest, None)


TRIES = st.one_of(
    st.tuples(
        st.just("change"), st.sampled_from(["criterion:C1", "question:Q5", "strand:A"]), st.integers(0, 99)
    ),
    st.tuples(st.just("remove"), st.sampled_from(["question:Q1", "criterion:C1", "round:2"]), st.just(0)),
    st.tuples(st.just("move"), st.sampled_from(["question:Q2", "strand:B"]), st.sampled_from([-1, 1])),
    st.tuples(st.just("add"), st.sampled_from(["criterion", "strand", "round"]), st.just(0)),
    st.tuples(st.just("whole"), st.just(""), st.integers(0, 10**6)),
    st.tuples(st.just("file"), st.just(""), st.just(0)),
    st.tuples(st.just("notice"), st.just(""), st.just(0)),
)
PLACES_OF = {"criterion": ("assessment", "criteria"), "strand": ("strands",), "round": ("rounds",)}


def attempt(call: Call, what: str, which: str, number: int) -> None:
    """Something the builder or a call file does; also the one thing that is still allowed."""
    who: dict[str, Any] = {"actor": UserFactory(), "now": NOW}
    if what == "change":
        change_part(call, which, "weight", number, **who)
    elif what == "remove":
        remove_part(call, which, **who)
    elif what == "move":
        move_part(call, which, number, **who)
    elif what == "add":
        add_part(call, which, PLACES_OF[which], **who)
    elif what == "whole":
        content = working_content(call)
        seen = digest_of_working(content)
        change_content(call, content | {"boroughs": [str(number)]}, seen_digest=seen, **who)
    elif what == "file":
        replace_content(call, dataclasses.replace(reference_call(), is_sensitive=False), **who)
    else:
        words = dict.fromkeys(("en", "es", "ar", "uk"), "The meeting is on Monday.")
        give_notice(call, LocalizedText.of(words), **who)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(before=st.lists(TRIES, max_size=3), after=st.lists(TRIES, min_size=1, max_size=6))
def test_published_version_never_changes_whatever_is_tried(call, before, after):
    with undone_afterwards():
        for what, which, number in before:
            with suppress(FundError):
                attempt(call, what, which, number)
        with suppress(CallNotReady):
            publish_call(call, actor=UserFactory(), now=NOW)
        version = current_version(call)
        frozen = (version.frozen_at, version.digest, json.dumps(version.content))
        is_frozen = version.frozen_at is not None

        for what, which, number in after:
            with suppress(FundError):
                attempt(call, what, which, number)
            db.session.refresh(version)
            stored = (version.frozen_at, version.digest, json.dumps(version.content))
            assert stored == frozen or not is_frozen
            assert find_draft(call) is None or not is_frozen


def test_notice_is_sent_to_everybody_with_a_draft_and_nobody_else(call):
    publish_call(call, actor=UserFactory(), now=NOW)
    writing, sent = OrganisationMemberFactory(), OrganisationMemberFactory()
    for member, is_sent in ((writing, False), (sent, True)):
        ApplicationFactory(
            call=call, round=call.rounds[0], organisation=member.organisation, submitted=is_sent
        )
    words = LocalizedText.of(dict.fromkeys(("en", "es", "ar", "uk"), "The meeting is on Monday."))

    with pytest.raises(NoticeInEveryLanguage) as refused:
        give_notice(call, LocalizedText.of({"en": "Only here"}), actor=UserFactory(), now=NOW)
    notice = give_notice(call, words, actor=UserFactory(), now=NOW)

    assert refused.value.languages == ("es", "ar", "uk")
    told = db.session.execute(sa.select(Message.recipient_id).where(Message.kind == "call_notice")).scalars()
    assert list(told) == [writing.user_id]
    assert list_notices(call) == [notice]
