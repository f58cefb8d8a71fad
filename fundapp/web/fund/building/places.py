"""The pages of the builder: which parts of a call stand on which page, and where a problem is mended."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from forms.definition import FormDefinition, Question, Section
from forms.eligibility import ByAndForRule, EligibilityQuestion
from forms.i18n import _
from fundapp.call_file.agreement import AgreementClause
from fundapp.call_file.assessment import Assessment, Criterion, PanelRules, Seat
from fundapp.call_file.award_checks import AwardCheck
from fundapp.call_file.awarding import AwardRules, PaymentPlan
from fundapp.call_file.burden import BurdenBudget
from fundapp.call_file.definition import CallDefinition
from fundapp.call_file.edit import Content, find, key_of, path_of
from fundapp.call_file.grants import CostRules, MoneyPlan, Strand
from fundapp.call_file.monitoring import MonitoringPlan, PlannedCheckIn
from fundapp.call_file.problems import Path
from fundapp.call_file.ring_fences import RingFence
from fundapp.call_file.schema import fields_of
from fundapp.call_file.support import SupportOffer
from fundapp.call_file.timetable import Round
from fundapp.web.fund.building.options import title_of


@dataclass(frozen=True)
class Block:
    """Fields of one dataclass at one place; all of them where `names` is empty."""

    part: type
    path: Path
    names: tuple[str, ...] = ()
    title: str = ""

    @property
    def field_names(self) -> tuple[str, ...]:
        known = tuple(name for name in fields_of(self.part) if name not in ("key", "code", "codesign"))
        return self.names or known


@dataclass(frozen=True)
class BuildPage:
    slug: str
    title: str
    lead: str
    blocks: tuple[Block, ...]


_TEXTS = (
    *("title", "purpose", "public_rule", "area", "funder", "fund_manager", "learning_partner"),
    *("languages", "time_zone", "is_open_call", "is_sensitive", "boroughs", "themes"),
)
PAGES: tuple[BuildPage, ...] = (
    BuildPage(
        "texts",
        _("Texts of the call"),
        _("What everybody reads first."),
        (Block(CallDefinition, (), _TEXTS),),
    ),
    BuildPage(
        "money",
        _("Money"),
        _("How the money is divided, and what it may be spent on."),
        (Block(MoneyPlan, ("money",)), Block(CostRules, ("costs",))),
    ),
    BuildPage(
        "strands",
        _("Kinds of grant"),
        _("Each kind has its own sizes and its own length."),
        (Block(CallDefinition, (), ("strands",)),),
    ),
    BuildPage(
        "rounds",
        _("Rounds and timetable"),
        _("When groups apply and when they hear from you."),
        (Block(CallDefinition, (), ("rounds",)),),
    ),
    BuildPage(
        "ring-fences",
        _("Ring-fences"),
        _("Money that is kept for some groups, or limits for others."),
        (Block(CallDefinition, (), ("ring_fences",)),),
    ),
    BuildPage(
        "eligibility",
        _("Who can apply"),
        _("The short check before a group applies."),
        (Block(CallDefinition, (), ("eligibility",)), Block(ByAndForRule, ("by_and_for",))),
    ),
    BuildPage(
        "form",
        _("Questions of the form"),
        _("Sections with questions, for the first and the second stage."),
        (Block(FormDefinition, ("form",)),),
    ),
    BuildPage(
        "criteria",
        _("Criteria and weights"),
        _("What readers look at, and how much it counts."),
        (Block(Assessment, ("assessment",)),),
    ),
    BuildPage(
        "panel",
        _("Panel"),
        _("Who decides, and how they are paid."),
        (Block(PanelRules, ("panel",)),),
    ),
    BuildPage(
        "awards",
        _("Checks and payments"),
        _("What comes after a yes."),
        (Block(AwardRules, ("awards",)),),
    ),
    BuildPage(
        "monitoring",
        _("Staying in touch"),
        _("Conversations during the grant."),
        (Block(MonitoringPlan, ("monitoring",)),),
    ),
    BuildPage(
        "support",
        _("Help besides money"),
        _("What helps groups to take part and to apply, and how they get it. It stands on the public page."),
        (Block(CallDefinition, (), ("support",)),),
    ),
    BuildPage(
        "burden",
        _("Time it costs"),
        _("What applying and reporting costs everybody. It stands on the public page."),
        (Block(BurdenBudget, ("burden",)),),
    ),
)
BY_SLUG: Mapping[str, BuildPage] = {page.slug: page for page in PAGES}
_TOP = {
    **dict.fromkeys((*_TEXTS, "code", "format"), "texts"),
    **{"money": "money", "costs": "money", "strands": "strands", "rounds": "rounds"},
    **{"ring_fences": "ring-fences", "eligibility": "eligibility", "by_and_for": "eligibility"},
    **{"form": "form", "assessment": "criteria", "panel": "panel", "awards": "awards"},
    **{"monitoring": "monitoring", "support": "support", "burden": "burden"},
}
# Parts with a page of their own, with the kind in their references.
OWN_PAGES: Mapping[object, str] = {
    Strand: "strand",
    Round: "round",
    RingFence: "ring_fence",
    EligibilityQuestion: "question",
    Section: "section",
    Question: "question",
    Criterion: "criterion",
    Seat: "seat",
    AwardCheck: "check",
    PaymentPlan: "payment_plan",
    AgreementClause: "clause",
    PlannedCheckIn: "check_in",
    SupportOffer: "support",
}
ADD_WORDS: Mapping[str, str] = {
    "strand": _("Add a kind of grant"),
    "round": _("Add a round"),
    "ring_fence": _("Add a ring-fence"),
    "section": _("Add a section"),
    "question": _("Add a question"),
    "check_in_question": _("Add a question"),
    "feedback_question": _("Add a question"),
    "criterion": _("Add a criterion"),
    "seat": _("Add a kind of seat"),
    "check": _("Add a check"),
    "payment_plan": _("Add a payment plan"),
    "clause": _("Add a clause"),
    "check_in": _("Add a conversation"),
    "support": _("Add something that helps"),
}
_PLAIN_QUESTION = (
    "kind",
    "label",
    "why_we_ask",
    "help_text",
    "choices",
    "max_words",
    "max_minutes",
    "required",
)


@dataclass(frozen=True)
class ListedItem:
    key: str
    title: str


@dataclass(frozen=True)
class Listed:
    """A list of parts that have pages of their own; `place` is where it stands."""

    kind: str
    place: str
    add_words: str
    items: Sequence[ListedItem]


def kind_at(place: Path, item: object) -> str:
    if place[:1] == ("monitoring",) and item is Question:
        return "check_in_question" if place[1] == "questions" else "feedback_question"
    return OWN_PAGES[item]


def listed_at(content: Content, place: Path, item: object, language: str) -> Listed:
    kind = kind_at(place, item)
    items = find(content, place)
    found = [(key_of(each), each) for each in items] if isinstance(items, list) else []
    return Listed(
        kind,
        ".".join(str(step) for step in place),
        ADD_WORDS[kind],
        [ListedItem(key, title_of(each, language)) for key, each in found if key],
    )


_TYPES: Mapping[str, type] = {
    "strand": Strand,
    "round": Round,
    "ring_fence": RingFence,
    "section": Section,
    "criterion": Criterion,
    "seat": Seat,
    "check": AwardCheck,
    "payment_plan": PaymentPlan,
    "clause": AgreementClause,
    "check_in": PlannedCheckIn,
    "support": SupportOffer,
}


def blocks_of_part(content: Content, kind: str, key: str) -> tuple[Block, ...] | None:
    """The fields on the page of one part; None when there is no such part."""
    path = path_of(content, f"{kind}:{key}")
    if path is None:
        return None
    if kind in _TYPES:
        return (Block(_TYPES[kind], path),)
    if path[0] == "eligibility":
        question = (*_PLAIN_QUESTION, "ask_if", "carries")
        return (
            Block(Question, (*path, "question"), question),
            Block(EligibilityQuestion, path, ("outcomes",)),
        )
    if path[0] == "monitoring":
        return (Block(Question, path, _PLAIN_QUESTION),)
    return (Block(Question, path),) if kind == "question" else None


def slug_of(path: Path) -> str:
    """The page of the builder on which this place stands."""
    return _TOP.get(str(path[0]), "texts") if path else "texts"


def part_at(content: Content, path: Path) -> tuple[str, str] | None:
    """Kind and key of the innermost part with a page of its own around this place."""
    for length in range(len(path), 0, -1):
        if isinstance(path[length - 1], int):
            place, key = path[: length - 1], key_of(find(content, path[:length]))
            kind = kind_of_place(place)
            if kind and key:
                return kind, key
    return None


_KIND_OF_PLACE: Mapping[tuple[str, ...], str] = {
    ("strands",): "strand",
    ("rounds",): "round",
    ("ring_fences",): "ring_fence",
    ("eligibility",): "question",
    ("form", "sections"): "section",
    ("form", "sections", "questions"): "question",
    ("assessment", "criteria"): "criterion",
    ("panel", "seats"): "seat",
    ("awards", "checks"): "check",
    ("awards", "payment_plans"): "payment_plan",
    ("awards", "clauses"): "clause",
    ("monitoring", "check_ins"): "check_in",
    ("support",): "support",
    ("monitoring", "questions"): "check_in_question",
    ("monitoring", "funder_feedback", "questions"): "feedback_question",
}


def kind_of_place(path: Path) -> str | None:
    """The kind of the parts in the list at this place."""
    return _KIND_OF_PLACE.get(tuple(step for step in path if isinstance(step, str)))
