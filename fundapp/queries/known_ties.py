"""Ties that our own data show between members or staff and the groups of a call.

A fixed number of queries, whatever the number of people and groups. Nobody is asked anything here.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from fundapp.call_file.ring_fences import Measure, RingFenceKind
from fundapp.db import db
from fundapp.lifecycles import FileStatus
from fundapp.models.application import Application, ApplicationHelper, PartnerShare
from fundapp.models.call import Call
from fundapp.models.document import DocumentKind, OrganisationDocument
from fundapp.models.event import Event
from fundapp.models.file import StoredFile
from fundapp.models.fund import FundRole
from fundapp.models.organisation import Organisation, OrganisationMember
from fundapp.models.panel import InterestRegister, Panel, PanelSeat, TieSource
from fundapp.models.partnership import FiscalHost, Partner
from fundapp.models.user import User
from fundapp.queries.call_money import NOT_ASKED, load_requests
from fundapp.queries.calls import current_version, definition_of
from fundapp.queries.ledger import tags_of

S = TieSource
Beside = type[ApplicationHelper] | type[FiscalHost] | type[Partner]

# houses in which everybody can have an address: sharing one says nothing
OPEN_TO_ALL = frozenset(
    {
        "aol.com",
        "btinternet.com",
        "duck.com",
        "email.com",
        "example.com",
        "example.net",
        "example.org",
        "fastmail.com",
        "gmail.com",
        "gmx.com",
        "gmx.net",
        "googlemail.com",
        "hey.com",
        "hotmail.co.uk",
        "hotmail.com",
        "hotmail.es",
        "hotmail.fr",
        "i.ua",
        "icloud.com",
        "live.co.uk",
        "live.com",
        "mac.com",
        "mail.com",
        "mail.ru",
        "me.com",
        "meta.ua",
        "msn.com",
        "outlook.com",
        "outlook.es",
        "pm.me",
        "posteo.net",
        "proton.me",
        "protonmail.com",
        "sky.com",
        "talktalk.net",
        "tuta.com",
        "tutanota.com",
        "ukr.net",
        "virginmedia.com",
        "yahoo.co.uk",
        "yahoo.com",
        "yahoo.es",
        "yandex.ru",
        "ymail.com",
        "zoho.com",
    }
)


@dataclass(frozen=True)
class KnownTie:
    user_id: UUID
    organisation_id: UUID
    source: TieSource


def find_known_ties(call: Call, organisations: Iterable[UUID] | None, *, now: datetime) -> Iterator[KnownTie]:
    """The weightier source of a pair comes first. With organisations only these are looked at."""
    search = _Search(call, organisations, now)
    yield from search.by_membership()
    yield from search.by_applications()
    yield from search.by_what_is_shared()
    yield from search.by_registers()
    yield from search.by_the_past()
    yield from search.by_ring_fence()


class _Search:
    def __init__(self, call: Call, organisations: Iterable[UUID] | None, now: datetime) -> None:
        self.call = call
        self.rules = definition_of(current_version(call))
        self.since = now - timedelta(days=366 * self.rules.panel.conflict_years)
        self.taking_part = sa.select(Application.id).where(
            Application.call_id == call.id, Application.status.not_in(NOT_ASKED)
        )
        groups = sa.union(
            sa.select(Application.organisation_id).where(Application.id.in_(self.taking_part)),
            sa.select(PartnerShare.organisation_id).where(PartnerShare.application_id.in_(self.taking_part)),
        )
        self.wanted = groups if organisations is None else list(organisations)
        seats = sa.select(PanelSeat).join(Panel).where(Panel.call_id == call.id).subquery()
        self.people = sa.union(
            sa.select(seats.c.user_id), sa.select(FundRole.user_id).where(FundRole.fund_id == call.fund_id)
        )
        self.member = sa.select(OrganisationMember.user_id, OrganisationMember.organisation_id).where(
            OrganisationMember.user_id.in_(self.people)
        )
        self.nominated = sa.select(seats.c.user_id, seats.c.nominated_by_id).where(
            seats.c.nominated_by_id.is_not(None)
        )
        self.circles = sa.union(self.member, self.nominated).subquery()

    @cached_property
    def groups(self) -> Mapping[UUID, Organisation]:
        """Groups and partners that take part and are wanted."""
        query = sa.select(Organisation).where(Organisation.id.in_(self.wanted)).order_by(Organisation.id)
        return {each.id: each for each in db.session.execute(query).scalars()}

    @cached_property
    def own(self) -> Mapping[UUID, set[UUID]]:
        """People by the organisation they belong to or were nominated by."""
        found: dict[UUID, set[UUID]] = defaultdict(set)
        for user_id, organisation_id in db.session.execute(sa.select(self.circles)):
            found[organisation_id].add(user_id)
        return found

    def by_membership(self) -> Iterator[KnownTie]:
        for source, query in ((S.MEMBER, self.member), (S.NOMINATED, self.nominated)):
            for user_id, organisation_id in db.session.execute(query.distinct()):
                if organisation_id in self.groups:
                    yield KnownTie(user_id, organisation_id, source)

    def by_applications(self) -> Iterator[KnownTie]:
        """Who helps, hosts or is a partner here, alone or through an organisation."""
        yield from self._beside(self.taking_part, lambda source: source)

    def by_the_past(self) -> Iterator[KnownTie]:
        """The same in earlier calls, and who has left a group, within the call's years."""
        before = sa.select(Application.id).where(
            Application.call_id != self.call.id,
            Application.organisation_id.in_(self.wanted),
            sa.func.coalesce(Application.submitted_at, Application.created_at) >= self.since,
        )
        yield from self._beside(before, lambda _source: S.PAST)
        left = sa.select(Event.subject_id, Event.details).where(
            Event.subject_kind == "organisation", Event.step == "remove_member", Event.at >= self.since
        )
        people = {str(each): each for each in db.session.execute(self.people).scalars()}
        for organisation_id, details in db.session.execute(left.order_by(Event.number)):
            user_id = people.get(str(details.get("person")))
            if user_id is not None and organisation_id in self.groups:
                yield KnownTie(user_id, organisation_id, S.PAST)

    def _beside(self, applications: sa.Select[UUID], source_of: Any) -> Iterator[KnownTie]:
        theirs = sa.select(self.circles.c.user_id, Application.organisation_id).select_from(self.circles)
        fellow_helped = (
            theirs.join(
                OrganisationMember, OrganisationMember.organisation_id == self.circles.c.organisation_id
            )
            .join(ApplicationHelper, ApplicationHelper.user_id == OrganisationMember.user_id)
            .join(Application, Application.id == ApplicationHelper.application_id)
        )
        queries = {
            S.HELPER: self._person_beside(ApplicationHelper),
            S.HELPER_OF_NOMINATOR: fellow_helped,
            S.HELPING_ORGANISATION: self._organisation_beside(ApplicationHelper),
            S.HOST: self._person_beside(FiscalHost),
            S.HOSTING_ORGANISATION: self._organisation_beside(FiscalHost),
            S.PARTNER: self._person_beside(Partner),
            S.PARTNER_ORGANISATION: self._organisation_beside(Partner),
        }
        for source, query in queries.items():
            links = query.where(Application.id.in_(applications)).distinct()
            for user_id, organisation_id in db.session.execute(links):
                if organisation_id in self.groups:
                    yield KnownTie(user_id, organisation_id, source_of(source))

    def _person_beside(self, beside: Beside) -> sa.Select[Any, Any]:
        return (
            sa.select(beside.user_id, Application.organisation_id)
            .join(Application, Application.id == beside.application_id)
            .where(beside.user_id.in_(self.people))
        )

    def _organisation_beside(self, beside: Beside) -> sa.Select[Any, Any]:
        return (
            sa.select(self.circles.c.user_id, Application.organisation_id)
            .select_from(self.circles)
            .join(beside, beside.organisation_id == self.circles.c.organisation_id)
            .join(Application, Application.id == beside.application_id)
        )

    def by_what_is_shared(self) -> Iterator[KnownTie]:
        """A bank statement, a number in a register, somebody on both sides, or a mail house of one's own."""
        own, theirs = aliased(OrganisationDocument), aliased(OrganisationDocument)
        own_file, their_file = aliased(StoredFile), aliased(StoredFile)
        statement = (
            sa.select(own.organisation_id, theirs.organisation_id)
            .join(own_file, own_file.id == own.file_id)
            .join(their_file, their_file.sha256 == own_file.sha256)
            .join(theirs, theirs.file_id == their_file.id)
            .where(
                own.kind == DocumentKind.BANK,
                theirs.kind == DocumentKind.BANK,
                own_file.status == FileStatus.CLEAN,
            )
        )
        ours, group = aliased(Organisation), aliased(Organisation)
        number = sa.select(ours.id, group.id).where(
            ours.id != group.id,
            sa.or_(ours.charity_number == group.charity_number, ours.company_number == group.company_number),
        )
        mine, fellow = aliased(OrganisationMember), aliased(OrganisationMember)
        person = sa.select(mine.organisation_id, fellow.organisation_id).where(mine.user_id == fellow.user_id)
        sides = {
            S.SHARED_ACCOUNT: (statement, own.organisation_id, theirs.organisation_id),
            S.SAME_REGISTER: (number, ours.id, group.id),
            S.SHARED_MEMBER: (person, mine.organisation_id, fellow.organisation_id),
        }
        for source, (query, one, other) in sides.items():
            limited = query.where(one.in_(sa.select(self.circles.c.organisation_id)), other.in_(self.wanted))
            for organisation_id, group_id in db.session.execute(limited.distinct()):
                if organisation_id != group_id:
                    for user_id in self.own.get(organisation_id, ()):
                        yield KnownTie(user_id, group_id, source)
        yield from self._by_mail_house()

    def _by_mail_house(self) -> Iterator[KnownTie]:
        ours = sa.select(User.id, User.email).where(User.id.in_(self.people))
        people: dict[str, list[UUID]] = defaultdict(list)
        for user_id, email in db.session.execute(ours):
            people[_house(email)].append(user_id)
        theirs = (
            sa.select(OrganisationMember.organisation_id, User.email)
            .join(User, User.id == OrganisationMember.user_id)
            .where(OrganisationMember.organisation_id.in_(self.wanted))
        )
        for organisation_id, email in db.session.execute(theirs.distinct()):
            if _house(email) not in OPEN_TO_ALL:
                for user_id in people.get(_house(email), ()):
                    yield KnownTie(user_id, organisation_id, S.MAIL_HOUSE)

    def by_registers(self) -> Iterator[KnownTie]:
        """Groups that a member named in the register before any name was shown to them."""
        query = (
            sa.select(PanelSeat.user_id, InterestRegister.lines)
            .join(PanelSeat, PanelSeat.id == InterestRegister.seat_id)
            .join(Panel, Panel.id == PanelSeat.panel_id)
            .where(Panel.call_id == self.call.id)
            .order_by(InterestRegister.id)
        )
        for user_id, lines in db.session.execute(query):
            for source in DECLARED_IN_GENERAL:
                written = str(lines.get(source.value) or "")
                for organisation in self.groups.values():
                    if written and names(written, organisation):
                        yield KnownTie(user_id, organisation.id, source)

    def by_ring_fence(self) -> Iterator[KnownTie]:
        """People whose own organisation asks for the same protected money in the same round."""
        applying = sa.select(Application.organisation_id).where(Application.id.in_(self.taking_part))
        if not self.own or not set(self.own) & set(db.session.execute(applying).scalars()):
            return
        protected = {
            rule.key: S.SAME_SET_ASIDE if rule.kind is RingFenceKind.SET_ASIDE else S.SAME_RING_FENCE
            for rule in self.rules.ring_fences
            if rule.measure is Measure.VALUE and rule.kind is not RingFenceKind.CAP
        }
        rounds: dict[UUID, list[_Claim]] = defaultdict(list)
        requests, groups = load_requests(self.call)
        for request in requests:
            for part in request.parts if request.status not in NOT_ASKED else ():
                sure, maybe = tags_of(self.rules, groups.get(part.organisation_id), request.purpose)
                rounds[request.round_id].append(
                    _Claim(request.application_id, part.organisation_id, sure | maybe)
                )
        pairs = (
            (mine, theirs)
            for claims in rounds.values()
            for mine in claims
            if mine.organisation in self.own
            for theirs in claims
        )
        for mine, theirs in pairs:
            shared = [protected[tag] for tag in sorted(mine.tags & theirs.tags) if tag in protected]
            if shared and mine.application != theirs.application and theirs.organisation in self.groups:
                source = S.SAME_SET_ASIDE if S.SAME_SET_ASIDE in shared else S.SAME_RING_FENCE
                for user_id in self.own.get(mine.organisation, ()):
                    yield KnownTie(user_id, theirs.organisation, source)


@dataclass(frozen=True)
class _Claim:
    """What one organisation asks for counts, or may count, for these ring-fences."""

    application: UUID
    organisation: UUID
    tags: frozenset[str]


DECLARED_IN_GENERAL = (S.EMPLOYER, S.COMMITTEE, S.FAMILY, S.PARTNER, S.SUPPLIER, S.PAST)


def names(written: str, organisation: Organisation) -> bool:
    """Whether a text names this group: its name as whole words, or its number in a register.

    A name of one word must stand alone between commas or lines, or "Hope" would be found everywhere.
    """
    words, name = _words(written), _words(organisation.name)
    numbers = [_words(each) for each in (organisation.charity_number, organisation.company_number) if each]
    if any(len(number) == 1 and number[0] in words for number in numbers):
        return True
    if len(name) > 1:
        return any(words[at : at + len(name)] == name for at in range(len(words) - len(name) + 1))
    return bool(name) and any(_words(item) == name for item in re.split(r"[\n,;/،؛]", written))


def _words(text: str) -> tuple[str, ...]:
    return tuple(re.findall(r"\w+", unicodedata.normalize("NFKC", text).casefold()))


def _house(email: str) -> str:
    return email.rpartition("@")[2].lower()
