"""Drawn seats: dates, quotas, and what people are asked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from forms.i18n import _
from fundapp.call_file.assessment import PanelRules, Recruitment, Seat
from fundapp.call_file.problems import Path, Problem
from fundapp.call_file.unread import as_far_as_read

CAN_BE_DRAWN = ("umbrella", "lived_experience", "past_grantee")


@as_far_as_read
def check_recruitment(panel: PanelRules) -> Iterator[Problem]:
    recruitment = panel.recruitment
    if recruitment is not None:
        yield from _check_dates(recruitment)
    for index, seat in enumerate(panel.seats):
        yield from _check_seat(seat, recruitment, ("panel", "seats", index))


@as_far_as_read
def _check_dates(recruitment: Recruitment) -> Iterator[Problem]:
    if recruitment.closes_on < recruitment.opens_on:
        message = _("The last day to offer oneself comes before the first one.")
        yield Problem(("panel", "recruitment", "closes_on"), str(message))
    if recruitment.term_months < 1:
        yield Problem(("panel", "recruitment", "term_months"), str(_("Write a number of 1 or more.")))


@as_far_as_read
def _check_seat(seat: Seat, recruitment: Recruitment | None, path: Path) -> Iterator[Problem]:
    if seat.drawn and seat.key not in CAN_BE_DRAWN:
        message = _("Only these seats can be drawn: %(known)s.", known=", ".join(CAN_BE_DRAWN))
        yield Problem((*path, "drawn"), str(message))
    if seat.drawn and recruitment is None:
        message = _("A drawn seat needs “recruitment”: from when to when people can offer themselves.")
        yield Problem((*path, "drawn"), str(message))
    if seat.quotas and not seat.drawn:
        yield Problem((*path, "quotas"), str(_("Quotas are only for drawn seats.")))
    if recruitment is not None:
        yield from _check_quotas(seat, recruitment, path)


@as_far_as_read
def _check_quotas(seat: Seat, recruitment: Recruitment, path: Path) -> Iterator[Problem]:
    least: dict[str, int] = defaultdict(int)
    seen: set[tuple[str, str]] = set()
    for index, quota in enumerate(seat.quotas):
        place = (*path, "quotas", index)
        group = recruitment.group(quota.group)
        if group is None or quota.value not in {each.key for each in group.choices}:
            yield Problem(place, str(_("“recruitment” asks nothing with this answer.")))
        elif (quota.group, quota.value) in seen:
            yield Problem(place, str(_("This answer has a quota already.")))
        elif not 0 <= quota.least <= quota.most:
            yield Problem(place, str(_("“most” must be at least as high as “least”.")))
        seen.add((quota.group, quota.value))
        least[quota.group] += quota.least
    for key, number in least.items():
        if number > seat.number:
            message = _(
                "The quotas of “%(key)s” need %(n)s seats, but there are %(seats)s.",
                key=key[:60],
                n=number,
                seats=seat.number,
            )
            yield Problem((*path, "quotas"), str(message))
