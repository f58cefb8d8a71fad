"""Every status there is, and the steps that lead from one to the next (words: the glossary)."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

from fundapp.check_steps import CHECK_STEPS
from fundapp.claim_steps import OPINION_STEPS
from fundapp.errors import NotPossibleNow
from fundapp.money_steps import MONEY_STEPS
from fundapp.rights_steps import RIGHTS_STEPS
from fundapp.story_steps import STORIES_STEPS
from fundapp.support_steps import SUPPORT_STEPS
from fundapp.told_steps import TOLD_STEPS
from fundapp.worry_steps import COMPLAINT_STEPS, SAFETY_STEPS, ComplaintStatus, SafetyStatus


class CallStatus(StrEnum):
    DRAFT = "draft"
    CO_DESIGN = "co_design"
    PUBLISHED = "published"
    OPEN = "open"
    CLOSED = "closed"
    DECIDING = "deciding"
    DECIDED = "decided"
    MONITORING = "monitoring"
    ARCHIVED = "archived"


class ApplicationStatus(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    ELIGIBLE = "eligible"
    INELIGIBLE = "ineligible"
    IN_REVIEW = "in_review"
    CLARIFYING = "clarifying"
    AT_PANEL = "at_panel"
    IN_PRINCIPLE = "in_principle"
    RESERVE = "reserve"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class AwardStatus(StrEnum):
    IN_PRINCIPLE = "in_principle"
    CHECKS = "checks"
    AGREEMENT_SENT = "agreement_sent"
    ACTIVE = "active"
    CLOSING = "closing"
    COMPLETED = "completed"
    DECLINED_BY_GRANTEE = "declined_by_grantee"
    WITHDRAWN = "withdrawn"
    TERMINATED = "terminated"


class InstalmentStatus(StrEnum):
    PLANNED = "planned"
    DUE = "due"
    APPROVED = "approved"
    PAID = "paid"
    HELD = "held"
    CANCELLED = "cancelled"


class ClawbackStatus(StrEnum):
    """Of money that a group is asked to give back."""

    PROPOSED = "proposed"  # by the first person; the group knows nothing
    ASKED = "asked"
    RECEIVED = "received"
    DROPPED = "dropped"


class ClaimStatus(StrEnum):
    DECLARED = "declared"
    CHECKED = "checked"
    CONFIRMED = "confirmed"
    NOT_MET = "not_met"


class CheckInStatus(StrEnum):
    PLANNED = "planned"
    OFFERED = "offered"
    HELD = "held"
    ANSWERED_BY_FUNDER = "answered_by_funder"
    MISSED_REARRANGED = "missed_rearranged"


class FileStatus(StrEnum):
    RECEIVING = "receiving"
    QUARANTINED = "quarantined"
    CLEAN = "clean"
    REFUSED = "refused"
    ERASED = "erased"


class TranscriptStatus(StrEnum):
    """Of a recorded answer."""

    NOT_HEARD = "not_heard"
    NEEDED = "needed"
    TRANSCRIBED = "transcribed"
    CHECKED = "checked"  # by the group


class SpokenStatus(StrEnum):
    """Of something that was said aloud in co-design."""

    WAITING = "waiting"
    WRITTEN = "written"
    SET_ASIDE = "set_aside"
    LOST = "lost"  # it could not be opened, or its day came before anybody wrote it down


class InvitationStatus(StrEnum):
    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class WordStatus(StrEnum):
    """Of a host or a partner who is asked for their word."""

    INVITED = "invited"
    CONFIRMED = "confirmed"
    DECLINED = "declined"
    ENDED = "ended"


class PanelPhase(StrEnum):
    """Of a panel's work. No column: the dates of the round and of the panel say which it is."""

    PREPARING = "preparing"
    PRACTICE = "practice"  # everybody marks the same samples
    SCORING = "scoring"  # each alone
    MODERATION = "moderation"  # different marks are talked through
    MEETING = "meeting"
    CLOSED = "closed"


class PanelAct(StrEnum):
    """What a phase may forbid."""

    CHANGE_SEATS = "change_seats"
    PLAN_PRACTICE = "plan_practice"
    PRACTISE = "practise"
    AGREE_LEVELS = "agree_levels"
    START_REVIEW = "start_review"
    ASSIGN = "assign"
    MARK = "mark"
    UNLOCK = "unlock"
    BRING = "bring"
    VOTE = "vote"
    MEET = "meet"


class ItemStatus(StrEnum):
    """Of an application on the agenda of a meeting."""

    WAITING = "waiting"
    ON_THE_TABLE = "on_the_table"
    SETTLED = "settled"


class PanelClaimStatus(StrEnum):
    """Of a sum that a panel member asks for."""

    ASKED = "asked"
    APPROVED = "approved"
    RETURNED = "returned"  # with a reason; can be asked again
    PAID = "paid"
    TAKEN_BACK = "taken_back"  # by the member


class CandidateStatus(StrEnum):
    """Of somebody who offers themselves for a drawn seat of a panel."""

    OFFERED = "offered"
    DRAWN = "drawn"  # and asked
    SEATED = "seated"
    LEFT = "left"  # said no, or gave the seat back


Status = TypeVar("Status", bound=StrEnum)
Steps = Mapping[str, tuple[frozenset[Status], Status]]


def _from(*statuses: Status) -> frozenset[Status]:
    return frozenset(statuses)


C = CallStatus
CALL_STEPS: Steps[CallStatus] = {
    "start_co_design": (_from(C.DRAFT), C.CO_DESIGN),
    "publish": (_from(C.DRAFT, C.CO_DESIGN), C.PUBLISHED),
    "open": (_from(C.PUBLISHED), C.OPEN),
    "close": (_from(C.OPEN), C.CLOSED),
    "reopen_for_next_round": (_from(C.DECIDED, C.MONITORING), C.OPEN),
    "start_deciding": (_from(C.CLOSED), C.DECIDING),
    "decide": (_from(C.DECIDING), C.DECIDED),
    "start_monitoring": (_from(C.DECIDED), C.MONITORING),
    "archive": (_from(C.MONITORING), C.ARCHIVED),
}

A = ApplicationStatus
_UNDECIDED = _from(A.DRAFT, A.SUBMITTED, A.ELIGIBLE, A.IN_REVIEW, A.CLARIFYING, A.AT_PANEL, A.RESERVE)
APPLICATION_STEPS: Steps[ApplicationStatus] = {
    "submit": (_from(A.DRAFT), A.SUBMITTED),
    "invite_to_full": (_from(A.SUBMITTED, A.ELIGIBLE), A.DRAFT),
    "find_eligible": (_from(A.SUBMITTED), A.ELIGIBLE),
    "find_ineligible": (_from(A.SUBMITTED), A.INELIGIBLE),
    "start_review": (_from(A.SUBMITTED, A.ELIGIBLE), A.IN_REVIEW),
    "ask_group": (_from(A.IN_REVIEW), A.CLARIFYING),
    "hear_from_group": (_from(A.CLARIFYING), A.IN_REVIEW),
    "bring_to_panel": (_from(A.IN_REVIEW, A.CLARIFYING), A.AT_PANEL),
    "award": (_from(A.AT_PANEL, A.RESERVE), A.IN_PRINCIPLE),
    "put_on_reserve": (_from(A.AT_PANEL), A.RESERVE),
    "decline": (_from(A.AT_PANEL, A.RESERVE, A.SUBMITTED, A.ELIGIBLE), A.DECLINED),
    "withdraw": (_UNDECIDED | {A.IN_PRINCIPLE}, A.WITHDRAWN),
}

BEING_BUILT = (C.DRAFT, C.CO_DESIGN)  # of calls that only those see who make them

W = AwardStatus
RUNNING_GRANTS = (W.ACTIVE, W.CLOSING)
LIVE_GRANTS = (W.IN_PRINCIPLE, W.CHECKS, W.AGREEMENT_SENT, *RUNNING_GRANTS)
BEGUN_GRANTS = (*RUNNING_GRANTS, W.COMPLETED)  # signed by everybody, and not ended early
AWARD_STEPS: Steps[AwardStatus] = {
    "start_checks": (_from(W.IN_PRINCIPLE), W.CHECKS),
    "send_agreement": (_from(W.CHECKS), W.AGREEMENT_SENT),
    "accept": (_from(W.AGREEMENT_SENT), W.ACTIVE),
    "start_closing": (_from(W.ACTIVE), W.CLOSING),
    "complete": (_from(W.CLOSING), W.COMPLETED),
    "reopen": (_from(W.COMPLETED), W.CLOSING),
    "refuse": (_from(W.IN_PRINCIPLE, W.CHECKS, W.AGREEMENT_SENT), W.DECLINED_BY_GRANTEE),
    "withdraw": (_from(W.IN_PRINCIPLE, W.CHECKS, W.AGREEMENT_SENT), W.WITHDRAWN),
    "terminate": (_from(*RUNNING_GRANTS), W.TERMINATED),
}

I = InstalmentStatus  # noqa: E741 - one letter per table keeps the rows readable
SETTLED_PAYMENTS = (I.PAID, I.CANCELLED)
INSTALMENT_STEPS: Steps[InstalmentStatus] = {
    "fall_due": (_from(I.PLANNED), I.DUE),
    "approve": (_from(I.DUE), I.APPROVED),
    "pay": (_from(I.APPROVED), I.PAID),
    "return": (_from(I.APPROVED, I.PAID), I.DUE),
    "hold": (_from(I.PLANNED, I.DUE, I.APPROVED), I.HELD),
    "release": (_from(I.HELD), I.DUE),
    "wait_again": (_from(I.HELD), I.PLANNED),
    "cancel": (_from(I.PLANNED, I.DUE, I.HELD), I.CANCELLED),
}

G = ClawbackStatus
CLAWBACK_STEPS: Steps[ClawbackStatus] = {
    "ask": (_from(G.PROPOSED), G.ASKED),
    "drop": (_from(G.PROPOSED), G.DROPPED),
    "receive": (_from(G.ASKED), G.RECEIVED),
    "correct": (_from(G.ASKED, G.RECEIVED), G.ASKED),
}

L = ClaimStatus
CLAIM_STEPS: Steps[ClaimStatus] = {
    "check": (_from(L.DECLARED), L.CHECKED),
    "confirm": (_from(L.DECLARED, L.CHECKED), L.CONFIRMED),
    "find_not_met": (_from(L.DECLARED, L.CHECKED, L.CONFIRMED), L.NOT_MET),
    "reconsider": (_from(L.NOT_MET, L.CONFIRMED), L.CHECKED),
}

M = ItemStatus
ITEM_STEPS: Steps[ItemStatus] = {
    "put_on_the_table": (_from(M.WAITING, M.SETTLED), M.ON_THE_TABLE),
    "take_off_the_table": (_from(M.ON_THE_TABLE), M.WAITING),
    "settle": (_from(M.ON_THE_TABLE), M.SETTLED),
}

K = CheckInStatus
TALKS_TO_COME = (K.PLANNED, K.OFFERED, K.MISSED_REARRANGED)
TALKS_HELD = (K.HELD, K.ANSWERED_BY_FUNDER)
CHECK_IN_STEPS: Steps[CheckInStatus] = {
    "offer": (_from(K.PLANNED, K.MISSED_REARRANGED), K.OFFERED),
    "hold": (_from(*TALKS_TO_COME), K.HELD),
    "answer": (_from(K.HELD), K.ANSWERED_BY_FUNDER),
    "miss": (_from(K.OFFERED), K.MISSED_REARRANGED),
}

F = FileStatus
FILE_STEPS: Steps[FileStatus] = {
    "receive": (_from(F.RECEIVING), F.QUARANTINED),
    "accept": (_from(F.QUARANTINED), F.CLEAN),
    "refuse": (_from(F.RECEIVING, F.QUARANTINED), F.REFUSED),
    "erase": (_from(F.RECEIVING, F.QUARANTINED, F.CLEAN, F.REFUSED), F.ERASED),
}

T = TranscriptStatus
TRANSCRIPT_STEPS: Steps[TranscriptStatus] = {
    "hear": (_from(T.NOT_HEARD), T.NEEDED),
    "transcribe": (_from(T.NOT_HEARD, T.NEEDED, T.TRANSCRIBED), T.TRANSCRIBED),
    "write_own_transcript": (_from(T.NOT_HEARD, T.NEEDED, T.TRANSCRIBED, T.CHECKED), T.CHECKED),
    "confirm_transcript": (_from(T.TRANSCRIBED), T.CHECKED),
}

INVITATION_STEPS: Steps[InvitationStatus] = {
    "accept": (_from(InvitationStatus.OPEN), InvitationStatus.ACCEPTED),
    "decline": (_from(InvitationStatus.OPEN), InvitationStatus.DECLINED),
    "withdraw": (_from(InvitationStatus.OPEN), InvitationStatus.WITHDRAWN),
}

WORD_STEPS: Steps[WordStatus] = {
    "confirm": (_from(WordStatus.INVITED, WordStatus.CONFIRMED), WordStatus.CONFIRMED),
    "decline": (_from(WordStatus.INVITED), WordStatus.DECLINED),
    "end": (_from(WordStatus.INVITED, WordStatus.CONFIRMED), WordStatus.ENDED),
}

B = PanelClaimStatus
PANEL_CLAIM_STEPS: Steps[PanelClaimStatus] = {
    "approve": (_from(B.ASKED), B.APPROVED),
    "return": (_from(B.ASKED, B.APPROVED), B.RETURNED),
    "ask_again": (_from(B.RETURNED), B.ASKED),
    "pay": (_from(B.APPROVED), B.PAID),
    "take_back": (_from(B.ASKED, B.RETURNED), B.TAKEN_BACK),
}

CANDIDATE_STEPS: Steps[CandidateStatus] = {
    "draw": (_from(CandidateStatus.OFFERED), CandidateStatus.DRAWN),
    "seat": (_from(CandidateStatus.DRAWN), CandidateStatus.SEATED),
    "leave": (_from(CandidateStatus.DRAWN, CandidateStatus.SEATED), CandidateStatus.LEFT),
}

SPOKEN_STEPS: Steps[SpokenStatus] = {
    "write_down": (_from(SpokenStatus.WAITING), SpokenStatus.WRITTEN),
    "set_aside": (_from(SpokenStatus.WAITING), SpokenStatus.SET_ASIDE),
    "lose": (_from(SpokenStatus.WAITING), SpokenStatus.LOST),
}

P = PanelPhase
PANEL_STEPS: Steps[PanelPhase] = {
    "practise": (_from(P.PREPARING), P.PRACTICE),
    "prepare": (_from(P.PRACTICE), P.PREPARING),
    "score": (_from(P.PREPARING, P.PRACTICE), P.SCORING),
    "moderate": (_from(P.SCORING), P.MODERATION),
    "meet": (_from(P.SCORING, P.MODERATION), P.MEETING),
    "close": (_from(P.MEETING), P.CLOSED),
}

_BEFORE_SCORING = _from(P.PREPARING, P.PRACTICE)
PANEL_ALLOWS: Mapping[PanelAct, frozenset[PanelPhase]] = {
    PanelAct.CHANGE_SEATS: _BEFORE_SCORING | _from(P.SCORING, P.MODERATION, P.MEETING),
    PanelAct.PLAN_PRACTICE: _BEFORE_SCORING,
    PanelAct.PRACTISE: _from(P.PRACTICE),
    PanelAct.AGREE_LEVELS: _BEFORE_SCORING,
    PanelAct.START_REVIEW: _BEFORE_SCORING | _from(P.SCORING),
    PanelAct.ASSIGN: _BEFORE_SCORING | _from(P.SCORING, P.MODERATION),
    PanelAct.MARK: _from(P.SCORING),  # and in moderation, on a sheet that was opened again
    PanelAct.UNLOCK: _from(P.SCORING, P.MODERATION),
    PanelAct.BRING: _from(P.SCORING, P.MODERATION, P.MEETING),
    PanelAct.VOTE: _from(P.MODERATION, P.MEETING, P.CLOSED),
    PanelAct.MEET: _from(P.MEETING, P.CLOSED),  # a panel may run late, never early
}

STEPS: dict[type[StrEnum], Mapping[str, tuple[frozenset[StrEnum], StrEnum]]] = {
    CallStatus: CALL_STEPS,
    ApplicationStatus: APPLICATION_STEPS,
    AwardStatus: AWARD_STEPS,
    InstalmentStatus: INSTALMENT_STEPS,
    ClawbackStatus: CLAWBACK_STEPS,
    ClaimStatus: CLAIM_STEPS,
    CheckInStatus: CHECK_IN_STEPS,
    **STORIES_STEPS,
    ComplaintStatus: COMPLAINT_STEPS,
    SafetyStatus: SAFETY_STEPS,
    **RIGHTS_STEPS,
    FileStatus: FILE_STEPS,
    TranscriptStatus: TRANSCRIPT_STEPS,
    InvitationStatus: INVITATION_STEPS,
    WordStatus: WORD_STEPS,
    ItemStatus: ITEM_STEPS,
    PanelPhase: PANEL_STEPS,
    PanelClaimStatus: PANEL_CLAIM_STEPS,
    CandidateStatus: CANDIDATE_STEPS,
    **MONEY_STEPS,
    **CHECK_STEPS,
    **TOLD_STEPS,
    **SUPPORT_STEPS,
    **OPINION_STEPS,
    SpokenStatus: SPOKEN_STEPS,
}


def next_status(current: Status, step: str) -> Status:
    """Where `step` leads from `current`. Raises NotPossibleNow when it cannot start there."""
    allowed_from, target = STEPS[type(current)][step]
    if current not in allowed_from:
        raise NotPossibleNow(f"cannot {step} from {current}")
    return target  # type: ignore[return-value]
