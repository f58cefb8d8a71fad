"""What belongs together belongs to the same call, round, group or grant, whichever way one looks."""

from __future__ import annotations

from sqlalchemy.orm import aliased

from fundapp.models.answer_media import AnswerMedia
from fundapp.models.application import Answer, Application
from fundapp.models.award import Award, Decision, Exclusion, Ratification
from fundapp.models.bank import BankAccount
from fundapp.models.call import CallVersion, Round
from fundapp.models.codesign import CodesignPoint
from fundapp.models.codesign_voice import CodesignDecision, CodesignLink, CodesignReply
from fundapp.models.document import OrganisationDocument
from fundapp.models.file import StoredFile
from fundapp.models.invitation import Invitation
from fundapp.models.meeting import Meeting, MeetingItem, MeetingPresence
from fundapp.models.monitoring import CheckIn, CheckInFile, Marker, MarkerReading, Story
from fundapp.models.panel import Panel, PanelSeat, ReviewAssignment
from fundapp.models.partnership import FiscalHost, Partner
from fundapp.models.practice import PracticeSample, PracticeSheet
from fundapp.models.redaction import RedactedCopy
from fundapp.models.vote import Ballot, DecidedPlace, PanelVote
from fundapp.queries.invariants.rule import Invariant, same

_other = aliased(Application)

BELONGING: tuple[Invariant, ...] = (
    same(
        "application_round",
        "The round of an application is one of its call.",
        Application,
        Application.call_id,
        Round.call_id,
        (Round, Round.id == Application.round_id),
    ),
    same(
        "application_version",
        "An application is answered in a version of its own call.",
        Application,
        Application.call_id,
        CallVersion.call_id,
        (CallVersion, CallVersion.id == Application.call_version_id),
    ),
    same(
        "award_call",
        "A grant is of the call of its application.",
        Award,
        Award.call_id,
        Application.call_id,
        (Application, Application.id == Award.application_id),
    ),
    same(
        "award_round",
        "A grant is of the round of its application.",
        Award,
        Award.round_id,
        Application.round_id,
        (Application, Application.id == Award.application_id),
    ),
    same(
        "award_group",
        "A grant is of the group that applied.",
        Award,
        Award.organisation_id,
        Application.organisation_id,
        (Application, Application.id == Award.application_id),
    ),
    same(
        "decision_round",
        "A decision is of the round of its application.",
        Decision,
        Decision.round_id,
        Application.round_id,
        (Application, Application.id == Decision.application_id),
    ),
    same(
        "decided_place_round",
        "A place that was voted or drawn is of the round of its application.",
        DecidedPlace,
        DecidedPlace.round_id,
        Application.round_id,
        (Application, Application.id == DecidedPlace.application_id),
    ),
    same(
        "exclusion_round",
        "Two applications that exclude each other are of the same round.",
        Exclusion,
        Application.round_id,
        _other.round_id,
        (Application, Application.id == Exclusion.application_id),
        (_other, _other.id == Exclusion.other_id),
    ),
    same(
        "ratification_call",
        "A list is signed for the call of its round.",
        Ratification,
        Ratification.call_id,
        Round.call_id,
        (Round, Round.id == Ratification.round_id),
    ),
    same(
        "panel_call",
        "A panel is of the call of its round.",
        Panel,
        Panel.call_id,
        Round.call_id,
        (Round, Round.id == Panel.round_id),
    ),
    same(
        "assignment_round",
        "A reader of a panel reads applications of its round.",
        ReviewAssignment,
        Panel.round_id,
        Application.round_id,
        (PanelSeat, PanelSeat.id == ReviewAssignment.seat_id),
        (Panel, Panel.id == PanelSeat.panel_id),
        (Application, Application.id == ReviewAssignment.application_id),
    ),
    same(
        "meeting_item_round",
        "A meeting talks about applications of its own round.",
        MeetingItem,
        Panel.round_id,
        Application.round_id,
        (Meeting, Meeting.id == MeetingItem.meeting_id),
        (Panel, Panel.id == Meeting.panel_id),
        (Application, Application.id == MeetingItem.application_id),
    ),
    same(
        "presence_panel",
        "Who is at a meeting has a seat on its panel.",
        MeetingPresence,
        Meeting.panel_id,
        PanelSeat.panel_id,
        (Meeting, Meeting.id == MeetingPresence.meeting_id),
        (PanelSeat, PanelSeat.id == MeetingPresence.seat_id),
    ),
    same(
        "ballot_panel",
        "Who votes has a seat on the panel that votes.",
        Ballot,
        PanelVote.panel_id,
        PanelSeat.panel_id,
        (PanelVote, PanelVote.id == Ballot.vote_id),
        (PanelSeat, PanelSeat.id == Ballot.seat_id),
    ),
    same(
        "practice_panel",
        "Who marks a sample has a seat on the panel that practises.",
        PracticeSheet,
        PracticeSample.panel_id,
        PanelSeat.panel_id,
        (PracticeSample, PracticeSample.id == PracticeSheet.sample_id),
        (PanelSeat, PanelSeat.id == PracticeSheet.seat_id),
    ),
    same(
        "copy_round",
        "A copy without names is of the round of its application.",
        RedactedCopy,
        RedactedCopy.round_id,
        Application.round_id,
        (Application, Application.id == RedactedCopy.application_id),
    ),
    same(
        "partner_round",
        "A partner is of the round of the application.",
        Partner,
        Partner.round_id,
        Application.round_id,
        (Application, Application.id == Partner.application_id),
    ),
    same(
        "host_invitation",
        "A host was invited for this application.",
        FiscalHost,
        FiscalHost.application_id,
        Invitation.application_id,
        (Invitation, Invitation.id == FiscalHost.invitation_id),
    ),
    same(
        "recording_group",
        "A recorded answer is a file of the group that applies.",
        AnswerMedia,
        StoredFile.organisation_id,
        Application.organisation_id,
        (StoredFile, StoredFile.id == AnswerMedia.file_id),
        (Answer, Answer.id == AnswerMedia.answer_id),
        (Application, Application.id == Answer.application_id),
    ),
    same(
        "document_group",
        "A paper of a group is a file of this group.",
        OrganisationDocument,
        OrganisationDocument.organisation_id,
        StoredFile.organisation_id,
        (StoredFile, StoredFile.id == OrganisationDocument.file_id),
    ),
    same(
        "check_in_file_group",
        "What a group sends with a conversation is a file of this group.",
        CheckInFile,
        StoredFile.organisation_id,
        Award.organisation_id,
        (StoredFile, StoredFile.id == CheckInFile.file_id),
        (CheckIn, CheckIn.id == CheckInFile.check_in_id),
        (Award, Award.id == CheckIn.award_id),
    ),
    same(
        "statement_group",
        "A bank account is checked against a statement of the group that is paid.",
        BankAccount,
        OrganisationDocument.organisation_id,
        Award.organisation_id,
        (OrganisationDocument, OrganisationDocument.id == BankAccount.statement_id),
        (Award, Award.id == BankAccount.award_id),
    ),
    same(
        "marker_award",
        "A marker is read in a conversation about its own grant.",
        MarkerReading,
        Marker.award_id,
        CheckIn.award_id,
        (Marker, Marker.id == MarkerReading.marker_id),
        (CheckIn, CheckIn.id == MarkerReading.check_in_id),
    ),
    same(
        "story_award",
        "A story was told in a conversation about its own grant.",
        Story,
        Story.award_id,
        CheckIn.award_id,
        (CheckIn, CheckIn.id == Story.check_in_id),
    ),
    same(
        "reply_call",
        "A reply by link is about a point of the call of the link.",
        CodesignReply,
        CodesignPoint.call_id,
        CodesignLink.call_id,
        (CodesignPoint, CodesignPoint.id == CodesignReply.point_id),
        (CodesignLink, CodesignLink.id == CodesignReply.link_id),
    ),
    same(
        "codesign_decision_call",
        "A decision of co-design is about a point of its own call.",
        CodesignDecision,
        CodesignDecision.call_id,
        CodesignPoint.call_id,
        (CodesignPoint, CodesignPoint.id == CodesignDecision.point_id),
    ),
)
