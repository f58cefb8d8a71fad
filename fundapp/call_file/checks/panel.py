"""The panel: seats, quorum, payment, and whether these seats can read so much."""

from __future__ import annotations

from collections.abc import Iterator

from forms.i18n import _
from fundapp.call_file.assessment import Assessment, PanelRules, Seat
from fundapp.call_file.checks.recruitment import check_recruitment
from fundapp.call_file.problems import Path, Problem
from fundapp.call_file.unread import as_far_as_read


@as_far_as_read
def check_panel(panel: PanelRules) -> Iterator[Problem]:
    yield from _check_quorum(panel)
    yield from _check_chair(panel)
    for index, seat in enumerate(panel.seats):
        yield from _check_seat(seat, ("panel", "seats", index))
    yield from _check_majority(panel)
    yield from _check_payment(panel)
    yield from check_recruitment(panel)


@as_far_as_read
def _check_quorum(panel: PanelRules) -> Iterator[Problem]:
    voting = panel.voting_seats
    if not 1 <= panel.quorum <= voting:
        message = _(
            "The quorum is %(quorum)s, but %(seats)s seats vote. Write a number from 1 to %(seats)s.",
            quorum=panel.quorum,
            seats=voting,
        )
        yield Problem(("panel", "quorum"), str(message))


@as_far_as_read
def _check_chair(panel: PanelRules) -> Iterator[Problem]:
    if not any(seat.votes and seat.can_chair for seat in panel.seats):
        message = _("Nobody can take the chair. Let at least one voting seat chair.")
        yield Problem(("panel", "seats"), str(message))


@as_far_as_read
def _check_seat(seat: Seat, path: Path) -> Iterator[Problem]:
    if seat.number < 1:
        yield Problem((*path, "number"), str(_("Write a number of 1 or more.")))


@as_far_as_read
def _check_majority(panel: PanelRules) -> Iterator[Problem]:
    marked = [seat for seat in panel.seats if seat.votes and seat.in_majority]
    if marked and sum(seat.number for seat in marked) * 2 <= panel.voting_seats:
        message = _(
            "The seats marked “in_majority” are %(n)s of %(seats)s. They can never be more than half.",
            n=sum(seat.number for seat in marked),
            seats=panel.voting_seats,
        )
        on_page = _("The seats that are marked as the majority can never be more than half. Mark others too.")
        yield Problem(("panel", "seats"), str(message), str(on_page))


@as_far_as_read
def _check_payment(panel: PanelRules) -> Iterator[Problem]:
    if panel.payment.day < panel.payment.half_day:
        message = _("A day must be paid at least as much as half a day.")
        yield Problem(("panel", "payment", "day"), str(message))
    if not 1 <= panel.payment.hours_a_day <= 24:
        message = _("A day of work has from 1 to 24 hours.")
        yield Problem(("panel", "payment", "hours_a_day"), str(message))
    if not panel.payment.ways:
        message = _("Nobody can be paid. Write at least one way.")
        yield Problem(("panel", "payment", "ways"), str(message))


@as_far_as_read
def check_reading_load(assessment: Assessment, panel: PanelRules) -> Iterator[Problem]:
    """Can these seats read so many applications so many times?"""
    seats = {seat.key: seat for seat in panel.seats if seat.votes}
    applications = panel.load.applications
    for index, key in enumerate(assessment.readers_from):
        path: Path = ("assessment", "readers_from", index)
        if key not in seats:
            message = _(
                "There is no voting seat “%(key)s”. Use one of: %(known)s.",
                key=key[:60],
                known=", ".join(seats),
            )
            yield Problem(path, str(message))
        elif seats[key].number * seats[key].readings_each < applications:
            message = _(
                "“%(key)s” can read %(have)s times, but is to read each of %(wanted)s applications once.",
                key=key,
                have=seats[key].number * seats[key].readings_each,
                wanted=applications,
            )
            yield Problem(path, str(message))
    have = sum(seat.number * seat.readings_each for seat in seats.values())
    wanted = applications * assessment.minimum_readers
    if have < wanted:
        message = _(
            "All seats together can read %(have)s times, but %(wanted)s readings are needed. "
            "Raise “readings_each” or the number of seats.",
            have=have,
            wanted=wanted,
        )
        on_page = _(
            "All seats together can read %(have)s times, but %(wanted)s readings are needed. "
            "Let members read more, or add seats.",
            have=have,
            wanted=wanted,
        )
        yield Problem(("panel", "seats"), str(message), str(on_page))
