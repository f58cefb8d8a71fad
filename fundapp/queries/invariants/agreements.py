"""What is signed is what was read, and no money leaves before everybody has signed."""

from __future__ import annotations

from uuid import UUID

import sqlalchemy as sa

from fundapp.agreement_file import digest_of
from fundapp.db import db
from fundapp.lifecycles import BEGUN_GRANTS, InstalmentStatus
from fundapp.models.agreement import AgreementSignature, AgreementText, Side
from fundapp.models.award import Award, Instalment
from fundapp.queries.invariants.rule import Invariant, Rows


def _signed_another_text() -> Rows:
    return (
        sa.select(AgreementSignature.id)
        .join(AgreementText, AgreementText.id == AgreementSignature.text_id)
        .where(AgreementSignature.digest != AgreementText.digest)
    )


def _other_words_than_the_sum() -> Rows:
    """SQLite knows no SHA-256, so the sums are made here."""
    query = sa.select(AgreementText.id, AgreementText.content, AgreementText.digest)
    rows = db.session.execute(query.execution_options(yield_per=100))
    wrong: list[UUID] = [row.id for row in rows if digest_of(row.content) != row.digest]
    return sa.select(AgreementText.id).where(AgreementText.id.in_(wrong))


def _begun_without_all_signatures() -> Rows:
    """Grants that were accepted before texts were kept have no sum and are left out."""
    is_paid = sa.exists().where(Instalment.award_id == Award.id, Instalment.status == InstalmentStatus.PAID)
    whole = sa.exists().where(
        AgreementText.award_id == Award.id,
        AgreementText.digest == Award.agreement_digest,
        _signed(Side.FUND) >= 1,
        _signed(Side.GROUP) >= AgreementText.group_signers,
        sa.or_(AgreementText.host_id.is_(None), _signed(Side.HOST) >= 1),
    )
    return sa.select(Award.id).where(
        Award.agreement_digest.is_not(None), sa.or_(Award.status.in_(BEGUN_GRANTS), is_paid), ~whole
    )


def _signed(side: Side) -> sa.ScalarSelect[int]:
    return (
        sa.select(sa.func.count())
        .select_from(AgreementSignature)
        .where(AgreementSignature.text_id == AgreementText.id, AgreementSignature.side == side)
        .correlate(AgreementText)
        .scalar_subquery()
    )


AGREEMENTS: tuple[Invariant, ...] = (
    Invariant("signed_what_was_read", "A signature names the sum of its text.", _signed_another_text),
    Invariant(
        "agreement_is_as_signed", "An agreement still says what its sum says.", _other_words_than_the_sum
    ),
    Invariant(
        "signed_before_paid", "A grant begins once every side has signed.", _begun_without_all_signatures
    ),
)
