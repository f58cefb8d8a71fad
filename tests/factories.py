"""The smallest true things. Defaults are valid and dull; traits are named after the situation."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, cast
from uuid import uuid4

import factory
from factory.alchemy import SQLAlchemyModelFactory

from fundapp import agreement_file
from fundapp.clock import utcnow
from fundapp.db import db
from fundapp.lifecycles import (
    ApplicationStatus,
    AwardStatus,
    CallStatus,
    ClaimStatus,
    FileStatus,
    InstalmentStatus,
    WordStatus,
)
from fundapp.models.agreement import AgreementSignature, AgreementText, Side, SignerRole
from fundapp.models.answer_media import AnswerMedia, MediaForm
from fundapp.models.api_key import ApiKey, ApiScope
from fundapp.models.application import (
    Answer,
    AnswerRevision,
    Application,
    ApplicationHelper,
    ApplicationStage,
    Clarification,
    PartnerShare,
)
from fundapp.models.award import (
    Award,
    AwardShare,
    CheckItem,
    Clawback,
    Decision,
    Exclusion,
    Feedback,
    Instalment,
    Must,
    MustMark,
    Outcome,
    Ratification,
)
from fundapp.models.award_check import AwardCondition
from fundapp.models.bank import BankAccount, NameCheck, ReachedBy
from fundapp.models.calendar import CalendarFeed
from fundapp.models.call import Call, CallVersion, Round
from fundapp.models.claim_opinion import ClaimOpinion
from fundapp.models.complaint import Complaint, ComplaintAbout, ComplaintKind, SafetyFlag
from fundapp.models.data_rights import Breach, LegalHold, OutsideRequest
from fundapp.models.document import DocumentKind, OrganisationDocument
from fundapp.models.file import FileKind, FileUse, StoredFile
from fundapp.models.form_trial import FormTrial
from fundapp.models.fund import Fund, FundRole, FundRoleKind
from fundapp.models.funder_feedback import FeedbackYear
from fundapp.models.grant_plan import (
    GrantLine,
    GrantVersion,
    GrantVersionLine,
    MovedDays,
    Variation,
    VariationKind,
)
from fundapp.models.harvested_outcome import HarvestedOutcome, OutcomePassage
from fundapp.models.invitation import HandOver, Invitation, InvitationKind
from fundapp.models.meeting import Meeting, MeetingItem
from fundapp.models.monitoring import CheckIn, CheckInFile, Story, StoryUse
from fundapp.models.organisation import (
    ByAndForClaim,
    Community,
    LegalForm,
    MemberRight,
    Organisation,
    OrganisationMember,
)
from fundapp.models.panel import (
    ConflictOfInterest,
    ConflictResponse,
    InterestRegister,
    Panel,
    PanelSeat,
    ReaderQuestion,
    Review,
    ReviewAssignment,
    Score,
    SeatKind,
)
from fundapp.models.panel_claim import ClaimFor, PanelClaim
from fundapp.models.partnership import Decider, FiscalHost, Partner
from fundapp.models.payment_batch import PaymentBatch, PaymentLine
from fundapp.models.practice import PracticeSample
from fundapp.models.publication import GrantPublication, words_digest
from fundapp.models.recruitment import PanelCandidate, PanelDraw
from fundapp.models.scenario import Scenario
from fundapp.models.shared_themes import SharedThemes
from fundapp.models.story_circle import CircleLevel, CircleSeat, CircleStory, StoryCircle
from fundapp.models.support import (
    Payer,
    SupportIntroduction,
    SupportNeed,
    SupportOffer,
    SupportPeer,
    SupportTopic,
)
from fundapp.models.support_session import SupportPlace, SupportSession
from fundapp.models.theme_code import CodedText, TextKind, ThemeCode, ThemeTag, Turn
from fundapp.models.training import PanelTraining
from fundapp.models.translation import (
    AnswerTranslation,
    ClarificationPart,
    ClarificationTranslation,
    TranslatedBy,
)
from fundapp.models.user import User
from fundapp.models.vote import Ballot, BallotChoice, DecidedPlace, PanelVote
from fundapp.models.webhook import Webhook, WebhookKind
from fundapp.money_steps import AccountStatus, VariationStatus
from fundapp.queries.api_keys import key_digest
from fundapp.queries.bank_accounts import Numbers
from fundapp.queries.grant_plans import first_end
from fundapp.queries.told_texts import digest_of
from fundapp.sealing import sealer
from fundapp.services.bank_accounts import fingerprint_of
from fundapp.services.files import use_file
from fundapp.storage import Room, file_store
from fundapp.support_steps import PlaceStatus
from fundapp.told_steps import SharedThemesStatus
from tests.published import before_publishing
from tests.reference import reference_content, reference_digest


def now() -> datetime:
    return datetime.now(UTC)


def days(number: float) -> datetime:
    """So many days from now; negative: ago."""
    return now() + timedelta(days=number)


class RowFactory(SQLAlchemyModelFactory):
    class Meta:
        abstract = True
        sqlalchemy_session_factory = lambda: db.session  # noqa: E731
        sqlalchemy_session_persistence = "flush"


class UserFactory(RowFactory):
    class Meta:
        model = User

    email = factory.Sequence(lambda n: f"person{n}@example.org")
    name = factory.Sequence(lambda n: f"Person {n}")
    language = "en"

    class Params:
        staff = factory.Trait(is_staff=True)


class FundFactory(RowFactory):
    class Meta:
        model = Fund

    code = factory.Sequence(lambda n: f"FUND{n}")
    name = "Demo Grassroots Fund"
    organisation_name = "Demo Community Foundation"
    org_identifier = "GB-CHC-0000000"
    publisher_prefix = "360G-demofund"


class FundRoleFactory(RowFactory):
    class Meta:
        model = FundRole

    fund = factory.SubFactory(FundFactory)
    user = factory.SubFactory(UserFactory, staff=True)
    kind = FundRoleKind.MANAGER


class ApiKeyFactory(RowFactory):
    class Meta:
        model = ApiKey

    class Params:
        key = "fa_a-key-of-a-tool"

    fund = factory.SubFactory(FundFactory)
    user = factory.SubFactory(UserFactory, staff=True)
    name = "Spreadsheet"
    digest = factory.LazyAttribute(lambda row: key_digest(row.key))
    scopes = factory.LazyFunction(lambda: [scope.value for scope in ApiScope])
    expires_at = factory.LazyFunction(lambda: days(30))


class WebhookFactory(RowFactory):
    class Meta:
        model = Webhook

    fund = factory.SubFactory(FundFactory)
    user = factory.SubFactory(UserFactory, staff=True)
    url = "https://tools.example.org/events"
    kinds = factory.LazyFunction(lambda: [kind.value for kind in WebhookKind if kind != WebhookKind.TEST])

    class Params:
        silent = factory.Trait(was_silent=True, stopped_at=factory.LazyFunction(lambda: days(-1)))


class OrganisationFactory(RowFactory):
    class Meta:
        model = Organisation

    name = factory.Sequence(lambda n: f"Group {n}")
    legal_form = LegalForm.UNINCORPORATED
    annual_income = Decimal("40000.00")
    borough = "Hackney"
    public_id = factory.LazyFunction(lambda: f"360G-demofund-ORG-{uuid4().hex[:8]}")


class OrganisationMemberFactory(RowFactory):
    class Meta:
        model = OrganisationMember

    organisation = factory.SubFactory(OrganisationFactory)
    user = factory.SubFactory(UserFactory)
    right = MemberRight.SUBMIT


class CallFactory(RowFactory):
    """An open call with the reference call's content, frozen, and one round in the state of the trait."""

    class Meta:
        model = Call

    class Params:
        closed = factory.Trait(status=CallStatus.CLOSED, opens_at=factory.LazyFunction(lambda: days(-100)))
        deciding = factory.Trait(
            status=CallStatus.DECIDING, opens_at=factory.LazyFunction(lambda: days(-130))
        )

    fund = factory.SubFactory(FundFactory)
    code = factory.Sequence(lambda n: f"CALL{n}")
    status = CallStatus.OPEN
    opens_at = factory.LazyFunction(lambda: days(-10))  # of the round, not of the call

    @classmethod
    def _create(cls, model_class: type[Call], *args: Any, **kwargs: Any) -> Call:
        opens_at: datetime = kwargs.pop("opens_at")
        call: Call = super()._create(model_class, *args, **kwargs)
        content = reference_content(call.code)
        version = CallVersionFactory(
            call=call, content=content, digest=reference_digest(content), frozen_at=None
        )
        RoundFactory(call=call, code="1", starts=opens_at)
        version.frozen_at = days(-10)
        db.session.flush()
        return call


class CallVersionFactory(RowFactory):
    class Meta:
        model = CallVersion

    number = 1
    frozen_at = factory.LazyFunction(lambda: days(-10))


class FormTrialFactory(RowFactory):
    class Meta:
        model = FormTrial
        exclude = ("call",)

    call = factory.SubFactory(CallFactory, status=CallStatus.CO_DESIGN)
    call_id = factory.SelfAttribute("call.id")
    call_status = factory.SelfAttribute("call.status")
    language = "en"
    answers = factory.LazyFunction(lambda: {"Q1": "We tried this question."})
    form_digest = "0" * 64
    sent_at = factory.LazyFunction(now)
    sent_by_id = factory.LazyFunction(lambda: UserFactory(staff=True).id)


class RoundFactory(RowFactory):
    """Dates like the reference call's first round, counted from `starts`."""

    @classmethod
    def _create(cls, model_class: type[Round], *args: Any, **kwargs: Any) -> Round:
        with before_publishing():
            return cast(Round, super()._create(model_class, *args, **kwargs))

    class Meta:
        model = Round

    class Params:
        starts = factory.LazyFunction(lambda: days(-10))

    code = "1"
    opens_at = factory.SelfAttribute("starts")
    eoi_closes_at = factory.LazyAttribute(lambda o: o.starts + timedelta(days=30))
    full_closes_at = factory.LazyAttribute(lambda o: o.starts + timedelta(days=79))
    scoring_opens_at = factory.LazyAttribute(lambda o: o.starts + timedelta(days=94))
    scoring_closes_at = factory.LazyAttribute(lambda o: o.starts + timedelta(days=115))
    panel_meets_at = factory.LazyAttribute(lambda o: o.starts + timedelta(days=120))
    told_at = factory.LazyAttribute(lambda o: o.starts + timedelta(days=132))
    grace_minutes = 2880


class ApplicationFactory(RowFactory):
    class Meta:
        model = Application

    class Params:
        eoi_sent = factory.Trait(
            status=ApplicationStatus.SUBMITTED,
            submitted_at=factory.LazyFunction(lambda: days(-1)),
            receipt=factory.Sequence(lambda n: f"R{n:06d}"),
        )
        full = factory.Trait(
            stage=ApplicationStage.FULL, eoi_submitted_at=factory.LazyFunction(lambda: days(-2))
        )
        submitted = factory.Trait(
            full=True,
            status=ApplicationStatus.SUBMITTED,
            submitted_at=factory.LazyFunction(lambda: days(-1)),
            receipt=factory.Sequence(lambda n: f"F{n:06d}"),
        )
        in_review = factory.Trait(submitted=True, status=ApplicationStatus.IN_REVIEW)
        at_panel = factory.Trait(submitted=True, status=ApplicationStatus.AT_PANEL)
        in_principle = factory.Trait(submitted=True, status=ApplicationStatus.IN_PRINCIPLE)

    call = factory.SubFactory(CallFactory)
    round = factory.LazyAttribute(lambda o: o.call.rounds[0])
    call_version = factory.LazyAttribute(lambda o: o.call.versions[-1])
    organisation = factory.SubFactory(OrganisationFactory)
    strand_code = "A"
    amount_requested = Decimal("40000.00")


class AnswerFactory(RowFactory):
    class Meta:
        model = Answer

    application = factory.SubFactory(ApplicationFactory)
    question_key = "Q1"
    value = "We are a group of women who meet every week."
    language = "en"
    saved_at = factory.LazyFunction(now)


class AnswerRevisionFactory(RowFactory):
    class Meta:
        model = AnswerRevision

    application = None  # the row knows only its id
    application_id = factory.LazyAttribute(lambda row: (row.application or ApplicationFactory()).id)
    question_key = "Q1"
    value = "We are a group of women."
    language = "en"
    once = factory.Sequence(lambda number: f"page-{number}:")

    @classmethod
    def _create(cls, model_class: Any, *args: Any, **kwargs: Any) -> Any:
        kwargs.pop("application", None)
        return super()._create(model_class, *args, **kwargs)


class ClarificationFactory(RowFactory):
    class Meta:
        model = Clarification

    application = factory.SubFactory(ApplicationFactory, in_review=True)
    question = "Who decides about the money?"


class PartnerShareFactory(RowFactory):
    class Meta:
        model = PartnerShare

    organisation = factory.SubFactory(OrganisationFactory)


class InvitationFactory(RowFactory):
    """To become a member, sent a moment ago."""

    class Meta:
        model = Invitation

    kind = InvitationKind.MEMBER
    organisation = factory.SubFactory(OrganisationFactory)
    email = factory.Sequence(lambda n: f"asked{n}@example.org")
    details = factory.LazyFunction(lambda: {"right": "edit"})
    code_digest = factory.LazyFunction(lambda: uuid4().hex * 2)
    expires_at = factory.LazyFunction(lambda: days(14))


class ApplicationHelperFactory(RowFactory):
    class Meta:
        model = ApplicationHelper

    application = factory.SubFactory(ApplicationFactory)
    user = factory.SubFactory(UserFactory)
    name = "Winnie Sparrow"
    expires_at = factory.LazyFunction(lambda: days(14))


class AskedFactory(RowFactory):
    """Somebody was asked by mail and has signed in."""

    class Meta:
        abstract = True

    application = factory.SubFactory(ApplicationFactory)
    user_id = factory.LazyFunction(lambda: UserFactory().id)
    invitation = factory.LazyAttribute(
        lambda o: InvitationFactory(
            kind=o.kind, organisation=o.application.organisation, application=o.application
        )
    )


class AgreementTextFactory(RowFactory):
    """In English, with next to nothing in it; nobody has signed."""

    class Meta:
        model = AgreementText

    award = factory.SubFactory("tests.factories.AwardFactory")
    number = 1
    content = agreement_file.AgreementWords(
        1,
        "en",
        (agreement_file.LanguagePart("en", "Offer of a grant", (), "Grant agreement", "Ask us.", ()),),
    ).written()
    digest = factory.LazyAttribute(lambda self: agreement_file.digest_of(self.content))
    facts_digest = "0" * 64
    group_signers = 1
    made_at = factory.LazyFunction(now)


class AgreementSignatureFactory(RowFactory):
    class Meta:
        model = AgreementSignature

    text = factory.SubFactory(AgreementTextFactory)
    side = Side.GROUP
    user = factory.SubFactory(UserFactory)
    name = "Ada Vale"
    role = SignerRole.CHAIR
    digest = factory.LazyAttribute(lambda self: self.text.digest)
    language = "en"
    signed_at = factory.LazyFunction(now)


class FiscalHostFactory(AskedFactory):
    class Meta:
        model = FiscalHost
        exclude = ("kind",)

    class Params:
        confirmed = factory.Trait(
            status=WordStatus.CONFIRMED,
            organisation_id=factory.LazyFunction(lambda: OrganisationFactory().id),
            signed_by="Ada Vale",
            fee_percent=Decimal("2.50"),
            decides=Decider.GROUP,
            text="We hold the money.",
            text_digest="0" * 64,
            answered_at=factory.LazyFunction(now),
        )

    kind = InvitationKind.HOST


class PartnerFactory(AskedFactory):
    class Meta:
        model = Partner
        exclude = ("kind",)

    kind = InvitationKind.PARTNER
    round_id = factory.LazyAttribute(lambda o: o.application.round_id)
    name = factory.Sequence(lambda n: f"Partner {n}")


class HandOverFactory(RowFactory):
    class Meta:
        model = HandOver

    application = factory.SubFactory(ApplicationFactory)
    email = "new.person@example.org"
    reason = "The only person with an account has moved away."
    asked_by = factory.SubFactory(UserFactory, staff=True)


class ByAndForClaimFactory(RowFactory):
    class Meta:
        model = ByAndForClaim

    organisation = factory.SubFactory(OrganisationFactory)
    community = Community.BY_AND_FOR
    answers: dict[str, str] = {}  # noqa: RUF012 - factory_boy reads plain class attributes
    status = ClaimStatus.CONFIRMED
    evidence = factory.LazyFunction(lambda: {"conversation": "Two of the committee came."})


class ClaimOpinionFactory(RowFactory):
    """Asked of somebody who sits for an umbrella organisation."""

    class Meta:
        model = ClaimOpinion

    application = factory.SubFactory(ApplicationFactory)
    claim = factory.LazyAttribute(
        lambda o: ByAndForClaimFactory(
            call_id=o.application.call_id,
            organisation=o.application.organisation,
            status=ClaimStatus.CHECKED,
        )
    )
    user = factory.SubFactory(UserFactory)
    question = "Do you know who sits on their committee?"
    answer_by = factory.LazyFunction(lambda: date.today() + timedelta(days=9))


class PanelFactory(RowFactory):
    class Meta:
        model = Panel

    call = factory.SubFactory(CallFactory, closed=True)
    round = factory.LazyAttribute(lambda o: o.call.rounds[0])
    quorum = 6


class PanelSeatFactory(RowFactory):
    class Meta:
        model = PanelSeat

    panel = factory.SubFactory(PanelFactory)
    user = factory.SubFactory(UserFactory)
    kind = SeatKind.LIVED_EXPERIENCE
    conflicts_declared_at = factory.LazyFunction(lambda: days(-1))


class PanelClaimFactory(RowFactory):
    class Meta:
        model = PanelClaim

    seat = factory.SubFactory(PanelSeatFactory)
    kind = ClaimFor.CARE
    amount = Decimal("36.00")
    what_for = "Child care on 14 July"
    asked_at = factory.LazyFunction(now)
    once = factory.Sequence(str)


class CalendarFeedFactory(RowFactory):
    class Meta:
        model = CalendarFeed

    user = factory.SubFactory(UserFactory)
    salt = "a grain"


class ConflictFactory(RowFactory):
    class Meta:
        model = ConflictOfInterest

    response = ConflictResponse.LEAVE_ROOM
    source = "declared"


class ReviewAssignmentFactory(RowFactory):
    class Meta:
        model = ReviewAssignment

    seat = factory.SubFactory(PanelSeatFactory)
    application = factory.SubFactory(ApplicationFactory, in_review=True)


class ReviewFactory(RowFactory):
    class Meta:
        model = Review

    assignment = factory.SubFactory(ReviewAssignmentFactory)


class ScoreFactory(RowFactory):
    class Meta:
        model = Score

    review = factory.SubFactory(ReviewFactory)
    criterion_key = "C1"
    value = 3
    sentence = "Most decisions are made by the women themselves."


class InterestRegisterFactory(RowFactory):
    class Meta:
        model = InterestRegister

    seat = factory.SubFactory(PanelSeatFactory)
    lines = factory.LazyFunction(dict)
    confirmed_at = factory.LazyFunction(now)


class ReaderQuestionFactory(RowFactory):
    """With the secretary."""

    class Meta:
        model = ReaderQuestion

    assignment = factory.SubFactory(ReviewAssignmentFactory)
    criterion_key = "C1"
    text = "Who chooses the committee?"
    raised_at = factory.LazyFunction(now)


class MeetingFactory(RowFactory):
    class Meta:
        model = Meeting

    panel = factory.SubFactory(PanelFactory)
    opened_at = factory.LazyFunction(now)


class MeetingItemFactory(RowFactory):
    class Meta:
        model = MeetingItem

    meeting = factory.SubFactory(MeetingFactory)
    application = factory.SubFactory(ApplicationFactory, at_panel=True)
    position = factory.Sequence(lambda n: n + 1)
    tier = "clear"


class PanelVoteFactory(RowFactory):
    class Meta:
        model = PanelVote

    panel = factory.SubFactory(PanelFactory)
    step = 1
    candidates = factory.List([])
    opened_at = factory.LazyFunction(lambda: days(-1))


class BallotFactory(RowFactory):
    """`yes_to`: ids of applications."""

    class Meta:
        model = Ballot
        exclude = ("yes_to",)

    vote = factory.SubFactory(PanelVoteFactory)
    seat = factory.SubFactory(PanelSeatFactory)
    given_at = factory.LazyFunction(lambda: days(-1))
    yes_to = ()
    choices = factory.LazyAttribute(lambda o: [BallotChoice(application_id=key) for key in o.yes_to])


class DecidedPlaceFactory(RowFactory):
    class Meta:
        model = DecidedPlace

    place = factory.Sequence(lambda n: n + 1)
    reason = factory.LazyFunction(lambda: {"code": "votes", "numbers": {"votes": 1, "of": 2}})


class DecisionFactory(RowFactory):
    class Meta:
        model = Decision

    application = factory.SubFactory(ApplicationFactory, at_panel=True)
    round = factory.LazyAttribute(lambda o: o.application.round)
    outcome = Outcome.AWARD
    amount = Decimal("40000.00")


class FeedbackFactory(RowFactory):
    class Meta:
        model = Feedback

    application = factory.SubFactory(ApplicationFactory, at_panel=True)
    strengths = "The women decide everything themselves."
    to_improve = "Say what the rent would cost."


class AwardFactory(RowFactory):
    class Meta:
        model = Award

    class Params:
        active = factory.Trait(
            status=AwardStatus.ACTIVE,
            accepted_at=factory.LazyFunction(lambda: days(-1)),
            starts_on=factory.LazyFunction(date.today),
        )

    application = factory.SubFactory(ApplicationFactory, in_principle=True)
    call = factory.LazyAttribute(lambda o: o.application.call)
    round = factory.LazyAttribute(lambda o: o.application.round)
    organisation = factory.LazyAttribute(lambda o: o.application.organisation)
    amount = Decimal("40000.00")
    months = 24
    public_id = factory.LazyFunction(lambda: f"360G-demofund-{uuid4().hex[:8]}")
    public_title = "Support for women in Hackney"
    public_summary = "Weekly meetings, advice and a safe place."
    awarded_on = factory.LazyFunction(date.today)


class GrantPublicationFactory(RowFactory):
    """Read by somebody and published whole."""

    class Meta:
        model = GrantPublication

    award = factory.SubFactory(AwardFactory)
    is_published = True
    reviewed_at = factory.LazyFunction(lambda: days(-1))
    read_digest = factory.LazyAttribute(lambda o: words_digest(o.award))


class AwardShareFactory(RowFactory):
    class Meta:
        model = AwardShare

    organisation = factory.SubFactory(OrganisationFactory)


class ScenarioFactory(RowFactory):
    class Meta:
        model = Scenario

    round = factory.LazyFunction(lambda: CallFactory(deciding=True).rounds[0])
    name = "More money"
    changes = factory.LazyFunction(lambda: {"claims": "as_they_are"})


class MustMarkFactory(RowFactory):
    class Meta:
        model = MustMark

    application = factory.SubFactory(ApplicationFactory, at_panel=True)
    must = Must.FUND
    reason = "The panel promised it in an earlier round."


class ExclusionFactory(RowFactory):
    """Two applications of one round of which only one can be funded."""

    class Meta:
        model = Exclusion

    application = factory.SubFactory(ApplicationFactory, at_panel=True)
    other = factory.LazyAttribute(
        lambda o: ApplicationFactory(call=o.application.call, round=o.application.round, at_panel=True)
    )
    round_id = factory.LazyAttribute(lambda o: o.application.round_id)
    reason = "Both use the same rooms."


class RatificationFactory(RowFactory):
    """Signed; with `released` everybody has been told."""

    class Meta:
        model = Ratification

    class Params:
        released = factory.Trait(released_at=factory.LazyFunction(lambda: days(-1)))

    call = factory.LazyAttribute(lambda o: o.round.call)
    ratified_by_id = factory.LazyFunction(lambda: UserFactory(staff=True).id)
    figures: dict[str, str] = {}  # noqa: RUF012 - factory_boy reads plain class attributes


class CheckItemFactory(RowFactory):
    class Meta:
        model = CheckItem

    award = factory.SubFactory(AwardFactory)
    key = "bank_statement"


class AwardConditionFactory(RowFactory):
    class Meta:
        model = AwardCondition

    award = factory.SubFactory(AwardFactory)
    words = "A safeguarding policy that the committee has agreed."
    help = "Ask Mehret. She writes it with you."
    due_on = factory.LazyFunction(lambda: days(90).date())


class InstalmentFactory(RowFactory):
    class Meta:
        model = Instalment

    award = factory.SubFactory(AwardFactory, active=True)
    number = 1
    amount = Decimal("20000.00")
    due_on = factory.LazyFunction(date.today)
    status = InstalmentStatus.PLANNED


class ClawbackFactory(RowFactory):
    """Proposed a moment ago."""

    class Meta:
        model = Clawback

    award = factory.SubFactory(AwardFactory, active=True)
    amount = Decimal("5000.00")
    reason = "Two of the three courses could not take place."
    proposed_by_id = factory.LazyFunction(lambda: UserFactory(staff=True).id)


class GrantVersionFactory(RowFactory):
    """As in the agreement: one line with the whole grant."""

    class Meta:
        model = GrantVersion

    award = factory.SubFactory(AwardFactory, active=True)
    number = 1
    ends_on = factory.LazyAttribute(lambda o: first_end(o.award))
    days = factory.LazyFunction(lambda: {"payments": [], "check_ins": []})
    agreed_at = factory.LazyFunction(lambda: days(-1))
    lines = factory.LazyAttribute(
        lambda o: [GrantVersionLine(line=GrantLineFactory(award_id=o.award.id), amount=o.award.amount)]
    )


class GrantLineFactory(RowFactory):
    class Meta:
        model = GrantLine

    number = factory.Sequence(lambda number: number + 1)
    name = "Rent for the Thursday room"


class VariationFactory(RowFactory):
    """A wish for three more months."""

    class Meta:
        model = Variation

    award = factory.SubFactory(AwardFactory, active=True)
    kind = VariationKind.EXTENSION
    status = VariationStatus.ASKED
    words = "Our room was closed for three months."
    language = "en"
    ends_on = factory.LazyAttribute(lambda o: first_end(o.award) + timedelta(days=91))
    moved_days = MovedDays.ALL
    asked_at = factory.LazyFunction(lambda: days(-1))
    reply_due_on = factory.LazyFunction(date.today)


NUMBERS = Numbers("Kettle and Thread", "123456", "12345678")  # no bank has this sort code


class BankAccountFactory(RowFactory):
    """Said by two people of the group, and waiting for the fund."""

    class Meta:
        model = BankAccount
        exclude = ("numbers",)

    class Params:
        checked = factory.Trait(
            status=AccountStatus.CHECKED,
            checked_by_id=factory.LazyFunction(lambda: UserFactory(staff=True).id),
            checked_at=factory.LazyFunction(lambda: days(-10)),
            usable_from=factory.LazyFunction(lambda: days(-5)),
            reached_by=ReachedBy.PHONE,
            name_check=NameCheck.MATCH,
        )

    id = factory.LazyFunction(uuid4)
    numbers = NUMBERS
    award = factory.SubFactory(AwardFactory, active=True)
    status = AccountStatus.SIGNED
    sealed = factory.LazyAttribute(
        lambda row: sealer().seal(row.numbers.as_bytes(), table="bank_account", row_id=row.id)
    )
    fingerprint = factory.LazyAttribute(lambda row: fingerprint_of(row.numbers))
    last_digits = factory.LazyAttribute(lambda row: row.numbers.number[-4:])
    is_change = False
    proposed_by_id = factory.LazyFunction(lambda: UserFactory().id)
    signed_by_id = factory.LazyFunction(lambda: UserFactory().id)
    signed_at = factory.LazyFunction(lambda: days(-12))


class PaymentBatchFactory(RowFactory):
    """Put together a moment ago."""

    class Meta:
        model = PaymentBatch

    call = factory.SubFactory(CallFactory)
    pay_on = factory.LazyFunction(lambda: now().date())
    made_by_id = factory.LazyFunction(lambda: UserFactory(staff=True).id)


class PaymentLineFactory(RowFactory):
    class Meta:
        model = PaymentLine

    batch = factory.SubFactory(PaymentBatchFactory)
    instalment = factory.SubFactory(InstalmentFactory)
    bank_account = factory.SubFactory(
        BankAccountFactory, checked=True, award=factory.SelfAttribute("..instalment.award")
    )
    amount = factory.SelfAttribute("instalment.amount")
    reference = factory.Sequence(lambda n: f"REFERENCE{n}")


class CheckInFactory(RowFactory):
    class Meta:
        model = CheckIn

    award = factory.SubFactory(AwardFactory, active=True)
    kind = "month_6"
    due_on = factory.LazyFunction(date.today)


class ComplaintFactory(RowFactory):
    """An appeal that somebody works on."""

    class Meta:
        model = Complaint

    application = factory.SubFactory(ApplicationFactory)
    call = factory.SelfAttribute("application.call")
    kind = ComplaintKind.APPEAL
    about = ComplaintAbout.PANEL
    text = "A member of the panel is a cousin of theirs."
    language = "en"
    acknowledge_by = factory.LazyFunction(date.today)


class SafetyFlagFactory(RowFactory):
    class Meta:
        model = SafetyFlag

    check_in = factory.SubFactory(CheckInFactory)
    from_group = True
    words = "Her brother has found out where she is."


class OutsideRequestFactory(RowFactory):
    """Of the police, about one group; nothing is proposed yet."""

    class Meta:
        model = OutsideRequest

    application = factory.SubFactory(ApplicationFactory)
    fund = factory.SelfAttribute("application.call.fund")
    asked_by = "Constable Ames, an office of the police"
    basis = "Schedule 2 of the Data Protection Act 2018"
    asked = "The names of everybody in the group."
    is_order = False
    for_immigration = False
    received_on = factory.LazyFunction(date.today)
    due_on = factory.LazyFunction(date.today)
    entered_by_id = factory.LazyFunction(lambda: UserFactory().id)


class BreachFactory(RowFactory):
    class Meta:
        model = Breach

    application = factory.SubFactory(ApplicationFactory)
    fund = factory.SelfAttribute("application.call.fund")
    what = "A list went to the wrong address."
    found_at = factory.LazyFunction(utcnow)
    due_at = factory.LazyAttribute(lambda breach: breach.found_at + timedelta(hours=72))
    entered_by_id = factory.LazyFunction(lambda: UserFactory().id)


class LegalHoldFactory(RowFactory):
    class Meta:
        model = LegalHold

    application = factory.SubFactory(ApplicationFactory)
    reason = "An auditor asks for it."


class FeedbackYearFactory(RowFactory):
    class Meta:
        model = FeedbackYear

    call = factory.SubFactory(CallFactory)
    year = 2027
    heard = factory.LazyFunction(lambda: {"en": "Calls came late."})
    changed = factory.LazyFunction(lambda: {"en": "We call within a week."})
    published_at = factory.LazyFunction(now)


class StoryFactory(RowFactory):
    class Meta:
        model = Story

    award = factory.SubFactory(AwardFactory, active=True)
    text = "One woman told us that she had slept through the night."


class StoryUseFactory(RowFactory):
    class Meta:
        model = StoryUse

    story = factory.SubFactory(StoryFactory)
    words = "She had slept through the night."
    shown_from = factory.LazyFunction(date.today)


class ThemeCodeFactory(RowFactory):
    class Meta:
        model = ThemeCode

    call = factory.SubFactory(CallFactory)
    name = factory.Sequence(lambda n: f"Sleeping better {n}")
    meaning = "Somebody sleeps better than before."


class CodedTextFactory(RowFactory):
    """A story that its first reader has begun."""

    class Meta:
        model = CodedText

    class Params:
        read = factory.Trait(first_read_at=factory.LazyFunction(utcnow), number=1)
        drawn = factory.Trait(read=True, is_drawn=True)
        read_twice = factory.Trait(
            drawn=True,
            second_reader=factory.SubFactory(UserFactory),
            second_read_at=factory.LazyFunction(utcnow),
        )

    story = factory.SubFactory(StoryFactory)
    award = factory.SelfAttribute("story.award")
    call = factory.SelfAttribute("award.call")
    kind = TextKind.STORY
    source = factory.LazyAttribute(lambda o: f"story:{o.story.id}")
    first_reader = factory.SubFactory(UserFactory)


class ThemeTagFactory(RowFactory):
    class Meta:
        model = ThemeTag

    coded_text = factory.SubFactory(CodedTextFactory)
    call_id = factory.SelfAttribute("coded_text.call_id")
    theme_code = factory.SubFactory(ThemeCodeFactory, call=factory.SelfAttribute("..coded_text.call"))
    turn = Turn.FIRST
    text_digest = factory.LazyAttribute(lambda o: digest_of(o.coded_text.story.text))


class OutcomeFactory(RowFactory):
    """Waits for the group."""

    class Meta:
        model = HarvestedOutcome

    award = factory.SubFactory(AwardFactory)
    call = factory.SelfAttribute("award.call")
    theme_code = factory.SubFactory(ThemeCodeFactory, call=factory.SelfAttribute("..call"))
    language = "en"
    changed = "Women sleep through the night."
    for_whom = "Women of the group"
    contribution = "The group meets each week."


class OutcomePassageFactory(RowFactory):
    """The whole of a text."""

    class Meta:
        model = OutcomePassage

    coded_text = factory.SubFactory(CodedTextFactory, read=True)
    outcome = factory.SubFactory(OutcomeFactory, award=factory.SelfAttribute("..coded_text.award"))
    award_id = factory.SelfAttribute("outcome.award_id")
    text_digest = factory.LazyAttribute(lambda o: digest_of(o.coded_text.story.text))


class SharedThemesFactory(RowFactory):
    """Announced; groups can keep a text out until today."""

    class Meta:
        model = SharedThemes

    class Params:
        published = factory.Trait(
            status=SharedThemesStatus.PUBLISHED,
            published_at=factory.LazyFunction(utcnow),
            content={"groups": None, "themes": []},
        )

    call = factory.SubFactory(CallFactory)
    year = 2028
    open_from = factory.LazyFunction(date.today)


class StoryCircleFactory(RowFactory):
    class Meta:
        model = StoryCircle

    call = factory.SubFactory(CallFactory)
    domain = "life"
    level = CircleLevel.GRANTEES
    held_on = factory.LazyFunction(date.today)


class CircleStoryFactory(RowFactory):
    class Meta:
        model = CircleStory

    circle = factory.SubFactory(StoryCircleFactory)
    story = factory.SubFactory(StoryFactory)


class CircleSeatFactory(RowFactory):
    class Meta:
        model = CircleSeat

    circle = factory.SubFactory(StoryCircleFactory)
    user = factory.SubFactory(UserFactory)


class SupportNeedFactory(RowFactory):
    """The fund has noted one topic; the group has said nothing."""

    class Meta:
        model = SupportNeed

    application = factory.SubFactory(ApplicationFactory, submitted=True)
    noted = factory.LazyFunction(lambda: ["money"])
    own = factory.LazyFunction(list)
    read_at = factory.LazyFunction(utcnow)


class SupportOfferFactory(RowFactory):
    class Meta:
        model = SupportOffer

    call = factory.SubFactory(CallFactory)
    organisation_name = "Umbrella of many"
    topics = factory.LazyFunction(lambda: ["money"])
    languages = factory.LazyFunction(lambda: ["en"])
    boroughs = factory.LazyFunction(list)
    is_online = True
    what = "Somebody looks at your books with you."
    payer = Payer.FREE
    reach = "advice@umbrella.example"


class SupportPeerFactory(RowFactory):
    class Meta:
        model = SupportPeer

    application = factory.SubFactory(ApplicationFactory, submitted=True)
    user = factory.SubFactory(UserFactory)
    topics = factory.LazyFunction(lambda: ["money"])


class SupportIntroductionFactory(RowFactory):
    class Meta:
        model = SupportIntroduction

    application = factory.SubFactory(ApplicationFactory, submitted=True)
    offer = factory.SubFactory(SupportOfferFactory)


class SupportSessionFactory(RowFactory):
    class Meta:
        model = SupportSession

    call = factory.SubFactory(CallFactory)
    title = "Books without fear"
    topic = SupportTopic.MONEY
    starts_at = factory.LazyFunction(lambda: days(7))
    is_online = False
    place = "The green room"
    languages = factory.LazyFunction(lambda: ["en"])
    has_interpreters = True
    has_child_care = True
    costs = "Travel"
    places = 10


class SupportPlaceFactory(RowFactory):
    class Meta:
        model = SupportPlace

    session = factory.SubFactory(SupportSessionFactory)
    application = factory.SubFactory(ApplicationFactory, submitted=True)
    said_by = factory.SubFactory(UserFactory)
    people = 1
    status = PlaceStatus.COMING
    asked_at = factory.LazyFunction(utcnow)


class StoredFileFactory(RowFactory):
    """A sound file that was checked; its bytes are in the store."""

    class Meta:
        model = StoredFile

    class Params:
        content = b"the bytes of a recording"
        quarantined = factory.Trait(
            status=FileStatus.QUARANTINED,
            sha256=None,
            seconds=None,
            checked_at=None,
            storage_key=factory.LazyAttribute(lambda o: _stored(o.content, Room.QUARANTINE)),
        )

    organisation = factory.SubFactory(OrganisationFactory)
    uploaded_by_id = factory.LazyFunction(lambda: UserFactory().id)
    kind = FileKind.AUDIO
    allowed_kinds = "audio,video"
    status = FileStatus.CLEAN
    original_name = "our answer.webm"
    media_type = "audio/webm"
    size_bytes = factory.LazyAttribute(lambda o: len(o.content))
    sha256 = factory.LazyAttribute(lambda o: hashlib.sha256(o.content).hexdigest())
    seconds = 12
    storage_key = factory.LazyAttribute(lambda o: _stored(o.content, Room.CLEAN))
    received_at = factory.LazyFunction(now)
    checked_at = factory.LazyFunction(now)
    once = factory.LazyFunction(lambda: uuid4().hex)


class CheckInFileFactory(RowFactory):
    """A recording in which the group tells how it goes."""

    class Meta:
        model = CheckInFile

    check_in = factory.SubFactory(CheckInFactory)
    file = factory.SubFactory(
        StoredFileFactory, organisation=factory.SelfAttribute("..check_in.award.organisation")
    )


class DocumentFactory(RowFactory):
    """The rules of a group as a PDF that was checked."""

    class Meta:
        model = OrganisationDocument

    organisation = factory.SubFactory(OrganisationFactory)
    file = factory.SubFactory(
        StoredFileFactory,
        organisation=factory.SelfAttribute("..organisation"),
        kind=FileKind.DOCUMENT,
        allowed_kinds="document,picture",
        original_name="our rules.pdf",
        media_type="application/pdf",
        seconds=None,
    )
    kind = DocumentKind.GOVERNING


def _stored(content: bytes, room: Room) -> str:
    key = file_store().new_key(room)
    file_store().write(key, [content], most=len(content))
    return key


class AnswerMediaFactory(RowFactory):
    """A voice recording nobody has listened to; the application shows its file."""

    class Meta:
        model = AnswerMedia

    answer = factory.SubFactory(AnswerFactory)
    file = factory.SubFactory(
        StoredFileFactory, organisation=factory.SelfAttribute("..answer.application.organisation")
    )
    form = MediaForm.VOICE
    position = 1

    @factory.post_generation
    def is_used(self, create: bool, extracted: Any, **_kwargs: Any) -> None:
        media = cast(AnswerMedia, self)
        use_file(media.file, media.answer.application, place=media.answer.question_key)


class FileUseFactory(RowFactory):
    class Meta:
        model = FileUse

    application = factory.SubFactory(ApplicationFactory)
    file = factory.SubFactory(
        StoredFileFactory, organisation=factory.SelfAttribute("..application.organisation")
    )
    place = "Q1"


class AnswerTranslationFactory(RowFactory):
    class Meta:
        model = AnswerTranslation

    answer = factory.SubFactory(AnswerFactory)
    source_rev = 1
    language = "es"
    text = "Somos un grupo de mujeres."
    made_by = TranslatedBy.TRANSLATOR
    made_by_name = "Inés Prado"
    saved_at = factory.LazyFunction(now)


class ClarificationTranslationFactory(RowFactory):
    """Of what a group has answered."""

    class Meta:
        model = ClarificationTranslation

    clarification = factory.SubFactory(ClarificationFactory, answer="La tesorera.")
    part = ClarificationPart.ANSWER
    language = "en"
    text = "The treasurer."
    made_by = TranslatedBy.TRANSLATOR
    made_by_name = "Inés Prado"
    saved_at = factory.LazyFunction(now)


class PanelCandidateFactory(RowFactory):
    class Meta:
        model = PanelCandidate

    round = factory.LazyAttribute(lambda _each: CallFactory().rounds[0])
    kind = SeatKind.LIVED_EXPERIENCE
    number = factory.Sequence(lambda n: f"K{n:04}")
    name = factory.Sequence(lambda n: f"Candidate {n}")
    email = factory.Sequence(lambda n: f"candidate{n}@example.org")
    language = "en"
    groups = factory.LazyFunction(lambda: {"age": "30_to_49", "reads": "english"})


class PanelDrawFactory(RowFactory):
    class Meta:
        model = PanelDraw

    round = factory.LazyAttribute(lambda _each: CallFactory().rounds[0])
    kind = SeatKind.LIVED_EXPERIENCE
    seed = "ab" * 32
    commitment = hashlib.sha256(bytes.fromhex("ab" * 32)).hexdigest()


class PanelTrainingFactory(RowFactory):
    class Meta:
        model = PanelTraining

    seat = factory.SubFactory(PanelSeatFactory)
    topic = 1
    taken_on = factory.LazyFunction(lambda: days(-3).date())


class PracticeSampleFactory(RowFactory):
    class Meta:
        model = PracticeSample

    panel = factory.SubFactory(PanelFactory)
    number = 1
    title = "A sewing group"
    texts = factory.LazyFunction(lambda: {f"C{number}": "We meet on Mondays." for number in range(1, 6)})
