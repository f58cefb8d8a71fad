"""Where a call hides names, nothing a reader can open says who has applied, and the fund makes the copies.

Every page of the route matrix that a member may open is compared byte for byte in two worlds that differ only
in who the group is. The page on which ties are declared is the one that names groups; it names no numbers.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from fundapp.clock import utcnow
from fundapp.lifecycles import ApplicationStatus, TranscriptStatus
from fundapp.models.answer_media import AnswerMedia, AnswerOrigin, OriginKind, TranscriptBy
from fundapp.models.application import Answer, Application, Clarification
from fundapp.models.award import Award, Ratification
from fundapp.models.file import StoredFile
from fundapp.models.panel import ConflictOfInterest, Panel, PanelSeat, ReviewAssignment
from fundapp.models.redaction import RedactedCopy
from fundapp.models.translation import AnswerTranslation
from fundapp.models.user import User
from fundapp.queries.redaction import first_text, names_in, pieces_of
from fundapp.services.redaction import save_copy
from tests.database.web.test_canaries import readable
from tests.database.web.test_ties_leave_no_trace import CHANGING, differing
from tests.factories import (
    ClarificationTranslationFactory,
    ConflictFactory,
    InterestRegisterFactory,
    OrganisationFactory,
    OrganisationMemberFactory,
    PartnerShareFactory,
    UserFactory,
    days,
)
from tests.guards.test_routes import ROWS, path_of
from tests.guards.world import World, build_world
from tests.published import dated
from tests.sign_in import signed_in_client

A = ApplicationStatus
NAMING = "panel.conflicts"  # before any paper: whom do you know?


class Blind:
    """The world of the routes, read without names: told once by `identity`, and again by another one."""

    def __init__(self, session: Any) -> None:
        self.session = session
        self.world: World = build_world(session)
        ids = self.world.ids
        self.application: Application = session.get(Application, ids["application_id"])
        self.panel: Panel = session.get(Panel, ids["panel_id"])
        self.panel.names_are_hidden = True
        dated(
            self.panel.round,
            scoring_opens_at=days(-5),
            scoring_closes_at=days(5),
            panel_meets_at=days(10),
            told_at=days(20),
        )
        self.application.status = A.IN_REVIEW
        session.get(Award, ids["award_id"]).status = "withdrawn"
        session.delete(session.query(Ratification).filter_by(round_id=self.application.round_id).one())
        self.partner = OrganisationFactory()
        PartnerShareFactory(application=self.application, organisation=self.partner, amount=100)
        self.member: User = OrganisationMemberFactory(
            organisation=self.application.organisation, user=UserFactory()
        ).user
        self.media: AnswerMedia = session.get(AnswerMedia, ids["recording_id"])
        self.answer: Answer = self.media.answer
        self.clarification: Clarification = session.get(Clarification, ids["clarification_id"])
        self.translation = session.get(AnswerTranslation, ids["translation_id"])
        self.heard = ClarificationTranslationFactory(clarification=self.clarification)
        self.origin = AnswerOrigin(answer_id=self.answer.id, rev=1, kind=OriginKind.PASTED, noted_at=utcnow())
        seat = session.query(PanelSeat).filter_by(user_id=self.world.people["panel"].id).one()
        InterestRegisterFactory(seat=seat)
        session.add(self.origin)

    def identity(self, group: str, partner: str, person: str) -> list[str]:
        """Who they are, in every place that could say so, and a copy made from it as the fund makes it."""
        self.application.organisation.name, self.partner.name, self.member.name = group, partner, person
        self.answer.value, self.answer.language = f"{group} and {partner} meet. Ask {person}.", "en"
        self.media.transcript, self.media.transcript_by = f"I am {person} of {group}.", TranscriptBy.GROUP
        self.media.status, self.media.transcript_rev = TranscriptStatus.TRANSCRIBED, 1
        self.media.file.original_name = f"{group}.mp3"
        self.clarification.question = f"Does {partner} hold the key?"
        self.clarification.answer, self.clarification.answered_at = f"No, {person} does.", days(-1)
        self.translation.text, self.translation.made_by_name = f"Somos {group}.", person
        self.heard.text, self.heard.made_by_name = f"No: {person} of {group}.", person
        self.heard.objection, self.heard.objected_at = f"We are {group}.", days(-1)
        self.origin.pasted_from = group
        self.session.flush()
        self.session.expire(self.application)
        self.confirm()
        return [group, partner, person]

    def confirm(self) -> None:
        names = names_in(self.application)
        texts = {each.key: first_text(each, names) for each in pieces_of(self.application)}
        known = self.application.redacted_copy
        save_copy(
            self.application,
            texts,
            seen={each.key: each.digest for each in pieces_of(self.application)},
            version=known.version if known else 0,
            is_confirmed=True,
            actor=self.world.people["manager"],
            now=utcnow(),
        )
        self.session.flush()
        self.session.expire(self.application)


def seen_by_reader(app: Flask, blind: Blind, count_queries: Callable[[], Any]) -> dict[str, Any]:
    browser, found = signed_in_client(app, blind.world.people["panel"]), {}
    for row in ROWS:
        if row["method"] != "GET" or row["panel"] != "ok" or row["anon"] == "ok" or row["endpoint"] == NAMING:
            continue
        with count_queries() as queries:
            page = browser.get(path_of(app, row["endpoint"], "GET", blind.world.ids))
        answer = f"{page.headers}\n{readable(page.data)}"
        for changing in CHANGING:
            answer = changing.sub("", answer)
        found[row["endpoint"]] = (page.status_code, answer, queries.number)
    return found


@pytest.fixture
def blind(db_session: Any) -> Blind:
    return Blind(db_session)


ONE = ("Amani House", "Hope Kitchen", "Halima Yusuf")
OTHER = ("Long River Association of Elders", "The Sewing Room", "Sam Okonkwo-Reed")


def test_two_worlds_that_differ_in_who_the_group_is_are_the_same_for_a_reader(
    app: Flask, blind: Blind, count_queries: Callable[[], Any]
) -> None:
    names = blind.identity(*ONE)
    before = seen_by_reader(app, blind, count_queries)
    names += blind.identity(*OTHER)
    after = seen_by_reader(app, blind, count_queries)

    assert differing(before, after) == {}
    everything = "\n".join(each[1] for each in (*before.values(), *after.values()))
    assert [name for name in names if name in everything] == []
    assert [each[0] for each in before.values()].count(200) >= 8
    assert "[…] and […] meet. Ask […]." in before["panel.criterion"][1] + before["panel.read"][1]


def test_comparison_finds_names_once_the_panel_meets(
    app: Flask, blind: Blind, count_queries: Callable[[], Any]
) -> None:
    dated(blind.panel.round, panel_meets_at=days(-1))
    blind.identity(*ONE)
    before = seen_by_reader(app, blind, count_queries)
    blind.identity(*OTHER)

    assert len(differing(before, seen_by_reader(app, blind, count_queries))) >= 4


def test_page_that_names_groups_names_no_number(app: Flask, blind: Blind) -> None:
    names = blind.identity(*ONE)
    page = signed_in_client(app, blind.world.people["panel"]).get(f"/en/panels/{blind.panel.id}/ties")

    assert names[0] in page.text
    assert not re.search(r"Application \d", page.text)
    assert str(blind.world.ids["assignment_id"]) not in page.text


def test_text_nobody_has_read_for_names_is_not_shown(app: Flask, blind: Blind) -> None:
    blind.identity(*ONE)
    blind.answer.value, blind.clarification.answer = "We are Amani House!", "Amani House says yes."
    browser = signed_in_client(app, blind.world.people["panel"])
    sheet = f"/en/readings/{blind.world.ids['assignment_id']}"

    pages = [browser.get(sheet).text, *(browser.get(f"{sheet}/criteria/C{n}").text for n in range(1, 6))]

    assert "Amani House" not in "".join(pages)
    assert "[…] and […] meet." in "".join(pages)


def test_file_of_a_group_is_not_for_readers_before_the_panel_meets(app: Flask, blind: Blind) -> None:
    blind.identity(*ONE)
    file = blind.session.get(StoredFile, blind.media.file_id)
    browser = signed_in_client(app, blind.world.people["panel"])

    hidden = browser.get(f"/files/{file.id}").status_code
    dated(blind.panel.round, panel_meets_at=days(-1))
    shown = browser.get(f"/files/{file.id}").status_code

    assert (hidden, shown) == (404, 200)


def test_somebody_who_recognises_a_group_says_so_and_is_not_told_whom(app: Flask, blind: Blind) -> None:
    blind.identity(*ONE)
    browser = signed_in_client(app, blind.world.people["panel"])
    address = f"/en/readings/{blind.world.ids['assignment_id']}/tie"
    ties = f"/en/panels/{blind.panel.id}/ties"
    before = browser.get(ties).text

    form = browser.get(address).text
    sent = browser.post(address, data={"group": "this", "response": "no_scoring", "reason": "Neighbours"})
    after = browser.get(ties).text

    assert str(blind.application.organisation_id) not in form
    assert sent.status_code == 302
    assert _without_tokens(after) == _without_tokens(before)
    assert blind.session.get(ReviewAssignment, blind.world.ids["assignment_id"]).voided_at is not None
    assert blind.session.query(ConflictOfInterest).filter_by(source="recognised").count() == 2


def test_tie_of_a_recognised_group_is_noted_for_each_partner_and_changes_no_known_tie(
    app: Flask, blind: Blind
) -> None:
    blind.identity(*ONE)
    reader: User = blind.world.people["panel"]
    ConflictFactory(
        user_id=reader.id,
        call_id=blind.panel.call_id,
        organisation_id=blind.partner.id,
        response="note",
        source="declared",
    )
    browser = signed_in_client(app, reader)
    ties = f"/en/panels/{blind.panel.id}/ties"
    before = browser.get(ties).text

    browser.post(
        f"/en/readings/{blind.world.ids['assignment_id']}/tie",
        data={"group": "this", "response": "leave_room", "reason": "Neighbours"},
    )

    found = blind.session.query(ConflictOfInterest).filter_by(user_id=reader.id).populate_existing()
    assert {(each.organisation_id, each.source, each.response) for each in found} == {
        (blind.application.organisation_id, "recognised", "leave_room"),
        (blind.partner.id, "declared", "leave_room"),
    }
    assert blind.partner.name in before
    assert _without_tokens(browser.get(ties).text) == _without_tokens(before)


def _without_tokens(page: str) -> str:
    for changing in CHANGING:
        page = changing.sub("", page)
    return re.sub(r"\s+", " ", page)


def boxes_of(page: str) -> dict[str, str]:
    """What stands in the boxes, and which originals stand beside them."""
    boxes = dict(re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>\s*([^<]*)</textarea>', page))
    return boxes | dict(re.findall(r'name="(of-[^"]+)" value="([^"]+)"', page))


def test_text_that_changed_while_it_was_read_is_not_confirmed_unread(app: Flask, blind: Blind) -> None:
    blind.identity(*ONE)
    browser = signed_in_client(app, blind.world.people["manager"])
    address = f"/en/fund/applications/{blind.application.id}/copy"
    page = browser.get(address).text
    version = re.search(r'name="version" value="(\d+)"', page)
    assert version
    sent = boxes_of(page) | {"version": version[1], "go": "confirm", "answer-Q2": "We meet on Fridays."}
    blind.answer.value = "Amani House of Halima Road sings."
    blind.session.flush()

    refused = browser.post(address, data=sent)
    again = browser.post(address, data=sent | boxes_of(refused.text))

    assert refused.status_code == 409
    assert ("We meet on Fridays." in refused.text, "Halima Road" in refused.text) == (True, True)
    assert again.status_code == 302


def test_fund_makes_a_copy_on_a_page_and_sees_how_far_all_are(app: Flask, blind: Blind) -> None:
    blind.identity(*ONE)
    blind.session.delete(blind.application.redacted_copy)
    blind.session.flush()
    blind.session.expire_all()
    browser = signed_in_client(app, blind.world.people["manager"])
    address = f"/en/fund/applications/{blind.application.id}/copy"
    listed = f"/en/fund/rounds/{blind.application.round_id}/copies"

    page = browser.get(address).text
    boxes = boxes_of(page)
    empty = browser.post(address, data=boxes | {"version": "0", "go": "confirm", "answer-Q2": " "})
    later = browser.post(address, data=boxes | {"version": "0", "go": "later", "answer-Q2": "We meet."})
    stale = browser.post(address, data=boxes | {"version": "0", "go": "confirm", "answer-Q2": "We sing."})
    started = browser.get(listed).text
    version = re.search(r'name="version" value="(\d+)"', browser.get(address).text)
    assert version
    done = browser.post(
        address, data=boxes | {"version": version[1], "go": "confirm", "answer-Q2": "We meet."}
    )

    assert boxes["answer-Q2"] == "[…] and […] meet. Ask […]."
    assert (empty.status_code, later.status_code, stale.status_code, done.status_code) == (422, 302, 409, 302)
    assert "We sing." in stale.text, "what was typed stays"
    assert ("Amani House" in started, bool(re.search(r"Application \d", started))) == (True, True)
    copy = (
        blind.session.query(RedactedCopy)
        .populate_existing()
        .filter_by(application_id=blind.application.id)
        .one()
    )
    assert (copy.passage("answer-Q2"), copy.confirmed_by_id) == ("We meet.", blind.world.people["manager"].id)
