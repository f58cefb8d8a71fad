"""Where a part is used, in words: what has to be changed before it can go."""

from __future__ import annotations

from forms.i18n import _
from fundapp.call_file.uses import Use, UseKind

_SENTENCES = {
    UseKind.ASK_IF: _(
        "Question %(by)s is asked only after a certain answer to it. Change “Ask this only if” there."
    ),
    UseKind.OUTCOME: _(
        "Question %(by)s of the short check leads somewhere because of it. Change that there."
    ),
    UseKind.BY_AND_FOR: _("The rule “led by and for” looks at it. Change the rule first."),
    UseKind.COPIED_FROM: _("Question %(by)s starts with its answer. Change that there."),
    UseKind.CRITERIA: _("Question %(by)s gives answers for it. Take the tick away there."),
    UseKind.TIE_BREAK: _("It decides between equal totals. Change that under criteria and weights."),
    UseKind.RING_FENCE: _("Ring-fence %(by)s refers to it. Change that there."),
    UseKind.PAYMENT_PLAN: _("Payment plan %(by)s is for it. Change that there."),
    UseKind.READERS: _("One reader comes from this seat. Change that under criteria and weights."),
    UseKind.POINT: _(
        "Point %(by)s of the co-design record says that it was changed because of it. "
        "Change the answer there."
    ),
}


def use_sentence(use: Use) -> str:
    return str(_SENTENCES[use.kind]) % {"by": use.by} if use.by else str(_SENTENCES[use.kind])
