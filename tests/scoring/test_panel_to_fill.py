"""Who reads what: the rules hold for any panel, and the reference call's load fits exactly."""

from __future__ import annotations

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.panel_to_fill import PanelToFill, PlanSeat, Unmet
from scoring.reading_plan import Help, Missing

KINDS = ("umbrella", "lived_experience")
ALL_KINDS = (*KINDS, "past_grantee", "funder_officer")
REFERENCE = [
    PlanSeat(f"{kind}-{number}", kind, 20)
    for kind, seats in zip(ALL_KINDS, (3, 4, 1, 1), strict=True)
    for number in range(seats)
]


def test_load_of_the_reference_call_fits_exactly():
    applications = [f"a{number:02}" for number in range(60)]

    plan = PanelToFill(applications, REFERENCE, kinds=KINDS, readers=3).plan()

    assert (plan.unmet, len(plan.pairs)) == ((), 180)
    assert Counter(seat for _application, seat in plan.pairs) == {seat.id: 20 for seat in REFERENCE}


def test_load_is_even_where_there_is_room():
    seats = [PlanSeat(f"s{number}", "umbrella", 30) for number in range(5)]

    plan = PanelToFill([f"a{number}" for number in range(10)], seats, kinds=(), readers=2).plan()

    assert Counter(seat for _application, seat in plan.pairs) == {seat.id: 4 for seat in seats}


def test_full_reader_makes_room_when_somebody_else_can_take_over():
    seats = [PlanSeat("first", "umbrella", 1), PlanSeat("second", "umbrella", 1)]

    plan = PanelToFill(["a", "b"], seats, kinds=("umbrella",), readers=1, forbidden={("b", "second")}).plan()

    assert (plan.pairs, plan.unmet) == ((("a", "second"), ("b", "first")), ())


def test_what_cannot_be_met_is_named():
    seats = [PlanSeat("u", "umbrella", 1)]

    plan = PanelToFill(["a", "b"], seats, kinds=KINDS, readers=3).plan()

    ((read, _seat),) = plan.pairs
    other = "b" if read == "a" else "a"
    assert set(plan.unmet) == {
        Unmet(read, "lived_experience"),
        Unmet(read, None),
        Unmet(other, "lived_experience"),
        Unmet(other, "umbrella"),
        Unmet(other, None),
    }


def test_smallest_change_asks_readers_before_new_people():
    seats = [PlanSeat("u", "umbrella", 1), PlanSeat("l", "lived_experience", 5)]

    help_ = PanelToFill(["a", "b"], seats, kinds=KINDS, readers=2).smallest_help()

    assert help_ == Help(more=(("u", 1),))


def test_smallest_change_names_whom_to_look_for_when_ties_stand_in_the_way():
    seats = [PlanSeat("u", "umbrella", 5), PlanSeat("l", "lived_experience", 5)]

    help_ = PanelToFill(["a", "b"], seats, kinds=KINDS, readers=2, forbidden={("b", "u")}).smallest_help()

    assert help_ == Help(new=(Missing("b", "umbrella", 1),))


def test_language_and_experience_are_found_where_no_place_stays_open_for_them():
    seats = [
        PlanSeat(f"s{number}", "umbrella", 9, frozenset({"language:ar"} if number == 3 else ()))
        for number in range(5)
    ]

    plan = PanelToFill(
        ["a", "b"], seats, kinds=(), readers=2, wanted={"a": ["language:ar"], "b": ["experienced"]}
    ).plan()

    assert ("a", "s3") in plan.pairs
    assert (plan.unmet, plan.without) == ((), (("b", "experienced"),))


def test_seed_decides_only_between_equally_good_plans():
    applications = [f"a{number}" for number in range(12)]
    panel = PanelToFill(applications, REFERENCE, kinds=KINDS, readers=3)
    plans = [panel.plan(seed=seed) for seed in (1, 1, 2)]

    assert plans[0] == plans[1]
    assert plans[0].pairs != plans[2].pairs
    assert [sorted(Counter(seat for _a, seat in plan.pairs).values()) for plan in plans] == [[4] * 9] * 3


def test_given_readings_stay_and_count():
    given_pairs = {("a", "umbrella-0"), ("a", "past_grantee-0")}

    plan = PanelToFill(["a"], REFERENCE, kinds=KINDS, readers=3, given=given_pairs).plan()

    assert [seat.partition("-")[0] for _application, seat in plan.pairs] == ["lived_experience"]


PANELS = st.lists(st.tuples(st.sampled_from(ALL_KINDS), st.integers(0, 4)), min_size=0, max_size=7).map(
    lambda rows: [PlanSeat(f"s{number}", *row) for number, row in enumerate(rows)]
)


@settings(max_examples=100, deadline=None)
@given(seats=PANELS, number=st.integers(0, 6), data=st.data())
def test_no_plan_breaks_a_rule_and_every_gap_is_named(seats, number, data):
    applications = [f"a{each}" for each in range(number)]
    pairs = [(application, seat.id) for application in applications for seat in seats]
    forbidden = data.draw(st.sets(st.sampled_from(pairs)) if pairs else st.just(set()))

    plan = PanelToFill(applications, seats, kinds=KINDS, readers=3, forbidden=forbidden).plan()

    kind_of = {seat.id: seat.kind for seat in seats}
    load = Counter(seat for _application, seat in plan.pairs)
    assert plan == PanelToFill(applications, seats, kinds=KINDS, readers=3, forbidden=forbidden).plan()
    assert len(set(plan.pairs)) == len(plan.pairs)
    assert forbidden.isdisjoint(plan.pairs)
    assert all(load[seat.id] <= seat.capacity for seat in seats)
    for application in applications:
        kinds = [kind_of[seat] for each, seat in plan.pairs if each == application]
        named = [gap.kind for gap in plan.unmet if gap.application == application]
        assert len(kinds) + len(named) == 3
        assert all(kind in kinds or kind in named for kind in KINDS)
    full = {seat.id for seat in seats if load[seat.id] >= seat.capacity}
    for gap in plan.unmet:  # nobody with room could have taken it
        could = {
            seat.id
            for seat in seats
            if gap.kind in (None, seat.kind)
            and (gap.application, seat.id) not in forbidden
            and (gap.application, seat.id) not in plan.pairs
        }
        assert could <= full
