"""The whole agreement: the letter and every clause, in the group's language and in the one that counts."""

from __future__ import annotations

from forms.i18n import activate, current_language, has_catalogue, translate
from forms.languages import ENGLISH, LANGUAGES
from forms.money import money_in_text
from fundapp.agreement_file.after import after
from fundapp.agreement_file.content import AgreementWords, LanguagePart, Passage
from fundapp.agreement_file.facts import AgreementFacts
from fundapp.agreement_file.passages import named, own
from fundapp.agreement_file.terms import terms
from fundapp.moments import show_date

BINDING = ENGLISH.code


def agreement_words(facts: AgreementFacts) -> AgreementWords:
    """In the group's language first, where the words are there in it; always in the language that counts."""
    languages = [BINDING]
    if facts.language != BINDING and has_catalogue(facts.language):
        languages.insert(0, facts.language)
    parts = tuple(_part(facts, each, languages) for each in languages)
    return AgreementWords(facts.version, BINDING, parts)


def _part(facts: AgreementFacts, language: str, languages: list[str]) -> LanguagePart:
    with activate(language):
        return LanguagePart(
            language=current_language().code,
            letter_title=translate("Offer of a grant"),
            letter=_letter(facts),
            title=translate("Grant agreement"),
            note=_note(facts, languages),
            clauses=(*terms(facts), *after(facts)),
        )


def _letter(facts: AgreementFacts) -> tuple[Passage, ...]:
    offer = translate(
        "We are glad to offer you a grant of %(amount)s for %(months)s months.",
        amount=money_in_text(facts.amount),
        months=facts.months,
    )
    sentences = [
        translate("To %(group)s", group=named(facts.group)),
        show_date(facts.offered_on),
        offer,
        translate("Thank you for your application, and for the work that you do."),
        translate(
            "The agreement comes after this letter. It says what you can expect from us and what we "
            "ask of you."
        ),
        translate("If something is wrong or not clear, ask us before you sign."),
        translate("If you do not want the grant, tell us. You need not say why."),
    ]
    if facts.phone:
        sentences.insert(6, translate("You can also call us: %(phone)s", phone=f"\u2066{facts.phone}\u2069"))
    return (*map(own, sentences), Passage(facts.fund, ""))


def _note(facts: AgreementFacts, languages: list[str]) -> str:
    if len(languages) > 1:
        names = ", ".join(named(LANGUAGES[each].own_name) for each in languages)
        return translate(
            "Languages of this agreement: %(languages)s. If the texts differ, the English text counts. Ask "
            "us about any sentence: we explain it in your language, and it costs you nothing.",
            languages=names,
        )
    if facts.language == BINDING:
        return translate("Ask us about any sentence: we explain it, and it costs you nothing.")
    known = LANGUAGES.get(facts.language)
    return translate(
        "We have no text in %(language)s yet, so this agreement is in English alone. Before you sign, "
        "somebody goes through it with you in your language, and it costs you nothing.",
        language=named(known.own_name if known else facts.language),
    )
