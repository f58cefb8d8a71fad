"""Who has to sign an agreement, and that neither its words nor a signature can be changed afterwards."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from fundapp.agreement_file import AgreementWords, digest_of
from fundapp.clock import utcnow
from fundapp.db import db, unit_of_work
from fundapp.lifecycles import AwardStatus
from fundapp.models.agreement import AgreementSignature, AgreementText, Side, SignerRole
from fundapp.queries.agreements import find_text, still_to_sign
from fundapp.services.agreements import AlreadySigned, Signer, draft_words
from fundapp.services.grants import accept_agreement
from fundapp.services.person_data import erase_person
from tests.factories import AwardShareFactory, CallFactory, OrganisationFactory, OrganisationMemberFactory
from tests.grants import active_grant, grant_in_principle, grant_with_agreement
from tests.published import published_with

pytestmark = [pytest.mark.usefixtures("db_session"), pytest.mark.both_engines]  # what the database refuses


def test_signature_keeps_who_signed_which_text_in_which_language_and_as_what():
    grant = grant_with_agreement()
    chair = Signer("Amina Vale", SignerRole.CHAIR, "so")

    with unit_of_work():
        digest = grant.award.agreement_digest
        accept_agreement(grant.award, digest=digest, signer=chair, actor=grant.signer, now=utcnow())

    text = find_text(grant.award)
    fund, group = sorted(text.signatures, key=lambda each: each.side)
    assert digest_of(text.content) == text.digest == fund.digest == group.digest
    assert (fund.side, fund.user) == (Side.FUND, grant.manager)
    assert (group.name, group.role, group.language) == ("Amina Vale", SignerRole.CHAIR, "so")
    assert grant.award.status is AwardStatus.ACTIVE


def test_partners_stand_in_one_order_whatever_the_database_gives():
    award = grant_in_principle().award
    parts = [(OrganisationFactory(name="Tejiendo Voces"), 10), (OrganisationFactory(name="Aal Circle"), 20)]
    parts.append((award.organisation, award.amount - 30))
    award.shares = [AwardShareFactory.build(organisation=each, amount=amount) for each, amount in parts]
    digests = {draft_words(award, now=utcnow()).written()}
    award.shares.reverse()
    digests.add(draft_words(award, now=utcnow()).written())

    (text,) = digests
    assert text.index(award.organisation.name) < text.index("Aal Circle") < text.index("Tejiendo Voces")


def test_from_the_amount_of_the_call_on_two_people_of_the_group_sign():
    call = CallFactory(closed=True)
    version = call.versions[-1]
    published_with(call, awards=version.content["awards"] | {"two_signers_from": "40000"})
    grant = grant_with_agreement(call)
    award, digest = grant.award, grant.award.agreement_digest
    second = OrganisationMemberFactory(organisation=award.organisation).user

    with unit_of_work():
        accept_agreement(award, digest=digest, actor=grant.signer, now=utcnow())
    assert still_to_sign(find_text(award)) == {Side.GROUP: 1}
    assert [each.status.value for each in award.instalments] == ["planned", "planned"]
    with pytest.raises(AlreadySigned), unit_of_work():
        accept_agreement(award, digest=digest, actor=grant.signer, now=utcnow())

    with unit_of_work():
        accept_agreement(award, digest=digest, actor=second, now=utcnow())
    assert award.status is AwardStatus.ACTIVE
    assert [each.status.value for each in award.instalments] == ["due", "planned"]


@pytest.mark.parametrize(
    "statement",
    [
        sa.update(AgreementText).values(content="{}"),
        sa.update(AgreementText).values(group_signers=1, digest="0" * 64),
        sa.delete(AgreementText),
        sa.update(AgreementSignature).values(digest="0" * 64),
        sa.update(AgreementSignature).values(name="Somebody else"),
        sa.delete(AgreementSignature),
    ],
    ids=str,
)
def test_database_refuses_every_change_of_what_was_signed(statement):
    active_grant()

    with pytest.raises(sa.exc.DBAPIError), db.session.begin_nested():
        db.session.execute(statement)


def test_signature_for_other_words_than_those_of_its_text_is_not_stored():
    grant = grant_with_agreement()
    text = find_text(grant.award)
    wrong = AgreementSignature(
        text=text,
        side=Side.GROUP,
        user=grant.signer,
        name="A",
        role=SignerRole.OTHER,
        digest="0" * 64,
        language="en",
        signed_at=utcnow(),
    )

    db.session.add(wrong)
    with pytest.raises(sa.exc.DBAPIError):
        db.session.flush()
    db.session.rollback()


def test_erased_person_leaves_a_signature_without_a_name():
    grant = active_grant()

    with unit_of_work():
        erase_person(grant.signer, actor=None, now=utcnow())

    db.session.expire_all()
    names = {each.side: each.name for each in find_text(grant.award).signatures}
    assert names[Side.GROUP] == ""
    assert names[Side.FUND] != ""


@pytest.mark.parametrize(("language", "languages"), [("ar", ("ar", "en")), ("en", ("en",)), ("so", ("en",))])
def test_text_is_in_the_language_of_the_group_where_we_have_it_and_says_so_where_not(language, languages):
    grant = grant_in_principle(application__language=language)
    agreed = grant_with_agreement(grant.award.call, application__language=language)

    words = AgreementWords.read(find_text(agreed.award).content)

    assert words.languages == languages
    assert words.binding == "en"
    assert ("We have no text in" in words.part("en").note) == (language == "so")
    assert ("the English text counts" in words.part("en").note) == (language == "ar")
