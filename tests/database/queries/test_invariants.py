"""Every rule over the data holds on good data and finds the row that breaks it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from fundapp.clock import utcnow
from fundapp.db import Base
from fundapp.lifecycles import AwardStatus, CallStatus, ClawbackStatus, InstalmentStatus
from fundapp.models.agreement import AgreementSignature, AgreementText
from fundapp.models.answer_media import AnswerMedia
from fundapp.models.application import Application
from fundapp.models.award import Award, Exclusion, Instalment, Outcome, Ratification
from fundapp.models.bank import BankAccount
from fundapp.models.call import Call
from fundapp.models.codesign import CodesignPoint
from fundapp.models.codesign_voice import CodesignDecision, CodesignReply
from fundapp.models.document import OrganisationDocument
from fundapp.models.file import StoredFile
from fundapp.models.grant_plan import GrantVersionLine, Variation, VariationKind
from fundapp.models.harvested_outcome import OutcomePassage
from fundapp.models.meeting import Meeting, MeetingItem, MeetingPresence
from fundapp.models.monitoring import CheckIn, CheckInFile, Marker, MarkerLevel, MarkerReading, Story
from fundapp.models.panel import Panel, PanelSeat, ReviewAssignment
from fundapp.models.partnership import FiscalHost, Partner
from fundapp.models.practice import PracticeSample, PracticeSheet
from fundapp.models.redaction import RedactedCopy
from fundapp.models.story_circle import StoryCircle
from fundapp.models.support import SupportNeed, SupportOffer
from fundapp.models.support_session import SupportPlace
from fundapp.models.theme_code import CodedText, TextKind, ThemeTag, Turn
from fundapp.money_steps import VariationStatus
from fundapp.queries.invariants import INVARIANTS, broken_invariants
from fundapp.rights_steps import OutsideStatus
from fundapp.story_steps import StoryStatus
from tests.factories import (
    ApplicationFactory,
    AwardFactory,
    AwardShareFactory,
    BallotFactory,
    BreachFactory,
    CallFactory,
    CallVersionFactory,
    CheckInFactory,
    ClawbackFactory,
    CodedTextFactory,
    ConflictFactory,
    DecidedPlaceFactory,
    DecisionFactory,
    GrantLineFactory,
    GrantVersionFactory,
    InstalmentFactory,
    OutcomeFactory,
    OutsideRequestFactory,
    PanelFactory,
    PanelSeatFactory,
    PanelVoteFactory,
    ReviewFactory,
    RoundFactory,
    StoryFactory,
    UserFactory,
    VariationFactory,
    days,
)
from tests.grants import active_grant
from tests.guards.world import World, build_world

PENNY = Decimal("0.01")


@dataclass(frozen=True)
class Ours:
    """Good data of every kind, and an application of another call with all that comes with it."""

    session: Any
    world: World
    other: Application

    def one(self, model: Any) -> Any:
        query = sa.select(model).order_by(model.created_at, model.id).limit(1)
        return self.session.execute(query).scalar_one()

    def change(self, model: Any, **values: object) -> UUID:
        """In one row of the kind, past everything that would check it."""
        key: UUID = self.session.execute(sa.select(model.id).limit(1)).scalar_one()
        self.session.execute(sa.update(model).where(model.id == key).values(**values))
        return key

    def add(self, row: Base) -> UUID:
        self.session.add(row)
        self.session.flush()
        key: UUID = row.id  # type: ignore[attr-defined]
        return key


@pytest.fixture
def ours(db_session: Any) -> Ours:
    world = build_world(db_session)
    award = db_session.get(Award, world.ids["award_id"])
    planned = sum((each.amount for each in award.instalments), Decimal(0))
    InstalmentFactory(award=award, number=8, amount=award.amount - planned)
    other = ApplicationFactory(at_panel=True)
    db_session.flush()
    return Ours(db_session, world, other)


def coded_for_another_call(ours: Ours) -> UUID:
    ours.session.execute(sa.delete(ThemeTag))
    return ours.change(CodedText, call_id=ours.other.call_id)


def outcome_of_another_call(ours: Ours) -> UUID:
    award = ours.session.get(Award, ours.world.ids["award_id"])
    return OutcomeFactory(award=award, call=ours.other.call).id  # type: ignore[no-any-return]


def coded_for_another_grant(ours: Ours) -> UUID:
    ours.session.execute(sa.delete(OutcomePassage))
    return ours.change(CodedText, award_id=AwardFactory(application=ours.other).id)


def coded_conversation_elsewhere(ours: Ours) -> UUID:
    story: Story = ours.one(Story)
    check_in = CheckInFactory(award=AwardFactory(application=ours.other))
    coded = CodedTextFactory(
        story=None, award=story.award, kind=TextKind.CORRECTION, check_in=check_in, source="correction"
    )
    key: UUID = coded.id
    return key


def coded_recording_elsewhere(ours: Ours) -> UUID:
    here: CheckInFile = ours.one(CheckInFile)
    elsewhere = CheckInFactory(award=here.check_in.award, kind="month_18")
    coded = CodedTextFactory(
        story=None,
        award=elsewhere.award,
        kind=TextKind.RECORDING,
        check_in=elsewhere,
        check_in_file=here,
        source="recording",
    )
    key: UUID = coded.id
    return key


def moved_to_another_round(ours: Ours) -> UUID:
    key: UUID = ours.world.ids["application_id"]
    ours.session.execute(
        sa.update(Application).where(Application.id == key).values(round_id=ours.other.round_id)
    )
    return key


def seat_elsewhere(ours: Ours) -> UUID:
    key: UUID = PanelSeatFactory(panel=PanelFactory(call=ours.other.call)).id
    return key


def presence_elsewhere(ours: Ours) -> UUID:
    meeting = ours.one(Meeting)
    return ours.add(MeetingPresence(meeting_id=meeting.id, seat_id=seat_elsewhere(ours), came_at=utcnow()))


def sheet_elsewhere(ours: Ours) -> UUID:
    sample = ours.one(PracticeSample)
    return ours.add(PracticeSheet(sample_id=sample.id, seat_id=seat_elsewhere(ours), marks={}))


def ballot_elsewhere(ours: Ours) -> UUID:
    vote, seat = PanelVoteFactory(panel=ours.one(Panel)), ours.session.get(PanelSeat, seat_elsewhere(ours))
    key: UUID = BallotFactory(vote=vote, seat=seat).id
    return key


def copy_elsewhere(ours: Ours) -> UUID:
    return ours.add(
        RedactedCopy(application_id=ours.other.id, round_id=ours.one(Panel).round_id, number=1, shown={})
    )


def place_elsewhere(ours: Ours) -> UUID:
    key: UUID = DecidedPlaceFactory(round_id=ours.one(Panel).round_id, application_id=ours.other.id).id
    return key


def decision_elsewhere(ours: Ours) -> UUID:
    key: UUID = DecisionFactory(application=ours.other, round=ours.one(Panel).round).id
    return key


def reading_elsewhere(ours: Ours) -> UUID:
    marker = Marker(award_id=AwardFactory(application=ours.other).id, words="Quiet evenings")
    ours.add(marker)
    return ours.add(
        MarkerReading(marker_id=marker.id, check_in_id=ours.one(CheckIn).id, level=MarkerLevel.NOT_YET)
    )


def story_elsewhere(ours: Ours) -> UUID:
    award = AwardFactory(application=ours.other)
    return ours.change(Story, check_in_id=CheckInFactory(award=award).id)


def decide_on_a_point_elsewhere(ours: Ours) -> UUID:
    point = ours.one(CodesignPoint)
    return ours.add(
        CodesignDecision(
            call_id=ours.other.call_id,
            point_id=point.id,
            rule="consent",
            at_least=1,
            closes_at=utcnow() + timedelta(days=1),
        )
    )


def reply_elsewhere(ours: Ours) -> UUID:
    point = ours.one(CodesignPoint)
    elsewhere = CodesignPoint(
        call_id=ours.other.call_id,
        key="P1",
        session_key="s1",
        topic=point.topic,
        said_by=point.said_by,
        said=point.said,
        changed={},
    )
    ours.add(elsewhere)
    return ours.change(CodesignReply, point_id=elsewhere.id)


def pay_too_much(ours: Ours) -> UUID:
    assert ours.one(Instalment).status is InstalmentStatus.PAID
    return ours.change(Award, amount=Decimal(1))


def pay_before_the_agreement(ours: Ours) -> UUID:
    ours.change(Award, status="checks", accepted_at=None)
    return ours.one(Instalment).id  # type: ignore[no-any-return]


def ask_too_much_back(ours: Ours) -> UUID:
    award = ours.one(Award)
    ClawbackFactory(award=award, status=ClawbackStatus.PROPOSED, amount=award.amount)
    ClawbackFactory(award=award, status=ClawbackStatus.PROPOSED, amount=Decimal("0.01"))
    return award.id  # type: ignore[no-any-return]


def share_too_little(ours: Ours) -> UUID:
    award = ours.one(Award)
    AwardShareFactory(award=award, amount=award.amount - Decimal("0.01"))
    return award.id  # type: ignore[no-any-return]


def a_penny_too_little_in_a_version(ours: Ours) -> UUID:
    award = ours.one(Award)
    lines = [
        GrantVersionLine(line=GrantLineFactory(award_id=award.id, number=90), amount=award.amount - PENNY)
    ]
    variation = VariationFactory(
        award=award,
        kind=VariationKind.MOVE,
        status=VariationStatus.TOLD,
        ends_on=None,
        moved_days=None,
        reply_due_on=None,
    )
    made = GrantVersionFactory(award=award, number=90, variation_id=variation.id, lines=lines)
    return made.id  # type: ignore[no-any-return]


def agreed_without_a_version(ours: Ours) -> UUID:
    variation = VariationFactory(
        award=ours.one(Award),
        status=VariationStatus.AGREED,
        answer="Yes.",
        decided_at=days(-1),
    )
    return variation.id  # type: ignore[no-any-return]


def wish_of_a_grant_that_ended(ours: Ours) -> UUID:
    variation = ours.one(Variation)
    variation.award.status = AwardStatus.TERMINATED
    return variation.id  # type: ignore[no-any-return]


def a_penny_too_much(ours: Ours) -> UUID:
    award = ours.one(Award)
    InstalmentFactory(award=award, number=9, amount=Decimal("0.01"))
    return award.id  # type: ignore[no-any-return]


def grant_without_a_list(ours: Ours) -> UUID:
    key: UUID = AwardFactory(application=ours.other).id
    return key


def signed_without_a_list(ours: Ours) -> UUID:
    key: UUID = DecisionFactory(
        application=ours.other, outcome=Outcome.DECLINE, amount=None, ratified_at=utcnow()
    ).id
    return key


def yes_without_a_grant(ours: Ours) -> UUID:
    application = ApplicationFactory(call=ours.one(Panel).call, at_panel=True)
    key: UUID = DecisionFactory(application=application, ratified_at=utcnow()).id
    return key


def reserve_place_twice(ours: Ours) -> UUID:
    call = ours.one(Panel).call
    held = [
        DecisionFactory(
            application=ApplicationFactory(call=call, at_panel=True),
            outcome=Outcome.RESERVE,
            amount=None,
            reserve_position=1,
        )
        for _number in range(2)
    ]
    return held[0].id  # type: ignore[no-any-return]


def published_without_a_version(ours: Ours) -> UUID:
    return ours.add(Call(fund_id=ours.other.call.fund_id, code="NOTHING", status=CallStatus.OPEN))


def answered_in_a_draft(ours: Ours) -> UUID:
    """A call that opens without being published: its version can still change."""
    call = Call(fund_id=ours.other.call.fund_id, code="TOO-SOON", status=CallStatus.DRAFT)
    ours.add(call)
    frozen = ours.other.call_version
    version = CallVersionFactory(call=call, content=frozen.content, digest=frozen.digest, frozen_at=None)
    key: UUID = ApplicationFactory(
        call=call, round=RoundFactory(call=call, code="1", starts=days(-1)), call_version=version
    ).id
    return key


def held_by_nobody(ours: Ours) -> UUID:
    key: UUID = InstalmentFactory(award=ours.one(Award), number=9, status=InstalmentStatus.HELD).id
    return key


def recorded_by_others(ours: Ours) -> UUID:
    media = ours.one(AnswerMedia)
    ours.session.execute(
        sa.update(StoredFile)
        .where(StoredFile.id == media.file_id)
        .values(organisation_id=ours.other.organisation_id)
    )
    return media.id  # type: ignore[no-any-return]


def version_of_another_call(ours: Ours) -> UUID:
    call = ours.one(Panel).call
    key: UUID = ApplicationFactory(call=call, call_version=ours.other.call_version).id
    return key


def read_with_a_tie(ours: Ours) -> UUID:
    review = ReviewFactory(
        assignment=ReviewAssignment(
            seat=PanelSeatFactory(panel=PanelFactory(call=ours.other.call)),
            application=ours.other,
            order_key="a",
        ),
        locked_at=days(-1),
    )
    ConflictFactory(
        user=review.assignment.seat.user, call_id=ours.other.call_id, organisation=ours.other.organisation
    )
    return review.id  # type: ignore[no-any-return]


def given_something_else(ours: Ours) -> UUID:
    other = UserFactory().id
    request = OutsideRequestFactory(
        proposed_by_id=other, given="One name.", told_at=utcnow(), told_words="They asked."
    )
    request.agreed_by_id, request.release_digest = request.entered_by_id, "0" * 64
    request.ended_at, request.status = utcnow(), OutsideStatus.RELEASED
    return request.id  # type: ignore[no-any-return]


def slow_clock(ours: Ours) -> UUID:
    return BreachFactory(due_at=utcnow() + timedelta(hours=73)).id  # type: ignore[no-any-return]


def _unguarded(ours: Ours, model: type[Base], trigger: str, **values: object) -> UUID:
    """Changed although the database refuses it: as somebody could who owns the database."""
    table = model.__table__.name
    if ours.session.get_bind().dialect.name == "sqlite":
        ours.session.execute(sa.text(f"DROP TRIGGER {trigger}"))
    else:
        ours.session.execute(sa.text(f"ALTER TABLE {table} DISABLE TRIGGER {trigger}"))
    return ours.change(model, **values)


def begun_before_all_have_signed(ours: Ours) -> UUID:
    text = ours.one(AgreementText)
    text.award.agreement_digest = text.digest
    return text.award_id  # type: ignore[no-any-return]


# Each breaks its rule and says which row it broke. Others may be broken by the same change.
CORRUPTIONS: dict[str, Callable[[Ours], UUID]] = {
    "signed_what_was_read": lambda ours: _unguarded(
        ours, AgreementSignature, "agreement_signature_frozen", digest="f" * 64
    ),
    "agreement_is_as_signed": lambda ours: _unguarded(
        ours, AgreementText, "agreement_text_frozen", content="{}"
    ),
    "signed_before_paid": begun_before_all_have_signed,
    "application_round": moved_to_another_round,
    "application_version": version_of_another_call,
    "award_call": lambda ours: ours.change(Award, call_id=ours.other.call_id),
    "award_round": lambda ours: ours.change(Award, round_id=ours.other.round_id),
    "award_group": lambda ours: ours.change(Award, organisation_id=ours.other.organisation_id),
    "decision_round": decision_elsewhere,
    "decided_place_round": place_elsewhere,
    "exclusion_round": lambda ours: ours.change(Exclusion, other_id=ours.other.id),
    "ratification_call": lambda ours: ours.change(Ratification, call_id=ours.other.call_id),
    "panel_call": lambda ours: ours.change(Panel, call_id=ours.other.call_id),
    "assignment_round": lambda ours: ours.change(ReviewAssignment, application_id=ours.other.id),
    "meeting_item_round": lambda ours: ours.change(MeetingItem, application_id=ours.other.id),
    "presence_panel": presence_elsewhere,
    "ballot_panel": ballot_elsewhere,
    "practice_panel": sheet_elsewhere,
    "copy_round": copy_elsewhere,
    "partner_round": lambda ours: ours.change(Partner, round_id=ours.other.round_id),
    "host_invitation": lambda ours: ours.change(FiscalHost, application_id=ours.other.id),
    "recording_group": recorded_by_others,
    "document_group": lambda ours: ours.change(
        OrganisationDocument, organisation_id=ours.other.organisation_id
    ),
    "check_in_file_group": lambda ours: ours.change(
        CheckInFile, check_in_id=CheckInFactory(award=AwardFactory(application=ours.other)).id
    ),
    "statement_group": lambda ours: ours.change(
        BankAccount,
        statement_id=ours.one(OrganisationDocument).id,
        award_id=AwardFactory(application=ours.other).id,
    ),
    "marker_award": reading_elsewhere,
    "story_award": story_elsewhere,
    "reply_call": reply_elsewhere,
    "codesign_decision_call": decide_on_a_point_elsewhere,
    "instalments_add_up": a_penny_too_much,
    "versions_add_up": a_penny_too_little_in_a_version,
    "agreed_has_version": agreed_without_a_version,
    "wish_of_running_grant": wish_of_a_grant_that_ended,
    "paid_within_grant": pay_too_much,
    "shares_add_up": share_too_little,
    "asked_back_was_paid": ask_too_much_back,
    "paid_after_agreement": pay_before_the_agreement,
    "hold_has_begun": held_by_nobody,
    "grant_is_signed": grant_without_a_list,
    "signed_with_list": signed_without_a_list,
    "yes_has_grant": yes_without_a_grant,
    "reserve_places": reserve_place_twice,
    "published_is_frozen": published_without_a_version,
    "answered_in_frozen": answered_in_a_draft,
    "no_tied_reader": read_with_a_tie,
    "given_as_agreed": given_something_else,
    "breach_clock": slow_clock,
    "room_for_all": lambda ours: ours.change(SupportPlace, people=1000),
    "no_means_no": lambda ours: ours.change(SupportNeed, wants_none=True, said_at=utcnow()),
    "offer_of_the_call": lambda ours: ours.change(SupportOffer, call_id=CallFactory().id),
    "chosen_was_read": lambda ours: ours.change(StoryCircle, story_id=StoryFactory().id),
    "story_has_consent": lambda ours: ours.change(Story, status=StoryStatus.CONSENTED),
    "coded_text_call": coded_for_another_call,
    "coded_story_award": coded_for_another_grant,
    "coded_check_in_award": coded_conversation_elsewhere,
    "coded_recording": coded_recording_elsewhere,
    "outcome_call": outcome_of_another_call,
    "one_in_five_drawn": lambda ours: ours.change(CodedText, number=5),
    "marked_in_turn": lambda ours: ours.change(ThemeTag, turn=Turn.SECOND),
}


def test_rules_hold_on_good_data(ours: Ours) -> None:
    assert [invariant.name for invariant, _ids in broken_invariants()] == []


@pytest.mark.parametrize("amount", ["98765.43", "91234.57", "90000.01", "89999.99", "79749.50", "30000.07"])
def test_payments_with_pennies_add_up(db_session: Any, amount: str) -> None:
    active_grant(amount=amount, income="150000.00")

    assert [invariant.name for invariant, _ids in broken_invariants() if "add_up" in invariant.name] == []


def test_there_are_thirty_rules_and_each_has_its_corruption() -> None:
    names = [invariant.name for invariant in INVARIANTS]

    assert len(names) >= 30
    assert sorted(names) == sorted(CORRUPTIONS)


@pytest.mark.parametrize("name", CORRUPTIONS)
def test_broken_row_is_found(ours: Ours, name: str) -> None:
    broken = CORRUPTIONS[name](ours)
    ours.session.flush()

    found = {invariant.name: ids for invariant, ids in broken_invariants()}

    assert broken in found.get(name, []), f"{name} does not see it: {found}"
