"""The co-design record: is every answer complete and possible?"""

from __future__ import annotations

from collections.abc import Iterator

from forms.i18n import _
from forms.languages import find_language
from fundapp.call_file.codesign import CodesignRecord, CodesignResponse, PlannedSession, Point
from fundapp.call_file.problems import Path, Problem
from fundapp.call_file.unread import as_far_as_read

CHANGING = (CodesignResponse.DID, CodesignResponse.DID_PARTLY)


@as_far_as_read
def check_codesign(codesign: CodesignRecord, boroughs: tuple[str, ...]) -> Iterator[Problem]:
    sessions = {session.key: session for session in codesign.sessions}
    for index, session in enumerate(codesign.sessions):
        yield from _check_session(session, boroughs, ("codesign", "sessions", index))
    for index, point in enumerate(codesign.points):
        yield from _check_point(point, sessions, ("codesign", "points", index))


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
