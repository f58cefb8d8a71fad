"""What applying costs groups, while the form is being made and afterwards."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from fundapp.call_file.definition import CallDefinition
from fundapp.call_file.minutes import minutes_by_stage, minutes_by_strand
from fundapp.call_file.readers import asked_questions
from fundapp.models.call import Call
from fundapp.permissions import Permission, can
from fundapp.queries.call_drafts import check_working, working_content
from fundapp.queries.calls import current_version, definition_of, get_call
from fundapp.web.access import requires
from fundapp.web.burden_words import QuestionLook, look_of
from fundapp.web.reader_words import shown_readers
from fundapp.web.sessions import signed_in_user

bp = Blueprint("fund_burden", __name__)


@bp.get("/fund/calls/<uuid:call_id>/burden")
@requires(Permission.CALL_VIEW, call=get_call)
def burden_page(call: Call) -> ResponseReturnValue:
    definition, is_whole = whole_definition(call)
    return render_template(
        "fund/calls/burden.html",
        call=call,
        definition=definition,
        stages=minutes_by_stage(definition),
        strands=minutes_by_strand(definition),
        groups=_groups(definition),
        readers={each.key: shown_readers(definition, each) for each in asked_questions(definition)},
        may_change=can(signed_in_user(), Permission.CALL_RUN, call)
        and current_version(call).frozen_at is None,
        is_whole=is_whole,
    )


def _groups(definition: CallDefinition) -> list[tuple[object, list[QuestionLook]]]:
    """The check (no title) and the sections of the form, each with its questions."""
    check = [look_of(item.question, definition.languages) for item in definition.eligibility]
    sections = [
        (section.title, [look_of(each, definition.languages) for each in section.questions])
        for section in definition.form.sections
    ]
    return [(None, check), *sections]


def whole_definition(call: Call) -> tuple[CallDefinition, bool]:
    """The working content; or, with something to mend in it, what the call said before (False)."""
    checked = check_working(working_content(call))
    return checked.definition or definition_of(current_version(call)), checked.definition is not None
