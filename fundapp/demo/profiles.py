"""A group that has told about itself and sent a paper before, so that nobody asks again."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import datetime, timedelta

import pikepdf

from fundapp.demo.checked import as_checked
from fundapp.demo.people import Group, People
from fundapp.file_checks.results import Checked
from fundapp.models.document import DocumentKind
from fundapp.services.documents import KINDS_OF_FILES, add_document
from fundapp.services.files import receive_file
from fundapp.services.profiles import change_profile, profile_of

TELLS = "Kettle and Thread"
TOLD_DAYS_AGO = 400


def load_profiles(people: People, now: datetime) -> None:
    at = now - timedelta(days=TOLD_DAYS_AGO)
    group = next(each for each in people.groups if each.name == TELLS)
    told = profile_of(group.organisation)
    more = replace(told, languages=("en", "so", "bn"), umbrellas=people.umbrellas[0].name)
    change_profile(group.organisation, more, seen=told.digest, actor=group.person, now=at)
    _send_rules(group, at)


def _send_rules(group: Group, at: datetime) -> None:
    content = _empty_page()
    file = receive_file(
        io.BytesIO(content),
        name="Our constitution.pdf",
        kinds=KINDS_OF_FILES,
        organisation=group.organisation,
        actor=group.person,
        now=at,
        once="demo-rules",
    )
    add_document(group.organisation, file, DocumentKind.GOVERNING, actor=group.person, now=at)
    as_checked(file, content, Checked("document", "application/pdf", None), at=at)


def _empty_page() -> bytes:
    made = io.BytesIO()
    with pikepdf.new() as paper:
        paper.add_blank_page()
        paper.save(made)
    return made.getvalue()
