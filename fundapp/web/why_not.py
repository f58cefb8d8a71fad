"""Why a group got no grant, and what would have to change: one sentence each, for the group itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from forms.i18n import _
from fundapp.call_file.definition import CallDefinition
from fundapp.models.award import Decision, Outcome
from fundapp.queries.proposals import MINIMUM_MISSED, TOTAL_TOO_LOW
from fundapp.web.reasons import ring_fence_name
from fundapp.web.templating import show_text
from scoring.reasons import ReasonCode

NEEDED_FOR_OTHERS = (
    ReasonCode.HEADROOM_USED,
    ReasonCode.FLOOR_NEEDS_THE_MONEY,
    ReasonCode.FLOOR_NEEDS_MORE_BELOW,
)


def why_not_sentence(decision: Decision, definition: CallDefinition) -> str:
    """Empty for an award, and where nothing is known but what the panel says."""
    if decision.outcome is Outcome.AWARD:
        return ""
    reason = decision.rule_reason
    if reason is None or reason.get("code") in (ReasonCode.FUNDED, ReasonCode.MUST_FUND):
        if not decision.is_by_hand:
            return ""
        return _("The panel talked about your application and decided this itself, not by the marks alone.")
    return _sentence(reason, definition)


def _sentence(reason: Mapping[str, Any], definition: CallDefinition) -> str:
    code = reason.get("code")
    if code in NEEDED_FOR_OTHERS:
        rule = _rules(reason, definition)
        return _("The money that was left is kept by a rule of this call: %(rule)s", rule=rule)
    match code:
        case ReasonCode.BUDGET_SPENT:
            return _("Groups with higher marks used up the money before it was your turn.")
        case ReasonCode.CAP_REACHED:
            rule = _rules(reason, definition)
            return _("A limit of this call was reached before it was your turn: %(rule)s", rule=rule)
        case ReasonCode.KEPT_OUT:
            return _(
                "Before the list was made, the fund decided that this cannot be funded, and wrote down why."
            )
        case ReasonCode.EXCLUDED_BY_OTHER:
            return _("Another application, which cannot be funded together with yours, got the grant.")
        case str(name) if name == MINIMUM_MISSED:
            return _(
                "The readers' marks were below the least for: %(names)s.", names=_criteria(reason, definition)
            )
        case str(name) if name == TOTAL_TOO_LOW:
            return _("The total of the marks was below the least of this call.")
    return _("No list that keeps all the rules of this call had room for your application.")


def what_would_change(decision: Decision, definition: CallDefinition) -> str:
    """Empty for an award, and where the panel decided against its own order."""
    reason = decision.rule_reason
    if decision.outcome is Outcome.AWARD or reason is None:
        return ""
    code = reason.get("code")
    if code == MINIMUM_MISSED:
        return _least_marks(reason, definition)
    if code == TOTAL_TOO_LOW:
        return _("The total of the marks would have to be %(least)s of 100 or more.", least=reason["least"])
    places = decision.places
    if places is None:
        return ""
    if places["needed"] is None:
        return _("At no place in the order was there room: the rules of this call kept the money for others.")
    return _(
        "By its marks your application has place %(place)s. At place %(needed)s it would have got a grant.",
        place=places["place"],
        needed=places["needed"],
    )


def _least_marks(reason: Mapping[str, Any], definition: CallDefinition) -> str:
    least = max(definition.criterion(key).minimum_mean or 0 for key in reason["criteria"])
    return _(
        "The readers' mean would have to be %(least)s or more for: %(names)s.",
        least=least,
        names=_criteria(reason, definition),
    )


def _criteria(reason: Mapping[str, Any], definition: CallDefinition) -> str:
    return ", ".join(show_text(definition.criterion(key).title) for key in reason["criteria"])


def _rules(reason: Mapping[str, Any], definition: CallDefinition) -> str:
    """In the public words of the call; of a rule for each borough or theme also that one."""
    keys = list(dict.fromkeys(reason.get("ring_fences", ())))
    words = [show_text(definition.ring_fence(key).rule) for key in keys]
    themes = {theme.key: show_text(theme.label) for theme in definition.themes}
    names = [ring_fence_name(tag) for tag in reason.get("tags", ()) if ":" in tag]
    places = [themes.get(name, name) for name in names]
    return " ".join([*words, *(f"({place})" for place in places)])
