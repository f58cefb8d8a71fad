"""Questions of the eligibility check and of the form."""

from __future__ import annotations

from collections.abc import Iterator

from forms.definition import Choice, FormDefinition, Question, QuestionKind, Stage
from forms.eligibility import EligibilityQuestion
from forms.i18n import _
from fundapp.call_file.assessment import Assessment
from fundapp.call_file.checks.conditions import check_condition, facts_of
from fundapp.call_file.checks.one_question import check_question, check_simple
from fundapp.call_file.grants import Strand
from fundapp.call_file.problems import Path, Problem
from fundapp.call_file.unread import as_far_as_read, is_read

Placed = tuple[Path, Question]


_NO_QUESTIONS = {
    Stage.EOI: _("The first stage has no questions. Write at least one."),
    Stage.FULL: _("The second stage has no questions. Write at least one."),
}


def placed_questions(form: FormDefinition) -> list[Placed]:
    """Those that could be read."""
    return [
        (("form", "sections", index, "questions", place), question)
        for index, section in enumerate(form.sections)
        if is_read(section) and is_read(section.questions)
        for place, question in enumerate(section.questions)
        if is_read(question)
    ]


def placed_in_check(eligibility: tuple[EligibilityQuestion, ...]) -> list[Placed]:
    return [
        (("eligibility", index, "question"), item.question)
        for index, item in enumerate(eligibility)
        if is_read(item) and is_read(item.question)
    ]


@as_far_as_read
def check_questions(form: FormDefinition, eligibility: tuple[EligibilityQuestion, ...]) -> Iterator[Problem]:
    everything = [*placed_in_check(eligibility), *placed_questions(form)]
    for position, placed in enumerate(everything):
        yield from check_question(placed[1], placed[0])
        yield from _check_place(placed, everything[:position])
    for path, question in placed_in_check(eligibility):
        yield from check_simple(question, path)
    for path, question in placed_questions(form):
        yield from _check_copy(question, form, path)
    yield from _check_stages(form)


@as_far_as_read
def _check_place(placed: Placed, before: list[Placed]) -> Iterator[Problem]:
    """A question may ask only about earlier ones. A key twice in one list is said by the schema."""
    path, question = placed
    if question.key in [other.key for place, other in before if place[:-1] != path[:-1]]:
        message = _("There is another question “%(key)s”. Give each its own key.", key=question.key)
        yield Problem((*path, "key"), str(message))
    if question.ask_if is not None:
        yield from check_condition(question.ask_if, facts_of(each for _p, each in before), (*path, "ask_if"))


@as_far_as_read
def _check_copy(question: Question, form: FormDefinition, path: Path) -> Iterator[Problem]:
    if question.copied_from is None:
        return
    if question.copied_from not in [first.key for first in form.questions(Stage.EOI)]:
        message = _("There is no first-stage question “%(key)s” to copy from.", key=question.copied_from[:60])
        yield Problem((*path, "copied_from"), str(message))
        return
    first = form.question(question.copied_from)
    if first.kind != question.kind and QuestionKind.FILE in (first.kind, question.kind):
        message = _("Only one of these two questions is for files. Files are copied to a question for files.")
        yield Problem((*path, "copied_from"), str(message))
        return
    if (first.kind, _shape(first)) != (question.kind, _shape(question)) and question.parts + first.parts:
        message = _(
            "“%(key)s” has other parts than this question. Both need the same parts, by key and kind.",
            key=first.key,
        )
        yield Problem((*path, "copied_from"), str(message))


def _shape(question: Question) -> list[tuple[str, str]]:
    return [(part.key, part.kind) for part in question.parts]


@as_far_as_read
def _check_stages(form: FormDefinition) -> Iterator[Problem]:
    for stage in Stage:
        if not any(section.stage == stage and len(section.questions) for section in form.sections):
            message = _("The stage “%(stage)s” has no questions. Write at least one.", stage=stage)
            yield Problem(("form", "sections"), str(message), str(_NO_QUESTIONS[stage]))


@as_far_as_read
def check_strand_question(form: FormDefinition, strands: tuple[Strand, ...]) -> Iterator[Problem]:
    """The answers to the question about the strand are the strands of the call."""
    keys = [strand.key for strand in strands]
    for path, question in placed_questions(form):
        if keys and question.carries == "strand" and [choice.key for choice in question.choices] != keys:
            message = _(
                "The choices of this question must be the strands of the call, in their order: %(known)s.",
                known=", ".join(map(str, keys)),  # stops at a key that could not be read
            )
            yield Problem((*path, "choices"), str(message))


@as_far_as_read
def check_theme_question(form: FormDefinition, themes: tuple[Choice, ...]) -> Iterator[Problem]:
    """Where a call has themes, groups choose theirs, and from exactly these."""
    keys = [theme.key for theme in themes]
    asked = [(path, question) for path, question in placed_questions(form) if question.carries == "theme"]
    for path, question in asked:
        if [choice.key for choice in question.choices] != keys:
            message = _(
                "The choices of this question must be the themes of the call, in their order: %(known)s.",
                known=", ".join(map(str, keys)),
            )
            yield Problem((*path, "choices"), str(message))
    if keys and not asked:
        message = _("No question asks for the theme. Write “carries: theme” at one of them.")
        on_page = _("No question asks for the theme. Add one whose answer sets the theme.")
        yield Problem(("themes",), str(message), str(on_page))


@as_far_as_read
def check_criteria_of_questions(form: FormDefinition, assessment: Assessment) -> Iterator[Problem]:
    known = [criterion.key for criterion in assessment.criteria]
    for path, question in placed_questions(form):
        yield from _check_criteria(question, known, path)
    used = {key for _path, question in placed_questions(form) for key in question.criteria}
    for index, key in enumerate(known):
        if key not in used:
            message = _(
                "No question gives an answer for this criterion. Name it in “criteria” of a question."
            )
            on_page = _("No question gives an answer for this criterion. Tick it at a question of the form.")
            yield Problem(("assessment", "criteria", index), str(message), str(on_page))


@as_far_as_read
def _check_criteria(question: Question, known: list[str], path: Path) -> Iterator[Problem]:
    for index, key in enumerate(question.criteria):
        if key not in known:
            message = _(
                "There is no criterion “%(key)s”. Use one of: %(known)s.",
                key=key[:60],
                known=", ".join(known),
            )
            yield Problem((*path, "criteria", index), str(message))
