"""The panel's list: proposal, moves by hand, signing, the reserve list, telling everybody."""

from __future__ import annotations

from decimal import Decimal

import pytest
import sqlalchemy as sa

from fundapp.clock import utcnow
from fundapp.db import db
from fundapp.errors import NotAllowed, NotPossibleNow, StaleVersion
from fundapp.lifecycles import ApplicationStatus, AwardStatus, CallStatus, ClaimStatus
from fundapp.models.award import Award, Decision, Feedback, Instalment, Outcome
from fundapp.models.fund import FundRoleKind
from fundapp.models.message import Message
from fundapp.models.organisation import ByAndForClaim, Community
from fundapp.queries.awards import get_board
from fundapp.queries.sign_off import Missing, readiness_of
from fundapp.services import feedback
from fundapp.services.decisions import (
    AmountOutside,
    Choice,
    ReasonNeeded,
    RoundIsRatified,
    decide,
    follow_the_rule,
    take_over_proposal,
)
from fundapp.services.events import move
from fundapp.services.feedback import prepare_feedback, write_feedback
from fundapp.services.ratification import NotReady, ratify
from fundapp.services.releases import FeedbackMissing, release_decisions
from fundapp.services.reserves import MoneyIsGone, award_from_reserve
from fundapp.services.wording import accept_sentences
from scoring.reasons import ReasonCode
from tests.board import (
    FAIR,
    GOOD,
    POOR,
    call_at_panel,
    manager_of,
    panel_of,
    read_application,
    round_of,
    with_money,
)
from tests.factories import ConflictFactory, FeedbackFactory, PartnerShareFactory, RoundFactory, days
from tests.ledger import group

pytestmark = pytest.mark.usefixtures("db_session")

AWARD, RESERVE, DECLINE = Outcome.AWARD, Outcome.RESERVE, Outcome.DECLINE


def outcomes(call) -> dict:
    rows = db.session.execute(sa.select(Decision).where(Decision.round_id == round_of(call).id)).scalars()
    return {row.application_id: row.outcome for row in rows}


def feedback_for(call, actor) -> None:
    for line in get_board(round_of(call), reader=actor).all_lines:
        write_feedback(
            line.application, strengths="Strong.", to_improve="Clearer costs.", actor=actor, now=utcnow()
        )


def feedback_of(application) -> Feedback:
    return db.session.execute(
        sa.select(Feedback).where(Feedback.application_id == application.id)
    ).scalar_one()


def test_take_over_follows_the_ranking_as_far_as_the_money_reaches() -> None:
    call = with_money(call_at_panel(), round_1=90_000)
    panel, manager = panel_of(call), manager_of(call)
    best, next_, last = (read_application(panel, levels) for levels in (GOOD, FAIR, (2, 3, 2, 2, 2)))

    changed = take_over_proposal(round_of(call), actor=manager, now=utcnow())

    assert changed == 3
    assert outcomes(call) == {best.id: AWARD, next_.id: AWARD, last.id: DECLINE}
    refused = db.session.execute(sa.select(Decision).where(Decision.application_id == last.id)).scalar_one()
    assert (refused.is_fundable, refused.rule_reason["code"]) == (True, ReasonCode.BUDGET_SPENT)


def test_application_below_a_minimum_is_not_proposed() -> None:
    call = call_at_panel()
    panel, manager = panel_of(call), manager_of(call)
    weak = read_application(panel, (1, 4, 4, 4, 4))

    take_over_proposal(round_of(call), actor=manager, now=utcnow())

    decision = db.session.execute(sa.select(Decision)).scalar_one()
    assert (decision.application_id, decision.outcome, decision.is_fundable) == (weak.id, DECLINE, False)
    assert decision.rule_reason == {"code": "minimum_missed", "criteria": ["C1"]}


def test_application_nobody_could_score_waits_for_the_panel() -> None:
    call = call_at_panel()
    panel, manager = panel_of(call), manager_of(call)
    read_application(panel, (None, 4, 4, 4, 4))

    take_over_proposal(round_of(call), actor=manager, now=utcnow())

    assert outcomes(call) == {}


def test_move_against_the_rule_needs_a_reason() -> None:
    call = with_money(call_at_panel(), round_1=50_000)
    panel, manager = panel_of(call), manager_of(call)
    read_application(panel, GOOD)
    second = read_application(panel, FAIR)

    with pytest.raises(ReasonNeeded):
        decide(second, Choice(AWARD), seen_version=0, actor=manager, now=utcnow())
    decide(
        second, Choice(AWARD, reason="The only one in the east."), seen_version=0, actor=manager, now=utcnow()
    )

    line = get_board(round_of(call), reader=manager).line_of(second.id)
    assert (line.decision.outcome, line.decision.amount, line.departs) == (AWARD, Decimal(40_000), True)


def test_proposal_keeps_what_the_panel_moved() -> None:
    call = with_money(call_at_panel(), round_1=50_000)
    panel, manager = panel_of(call), manager_of(call)
    best, second = read_application(panel, GOOD), read_application(panel, FAIR)
    choice = Choice(AWARD, reason="The only one in the east.")
    decide(second, choice, seen_version=0, actor=manager, now=utcnow())

    take_over_proposal(round_of(call), actor=manager, now=utcnow())

    assert outcomes(call) == {best.id: DECLINE, second.id: AWARD}


def test_following_the_rule_again_forgets_the_move() -> None:
    call = call_at_panel()
    panel, manager = panel_of(call), manager_of(call)
    application = read_application(panel, GOOD)
    moved = decide(
        application, Choice(DECLINE, reason="A concern."), seen_version=0, actor=manager, now=utcnow()
    )
    db.session.flush()

    follow_the_rule(application, seen_version=moved.version, actor=manager, now=utcnow())

    assert (moved.outcome, moved.is_by_hand, moved.reason) == (AWARD, False, "")


def test_second_tab_changes_nothing() -> None:
    call = call_at_panel()
    panel, manager = panel_of(call), manager_of(call)
    application = read_application(panel, GOOD)
    decide(application, Choice(AWARD), seen_version=0, actor=manager, now=utcnow())

    with pytest.raises(StaleVersion):
        decide(application, Choice(RESERVE, reason="Late."), seen_version=0, actor=manager, now=utcnow())

    assert outcomes(call) == {application.id: AWARD}


@pytest.mark.parametrize("amount", [Decimal(29_999), Decimal("40000.01")])
def test_amount_outside_strand_or_request_is_refused(amount: Decimal) -> None:
    call = call_at_panel()
    application = read_application(panel_of(call), GOOD)

    with pytest.raises(AmountOutside) as refused:
        decide(application, Choice(AWARD, amount), seen_version=0, actor=manager_of(call), now=utcnow())

    assert (refused.value.lowest, refused.value.highest) == (Decimal(30_000), Decimal(40_000))


def test_reserve_list_follows_the_ranking() -> None:
    call = with_money(call_at_panel(), round_1=10_000)
    panel, manager = panel_of(call), manager_of(call)
    best, worst, middle = (read_application(panel, levels) for levels in (GOOD, POOR, FAIR))

    for application in (worst, middle, best):
        decide(application, Choice(RESERVE), seen_version=0, actor=manager, now=utcnow())

    places = db.session.execute(
        sa.select(Decision.application_id, Decision.reserve_position).order_by(Decision.reserve_position)
    ).all()
    assert [tuple(place) for place in places] == [(best.id, 1), (middle.id, 2), (worst.id, 3)]


def test_conflicted_manager_neither_sees_nor_touches_nor_signs() -> None:
    call = call_at_panel()
    panel, manager = panel_of(call), manager_of(call)
    seen, hidden = read_application(panel, GOOD), read_application(panel, FAIR)
    partner = group(call, None)
    PartnerShareFactory(application=hidden, organisation=hidden.organisation, amount=30_000, is_lead=True)
    PartnerShareFactory(application=hidden, organisation=partner, amount=10_000)
    ConflictFactory(user=manager, call_id=call.id, organisation=partner)

    take_over_proposal(round_of(call), actor=manager, now=utcnow())

    board = get_board(round_of(call), reader=manager)
    assert [line.application.id for line in board.lines] == [seen.id]
    assert outcomes(call) == {seen.id: AWARD}
    with pytest.raises(NotAllowed):
        decide(hidden, Choice(DECLINE, reason="x"), seen_version=0, actor=manager, now=utcnow())
    with pytest.raises(NotReady) as refused:
        ratify(round_of(call), actor=manager, now=utcnow())
    assert {gap.what for gap in refused.value.readiness.gaps} == {Missing.CONFLICT, Missing.WITHOUT_DECISION}


def test_signing_makes_awards_reserves_and_refusals() -> None:
    call = with_money(call_at_panel(), round_1=130_000)
    panel, manager = panel_of(call), manager_of(call)
    best = read_application(panel, GOOD, strand="B", pounds=90_000)
    partner = group(call, ClaimStatus.NOT_MET)
    PartnerShareFactory(application=best, organisation=best.organisation, amount=60_000, is_lead=True)
    PartnerShareFactory(application=best, organisation=partner, amount=30_000)
    middle, last = read_application(panel, FAIR), read_application(panel, POOR)
    take_over_proposal(round_of(call), actor=manager, now=utcnow())
    line = get_board(round_of(call), reader=manager).line_of(last.id)
    decide(last, Choice(RESERVE), seen_version=line.decision.version, actor=manager, now=utcnow())

    ratification = ratify(round_of(call), actor=manager, now=utcnow())

    awards = db.session.execute(sa.select(Award).order_by(Award.amount.desc())).scalars().all()
    assert [(award.application_id, award.amount, award.status) for award in awards] == [
        (best.id, Decimal(90_000), AwardStatus.IN_PRINCIPLE),
        (middle.id, Decimal(40_000), AwardStatus.IN_PRINCIPLE),
    ]
    assert {share.organisation_id: share.amount for share in awards[0].shares} == {
        best.organisation_id: Decimal(60_000),
        partner.id: Decimal(30_000),
    }
    paid = sa.select(sa.func.sum(Instalment.amount)).where(Instalment.award_id == awards[0].id)
    assert db.session.execute(paid).scalar_one() == Decimal(90_000)
    assert [each.status for each in (best, middle, last)] == [
        ApplicationStatus.IN_PRINCIPLE,
        ApplicationStatus.IN_PRINCIPLE,
        ApplicationStatus.RESERVE,
    ]
    assert call.status is CallStatus.DECIDED
    assert ratification.figures["live"] == "130000.00"


def test_list_above_the_money_of_the_round_cannot_be_signed() -> None:
    call = with_money(call_at_panel(), round_1=50_000)
    panel, manager = panel_of(call), manager_of(call)
    for _number in range(2):
        decide(
            read_application(panel, GOOD),
            Choice(AWARD, reason="All of them."),
            seen_version=0,
            actor=manager,
            now=utcnow(),
        )

    with pytest.raises(NotReady) as refused:
        ratify(round_of(call), actor=manager, now=utcnow(), override_reason="We want to.")

    assert [reason.code for reason in refused.value.readiness.money] == [ReasonCode.BUDGET_PASSED]
    assert db.session.execute(sa.select(sa.func.count(Award.id))).scalar_one() == 0


def test_floor_is_checked_on_fresh_claims() -> None:
    call = call_at_panel()
    panel, manager = panel_of(call), manager_of(call)
    application = read_application(panel, GOOD)
    take_over_proposal(round_of(call), actor=manager, now=utcnow())
    claim = db.session.execute(
        sa.select(ByAndForClaim).where(
            ByAndForClaim.organisation_id == application.organisation_id,
            ByAndForClaim.community == Community.MIGRANT,
        )
    ).scalar_one()
    claim.status, claim.reason = ClaimStatus.NOT_MET, "Led by others."

    readiness = readiness_of(get_board(round_of(call), reader=manager))

    assert [(reason.code, reason.ring_fences) for reason in readiness.ring_fences] == [
        (ReasonCode.FLOOR_MISSED, ("MIGRANT",))
    ]


def test_only_the_right_person_goes_past_a_ring_fence() -> None:
    call = call_at_panel()
    panel, manager = panel_of(call), manager_of(call)
    admin = manager_of(call, FundRoleKind.ADMIN)
    application = read_application(panel, GOOD, migrant=None)
    decide(application, Choice(AWARD, reason="The only one."), seen_version=0, actor=manager, now=utcnow())

    with pytest.raises(NotReady):
        ratify(round_of(call), actor=admin, now=utcnow())
    with pytest.raises(NotAllowed):
        ratify(round_of(call), actor=manager, now=utcnow(), override_reason="We must.")
    ratification = ratify(
        round_of(call), actor=admin, now=utcnow(), override_reason="No other group works there."
    )

    assert ratification.override_reason == "No other group works there."
    assert db.session.execute(sa.select(sa.func.count(Award.id))).scalar_one() == 1


def test_signed_list_cannot_be_moved_or_signed_again() -> None:
    call = call_at_panel()
    panel, manager = panel_of(call), manager_of(call)
    application = read_application(panel, GOOD)
    take_over_proposal(round_of(call), actor=manager, now=utcnow())
    ratify(round_of(call), actor=manager, now=utcnow())

    with pytest.raises(RoundIsRatified):
        decide(application, Choice(DECLINE, reason="x"), seen_version=1, actor=manager, now=utcnow())
    with pytest.raises(RoundIsRatified):
        ratify(round_of(call), actor=manager, now=utcnow())


def reserve_after_signing(call, manager, pounds: int = 40_000):
    panel = panel_of(call)
    awarded = read_application(panel, GOOD)
    waiting = read_application(panel, FAIR, pounds=pounds)
    take_over_proposal(round_of(call), actor=manager, now=utcnow())
    line = get_board(round_of(call), reader=manager).line_of(waiting.id)
    decide(waiting, Choice(RESERVE), seen_version=line.decision.version, actor=manager, now=utcnow())
    ratify(round_of(call), actor=manager, now=utcnow())
    return awarded, waiting


def test_award_from_reserve_needs_free_money() -> None:
    call = with_money(call_at_panel(), round_1=50_000)
    manager = manager_of(call)
    awarded, waiting = reserve_after_signing(call, manager)

    with pytest.raises(MoneyIsGone) as refused:
        award_from_reserve(waiting, amount=None, actor=manager, now=utcnow())
    first = db.session.execute(sa.select(Award).where(Award.application_id == awarded.id)).scalar_one()
    first.status = AwardStatus.WITHDRAWN
    award = award_from_reserve(waiting, amount=None, actor=manager, now=utcnow())

    assert [reason.code for reason in refused.value.reasons] == [ReasonCode.BUDGET_PASSED]
    assert (award.amount, waiting.status) == (Decimal(40_000), ApplicationStatus.IN_PRINCIPLE)
    with pytest.raises(NotPossibleNow):
        award_from_reserve(waiting, amount=None, actor=manager, now=utcnow())


def test_everybody_is_told_once_and_only_with_feedback() -> None:
    call = with_money(call_at_panel(), round_1=50_000)
    manager = manager_of(call)
    groups = reserve_after_signing(call, manager)

    feedback_of(groups[1]).to_improve = ""
    with pytest.raises(FeedbackMissing):
        release_decisions(round_of(call), actor=manager, now=utcnow())
    feedback_for(call, manager)
    told = [release_decisions(round_of(call), actor=manager, now=utcnow()) for _number in range(2)]

    assert told == [2, 0]
    messages = db.session.execute(sa.select(Message).where(Message.kind == "decision_ready")).scalars().all()
    assert {message.arguments["application_id"] for message in messages} == {str(each.id) for each in groups}
    assert len(messages) == 2


def test_nobody_is_told_before_the_list_is_signed() -> None:
    call = call_at_panel()

    with pytest.raises(NotPossibleNow):
        release_decisions(round_of(call), actor=manager_of(call), now=utcnow())


def test_feedback_starts_from_the_readers_sentences() -> None:
    call = call_at_panel()
    panel, manager = panel_of(call), manager_of(call)
    application = read_application(panel, (4, 4, 2, 3, None), has_letter=False)
    decide(application, Choice(AWARD, reason="Talked about."), seen_version=0, actor=manager, now=utcnow())

    unread = prepare_feedback(round_of(call), actor=manager, now=utcnow())
    accept_sentences(round_of(call), actor=manager, now=utcnow())
    written = prepare_feedback(round_of(call), actor=manager, now=utcnow())

    feedback = db.session.execute(sa.select(Feedback)).scalar_one()
    assert (unread, written) == (0, 1)
    assert feedback.strengths == "A sentence about C1.\nA sentence about C2.\nA sentence about C4."
    assert feedback.to_improve == "A sentence about C3.\nA sentence about C5."


def test_feedback_that_somebody_writes_meanwhile_is_not_written_over(monkeypatch: pytest.MonkeyPatch) -> None:
    call = call_at_panel()
    panel, manager = panel_of(call), manager_of(call)
    application = read_application(panel, has_letter=False)
    decide(application, Choice(AWARD, reason="Talked about."), seen_version=0, actor=manager, now=utcnow())
    accept_sentences(round_of(call), actor=manager, now=utcnow())

    def lock_after_the_other(_model: object, _row_id: object) -> None:
        FeedbackFactory(application=application, strengths="By hand", to_improve="Too")

    monkeypatch.setattr(feedback, "lock_row", lock_after_the_other)
    written = prepare_feedback(round_of(call), actor=manager, now=utcnow())

    assert (written, db.session.execute(sa.select(Feedback.strengths)).scalar_one()) == (0, "By hand")


def test_second_round_takes_what_the_first_left() -> None:
    call = with_money(call_at_panel(), round_1=100_000)
    panel, manager = panel_of(call), manager_of(call)
    read_application(panel, GOOD)
    take_over_proposal(round_of(call), actor=manager, now=utcnow())
    ratify(round_of(call), actor=manager, now=utcnow())
    second = RoundFactory(call=call, code="2", starts=days(-20))
    db.session.expire(call, ["rounds"])

    board = get_board(second, reader=manager)

    assert board.setting.pot.round_pence == 272_000_000
    assert board.setting.pot.is_last


def test_group_that_withdraws_leaves_the_list_and_hears_nothing_more() -> None:
    call = with_money(call_at_panel(), round_1=90_000)
    panel, manager = panel_of(call), manager_of(call)
    gone, stays = read_application(panel, GOOD), read_application(panel, FAIR)
    take_over_proposal(round_of(call), actor=manager, now=utcnow())
    move(gone, "withdraw", actor=None)

    board = get_board(round_of(call), reader=manager)
    ratify(round_of(call), actor=manager, now=utcnow())
    feedback_for(call, manager)
    told = release_decisions(round_of(call), actor=manager, now=utcnow())

    assert ([line.application.id for line in board.lines], board.listed_pence) == ([stays.id], 4_000_000)
    assert (told, gone.group_told_at) == (1, None)
