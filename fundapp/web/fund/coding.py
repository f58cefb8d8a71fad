"""Reading what groups say, marking passages, and the second reader of one text in five."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from forms.base import BaseForm
from forms.i18n import _
from forms.pages.theme_codes import mark_form, settle_form
from fundapp.call_file.definition import CallDefinition
from fundapp.clock import utcnow
from fundapp.db import unit_of_work
from fundapp.errors import NotPossibleNow
from fundapp.models.call import Call
from fundapp.models.theme_code import CodedText, ThemeCode, Turn
from fundapp.permissions import Permission
from fundapp.queries.calls import current_version, definition_of, get_call
from fundapp.queries.theme_codes import (
    CodeBook,
    agreement_of,
    codes_of,
    get_code_book,
    get_coded_text,
    is_open_to,
    list_coded_texts,
    list_to_begin,
    passages_of,
    texts_read,
    turn_of,
)
from fundapp.queries.told_texts import ToldText, list_told_texts, told_now
from fundapp.services.coded_texts import (
    NotInText,
    SomebodyElseReads,
    begin_reading,
    finish_reading,
    mark_passage,
    settle_reading,
    take_mark_off,
)
from fundapp.web.access import requires
from fundapp.web.binding import bind
from fundapp.web.sessions import signed_in_user

bp = Blueprint("fund_coding", __name__)

TEXT = "/fund/coded-texts/<uuid:coded_text_id>"


@bp.get("/fund/calls/<uuid:call_id>/coding")
@requires(Permission.CALL_RUN, call=get_call)
def page(call: Call) -> ResponseReturnValue:
    return _page(call)


@bp.post("/fund/calls/<uuid:call_id>/coding")
@requires(Permission.CALL_RUN, call=get_call)
def begin(call: Call) -> ResponseReturnValue:
    reader, wanted = signed_in_user(), request.form.get("source", "")
    told = next((each for each in list_told_texts(call, reader=reader) if each.source == wanted), None)
    if told is None:
        return _page(call, refused=_("This text is no longer there.")), 409
    try:
        with unit_of_work():
            coded = begin_reading(told, actor=reader, now=utcnow())
    except SomebodyElseReads:
        return _page(call, refused=_("Somebody else has begun to read this text.")), 409
    return redirect(url_for(".text_page", coded_text_id=coded.id))


def _page(call: Call, refused: str = "") -> str:
    reader, book = signed_in_user(), get_code_book(call)
    texts = list_coded_texts(call, reader=reader)
    told = list_told_texts(call, reader=reader)
    there = {each.source: each for each in told}
    waiting = [each for each in texts if each.is_drawn and each.second_read_at is None]
    reads = list(texts_read(texts, book, reader=reader))
    return render_template(
        "fund/coding/texts.html",
        call=call,
        definition=definition_of(current_version(call)),
        refused=refused,
        to_begin=list_to_begin(told, texts),
        mine=[
            each
            for each in texts
            if (each.first_reader_id == reader.id and each.first_read_at is None)
            or (each.second_reader_id == reader.id and each.second_read_at is None)
        ],
        to_read_again=[
            there[each.source]
            for each in waiting
            if each.second_reader_id is None and each.first_reader_id != reader.id and each.source in there
        ],
        reads=reads,
        agreement=agreement_of(reads, book),
    )


@dataclass(frozen=True)
class OpenText:
    """One text as this reader may see it."""

    coded: CodedText
    told: ToldText
    book: CodeBook
    turn: Turn | None

    @property
    def may_mark(self) -> bool:
        return self.turn is not None and self.coded.second_read_at is None

    @property
    def turns(self) -> tuple[Turn, ...]:
        """Whose marks are shown: all when they are open to everybody, otherwise one's own."""
        if is_open_to(self.coded, signed_in_user()):
            return (Turn.FIRST, Turn.SECOND) if self.coded.second_read_at else (Turn.FIRST,)
        return (self.turn,) if self.turn else ()

    @property
    def is_done(self) -> bool:
        """This reader has said so; more can still be marked."""
        done = self.coded.second_read_at if self.turn is Turn.SECOND else self.coded.first_read_at
        return self.turn is not None and done is not None

    @property
    def definition(self) -> CallDefinition:
        return definition_of(current_version(self.coded.call))

    def choices(self) -> list[tuple[str, str]]:
        """Codes in use."""
        return [(str(code.id), code.name) for code in self.book.in_use]

    def chosen(self, names: list[str]) -> list[ThemeCode]:
        return [code for code in self.book.in_use if str(code.id) in names]


def _open(coded: CodedText) -> OpenText:
    told = told_now(coded)
    if told is None:
        abort(404)
    return OpenText(coded, told, get_code_book(coded.call), turn_of(coded, signed_in_user()))


@bp.get(TEXT)
@requires(Permission.TEXT_CODE, coded_text=get_coded_text)
def text_page(coded_text: CodedText) -> ResponseReturnValue:
    return _text_page(_open(coded_text))


@bp.post(f"{TEXT}/mark")
@requires(Permission.TEXT_CODE, coded_text=get_coded_text)
def mark(coded_text: CodedText) -> ResponseReturnValue:
    text = _open(coded_text)
    form, status = bind(mark_form(text.choices())), 422
    if form.validate():
        try:
            with unit_of_work():
                mark_passage(
                    coded_text,
                    text.chosen(form.codes.data or []),
                    form.quote.data or "",
                    actor=signed_in_user(),
                    now=utcnow(),
                )
            return _back(coded_text.id)
        except NotInText:
            form.add_error("quote", _("These words are not in the text. Copy them as they stand there."))
        except NotPossibleNow:
            form.add_error("codes", _("This text can no longer be marked. Look at it again."))
            status = 409
    return _text_page(_open(get_coded_text(coded_text.id)), form), status


@bp.post(f"{TEXT}/take-off")
@requires(Permission.TEXT_CODE, coded_text=get_coded_text)
def take_off(coded_text: CodedText) -> ResponseReturnValue:
    tag = next((each for each in coded_text.tags if str(each.id) == request.form.get("tag")), None)
    if tag is not None:
        try:
            with unit_of_work():
                take_mark_off(tag, actor=signed_in_user(), now=utcnow())
        except NotPossibleNow:
            return _refused(coded_text)
    return _back(coded_text.id)


@bp.post(f"{TEXT}/finish")
@requires(Permission.TEXT_CODE, coded_text=get_coded_text)
def finish(coded_text: CodedText) -> ResponseReturnValue:
    call_id: UUID = coded_text.call_id
    try:
        with unit_of_work():
            finish_reading(coded_text, actor=signed_in_user(), now=utcnow())
    except NotPossibleNow:
        return _refused(coded_text)
    return redirect(url_for(".page", call_id=call_id))


@bp.post(f"{TEXT}/settle")
@requires(Permission.TEXT_CODE, coded_text=get_coded_text)
def settle(coded_text: CodedText) -> ResponseReturnValue:
    text = _open(coded_text)
    form = bind(settle_form(text.choices()))
    if not form.validate():
        return _text_page(text, settling=form), 422
    try:
        with unit_of_work():
            settle_reading(
                coded_text, text.chosen(form.codes.data or []), actor=signed_in_user(), now=utcnow()
            )
    except NotPossibleNow:
        return _refused(coded_text)
    return _back(coded_text.id)


def _back(coded_text_id: UUID) -> ResponseReturnValue:
    return redirect(url_for(".text_page", coded_text_id=coded_text_id))


def _refused(coded: CodedText) -> ResponseReturnValue:
    text = _open(get_coded_text(coded.id))
    return _text_page(text, refused=_("This is no longer possible. Look at the text again.")), 409


def _text_page(
    text: OpenText, form: BaseForm | None = None, *, settling: BaseForm | None = None, refused: str = ""
) -> str:
    coded, book = text.coded, text.book
    first, second = codes_of(coded, Turn.FIRST, book), codes_of(coded, Turn.SECOND, book)
    settled = codes_of(coded, Turn.SETTLED, book) if coded.settled_at else first & second
    return render_template(
        "fund/coding/text.html",
        text=text,
        coded=coded,
        definition=text.definition,
        form=form or mark_form(text.choices())(None),
        settling=settling
        or settle_form(text.choices())(None, data={"codes": [str(each) for each in settled]}),
        passages=passages_of(coded, text.told, text.turns),
        first_only=[code for code in book.standing if code.id in first - second],
        second_only=[code for code in book.standing if code.id in second - first],
        meanings={str(code.id): code.meaning for code in book.in_use},
        refused=refused,
        Turn=Turn,
    )
