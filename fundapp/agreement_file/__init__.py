"""The words of a grant agreement: from facts to a text in two languages, as values without a database."""

from fundapp.agreement_file.content import AgreementWords, Clause, LanguagePart, Passage, Table, digest_of
from fundapp.agreement_file.facts import AgreementFacts, HostFacts, Payment
from fundapp.agreement_file.parts import agreement_words

__all__ = [
    "AgreementFacts",
    "AgreementWords",
    "Clause",
    "HostFacts",
    "LanguagePart",
    "Passage",
    "Payment",
    "Table",
    "agreement_words",
    "digest_of",
]
