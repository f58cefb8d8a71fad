"""The pages of the call builder: an overview, and a page for each part of a call."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from forms.definition import Question
from forms.i18n import current_language
from fundapp.call_file.clashes import clashes_of
from fundapp.call_file.criteria_weights import weights_in
from fundapp.call_file.data import question_in
from fundapp.call_file.edit import Content, find, moved, path_of, removed
from fundapp.call_file.missing_texts import missing_texts
from fundapp.call_file.problems import Path
from fundapp.clock import utcnow
from fundapp.db import unit_of_work
from fundapp.errors import FundError, StaleVersion
from fundapp.lifecycles import BEING_BUILT
from fundapp.models.call import Call
from fundapp.permissions import Permission
from fundapp.queries.call_drafts import Checked, check_working, digest_of_working, working_content
from fundapp.queries.calls import current_version, get_call
from fundapp.queries.readiness import open_matters
from fundapp.queries.text_desk import Line, newer_texts
from fundapp.services import call_drafts as service
from fundapp.services.call_drafts import PartInUse, digest_of_page, with_parts
from fundapp.web.access import requires
from fundapp.web.binding import is_posted
from fundapp.web.burden_words import QuestionLook, look_of
from fundapp.web.feast_words import FEASTS, follow_the_moon
from fundapp.web.fund.building.changes import between, place_words
from fundapp.web.fund.building.options import title_of
from fundapp.web.fund.building.places import (
    BY_SLUG,
    PAGES,
    Block,
    blocks_of_part,
    kind_of_place,
    part_at,
    slug_of,
)
from fundapp.web.fund.building.posted import posted_values, saved_place
from fundapp.web.fund.building.shape import Around, shape_of
from fundapp.web.fund.building.words_choices import OPERATORS
from fundapp.web.fund.building.words_uses import use_sentence
from fundapp.web.sessions import signed_in_user

bp = Blueprint("fund_build", __name__)

LONGEST_NAME = 200


@dataclass(frozen=True)
class Place:
    """One page: its fields and where it stands."""

    address: str
    title: str
    lead: str
    blocks: tuple[Block, ...]
    back: str  # the page with the list in which this part stands


@bp.get("/fund/calls/<uuid:call_id>/build")
@requires(Permission.CALL_RUN, call=get_call)
def overview(call: Call) -> ResponseReturnValue:
    checked = check_working(working_content(call))
    missing = list(missing_texts(checked.definition)) if checked.definition else []
    counts = {
        page.slug: (
            sum(slug_of(problem.path) == page.slug for problem in checked.problems),
            sum(slug_of(each.path) == page.slug for each in missing),
        )
        for page in PAGES
    }
    return render_template(
        "fund/building/overview.html",
        call=call,
        pages=PAGES,
        counts=counts,
        **_days_to_look_at(call, checked, ()),
        content=checked.content,
        matters=open_matters(call),
        where=lambda path: address_of(call, checked.content, path),
        title=title_of(checked.content, current_language().code) or call.code,
        may_build=call.status in BEING_BUILT,
    )


@bp.route("/fund/calls/<uuid:call_id>/build/page/<slug>", methods=["GET", "POST"])
@requires(Permission.CALL_RUN, call=get_call)
def part_page(call: Call, slug: str) -> ResponseReturnValue:
    page = BY_SLUG.get(slug) or abort(404)
    here = url_for("fund_build.part_page", call_id=call.id, slug=slug)
    return _page(call, Place(here, page.title, page.lead, page.blocks, ""))


@bp.route("/fund/calls/<uuid:call_id>/build/part/<part_kind>/<part_key>", methods=["GET", "POST"])
@requires(Permission.CALL_RUN, call=get_call)
def item_page(call: Call, part_kind: str, part_key: str) -> ResponseReturnValue:
    content = working_content(call)
    blocks, path = blocks_of_part(content, part_kind, part_key), path_of(content, f"{part_kind}:{part_key}")
    if blocks is None or path is None:
        abort(404)
    here = url_for("fund_build.item_page", call_id=call.id, part_kind=part_kind, part_key=part_key)
    title = title_of(find(content, path), current_language().code)
    return _page(call, Place(here, title, "", blocks, address_of(call, content, path[:-1])))


def _page(call: Call, place: Place) -> ResponseReturnValue:
    if not is_posted():
        return _shown(call, place, check_working(working_content(call)))
    content = working_content(call)
    around = Around(content, (), current_language().code)
    values = posted_values(place.blocks, request.form, around)
    seen = request.form.get("seen", "")
    try:
        with unit_of_work():
            service.replace_parts(call, values, seen_digest=seen, actor=signed_in_user(), now=utcnow())
            _rearrange(call, place, around)
    except FundError as error:
        typed = check_working(with_parts(content, values))
        return _shown(call, place, typed, refused=error, status=error.status)
    return redirect(
        f"{place.address}?saved=yes#{request.form.get('do', '').split(' ')[-1].replace('.', '-')}"
    )


def _rearrange(call: Call, place: Place, around: Around) -> None:
    """A button at a line of a list was pressed: "up money.lines.1"."""
    what, _space, name = request.form.get("do", "")[:LONGEST_NAME].partition(" ")
    pressed: Path = tuple(int(step) if step.isdecimal() else step for step in name.split("."))
    path = saved_place(pressed, place.blocks, request.form, around)
    if what not in ("up", "down", "remove") or path is None:
        return
    content = working_content(call)
    try:
        changed = (
            removed(content, path) if what == "remove" else moved(content, path, -1 if what == "up" else 1)
        )
    except LookupError:
        return
    digest = digest_of_working(content)
    service.change_content(call, changed, seen_digest=digest, actor=signed_in_user(), now=utcnow())


def _shown(
    call: Call, place: Place, checked: Checked, *, refused: FundError | None = None, status: int = 200
) -> ResponseReturnValue:
    around = Around(checked.content, checked.problems, current_language().code)
    paths = [(*block.path, name) for block in place.blocks for name in block.field_names]
    kept = [path for path in paths if kind_of_place(path) is None]
    sections = [
        [shape_of(block.part, name, (*block.path, name), around) for name in block.field_names]
        for block in place.blocks
    ]
    is_stale = isinstance(refused, StaleVersion)
    stored = working_content(call) if is_stale else checked.content
    return (
        render_template(
            "fund/building/page.html",
            call=call,
            place=place,
            sections=sections,
            own_problems=_own_problems(place, checked, paths),
            faults=[fault for section in sections for field in section for fault in field.faults()],
            seen=digest_of_page(call, stored, kept),
            meanwhile=list(between(stored, checked.content, kept)) if is_stale else [],
            at_the_desk=_at_the_desk(call, stored, kept),
            look=_look_of(place, checked.content),
            weights=weights_in(checked.content),
            operators=OPERATORS,
            refused=refused,
            saved=request.args.get("saved") == "yes",
            title=title_of(checked.content, current_language().code) or call.code,
            is_frozen=current_version(call).frozen_at is not None,
            **_days_to_look_at(call, checked, _part_of(place)),
        ),
        status,
    )


def _at_the_desk(call: Call, content: Content, kept: list[Path]) -> list[tuple[Line, str]]:
    """Newer words of the translation desk, each with the field it is about."""
    if current_version(call).frozen_at is not None:
        return []
    return [
        (line, place_words(content, (*line.unit.path, line.language)))
        for line in newer_texts(call, content, kept)
    ]


def _look_of(place: Place, content: Content) -> QuestionLook | None:
    """What the question of this page costs, as it was typed; None until it is whole."""
    for block in place.blocks:
        if block.part is Question and (question := question_in(content, block.path)) is not None:
            languages = Around(content, (), current_language().code).languages
            return look_of(question, [code for code in languages if code in question.label.languages])
    return None


def _part_of(place: Place) -> Path | None:
    """Where the timetable of this page stands; None on pages without one."""
    (block, *_more) = place.blocks
    if block.path[:1] == ("rounds",):
        return block.path[:2]
    return ("rounds",) if block.field_names == ("rounds",) else None


def _days_to_look_at(call: Call, checked: Checked, below: Path | None) -> dict[str, Any]:
    """For building/clashes.html: dates on days on which people rest, fast or feast."""
    found = clashes_of(checked.definition) if checked.definition and below is not None else ()
    record = url_for("codesign.record_page", call_id=call.id)

    def there(path: Path) -> str:
        return record if path[0] == "codesign" else address_of(call, checked.content, path)

    return {
        "clashes": [each for each in found if each.path[: len(below or ())] == below],
        "where_clash": there,
        "feast_words": FEASTS,
        "follow_the_moon": follow_the_moon,
    }


def _own_problems(place: Place, checked: Checked, paths: list[Path]) -> list[str]:
    """Of the part as a whole: no single field of the page is wrong."""
    around = {block.path for block in place.blocks}
    return [
        problem.words
        for problem in checked.problems
        if (problem.path in around and problem.path not in paths)
        or (problem.path[-1:] and kind_of_place(problem.path) and problem.path in paths)
    ]


def address_of(call: Call, content: Content, path: Path) -> str:
    """The page on which this place of the call is mended."""
    part = part_at(content, path)
    if part is not None:
        kind, key = part
        there = url_for("fund_build.item_page", call_id=call.id, part_kind=kind, part_key=key)
    else:
        there = url_for("fund_build.part_page", call_id=call.id, slug=slug_of(path))
    return f"{there}#{'-'.join(str(step) for step in path)}" if path else there


@bp.post("/fund/calls/<uuid:call_id>/build/add")
@requires(Permission.CALL_RUN, call=get_call)
def add(call: Call) -> ResponseReturnValue:
    name = request.form.get("place", "")[:LONGEST_NAME]
    place: Path = tuple(int(step) if step.isdecimal() else step for step in name.split("."))
    kind = kind_of_place(place) or abort(400)
    with unit_of_work():
        key = service.add_part(call, kind, place, actor=signed_in_user(), now=utcnow())
    return redirect(url_for("fund_build.item_page", call_id=call.id, part_kind=kind, part_key=key))


@bp.post("/fund/calls/<uuid:call_id>/build/part/<part_kind>/<part_key>/move")
@requires(Permission.CALL_RUN, call=get_call)
def move(call: Call, part_kind: str, part_key: str) -> ResponseReturnValue:
    steps = -1 if request.form.get("way") == "up" else 1
    with unit_of_work():
        service.move_part(call, f"{part_kind}:{part_key}", steps, actor=signed_in_user(), now=utcnow())
    return redirect(_list_of(call, part_kind, part_key))


def _list_of(call: Call, kind: str, key: str) -> str:
    content = working_content(call)
    path = path_of(content, f"{kind}:{key}")
    return address_of(call, content, path[:-1]) if path else url_for("fund_build.overview", call_id=call.id)


@bp.route("/fund/calls/<uuid:call_id>/build/part/<part_kind>/<part_key>/remove", methods=["GET", "POST"])
@requires(Permission.CALL_RUN, call=get_call)
def remove(call: Call, part_kind: str, part_key: str) -> ResponseReturnValue:
    """Asks first, and says where the part is used."""
    content = working_content(call)
    reference = f"{part_kind}:{part_key}"
    path = path_of(content, reference) or abort(404)
    back = _list_of(call, part_kind, part_key)
    uses = service.uses_outside(content, reference)
    if is_posted():
        try:
            with unit_of_work():
                service.remove_part(call, reference, actor=signed_in_user(), now=utcnow())
            return redirect(back)
        except PartInUse as refused:
            uses = refused.uses
    context: dict[str, Any] = {
        "uses": [(use_sentence(use), address_of(call, content, use.path)) for use in uses],
        "title": title_of(find(content, path), current_language().code),
        "call_title": title_of(content, current_language().code) or call.code,
    }
    return render_template(
        "fund/building/remove.html", call=call, back=back, **context
    ), 409 if is_posted() else 200
