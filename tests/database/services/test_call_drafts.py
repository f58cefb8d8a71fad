"""Building a call: what is typed is kept, what is whole counts at once, and what is frozen stays."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from fundapp.call_file import edit, reference_call
from fundapp.call_file.uses import UseKind
from fundapp.db import db
from fundapp.errors import StaleVersion
from fundapp.models.call import Call
from fundapp.queries.call_drafts import digest_of_working, find_draft, problems_of_draft, working_content
from fundapp.queries.calls import current_version, definition_of
from fundapp.queries.readiness import Matter, open_matters
from fundapp.services.call_drafts import (
    PartInUse,
    PartIsGone,
    change_content,
    change_part,
    remove_part,
    replace_part,
)
from fundapp.services.calls import CallNotReady, RoundInUse, VersionIsFrozen, import_call, publish_call
from tests.factories import FundFactory, PanelFactory, UserFactory

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


def test_published_call_is_not_changed(call):
    publish_call(call, actor=UserFactory(), now=NOW)
    digest = current_version(call).digest

    with pytest.raises(VersionIsFrozen):
        weight(call, 31)
    with pytest.raises(VersionIsFrozen):
        change(call, working_content(call))

    assert (current_version(call).digest, find_draft(call)) == (digest, None)
