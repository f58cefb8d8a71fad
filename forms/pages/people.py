"""Forms about people around an application: members, helpers, hosts, partners."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from forms.base import BaseForm
from forms.conditions import is_answered
from forms.definition import Question
from forms.fields import (
    ChoiceField,
    DateField,
    EmailField,
    PercentField,
    SelectField,
    TextArea,
    TextField,
    TickField,
)
from forms.i18n import _
from forms.pages.apply import LEGAL_FORMS, NEW_GROUP, YES, place_and_lead_fields
from forms.validators import Required

RIGHTS = (
    ("view", _("Read only")),
    ("edit", _("Read and write")),
    ("submit", _("Read, write, send, and ask people in")),
)
KINDS_OF_HELP = (
    ("writing", _("Helps us write")),
    ("interpreting", _("Interprets or translates")),
    ("umbrella", _("Supports us as an umbrella organisation")),
    ("access", _("Supports us with access, for example sign language")),
)
DECIDERS = (
    ("group", _("The group decides. We pay what it decides.")),
    ("together", _("The group and we decide together.")),
    ("host", _("We decide.")),
)
_ADDRESS = Required(_("Write an e-mail address."))


class CodeOfInvitationForm(BaseForm):
    code = TextField(
        _("The code from the mail"),
        [Required(_("Write the code from the mail."))],
        max_length=60,
        help_text=_("Twelve letters and numbers. Small letters and spaces do no harm."),
    )


class MemberForm(BaseForm):
    email = EmailField(
        _("E-mail address of the person"),
        [_ADDRESS],
        help_text=_("We send a code to this address. The mail does not name your group."),
    )
    may = ChoiceField(
        _("What may this person do?"), [Required(_("Choose what this person may do."))], choices=RIGHTS
    )


class RightForm(BaseForm):
    may = ChoiceField(
        _("What may this person do?"), [Required(_("Choose what this person may do."))], choices=RIGHTS
    )


class HelperForm(BaseForm):
    """Somebody who may write with the group and never send. Drawn up by `helper_form`."""


def helper_form(umbrellas: Sequence[tuple[str, str]]) -> type[HelperForm]:
    """`umbrellas`: ids and names of umbrella organisations on file."""
    fields: dict[str, Any] = {
        "name": TextField(
            _("Name of the helper"),
            [Required(_("Write the name of the helper."))],
            max_length=120,
            help_text=_("Your group and the fund see it. The panel does not."),
        ),
        "email": EmailField(_("E-mail address of the helper"), [_ADDRESS]),
        "kind": ChoiceField(
            _("What kind of help is it?"), [Required(_("Choose the kind of help."))], choices=KINDS_OF_HELP
        ),
    }
    if umbrellas:
        fields["umbrella"] = SelectField(
            _("Does the helper work for one of these organisations?"),
            choices=umbrellas,
            help_text=_("Leave it empty if not."),
            why_we_ask=_("Whoever helps you write does not judge your application."),
        )
    fields["organisation"] = TextField(
        _("Or for another organisation?"), help_text=_("You may leave this out.")
    )
    fields["until"] = DateField(
        _("Until which day may the helper write?"),
        help_text=_("Leave it empty for the whole round. You can end it at any time."),
    )
    return type("HelperForm", (HelperForm,), fields)


class HostInvitationForm(BaseForm):
    email = EmailField(
        _("E-mail address of somebody who may sign for the host"),
        [_ADDRESS],
        help_text=_("We send a code to this address. The mail does not name your group."),
    )


class PartnerInvitationForm(BaseForm):
    email = EmailField(
        _("E-mail address of somebody who may speak for this partner"),
        [_ADDRESS],
        help_text=_("We send a code to this address. The mail does not name your group."),
    )


class OrganisationChoice(BaseForm):
    """One of the person's own organisations, or a new one by its name."""

    def validate(self, extra_validators: Any = None) -> bool:
        is_valid = super().validate(extra_validators)
        if "group" in self and self["group"].data is None and not self["name"].data:
            self.add_error("group", _("Choose an organisation."))
            return False
        if self.group_id is None and not self["name"].data and not self["name"].errors:
            self.add_error("name", _("Write the name of the organisation."))
            return False
        return is_valid

    @property
    def group_id(self) -> str | None:
        """The id of a known organisation; None for a new one."""
        chosen = self["group"].data if "group" in self else NEW_GROUP
        return None if chosen in (None, NEW_GROUP) else str(chosen)


def _organisation_fields(groups: Sequence[tuple[str, str]]) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    if groups:
        fields["group"] = ChoiceField(
            _("Which organisation do you speak for?"),
            choices=(*groups, (NEW_GROUP, _("Another organisation"))),
        )
    as_written = _("As you write it yourselves, in any script.")
    only_new = _("Only if it is another organisation. Write the name as you do yourselves, in any script.")
    fields["name"] = TextField(_("Name of the organisation"), help_text=only_new if groups else as_written)
    fields["legal_form"] = SelectField(
        _("What kind of organisation is it?"),
        choices=LEGAL_FORMS,
        help_text=_("Only if it is another organisation.") if groups else "",
    )
    return fields


class HostForm(OrganisationChoice):
    """The word of a host. Drawn up by `host_form`."""


def host_form(groups: Sequence[tuple[str, str]]) -> type[HostForm]:
    fields = _organisation_fields(groups) | {
        "decides": ChoiceField(
            _("Who decides what the money is spent on?"),
            [Required(_("Choose who decides."))],
            choices=DECIDERS,
            why_we_ask=_("To hold the money and to decide about it are two things. We keep them apart."),
        ),
        "fee": PercentField(
            _("What do you keep for this work, in per cent of the grant?"),
            [Required(_("Write a number. Write 0 if you keep nothing."))],
        ),
        "signed_by": TextField(
            _("Your name, as a signature"),
            [Required(_("Write your name."))],
            help_text=_("By writing it you say that you may sign for your organisation."),
        ),
        "agree": TickField(
            _("We confirm what is written above"), [Required(_("Tick the box if you confirm it."))]
        ),
    }
    return type("HostForm", (HostForm,), fields)


class ReasonForm(BaseForm):
    reason = TextArea(_("Why not?"), [Required(_("Please write a reason."))], max_length=2_000)


class MaybeReasonForm(BaseForm):
    reason = TextArea(_("Why not?"), max_length=2_000, help_text=_("You may leave this out."))


class PartnerForm(OrganisationChoice):
    """A partner's yes to its share, with its own word on who leads it. Drawn up by `partner_form`."""

    bands: tuple[str, ...] = ()

    def __init__(self, *arguments: Any, **named: Any) -> None:
        """Who speaks comes first, then who leads it, and the yes at the end."""
        super().__init__(*arguments, **named)
        last = [name for name in ("migrant_led", "agree") if name in self]
        first = [name for name in self._fields if name not in (*self.bands, *last)]
        self._fields = {name: self._fields[name] for name in (*first, *self.bands, *last)}

    def validate(self, extra_validators: Any = None) -> bool:
        is_valid = super().validate(extra_validators)
        for key in self.bands:
            if not self[key].errors and not is_answered(self[key].data):
                self.add_error(key, _("Choose the answer that fits best."))
                is_valid = False
        return is_valid

    @property
    def is_migrant_led(self) -> bool:
        return "migrant_led" in self and self["migrant_led"].data == YES


def partner_form(
    groups: Sequence[tuple[str, str]],
    boroughs: Sequence[str],
    questions: Sequence[Question],
    *,
    base: type[BaseForm],
    asks_migrant_led: bool,
) -> type[PartnerForm]:
    """`base` has one field for each of the `questions` of the call's check about who leads a group."""
    fields = _organisation_fields(groups)
    fields |= place_and_lead_fields(boroughs, asks_migrant_led=asks_migrant_led)
    fields["agree"] = TickField(
        _("We say yes to this share"), [Required(_("Tick the box if you say yes to it."))]
    )
    keys = tuple(question.key for question in questions)
    return type("PartnerForm", (PartnerForm, base), fields | {"bands": keys})


class HandOverForm(BaseForm):
    email = EmailField(_("E-mail address of the new person"), [_ADDRESS])
    reason = TextArea(
        _("Why does the application need a new person?"),
        [Required(_("Please write a reason."))],
        max_length=2_000,
        help_text=_("Say also how you know that this person speaks for the group."),
    )
