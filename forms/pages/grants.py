"""The forms after the decision: agreement, markers, conversations, stories, and the fund's steps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from markupsafe import Markup

from forms.base import BaseForm
from forms.builder import questions_form
from forms.definition import Choice, Question
from forms.fields import (
    ChoiceField,
    DateField,
    LanguageField,
    MoneyField,
    TextArea,
    TextField,
    WholeNumberField,
)
from forms.i18n import _, current_language, ngettext
from forms.languages import LANGUAGES, text_direction
from forms.money import money_in_text
from forms.validators import Required, WebAddress

MOST_MINUTES = 10_000
MOST_WORDS = 200
LONGEST_LINK = 500


class MarkersForm(BaseForm):
    """With one line for each marker the call allows."""

    fewest = 0

    def validate(self, extra_validators: Mapping[str, Sequence[Any]] | None = None) -> bool:
        is_valid = super().validate(extra_validators)
        written = {field.data for field in self if field.data}
        if len(written) >= self.fewest:
            return is_valid
        empty = next((field.name for field in self if not field.data), "marker_0")
        message = ngettext(
            "Write at least %(n)s marker.", "Write at least %(n)s different markers.", self.fewest
        )
        self.add_error(empty, message)
        return False


def markers_form(fewest: int, most: int, words: Sequence[str]) -> type[MarkersForm]:
    """The lines are filled with those markers that stand."""
    fields: dict[str, Any] = {}
    for number in range(most):
        fields[f"marker_{number}"] = TextField(
            _("Marker %(number)s", number=number + 1),
            default=words[number] if number < len(words) else "",
        )
    return type("MarkersForm", (MarkersForm,), fields | {"fewest": fewest})


def check_in_form(
    questions: Sequence[Question],
    markers: Mapping[str, str],
    levels: Sequence[Choice],
    domains: Sequence[Choice],
    language: str,
) -> type[BaseForm]:
    """`language`: of the call's own words, which may be none that the pages are in. The first question, which
    is the story, and what it is about; a level for each of `markers`, words by the name of its field; the
    call's other questions; and how long it took."""
    fields: dict[str, Any] = {
        "answer_language": LanguageField(
            _("Which language do you answer in?"),
            choices=[(each.code, each.own_name) for each in LANGUAGES.values()],
            help_text=_("Any language is welcome. We translate it."),
        )
    }
    story = questions_form(questions[:1], language)  # WTForms keeps the order in which fields are made
    if domains:
        fields["domain"] = ChoiceField(
            _("What is your story about?"),
            choices=[(each.key, _words_of(each, language)) for each in domains],
        )
    for name, words in markers.items():
        fields[name] = ChoiceField(
            words,
            choices=[(each.key, _words_of(each, language)) for each in levels],
        )
    rest = questions_form(questions[1:], language)
    fields["link"] = TextField(
        _("Have you written about this for somebody else? Paste the link here."),
        [WebAddress(_("Paste the whole link. It begins with https://"))],
        max_length=LONGEST_LINK,
        help_text=_("For example a report, a film or a post. You need not write it again."),
    )
    fields["minutes"] = WholeNumberField(
        _("About how many minutes did this conversation take, with getting ready?"),
        largest=MOST_MINUTES,
        help_text=_("You do not have to answer. It helps us to ask for less."),
    )
    return type("CheckInForm", (story, rest), fields)


def _words_of(choice: Choice, language: str) -> str:
    """Marked with its language where that is not the page's."""
    words, tag = choice.label.choose(language)
    if tag == current_language().code:
        return words
    return Markup('<span lang="{}" dir="{}">{}</span>').format(tag, text_direction(words), words)


class CheckInFileForm(BaseForm):
    """What a file of a conversation is; the file itself is no field of the form."""

    kind = ChoiceField(
        _("What do you want to send?"),
        [Required(_("Choose what you want to send."))],
        choices=(
            ("voice", _("A voice recording")),
            ("video", _("A video")),
            ("paper", _("A photo, or something you have written already")),
        ),
    )


class ConfirmForm(BaseForm):
    """The group's word about what the fund typed."""

    correction = TextArea(
        _("Is something missing or wrong? Write it here."),
        max_words=MOST_WORDS,
        help_text=_("If all is right, leave this empty."),
    )


PURPOSES = (
    ("public_page", _("The whole story on the public page of the call")),
    (
        "circle",
        _("Reading it in a story circle: other groups and the panel choose, and all hear why"),
    ),
    ("report", _("Some words of it in what the fund tells everybody once a year")),
)


class ConsentForm(BaseForm):
    purpose = ChoiceField(
        _("What may we use it for?"),
        [Required(_("Choose what we may use it for."))],
        choices=PURPOSES,
        help_text=_("One at a time. What you do not allow, we do not do."),
    )
    identity = ChoiceField(
        _("How may we show this story?"),
        [Required(_("Choose how we may show the story."))],
        choices=(
            ("group_only", _("With the name of our group")),
            ("no_names", _("Without any name or place")),
        ),
    )
    ends_on = DateField(
        _("Until which day?"),
        [Required(_("Write the last day, for example 31 12 2027."))],
        help_text=_("At most two years from now. You can take the story back at any time, without a reason."),
    )


class UseForm(BaseForm):
    words = TextArea(
        _("Which words do you want to use?"),
        [Required(_("Copy the words you want to use."))],
        max_words=MOST_WORDS,
        help_text=_("As they would stand. The group reads them first and may say no."),
    )


class ReplyForm(BaseForm):
    reply = TextArea(
        _("What did you learn from this?"),
        [Required(_("Write at least two sentences for the group."))],
        max_words=MOST_WORDS,
        help_text=_("The group reads this. No judgement, and no new task."),
    )


class ReasonForm(BaseForm):
    """A step that needs a reason the group will read."""

    reason = TextArea(
        _("Why?"), [Required(_("Write the reason. The group will read it."))], max_words=MOST_WORDS
    )


class HoldForm(ReasonForm):
    review_on = DateField(
        _("On which day do we look at it again?"),
        [Required(_("Write the day on which you look at it again."))],
    )


class BackForm(BaseForm):
    """A sum of what was paid."""

    amount = MoneyField(_("How much?"), [Required(_("Write the amount, for example 2500."))])

    def too_high(self, most: Decimal) -> None:
        self.add_error("amount", _("Write an amount up to %(most)s.", most=money_in_text(most)))


class ReceiptForm(BackForm):
    """Less has come back than was noted."""

    amount = MoneyField(
        _("How much has really come, in all?"), [Required(_("Write the amount, for example 2500."))]
    )
    reason = TextArea(_("What was wrong?"), [Required(_("Please write a reason."))], max_words=MOST_WORDS)


class ClawbackForm(BackForm, ReasonForm):
    """Money that a group has to give back."""

    page_order = ("amount", "reason")


class NoteForm(BaseForm):
    note = TextField(_("Note, if any"))


class DescribeForm(BaseForm):
    """How a grant is named where everybody reads it."""

    title = TextField(
        _("Title for the public"),
        [Required(_("Write a short title."))],
        max_length=140,
        help_text=_("No names of people and no addresses."),
    )
    summary = TextArea(
        _("What the grant is for, in one or two sentences"),
        [Required(_("Write at least one sentence."))],
        max_words=60,
        help_text=_("The group agrees to this text before you publish it."),
    )
