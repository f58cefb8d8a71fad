"""Who reads the answer to one question of a call that is being made."""

from __future__ import annotations

from typing import NamedTuple

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from forms.definition import UsedFor
from forms.localized import LocalizedText
from forms.pages.codesign import starting_texts, tidy
from forms.pages.readers import ReadersForm, readers_form
from fundapp.call_file.readers import asked_questions, readers_of
from fundapp.clock import utcnow
from fundapp.db import unit_of_work
from fundapp.errors import StaleVersion
from fundapp.models.call import Call
from fundapp.permissions import Permission
from fundapp.queries.call_drafts import working_content
from fundapp.queries.calls import current_version, get_call
from fundapp.services.question_uses import StatedUses, say_uses, stated_uses
from fundapp.web.access import requires
from fundapp.web.binding import bind, sent_rev
from fundapp.web.fund.burden import bp, whole_definition
from fundapp.web.reader_words import CHOICES, reader_name
from fundapp.web.sessions import signed_in_user


@bp.route("/fund/calls/<uuid:call_id>/questions/<key>/readers", methods=["GET", "POST"])
@requires(Permission.CALL_RUN, call=get_call)
def readers(call: Call, key: str) -> ResponseReturnValue:
    definition, _is_whole = whole_definition(call)
    question = next((each for each in asked_questions(definition) if each.key == key), None)
    if question is None:
        abort(404)
    stated = stated_uses(working_content(call), key)
    form = bind(readers_form(definition.languages, CHOICES), data=_starting(stated))
    is_posted, is_late = request.method == "POST", False
    if is_posted and form.validate():
        try:
            with unit_of_work():
                say_uses(
                    call,
                    key,
                    tuple(map(UsedFor, form.used_for.data)),
                    anyway=_anyway(form),
                    seen=sent_rev("seen"),
                    actor=signed_in_user(),
                    now=utcnow(),
                )
            return redirect(url_for("fund_burden.burden_page", call_id=call.id, _anchor=f"question-{key}"))
        except StaleVersion:
            is_late, stated = True, stated_uses(working_content(call), key)
    page = render_template(
        "fund/calls/readers.html",
        call=call,
        definition=definition,
        question=question,
        readers=[reader_name(definition, each) for each in readers_of(definition, question)],
        form=form,
        seen=sent_rev("seen") if is_posted and not is_late else stated.digest,
        stated=_in_words(stated) if is_late else None,
        is_frozen=current_version(call).frozen_at is not None,
    )
    return page, 409 if is_late else 422 if is_posted else 200


def _starting(stated: StatedUses) -> dict[str, object]:
    texts = starting_texts({"reason": LocalizedText.of(stated.reason)}) if stated.reason else {}
    return texts | {"used_for": [*stated.used_for], "by": stated.by}


class Stated(NamedTuple):
    """What somebody else has said meanwhile."""

    uses: list[str]
    reason: LocalizedText | None
    by: str


def _in_words(stated: StatedUses) -> Stated:
    words = dict(CHOICES)
    reason = LocalizedText.of(stated.reason) if stated.reason else None
    return Stated([words.get(each, each) for each in stated.used_for], reason, stated.by)


def _anyway(form: ReadersForm) -> tuple[LocalizedText, str] | None:
    reason = form.text("reason")
    return None if reason is None else (reason, tidy(form.by.data))
