"""Scale, criteria, readers and the panel."""

from __future__ import annotations

from collections.abc import Iterator

from forms.i18n import _
from fundapp.call_file.assessment import Assessment, Criterion, PanelRules, Scale, TieBreakKind
from fundapp.call_file.problems import Path, Problem

HIGHEST_LEVEL = 10


def check_assessment(assessment: Assessment) -> Iterator[Problem]:
    here: Path = ("assessment",)
    scale = assessment.scale
    if not scale.lowest < scale.highest <= HIGHEST_LEVEL:
        message = _("The highest level must be above the lowest and at most %(n)s.", n=HIGHEST_LEVEL)
        yield Problem((*here, "scale"), str(message))
        return
    total = sum(criterion.weight for criterion in assessment.criteria)
    if total != 100:
        message = _("The weights add up to %(sum)s. They must add up to 100. Change one or more.", sum=total)
        yield Problem((*here, "criteria"), str(message))
    for index, criterion in enumerate(assessment.criteria):
        yield from _check_criterion(criterion, scale, (*here, "criteria", index))
    yield from _check_tie_breaks(assessment, here)
    if not 1 <= assessment.big_spread <= scale.highest - scale.lowest:
        message = _("Write a number from 1 to %(most)s.", most=scale.highest - scale.lowest)
        yield Problem((*here, "big_spread"), str(message))
    if assessment.minimum_readers < max(1, len(assessment.readers_from)):
        message = _("There must be at least one reader, and at least one for each seat in “readers_from”.")
        yield Problem((*here, "minimum_readers"), str(message))
    if assessment.eoi_readers < 1:
        yield Problem((*here, "eoi_readers"), str(_("At least one person must read.")))
    if not 1 <= assessment.eoi_goal_percent <= 100:
        yield Problem((*here, "eoi_goal_percent"), str(_("Write a percentage from 1 to 100.")))


def _check_criterion(criterion: Criterion, scale: Scale, path: Path) -> Iterator[Problem]:
    if criterion.weight < 1:
        yield Problem((*path, "weight"), str(_("Write a weight of 1 or more.")))
    written = [anchor.level for anchor in criterion.anchors]
    for level in scale.levels:
        if level not in written:
            message = _("The sentence for level %(level)s is missing.", level=level)
            yield Problem((*path, "anchors"), str(message))
    for index, level in enumerate(written):
        if level not in scale.levels:
            message = _(
                "The scale goes from %(lowest)s to %(highest)s; there is no level %(level)s.",
                lowest=scale.lowest,
                highest=scale.highest,
                level=level,
            )
            yield Problem((*path, "anchors", index, "level"), str(message))
        if level in written[:index]:
            message = _("Level %(level)s has two sentences. Remove one.", level=level)
            yield Problem((*path, "anchors", index, "level"), str(message))
    if criterion.minimum_mean is not None and not scale.lowest <= criterion.minimum_mean <= scale.highest:
        message = _(
            "Write a number from %(lowest)s to %(highest)s.", lowest=scale.lowest, highest=scale.highest
        )
        yield Problem((*path, "minimum_mean"), str(message))


def _check_tie_breaks(assessment: Assessment, here: Path) -> Iterator[Problem]:
    known = [criterion.key for criterion in assessment.criteria]
    for index, tie_break in enumerate(assessment.tie_breaks):
        path = (*here, "tie_breaks", index)
        if tie_break.kind is TieBreakKind.HIGHER_CRITERION:
            if tie_break.criterion not in known:
                message = _("Name one criterion here: %(known)s.", known=", ".join(known))
                yield Problem((*path, "criterion") if tie_break.criterion else path, str(message))
        elif tie_break.criterion is not None:
            message = _("Only “higher_criterion” names a criterion. Take this line away.")
            yield Problem((*path, "criterion"), str(message))


def check_panel(panel: PanelRules) -> Iterator[Problem]:
    voting = panel.voting_seats
    if not 1 <= panel.quorum <= voting:
        message = _(
            "The quorum is %(quorum)s, but %(seats)s seats vote. Write a number from 1 to %(seats)s.",
            quorum=panel.quorum,
            seats=voting,
        )
        yield Problem(("panel", "quorum"), str(message))
    if not any(seat.votes and seat.can_chair for seat in panel.seats):
        yield Problem(
            ("panel", "seats"), str(_("Nobody can take the chair. Let at least one voting seat chair."))
        )
    for index, seat in enumerate(panel.seats):
        if seat.number < 1:
            yield Problem(("panel", "seats", index, "number"), str(_("Write a number of 1 or more.")))
    majority = sum(seat.number for seat in panel.seats if seat.votes and seat.in_majority)
    if any(seat.in_majority for seat in panel.seats) and majority * 2 <= voting:
        message = _(
            "The seats marked “in_majority” are %(n)s of %(seats)s. They can never be more than half.",
            n=majority,
            seats=voting,
        )
        yield Problem(("panel", "seats"), str(message))
    if panel.payment.day < panel.payment.half_day:
        yield Problem(
            ("panel", "payment", "day"), str(_("A day must be paid at least as much as half a day."))
        )


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
        yield Problem(("panel", "seats"), str(message))
