"""An agreement as PDF: tagged, each part in its own language and direction, with every clause and sum."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest

from fundapp.agreement_file import AgreementFacts, HostFacts, Payment, agreement_words, digest_of
from fundapp.documents.agreement import agreement_as_html, agreement_as_pdf, signed_paper
from fundapp.models.agreement import AgreementSignature, AgreementText, Side, SignerRole
from fundapp.models.partnership import Decider
from tests.documents.conftest import reference_call
from tests.documents.test_pdf import glyphs_without_a_shape, letters, text_of


def facts(language: str) -> AgreementFacts:
    call = reference_call()
    strand = call.strands[0]
    return AgreementFacts(
        number="360G-demo-1",
        version=1,
        fund="Demo Community Foundation",
        group="جمعية الأمل",
        language=language,
        amount=Decimal("40000.00"),
        months=24,
        strand=strand.title,
        definition=call,
        payments=(
            Payment(1, date(2027, 9, 1), Decimal("20000.00")),
            Payment(2, date(2028, 9, 1), Decimal(20000)),
        ),
        group_signers=2,
        complaint_days=30,
        offered_on=date(2027, 8, 2),
        host=HostFacts("Quayside Trust", Decimal("2.50"), Decider.GROUP),
        lines=(("Rent (room 4)", Decimal("18000.50")), ("أجور", Decimal("20000.00"))),
        conditions=(("Open a bank account", date(2027, 10, 1)),),
        phone="020 7946 0000",
    )


def text(language: str) -> AgreementText:
    written = agreement_words(facts(language)).written()
    made = AgreementText(number=1, content=written, digest=digest_of(written), group_signers=2)
    made.signatures.append(
        AgreementSignature(
            side=Side.GROUP,
            name="Amina Vale",
            role=SignerRole.CHAIR,
            digest=made.digest,
            language=language,
            signed_at=datetime(2027, 8, 3, 12, tzinfo=UTC),
        )
    )
    return made


@pytest.mark.program("pango-1.0", "pdftotext")
@pytest.mark.parametrize("language", ["en", "es", "ar", "uk"])
def test_pdf_is_tagged_in_its_languages_and_holds_every_sum(language: str, tmp_path: Path) -> None:
    made = text(language)
    pdf = agreement_as_pdf(signed_paper(made))

    with pikepdf.open(BytesIO(pdf)) as opened:
        assert opened.Root.MarkInfo.Marked
        assert str(opened.Root.Lang) == language
        assert "pdfuaid:part" in opened.Root.Metadata.read_bytes().decode()
        assert opened.docinfo.get("/Title") is not None
    assert glyphs_without_a_shape(pdf) == 0
    words = text_of(pdf, tmp_path)
    parts = 1 if language == "en" else 2
    assert words.count("£18,000.50") == parts
    assert words.count("Amina Vale") == parts
    assert letters(words).count(letters("This agreement has three sides")) == 1


@pytest.mark.parametrize("language", ["en", "ar"])
def test_each_part_says_its_language_and_direction(language: str) -> None:
    page = agreement_as_html(signed_paper(text(language)))

    assert page.count("<article ") == (1 if language == "en" else 2)
    assert '<article lang="en" dir="ltr"' in page
    assert ('<article lang="ar" dir="rtl">' in page) == (language == "ar")


def test_same_facts_are_the_same_bytes_and_every_other_fact_is_another_sum() -> None:
    first = facts("ar")
    others = (
        replace(first, amount=Decimal("40000.01")),
        replace(first, version=2),
        replace(first, host=None),
        replace(first, conditions=()),
        replace(first, group="جمعية الأمل!"),
        replace(first, group_signers=1),
    )

    sums = [digest_of(agreement_words(each).written()) for each in (first, first, *others)]

    assert sums[0] == sums[1]
    assert len(set(sums)) == len(others) + 1
