"""What groups say, read for themes: marks, merges that are followed, and a second reader who is blind."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from fundapp.clock import utcnow
from fundapp.db import db, unit_of_work
from fundapp.errors import NotPossibleNow
from fundapp.models.event import Event
from fundapp.models.theme_code import CodedText, TextKind, ThemeTag, Turn
from fundapp.queries.calls import definition_of
from fundapp.queries.theme_codes import (
    agreement_of,
    get_code_book,
    list_coded_texts,
    texts_read,
    uses_of,
)
from fundapp.queries.told_texts import list_told_texts
from fundapp.services.coded_texts import (
    NotInText,
    SomebodyElseReads,
    begin_reading,
    mark_passage,
    settle_reading,
    take_mark_off,
)
from fundapp.services.stories import share_story
from fundapp.services.theme_codes import NameTaken, merge_theme_code, retire_theme_code
from fundapp.story_steps import StoryStatus
from fundapp.told_steps import ThemeCodeStatus
from scoring.coding import drawn_of_block
from tests.factories import CallFactory, CheckInFileFactory, ConflictFactory
from tests.grants import active_grant, talk
from tests.told import TEXT, code, read, tell, told_text

pytestmark = pytest.mark.both_engines  # what the database itself refuses

TWO_LINES = "Amina sleeps through the night now.\nShe has opened the door to a neighbour."


@pytest.fixture
def grant(db_session):
    return active_grant(CallFactory(closed=True))


def seen(grant, reader):
    book = get_code_book(grant.award.call)
    return list(texts_read(list_coded_texts(grant.award.call, reader=reader), book, reader=reader)), book


def five(grant, codes):
    """Five stories read by the manager, and the one of them that was drawn."""
    marks = [(each, "") for each in codes]
    coded = [read(grant, tell(grant, f"{TEXT} {number}"), marks) for number in range(5)]
    return coded, next(each for each in coded if each.is_drawn)


def test_texts_are_what_groups_told_and_a_story_of_a_conversation_is_one_text(grant):
    call = grant.award.call
    first, second = (
        question.key
        for question in definition_of(grant.award.application.call_version).monitoring.questions[:2]
    )
    check_in = talk(grant, "month_6", answers={first: TEXT, second: "The bus is dear."})
    with unit_of_work():
        share_story(
            grant.award, TEXT, domain=None, language="en", check_in=check_in, actor=grant.signer, now=utcnow()
        )
    recording = CheckInFileFactory(check_in=check_in)

    texts = list_told_texts(call, reader=grant.manager)

    assert [(each.kind, each.text) for each in texts] == [
        (TextKind.ANSWER, "The bus is dear."),
        (TextKind.RECORDING, ""),
        (TextKind.STORY, TEXT),
    ]
    assert texts[1].recording is recording
    assert len({each.source for each in texts}) == 3


def test_marked_words_are_a_place_in_the_text_and_no_copy(grant):
    sleep = code(grant, "Sleep")

    coded = read(grant, tell(grant, TWO_LINES), [(sleep, "night  now. She has opened")])

    reads, _book = seen(grant, grant.manager)
    assert [passage.words for passage in reads[0].passages] == ["night now.\nShe has opened"]
    assert (coded.tags[0].starts_at, coded.tags[0].ends_at) == (
        TWO_LINES.index("night"),
        TWO_LINES.index(" the door"),
    )


def test_words_that_are_not_in_the_text_are_refused(grant):
    with pytest.raises(NotInText):
        read(grant, tell(grant), [(code(grant, "Sleep"), "She sleeps badly.")])


def test_text_that_changed_says_so_and_shows_no_wrong_words(grant):
    story = tell(grant)
    read(grant, story, [(code(grant, "Sleep"), "sleeps")])

    with unit_of_work():
        story.text = "Something else altogether was told."

    reads, _book = seen(grant, grant.manager)
    assert [(each.words, each.has_changed) for each in reads[0].passages] == [(None, True)]


def test_story_that_was_taken_back_is_in_no_list(grant):
    story = tell(grant)
    read(grant, story, [(code(grant, "Sleep"), "")])

    with unit_of_work():
        story.status = StoryStatus.WITHDRAWN

    assert seen(grant, grant.manager)[0] == []
    assert list_told_texts(grant.award.call, reader=grant.manager) == []


def test_one_of_five_is_drawn_by_nobody_and_can_be_worked_out_again(grant):
    coded, drawn = five(grant, [])

    assert [each.number for each in coded] == [1, 2, 3, 4, 5]
    assert [each.is_drawn for each in coded].count(True) == 1
    assert str(drawn.id) == drawn_of_block([str(each.id) for each in coded], str(grant.award.call_id))
    event = db.session.execute(sa.select(Event).where(Event.step == "draw")).scalar_one()
    assert (event.subject_id, event.actor_id) == (drawn.id, None)


def test_second_reader_sees_nothing_until_the_end(grant):
    sleep, trust = code(grant, "Sleep"), code(grant, "Trust")
    _coded, drawn = five(grant, [sleep])
    second = grant.other_manager

    reads, book = seen(grant, second)
    assert drawn not in [each.coded for each in reads]
    assert uses_of(reads)[sleep.id] == 4
    assert uses_of(seen(grant, grant.manager)[0])[sleep.id] == 5

    read(grant, drawn.story, [(trust, "")], by=second)

    agreement = agreement_of(seen(grant, second)[0], book)
    lines = {each.name if each else None: line for each, line in agreement.lines}
    assert (agreement.texts, agreement.is_few) == (1, True)
    assert (lines["Sleep"].first_only, lines["Trust"].second_only) == (1, 1)
    assert [(one.first_only, one.second_only) for one in agreement.differences] == [([sleep], [trust])]


def test_first_reader_is_never_the_second(grant):
    _coded, drawn = five(grant, [])

    with unit_of_work():
        again = begin_reading(told_text(grant, drawn.story), actor=grant.manager, now=utcnow())
    assert (again, again.second_reader_id) == (drawn, None)
    with pytest.raises(IntegrityError), unit_of_work():
        db.session.execute(
            sa.update(CodedText)
            .where(CodedText.id == drawn.id)
            .values(second_reader_id=CodedText.first_reader_id)
        )


def test_third_person_and_undrawn_text_have_no_second_reading(grant):
    coded, drawn = five(grant, [])
    other = next(each for each in coded if each is not drawn)

    with pytest.raises(SomebodyElseReads):
        read(grant, other.story, by=grant.other_manager)


def test_after_both_have_read_their_marks_stay_and_what_they_settle_counts(grant):
    sleep, trust = code(grant, "Sleep"), code(grant, "Trust")
    _coded, drawn = five(grant, [sleep])
    read(grant, drawn.story, [(trust, "")], by=grant.other_manager)

    with pytest.raises(NotPossibleNow), unit_of_work():
        mark_passage(drawn, [trust], "", actor=grant.manager, now=utcnow())
    with unit_of_work():
        settle_reading(drawn, [trust], actor=grant.manager, now=utcnow())

    reads, book = seen(grant, grant.manager)
    assert next(each.codes for each in reads if each.coded is drawn) == {trust.id}
    agreement = agreement_of(reads, book)
    assert agreement.differences == []
    assert [line.differ for _code, line in agreement.lines] == [1, 1, 2]


def test_merged_code_takes_its_marks_along_also_twice(grant):
    rest, sleep, health = (code(grant, name) for name in ("Rest", "Sleep", "Health"))
    read(grant, tell(grant), [(rest, "")])

    with unit_of_work():
        merge_theme_code(rest, sleep, reason="The same.", actor=grant.manager, now=utcnow())
        merge_theme_code(sleep, health, reason="Too narrow.", actor=grant.manager, now=utcnow())

    reads, book = seen(grant, grant.manager)
    assert uses_of(reads) == {health.id: 1}
    assert book.standing == book.in_use == [health]
    assert [book.leads_to[each.id] for each in (rest, sleep, health)] == [health] * 3


def test_merge_goes_only_into_a_code_in_use_of_the_same_call(grant):
    rest, sleep = code(grant, "Rest"), code(grant, "Sleep")
    elsewhere = code(active_grant(CallFactory(closed=True)), "Rest")
    with unit_of_work():
        retire_theme_code(sleep, reason="Too narrow.", actor=grant.manager, now=utcnow())

    for other in (sleep, rest, elsewhere):
        with pytest.raises(NotPossibleNow), unit_of_work():
            merge_theme_code(rest, other, reason="The same.", actor=grant.manager, now=utcnow())
    with pytest.raises(NotPossibleNow), unit_of_work():
        retire_theme_code(sleep, reason="Again.", actor=grant.manager, now=utcnow())

    assert rest.status is ThemeCodeStatus.IN_USE


def test_name_is_given_once_in_a_call_whatever_its_letters(grant):
    code(grant, "Sleep")

    with pytest.raises(NameTaken):
        code(grant, " sleep ")


def test_retired_code_marks_nothing_new_and_keeps_what_it_marked(grant):
    sleep = code(grant, "Sleep")
    coded = read(grant, tell(grant), [(sleep, "")])
    with unit_of_work():
        retire_theme_code(sleep, reason="Too narrow.", actor=grant.manager, now=utcnow())

    with pytest.raises(NotPossibleNow), unit_of_work():
        mark_passage(coded, [sleep], "Amina", actor=grant.manager, now=utcnow())

    assert uses_of(seen(grant, grant.manager)[0]) == {sleep.id: 1}


def test_only_ones_own_mark_is_taken_off(grant):
    sleep = code(grant, "Sleep")
    coded = read(grant, tell(grant), [(sleep, "")])

    with pytest.raises(NotPossibleNow), unit_of_work():
        take_mark_off(coded.tags[0], actor=grant.other_manager, now=utcnow())
    with unit_of_work():
        take_mark_off(coded.tags[0], actor=grant.manager, now=utcnow())

    assert coded.tags == []


def test_mark_that_is_taken_off_twice_at_once_is_taken_off(grant):
    coded = read(grant, tell(grant), [(code(grant, "Sleep"), "")])
    (tag,) = coded.tags
    assert (tag.turn, tag.coded_text) == (Turn.FIRST, coded)
    db.session.execute(sa.delete(ThemeTag).execution_options(synchronize_session=False))

    with unit_of_work():
        take_mark_off(tag, actor=grant.manager, now=utcnow())

    assert coded.tags == []


def test_whoever_has_a_tie_sees_no_text_no_mark_and_no_count(grant):
    sleep = code(grant, "Sleep")
    read(grant, tell(grant), [(sleep, "")])
    ConflictFactory(
        user=grant.other_manager, call_id=grant.award.call_id, organisation=grant.award.organisation
    )

    reads, _book = seen(grant, grant.other_manager)

    assert (reads, uses_of(reads)[sleep.id]) == ([], 0)
    assert list_told_texts(grant.award.call, reader=grant.other_manager) == []
    assert [tag.turn for tag in seen(grant, grant.manager)[0][0].coded.tags] == [Turn.FIRST]
