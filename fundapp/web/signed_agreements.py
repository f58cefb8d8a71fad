"""What every side's page about an agreement needs: its words, who has signed, and its PDF."""

from __future__ import annotations

from typing import Any

from flask import redirect
from flask.typing import ResponseReturnValue

from forms.i18n import current_language
from forms.pages.agreement import SignForm
from fundapp.agreement_file import AgreementWords
from fundapp.clock import utcnow
from fundapp.db import unit_of_work
from fundapp.documents.agreement import SIDE_WORDS, signatures_of
from fundapp.models.agreement import AgreementText, SignerRole
from fundapp.queries.agreements import still_to_sign
from fundapp.queries.papers import agreement_recipe, find_paper
from fundapp.services.agreements import Signer
from fundapp.services.papers import ask_for_agreement
from fundapp.web.papers import PDF, send_made

PAPER = "agreement.pdf"


def signer_in(form: SignForm) -> Signer:
    """What the person says of themselves, and the language in which they read."""
    role = next((each for each in SignerRole if each == form.role.data), SignerRole.OTHER)
    return Signer(form.name.data or "", role, current_language().code)


def shown(text: AgreementText, asked_in: str | None) -> dict[str, Any]:
    """For the template: one language at a time, the reader's own where the text is in it."""
    return {
        "text": text,
        **words_shown(AgreementWords.read(text.content), asked_in),
        "signatures": signatures_of(text),
        "still_to_sign": [(SIDE_WORDS[side], number) for side, number in still_to_sign(text).items()],
        "paper": find_paper(agreement_recipe(text)),
    }


def words_shown(words: AgreementWords, asked_in: str | None) -> dict[str, Any]:
    language = asked_in if asked_in in words.languages else current_language().code
    if language not in words.languages:
        language = words.languages[0]
    return {"words": words, "part": words.part(language)}


def hand_out(text: AgreementText | None) -> ResponseReturnValue:
    paper = find_paper(agreement_recipe(text)) if text is not None else None
    return send_made(paper, name=PAPER, media_type=PDF)


def ask_for(text: AgreementText | None, back: str) -> ResponseReturnValue:
    if text is not None:
        language = AgreementWords.read(text.content).languages[0]
        with unit_of_work():
            ask_for_agreement(text, language, now=utcnow())
    return redirect(back)
