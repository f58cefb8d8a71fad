"""One small world in which every role of the matrix has something to do and every id exists."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from fundapp.clock import utcnow
from fundapp.lifecycles import InstalmentStatus
from fundapp.models.call import Call
from fundapp.models.codesign import CodesignPoint, CodesignSession, Topic
from fundapp.models.codesign_voice import CodesignLink, CodesignReply, ReplyKind
from fundapp.models.fund import FundRoleKind
from fundapp.models.tally import Sheet
from fundapp.models.user import User
from fundapp.services.codesign_links import link_digest
from fundapp.services.invitations import code_digest
from fundapp.web.apply.told import ticket_for
from fundapp.web.panel.calendar import key_of
from fundapp.web.public.panel import candidate_ticket
from tests.factories import (
    AnswerFactory,
    AnswerMediaFactory,
    AnswerRevisionFactory,
    AnswerTranslationFactory,
    ApplicationFactory,
    ApplicationHelperFactory,
    AwardFactory,
    ByAndForClaimFactory,
    CalendarFeedFactory,
    CallFactory,
    CheckInFactory,
    CheckItemFactory,
    ClarificationFactory,
    ClawbackFactory,
    ConflictFactory,
    DocumentFactory,
    ExclusionFactory,
    FileUseFactory,
    FiscalHostFactory,
    FundRoleFactory,
    HandOverFactory,
    InstalmentFactory,
    InvitationFactory,
    MeetingFactory,
    MeetingItemFactory,
    MustMarkFactory,
    OrganisationMemberFactory,
    PanelCandidateFactory,
    PanelClaimFactory,
    PanelDrawFactory,
    PanelFactory,
    PanelSeatFactory,
    PanelTrainingFactory,
    PartnerFactory,
    PracticeSampleFactory,
    RatificationFactory,
    ReaderQuestionFactory,
    ReviewAssignmentFactory,
    ReviewFactory,
    ScenarioFactory,
    ScoreFactory,
    StoryFactory,
    UserFactory,
)

ROLES = (
    "anon",
    "applicant",
    "other_applicant",
    "panel",
    "conflicted_panel",
    "manager",
    "finance",
    "admin",
    "other_fund",
    "helper",
    "host",
)
INVITATION_CODE = "ABCDEFGHJKMN"
LINK_TOKEN = "a" * 43


@dataclass(frozen=True)
class World:
    people: dict[str, User]  # by role; nobody for "anon"
    ids: dict[str, Any]  # for the arguments of addresses, by name


def build_world(db_session: Any) -> World:
    call = CallFactory(deciding=True)
    application = ApplicationFactory(call=call, at_panel=True)
    award = AwardFactory(application=application, active=True)
    RatificationFactory(round=call.rounds[0], released=True, decision_pack={"format": "a pack"})
    member = OrganisationMemberFactory(organisation=application.organisation)
    helper = ApplicationHelperFactory(application=application)
    host = FiscalHostFactory(application=application)
    partner = PartnerFactory(application=application, user_id=host.user_id)
    invitation = InvitationFactory(
        organisation=application.organisation,
        email=member.user.email,
        code_digest=code_digest(INVITATION_CODE),
    )
    other_applicant = OrganisationMemberFactory().user
    panel = PanelFactory(call=call)
    seat, conflicted_seat = PanelSeatFactory(panel=panel), PanelSeatFactory(panel=panel)
    conflict = ConflictFactory(
        call_id=call.id, user_id=conflicted_seat.user.id, organisation_id=application.organisation_id
    )
    assignment = ReviewAssignmentFactory(seat=seat, application=application)
    ReviewAssignmentFactory(seat=conflicted_seat, application=application)
    score = ScoreFactory(review=ReviewFactory(assignment=assignment, locked_at=utcnow()))
    session, point = _codesign(db_session, call)
    staff = {kind.value: FundRoleFactory(fund=call.fund, kind=kind).user for kind in FundRoleKind}
    answer = AnswerFactory(application=application, question_key="Q2")
    meeting = MeetingFactory(panel=panel)
    item = MeetingItemFactory(meeting=meeting, application=application)
    feed = CalendarFeedFactory(user=conflicted_seat.user)
    return World(
        people={
            "applicant": member.user,
            "helper": helper.user,
            "host": db_session.get(User, host.user_id),
            "other_applicant": other_applicant,
            "panel": seat.user,
            "conflicted_panel": conflicted_seat.user,
            "other_fund": FundRoleFactory(kind=FundRoleKind.MANAGER).user,
            **staff,
        },
        ids={
            "lang": "en",
            "code": call.code,
            "key": "Q2",
            "room_part": "form",
            "changed_part": "question:Q2",
            "topic": "form",
            "kind": "txt",
            "slug": "texts",
            "part_kind": "question",
            "part_key": "Q1",
            "stage": "eoi",
            "size": "normal",
            "made": "pdf",
            "filename": "style.css",
            "fund_id": call.fund.id,
            "call_id": call.id,
            "round_id": call.rounds[0].id,
            "fence": "SMALL",
            "mark_id": MustMarkFactory(application=application).id,
            "exclusion_id": ExclusionFactory(application=application).id,
            "scenario_id": ScenarioFactory(round=call.rounds[0]).id,
            "organisation_id": application.organisation_id,
            "application_id": application.id,
            "claim_id": ByAndForClaimFactory(call_id=call.id, organisation=application.organisation).id,
            "ticket_text": ticket_for(application, Sheet.TIME),
            "panel_id": panel.id,
            "sample_id": PracticeSampleFactory(panel=panel).id,
            "candidate_id": PanelCandidateFactory(round=call.rounds[0]).id,
            "candidate_ticket": candidate_ticket(PanelCandidateFactory(round=call.rounds[0])),
            "panel_draw_id": PanelDrawFactory(round=call.rounds[0]).id,
            "seat_kind": "lived_experience",
            "round_code": call.rounds[0].code,
            "training_id": PanelTrainingFactory(seat=seat).id,
            "seat_id": seat.id,
            "pack_kind": "normal",
            "feed_id": feed.id,
            "feed_key": key_of(feed),
            "panel_claim_id": PanelClaimFactory(seat=seat).id,
            "conflict_id": conflict.id,
            "item_id": item.id,
            "assignment_id": assignment.id,
            "criterion_key": "C1",
            "score_id": score.id,
            "question_id": ReaderQuestionFactory(assignment=assignment).id,
            "award_id": award.id,
            "digest": "0" * 64,
            "number": 1,
            "check_id": CheckItemFactory(award=award).id,
            "instalment_id": InstalmentFactory(
                award=award, status=InstalmentStatus.PAID, paid_at=utcnow()
            ).id,
            "clawback_id": ClawbackFactory(award=award).id,
            "check_in_id": CheckInFactory(award=award).id,
            "story_id": StoryFactory(award=award).id,
            "recording_id": AnswerMediaFactory(answer=answer).id,
            "revision_id": AnswerRevisionFactory(application=application, question_key="Q2").id,
            "clarification_id": ClarificationFactory(application=application).id,
            "translation_id": AnswerTranslationFactory(answer=answer).id,
            "part": "question",
            "language": "so",
            "ending": "xlsx",
            "session_id": session.id,
            "point_id": point.id,
            "token": LINK_TOKEN,
            "reference": "question:Q2",
            "field": "label",
            **_voices(db_session, call, point),
            "file_id": FileUseFactory(application=application).file.id,
            "document_id": DocumentFactory(organisation=application.organisation).id,
            "user_id": UserFactory().id,
            "member_id": member.id,
            "helper_id": helper.id,
            "host_id": host.id,
            "partner_id": partner.id,
            "invitation_id": invitation.id,
            "invitation_code": INVITATION_CODE,
            "hand_over_id": HandOverFactory(application=application).id,
        },
    )


SESSION = {
    "key": "s1",
    "title": {"en": "What should we ask?"},
    "day": "2027-01-20",
    "languages": ["en"],
    "run_by": {"en": "An umbrella organisation"},
    "organisations": 3,
    "people": 5,
}


def _codesign(db_session: Any, call: Call) -> tuple[CodesignSession, CodesignPoint]:
    session = CodesignSession(call=call, key="s1", held_on=date.today(), content=SESSION)
    point = CodesignPoint(
        call=call,
        key="P1",
        session_key="s1",
        topic=next(iter(Topic)),
        said_by={"en": "A member of a group"},
        said={"en": "The form is long."},
        changed={"things": []},
    )
    db_session.add_all([session, point])
    db_session.flush()
    return session, point


def _voices(db_session: Any, call: Call, point: CodesignPoint) -> dict[str, Any]:
    link = CodesignLink(
        call=call, session_key="s1", digest=link_digest(LINK_TOKEN), people=3, ends_on=date(2199, 1, 1)
    )
    db_session.add(link)
    db_session.flush()
    reply = CodesignReply(
        point_id=point.id,
        link_id=link.id,
        kind=ReplyKind.COMMENT,
        text="So it is.",
        language="en",
        on_day=date.today(),
    )
    db_session.add(reply)
    db_session.flush()
    return {"link_id": link.id, "reply_id": reply.id}
