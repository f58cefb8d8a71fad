"""An agreement with its letter and its signatures, to read, to print and as tagged PDF."""

from __future__ import annotations

from dataclasses import dataclass

from forms.i18n import _, activate, current_language, translate
from forms.languages import Direction
from forms.pages.agreement import ROLES
from fundapp.agreement_file import AgreementWords, LanguagePart
from fundapp.documents.paper import isolated
from fundapp.documents.pdf import html_as_pdf, render
from fundapp.models.agreement import AgreementText, Side
from fundapp.moments import show_time

SIDE_WORDS = {Side.FUND: _("For the fund"), Side.GROUP: _("For the group"), Side.HOST: _("For the host")}
ROLE_WORDS = dict(ROLES)


@dataclass(frozen=True)
class Signed:
    side: str
    name: str
    role: str
    time: str


@dataclass(frozen=True)
class SignedPart:
    """One language of the paper. `direction` is that of the language."""

    words: LanguagePart
    direction: Direction
    signatures_title: str
    signatures: tuple[Signed, ...]
    not_yet: str  # said where nobody has signed, empty where somebody has
    check_sum: str


@dataclass(frozen=True)
class SignedPaper:
    title: str
    language: str
    parts: tuple[SignedPart, ...]


def signed_paper(text: AgreementText) -> SignedPaper:
    words = AgreementWords.read(text.content)
    parts = tuple(_part(part, text) for part in words.parts)
    return SignedPaper(words.parts[0].title, words.parts[0].language, parts)


def signatures_of(text: AgreementText) -> tuple[Signed, ...]:
    """In the active language. An erased person has no name any more."""
    return tuple(
        Signed(
            str(SIDE_WORDS[each.side]),
            each.name or translate("Name erased"),
            str(ROLE_WORDS[each.role.value]),
            show_time(each.signed_at),
        )
        for each in text.signatures
    )


def agreement_as_pdf(paper: SignedPaper) -> bytes:
    """Raises NoTextEngine."""
    return html_as_pdf(agreement_as_html(paper))


def agreement_as_html(paper: SignedPaper, *, style: str = "") -> str:
    with activate(paper.language):
        return render("documents/agreement.html", paper.language, paper=paper, style=style)


def _part(words: LanguagePart, text: AgreementText) -> SignedPart:
    with activate(words.language):
        return SignedPart(
            words=words,
            direction=current_language().direction,
            signatures_title=translate("Signatures"),
            signatures=signatures_of(text),
            not_yet="" if text.signatures else translate("Nobody has signed yet."),
            check_sum=translate("Check sum of this text (SHA-256): %(sum)s", sum=isolated(text.digest)),
        )
