"""Reason codes with their numbers, as sentences in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from forms.i18n import _, ngettext
from forms.money import money_in_text
from fundapp.call_file.definition import CallDefinition
from fundapp.call_file.ring_fences import OF_ROUND, Measure
from fundapp.models.award import Decision, Outcome
from fundapp.queries.call_money import pounds
from fundapp.queries.proposals import MINIMUM_MISSED, TOTAL_TOO_LOW
from fundapp.queries.sign_off import Gap, Missing
from scoring.moderation import AgendaCode, AgendaPoint
from scoring.reasons import Reason, ReasonCode

_BY_RULE: dict[str, str] = {
    ReasonCode.FUNDED: _("The money reaches this place in the ranking."),
    ReasonCode.MUST_FUND: _("A mark with a reason says that it must be funded."),
    ReasonCode.KEPT_OUT: _("A mark with a reason says that it must not be funded."),
    ReasonCode.BUDGET_SPENT: _("Better-ranked applications use up the money."),
    ReasonCode.EXCLUDED_BY_OTHER: _("It cannot be funded together with a better-ranked application."),
    ReasonCode.NO_COMBINATION: _("No list that keeps all the rules has room for it."),
}


def rule_sentence(reason: Mapping[str, Any]) -> str:
    """Why the rule proposes what it does for one application; `reason` as it is stored with the decision."""
    code = str(reason.get("code", ""))
    if code in _BY_RULE:
        return _BY_RULE[code]
    names = ", ".join(ring_fence_name(tag) for tag in reason.get("ring_fences") or reason.get("criteria", ()))
    match code:
        case ReasonCode.CAP_REACHED:
            return _("%(names)s has reached its limit.", names=names)
        case ReasonCode.HEADROOM_USED:
            return _("The money for groups outside %(names)s is used up.", names=names)
        case ReasonCode.FLOOR_NEEDS_THE_MONEY | ReasonCode.FLOOR_NEEDS_MORE_BELOW:
            return _("The money that is left is needed for %(names)s.", names=names)
        case ReasonCode.RULES_TOGETHER:
            return _("It does not fit the rules of %(names)s together.", names=names)
        case str(name) if name == MINIMUM_MISSED:
            return _("The readers' marks are below the minimum for %(names)s.", names=names)
        case str(name) if name == TOTAL_TOO_LOW:
            return _("The total is below %(least)s, the least of this call.", least=reason.get("least"))
    raise KeyError(code)


def problem_sentence(reason: Reason, definition: CallDefinition) -> str:
    """What is wrong with a list, with what is missing or too much."""
    names = ", ".join(ring_fence_name(tag) for tag in reason.ring_fences)
    numbers = dict(reason.numbers)
    match reason.code:
        case ReasonCode.BUDGET_PASSED:
            over = _pounds(numbers.get("over", numbers.get("short", 0)))
            return _("The list is %(over)s above the money of this round.", over=over)
        case ReasonCode.POT_PASSED:
            return _("The list is %(over)s above the money for grants.", over=_pounds(numbers["over"]))
        case ReasonCode.FLOOR_MISSED:
            needed = numbers.get("needed", 0)
            if _counts_awards(reason, definition):
                return ngettext(
                    "%(names)s is missed: one more award is needed.",
                    "%(names)s is missed: %(n)s more awards are needed.",
                    needed,
                    names=names,
                )
            return _("%(names)s is missed: %(needed)s more is needed.", names=names, needed=_pounds(needed))
        case ReasonCode.SET_ASIDE_USED:
            return _("The list uses money that is kept for %(names)s.", names=names)
        case ReasonCode.CAP_PASSED:
            return _("%(names)s is above its limit.", names=names)
        case ReasonCode.FLOOR_IMPOSSIBLE:
            too_much = -numbers.get("headroom", 0)
            if too_much > 0:
                return _(
                    "%(names)s can no longer be reached: others would get %(over)s too much.",
                    names=names,
                    over=_pounds(too_much),
                )
            return _("The applications and the money left cannot fill %(names)s.", names=names)
        case ReasonCode.RULES_TOGETHER:
            return _("The rules of %(names)s cannot all be kept together.", names=names)
    return _("No list keeps all the rules.")


def gap_sentence(gap: Gap) -> str:
    match gap.what:
        case Missing.CALL_NOT_CLOSED:
            return _("The call is still open. Close it first.")
        case Missing.NOTHING_TO_SIGN:
            return _("No application is at the panel.")
        case Missing.STILL_READ:
            return ngettext(
                "One application is still being read.", "%(n)s applications are still being read.", gap.number
            )
        case Missing.VOTE_OR_DRAW:
            return _("The vote is not counted yet, or nothing is drawn yet.")
        case Missing.CANNOT_DRAW:
            return _(
                "No list keeps all the rules, or none could be worked out in time. Nothing can be drawn."
            )
        case Missing.WITHOUT_DECISION:
            return ngettext(
                "One application is not on the list yet.",
                "%(n)s applications are not on the list yet.",
                gap.number,
            )
        case Missing.WITHOUT_REASON:
            return ngettext(
                "One line is not what the rule proposes and has no reason.",
                "%(n)s lines are not what the rule proposes and have no reason.",
                gap.number,
            )
        case Missing.QUORUM:
            return _(
                "The meeting has no quorum: %(there)s members who vote were there, %(needed)s are needed.",
                there=gap.number,
                needed=gap.of,
            )
        case Missing.MAJORITY:
            return _(
                "Members from the community and its umbrella groups must be more than half of those present."
            )
        case Missing.LETTERS:
            return ngettext(
                "The letter to one group is not finished.",
                "The letters to %(n)s groups are not finished.",
                gap.number,
            )
        case Missing.EXCLUDED:
            return _("Applications that cannot be funded together are on the list together.")
    return _("You have a tie to a group in this round. Somebody else must sign.")


def point_words(point: AgendaPoint) -> str:
    """Short words for a flag on the board."""
    match point.code:
        case AgendaCode.NO_TOTAL:
            return _("%(criterion)s: no marks", criterion=point.criterion)
        case AgendaCode.MINIMUM_MISSED:
            return _("%(criterion)s: below the minimum", criterion=point.criterion)
        case AgendaCode.CANT_TELL_OPEN:
            return _("%(criterion)s: can't tell", criterion=point.criterion)
        case AgendaCode.BIG_SPREAD:
            return _("%(criterion)s: readers differ", criterion=point.criterion)
    return ngettext("Only one reader", "Only %(n)s readers", point.number)


def decision_sentence(decision: Decision) -> str:
    """What the group reads first, in one sentence."""
    match decision.outcome:
        case Outcome.AWARD:
            return _("Yes in principle: the fund wants to give your group a grant.")
        case Outcome.RESERVE:
            return _("Your group is on the reserve list. If money becomes free, we will ask you.")
    if decision.is_fundable:
        return _("Your application was good enough to be funded, but there was not enough money.")
    return _("We cannot fund your application this time.")


def ring_fence_name(key: str, tag: str = "") -> str:
    """The code of a ring-fence or, for one value of a rule "for each …", that borough or theme.

    Given a key alone or a tag alone, too. A tag that names neither only says who counts.
    """
    name, _at, code = (tag if ":" in tag else key).split(":", 1)[-1].partition(OF_ROUND)
    return _("%(name)s in round %(code)s", name=name, code=code) if code else name


def _counts_awards(reason: Reason, definition: CallDefinition) -> bool:
    return any(
        rule.key in reason.ring_fences and rule.measure is Measure.COUNT for rule in definition.ring_fences
    )


def _pounds(pence: int) -> str:
    return money_in_text(pounds(pence))
