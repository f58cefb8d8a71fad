"""One small world in which every role of the matrix has something to do and every id exists."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from fundapp.clock import utcnow
from fundapp.lifecycles import CallStatus, InstalmentStatus
from fundapp.models.call import Call
from fundapp.models.codesign import CodesignPoint, CodesignSession, PointShowing, Topic
from fundapp.models.codesign_recording import CodesignRecording
from fundapp.models.codesign_voice import CodesignLink, CodesignReply, ReplyKind
from fundapp.models.fund import FundRoleKind
from fundapp.models.funder_feedback import FeedbackAnswer, FeedbackMoment
from fundapp.models.panel import SeatKind
from fundapp.models.tally import Sheet
from fundapp.models.user import User
from fundapp.queries.funder_feedback import mark_of
from fundapp.services.codesign_links import link_digest
from fundapp.services.invitations import code_digest
from fundapp.services.openness import publish_figures
from fundapp.services.recruitment import candidate_ticket
from fundapp.settings import TEST_SECRET
from fundapp.web.apply.told import ticket_for
from fundapp.web.calendar import key_of
from fundapp.web.feedback_box import ticket_for as feedback_ticket_for
from tests.factories import (
    AgreementSignatureFactory,
    AgreementTextFactory,
    AnswerFactory,
    AnswerMediaFactory,
    AnswerRevisionFactory,
    AnswerTranslationFactory,
    ApiKeyFactory,
    ApplicationFactory,
    ApplicationHelperFactory,
    AwardConditionFactory,
    AwardFactory,
    BankAccountFactory,
    BreachFactory,
    ByAndForClaimFactory,
    CalendarFeedFactory,
    CallFactory,
    CheckInFactory,
    CheckInFileFactory,
    CheckItemFactory,
    CircleSeatFactory,
    CircleStoryFactory,
    ClaimOpinionFactory,
    ClarificationFactory,
    ClawbackFactory,
    CodedTextFactory,
    ComplaintFactory,
    ConflictFactory,
    DocumentFactory,
    ExclusionFactory,
    FeedbackYearFactory,
    FileUseFactory,
    FiscalHostFactory,
    FormTrialFactory,
    FundRoleFactory,
    GrantPublicationFactory,
    GrantVersionFactory,
    HandOverFactory,
    InstalmentFactory,
    InvitationFactory,
    LegalHoldFactory,
    MeetingFactory,
    MeetingItemFactory,
    MustMarkFactory,
    OrganisationMemberFactory,
    OutcomePassageFactory,
    OutsideRequestFactory,
    PanelCandidateFactory,
    PanelClaimFactory,
    PanelDrawFactory,
    PanelFactory,
    PanelSeatFactory,
    PanelTrainingFactory,
    PartnerFactory,
    PaymentLineFactory,
    PracticeSampleFactory,
    RatificationFactory,
    ReaderQuestionFactory,
    ReviewAssignmentFactory,
    ReviewFactory,
    SafetyFlagFactory,
    ScenarioFactory,
    ScoreFactory,
    SharedThemesFactory,
    StoredFileFactory,
    StoryCircleFactory,
    StoryFactory,
    StoryUseFactory,
    SupportIntroductionFactory,
    SupportNeedFactory,
    SupportOfferFactory,
    SupportPlaceFactory,
    SupportSessionFactory,
    ThemeTagFactory,
    UserFactory,
    VariationFactory,
    WebhookFactory,
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
    GrantPublicationFactory(award=award)
    AgreementSignatureFactory(text=AgreementTextFactory(award=award))
    RatificationFactory(round=call.rounds[0], released=True, decision_pack={"format": "a pack"})
    publish_figures(call, now=utcnow())
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
    seat = PanelSeatFactory(panel=panel, kind=SeatKind.UMBRELLA)
    conflicted_seat = PanelSeatFactory(panel=panel, kind=SeatKind.UMBRELLA)
    conflict = ConflictFactory(
        call_id=call.id, user_id=conflicted_seat.user.id, organisation_id=application.organisation_id
    )
    assignment = ReviewAssignmentFactory(seat=seat, application=application)
    ReviewAssignmentFactory(seat=conflicted_seat, application=application)
    score = ScoreFactory(review=ReviewFactory(assignment=assignment, locked_at=utcnow()))
    session, point = _codesign(db_session, call)
    staff = {kind.value: FundRoleFactory(fund=call.fund, kind=kind).user for kind in FundRoleKind}
    answer = AnswerFactory(application=application, question_key="Q2")
    claim = ByAndForClaimFactory(call_id=call.id, organisation=application.organisation)
    meeting = MeetingFactory(panel=panel)
    item = MeetingItemFactory(meeting=meeting, application=application)
    check_in = CheckInFactory(award=award)
    feed = CalendarFeedFactory(user=conflicted_seat.user)
    paid = InstalmentFactory(award=award, status=InstalmentStatus.PAID, paid_at=utcnow())
    line = PaymentLineFactory(instalment=paid, batch__call=call)
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
            "key_id": ApiKeyFactory(fund=call.fund, user=staff["manager"]).id,
            "webhook_id": WebhookFactory(fund=call.fund, user=staff["manager"], silent=True).id,
            "call_id": call.id,
            "round_id": call.rounds[0].id,
            "fence": "SMALL",
            "mark_id": MustMarkFactory(application=application).id,
            "exclusion_id": ExclusionFactory(application=application).id,
            "scenario_id": ScenarioFactory(round=call.rounds[0]).id,
            "organisation_id": application.organisation_id,
            "application_id": application.id,
            "claim_id": claim.id,
            "opinion_id": ClaimOpinionFactory(claim=claim, application=application, user=seat.user).id,
            "complaint_id": ComplaintFactory(application=application).id,
            "outside_request_id": OutsideRequestFactory(application=application).id,
            "breach_id": BreachFactory(application=application).id,
            "legal_hold_id": LegalHoldFactory(application=application).id,
            "safety_flag_id": SafetyFlagFactory(check_in=check_in).id,
            "feedback_ticket": feedback_ticket_for(application, FeedbackMoment.DECISION).text,
            "feedback_mark": _feedback(db_session, call),
            "feedback_year_id": FeedbackYearFactory(call=call).id,
            "ticket_text": ticket_for(application, Sheet.TIME),
            "panel_id": panel.id,
            "sample_id": PracticeSampleFactory(panel=panel).id,
            "candidate_id": PanelCandidateFactory(round=call.rounds[0]).id,
            "candidate_ticket": candidate_ticket(PanelCandidateFactory(round=call.rounds[0]), TEST_SECRET),
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
            "condition_id": AwardConditionFactory(award=award).id,
            "instalment_id": paid.id,
            "bank_account_id": BankAccountFactory(award=award).id,
            "payment_line_id": line.id,
            "payment_batch_id": line.batch.id,
            "clawback_id": ClawbackFactory(award=award).id,
            "variation_id": VariationFactory(award=GrantVersionFactory(award=award).award).id,
            "check_in_id": check_in.id,
            "told_file_id": CheckInFileFactory(check_in=check_in).id,
            "story_id": (story := StoryFactory(award=award)).id,
            "circle_id": _circle(story, member, seat.user, conflicted_seat.user),
            "support_session_id": (planned := SupportSessionFactory(call=call)).id,
            "support_place_id": SupportPlaceFactory(session=planned, application=application).id,
            "offer_id": (offer := SupportOfferFactory(call=call)).id,
            "introduction_id": SupportIntroductionFactory(application=application, offer=offer).id,
            "need_id": SupportNeedFactory(application=application).id,
            "story_use_id": StoryUseFactory(story=story).id,
            "coded_text_id": (coded := CodedTextFactory(story=story, read=True)).id,
            "shared_themes_id": _shared_themes(story.award.call),
            "outcome_id": OutcomePassageFactory(coded_text=coded).outcome_id,
            "theme_code_id": ThemeTagFactory(coded_text=coded).theme_code_id,
            "recording_id": AnswerMediaFactory(answer=answer).id,
            "revision_id": AnswerRevisionFactory(application=application, question_key="Q2").id,
            "clarification_id": ClarificationFactory(application=application).id,
            "translation_id": AnswerTranslationFactory(answer=answer).id,
            "part": "question",
            "language": "so",
            "ending": "xlsx",
            "session_id": session.id,
            "trial_id": FormTrialFactory(call=CallFactory(fund=call.fund, status=CallStatus.PUBLISHED)).id,
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


def _shared_themes(call: Call) -> Any:
    """One year is published, the next one announced."""
    SharedThemesFactory(call=call, year=2027, published=True)
    return SharedThemesFactory(call=call).id


def _circle(story: Any, member: Any, *panel: User) -> Any:
    """Not finished: the group's own person and two of the panel have chosen its story."""
    circle = StoryCircleFactory(call=story.award.call, story_id=story.id)
    CircleStoryFactory(circle=circle, story=story)
    for user in (member.user, *panel):
        of_group = member.organisation_id if user is member.user else None
        CircleSeatFactory(circle=circle, user=user, story_id=story.id, organisation_id=of_group)
    return circle.id


def _feedback(db_session: Any, call: Call) -> str:
    answer = FeedbackAnswer(
        call_id=call.id,
        moment=FeedbackMoment.DECISION,
        question_key="FB1",
        language="en",
        text="You were fair.",
        batch=1,
    )
    db_session.add(answer)
    db_session.flush()
    return mark_of(answer)


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
    spoken = CodesignRecording(
        call=call,
        link=link,
        file=StoredFileFactory(organisation=None, organisation_id=None, uploaded_by_id=None),
        said_by={"en": "A member of a group"},
        said_in="en",
        showing=PointShowing.OWN_WORDS,
        keep_until=date(2199, 1, 31),
    )
    db_session.add(spoken)
    db_session.flush()
    return {"link_id": link.id, "reply_id": reply.id, "spoken_id": spoken.id}
