"""The translation desk of a call: languages, texts side by side, reading, files out and in, opening."""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import StrEnum

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from forms.i18n import _
from forms.languages import is_language_code
from forms.pages.translation_desk import FileForm, ReadForm, TextForm
from forms.spreadsheet import LARGEST_FILE, WrongWorkbook
from forms.text_file import FileText, OutText, read_po_file, read_sheet, write_po_file, write_sheet
from fundapp.call_file.texts import languages_of
from fundapp.clock import utcnow
from fundapp.db import unit_of_work
from fundapp.errors import FundError, NotPossibleNow, StaleVersion
from fundapp.machine_translation import machine_of
from fundapp.models.call import Call
from fundapp.permissions import Permission, can
from fundapp.queries.call_drafts import working_content
from fundapp.queries.calls import current_version, get_call
from fundapp.queries.text_desk import (
    CALL_FILE,
    Line,
    Standing,
    blocking_lines,
    find_machine_job,
    languages_to_prepare,
    last_maker,
    list_lines,
    list_progress,
    list_work,
    progress_of,
)
from fundapp.services.clarifications import TextNeeded
from fundapp.services.machine_texts import ask_machine
from fundapp.services.text_desk import (
    LanguageNotReady,
    NewText,
    keep_text,
    open_language,
    review_texts,
    save_text,
)
from fundapp.services.text_files import RowProblem, Taken, take_texts
from fundapp.services.translations import MakerNeeded
from fundapp.storage import settings_of_files
from fundapp.web.access import requires
from fundapp.web.binding import bind
from fundapp.web.errors import message_for
from fundapp.web.sessions import signed_in_user
from fundapp.web.sheet_file import sheet_file

bp = Blueprint("fund_translation_desk", __name__)

ON_ONE_PAGE = 20
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_AT = re.compile(r"t[0-9]{1,2}", re.ASCII)

ROW_PROBLEMS: dict[RowProblem, str] = {
    RowProblem.UNKNOWN_TEXT: _("The call has no such text, or it stands in the file twice."),
    RowProblem.NO_NAME: _("Nobody is named who translated it. Write a name in the file, or on this page."),
    RowProblem.TOO_LONG: _("This text is too long. The most is %(n)s characters.", n="5,000"),
    RowProblem.CHANGED_MEANWHILE: _(
        "Somebody changed this text here since the file was made. Both are kept."
    ),
    RowProblem.OWN_TRANSLATION: _("The same name stands for who wrote and who read it."),
}


class Shown(StrEnum):
    """Which texts a page shows."""

    TO_DO = "to_do"
    ALL = "all"
    IN_THE_WAY = "in_the_way"  # of opening the language
    SENSITIVE = "sensitive"
    REVIEWED = "reviewed"
    OUT_OF_DATE = "out_of_date"
    DRAFT = "draft"
    MACHINE = "machine"
    MISSING = "missing"


@bp.get("/fund/calls/<uuid:call_id>/translations")
@requires(Permission.CALL_VIEW, call=get_call)
def list_page(call: Call) -> ResponseReturnValue:
    chosen = request.args.get("language", "")
    if is_language_code(chosen) and chosen not in languages_of(working_content(call))[:1]:
        return redirect(url_for(".language_page", call_id=call.id, language=chosen))
    content = working_content(call)
    return render_template(
        "fund/translations/list.html",
        call=call,
        source_language=languages_of(content)[0],
        progress=list_progress(call),
        others=languages_to_prepare(content),
        work=list_work(call),
    )


@bp.get("/fund/calls/<uuid:call_id>/translations/<language>")
@requires(Permission.CALL_VIEW, call=get_call)
def language_page(call: Call, language: str) -> ResponseReturnValue:
    return _page(call, _known(call, language))


@bp.post("/fund/calls/<uuid:call_id>/translations/<language>")
@requires(Permission.CALL_RUN, call=get_call)
def save(call: Call, language: str) -> ResponseReturnValue:
    language, at, unit = _known(call, language), request.form.get("at", ""), request.form.get("unit", "")
    form = bind(TextForm, prefix=f"{at}-" if _AT.fullmatch(at) else "")
    rev = request.form.get("rev", "")[:40]
    if not form.validate():
        return _page(call, language, typed=(unit, form), status=422)
    try:
        with unit_of_work():
            if "keep" in request.form:
                keep_text(call, language, unit, rev=rev, actor=signed_in_user(), now=utcnow())
            else:
                new = NewText(form.text.data, form.by.data)
                save_text(call, language, unit, new, rev=rev, actor=signed_in_user(), now=utcnow())
    except TextNeeded:
        form.add_error("text", _("Write the translation first."))
    except MakerNeeded as error:
        form.add_error("by", message_for(error) or "")
    except StaleVersion as error:
        return _page(get_call(call.id), language, typed=(unit, form), refused=error, status=409)
    else:
        return _back(call, language, at)
    return _page(get_call(call.id), language, typed=(unit, form), status=422)


@bp.post("/fund/calls/<uuid:call_id>/translations/<language>/read")
@requires(Permission.CALL_RUN, call=get_call)
def read(call: Call, language: str) -> ResponseReturnValue:
    language, form = _known(call, language), bind(ReadForm)
    seen = {unit: rev for unit, _bar, rev in (each.rpartition("|") for each in request.form.getlist("seen"))}
    if not seen:
        form.add_error("by", _("Tick the texts that were read."))
    elif form.validate():
        try:
            with unit_of_work():
                review_texts(call, language, seen, by=form.by.data, actor=signed_in_user(), now=utcnow())
            return _back(call, language, "")
        except FundError as error:
            return _page(get_call(call.id), language, reading=form, refused=error, status=error.status)
    return _page(get_call(call.id), language, reading=form, status=422)


@bp.post("/fund/calls/<uuid:call_id>/translations/<language>/open")
@requires(Permission.CALL_RUN, call=get_call)
def open_(call: Call, language: str) -> ResponseReturnValue:
    language, as_draft = _known(call, language), "as_draft" in request.form
    try:
        with unit_of_work():
            open_language(call, language, as_draft=as_draft, actor=signed_in_user(), now=utcnow())
    except LanguageNotReady as error:
        return _page(get_call(call.id), language, refused=error, status=error.status)
    return redirect(url_for(".list_page", call_id=call.id))


@bp.post("/fund/calls/<uuid:call_id>/translations/<language>/machine")
@requires(Permission.CALL_RUN, call=get_call)
def ask(call: Call, language: str) -> ResponseReturnValue:
    language = _known(call, language)
    if machine_of(settings_of_files()) is None:
        raise NotPossibleNow("this fund has no translation machine")
    with unit_of_work():
        ask_machine(call, language, actor=signed_in_user(), now=utcnow())
    return _back(call, language, "")


@bp.get("/fund/calls/<uuid:call_id>/translations/<language>/texts.<ending>")
@requires(Permission.CALL_VIEW, call=get_call)
def file(call: Call, language: str, ending: str) -> ResponseReturnValue:
    language, lines = _known(call, language), list_lines(call, language)
    texts = [_out(line) for line in lines]
    if ending == "xlsx":
        source = languages_of(working_content(call))[0]
        return _download(write_sheet(texts, source, language), XLSX, f"{call.code}-{language}.xlsx")
    if ending == "po":
        made = write_po_file(texts, language, call.code)
        return _download(made, "text/x-gettext-translation; charset=utf-8", f"{call.code}-{language}.po")
    abort(404)


@bp.post("/fund/calls/<uuid:call_id>/translations/<language>/file")
@requires(Permission.CALL_RUN, call=get_call)
def take_file(call: Call, language: str) -> ResponseReturnValue:
    """The file is read and forgotten; what is wrong in it is named, and the rest is kept."""
    language, form = _known(call, language), bind(FileForm)
    sent = request.files.get("file")
    content = sent.read(LARGEST_FILE + 1) if sent else b""
    if not content:
        return _page(call, language, file_form=form, file_errors=[str(_("Choose a file first."))], status=422)
    if not form.validate():
        return _page(call, language, file_form=form, status=422)
    try:
        rows = _rows(content, language)
    except WrongWorkbook as wrong:
        words = [problem.words for problem in wrong.problems]
        return _page(call, language, file_form=form, file_errors=words, status=422)
    with unit_of_work():
        taken = take_texts(call, language, rows, by=form.maker.data, actor=signed_in_user(), now=utcnow())
    return _taken_page(get_call(call.id), language, taken)


@bp.get("/fund/calls/<uuid:call_id>/translations/work.csv")
@requires(Permission.CALL_VIEW, call=get_call)
def work(call: Call) -> ResponseReturnValue:
    """What to pay for: words of the source, each text once for the same words."""
    columns = ("who", "language", "work", "texts", "words_of_source")
    rows = ((each.who, each.language, each.kind.value, each.texts, each.words) for each in list_work(call))
    return sheet_file(f"{call.code}-translators.csv", columns, rows)


def _known(call: Call, language: str) -> str:
    if not is_language_code(language) or language in languages_of(working_content(call))[:1]:
        abort(404)
    return language


def _rows(content: bytes, language: str) -> list[FileText]:
    is_workbook = content.startswith(b"PK")
    return read_sheet(content, language) if is_workbook else read_po_file(content, language)


def _out(line: Line) -> OutText:
    row = line.row
    reader = row.reviewed_by if row and row.reviewed_by != CALL_FILE else ""
    return OutText(
        unit=line.unit.id,
        source=line.unit.source,
        text=line.text,
        state=line.standing.value,
        translated_by=row.made_by if row else "",
        read_by=reader,
        rev=line.rev,
        source_before=line.source_before,
    )


def _download(content: bytes, kind: str, name: str) -> Response:
    return Response(
        content, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


def _shown_of(lines: list[Line], shown: Shown) -> list[Line]:
    match shown:
        case Shown.ALL:
            return lines
        case Shown.TO_DO:
            return [line for line in lines if line.standing is not Standing.REVIEWED]
        case Shown.SENSITIVE:
            return [line for line in lines if line.unit.is_sensitive]
        case Shown.IN_THE_WAY:
            return blocking_lines(lines, as_draft=False)
    return [line for line in lines if line.standing.value == shown.value]


def _chosen() -> tuple[Shown, int]:
    wanted, page = request.values.get("show", ""), request.values.get("page", "")
    shown = Shown(wanted) if wanted in set(Shown) else Shown.TO_DO
    return shown, int(page) if page.isascii() and page.isdigit() and 0 < len(page) < 5 else 1


def _back(call: Call, language: str, at: str) -> ResponseReturnValue:
    shown, page = _chosen()
    anchor = at if _AT.fullmatch(at) else None
    return redirect(
        url_for(
            ".language_page", call_id=call.id, language=language, show=shown.value, page=page, _anchor=anchor
        )
    )


def _page(
    call: Call,
    language: str,
    *,
    typed: tuple[str, TextForm] | None = None,
    reading: ReadForm | None = None,
    file_form: FileForm | None = None,
    file_errors: Iterable[str] = (),
    refused: FundError | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    lines, (shown, page) = list_lines(call, language), _chosen()
    found = _shown_of(lines, shown)
    pages = max(1, -(-len(found) // ON_ONE_PAGE))
    page = min(max(page, 1), pages)
    drawn = _with_typed(found[(page - 1) * ON_ONE_PAGE : page * ON_ONE_PAGE], lines, typed)
    maker = last_maker(call, language, signed_in_user().id)
    forms: list[tuple[Line, TextForm]] = []
    again: TextForm | None = None
    for number, line in enumerate(drawn):
        form = TextForm(None, prefix=f"t{number}-", data={"text": line.text, "by": maker})
        if typed is not None and typed[0] == line.unit.id:
            form = again = _at_its_place(typed[1], number)
        forms.append((line, form))
    reading, file_form = reading or ReadForm(None), file_form or FileForm(None, data={"maker": maker})
    errors = [*(again.error_list() if again else ()), *reading.error_list(), *file_form.error_list()]
    return (
        render_template(
            "fund/translations/language.html",
            call=call,
            code=language,
            forms=forms,
            typed=typed,
            shown=shown,
            choices=_choices(lines),
            page=page,
            pages=pages,
            progress=progress_of(lines, language, working_content(call)),
            refused=refused,
            blocking=_in_the_way(refused),
            reading=reading,
            ticked=request.form.getlist("seen"),
            file_form=file_form,
            file_errors=tuple(file_errors),
            may_change=can(signed_in_user(), Permission.CALL_RUN, call)
            and current_version(call).frozen_at is None,
            page_errors=errors,
            call_file=CALL_FILE,
            machine=machine_of(settings_of_files()),
            asked=find_machine_job(call, language),
        ),
        status,
    )


def _with_typed(shown: list[Line], lines: list[Line], typed: tuple[str, TextForm] | None) -> list[Line]:
    """The text somebody is writing stays on the page, also where others have moved it out of it."""
    if typed is None or any(line.unit.id == typed[0] for line in shown):
        return shown
    return [*(line for line in lines if line.unit.id == typed[0]), *shown]


def _at_its_place(typed: TextForm, number: int) -> TextForm:
    """With what was typed and its errors; the place may be another one than before."""
    form = TextForm(None, prefix=f"t{number}-", data=typed.data)
    for field in form:
        field.errors = typed[field.short_name].errors
    return form


def _in_the_way(refused: FundError | None) -> tuple[Line, ...]:
    return refused.lines if isinstance(refused, LanguageNotReady) else ()


def _choices(lines: list[Line]) -> list[tuple[Shown, int]]:
    return [(each, len(_shown_of(lines, each))) for each in Shown]


def _taken_page(call: Call, language: str, taken: Taken) -> ResponseReturnValue:
    return render_template(
        "fund/translations/taken.html",
        call=call,
        code=language,
        taken=taken,
        wrong=[(each.row, ROW_PROBLEMS[each.problem]) for each in taken.wrong],
    )
