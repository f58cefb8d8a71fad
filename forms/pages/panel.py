"""Forms of the panel: ties, marks, seats, questions to groups."""

from __future__ import annotations

from collections.abc import Sequence

from forms.base import BaseForm, Explained
from forms.fields import (
    ChoiceField,
    ChoicesField,
    EmailField,
    SelectField,
    TextArea,
    TextField,
    TickField,
    WholeNumberField,
)
from forms.i18n import _
from forms.validators import Required

CANT_TELL = "cant_tell"
SENTENCE_LENGTH = 600
QUESTION_LENGTH = 1_000
TYPED_FROM = (("phone", _("By phone")), ("paper", _("On paper")), ("in_person", _("In person")))
RESPONSES = (
    ("note", _("I know them. I can still be fair.")),
    ("no_scoring", _("I should not read or score them.")),
    ("leave_room", _("I should leave the room when they are discussed.")),
)


class RegisterForm(BaseForm):
    """Ties in general, before a name is shown."""

    employer = TextArea(_("Who do you work for, paid or not?"), max_length=2_000)
    committee = TextArea(_("Which committees or boards are you on?"), max_length=2_000)
    family = TextArea(
        _("Where do your family or close friends work, or sit on a committee?"),
        help_text=_("The names of the organisations are enough."),
        max_length=2_000,
    )
    partner = TextArea(
        _("Which organisations do you work with, or help to apply for money?"), max_length=2_000
    )
    supplier = TextArea(_("Which organisations do you sell to, or buy from?"), max_length=2_000)
    past = TextArea(_("Was any of this different in the past two years?"), max_length=2_000)
    is_complete = TickField(
        _("This is complete, as far as I know."),
        [Required(_("Tick the box when your list is complete. Empty answers mean “none”."))],
    )

    KINDS = ("employer", "committee", "family", "partner", "supplier", "past")

    def lines(self) -> dict[str, str]:
        return {kind: self[kind].data for kind in self.KINDS}


def groups_form(groups: Sequence[tuple[str, str]]) -> type[BaseForm]:
    """Which of these groups the member has a tie with."""

    class GroupsForm(BaseForm):
        groups_known = ChoicesField(_("Which of these groups do you have a tie with?"), choices=groups)

    return GroupsForm


def ties_form(groups: Sequence[tuple[str, str]]) -> type[BaseForm]:
    """For each group (key, name) a response and a reason: `response_<key>` and `reason_<key>`."""
    fields: dict[str, Explained] = {}
    for key, name in groups:
        message = _("Choose what should happen for this group: %(group)s", group=name)
        fields[f"response_{key}"] = _response_field(message)
        fields[f"reason_{key}"] = _reason_field()
    return type("TiesForm", (BaseForm,), fields)


def _response_field(message: str) -> ChoiceField:
    return ChoiceField(_("What should happen?"), [Required(message)], choices=RESPONSES)


def _reason_field() -> TextField:
    return TextField(_("What is the tie? A few words are enough."), max_length=500)


def late_tie_form(groups: Sequence[tuple[str, str]]) -> type[BaseForm]:
    """A tie noticed while reading."""
    return _tie_form("LateTieForm", ChoiceField, groups)


def own_tie_form(groups: Sequence[tuple[str, str]]) -> type[BaseForm]:
    """A tie of somebody who works for the fund, where the groups are many."""
    return _tie_form("OwnTieForm", SelectField, groups)


def _tie_form(
    name: str, group_field: type[ChoiceField | SelectField], groups: Sequence[tuple[str, str]]
) -> type[BaseForm]:
    fields = {
        "group": group_field(
            _("Which group do you have a tie with?"), [Required(_("Choose the group."))], choices=groups
        ),
        "response": _response_field(_("Choose what should happen.")),
        "reason": _reason_field(),
    }
    return type(name, (BaseForm,), fields)


def mark_form(levels: Sequence[tuple[str, str]]) -> type[BaseForm]:
    """One criterion; everything may be empty while the reader is still reading."""

    class MarkForm(BaseForm):
        level = ChoiceField(_("Which level fits best?"), choices=levels)
        sentence = TextArea(
            _("Why? One sentence."),
            help_text=_("The group may read it. Your name is not shown."),
            max_length=SENTENCE_LENGTH,
        )
        question = TextArea(
            _("If you can't tell: what should we ask the group?"),
            help_text=_("The fund sends it without your name. All readers see the answer."),
            max_length=QUESTION_LENGTH,
        )

    return MarkForm


def typed_form(criteria: Sequence[str], levels: Sequence[tuple[str, str]]) -> type[BaseForm]:
    """What a reader says by phone or on paper: `level_<key>`, `sentence_<key>`, `question_<key>`."""
    fields: dict[str, Explained] = {
        "way": ChoiceField(
            _("How did the marks come?"), [Required(_("Choose how the marks came."))], choices=TYPED_FROM
        )
    }
    for key in criteria:
        fields[f"level_{key}"] = ChoiceField(_("Which level fits best?"), choices=levels)
        fields[f"sentence_{key}"] = TextArea(_("Why? One sentence."), max_length=SENTENCE_LENGTH)
        fields[f"question_{key}"] = TextArea(
            _("If you can't tell: what should we ask the group?"), max_length=QUESTION_LENGTH
        )
    fields["is_final"] = TickField(_("The member says that these marks are final. Lock them."))
    return type("TypedForm", (BaseForm,), fields)


class UnclearForm(BaseForm):
    text = TextArea(
        _("What is not clear? Ask the group in simple words."),
        [Required(_("Write what we should ask the group."))],
        help_text=_("The fund sends it without your name. All readers see the answer."),
        max_length=QUESTION_LENGTH,
    )


class NoteForm(BaseForm):
    private_note = TextArea(
        _("Your own notes"),
        help_text=_(
            "Other members do not see them. The group can ask for them by law: "
            "write only what you could say to them."
        ),
        max_length=5_000,
    )
    has_concern = TickField(
        _("I have a concern. The panel should talk about this application first."),
        help_text=_("The secretary sees this at once."),
    )
    concern = TextField(
        _("What is your concern? One sentence."), help_text=_("The secretary reads it."), max_length=600
    )


def seat_form(
    kinds: Sequence[tuple[str, str]],
    organisations: Sequence[tuple[str, str]],
    languages: Sequence[tuple[str, str]] = (),
) -> type[BaseForm]:
    class SeatForm(BaseForm):
        page_order = ("kind", "name", "email")
        kind = SelectField(_("Seat"), [Required(_("Choose a kind of seat."))], choices=kinds)
        email = EmailField(_("E-mail address"), [Required(_("Write the member's e-mail address."))])
        name = TextField(_("Name"), [Required(_("Write the member's name."))], max_length=120)
        nominated_by = SelectField(_("Named by"), choices=organisations)
        capacity = WholeNumberField(
            _("Can read how many"),
            [Required(_("Write how many applications the member can read."))],
            largest=500,
        )
        reads_in = ChoicesField(
            _("Reads in these languages"),
            choices=languages,
            help_text=_("Without a tick: the member's own language and the first language of the call."),
        )
        is_chair = TickField(_("Takes the chair"))

    return SeatForm


class UnlockForm(BaseForm):
    reason = TextField(_("Why?"), [Required(_("Please write a reason."))], max_length=500)


class ReaderQuestionForm(BaseForm):
    """The secretary's wording of a reader's question, or why it is not sent."""

    text = TextArea(_("Question to the group"), max_length=QUESTION_LENGTH)
    reason = TextField(_("Or: why it is not sent (the reader sees this)"), max_length=500)
