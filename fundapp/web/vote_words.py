"""Places that ballots or a draw gave, as one sentence in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from forms.i18n import _
from forms.money import money_in_text
from fundapp.queries.call_money import pounds
from fundapp.queries.decided_places import DrawCode
from fundapp.web.reasons import ring_fence_name
from scoring.ballots import PlaceCode


def place_sentence(reason: Mapping[str, Any]) -> str:
    """Why it stands where it stands; `reason` as it is stored with the place."""
    sentence = _sentence(str(reason["code"]), reason["numbers"], reason)
    if reason.get("drawn_from") and reason["code"] != DrawCode.DRAWN:
        drawn = _("Others had the same result; their order was drawn.")
        return f"{sentence} {drawn}"
    if reason.get("after_draw"):
        changed = _("A draw between others changed what was left for it.")
        return f"{sentence} {changed}"
    return sentence


def _sentence(code: str, numbers: Mapping[str, int], reason: Mapping[str, Any]) -> str:
    votes = {"votes": numbers.get("votes", 0), "of": numbers.get("of", 0)}
    match code:
        case PlaceCode.BOUGHT:
            paid = _pounds(numbers["most_paid"])
            return _(
                "%(votes)s of %(of)s said yes, and their shares pay for it: at most %(paid)s each.",
                paid=paid,
                **votes,
            )
        case PlaceCode.BOUGHT_IN_RING_FENCE:
            return _(
                "%(votes)s of %(of)s said yes, and their shares of the money kept for %(name)s pay for it.",
                name=ring_fence_name(str(reason["ring_fence"])),
                **votes,
            )
        case PlaceCode.ADDED_BY_VOTES:
            return _("%(votes)s of %(of)s said yes. It comes next for the money that was left.", **votes)
        case PlaceCode.NOT_ENOUGH_LEFT if votes["votes"]:
            left = _pounds(numbers["left"])
            return _(
                "%(votes)s of %(of)s said yes. They had %(left)s left, which is too little.",
                left=left,
                **votes,
            )
        case PlaceCode.POUNDS:
            return _(
                "The members gave it %(given)s of the %(possible)s they could have given.",
                given=_pounds(votes["votes"]),
                possible=_pounds(votes["of"]),
            )
        case PlaceCode.ON_SHORTLIST:
            return _(
                "%(votes)s of %(of)s said yes in the second step, %(first)s of %(first_of)s in the first.",
                first=numbers["first"],
                first_of=numbers["first_of"],
                **votes,
            )
        case PlaceCode.NOT_ON_SHORTLIST:
            return _("%(votes)s of %(of)s said yes in the first step: too few for the second.", **votes)
        case PlaceCode.VOTES | PlaceCode.NOT_ENOUGH_LEFT:
            return _("%(votes)s of %(of)s said yes.", **votes)
    return _draw_sentence(code, numbers)


def _draw_sentence(code: str, numbers: Mapping[str, int]) -> str:
    if code == DrawCode.DRAWN:
        return _(
            "The scores cannot tell %(among)s applications apart. This one was drawn as number %(number)s. "
            "Its chance of a grant was about %(chance)s in 100.",
            among=numbers["among"],
            number=numbers["number"],
            chance=numbers["chance"],
        )
    if code == DrawCode.ABOVE:
        return _("Its scores are clear: it stands above those that were drawn.")
    return _("Its scores are clear: it stands below those that were drawn.")


def counted_words(given: int, possible: int, *, in_pounds: bool) -> str:
    """For a member: what those who may vote on it gave."""
    if in_pounds:
        return _("%(done)s of %(all)s", done=_pounds(given), all=_pounds(possible))
    return _("%(done)s of %(all)s", done=given, all=possible)


def _pounds(pence: int) -> str:
    return money_in_text(pounds(pence))
