"""Questions of the eligibility check and of the form."""

from __future__ import annotations

from collections.abc import Iterator

from forms.definition import FormDefinition, Question, QuestionKind, Stage
from forms.eligibility import EligibilityQuestion
from forms.i18n import _
from fundapp.call_file.assessment import Assessment
from fundapp.call_file.checks.conditions import check_condition, facts_of
from fundapp.call_file.grants import Strand
from fundapp.call_file.income_bands import are_bands
from fundapp.call_file.problems import Path, Problem

WITH_CHOICES = (QuestionKind.CHOICE, QuestionKind.CHOICES)
WITH_ROWS = (QuestionKind.BUDGET, QuestionKind.SHARES)
CARRIED = ("amount_requested", "strand", "group_summary", "income_band")
MOST_WORDS = 5_000
MOST_MINUTES = 60
MOST_ROWS = 30

Placed = tuple[Path, Question]


def placed_questions(form: FormDefinition) -> Iterator[Placed]:
    for index, section in enumerate(form.sections):
        for place, question in enumerate(section.questions):
            yield ("form", "sections", index, "questions", place), question


def check_questions(form: FormDefinition, eligibility: tuple[EligibilityQuestion, ...]) -> Iterator[Problem]:
    of_check: list[Placed] = [
        (("eligibility", index, "question"), item.question) for index, item in enumerate(eligibility)
    ]
    of_form = list(placed_questions(form))
    seen: dict[str, Question] = {}
    for path, question in (*of_check, *of_form):
        yield from _check_question(question, path)
        if question.key in seen:
            message = _("There is another question “%(key)s”. Give each its own key.", key=question.key)
            yield Problem((*path, "key"), str(message))
        if question.ask_if is not None:
            yield from check_condition(question.ask_if, facts_of(seen.values()), (*path, "ask_if"))
        seen[question.key] = question
    first_stage = {question.key for question in form.questions(Stage.EOI)}
    for path, question in of_form:
        if question.copied_from is not None and question.copied_from not in first_stage:
            message = _(
                "There is no first-stage question “%(key)s” to copy from.", key=question.copied_from[:60]
            )
            yield Problem((*path, "copied_from"), str(message))
    for stage in Stage:
        if not any(form.questions(stage)):
            message = _("The stage “%(stage)s” has no questions. Write at least one.", stage=stage)
            yield Problem(("form", "sections"), str(message))


def _check_question(question: Question, path: Path) -> Iterator[Problem]:
    if question.kind in WITH_CHOICES and len(question.choices) < 2:
        message = _("A question of kind “%(kind)s” needs two or more “choices”.", kind=question.kind)
        yield Problem(path, str(message))
    if question.kind not in WITH_CHOICES and question.choices:
        message = _(
            "A question of kind “%(kind)s” has no “choices”. Take them away or change the kind.",
            kind=question.kind,
        )
        yield Problem((*path, "choices"), str(message))
    if question.kind in WITH_ROWS and question.max_rows is None:
        message = _("A question of kind “%(kind)s” needs “max_rows”, for example 8.", kind=question.kind)
        yield Problem(path, str(message))
    limits = (
        ("max_words", question.max_words, MOST_WORDS),
        ("max_minutes", question.max_minutes, MOST_MINUTES),
        ("max_rows", question.max_rows, MOST_ROWS),
    )
    for name, limit, most in limits:
        if limit is not None and not 1 <= limit <= most:
            yield Problem((*path, name), str(_("Write a number from 1 to %(most)s.", most=most)))
    if question.carries == "income_band" and not are_bands(question):
        message = _("Name the choices by the lowest income of each, upwards: from_0, from_10000 …")
        yield Problem((*path, "choices"), str(message))
    if question.carries is not None and question.carries not in CARRIED:
        message = _(
            "“%(name)s” is nothing that an answer can set. Use one of: %(known)s.",
            name=question.carries[:60],
            known=", ".join(CARRIED),
        )
        yield Problem((*path, "carries"), str(message))


def check_strand_question(form: FormDefinition, strands: tuple[Strand, ...]) -> Iterator[Problem]:
    """The answers to the question about the strand are the strands of the call."""
    keys = [strand.key for strand in strands]
    for path, question in placed_questions(form):
        if question.carries == "strand" and [choice.key for choice in question.choices] != keys:
            message = _(
                "The choices of this question must be the strands of the call, in their order: %(known)s.",
                known=", ".join(keys),
            )
            yield Problem((*path, "choices"), str(message))


def check_criteria_of_questions(form: FormDefinition, assessment: Assessment) -> Iterator[Problem]:
    known = [criterion.key for criterion in assessment.criteria]
    used: set[str] = set()
    for path, question in placed_questions(form):
        for index, key in enumerate(question.criteria):
            used.add(key)
            if key not in known:
                message = _(
                    "There is no criterion “%(key)s”. Use one of: %(known)s.",
                    key=key[:60],
                    known=", ".join(known),
                )
                yield Problem((*path, "criteria", index), str(message))
    for index, key in enumerate(known):
        if key not in used:
            message = _(
                "No question gives an answer for this criterion. Name it in “criteria” of a question."
            )
            yield Problem(("assessment", "criteria", index), str(message))
