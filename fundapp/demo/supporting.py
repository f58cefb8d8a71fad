"""Help besides money in the running call: what was read in the answers, and what groups say themselves."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from uuid import UUID

from fundapp.demo.calls import Scene
from fundapp.demo.words import read_words
from fundapp.models.support import Payer, SupportTopic
from fundapp.moments import LONDON
from fundapp.queries.applications import list_members_to_tell
from fundapp.queries.support_needs import NeedLine, is_told, list_needs
from fundapp.queries.support_offers import list_fitting
from fundapp.services.support_needs import note_topics
from fundapp.services.support_offers import OfferWords, add_offer, share_knowledge, suggest
from fundapp.services.support_sessions import SessionWords, plan_session, say_coming

SHOWN = "Kettle and Thread"
LEFT_TO_READ, COMING = 2, 5
READ_AS = (
    (SupportTopic.MONEY, SupportTopic.FUNDRAISING),
    (SupportTopic.PREMISES,),
    (SupportTopic.GOVERNANCE, SupportTopic.DIGITAL),
    (SupportTopic.WELLBEING, SupportTopic.EVIDENCE),
    (SupportTopic.LANGUAGES, SupportTopic.MONEY),
)


def offer_help(scene: Scene) -> None:
    """A few answers are left for whoever looks around."""
    manager = scene.people.staff.manager
    lines = list_needs(scene.call, reader=manager)
    for place, line in enumerate(lines[:-LEFT_TO_READ]):
        _note(line, place, scene)
    _offers(scene)
    _introduce(scene)
    _session(scene)


def _offers(scene: Scene) -> None:
    for line in read_words("support")["offers"]:
        words = OfferWords(**line | {"payer": Payer(line["payer"])})
        add_offer(scene.call, words, actor=scene.people.staff.manager, now=scene.now)


def _introduce(scene: Scene) -> None:
    """The group whose pages people look at hears of one offer and shares what it knows."""
    manager = scene.people.staff.manager
    lines = list_needs(scene.call, reader=manager)
    shown = next(line.application for line in lines if line.application.organisation.name == SHOWN)
    suggest(shown, UUID(list_fitting(shown, reader=manager)[0].match.key), actor=manager, now=scene.now)
    member = list_members_to_tell(shown)[0]
    share_knowledge(shown, [SupportTopic.PREMISES], actor=member, now=scene.now)


def _session(scene: Scene) -> None:
    """In two weeks; groups come, with and without a grant."""
    manager, words = scene.people.staff.manager, read_words("support")["session"]
    starts_at = datetime.combine((scene.now + timedelta(days=14)).date(), time(18, 30), LONDON)
    planned = SessionWords(**words | {"topic": SupportTopic(words["topic"]), "starts_at": starts_at})
    session = plan_session(scene.call, planned, actor=manager, now=scene.now)
    told = [line.application for line in list_needs(scene.call, reader=manager) if is_told(line.application)]
    shown = [each for each in told if each.organisation.name == SHOWN]
    needs = [*read_words("support")["needs"], *[""] * COMING]
    for place, application in enumerate([*shown, *(each for each in told if each not in shown)][:COMING]):
        member = list_members_to_tell(application)[0]
        say_coming(
            session, application, people=1 + place % 2, needs=needs[place], actor=member, now=scene.now
        )


def _note(line: NeedLine, place: int, scene: Scene) -> None:
    note_topics(
        line.application, READ_AS[place % len(READ_AS)], actor=scene.people.staff.manager, now=scene.now
    )
