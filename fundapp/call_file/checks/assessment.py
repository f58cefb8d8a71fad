"""Scale, criteria, tie-breaks and readers."""

from __future__ import annotations

from collections.abc import Iterator

from forms.i18n import _
from fundapp.call_file.assessment import (
    Assessment,
    Count,
    Criterion,
    DecidesBy,
    Scale,
    TieBreak,
    TieBreakKind,
    Way,
)
from fundapp.call_file.problems import Path, Problem
from fundapp.call_file.unread import as_far_as_read, is_read

HIGHEST_LEVEL = 10


@as_far_as_read
def check_assessment(assessment: Assessment) -> Iterator[Problem]:
    yield from _check_scale(assessment.scale)
    yield from _check_weights(assessment)
    for index, criterion in enumerate(assessment.criteria):
        path: Path = ("assessment", "criteria", index)
        yield from _check_weight(criterion, path)
        yield from _check_anchors(criterion, assessment.scale, path)
        yield from _check_minimum(criterion, assessment.scale, path)
    known = [criterion.key for criterion in assessment.criteria if is_read(criterion)]
    for index, tie_break in enumerate(assessment.tie_breaks):
        yield from _check_tie_break(tie_break, known, ("assessment", "tie_breaks", index))
    yield from _check_spread(assessment)
    yield from _check_readers(assessment)
    yield from _check_eoi(assessment)
    if assessment.minimum_total is not None:
        yield from _check_minimum_total(assessment.minimum_total)
    yield from _check_decides_by(assessment.decides_by)


@as_far_as_read
def _check_minimum_total(least: int) -> Iterator[Problem]:
    if least > 100:
        yield Problem(("assessment", "minimum_total"), str(_("Write a number from 0 to 100.")))


@as_far_as_read
def _check_decides_by(decides_by: DecidesBy) -> Iterator[Problem]:
    """Each way has its own settings, all of them and no others."""
    is_approvals = decides_by.way == Way.APPROVALS
    for name, belongs in (
        ("count", is_approvals),
        ("left_over", is_approvals and decides_by.count == Count.EQUAL_SHARES),
        ("shortlist_percent", decides_by.way == Way.TWO_STEPS),
    ):
        is_there = getattr(decides_by, name) is not None
        if belongs and not is_there:
            message = _("“%(name)s” is missing. Add a line “%(name)s: …”.", name=name)
            yield Problem(
                ("assessment", "decides_by"),
                str(message),
                str(_("Fill in everything for this way to decide.")),
            )
        elif is_there and not belongs:
            message = _("This does not belong to the way in which this call decides. Take this line away.")
            on_page = _("This does not belong to the way in which this call decides. Leave it empty.")
            yield Problem(("assessment", "decides_by", name), str(message), str(on_page))
    percent = decides_by.shortlist_percent
    if percent is not None and not 1 <= percent <= 100:
        path = ("assessment", "decides_by", "shortlist_percent")
        yield Problem(path, str(_("Write a percentage from 1 to 100.")))


@as_far_as_read
def _check_scale(scale: Scale) -> Iterator[Problem]:
    if not scale.lowest < scale.highest <= HIGHEST_LEVEL:
        message = _("The highest level must be above the lowest and at most %(n)s.", n=HIGHEST_LEVEL)
        yield Problem(("assessment", "scale"), str(message))


@as_far_as_read
def _check_weights(assessment: Assessment) -> Iterator[Problem]:
    total = sum(criterion.weight for criterion in assessment.criteria)
    if total != 100:
        message = _("The weights add up to %(sum)s. They must add up to 100. Change one or more.", sum=total)
        yield Problem(("assessment", "criteria"), str(message))


@as_far_as_read
def _check_weight(criterion: Criterion, path: Path) -> Iterator[Problem]:
    if criterion.weight < 1:
        yield Problem((*path, "weight"), str(_("Write a weight of 1 or more.")))


@as_far_as_read
def _check_spread(assessment: Assessment) -> Iterator[Problem]:
    most = assessment.scale.highest - assessment.scale.lowest
    if not 1 <= assessment.big_spread <= most:
        message = _("Write a number from 1 to %(most)s.", most=most)
        yield Problem(("assessment", "big_spread"), str(message))


@as_far_as_read
def _check_readers(assessment: Assessment) -> Iterator[Problem]:
    if assessment.minimum_readers < max(1, len(assessment.readers_from)):
        message = _("There must be at least one reader, and at least one for each seat in “readers_from”.")
        on_page = _("There must be at least one reader, and at least one for each seat you ticked.")
        yield Problem(("assessment", "minimum_readers"), str(message), str(on_page))


@as_far_as_read
def _check_eoi(assessment: Assessment) -> Iterator[Problem]:
    if assessment.eoi_readers < 1:
        yield Problem(("assessment", "eoi_readers"), str(_("At least one person must read.")))
    if not 1 <= assessment.eoi_goal_percent <= 100:
        yield Problem(("assessment", "eoi_goal_percent"), str(_("Write a percentage from 1 to 100.")))


@as_far_as_read
def _check_anchors(criterion: Criterion, scale: Scale, path: Path) -> Iterator[Problem]:
    if not scale.lowest < scale.highest <= HIGHEST_LEVEL:
        return
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


@as_far_as_read
def _check_minimum(criterion: Criterion, scale: Scale, path: Path) -> Iterator[Problem]:
    if criterion.minimum_mean is not None and not scale.lowest <= criterion.minimum_mean <= scale.highest:
        message = _(
            "Write a number from %(lowest)s to %(highest)s.", lowest=scale.lowest, highest=scale.highest
        )
        yield Problem((*path, "minimum_mean"), str(message))


@as_far_as_read
def _check_tie_break(tie_break: TieBreak, known: list[str], path: Path) -> Iterator[Problem]:
    if tie_break.kind == TieBreakKind.HIGHER_CRITERION:
        if tie_break.criterion is None or tie_break.criterion not in known:
            keys = ", ".join(map(str, known))  # stops at a key that could not be read
            message = _("Name one criterion in “criterion”: %(known)s.", known=keys)
            yield Problem((*path, "criterion"), str(message))
    elif tie_break.criterion is not None:
        message = _("Only “higher_criterion” names a criterion. Take this line away.")
        on_page = _("Only the higher mark names a criterion. Choose nothing here.")
        yield Problem((*path, "criterion"), str(message), str(on_page))
