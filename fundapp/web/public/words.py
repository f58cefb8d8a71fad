"""What a call says, put in order for its public pages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

from babel.dates import format_date
from babel.numbers import format_percent

from forms.definition import Stage
from forms.eligibility import EligibilityRule, Outcome
from forms.i18n import _, current_language, translate
from forms.localized import LocalizedText
from fundapp.call_file.burden import BurdenBudget
from fundapp.call_file.codesign import ReferenceKind
from fundapp.call_file.definition import CallDefinition
from fundapp.call_file.timetable import Round, TimetableStep
from fundapp.moments import show_time


@dataclass(frozen=True)
class ListedStep:
    """One line of a timetable, for the macro `steps`."""

    title: LocalizedText
    when: str
    state: str


@dataclass(frozen=True)
class RoundDates:
    round: Round
    steps: tuple[ListedStep, ...]
    is_next: bool  # the marked step is here


@dataclass(frozen=True)
class Deadline:
    stage: Stage
    opens_at: datetime
    closes_at: datetime

    def is_open(self, now: datetime) -> bool:
        return self.opens_at <= now


def timetables(definition: CallDefinition, now: datetime) -> list[RoundDates]:
    """Every round with its days; the first step that is not over in the whole call is marked."""
    found, is_marked = [], False
    for round_ in definition.rounds:
        steps = []
        for step in round_.timetable:
            is_over = step.closes_at(definition.zone) <= now
            state = "done" if is_over else "" if is_marked else "now"
            is_marked = is_marked or state == "now"
            steps.append(ListedStep(step.label, step_days(step, definition), state))
        found.append(RoundDates(round_, tuple(steps), any(step.state == "now" for step in steps)))
    return found


def day_words(day: date) -> str:
    """With the day of the week."""
    return format_date(day, "full", locale=current_language().locale)


def step_days(step: TimetableStep, definition: CallDefinition) -> str:
    if step.at is not None and step.ends is None:
        return show_time(step.begins_at(definition.zone))
    if step.ends is not None:
        return translate("%(first)s to %(last)s", first=day_words(step.starts), last=day_words(step.ends))
    if step.is_latest_day:
        return translate("By %(day)s", day=day_words(step.starts))
    return day_words(step.starts)


def next_deadline(definition: CallDefinition, now: datetime) -> Deadline | None:
    """The next moment until which something can be sent, in any round."""
    for round_ in definition.rounds:
        for stage in Stage:
            closes_at = round_.closes_at(stage, definition.zone)
            if now <= closes_at:
                return Deadline(stage, round_.opens_at(definition.zone), closes_at)
    return None


@dataclass(frozen=True)
class Admission:
    """The rules of the check as sentences: what stops a group, what to talk about, what is no obstacle."""

    stops: tuple[LocalizedText, ...]
    talk: tuple[LocalizedText, ...]
    no_obstacle: tuple[EligibilityRule, ...]


def admission(definition: CallDefinition) -> Admission:
    rules = [rule for item in definition.eligibility for rule in item.outcomes]

    def reasons(outcome: Outcome) -> tuple[LocalizedText, ...]:
        return tuple(dict.fromkeys(rule.reason for rule in rules if rule.outcome is outcome))

    return Admission(
        reasons(Outcome.NOT_THIS_FUND),
        reasons(Outcome.TALK_TO_US),
        tuple(rule for rule in rules if rule.outcome is Outcome.PASS and rule.flags),
    )


@dataclass(frozen=True)
class Odds:
    """What applying costs, and how likely it is to lead to a grant."""

    of_100_starting: int
    of_100_invited: int
    hours: Decimal
    cost: Decimal
    values: tuple[tuple[Decimal, Decimal, str], ...]  # grant, net value, cost in percent of the grant
    hour: Decimal  # what one costs
    hours_applying: Decimal
    applying_for_one: Decimal
    hours_afterwards: Decimal
    afterwards: Decimal


def odds(definition: CallDefinition) -> Odds:
    burden = definition.burden
    expected = burden.expected
    smallest = min(strand.minimum for strand in definition.strands)
    largest = max(strand.maximum for strand in definition.strands)
    return Odds(
        _of_100(expected.awards, expected.eois),
        _of_100(expected.awards, expected.full_applications),
        burden.hours_of_a_grantee,
        burden.cost(burden.hours_of_a_grantee),
        tuple(_value(burden, amount) for amount in (smallest, largest)),
        hour=burden.cost(Decimal(1)),
        hours_applying=burden.hours_applying,
        applying_for_one=burden.applying_for_one_grant,
        hours_afterwards=burden.hours_afterwards,
        afterwards=burden.cost(burden.hours_afterwards),
    )


def _value(burden: BurdenBudget, amount: Decimal) -> tuple[Decimal, Decimal, str]:
    share = burden.percent_of(burden.hours_of_a_grantee, amount) / 100
    words = format_percent(share, "#,##0.0%", locale=current_language().locale)
    return amount, burden.net_value(amount), words


def _of_100(part: int, whole: int) -> int:
    return int((Decimal(100 * part) / whole).quantize(Decimal(1), rounding=ROUND_HALF_UP))


PAGE_OF_PART = {
    ReferenceKind.QUESTION: "public.questions_page",
    ReferenceKind.CRITERION: "public.questions_page",
    ReferenceKind.SUPPORT: "public.help_page",
}
WORDS_OF_PART = {
    ReferenceKind.QUESTION: _("Question"),
    ReferenceKind.RING_FENCE: _("Ring-fence"),
    ReferenceKind.CRITERION: _("Criterion"),
    ReferenceKind.STRAND: _("Kind of grant"),
    ReferenceKind.ROUND: _("Round"),
    ReferenceKind.CHECK: _("Check after a yes"),
    ReferenceKind.PAYMENT_PLAN: _("Payment plan"),
    ReferenceKind.SEAT: _("Seat on the panel"),
    ReferenceKind.CHECK_IN: _("Check-in"),
    ReferenceKind.SUPPORT: _("Help"),
}


def anchor(reference: str) -> str:
    """The id of a part on its public page."""
    return reference.replace(":", "-")
