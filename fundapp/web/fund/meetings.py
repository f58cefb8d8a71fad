"""The meeting as its secretary runs it: agenda, attendance, the item on the table, the room's screen."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from forms.base import BaseForm
from forms.i18n import _
from forms.pages.meeting import MOST_ITEMS, MoveForm, here_form, item_form, votes_form
from fundapp.call_file.definition import CallDefinition
from fundapp.clock import utcnow
from fundapp.db import unit_of_work
from fundapp.errors import FundError
from fundapp.lifecycles import PanelAct
from fundapp.models.award import Outcome
from fundapp.models.call import Round
from fundapp.models.meeting import Meeting, MeetingItem
from fundapp.models.panel import Panel
from fundapp.permissions import Permission, can
from fundapp.queries.agenda import equal_items, plan_meeting, read_item
from fundapp.queries.awards import find_ratification, get_board
from fundapp.queries.calls import current_version, definition_of
from fundapp.queries.meetings import (
    digest_of_votes,
    find_meeting,
    get_item,
    list_seats,
    names_of,
    taking_part_in,
    view_of,
)
from fundapp.queries.panel_phases import allows
from fundapp.queries.panels import find_panel, get_round
from fundapp.services.meetings import (
    Agreed,
    close_meeting,
    count_votes,
    move_item,
    note_who_is_here,
    open_meeting,
    put_on_the_table,
    say_room_is_clear,
    settle,
    take_off_the_table,
    write_notes,
)
from fundapp.web.access import requires
from fundapp.web.binding import bind, sent_digest, sent_rev
from fundapp.web.live import is_live, live
from fundapp.web.sessions import signed_in_user
from fundapp.web.templating import show_text

bp = Blueprint("fund_meetings", __name__)

MEETING = "/fund/rounds/<uuid:round_id>/meeting"
ITEM = "/fund/meeting-items/<uuid:item_id>"


@bp.get(MEETING)
@requires(Permission.PANEL_RUN, round=get_round)
def meeting_page(round: Round) -> ResponseReturnValue:
    if find_panel(round) is None:
        return redirect(url_for("fund_panels.panel_page", round_id=round.id))
    return _meeting_page(round)


@bp.post(f"{MEETING}/open")
@requires(Permission.PANEL_RUN, round=get_round)
def open_(round: Round) -> ResponseReturnValue:
    """The agenda is worked out before anything is locked: it may take a few seconds."""
    panel = _panel(round)
    planned = plan_meeting(get_board(round, reader=signed_in_user()), panel)
    return _take(round, lambda: open_meeting(panel, planned, actor=signed_in_user(), now=utcnow()))


@bp.post(f"{MEETING}/here")
@requires(Permission.PANEL_RUN, round=get_round)
def here(round: Round) -> ResponseReturnValue:
    meeting = _meeting(round)
    form = bind(_here_form(meeting))
    if not form.validate():
        return _meeting_page(round, here=form, status=422)
    seats, seen = {UUID(each) for each in form["here"].data}, _seen_here(meeting)
    return _take(
        round, lambda: note_who_is_here(meeting, seats, actor=signed_in_user(), now=utcnow(), seen=seen)
    )


@bp.post(f"{MEETING}/votes")
@requires(Permission.PANEL_RUN, round=get_round)
def votes(round: Round) -> ResponseReturnValue:
    meeting = _meeting(round)
    tied = _tied_items(round, meeting)
    form = bind(_votes_form(tied))
    if not form.validate():
        return _meeting_page(round, votes=form, status=422)
    counted = {item.id: form[f"votes_{item.id.hex}"].data for item in tied}
    seen = sent_digest()
    return _take(
        round, lambda: count_votes(meeting, counted, actor=signed_in_user(), now=utcnow(), seen=seen)
    )


@bp.post(f"{MEETING}/close")
@requires(Permission.PANEL_RUN, round=get_round)
def close(round: Round) -> ResponseReturnValue:
    meeting = _meeting(round)
    return _take(round, lambda: close_meeting(meeting, actor=signed_in_user(), now=utcnow()))


@bp.get(f"{MEETING}/screen")
@requires(Permission.PANEL_RUN, round=get_round)
def screen(round: Round) -> ResponseReturnValue:
    """For one room with one screen: nothing of an item before whoever has a tie has left."""
    definition = _definition(round)
    meeting = _meeting(round)
    view = view_of(meeting, definition.panel, reader=signed_in_user())
    item = view.on_the_table
    is_clear = item is not None and (item.room_is_clear or not view.taking_part[item.id].outside)
    page = render_template(
        "panel/screen.html",
        round=round,
        panel=meeting.panel,
        definition=definition,
        view=view,
        item=item if is_clear else None,
        leaving=view.taking_part[item.id].outside if item is not None and not is_clear else (),
        reading=read_item(item.application, definition.assessment) if item is not None and is_clear else None,
        is_live=is_live(),
    )
    return live(page)


@bp.get(f"{MEETING}/minutes")
@requires(Permission.PANEL_RUN, round=get_round)
def minutes(round: Round) -> ResponseReturnValue:
    definition, meeting = _definition(round), _meeting(round)
    return render_template(
        "panel/minutes.html",
        crumbs=[
            {
                "url": url_for("fund_meetings.meeting_page", round_id=round.id),
                "label": _("Meeting of the panel, round %(code)s", code=round.code),
            }
        ],
        round=round,
        panel=meeting.panel,
        definition=definition,
        view=view_of(meeting, definition.panel, reader=signed_in_user()),
        seats=list_seats(meeting.panel),
        names=names_of(meeting.panel),
    )


@bp.route(ITEM, methods=["GET", "POST"])
@requires(Permission.PANEL_RUN, item=get_item)
def item_page(item: MeetingItem) -> ResponseReturnValue:
    """Notes at any time; what the panel agreed while it is on the table."""
    definition = _definition(item.application.round)
    form = bind(_item_form(definition), data=_known(item))
    if request.method == "GET":
        return _item_page(item, form)
    is_settled = request.form.get("go") != "notes"
    valid = form.validate()
    if is_settled and not form["reason"].data:
        form.add_error("reason", _("Write in one sentence why the panel agreed on this."))
    if not valid or form.error_list():
        return _item_page(item, form, status=422)
    version = _seen_version()
    try:
        with unit_of_work():
            if is_settled:
                settle(item, _agreed(form), seen_version=version, actor=signed_in_user(), now=utcnow())
            else:
                notes = form["notes"].data
                write_notes(item, notes, seen_version=version, actor=signed_in_user(), now=utcnow())
    except FundError as error:
        return _item_page(get_item(item.id), form, refused=error, status=error.status)
    if is_settled:
        return redirect(url_for(".meeting_page", round_id=item.application.round_id))
    return redirect(url_for(".item_page", item_id=item.id))


@bp.post(f"{ITEM}/table")
@requires(Permission.PANEL_RUN, item=get_item)
def table(item: MeetingItem) -> ResponseReturnValue:
    return _step(item, lambda: put_on_the_table(item, actor=signed_in_user(), now=utcnow()))


@bp.post(f"{ITEM}/clear")
@requires(Permission.PANEL_RUN, item=get_item)
def clear(item: MeetingItem) -> ResponseReturnValue:
    return _step(item, lambda: say_room_is_clear(item, actor=signed_in_user(), now=utcnow()))


@bp.post(f"{ITEM}/wait")
@requires(Permission.PANEL_RUN, item=get_item)
def wait(item: MeetingItem) -> ResponseReturnValue:
    return _step(item, lambda: take_off_the_table(item, actor=signed_in_user(), now=utcnow()))


@bp.post(f"{ITEM}/move")
@requires(Permission.PANEL_RUN, item=get_item)
def move(item: MeetingItem) -> ResponseReturnValue:
    """The place the secretary sees and means is the one among the items they may see."""
    form = bind(MoveForm)
    if not form.validate():
        return _item_page(item, None, move=form, status=422)
    view = view_of(item.meeting, _definition(item.application.round).panel, reader=signed_in_user())
    others = [each for each in view.items if each.id != item.id]
    wanted = min(form["position"].data, len(view.items)) - 1
    position = others[wanted].position if wanted < len(others) else MOST_ITEMS
    return _step(
        item,
        lambda: move_item(
            item, position, reason=form["moved_reason"].data, actor=signed_in_user(), now=utcnow()
        ),
        move=form,
    )


def _take(round: Round, step: Callable[[], object]) -> ResponseReturnValue:
    try:
        with unit_of_work():
            step()
    except FundError as error:
        return _meeting_page(get_round(round.id), refused=error, status=error.status)
    return redirect(url_for(".meeting_page", round_id=round.id))


def _step(
    item: MeetingItem, step: Callable[[], object], *, move: BaseForm | None = None
) -> ResponseReturnValue:
    try:
        with unit_of_work():
            step()
    except FundError as error:
        return _item_page(get_item(item.id), None, move=move, refused=error, status=error.status)
    return redirect(url_for(".item_page", item_id=item.id))


def _meeting_page(
    round: Round,
    *,
    here: BaseForm | None = None,
    votes: BaseForm | None = None,
    refused: FundError | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    panel, definition = _panel(round), _definition(round)
    meeting = find_meeting(panel)
    view = view_of(meeting, definition.panel, reader=signed_in_user()) if meeting else None
    tied = _tied_items(round, meeting) if meeting else []
    wrong = here or votes
    page = render_template(
        "fund/meetings/meeting.html",
        round=round,
        panel=panel,
        definition=definition,
        view=view,
        here=here or (_here_form(meeting)(None, data={"here": _list_here(meeting)}) if meeting else None),
        seen_here=request.form.getlist("seen") if here else _list_here(meeting) if meeting else [],
        tied=tied,
        seen_votes=sent_rev("seen_text") if votes else digest_of_votes(tied),
        votes=votes or _votes_form(tied)(None, data={f"votes_{item.id.hex}": item.votes for item in tied}),
        may_meet=allows(panel, PanelAct.MEET, utcnow()),
        refused=refused,
        page_errors=wrong.error_list() if wrong else [],
    )
    return page, status


def _item_page(
    item: MeetingItem,
    form: BaseForm | None,
    *,
    move: BaseForm | None = None,
    refused: FundError | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    definition = _definition(item.application.round)
    view = view_of(item.meeting, definition.panel, reader=signed_in_user())
    if item not in view.items:  # the group has withdrawn: nothing is left to talk about
        abort(404)
    form = form or _item_form(definition)(None, data=_known(item))
    move = move or MoveForm(None)
    page = render_template(
        "fund/meetings/item.html",
        item=item,
        number=view.number(item),
        round=item.application.round,
        definition=definition,
        view=view,
        taking_part=taking_part_in(item, definition.panel),
        reading=read_item(item.application, definition.assessment),
        may_decide=can(signed_in_user(), Permission.DECISION_MAKE, item.application.round)
        and find_ratification(item.application.round_id) is None,
        form=form,
        move=move,
        refused=refused,
        page_errors=[*form.error_list(), *move.error_list()],
    )
    return page, status


def _definition(round: Round) -> CallDefinition:
    return definition_of(current_version(round.call))


def _panel(round: Round) -> Panel:
    panel = find_panel(round)
    if panel is None:
        abort(404)
    return panel


def _meeting(round: Round) -> Meeting:
    meeting = find_meeting(_panel(round))
    if meeting is None:
        abort(404)
    return meeting


def _here_form(meeting: Meeting) -> type[BaseForm]:
    return here_form([(str(seat.id), seat.user.shown_name) for seat in list_seats(meeting.panel)])


def _list_here(meeting: Meeting) -> list[str]:
    return [str(each.seat_id) for each in meeting.presences if each.went_at is None]


def _seen_here(meeting: Meeting) -> set[UUID] | None:
    """Who was here when the page was shown; None: it does not say."""
    if "seen" not in request.form:
        return None
    shown = request.form.getlist("seen")
    return {seat.id for seat in list_seats(meeting.panel) if str(seat.id) in shown}


def _tied_items(round: Round, meeting: Meeting) -> list[MeetingItem]:
    """Items no rule of the call can tell apart, for whoever may know the ranking."""
    user = signed_in_user()
    if meeting.closed_at is not None or not can(user, Permission.DECISION_MAKE, round):
        return []
    board = get_board(round, reader=user)
    if board.ratification is not None:
        return []
    return equal_items(board, view_of(meeting, board.definition.panel, reader=user).items)


def _votes_form(items: list[MeetingItem]) -> type[BaseForm]:
    return votes_form([(item.id.hex, item.application.organisation.name) for item in items])


def _item_form(definition: CallDefinition) -> type[BaseForm]:
    criteria = [(one.key, show_text(one.title)) for one in definition.assessment.criteria]
    return item_form(criteria, definition.assessment.scale.levels)


def _known(item: MeetingItem) -> dict[str, str]:
    return {
        **{f"level_{key}": str(level) for key, level in (item.agreed or {}).items()},
        "outcome": item.outcome.value if item.outcome else "",
        "reason": item.reason,
        "notes": item.notes,
    }


def _agreed(form: BaseForm) -> Agreed:
    levels = {
        field.short_name.removeprefix("level_"): int(field.data)
        for field in form
        if field.short_name.startswith("level_") and field.data
    }
    outcome = Outcome(form["outcome"].data) if form["outcome"].data else None
    return Agreed(form["reason"].data, levels, outcome, form["notes"].data)


def _seen_version() -> int:
    written = request.form.get("seen_version", "")
    return int(written) if written.isascii() and written.isdecimal() and len(written) < 10 else 0
