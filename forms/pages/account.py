"""Signing in."""

from __future__ import annotations

from forms.base import BaseForm
from forms.fields import CodeField, EmailField, SecretField, TextField, TickField
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
