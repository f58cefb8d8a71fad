"""What a group has told about itself already, as answers of the check that are chosen before it looks."""

from __future__ import annotations

from forms.definition import Question, QuestionKind
from fundapp.call_file.income_bands import band_of
from fundapp.models.organisation import MemberRight, Organisation
from fundapp.queries.applications import list_groups_of
from fundapp.web.sessions import find_signed_in_user

KNOWN = (QuestionKind.CHOICE,)


def find_known_answer(question: Question) -> str | None:
    """For whoever is signed in and writes for one group. Only shown: it counts once it is sent."""
    if question.kind not in KNOWN or (user := find_signed_in_user()) is None:
        return None
    groups = list_groups_of(user, MemberRight.EDIT, MemberRight.SUBMIT)
    return known_answer(question, groups[0]) if len(groups) == 1 else None


def known_answer(question: Question, organisation: Organisation) -> str | None:
    if question.carries == "income_band":
        income = organisation.annual_income
        return None if income is None else band_of(question, income)
    borough = organisation.borough
    if borough is None:
        return None
    return next((each.key for each in question.choices if each.label.in_language("en") == borough), None)
