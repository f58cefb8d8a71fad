"""What each kind of data is called on the page of how long we keep it, and from when it counts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from forms.i18n import _, ngettext
from fundapp.queries.retention.terms import Term, Unit
from fundapp.services.retention.kinds import ELSEWHERE, KEPT


@dataclass(frozen=True)
class KeptWords:
    what: Any
    counted_from: Any
    stays: Any = ""


WORDS = {
    "drafts": KeptWords(
        _("An application that was started and never sent"),
        _("the last day of the call"),
        _("That it was started, and for how much. We tell you twice before it goes."),
    ),
    "not_funded": KeptWords(
        _("What you wrote in an application that got no grant, with files and messages"),
        _("the day you were told"),
        _("The name of the group, the amount and the answer."),
    ),
    "recordings": KeptWords(
        _("Recordings of your voice or in sign language"),
        _("the day you were told"),
        _("What was written down of them, as long as the application."),
    ),
    "marks": KeptWords(
        _("What readers wrote about an application"),
        _("the day everybody was told"),
        _("The marks, because places were counted by them."),
    ),
    "grants": KeptWords(
        _("What you wrote for a grant: application, agreement, conversations, markers and stories"),
        _("31 March after the last payment"),
        _("The name of the group and the amounts. The law wants the accounts."),
    ),
    "bank_numbers": KeptWords(
        _("The numbers of your bank account"),
        _("the last payment"),
        _("The last four digits, and a seal that knows the same account again."),
    ),
    "documents": KeptWords(
        _("Papers of your group that you took away, or that no application needs any more"),
        _("that day"),
        _("That there was one, and of which kind."),
    ),
    "worries": KeptWords(
        _("What was said because somebody was not safe"),
        _("the day it was closed"),
        _("That there was a worry, without any words."),
    ),
    "complaints": KeptWords(
        _("A complaint or an appeal, and how to reach you"),
        _("our answer"),
        _("What it was about, and whether you were right."),
    ),
    "outside_requests": KeptWords(
        _("That an authority asked us for data, and what we said"),
        _("our answer"),
        _("That they asked, who agreed, and a seal of what was given."),
    ),
    "breaches": KeptWords(
        _("What happened when data was lost or seen by somebody who should not"),
        _("the day it was closed"),
        _("When it was, and when people were told."),
    ),
    "holds": KeptWords(_("Why something was kept longer"), _("the end of it")),
    "invitations": KeptWords(_("The address of somebody you asked to join or help"), _("its last day")),
    "hand_overs": KeptWords(_("The address of a new person for a group"), _("the day two people agreed")),
    "panel_help": KeptWords(
        _("What a panel member told us about being paid and taking part"), _("the end of the panel")
    ),
    "candidates": KeptWords(
        _("Name and contact of somebody who offered themselves for the panel"), _("the first day of reading")
    ),
    "said_aloud": KeptWords(
        _("What was said aloud when the rules were made together"),
        _("the last day of its link"),
        _("What was written down of it."),
    ),
    "copies": KeptWords(_("A copy that you asked for as a file"), _("the moment it was made")),
    "mails": KeptWords(_("That we sent you a mail"), _("the day it was sent")),
    "events_told": KeptWords(
        _("That a program of the fund was told of an event, without names"), _("that day")
    ),
    "sign_ins": KeptWords(_("That you signed in. We keep no address of your phone."), _("the end of it")),
    "codes": KeptWords(_("The seal of a code we mailed"), _("the end of it")),
    "tries": KeptWords(_("How often something was tried"), _("the end of it")),
}


def length(term: Term) -> str:
    if term.number == 0:
        return str(_("gone at once"))
    match term.unit:
        case Unit.DAYS:
            return ngettext("%(n)s day", "%(n)s days", term.number)
        case Unit.MONTHS:
            return ngettext("%(n)s month", "%(n)s months", term.number)
    return ngettext("%(n)s year", "%(n)s years", term.number)


def rows() -> list[tuple[KeptWords, str]]:
    """In the order of the list that the job goes by."""
    terms = [(kept.key, kept.term) for kept in KEPT] + list(ELSEWHERE)
    return [(WORDS[key], length(term)) for key, term in terms]
