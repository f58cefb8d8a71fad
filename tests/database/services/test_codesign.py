"""Co-design: what was said is kept, answered, published, and travels in the call file."""

from __future__ import annotations

import dataclasses
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa

from forms.localized import LocalizedText
from fundapp.call_file import from_data, read_call, to_data, write_call
from fundapp.call_file.codesign import (
    BoroughCount,
    CodesignResponse,
    Deciding,
    DecisionRule,
    Fee,
    FeeKind,
    PlannedSession,
    SessionKind,
    Topic,
)
from fundapp.call_file.shipped import reference_call
from fundapp.db import db
from fundapp.errors import NotPossibleNow
from fundapp.lifecycles import CallStatus
from fundapp.models.call import Call
from fundapp.models.codesign import CodesignPoint
from fundapp.models.user import User
from fundapp.queries.calls import current_version, definition_of
from fundapp.queries.codesign import (
    list_points,
    list_points_without_answer,
    list_sessions,
    parts_of,
    points_behind,
    record_of,
    session_of,
)
from fundapp.queries.readiness import Matter, OpenMatter
from fundapp.services.calls import CallNotReady, content_of, import_call, publish_call, replace_content
from fundapp.services.codesign import (
    Answer,
    AnswerProblem,
    DoesNotFit,
    Said,
    add_point,
    add_session,
    answer_point,
    change_point,
    change_session,
    publish_points,
    start_codesign,
)
from fundapp.services.codesign_decisions import bring_to_decision
from fundapp.services.codesign_links import make_link
from fundapp.services.voices import Words, retell, say
from tests.factories import FundFactory, UserFactory

NOW = datetime(2027, 3, 1, 12, tzinfo=UTC)

pytestmark = pytest.mark.usefixtures("db_session")


def en(text: str) -> LocalizedText:
    return LocalizedText.of({"en": text})


def draft_call() -> Call:
    return import_call(reference_call(), fund=FundFactory(), actor=None, now=NOW)


def a_session(**changes: Any) -> PlannedSession:
    plain = PlannedSession(
        key="new",
        title=en("One more talk"),
        day=date(2027, 2, 20),
        languages=("en", "so"),
        run_by=en("A neighbour group"),
        organisations=3,
        people=7,
    )
    return dataclasses.replace(plain, **changes)


def an_answer(**changes: Any) -> Answer:
    plain = Answer(
        response=CodesignResponse.DID,
        reason=en("It costs us little and helps you much."),
        decided_by=en("The fund manager"),
        decided_on=date(2027, 2, 27),
        what_changed=en("We ask one question less."),
        changed=("question:Q12",),
    )
    return dataclasses.replace(plain, **changes)


def said(**changes: Any) -> Said:
    plain = Said(
        said_by=LocalizedText.of({"ar": "متطوعة"}),
        said=LocalizedText.of({"ar": "الأسئلة كثيرة"}),
        topic=Topic.FORM,
        session="S5",
    )
    return dataclasses.replace(plain, **changes)


def a_point(call: Call, actor: User, session_key: str | None = "S5") -> CodesignPoint:
    return add_point(call, said(session=session_key), actor=actor, now=NOW)


def events_of(call: Call) -> list[tuple[str, dict[str, Any]]]:
    """Events of this unit of work, before they are sealed."""
    pending = db.session.info["pending_events"]
    return [(event.step, event.details) for event in pending if event.step != "import"]


def test_record_of_an_imported_call_is_what_the_file_says():
    call = draft_call()

    assert record_of(call) == reference_call().codesign
    assert record_of(call, only_published=True) == reference_call().codesign


def test_added_session_and_answered_point_stand_in_the_exported_file():
    call, actor = draft_call(), UserFactory()
    add_session(call, a_session(), actor=actor, now=NOW)
    point = a_point(call, actor, session_key="S6")

    answer_point(point, an_answer(), actor=actor, now=NOW)

    exported = content_of(call)
    assert exported.codesign.sessions[-1] == a_session(key="S6")
    assert [known.key for known in exported.codesign.points] == [f"P{number}" for number in range(1, 12)]
    assert exported.codesign.points[-1].changed == ("question:Q12",)
    text = write_call(exported)
    assert write_call(read_call(text)) == text


def test_every_change_of_the_record_is_written_down():
    call, actor = draft_call(), UserFactory()

    start_codesign(call, actor=actor, now=NOW)
    add_session(call, a_session(), actor=actor, now=NOW)
    point = a_point(call, actor)
    answer_point(point, an_answer(), actor=actor, now=NOW)
    answer_point(point, an_answer(response=CodesignResponse.DID_PARTLY), actor=actor, now=NOW)
    publish_points(call, actor=actor, now=NOW)

    assert events_of(call) == [
        ("start_co_design", {"from": "draft", "to": "co_design"}),
        ("add_session", {"key": "S6"}),
        ("add_point", {"key": "P11", "topic": "form"}),
        ("answer_point", {"key": "P11", "response": "did"}),
        ("answer_point", {"key": "P11", "response": "did_partly", "before": "did"}),
        ("publish_points", {"points": ["P11"]}),
    ]


def test_point_is_public_only_once_it_is_answered_and_published():
    call, actor = draft_call(), UserFactory()
    point = a_point(call, actor)

    def public_keys() -> list[str]:
        return [known.key for known in record_of(call, only_published=True).points][10:]

    assert public_keys() == []
    assert publish_points(call, actor=actor, now=NOW) == 0
    answer_point(point, an_answer(), actor=actor, now=NOW)
    assert public_keys() == []
    assert publish_points(call, actor=actor, now=NOW) == 1
    assert public_keys() == ["P11"]
    assert publish_points(call, actor=actor, now=NOW) == 0


def test_call_with_an_unanswered_point_is_not_published():
    call, actor = draft_call(), UserFactory()
    a_point(call, actor)
    a_point(call, actor)

    with pytest.raises(CallNotReady) as refused:
        publish_call(call, actor=actor, now=NOW)

    assert refused.value.matters == (OpenMatter(Matter.POINTS_WITHOUT_ANSWER, 2),)
    assert call.status is CallStatus.DRAFT
    assert call.versions[-1].frozen_at is None


def test_publishing_a_call_freezes_the_record_with_it():
    call, actor = draft_call(), UserFactory()
    point = a_point(call, actor)
    answer_point(point, an_answer(), actor=actor, now=NOW)

    publish_call(call, actor=actor, now=NOW)

    frozen = from_data(call.versions[-1].content)
    assert definition_of(call.versions[-1]) == frozen
    assert [behind.key for behind in frozen.points_behind("question:Q12")] == ["P11"]
    assert point.published_at == NOW
    assert call.status is CallStatus.PUBLISHED


@pytest.mark.parametrize(
    ("changes", "problems"),
    [
        ({"what_changed": None}, [AnswerProblem.SAY_WHAT_CHANGED]),
        ({"response": CodesignResponse.DID_NOT}, [AnswerProblem.NOTHING_CHANGED]),
        ({"response": CodesignResponse.CANNOT_YET, "what_changed": None}, [AnswerProblem.NOTHING_CHANGED]),
        ({"changed": ("question:Q99",)}, [AnswerProblem.UNKNOWN_PART]),
        ({"decided_on": date(2027, 3, 2)}, [AnswerProblem.DECIDED_LATER]),
        ({"decided_on": date(2027, 2, 15)}, [AnswerProblem.DECIDED_BEFORE_SESSION]),
        ({"next_review": date(2027, 2, 26)}, [AnswerProblem.REVIEW_BEFORE_DECISION]),
        (
            {"what_changed": None, "changed": ("seat:nobody",), "decided_on": date(2026, 1, 1)},
            [
                AnswerProblem.SAY_WHAT_CHANGED,
                AnswerProblem.UNKNOWN_PART,
                AnswerProblem.DECIDED_BEFORE_SESSION,
            ],
        ),
    ],
)
def test_answer_that_does_not_fit_names_every_problem_and_changes_nothing(
    changes: dict[str, Any], problems: list[AnswerProblem]
):
    call, actor = draft_call(), UserFactory()
    point = a_point(call, actor)

    with pytest.raises(DoesNotFit) as refused:
        answer_point(point, an_answer(**changes), actor=actor, now=NOW)

    assert list(refused.value.problems) == problems
    assert list_points_without_answer(call) == [point]


def test_today_counts_in_the_zone_of_the_call():
    call, actor = draft_call(), UserFactory()
    late_evening = datetime(2027, 6, 30, 23, 30, tzinfo=UTC)  # 1 July in London

    add_session(call, a_session(day=date(2027, 7, 1)), actor=actor, now=late_evening)

    with pytest.raises(DoesNotFit) as refused:
        add_session(call, a_session(day=date(2027, 7, 2)), actor=actor, now=late_evening)
    assert refused.value.problems == (AnswerProblem.HELD_LATER,)


PLANNED = {"organisations": None, "people": None}


@pytest.mark.parametrize(
    ("changes", "problems"),
    [
        (PLANNED | {"day": date(2027, 3, 9)}, []),
        (PLANNED | {"day": date(2027, 3, 1)}, []),
        (PLANNED, [AnswerProblem.NOT_COUNTED]),
        ({"people": None}, [AnswerProblem.HALF_COUNTED]),
        ({"last_day": date(2027, 2, 25)}, [AnswerProblem.LAST_DAY_WRONG]),
        ({"kind": SessionKind.WRITING, "last_day": date(2027, 2, 19)}, [AnswerProblem.LAST_DAY_WRONG]),
        ({"kind": SessionKind.WRITING, "last_day": date(2027, 2, 25)}, []),
        ({"kind": SessionKind.WRITING, "last_day": date(2027, 3, 2)}, [AnswerProblem.HELD_LATER]),
        (PLANNED | {"kind": SessionKind.WRITING, "last_day": date(2027, 3, 2)}, []),
    ],
)
def test_people_of_a_session_are_counted_once_it_is_over(
    changes: dict[str, Any], problems: list[AnswerProblem]
):
    call, actor = draft_call(), UserFactory()

    found: list[AnswerProblem] = []
    try:
        add_session(call, a_session(**changes), actor=actor, now=NOW)
    except DoesNotFit as refused:
        found = list(refused.problems)

    assert found == problems
    if not problems:
        assert record_of(call).sessions[-1] == a_session(**changes, key="S6")


def test_offers_fees_and_a_word_in_any_language_travel_in_the_call_file():
    call, actor = draft_call(), UserFactory()
    whole = a_session(
        kind=SessionKind.ONLINE,
        place=en("A library"),
        child_care=True,
        interpreters=("so", "ti"),
        pay=Decimal(50),
        fees=(Fee(FeeKind.BANK, 4, Decimal(200)), Fee(FeeKind.DECLINED, 3)),
        groups_from=(BoroughCount("Hackney", 3),),
        deciding=Deciding(DecisionRule.TWO_THIRDS, 5),
    )
    add_session(call, whole, actor=actor, now=NOW)
    words = LocalizedText.of({"so": "Su’aalo badan"})
    point = add_point(call, said(said=words, session="S6"), actor=actor, now=NOW)
    answer_point(point, an_answer(), actor=actor, now=NOW)

    text = write_call(content_of(call))

    again = read_call(text).codesign
    assert again.sessions[-1] == dataclasses.replace(whole, key="S6")
    assert again.points[-1].said == words
    assert write_call(read_call(text)) == text


def test_point_of_an_unknown_session_is_refused():
    call, actor = draft_call(), UserFactory()

    with pytest.raises(DoesNotFit) as refused:
        a_point(call, actor, session_key="S99")

    assert refused.value.problems == (AnswerProblem.UNKNOWN_SESSION,)


def test_archived_call_takes_no_more_points():
    call, actor = draft_call(), UserFactory()
    call.status = CallStatus.ARCHIVED

    with pytest.raises(NotPossibleNow):
        a_point(call, actor)


def test_new_file_replaces_the_record_but_keeps_what_waits_for_an_answer():
    call, actor = draft_call(), UserFactory()
    answer_point(a_point(call, actor), an_answer(), actor=actor, now=NOW)
    waiting = a_point(call, actor)
    file = reference_call()
    shorter = dataclasses.replace(
        file.codesign, sessions=file.codesign.sessions[:4], points=file.codesign.points[:4]
    )
    shorter = dataclasses.replace(
        shorter,
        points=(dataclasses.replace(shorter.points[0], reason=en("Another reason.")), *shorter.points[1:]),
    )

    replace_content(call, dataclasses.replace(file, codesign=shorter), actor=actor, now=NOW)
    db.session.flush()

    assert record_of(call) == shorter
    assert [row.key for row in list_sessions(call)] == ["S1", "S2", "S3", "S4"]
    assert [row.key for row in list_points(call)] == ["P1", "P2", "P3", "P4", waiting.key]


def test_every_reference_of_the_reference_call_is_a_part_that_can_be_chosen():
    definition = reference_call()

    used = {reference for point in definition.codesign.points for reference in point.changed}

    assert used <= {part.reference for part in parts_of(definition)}


def test_export_then_import_then_export_is_identical():
    call = draft_call()
    exported = content_of(call)
    renamed = dataclasses.replace(exported, code="AGAIN")

    again = import_call(renamed, fund=FundFactory(), actor=None, now=NOW + timedelta(days=1))

    assert to_data(content_of(again)) == to_data(renamed)


def test_translation_added_later_keeps_the_answer():
    call, actor = draft_call(), UserFactory()
    point = a_point(call, actor)
    answer_point(point, an_answer(), actor=actor, now=NOW)
    both = LocalizedText.of({"en": "There are many questions.", "ar": "الأسئلة كثيرة"})

    change_point(point, said(said=both, topic=Topic.LANGUAGE), actor=actor, now=NOW)

    changed = record_of(call).points[-1]
    assert (changed.said, changed.topic, changed.reason) == (both, Topic.LANGUAGE, an_answer().reason)


def test_session_moved_behind_a_decision_it_led_to_is_refused():
    call, actor = draft_call(), UserFactory()
    first = next(row for row in list_sessions(call) if row.key == "S1")  # its points: 22 and 24 February
    content = first.content

    change_session(first, a_session(day=date(2027, 2, 22)), actor=actor, now=NOW)
    with pytest.raises(DoesNotFit) as refused:
        change_session(first, a_session(day=date(2027, 2, 23)), actor=actor, now=NOW)

    assert refused.value.problems == (AnswerProblem.DECIDED_BEFORE_SESSION,)
    assert record_of(call).session("S1") == a_session(key="S1", day=date(2027, 2, 22))
    assert content != first.content


def test_point_moved_to_a_session_after_its_decision_is_refused():
    call, actor = draft_call(), UserFactory()
    point = a_point(call, actor, session_key=None)
    answer_point(point, an_answer(decided_on=date(2027, 1, 1)), actor=actor, now=NOW)

    with pytest.raises(DoesNotFit) as refused:
        change_point(point, said(session="S1"), actor=actor, now=NOW)

    assert refused.value.problems == (AnswerProblem.DECIDED_BEFORE_SESSION,)


def guests_point(call: Call) -> CodesignPoint:
    """As somebody wrote it by a link of a session."""
    tomorrow = NOW.date() + timedelta(days=1)
    link, _token = make_link(list_sessions(call)[0], people=2, ends_on=tomorrow, actor=UserFactory(), now=NOW)
    db.session.flush()
    return say(link, Words(en("Too long."), en("A volunteer"), Topic.FORM), now=NOW)


def test_words_told_by_the_fund_after_publishing_stand_behind_the_frozen_question_too():
    call, actor = draft_call(), UserFactory()
    start_codesign(call, actor=actor, now=NOW)
    point = guests_point(call)
    answer_point(point, an_answer(), actor=actor, now=NOW)
    publish_call(call, actor=actor, now=NOW)
    frozen = definition_of(current_version(call))
    retell(point, en("Somebody finds it long."), actor=actor, now=NOW)

    shown = points_behind(call, frozen, "question:Q12")

    assert [each.said for each in frozen.points_behind("question:Q12")][-1] == en("Too long.")
    assert [each.said for each in shown][-1] == en("Somebody finds it long.")
    assert shown[:-1] == frozen.points_behind("question:Q12")[:-1]


def test_words_of_a_guest_stay_theirs_and_in_their_session_and_are_translated():
    call, actor = draft_call(), UserFactory()
    start_codesign(call, actor=actor, now=NOW)
    point = guests_point(call)
    both = LocalizedText.of({"en": "Too long.", "es": "Demasiado largo."})

    with pytest.raises(DoesNotFit) as refused:
        change_point(point, said(said=en("It is lovely."), session="S2"), actor=actor, now=NOW)
    change_point(point, said(said=both, session="S1"), actor=actor, now=NOW)

    assert refused.value.problems == (AnswerProblem.OWN_WORDS, AnswerProblem.OWN_SESSION)
    assert (point.said, point.said_in, point.session_key) == (both.as_dict(), "en", "S1")


def test_call_file_does_not_put_other_words_into_the_mouth_of_a_guest():
    call, actor = draft_call(), UserFactory()
    start_codesign(call, actor=actor, now=NOW)
    point = guests_point(call)
    answer_point(point, an_answer(), actor=actor, now=NOW)
    file = content_of(call)
    *others, last = file.codesign.points
    turned = dataclasses.replace(last, said=en("It is lovely."), said_in=None)
    codesign = dataclasses.replace(file.codesign, points=(*others, turned))

    replace_content(call, dataclasses.replace(file, codesign=codesign), actor=actor, now=NOW)

    assert (point.said, point.said_in) == ({"en": "Too long."}, "en")


def test_words_of_the_fund_are_never_shown_as_those_of_the_person():
    call, actor = draft_call(), UserFactory()
    start_codesign(call, actor=actor, now=NOW)
    point = guests_point(call)
    retell(point, en("Somebody finds it long."), actor=actor, now=NOW)
    answer_point(point, an_answer(), actor=actor, now=NOW)

    shown = record_of(call).points[-1]

    assert (shown.said, shown.said_in, shown.retold) == (en("Somebody finds it long."), None, True)


def test_record_is_judged_by_the_state_of_the_call_after_waiting_for_it():
    call, actor = draft_call(), UserFactory()
    db.session.flush()
    assert call.status is CallStatus.DRAFT  # as it was read
    archive = sa.update(Call).where(Call.id == call.id).values(status=CallStatus.ARCHIVED)
    db.session.execute(archive.execution_options(synchronize_session=False))

    with pytest.raises(NotPossibleNow):
        add_point(call, said(), actor=actor, now=NOW)


def test_point_that_was_answered_while_we_waited_is_not_brought_to_a_decision():
    call, actor = draft_call(), UserFactory()
    start_codesign(call, actor=actor, now=NOW)
    first = list_sessions(call)[0]
    deciding = dataclasses.replace(session_of(first), deciding=Deciding(DecisionRule.CONSENT, 1))
    change_session(first, deciding, actor=actor, now=NOW)
    point = add_point(call, said(session=first.key), actor=actor, now=NOW)
    db.session.flush()
    db.session.refresh(point)  # as it was read
    answer = {"response": CodesignResponse.DID_NOT, "reason": {"en": "No."}, "decided_by": {"en": "We"}}
    answered = sa.update(CodesignPoint).where(CodesignPoint.id == point.id)
    answered = answered.values(**answer, decided_on=NOW.date())
    db.session.execute(answered.execution_options(synchronize_session=False))

    with pytest.raises(NotPossibleNow):
        bring_to_decision(point, closes_at=NOW + timedelta(hours=1), actor=actor, now=NOW)
