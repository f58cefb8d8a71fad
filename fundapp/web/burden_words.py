"""How long a question takes and how easy it is to read, in words: also for the page where it is written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from forms.burden import minutes_for_question
from forms.definition import Question
from forms.i18n import _
from forms.plain_language import Advice, Part, Warns, advice_for
from fundapp.web.templating import isolated

PARTS = {
    Part.LABEL: _("Question"),
    Part.HELP: _("Help text"),
    Part.WHY: _("Why we ask"),
    Part.CHOICES: _("Choices"),
    Part.PARTS: _("Parts of each entry"),
    Part.ALL: _("All texts together"),
}


@dataclass(frozen=True)
class Said:
    """One piece of advice: which text it is about, and what to do."""

    part: str
    sentence: str


@dataclass(frozen=True)
class QuestionLook:
    """For the macros of components/burden.html; languages in the order of the call."""

    question: Question
    minutes: dict[str, int]
    advice: dict[str, tuple[Said, ...]]  # only languages with advice

    @property
    def has_advice(self) -> bool:
        return bool(self.advice)

    @property
    def number_of_advice(self) -> int:
        return sum(map(len, self.advice.values()))


def look_of(question: Question, languages: Sequence[str]) -> QuestionLook:
    found = {code: advice_for(question, code) for code in languages}
    return QuestionLook(
        question,
        {code: minutes_for_question(question, code) for code in languages},
        {
            code: tuple(Said(str(PARTS[each.part]), advice_sentence(each)) for each in advice)
            for code, advice in found.items()
            if advice
        },
    )


def advice_sentence(advice: Advice) -> str:
    number, most = advice.number, advice.most
    match advice.code:
        case Warns.LONG_QUESTION:
            words = _(
                "Words: %(n)s. Try at most %(most)s, and move the rest to the help text.", n=number, most=most
            )
        case Warns.LONG_HINT:
            words = _(
                "Words: %(n)s. Try at most %(most)s, and keep only what people need to start.",
                n=number,
                most=most,
            )
        case Warns.LONG_SENTENCE:
            words = _(
                "Words in the longest sentence: %(n)s. Try at most %(most)s: make two sentences of it.",
                n=number,
                most=most,
            )
        case Warns.LONG_ON_AVERAGE:
            words = _("Words in a sentence, on average: %(n)s. Try at most %(most)s.", n=number, most=most)
        case Warns.HARD_TO_READ:
            words = _(
                "Long words and sentences make this hard to read: %(n)s on the LIX scale. "
                "Try at most %(most)s: use shorter words.",
                n=number,
                most=most,
            )
        case Warns.TWO_QUESTIONS:
            words = _("These may be two questions. Ask for one thing, or make two questions.")
        case Warns.FUNDER_WORD:
            words = _(
                "%(word)s is a word of funders. Try: %(instead)s.",
                word=isolated(advice.word),
                instead=isolated(advice.instead),
            )
    return str(words)
