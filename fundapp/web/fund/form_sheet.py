"""The form of a call in a spreadsheet: taken out, and brought back after a look at what would change."""

from __future__ import annotations

import base64
import binascii
import dataclasses
from collections.abc import Collection

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue

from forms.i18n import _
from forms.languages import LANGUAGES
from forms.spreadsheet import LARGEST_FILE, WrongWorkbook
from forms.xlsform import SpreadsheetForm, changes_between, read_xlsform, write_xlsform
from fundapp.call_file.problems import Problem
from fundapp.call_file.sheet_form import only_languages, sheet_form_of
from fundapp.clock import utcnow
from fundapp.db import unit_of_work
from fundapp.errors import StaleVersion
from fundapp.models.call import Call
from fundapp.permissions import Permission, can
from fundapp.queries.call_drafts import (
    digest_of_working,
    problems_of_draft,
    with_typed_questions,
    working_content,
)
from fundapp.queries.calls import current_version, definition_of, get_call
from fundapp.services.form_sheets import take_form_sheet
from fundapp.web.access import requires
from fundapp.web.errors import message_for
from fundapp.web.sessions import signed_in_user

bp = Blueprint("fund_form_sheet", __name__)

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@bp.get("/fund/calls/<uuid:call_id>/form.xlsx")
@requires(Permission.CALL_VIEW, call=get_call)
def file(call: Call) -> ResponseReturnValue:
    made = write_xlsform(sheet_form_of(definition_of(current_version(call))))
    name = f'attachment; filename="{call.code}-form.xlsx"'
    return Response(made, content_type=XLSX, headers={"Content-Disposition": name})


@bp.get("/fund/calls/<uuid:call_id>/form-sheet")
@requires(Permission.CALL_VIEW, call=get_call)
def page(call: Call) -> ResponseReturnValue:
    return _page(call)


@bp.post("/fund/calls/<uuid:call_id>/form-sheet")
@requires(Permission.CALL_RUN, call=get_call)
def take(call: Call) -> ResponseReturnValue:
    """First the file itself: it is read and shown. Then the same again with "yes", and it is kept."""
    is_sure = "yes" in request.form
    content = _kept() if is_sure else _sent()
    if not content:
        return _page(call, problems=[str(_("Choose a file first."))], status=422)
    try:
        sheet = read_xlsform(content)
    except WrongWorkbook as wrong:
        return _page(call, problems=[problem.words for problem in wrong.problems], status=422)
    if not is_sure:
        return _preview(call, sheet, content)
    try:
        with unit_of_work():
            problems = take_form_sheet(
                call,
                sheet,
                by=signed_in_user().shown_name,
                seen_digest=request.form.get("seen", "")[:64],
                actor=signed_in_user(),
                now=utcnow(),
            )
    except StaleVersion as error:
        words = str(message_for(error) or "")
        return _preview(get_call(call.id), sheet, content, refused=words, status=error.status)
    return _page(get_call(call.id), still_open=problems, is_done=True)


def _sent() -> bytes:
    sent = request.files.get("file")
    return sent.read(LARGEST_FILE + 1) if sent else b""


def _kept() -> bytes:
    try:
        return base64.b64decode(request.form.get("content", ""), validate=True)
    except (binascii.Error, ValueError):
        return b""


def _preview(
    call: Call, sheet: SpreadsheetForm, content: bytes, *, refused: str = "", status: int = 200
) -> ResponseReturnValue:
    """Compared with what is typed, in the languages that both have: a column that is not there takes nothing
    away. Questions that cannot be read yet could get lost unseen."""
    if (definition := with_typed_questions(call)) is None:
        return _page(call, still_open=problems_of_draft(call), is_waiting=True, status=409)
    both = [code for code in definition.languages if code in sheet.languages]
    page = render_template(
        "fund/form_sheet/preview.html",
        call=call,
        changes=changes_between(_in(both, sheet_form_of(definition)), _in(both, sheet)),
        new_languages=[
            LANGUAGES[code].own_name for code in sheet.languages if code not in definition.languages
        ],
        is_other_call=bool(sheet.form_id) and sheet.form_id != call.code,
        content=base64.b64encode(content).decode(),
        seen=digest_of_working(working_content(call)),
        refused=refused,
    )
    return page, status


def _in(languages: Collection[str], form: SpreadsheetForm) -> SpreadsheetForm:
    return dataclasses.replace(
        form,
        eligibility=only_languages(form.eligibility, languages),
        form=only_languages(form.form, languages),
    )


def _page(
    call: Call,
    *,
    problems: list[str] | None = None,
    still_open: tuple[Problem, ...] = (),
    is_done: bool = False,
    is_waiting: bool = False,
    status: int = 200,
) -> ResponseReturnValue:
    page = render_template(
        "fund/form_sheet/page.html",
        call=call,
        problems=problems or [],
        still_open=still_open,
        is_done=is_done,
        is_waiting=is_waiting,
        may_change=can(signed_in_user(), Permission.CALL_RUN, call)
        and current_version(call).frozen_at is None,
        page_errors=[("file", words) for words in problems or []],
    )
    return page, status
