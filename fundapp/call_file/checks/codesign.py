"""The co-design record: is every answer complete and possible?"""

from __future__ import annotations

from collections.abc import Iterator

from forms.i18n import _
from forms.languages import find_language
from fundapp.call_file.codesign import (
    CodesignRecord,
    CodesignResponse,
    FeeKind,
    PlannedSession,
    Point,
    Reach,
    Room,
    SessionKind,
    StatedPart,
)
from fundapp.call_file.problems import Path, Problem
from fundapp.call_file.unread import as_far_as_read

CHANGING = (CodesignResponse.DID, CodesignResponse.DID_PARTLY)


@as_far_as_read
def check_codesign(codesign: CodesignRecord, boroughs: tuple[str, ...]) -> Iterator[Problem]:
    yield from check_room(codesign.room, ("codesign", "room"))
    sessions = {session.key: session for session in codesign.sessions}
    for index, session in enumerate(codesign.sessions):
        yield from _check_session(session, boroughs, ("codesign", "sessions", index))
    for index, point in enumerate(codesign.points):
        yield from _check_point(point, sessions, ("codesign", "points", index))


@as_far_as_read
def check_room(room: Room, path: Path) -> Iterator[Problem]:
    for index, stated in enumerate(room.parts):
        here = (*path, "parts", index)
        if any(stated.part == before.part for before in room.parts[:index]):
            message = _("“%(part)s” is there twice. Keep the one that holds.", part=stated.part)
            yield Problem((*here, "part"), str(message))
        yield from _check_stated(stated, here)


@as_far_as_read
def _check_stated(stated: StatedPart, path: Path) -> Iterator[Problem]:
    if stated.reach is Reach.INFORM and stated.fixed is None:
        message = _(
            "With “reach: inform” nobody here can change this. Write in “fixed” what is fixed, "
            "and in “fixed_by” who fixed it."
        )
        yield Problem((*path, "reach"), str(message))
    if stated.fixed is not None and stated.fixed_by is None:
        yield Problem((*path, "fixed"), str(_("Write also who fixed this: add a line “fixed_by: …”.")))
    if stated.fixed is None and stated.fixed_by is not None:
        message = _("Write in “fixed” what they fixed, or take away “fixed_by”.")
        yield Problem((*path, "fixed_by"), str(message))


@as_far_as_read
def _check_session(session: PlannedSession, boroughs: tuple[str, ...], path: Path) -> Iterator[Problem]:
    for index, code in enumerate(session.languages):
        if find_language(code) is None:
            message = _(
                "“%(code)s” is not a language we know. Use a code such as en, so or ar.", code=code[:60]
            )
            yield Problem((*path, "languages", index), str(message))
    for index, name in enumerate(session.boroughs):
        if name not in boroughs:
            message = _("“%(name)s” is not in the list “boroughs” of this call.", name=name[:60])
            yield Problem((*path, "boroughs", index), str(message))
    for index, count in enumerate(session.groups_from):
        if count.name not in boroughs:
            message = _("“%(name)s” is not in the list “boroughs” of this call.", name=count.name[:60])
            yield Problem((*path, "groups_from", index, "name"), str(message))
    yield from _check_way(session, path)


def _check_way(session: PlannedSession, path: Path) -> Iterator[Problem]:
    if session.last_day is not None and session.kind is not SessionKind.WRITING:
        message = _("Only a session with “kind: writing” has a “last_day”.")
        yield Problem((*path, "last_day"), str(message))
    elif session.last_day is not None and session.last_day < session.day:
        yield Problem((*path, "last_day"), str(_("The last day must not be before the first day.")))
    if (session.organisations is None) != (session.people is None):
        message = _("Write both “organisations” and “people”, or none of them while the session is to come.")
        yield Problem(path, str(message))
    for index, code in enumerate(session.interpreters):
        if find_language(code) is None:
            message = _(
                "“%(code)s” is not a language we know. Use a code such as en, so or ar.", code=code[:60]
            )
            yield Problem((*path, "interpreters", index), str(message))
    for index, fee in enumerate(session.fees):
        if fee.kind is FeeKind.DECLINED and fee.total:
            yield Problem((*path, "fees", index, "total"), str(_("People who declined were not paid.")))
    if session.deciding is not None and session.deciding.at_least < 1:
        message = _("At least one person must say something.")
        yield Problem((*path, "deciding", "at_least"), str(message))


@as_far_as_read
def _check_point(point: Point, sessions: dict[str, PlannedSession], path: Path) -> Iterator[Problem]:
    if point.session is not None:
        session = sessions.get(point.session)
        if session is None:
            message = _(
                "There is no session “%(key)s”. Use one of: %(known)s.",
                key=point.session[:60],
                known=", ".join(sessions),
            )
            yield Problem((*path, "session"), str(message))
        elif point.decided_on < session.day:
            message = _("This was decided before the session in which it was said. Check both days.")
            yield Problem((*path, "decided_on"), str(message))
    if point.said_in is not None and point.said_in not in point.said.languages:
        message = _(
            "Write in “said” also the words in “%(code)s”, as they were said, or take away “said_in”.",
            code=point.said_in[:60],
        )
        yield Problem((*path, "said_in"), str(message))
    if point.response in CHANGING and point.what_changed is None:
        message = _(
            "With “response: %(response)s” write in “what_changed” what is different now.",
            response=point.response,
        )
        yield Problem(path, str(message))
    if point.response not in CHANGING and point.changed:
        message = _(
            "With “response: %(response)s” nothing changed. Take away “changed”.", response=point.response
        )
        yield Problem((*path, "changed"), str(message))
    if point.next_review is not None and point.next_review < point.decided_on:
        yield Problem((*path, "next_review"), str(_("The next review must be after the decision.")))
