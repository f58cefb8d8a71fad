"""The practice round: same samples for everybody, the spread after locking, levels in the panel's words."""

from __future__ import annotations

from collections import Counter

import pytest

from fundapp.clock import utcnow
from fundapp.errors import StaleVersion
from fundapp.models.panel import Panel
from fundapp.models.practice import PracticeSample
from fundapp.queries.panel_phases import NotInThisPhase
from fundapp.queries.practice import agreed_levels, find_practice_sheet, list_practice_sheets, spread_of
from fundapp.queries.readings import list_readings
from fundapp.services.assignments import add_reader, order_key
from fundapp.services.clarifications import TextNeeded
from fundapp.services.panels import set_up_panel
from fundapp.services.practice import (
    EnoughSamples,
    NewSample,
    PracticeDatesWrong,
    add_sample,
    agree_levels,
    lock_practice,
    plan_practice,
    save_practice,
)
from fundapp.services.readings import Gap, IncompleteSheet, NewMark, SheetIsLocked, UnknownMark
from tests.factories import (
    ApplicationFactory,
    CallFactory,
    PanelFactory,
    PanelSeatFactory,
    PracticeSampleFactory,
    UserFactory,
    days,
)
from tests.published import dated

CRITERIA = ("C1", "C2", "C3", "C4", "C5")
WHOLE = {key: NewMark(3, sentence="They decide together.") for key in CRITERIA}


@pytest.fixture
def panel(db_session) -> Panel:
    """In its practice round."""
    return PanelFactory(
        call=CallFactory(closed=True, opens_at=days(-80)),
        practice_opens_at=days(-1),
        practice_closes_at=days(1),
    )


@pytest.fixture
def sample(panel) -> PracticeSample:
    return PracticeSampleFactory(panel=panel)


def mark(sample, seat, marks=WHOLE, *, rev="0") -> str:
    return save_practice(sample, seat, marks, rev=rev, actor=seat.user, now=utcnow())


def lock(sample, seat) -> None:
    lock_practice(sample, seat, actor=seat.user, now=utcnow())


def test_spread_counts_locked_sheets_alone_and_names_nobody(panel, sample):
    seats = [PanelSeatFactory(panel=panel) for _ in range(3)]
    mark(sample, seats[0])
    mark(sample, seats[1], WHOLE | {"C1": NewMark(1, sentence="One decides.")})
    mark(sample, seats[2], WHOLE | {"C1": NewMark(4, sentence="Not yet locked.")})
    for seat in seats[:2]:
        lock(sample, seat)

    spread = spread_of(list_practice_sheets(panel)[sample.id])["C1"]

    assert spread.levels == Counter({3: 1, 1: 1})
    assert sorted(spread.sentences) == [(1, "One decides."), (3, "They decide together.")]


def test_cant_tell_is_counted_apart(panel, sample):
    seat = PanelSeatFactory(panel=panel)
    mark(sample, seat, WHOLE | {"C2": NewMark(cant_tell=True, sentence="It does not say.")})
    lock(sample, seat)

    spread = spread_of(list_practice_sheets(panel)[sample.id])["C2"]

    assert (spread.cant_tell, spread.levels) == (1, Counter())


def test_unfinished_marks_are_kept_and_cannot_be_locked(panel, sample):
    seat = PanelSeatFactory(panel=panel)
    mark(sample, seat, {"C1": NewMark(sentence="Half"), "C2": NewMark(2), "C3": NewMark()})

    with pytest.raises(IncompleteSheet) as refused:
        lock(sample, seat)

    assert refused.value.gaps == [
        ("C1", Gap.MARK),
        ("C2", Gap.SENTENCE),
        *((key, Gap.MARK) for key in CRITERIA[2:]),
    ]
    assert set(find_practice_sheet(sample, seat).marks) == {"C1", "C2"}


def test_second_window_writes_nothing_over_and_the_same_again_is_kept_once(panel, sample):
    seat = PanelSeatFactory(panel=panel)
    rev = mark(sample, seat)

    assert mark(sample, seat) == rev
    with pytest.raises(StaleVersion):
        mark(sample, seat, {"C1": NewMark(1)})


def test_locked_marks_stay(panel, sample):
    seat = PanelSeatFactory(panel=panel)
    rev = mark(sample, seat)
    lock(sample, seat)
    lock(sample, seat)

    with pytest.raises(SheetIsLocked):
        mark(sample, seat, {"C1": NewMark(1)}, rev=rev)


@pytest.mark.parametrize("marks", [{"C9": NewMark(3)}, {"C1": NewMark(5)}, {"C1": NewMark(0)}])
def test_mark_off_the_scale_is_refused(panel, sample, marks):
    with pytest.raises(UnknownMark):
        mark(sample, PanelSeatFactory(panel=panel), marks)


def test_nobody_practises_outside_the_dates(panel, sample):
    panel.practice_closes_at = days(-0.5)

    with pytest.raises(NotInThisPhase):
        mark(sample, PanelSeatFactory(panel=panel))


@pytest.mark.parametrize(("first", "last"), [(2, 1), (1, 1), (1, 30)])
def test_practice_ends_after_it_begins_and_before_scoring(panel, first: int, last: int):
    opens_at, closes_at = days(first), days(last)
    closes_at = opens_at if first == last else closes_at

    with pytest.raises(PracticeDatesWrong):
        plan_practice(panel, opens_at=opens_at, closes_at=closes_at, actor=UserFactory(), now=utcnow())


def test_samples_are_whole_and_at_most_two(panel):
    texts = dict.fromkeys(CRITERIA, "We meet.")

    with pytest.raises(TextNeeded):
        add_sample(panel, NewSample("A", texts | {"C4": " "}), actor=UserFactory(), now=utcnow())
    for title in "AB":
        add_sample(panel, NewSample(title, texts), actor=UserFactory(), now=utcnow())
    with pytest.raises(EnoughSamples):
        add_sample(panel, NewSample("C", texts), actor=UserFactory(), now=utcnow())


def test_what_was_agreed_is_kept_with_the_round_and_can_be_changed_before_scoring(panel):
    def agree(texts) -> None:
        agree_levels(panel, "C1", texts, actor=UserFactory(), now=utcnow())

    agree({3: " They can name a decision. ", 4: "They hold the keys."})
    first = agreed_levels(panel.id)
    agree({3: "They can name two decisions.", 4: ""})
    second = agreed_levels(panel.id)
    with pytest.raises(UnknownMark):
        agree({9: "x"})
    dated(panel.round, scoring_opens_at=days(-0.1))

    assert first == {"C1": {3: "They can name a decision.", 4: "They hold the keys."}}
    assert second == {"C1": {3: "They can name two decisions."}}
    with pytest.raises(NotInThisPhase):
        agree({3: "Later"})


def test_each_reader_has_an_own_order_that_the_seed_gives_again(db_session):
    call = CallFactory(closed=True)
    panel = set_up_panel(call.rounds[0], actor=UserFactory(), now=utcnow())
    seats = [PanelSeatFactory(panel=panel) for _ in range(2)]
    applications = [ApplicationFactory(call=call, in_review=True) for _ in range(12)]
    for seat in seats:
        for application in applications:
            add_reader(application, seat, actor=UserFactory(), now=utcnow())

    orders = [[each.application.id for each in list_readings(seat, panel)] for seat in seats]

    again = [
        sorted((each.id for each in applications), key=lambda one: order_key(panel.order_seed, seat.id, one))
        for seat in seats
    ]
    assert orders == again
    assert orders[0] != orders[1]
    assert panel.order_seed
