"""The shipped call against the numbers of its specification."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from decimal import Decimal

import pytest

from forms.definition import QuestionKind, Stage
from forms.eligibility import ByAndForStanding, EligibilityFlag, Outcome, assess
from fundapp.call_file import CallDefinition, read_call, reference_call, reference_call_text, write_call
from fundapp.call_file.timetable import StepKind


@pytest.fixture(scope="module")
def call() -> CallDefinition:
    return reference_call()


def test_the_shipped_file_is_what_export_writes(call: CallDefinition):
    assert write_call(call) == reference_call_text()


def test_identity(call: CallDefinition):
    assert call.code == "DGF-2027"
    assert call.title.find("en") == "Demo Grassroots Fund 2027: ending violence, led by us"
    assert call.languages == ("en", "es", "ar", "uk")
    assert call.is_open_call
    assert call.is_sensitive
    assert len(call.boroughs) == 33


def test_money_lines_and_rounds(call: CallDefinition):
    assert call.money.total == 3_000_000
    assert {line.key: line.amount for line in call.money.lines} == {
        "grants": 2_760_000,
        "support": 150_000,
        "participation": 40_000,
        "access": 20_000,
        "learning": 30_000,
    }
    assert call.grant_pot == 2_760_000
    assert [(each.amount, each.takes_unused, each.grace_hours) for each in call.rounds] == [
        (1_900_000, False, 48),
        (860_000, True, 48),
    ]


def test_strands(call: CallDefinition):
    assert [
        (each.key, each.minimum, each.maximum, each.months, each.income_below, each.may_use_host)
        for each in call.strands
    ] == [
        ("A", 30_000, 100_000, 24, None, False),
        ("B", 30_000, 120_000, 24, None, False),
        ("C", 5_000, 15_000, 12, 10_000, True),
    ]
    assert (call.strand("A").minimum_a_year, call.strand("A").maximum_a_year) == (15_000, 50_000)
    assert (call.strand("B").fewest_organisations, call.strand("B").most_organisations) == (2, 3)
    assert call.strand("B").maximum_a_year == 60_000
    assert call.costs.warning_above_percent_of_income == 50


def test_ring_fences(call: CallDefinition):
    assert [
        (each.key, each.kind, each.measure, each.base, each.percent, each.amount, each.enforcement)
        for each in call.ring_fences
    ] == [
        ("BYFOR", "floor", "value", "fund_total", 60, None, "block"),
        ("MIGRANT", "floor", "value", "awards_total", 30, None, "block"),
        ("SMALL", "floor", "value", "awards_total", 25, None, "block"),
        ("MICRO", "set_aside", "value", "fixed", None, 120_000, "block"),
        ("NEW", "floor", "count", "awards_total", 20, None, "report"),
        ("BOROUGH", "cap", "value", "awards_total", 15, None, "warn"),
    ]
    assert call.ring_fence("BYFOR").pence_of(call.money.total) == 180_000_000
    assert call.ring_fence("MICRO").release is not None
    assert call.ring_fence("MICRO").release.moves_to == "SMALL"


ROUND_1 = {
    StepKind.CODESIGN: (date(2027, 1, 11), date(2027, 2, 19)),
    StepKind.CODESIGN_ANSWERS: (date(2027, 3, 2), None),
    StepKind.OPENS: (date(2027, 3, 16), None),
    StepKind.EOI_CLOSES: (date(2027, 4, 15), None),
    StepKind.EOI_ANSWERED: (date(2027, 4, 30), None),
    StepKind.FULL_CLOSES: (date(2027, 6, 3), None),
    StepKind.CLARIFICATION: (date(2027, 6, 3), date(2027, 6, 18)),
    StepKind.SCORING: (date(2027, 6, 18), date(2027, 7, 9)),
    StepKind.PANEL_MEETING: (date(2027, 7, 14), None),
    StepKind.RATIFICATION: (date(2027, 7, 21), None),
    StepKind.EVERYBODY_TOLD: (date(2027, 7, 26), None),
    StepKind.FEEDBACK: (date(2027, 8, 13), None),
    StepKind.AGREEMENTS: (date(2027, 8, 20), None),
    StepKind.FIRST_PAYMENT: (date(2027, 9, 10), None),
    StepKind.GRANTS_START: (date(2027, 9, 13), None),
}
ROUND_2 = {
    StepKind.CODESIGN: (date(2027, 9, 1), date(2027, 9, 30)),
    StepKind.CODESIGN_ANSWERS: (date(2027, 10, 5), None),
    StepKind.OPENS: (date(2027, 10, 12), None),
    StepKind.EOI_CLOSES: (date(2027, 11, 11), None),
    StepKind.EOI_ANSWERED: (date(2027, 11, 25), None),
    StepKind.FULL_CLOSES: (date(2028, 1, 20), None),
    StepKind.CLARIFICATION: (date(2028, 1, 20), date(2028, 2, 4)),
    StepKind.SCORING: (date(2028, 2, 7), date(2028, 2, 25)),
    StepKind.PANEL_MEETING: (date(2028, 3, 1), None),
    StepKind.RATIFICATION: (date(2028, 3, 8), None),
    StepKind.EVERYBODY_TOLD: (date(2028, 3, 14), None),
    StepKind.FEEDBACK: (date(2028, 3, 31), None),
    StepKind.AGREEMENTS: (date(2028, 4, 1), date(2028, 4, 30)),
    StepKind.FIRST_PAYMENT: (date(2028, 4, 1), date(2028, 4, 30)),
    StepKind.GRANTS_START: (date(2028, 5, 1), None),
}


def test_timetables(call: CallDefinition):
    for key, expected in (("1", ROUND_1), ("2", ROUND_2)):
        steps = call.round(key).timetable
        assert {step.kind: (step.starts, step.ends) for step in steps} == expected
    assert [each.codesign_sessions for each in call.rounds] == [5, 2]
    closing = call.round("1").step(StepKind.FULL_CLOSES)
    assert (call.round("1").step(StepKind.EVERYBODY_TOLD).starts - closing.starts).days == 53


def test_deadlines_are_noon_in_london_whatever_the_season(call: CallDefinition):
    summer, winter = call.round("1"), call.round("2")

    assert summer.step(StepKind.EOI_CLOSES).at == time(12)
    assert summer.closes_at(Stage.EOI, call.zone) == datetime(2027, 4, 15, 11, tzinfo=UTC)
    assert winter.closes_at(Stage.FULL, call.zone) == datetime(2028, 1, 20, 12, tzinfo=UTC)
    assert summer.closes_at(Stage.EOI, call.zone, with_grace=True) == datetime(2027, 4, 17, 11, tzinfo=UTC)
    assert summer.opens_at(call.zone) == datetime(2027, 3, 16, 0, tzinfo=UTC)


GOOD_ANSWERS = {
    **dict.fromkeys(("E1", "E2", "E3", "E4", "E5", "E6", "E12"), "yes"),
    **dict.fromkeys(("E8", "E9", "E10"), "all"),
    "E7": "from_10000",
    "E11": "no",
    "E13": "no",
}


def test_eligibility_has_thirteen_questions_and_a_clear_way_through(call: CallDefinition):
    result = assess(call.eligibility, GOOD_ANSWERS)

    assert [item.key for item in call.eligibility] == [f"E{number}" for number in range(1, 14)]
    assert (result.outcome, result.reasons, result.flags) == (Outcome.PASS, (), frozenset())


@pytest.mark.parametrize(
    ("key", "answer", "outcome", "flags"),
    [
        ("E1", "no", Outcome.NOT_THIS_FUND, set()),
        ("E2", "no", Outcome.TALK_TO_US, set()),
        ("E3", "no", Outcome.NOT_THIS_FUND, set()),
        ("E4", "no", Outcome.PASS, {EligibilityFlag.HOST_ROUTE}),
        ("E5", "no", Outcome.TALK_TO_US, set()),
        ("E6", "no", Outcome.PASS, {EligibilityFlag.HOST_ROUTE}),
        ("E7", "from_500000", Outcome.TALK_TO_US, set()),
        ("E11", "yes", Outcome.TALK_TO_US, set()),
        ("E12", "not_yet", Outcome.PASS, {EligibilityFlag.HELP_OFFERED}),
        ("E13", "yes", Outcome.PASS, {EligibilityFlag.CONFIDENTIAL}),
    ],
)
def test_each_eligibility_answer_leads_where_the_call_says(
    call: CallDefinition, key: str, answer: str, outcome: Outcome, flags: set[EligibilityFlag]
):
    result = assess(call.eligibility, GOOD_ANSWERS | {key: answer})

    assert (result.outcome, result.flags) == (outcome, flags)
    assert [reason.key for reason in result.reasons] == [key]


@pytest.mark.parametrize(
    ("committee", "leaders", "people", "standing"),
    [
        ("all", "all", "all", ByAndForStanding.MET),
        ("three_quarters", "half", "more_than_half", ByAndForStanding.MET),
        ("three_quarters", "less", "all", ByAndForStanding.NOT_MET),
        ("three_quarters", "half", "less", ByAndForStanding.NOT_MET),
        ("more_than_half", "all", "all", ByAndForStanding.TALK_TO_US),
        ("less", "all", "all", ByAndForStanding.NOT_MET),
    ],
)
def test_by_and_for_rule(
    call: CallDefinition, committee: str, leaders: str, people: str, standing: ByAndForStanding
):
    assert call.by_and_for.standing({"E8": committee, "E9": leaders, "E10": people}) == standing


def test_form_has_the_questions_limits_and_criteria_of_the_specification(call: CallDefinition):
    full = list(call.form.questions(Stage.FULL))

    assert [
        (each.key, each.max_words, each.max_minutes, each.criteria)
        for each in full
        if each.kind is QuestionKind.TEXT
    ] == [
        ("Q1", 60, None, ()),
        ("Q2", 200, 3, ("C1",)),
        ("Q3", 200, 3, ("C1", "C2")),
        ("Q4", 150, 2, ("C3",)),
        ("Q5", 250, 4, ("C2", "C4")),
        ("Q6", 150, 2, ("C2",)),
        ("Q7", 200, 3, ("C3",)),
        ("Q9", 100, 2, ("C4",)),
        ("Q10", 150, 2, ("C5",)),
        ("Q11", 100, 2, ("C5",)),
        ("Q12", 100, 2, ()),
    ]
    assert sum(each.max_words or 0 for each in full) == 1_660
    assert sum(each.max_minutes or 0 for each in full) == 25
    assert call.question("Q8").max_rows == 8
    assert {each.copied_from for each in full} == {None, "S1", "S2"}
    assert [each.max_words for each in call.form.questions(Stage.EOI)] == [100, 100, None, None]


def test_criteria_and_reading_rules(call: CallDefinition):
    rules = call.assessment

    assert [(each.key, each.weight, each.minimum_mean) for each in rules.criteria] == [
        ("C1", 30, 2),
        ("C2", 20, None),
        ("C3", 20, 2),
        ("C4", 15, None),
        ("C5", 15, None),
    ]
    assert (rules.scale.lowest, rules.scale.highest) == (1, 4)
    assert all(len(each.anchors) == 4 for each in rules.criteria)
    assert [each.kind for each in rules.tie_breaks] == ["higher_criterion", "lower_income", "vote"]
    assert (rules.minimum_readers, rules.big_spread, rules.eoi_readers, rules.eoi_goal_percent) == (
        3,
        2,
        2,
        75,
    )
    assert rules.readers_from == ("umbrella", "lived_experience")


def test_panel(call: CallDefinition):
    panel = call.panel

    assert {seat.key: seat.number for seat in panel.seats if seat.votes} == {
        "umbrella": 3,
        "lived_experience": 4,
        "past_grantee": 1,
        "funder_officer": 1,
    }
    assert (panel.voting_seats, panel.quorum) == (9, 6)
    assert not panel.seat("funder_officer").can_chair
    assert (panel.payment.half_day, panel.payment.day) == (50, 100)
    assert (panel.load.applications, panel.load.minutes_each, panel.load.weeks) == (60, 40, 3)
    assert sum(seat.number * seat.readings_each for seat in panel.seats) == 180
    assert panel.conflict_years == 2


@pytest.mark.parametrize(
    ("strand", "income", "payments"),
    [
        ("A", "100000", [(0, 25), (6, 25), (12, 25), (18, 25)]),
        ("B", "99999.99", [(0, 50), (12, 50)]),
        ("C", "0", [(0, 100)]),
    ],
)
def test_payment_plans(call: CallDefinition, strand: str, income: str, payments: list[tuple[int, int]]):
    plan = call.awards.payment_plan(strand, Decimal(income))

    assert [(payment.month, payment.percent) for payment in plan.payments] == payments
    assert plan.timing == "advance"


def test_payments_of_an_odd_amount_add_up_to_the_penny(call: CallDefinition):
    plan = call.awards.payment_plan("A", Decimal(200_000))

    assert plan.amounts(Decimal("33333.33")) == (
        (0, Decimal("8333.33")),
        (6, Decimal("8333.33")),
        (12, Decimal("8333.33")),
        (18, Decimal("8333.34")),
    )


def test_award_rules(call: CallDefinition):
    rules = call.awards

    assert (rules.first_payment_days, rules.people_to_hold) == (30, 2)
    assert (rules.free_change_percent, rules.change_reply_days, rules.host_fee_percent) == (20, 10, 5)
    assert [each.key for each in rules.checks if each.needs_document] == [
        "governing_document",
        "safeguarding_policy",
        "accounts",
        "bank_statement",
    ]


def test_monitoring_costs_four_hours_and_a_quarter(call: CallDefinition):
    plan = call.monitoring

    assert [(each.week, each.month, each.minutes, each.sending_minutes) for each in plan.check_ins] == [
        (2, None, 45, 0),
        (None, 6, 30, 0),
        (None, 12, 45, 30),
        (None, 18, 30, 0),
        (None, 23, 45, 30),
        (None, None, 120, 0),
    ]
    assert (plan.core_minutes, plan.preparing_minutes) == (255, 180)
    assert (plan.reply_days, plan.reply_sentences, plan.check_ins[-1].paid) == (10, 2, 50)
    assert (len(plan.questions), len(plan.domains), len(plan.themes)) == (5, 4, 12)
    assert [each.key for each in plan.marker_levels] == [
        "not_yet",
        "a_little",
        "a_lot",
        "went_back",
        "not_right",
    ]


def test_burden_budget(call: CallDefinition):
    burden = call.burden

    assert burden.hours_of_a_grantee == 16
    assert burden.cost(Decimal(1)) == Decimal("16.43")
    assert burden.cost(burden.hours_of_a_grantee).quantize(Decimal(1)) == 263
    assert burden.percent_of(Decimal(16), Decimal(30_000)) == Decimal("0.9")
    assert burden.percent_of(Decimal(16), Decimal(100_000)) == Decimal("0.3")
    assert burden.hours_of_all == 969
    assert burden.cost(burden.hours_of_all).quantize(Decimal(1)) == 15_919
    assert burden.percent_of(burden.hours_of_all, call.grant_pot) == Decimal("0.6")


def test_codesign_record(call: CallDefinition):
    assert [session.key for session in call.codesign.sessions] == ["S1", "S2", "S3", "S4", "S5"]
    assert [(each.key, each.response) for each in call.codesign.points[:4]] == [
        ("P1", "did"),
        ("P2", "did"),
        ("P3", "did_partly"),
        ("P4", "did_not"),
    ]
    assert [each.key for each in call.points_behind("question:E9")] == ["P2"]
    assert [each.key for each in call.points_behind("ring_fence:BYFOR")] == ["P5"]
    assert call.points_behind("question:Q12") == ()


def test_reading_the_written_call_again_gives_the_same_call(call: CallDefinition):
    assert read_call(write_call(call)) == call
