"""The smallest true things. Defaults are valid and dull; traits are named after the situation."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, cast
from uuid import uuid4

import factory
from factory.alchemy import SQLAlchemyModelFactory

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
from fundapp.models.answer_media import AnswerMedia, MediaForm
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
from fundapp.models.calendar import CalendarFeed
from fundapp.models.call import Call, CallVersion, Round
from fundapp.models.document import DocumentKind, OrganisationDocument
from fundapp.models.file import FileKind, FileUse, StoredFile
from fundapp.models.fund import Fund, FundRole, FundRoleKind
from fundapp.models.invitation import HandOver, Invitation, InvitationKind
from fundapp.models.meeting import Meeting, MeetingItem
from fundapp.models.monitoring import CheckIn, Story
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
from fundapp.models.practice import PracticeSample
from fundapp.models.recruitment import PanelCandidate, PanelDraw
from fundapp.models.scenario import Scenario
from fundapp.models.training import PanelTraining
from fundapp.models.translation import (
    AnswerTranslation,
    ClarificationPart,
    ClarificationTranslation,
    TranslatedBy,
)
from fundapp.models.user import User
from fundapp.models.vote import Ballot, BallotChoice, DecidedPlace, PanelVote
from fundapp.services.files import use_file
from fundapp.storage import Room, file_store
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
        CallVersionFactory(call=call, content=content, digest=reference_digest(content))
        RoundFactory(call=call, code="1", starts=opens_at)
        return call


class CallVersionFactory(RowFactory):
    class Meta:
        model = CallVersion

    number = 1
    frozen_at = factory.LazyFunction(lambda: days(-10))


class RoundFactory(RowFactory):
    """Dates like the reference call's first round, counted from `starts`."""

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


class CheckInFactory(RowFactory):
    class Meta:
        model = CheckIn

    award = factory.SubFactory(AwardFactory, active=True)
    kind = "month_6"
    due_on = factory.LazyFunction(date.today)


class StoryFactory(RowFactory):
    class Meta:
        model = Story

    award = factory.SubFactory(AwardFactory, active=True)
    text = "One woman told us that she had slept through the night."


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
