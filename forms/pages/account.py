"""Signing in."""

from __future__ import annotations

from typing import Any

from forms.base import BaseForm
from forms.fields import ChoiceField, CodeField, EmailField, SecretField, SelectField, TextField, TickField
from forms.i18n import _
from forms.validators import Required

OWN_DEVICE = _("This is my own phone or computer. Nobody else uses it.")
OWN_DEVICE_HELP = _(
    "Leave this empty if you are not sure. "
    "Then we sign you out after 15 minutes without use, and when you close the browser."
)


class SignInForm(BaseForm):
    email = EmailField(
        _("Your e-mail address"),
        [Required(_("Write your e-mail address."))],
        help_text=_("We send you a code of six digits. You do not need a password."),
    )


class CodeForm(BaseForm):
    code = CodeField(
        _("The code from the e-mail"),
        [Required(_("Write the six digits from the e-mail."))],
        help_text=_("Six digits. The code works for ten minutes, in this browser only."),
    )
    own_device = TickField(OWN_DEVICE, help_text=OWN_DEVICE_HELP)


class StaffSignInForm(BaseForm):
    email = EmailField(_("Your e-mail address"), [Required(_("Write your e-mail address."))])
    passphrase = SecretField(_("Your passphrase"), [Required(_("Write your passphrase."))])


class StaffCodeForm(BaseForm):
    code = CodeField(
        _("The code from your app"),
        [Required(_("Write the six digits that your app shows now."))],
        help_text=_("Six digits. Each code works once."),
    )
    own_device = TickField(OWN_DEVICE, help_text=OWN_DEVICE_HELP)


class StaffSetUpForm(BaseForm):
    email = EmailField(_("Your e-mail address"), [Required(_("Write your e-mail address."))])
    set_up_code = TextField(
        _("The one-time code you were given"), [Required(_("Write the one-time code."))], max_length=64
    )
    passphrase = SecretField(
        _("Choose a passphrase"),
        [Required(_("Write a passphrase."))],
        help_text=_("At least 15 characters. Four or five words are easy to remember."),
    )


SAFE, UNSAFE = "safe", "unsafe"
HOURS = tuple((str(hour), f"{hour:02d}:00") for hour in range(24))


class ContactForm(BaseForm):
    """How to reach somebody without putting them in danger."""

    mail = ChoiceField(
        _("Is it safe to send mail to your address?"),
        [Required(_("Choose one of the answers."))],
        choices=(
            (SAFE, _("Yes, I alone read it")),
            (UNSAFE, _("No, send nothing there. I look here myself")),
        ),
        help_text=_("Our mails never say what they are about. But that we write at all can be seen."),
        why_we_ask=_("Somebody else may read your mail. We do not want to put you in danger."),
    )
    hours_from = SelectField(_("Mail may come from"), choices=HOURS)
    hours_to = SelectField(_("until"), choices=HOURS)
    wants_reminders = TickField(
        _("Remind me before a deadline"),
        help_text=_("At most three mails for each deadline, and none after you have sent."),
    )

    def validate(self, extra_validators: Any = None) -> bool:
        is_valid = super().validate(extra_validators)
        if (self["hours_from"].data is None) is not (self["hours_to"].data is None):
            self.add_error("hours_to", _("Choose both hours, or none."))
            return False
        if self.hours is not None and self.hours[0] == self.hours[1]:
            self.add_error("hours_to", _("Choose two different hours."))
            return False
        return is_valid

    @property
    def hours(self) -> tuple[int, int] | None:
        first, last = self["hours_from"].data, self["hours_to"].data
        known = {key for key, _text in HOURS}
        return (int(first), int(last)) if first in known and last in known else None


class NewAddressForm(BaseForm):
    email = EmailField(
        _("Your new e-mail address"),
        [Required(_("Write your e-mail address."))],
        help_text=_("We send a code to it. From then on you sign in with it."),
    )
    old_is_safe = TickField(
        _("It is safe to tell my old address that something has changed"),
        help_text=_("If somebody else reads it, leave this empty. Then nothing more goes there."),
    )


class NewAddressCodeForm(BaseForm):
    code = CodeField(_("The code from the e-mail"), [Required(_("Write the six digits from the e-mail."))])
