"""Who works in the year: browsers of people who have signed in this morning, and the worker on each day."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from werkzeug.test import TestResponse

from fundapp.clock import utcnow
from fundapp.db import db, unit_of_work
from fundapp.jobs.daily import Mornings
from fundapp.models.fund import FundRoleKind
from fundapp.models.message import Message
from fundapp.models.user import User
from tests.database.journeys.browser import Browser
from tests.database.journeys.world import World
from tests.database.journeys.year.book import Book
from tests.sign_in import signed_in_client

Sent = Mapping[str, object]


class Desk(Browser):
    """Somebody has signed in. Sends forms of pages, and bare posts where 41 are alike."""

    def __init__(self, world: World, user_id: UUID, language: str) -> None:
        super().__init__(world.app, language)
        with world.app.app_context(), unit_of_work():
            self._client = signed_in_client(world.app, db.session.get_one(User, user_id))

    def press(self, path: str, sent: Sent | None = None, *, status: int = 302) -> TestResponse:
        answer = self._client.post(self.at(path), data=dict(sent or {}))
        said = re.sub(r"<[^>]+>|\s+", " ", answer.text.partition("<main")[2])[:2000]
        assert answer.status_code == status, (path, answer.status_code, said)
        return answer

    def send_file(self, path: str, content: bytes, name: str, **sent: str) -> TestResponse:
        return self.press(path, sent | {"file": (io.BytesIO(content), name)})

    def text(self, path: str) -> str:
        """Of a file."""
        answer = self._client.get(path)
        assert answer.status_code == 200, (path, answer.status_code)
        return answer.text


@dataclass
class Year:
    """Where it all happens. Ids alone are kept: every chapter reads what stands in the database then."""

    world: World
    call_id: UUID
    staff: Mapping[str, UUID]  # manager, other_manager, finance
    book: Book = field(default_factory=Book)
    members: dict[str, tuple[UUID, UUID]] = field(default_factory=dict)  # two people of each group
    languages: dict[str, str] = field(default_factory=dict)
    applications: dict[str, UUID] = field(default_factory=dict)
    awards: dict[str, UUID] = field(default_factory=dict)
    _desks: dict[UUID, Desk] = field(default_factory=dict)

    def day(self, day: str, at: str = "10:00") -> None:
        """The worker does what falls due in the morning; then it is this hour in London."""
        self.world.it_is(f"{day} 08:05")
        with self.world.app.app_context():
            Mornings().promise(utcnow())
            db.session.remove()
        self.world.deliver_mail()
        self.world.it_is(f"{day} {at}")
        self._desks.clear()  # nobody's session lasts from one of our days to the next

    def of_fund(self, role: str) -> Desk:
        return self._desk(self.staff[role], "en")

    def of_group(self, name: str, person: int = 0) -> Desk:
        return self._desk(self.members[name][person], self.languages[name])

    def public_file(self, path: str) -> bytes:
        answer = self.world.app.test_client().get(path)
        assert answer.status_code == 200, (path, answer.status_code)
        return answer.data

    def json_file(self, path: str) -> dict[str, Any]:
        return dict(json.loads(self.public_file(path)))

    def visitor(self) -> Browser:
        return Browser(self.world.app, "en")

    def _desk(self, user_id: UUID, language: str) -> Desk:
        if user_id not in self._desks:
            self._desks[user_id] = Desk(self.world, user_id, language)
        return self._desks[user_id]

    def rows(self, query: sa.Select[*tuple[object, ...]]) -> Sequence[sa.Row[*tuple[object, ...]]]:
        with self.world.app.app_context():
            found = db.session.execute(query).all()
            db.session.remove()
            return found

    def mails_to(self, name: str) -> list[str]:
        """Kinds of what the first person of the group has got, oldest first."""
        query = sa.select(Message.kind).where(Message.recipient_id == self.members[name][0])
        return [str(kind) for (kind,) in self.rows(query.order_by(Message.created_at, Message.id))]

    def page_of_call(self, part: str) -> str:
        return f"/fund/calls/{self.call_id}/{part}"


ROLES = {
    "manager": FundRoleKind.MANAGER,
    "other_manager": FundRoleKind.MANAGER,
    "finance": FundRoleKind.FINANCE,
}
