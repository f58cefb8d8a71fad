"""Beside the builder: how a call looks to others, what is new against an earlier one, and dated notices."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from forms.builder import questions_form
from forms.i18n import activate, current_language
from forms.languages import LANGUAGES
from forms.localized import LocalizedText
from fundapp.call_file.definition import CallDefinition
from fundapp.call_file.differences import Difference, differences
from fundapp.call_file.edit import Content
from fundapp.clock import utcnow
from fundapp.db import unit_of_work
from fundapp.models.call import Call
from fundapp.permissions import Permission
from fundapp.queries.call_drafts import RECORD, check_working, working_content
from fundapp.queries.call_notices import list_notices
from fundapp.queries.calls import current_version, definition_of, get_call
from fundapp.services.call_notices import NoticeInEveryLanguage, give_notice
from fundapp.web.access import requires
from fundapp.web.binding import is_posted
from fundapp.web.fund.building.changes import LONGEST_SHOWN, place_words, value_words
from fundapp.web.fund.building.options import title_of
from fundapp.web.fund.building.pages import address_of
from fundapp.web.fund.building.places import BY_SLUG, slug_of
from fundapp.web.fund.building.posted import tidy
from fundapp.web.posted_save import posted_once
from fundapp.web.sessions import signed_in_user

bp = Blueprint("fund_build_more", __name__)

ROLES = ("applicant", "panel")


@bp.get("/fund/calls/<uuid:call_id>/build/preview")
@requires(Permission.CALL_RUN, call=get_call)
def preview(call: Call) -> ResponseReturnValue:
    """Read only: the forms have no button, and nothing is stored."""
    checked = check_working(working_content(call))
    definition = checked.definition or definition_of(current_version(call))
    role, code = request.args.get("as", ROLES[0]), request.args.get("in", definition.languages[0])
    if role not in ROLES or code not in definition.languages:
        abort(404)
    with activate(code):
        return render_template(
            "fund/building/preview.html",
            call=call,
            definition=definition,
            is_old=checked.definition is None,
            role=role,
            shown_in=LANGUAGES[code],
            roles=ROLES,
            codes=[(each, LANGUAGES[each].own_name) for each in definition.languages],
            forms=_forms(definition, code),
        )


def _forms(definition: CallDefinition, code: str) -> list[tuple[LocalizedText, object]]:
    return [
        (section.title, questions_form(section.questions, code)()) for section in definition.form.sections
    ]


@dataclass(frozen=True)
class ShownDifference:
    where: str
    address: str
    before: str
    after: str


@bp.get("/fund/calls/<uuid:call_id>/build/compare")
@requires(Permission.CALL_RUN, call=get_call)
def compare(call: Call) -> ResponseReturnValue:
    """Part by part: what this call says otherwise than the one it was copied from."""
    if call.made_from_id is None:
        abort(404)
    source = get_call(call.made_from_id)
    content = working_content(call)
    found = differences(_without_record(current_version(source).content), _without_record(content))
    by_page: dict[str, list[ShownDifference]] = {}
    for each in found:
        if each.path[:1] != ("code",):
            page = BY_SLUG[slug_of(each.path)].title
            by_page.setdefault(str(page), []).append(_shown(call, content, each))
    return render_template(
        "fund/building/compare.html",
        call=call,
        source=source,
        by_page=by_page,
        title=title_of(content, current_language().code) or call.code,
    )


def _without_record(content: Content) -> Content:
    room = {name: part for name, part in content.get("codesign", {}).items() if name not in RECORD}
    return content | {"codesign": room}


def _shown(call: Call, content: Content, each: Difference) -> ShownDifference:
    return ShownDifference(
        place_words(content, each.path),
        address_of(call, content, each.path),
        value_words(each.before)[:LONGEST_SHOWN],
        value_words(each.after)[:LONGEST_SHOWN],
    )


@bp.route("/fund/calls/<uuid:call_id>/notices", methods=["GET", "POST"])
@requires(Permission.CALL_RUN, call=get_call)
def notices(call: Call) -> ResponseReturnValue:
    definition = definition_of(current_version(call))
    typed: dict[str, str] = {}
    missing: tuple[str, ...] = ()
    if is_posted():
        typed = {code: tidy(request.form.get(f"text.{code}", "")) for code in definition.languages}
        text = LocalizedText.of({code: words for code, words in typed.items() if words})
        try:
            with unit_of_work():
                give_notice(call, text, actor=signed_in_user(), now=utcnow(), once=posted_once())
            return redirect(url_for("fund_build_more.notices", call_id=call.id))
        except NoticeInEveryLanguage as refused:
            missing = refused.languages
    page = render_template(
        "fund/building/notices.html",
        call=call,
        definition=definition,
        notices=[(each, LocalizedText.of(each.text)) for each in list_notices(call)],
        codes=[(code, LANGUAGES[code].own_name, typed.get(code, "")) for code in definition.languages],
        missing=missing,
        is_frozen=current_version(call).frozen_at is not None,
    )
    return page, 422 if is_posted() else 200
