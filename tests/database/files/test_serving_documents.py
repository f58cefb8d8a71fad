"""Who gets a paper of a group: its members, and staff without a tie while it has a grant. Never the panel."""

from __future__ import annotations

from typing import Any

import pytest

from fundapp.lifecycles import AwardStatus
from fundapp.models.application import Application
from fundapp.models.document import OrganisationDocument
from fundapp.models.fund import FundRoleKind
from fundapp.models.organisation import MemberRight
from fundapp.models.user import User
from tests.database.files.test_serving import ClientFor, reader_of, url
from tests.factories import (
    ApplicationFactory,
    ApplicationHelperFactory,
    AwardFactory,
    ConflictFactory,
    DocumentFactory,
    FundRoleFactory,
    OrganisationMemberFactory,
    days,
    now,
)


@pytest.fixture
def application(db_session: Any) -> Application:
    return ApplicationFactory(at_panel=True)


@pytest.fixture
def document(application: Application) -> OrganisationDocument:
    return DocumentFactory(organisation=application.organisation, created_at=days(-9))


def staff_of(application: Application, kind: FundRoleKind = FundRoleKind.MANAGER) -> User:
    return FundRoleFactory(fund=application.call.fund, kind=kind).user


def status(client_for: ClientFor, user: User, document: OrganisationDocument) -> int:
    return client_for(user).get(url(document.file)).status_code


@pytest.mark.parametrize("right", MemberRight)
def test_every_member_of_the_group_gets_it(
    client_for: ClientFor, document: OrganisationDocument, right: MemberRight
) -> None:
    member = OrganisationMemberFactory(organisation=document.organisation, right=right)

    assert status(client_for, member.user, document) == 200


def test_other_group_reader_and_helper_get_nothing_even_with_a_grant(
    client_for: ClientFor, application: Application, document: OrganisationDocument
) -> None:
    AwardFactory(application=application)
    people = {
        "other group": OrganisationMemberFactory().user,
        "reader": reader_of(application, declared=now()),
        "helper": ApplicationHelperFactory(application=application).user,
        "other fund": FundRoleFactory(kind=FundRoleKind.MANAGER).user,
        "administrator": staff_of(application, FundRoleKind.ADMIN),
    }

    assert {who: status(client_for, user, document) for who, user in people.items()} == dict.fromkeys(
        people, 404
    )


def test_staff_get_it_from_the_grant_in_principle_on_and_not_before(
    client_for: ClientFor, application: Application, document: OrganisationDocument
) -> None:
    manager, finance = staff_of(application), staff_of(application, FundRoleKind.FINANCE)
    before = status(client_for, manager, document)
    award = AwardFactory(application=application)

    assert (before, award.status) == (404, AwardStatus.IN_PRINCIPLE)
    assert [status(client_for, each, document) for each in (manager, finance)] == [200, 200]

    award.status = AwardStatus.WITHDRAWN
    assert status(client_for, manager, document) == 404


def test_manager_with_a_tie_gets_nothing(
    client_for: ClientFor, application: Application, document: OrganisationDocument
) -> None:
    AwardFactory(application=application)
    manager = staff_of(application)
    ConflictFactory(
        call_id=application.call_id, user_id=manager.id, organisation_id=application.organisation_id
    )

    assert status(client_for, manager, document) == 404


def test_staff_get_only_the_paper_that_counts_and_see_it_beside_the_checks(
    client_for: ClientFor, application: Application, document: OrganisationDocument
) -> None:
    award, manager = AwardFactory(application=application), staff_of(application)
    newer = DocumentFactory(organisation=document.organisation)
    gone = DocumentFactory(organisation=document.organisation, kind="bank", removed_at=now())

    page = client_for(manager).get(f"/en/fund/awards/{award.id}").text

    assert [status(client_for, manager, each) for each in (document, newer, gone)] == [404, 200, 404]
    assert [str(each.file_id) in page for each in (document, newer, gone)] == [False, True, False]
    assert "Your rules, for example a constitution" in page
