"""What can be chosen in the builder, in words."""

from __future__ import annotations

from forms.conditions import Operator
from forms.definition import UsedFor
from forms.i18n import _
from forms.pages.apply import LEGAL_FORMS
from forms.pages.award_checks import EVIDENCE_WORDS
from fundapp.web.reader_words import WORDS as READER_WORDS

# By the name of the enum, then by value.
CHOICES: dict[str, dict[str, str]] = {
    "StepKind": {
        "codesign": _("Co-design sessions"),
        "codesign_answers": _("Answers to co-design"),
        "opens": _("The call opens"),
        "eoi_closes": _("First stage closes"),
        "eoi_answered": _("First stage is answered"),
        "full_closes": _("Second stage closes"),
        "clarification": _("Questions back to groups"),
        "scoring": _("The panel reads"),
        "panel_meeting": _("Panel meeting"),
        "ratification": _("Grants are confirmed"),
        "everybody_told": _("Everybody is told"),
        "feedback": _("Written feedback"),
        "agreements": _("Agreements"),
        "first_payment": _("First payment"),
        "grants_start": _("Grants start"),
    },
    "RingFenceKind": {
        "floor": _("At least so much"),
        "cap": _("At most so much"),
        "set_aside": _("An amount kept apart"),
    },
    "Measure": {"value": _("Money"), "count": _("Number of grants")},
    "Base": {
        "fund_total": _("Of the whole fund"),
        "awards_total": _("Of all grants"),
        "fixed": _("A fixed amount"),
    },
    "Enforcement": {
        "block": _("The list cannot be signed"),
        "warn": _("There is a warning"),
        "report": _("It is only reported"),
    },
    "Family": {"borough": _("Each borough"), "theme": _("Each theme")},
    "Outcome": {
        "pass": _("You can apply"),
        "talk_to_us": _("Talk to us first"),
        "not_this_fund": _("Not this fund"),
    },
    "EligibilityFlag": {
        "host_route": _("Offer a host"),
        "help_offered": _("Offer help"),
        "confidential": _("Keep the group confidential"),
    },
    "Stage": {"eoi": _("First stage"), "full": _("Second stage")},
    "QuestionKind": {
        "text": _("A text, written or spoken"),
        "choice": _("One of several answers"),
        "choices": _("Several of several answers"),
        "yes_no": _("Yes or no"),
        "number": _("A number"),
        "money": _("An amount of money"),
        "date": _("A day"),
        "budget": _("A budget in lines"),
        "shares": _("What each partner gets"),
        "entries": _("A list, such as people or places"),
        "voice": _("A recording; writing stays possible"),
        "file": _("Files, such as photos or papers"),
    },
    "FileType": {
        "document": _("PDF and Word documents"),
        "picture": _("Photos and pictures"),
        "audio": _("Recordings of sound"),
        "video": _("Videos"),
    },
    "PartKind": {
        "text": _("A text"),
        "choice": _("One of several answers"),
        "yes_no": _("Yes or no"),
        "number": _("A number"),
        "money": _("An amount of money"),
        "date": _("A day"),
    },
    "TieBreakKind": {
        "higher_criterion": _("The higher mark in a criterion"),
        "lower_income": _("The lower income"),
        "vote": _("A vote of the panel"),
    },
    "Way": {
        "scores": _("Scores"),
        "approvals": _("Members vote yes or nothing"),
        "pounds": _("Members divide the money"),
        "two_steps": _("A short list first, then a vote"),
        "lottery": _("Scores, and a draw where scores are too close"),
    },
    "Count": {"equal_shares": _("Equal shares"), "most_votes": _("Most votes")},
    "LeftOver": {"raise_shares": _("Raise the shares"), "most_votes": _("Most votes")},
    "Timing": {"advance": _("In advance"), "arrears": _("Afterwards")},
    "TopUp": {"by_rank": _("Goes to the first on the list"), "evenly": _("Is shared evenly")},
    "CheckInKind": {
        "welcome": _("Welcome"),
        "story": _("A story"),
        "year": _("A look at the year"),
        "closing": _("Closing"),
        "story_circle": _("Story circle"),
    },
    "Recorder": {
        "fund_manager": _("The fund"),
        "either_side": _("Either side"),
        "learning_partner": _("The learning partner"),
    },
    "LegalForm": dict(LEGAL_FORMS),
    "Evidence": dict(EVIDENCE_WORDS),
    "HoldsUp": {
        "agreement": _("The agreement"),
        "payment": _("Payments"),
        "nothing": _("Nothing"),
    },
    "UsedFor": {use.value: READER_WORDS[use] for use in UsedFor},
    "carries": {
        "amount_requested": _("The amount that is asked for"),
        "strand": _("The kind of grant"),
        "theme": _("The theme"),
        "group_summary": _("The line about the group in lists"),
        "income_band": _("The income of the group"),
    },
}
FACTS: dict[str, str] = {
    "by_and_for": _("Led by and for its community"),
    "migrant_led": _("Led by migrants"),
    "income_pence": _("Yearly income in pence"),
    "strand": _("Kind of grant"),
    "first_time": _("Never funded by this fund before"),
    "borough": _("Borough"),
    "theme": _("Theme"),
}
OPERATORS: dict[str, str] = {
    Operator.IN.value: _("is one of"),
    "not_in": _("is none of"),
    Operator.BELOW.value: _("is less than"),
    Operator.AT_LEAST.value: _("is at least"),
    Operator.ANSWERED.value: _("is answered"),
}
