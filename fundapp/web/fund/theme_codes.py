"""The code book of a call, on the pages of the fund."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from forms.i18n import _
from forms.pages.theme_codes import EndReasonForm, MergeForm, ThemeCodeForm, merge_form
from fundapp.clock import utcnow
from fundapp.db import unit_of_work
from fundapp.errors import NotPossibleNow
from fundapp.models.call import Call
from fundapp.models.theme_code import ThemeCode
from fundapp.permissions import Permission
from fundapp.queries.calls import get_call
from fundapp.queries.theme_codes import (
    CodeBook,
    get_code_book,
    get_theme_code,
    list_coded_texts,
    texts_read,
    uses_of,
)
from fundapp.services.theme_codes import NameTaken, add_theme_code, merge_theme_code, retire_theme_code
from fundapp.web.access import requires
from fundapp.web.binding import bind
from fundapp.web.sessions import signed_in_user

bp = Blueprint("fund_theme_codes", __name__)
RETIRING = "retire-"  # both forms of a page ask for a reason


@bp.get("/fund/calls/<uuid:call_id>/theme-codes")
@requires(Permission.CALL_RUN, call=get_call)
def page(call: Call) -> ResponseReturnValue:
    return _page(call, ThemeCodeForm(None))


@bp.post("/fund/calls/<uuid:call_id>/theme-codes")
@requires(Permission.CALL_RUN, call=get_call)
def add(call: Call) -> ResponseReturnValue:
    form, status = bind(ThemeCodeForm), 422
    if form.validate():
        try:
            with unit_of_work():
                add_theme_code(
                    call,
                    name=form["name"].data or "",
                    meaning=form.meaning.data or "",
                    example=form.example.data or "",
                    actor=signed_in_user(),
                    now=utcnow(),
                )
            return redirect(url_for(".page", call_id=call.id))
        except NameTaken:
            form.add_error("name", _("The code book has this name already. Choose another one."))
            status = 409
    return _page(call, form), status


def _page(call: Call, form: ThemeCodeForm) -> str:
    reader, book = signed_in_user(), get_code_book(call)
    reads = list(texts_read(list_coded_texts(call, reader=reader), book, reader=reader))
    return render_template("fund/coding/code_book.html", call=call, book=book, form=form, uses=uses_of(reads))


@bp.get("/fund/theme-codes/<uuid:theme_code_id>")
@requires(Permission.THEME_CODE_KEEP, theme_code=get_theme_code)
def code_page(theme_code: ThemeCode) -> ResponseReturnValue:
    return _code_page(theme_code)


@bp.post("/fund/theme-codes/<uuid:theme_code_id>/merge")
@requires(Permission.THEME_CODE_KEEP, theme_code=get_theme_code)
def merge(theme_code: ThemeCode) -> ResponseReturnValue:
    book = get_code_book(theme_code.call)
    form = bind(merge_form(_others(book, theme_code)))
    if not form.validate():
        return _code_page(theme_code, merging=form), 422
    try:
        with unit_of_work():
            merge_theme_code(
                theme_code,
                get_theme_code(UUID(form.into.data)),
                reason=form.reason.data or "",
                actor=signed_in_user(),
                now=utcnow(),
            )
    except NotPossibleNow:
        form.add_error("into", _("Somebody has changed the code book meanwhile. Look at it again."))
        return _code_page(get_theme_code(theme_code.id), merging=form), 409
    return redirect(url_for(".code_page", theme_code_id=theme_code.id))


@bp.post("/fund/theme-codes/<uuid:theme_code_id>/retire")
@requires(Permission.THEME_CODE_KEEP, theme_code=get_theme_code)
def retire(theme_code: ThemeCode) -> ResponseReturnValue:
    form = bind(EndReasonForm, prefix=RETIRING)
    if not form.validate():
        return _code_page(theme_code, retiring=form), 422
    try:
        with unit_of_work():
            retire_theme_code(theme_code, reason=form.reason.data or "", actor=signed_in_user(), now=utcnow())
    except NotPossibleNow:
        form.add_error("reason", _("Somebody has changed the code book meanwhile. Look at it again."))
        return _code_page(get_theme_code(theme_code.id), retiring=form), 409
    return redirect(url_for(".code_page", theme_code_id=theme_code.id))


def _others(book: CodeBook, code: ThemeCode) -> list[tuple[str, str]]:
    return [(str(each.id), each.name) for each in book.in_use if each.id != code.id]


def _code_page(
    code: ThemeCode, *, merging: MergeForm | None = None, retiring: EndReasonForm | None = None
) -> str:
    reader, book = signed_in_user(), get_code_book(code.call)
    reads = list(texts_read(list_coded_texts(code.call, reader=reader), book, reader=reader))
    return render_template(
        "fund/coding/theme_code.html",
        code=code,
        book=book,
        reads=[read for read in reads if book.leads_to[code.id].id in read.codes],
        others=_others(book, code),
        merging=merging or merge_form(_others(book, code))(None),
        retiring=retiring or EndReasonForm(None, prefix=RETIRING),
    )
