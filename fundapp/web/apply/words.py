"""Where an application is and what is in its way, in words for the group."""

from __future__ import annotations

from forms.definition import Stage
from forms.i18n import _
from forms.money import money_in_text
from fundapp.lifecycles import ApplicationStatus as Status
from fundapp.queries.drafts import Hindrance, Problem

_WHERE = {
    Status.DRAFT: _("You have not sent it yet."),
    Status.SUBMITTED: _("You have sent it. The fund is looking at it."),
    Status.ELIGIBLE: _("It fits this fund. We are deciding what comes next."),
    Status.INELIGIBLE: _("The rules of this fund do not allow this application."),
    Status.IN_REVIEW: _("People of the panel are reading it."),
    Status.CLARIFYING: _("The fund has a question for you."),
    Status.AT_PANEL: _("The panel is talking about it."),
    Status.IN_PRINCIPLE: _("The answer is yes, once the last checks are done."),
    Status.RESERVE: _("It is on the reserve list. If money is freed, we will tell you."),
    Status.DECLINED: _("The answer is no."),
    Status.WITHDRAWN: _("You have taken it back."),
}
_NEXT = {
    Status.DRAFT: _("You: finish it and send it."),
    Status.SUBMITTED: _("The fund checks whether it fits the rules, and gives it to the panel to read."),
    Status.ELIGIBLE: _("The fund gives it to the members of the panel who read it."),
    Status.IN_REVIEW: _("Members of the panel read it, each alone. Then the panel meets and decides."),
    Status.CLARIFYING: _("You: answer the question below. Then the panel goes on reading."),
    Status.AT_PANEL: _("The panel decides, the fund checks the list, and everybody hears on the same day."),
    Status.IN_PRINCIPLE: _("The fund does the last checks with you. Then it sends you an agreement to read."),
    Status.RESERVE: _("You do not have to do anything. The fund writes to you when money becomes free."),
    Status.INELIGIBLE: _("Nothing more happens with this application. You can ask the fund about it."),
    Status.DECLINED: _("Nothing more happens with this application. You can ask the fund about it."),
    Status.WITHDRAWN: _("Nothing more happens. What you wrote is kept, and you can copy it."),
}
_FIRST_STAGE = _("People of the fund read it. They invite you to the second stage, or tell you why not.")
_INVITED = _("You are invited to send the full application.")


def where_it_is(status: Status, stage: Stage) -> str:
    if status is Status.DRAFT and stage is Stage.FULL:
        return _INVITED
    return _WHERE[status]


def what_comes_next(status: Status, stage: Stage) -> str:
    """What happens next and who does it."""
    if stage is Stage.EOI and status in (Status.SUBMITTED, Status.ELIGIBLE):
        return _FIRST_STAGE
    return _NEXT[status]


def hindrance_text(problem: Problem) -> str:
    smallest, largest = money_in_text(problem.smallest), money_in_text(problem.largest)
    match problem.kind:
        case Hindrance.NO_AMOUNT:
            return _("Write how much money you need.")
        case Hindrance.AMOUNT_OUTSIDE_STRAND:
            return _(
                "For this kind of grant the amount must be from %(smallest)s to %(largest)s.",
                smallest=smallest,
                largest=largest,
            )
        case Hindrance.INCOME_ABOVE_STRAND:
            return _(
                "This kind of grant is for groups with an income below %(largest)s. Choose another kind.",
                largest=largest,
            )
        case Hindrance.SHARE_IS_NOTHING:
            return _("Every partner needs an amount above zero.")
        case Hindrance.SHARES_ABOVE_REQUEST if problem.smallest > problem.largest:
            return _(
                "The parts add up to %(total)s. That is %(difference)s more than you ask for (%(request)s).",
                total=smallest,
                request=largest,
                difference=money_in_text(problem.smallest - problem.largest),
            )
        case Hindrance.SHARES_ABOVE_REQUEST:
            return _(
                "The partners get %(total)s, and you ask for %(request)s. Your own group needs a part too.",
                total=smallest,
                request=largest,
            )
        case Hindrance.SHARES_BELOW_REQUEST:
            return _(
                "The parts add up to %(total)s, but you ask for %(request)s. %(difference)s is missing.",
                total=smallest,
                request=largest,
                difference=money_in_text(problem.largest - problem.smallest),
            )
        case Hindrance.TOO_FEW_PARTNERS:
            return _("For this kind of grant name at least one partner.")
        case Hindrance.SHARE_NOT_CONFIRMED:
            return _(
                "%(partner)s said yes to %(before)s. Its share is now %(now)s. Ask it again before you send.",
                partner=f"\u2068{problem.partner}\u2069",
                before=money_in_text(problem.said_yes_to),
                now=money_in_text(problem.gets),
            )
        case Hindrance.TOO_MANY_PARTNERS:
            return _(
                "For this kind of grant at most %(number)s groups can work together.",
                number=int(problem.largest),
            )
