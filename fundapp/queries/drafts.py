"""How far a draft is, what keeps it from being sent, and what happens to it next."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from decimal import Decimal
from enum import StrEnum

from forms.answers import (
    JsonAnswer,
    PartnerAmount,
    asked_questions,
    budget_total,
    from_json,
    is_complete,
    missing_answers,
    too_long_answers,
)
from forms.burden import minutes_for_questions
from forms.definition import Question, QuestionKind, Section, Stage
from forms.words import within_minutes
from fundapp.call_file.definition import CallDefinition
from fundapp.call_file.grants import Strand
from fundapp.call_file.timetable import StepKind
from fundapp.lifecycles import ApplicationStatus
from fundapp.models.application import Application
from fundapp.models.thread import PromiseKind
from fundapp.queries.applications import answers_of, definition_for, facts_for, recorded_keys
from fundapp.queries.deadlines import last_moment_of, stage_of
from fundapp.queries.group_news import status_for_group
from fundapp.queries.people import changed_shares
from fundapp.queries.promises import promise_of


class Progress(StrEnum):
    NOT_STARTED = "not_started"
    STARTED = "started"
    DONE = "done"


@dataclass(frozen=True)
class SectionProgress:
    section: Section
    questions: tuple[Question, ...]
    state: Progress
    first_open: Question  # the first unanswered question, or the first of all
    minutes_left: int
    answered: int = 0


class Hindrance(StrEnum):
    """Why a draft cannot be sent yet, besides missing answers."""

    NO_AMOUNT = "no_amount"
    AMOUNT_OUTSIDE_STRAND = "amount_outside_strand"
    INCOME_ABOVE_STRAND = "income_above_strand"
    SHARE_IS_NOTHING = "share_is_nothing"
    SHARES_ABOVE_REQUEST = "shares_above_request"
    SHARES_BELOW_REQUEST = "shares_below_request"
    TOO_FEW_PARTNERS = "too_few_partners"
    TOO_MANY_PARTNERS = "too_many_partners"
    SHARE_NOT_CONFIRMED = "share_not_confirmed"


@dataclass(frozen=True)
class Problem:
    """`question` is where it can be put right; `smallest` and `largest` are sums or numbers of groups.

    Of a partner: its name, and the sums it said yes to and gets now.
    """

    kind: Hindrance
    question: Question | None
    smallest: Decimal = Decimal(0)
    largest: Decimal = Decimal(0)
    partner: str = ""
    said_yes_to: Decimal = Decimal(0)
    gets: Decimal = Decimal(0)


@dataclass(frozen=True)
class Readiness:
    missing: tuple[Question, ...]
    problems: tuple[Problem, ...]
    too_long: tuple[Question, ...]  # a warning; stops nothing

    @property
    def is_ready(self) -> bool:
        return not self.missing and not self.problems


@dataclass(frozen=True)
class NextDate:
    """What comes next and when. `is_deadline`: the group must act until then."""

    kind: StepKind
    at: datetime
    is_deadline: bool = False
    moved_because: str | None = None


def questions_asked(application: Application) -> list[Question]:
    """The questions of the stage it is in, as far as they concern this group."""
    form = definition_for(application).form
    return asked_questions(form, stage_of(application), answers_of(application), facts_for(application))


def find_question(application: Application, key: str) -> Question | None:
    return next((each for each in questions_asked(application) if each.key == key), None)


def questions_to_look_at(application: Application) -> list[Question]:
    """Those that the fund typed an answer to, which nobody of the group has confirmed or corrected yet."""
    waiting = {each.question_key for each in application.answers if each.waits_for_the_group}
    return [question for question in questions_asked(application) if question.key in waiting]


def sections_of(application: Application, language: str) -> list[SectionProgress]:
    """The sections of this stage with their state; sections in which nothing is asked are left out."""
    asked = {question.key for question in questions_asked(application)}
    answers, recorded = answers_of(application), recorded_keys(application)
    found = []
    for section in definition_for(application).form.sections:
        questions = tuple(question for question in section.questions if question.key in asked)
        if section.stage is not stage_of(application) or not questions:
            continue
        unanswered = [
            each
            for each in questions
            if each.key not in recorded and not is_complete(each, from_json(each, answers.get(each.key)))
        ]
        required = [each for each in unanswered if each.required]
        if any(each.key in recorded or answers.get(each.key) is not None for each in questions):
            state = Progress.STARTED if required else Progress.DONE
        else:
            state = Progress.NOT_STARTED
        found.append(
            SectionProgress(
                section=section,
                questions=questions,
                state=state,
                first_open=(required or unanswered or list(questions))[0],
                minutes_left=minutes_for_questions(unanswered, language),
                answered=len(questions) - len(unanswered),
            )
        )
    return found


def readiness_of(application: Application) -> Readiness:
    """Everything that "check your answers" must say before the draft can be sent."""
    definition = definition_for(application)
    stage, answers, facts = stage_of(application), answers_of(application), facts_for(application)
    asked = questions_asked(application)
    missing = missing_answers(definition.form, stage, answers, facts)
    half = [each for each in asked if each not in missing and _is_half(each, answers.get(each.key))]
    problems = _problems(application, definition, asked)
    return Readiness(
        missing=(*missing, *half),
        problems=tuple(each for each in problems if each.question not in missing),
        too_long=_too_long(application, asked, too_long_answers(definition.form, stage, answers, facts)),
    )


def _too_long(
    application: Application, asked: Sequence[Question], in_words: Sequence[Question]
) -> tuple[Question, ...]:
    """Over the limit by more than the tenth we let through, in words or in minutes."""
    seconds = {each.question_key: each.seconds for each in application.answers}
    return tuple(
        each
        for each in asked
        if each in in_words or not within_minutes(seconds.get(each.key, 0), each.max_minutes)
    )


def next_date_of(application: Application) -> NextDate | None:
    """The date the group waits for, or must keep; None when nothing more will happen."""
    stage = stage_of(application)
    match status_for_group(application):
        case ApplicationStatus.DRAFT:
            kind = StepKind.EOI_CLOSES if stage is Stage.EOI else StepKind.FULL_CLOSES
            return NextDate(kind, last_moment_of(application), is_deadline=True)
        case ApplicationStatus.SUBMITTED | ApplicationStatus.ELIGIBLE if stage is Stage.EOI:
            return _promised_date(application, PromiseKind.EOI_ANSWERED)
        case (
            ApplicationStatus.SUBMITTED
            | ApplicationStatus.ELIGIBLE
            | ApplicationStatus.IN_REVIEW
            | ApplicationStatus.CLARIFYING
            | ApplicationStatus.AT_PANEL
        ):
            return _promised_date(application, PromiseKind.EVERYBODY_TOLD)
    return None


def _promised_date(application: Application, kind: PromiseKind) -> NextDate | None:
    definition = definition_for(application)
    promise = promise_of(application.round, kind, definition)
    if promise is None:
        return None
    at = datetime.combine(promise.day, time(), definition.zone)
    if kind is PromiseKind.EVERYBODY_TOLD and not promise.is_moved:
        at = application.round.told_at
    return NextDate(StepKind(kind.value), at, moved_because=promise.reason)


def _is_half(question: Question, answer: JsonAnswer) -> bool:
    """Begun and not finished, such as a line without its amount; also where no answer was needed."""
    value = from_json(question, answer)
    return isinstance(value, tuple) and not is_complete(question, value)


def _problems(
    application: Application, definition: CallDefinition, asked: Sequence[Question]
) -> Iterator[Problem]:
    amount, place = application.amount_requested, _carrier(asked, "amount_requested")
    if amount is None:
        if place is not None:
            yield Problem(Hindrance.NO_AMOUNT, place)
        return
    strand = next((each for each in definition.strands if each.key == application.strand_code), None)
    if strand is not None:
        if not strand.minimum <= amount <= strand.maximum:
            yield Problem(Hindrance.AMOUNT_OUTSIDE_STRAND, place, strand.minimum, strand.maximum)
        income = application.organisation.annual_income
        if strand.income_below is not None and income is not None and income >= strand.income_below:
            where = _carrier(asked, "strand")
            yield Problem(Hindrance.INCOME_ABOVE_STRAND, where, largest=strand.income_below)
    if (question := _shares_question(asked)) is not None:
        yield from _share_problems(application, question, strand, amount)


def _share_problems(
    application: Application, question: Question, strand: Strand | None, amount: Decimal
) -> Iterator[Problem]:
    rows, partners = shares_of(application, question), partner_amounts(application)
    groups = 1 + len(partners)
    if strand is not None and groups < strand.fewest_organisations:
        yield Problem(Hindrance.TOO_FEW_PARTNERS, question, smallest=Decimal(strand.fewest_organisations))
    if strand is not None and groups > strand.most_organisations:
        yield Problem(Hindrance.TOO_MANY_PARTNERS, question, largest=Decimal(strand.most_organisations))
    if any(row.amount is not None and row.amount <= 0 for row in rows):
        yield Problem(Hindrance.SHARE_IS_NOTHING, question)
    total, names_lead = budget_total(rows), any(is_lead(application, row) for row in rows)
    if total > amount or (total == amount and rows and not names_lead):
        yield Problem(Hindrance.SHARES_ABOVE_REQUEST, question, total, amount)
    if names_lead and total < amount:
        yield Problem(Hindrance.SHARES_BELOW_REQUEST, question, total, amount)
    for partner, share in changed_shares(application, partners):
        yield Problem(
            Hindrance.SHARE_NOT_CONFIRMED,
            question,
            partner=partner.name,
            said_yes_to=partner.amount or Decimal(0),
            gets=share,
        )


def shares_of(application: Application, question: Question) -> tuple[PartnerAmount, ...]:
    value = from_json(question, answers_of(application).get(question.key))
    rows = value if isinstance(value, tuple) else ()
    return tuple(row for row in rows if isinstance(row, PartnerAmount))


def find_shares_question(application: Application) -> Question | None:
    """Where the group writes what its partners get; None where nobody asks."""
    return _shares_question(questions_asked(application))


def partner_amounts(application: Application) -> dict[str, Decimal]:
    """What each partner gets, by its name; the group that applies gets what they leave."""
    question = find_shares_question(application)
    amounts: dict[str, Decimal] = {}
    names: dict[str, str] = {}
    for row in shares_of(application, question) if question else ():
        if row.amount is not None and not is_lead(application, row):
            name = names.setdefault(row.partner.strip().casefold(), row.partner.strip())
            amounts[name] = amounts.get(name, Decimal(0)) + row.amount
    return amounts


def is_lead(application: Application, row: PartnerAmount) -> bool:
    """Whether a line of a partnership is about the group that applies."""
    return row.partner.strip().casefold() == application.organisation.name.strip().casefold()


def _shares_question(asked: Sequence[Question]) -> Question | None:
    return next((question for question in asked if question.kind is QuestionKind.SHARES), None)


def _carrier(asked: Sequence[Question], what: str) -> Question | None:
    return next((question for question in asked if question.carries == what), None)
