"""What a group tells once, and the papers it sends once."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
import sqlalchemy as sa

from fundapp.db import db
from fundapp.errors import NotPossibleNow, StaleVersion
from fundapp.file_checks.results import Checked
from fundapp.lifecycles import FileStatus
from fundapp.models.document import DocumentKind
from fundapp.models.event import Event
from fundapp.queries.documents import list_documents
from fundapp.services.documents import add_document, remove_document
from fundapp.services.events import seal
from fundapp.services.files import accept_file
from fundapp.services.profiles import change_profile, note_income, profile_of
from fundapp.storage import Room, file_store
from tests.factories import (
    ApplicationFactory,
    DocumentFactory,
    FileUseFactory,
    OrganisationFactory,
    StoredFileFactory,
    UserFactory,
    days,
    now,
)


@pytest.fixture
def group(db_session):
    return OrganisationFactory()


def change(group, seen=None, **new):
    saved = profile_of(group)
    change_profile(group, replace(saved, **new), seen=seen or saved.digest, actor=UserFactory(), now=now())


def events_of(subject):
    seal()
    query = sa.select(Event.step, Event.details).where(Event.subject_id == subject.id)
    return [tuple(row) for row in db.session.execute(query.order_by(Event.number))]


def test_change_is_written_down_without_what_was_said(group):
    change(group, name="Nile Kitchen", languages=("ar", "so"))
    change(group)

    assert (group.name, group.languages) == ("Nile Kitchen", ["ar", "so"])
    assert events_of(group) == [("change_profile", {"changed": ["name", "languages"]})]


def test_change_from_an_old_page_overwrites_nothing_and_the_same_words_twice_are_no_fault(group):
    seen = profile_of(group).digest
    change(group, name="Nile Kitchen")

    change(group, seen=seen)
    with pytest.raises(StaleVersion):
        change(group, seen=seen, borough="Barnet")

    assert (group.name, group.borough) == ("Nile Kitchen", "Hackney")


@pytest.mark.parametrize("trait", ["submitted", "in_review", "at_panel"])
def test_income_and_borough_wait_while_an_application_is_decided(group, trait):
    ApplicationFactory(organisation=group, **{trait: True})

    change(group, name="Nile Kitchen")
    for new in ({"borough": "Barnet"}, {"annual_income": Decimal(9)}):
        with pytest.raises(NotPossibleNow):
            change(group, **new)
    note_income(group, Decimal(9), actor=UserFactory(), now=now())

    assert profile_of(group).annual_income == Decimal("40000.00")


def test_newer_paper_counts_once_it_is_clean(group):
    old = DocumentFactory(organisation=group, created_at=days(-300))
    other = DocumentFactory(organisation=group, kind=DocumentKind.OTHER, created_at=days(-200))
    another = DocumentFactory(organisation=group, kind=DocumentKind.OTHER, created_at=days(-100))
    sent = StoredFileFactory(organisation=group, quarantined=True)
    newer = add_document(group, sent, DocumentKind.GOVERNING, actor=UserFactory(), now=now())
    while_checked = list(list_documents(group))
    found = Checked("document", "application/pdf")
    accept_file(sent, found, key=file_store().new_key(Room.CLEAN), size=9, sha256="0" * 64, now=now())
    db.session.flush()

    assert while_checked == [newer, another, other, old]
    assert list(list_documents(group)) == [newer, another, other]


def test_paper_taken_away_is_erased_and_brings_no_older_one_back(group):
    old = DocumentFactory(organisation=group, created_at=days(-300))
    newer = DocumentFactory(organisation=group, created_at=days(-1))
    for _press in range(2):
        remove_document(newer, actor=UserFactory(), now=now())

    assert list(list_documents(group)) == []
    assert (newer.file.status, old.file.status) == (FileStatus.ERASED, FileStatus.CLEAN)
    assert events_of(newer) == [("remove", {"kind": "governing"})]


def test_refused_paper_taken_away_leaves_the_older_one(group):
    old = DocumentFactory(organisation=group, created_at=days(-300))
    newer = DocumentFactory(organisation=group)
    newer.file.status, newer.file.storage_key, newer.file.refused_reason = FileStatus.REFUSED, None, "macros"
    db.session.flush()

    remove_document(newer, actor=UserFactory(), now=now())

    assert list(list_documents(group)) == [old]


def test_file_that_an_application_shows_stays_there(group):
    document = DocumentFactory(organisation=group)
    FileUseFactory(file=document.file, application=ApplicationFactory(organisation=group))

    remove_document(document, actor=UserFactory(), now=now())

    assert document.file.status is FileStatus.CLEAN


def test_paper_of_another_group_is_a_fault_of_ours(group):
    with pytest.raises(ValueError, match="own group"):
        add_document(group, StoredFileFactory(), DocumentKind.BANK, actor=UserFactory(), now=now())
