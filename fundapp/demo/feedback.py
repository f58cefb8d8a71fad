"""What groups say about the fund of the demo, and what it changed."""

from __future__ import annotations

from datetime import datetime

from forms.localized import LocalizedText
from fundapp.demo.words import read_words
from fundapp.models.call import Call
from fundapp.models.funder_feedback import FeedbackMoment
from fundapp.models.user import User
from fundapp.services.funder_feedback import publish_year, put_into_the_box


def judge_the_fund(call: Call, *, actor: User, at: datetime) -> None:
    words = read_words("about_us")
    for number, said in enumerate(words["said"]):
        texts = {key: text for key, text in said.items() if key != "language"}
        put_into_the_box(
            call.id,
            FeedbackMoment.DECISION,
            texts,
            language=said["language"],
            ticket_digest=f"demo {number}",
        )
    heard, changed = (LocalizedText.of({"en": words[each]}) for each in ("heard", "changed"))
    publish_year(call, at.year, heard, changed, actor=actor, now=at)
