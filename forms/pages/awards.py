"""The fund's forms on the awards board: move one application, feedback to a group, ratify."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from forms.base import BaseForm
from forms.fields import ChoiceField, MoneyField, SelectField, TextArea, TickField
from forms.i18n import _
from forms.money import money_in_text
from forms.validators import Required

OUTCOMES = (
    ("award", _("Award")),
    ("reserve", _("Reserve list")),
    ("decline", _("No award")),
)
MOST_WORDS = 200


class AmountForm(BaseForm):
    """Any form that sets the sum of an award."""

    def refuse_amount(self, lowest: Decimal, highest: Decimal) -> None:
        self.add_error(
            "amount",
            _(
                "The award can be from %(lowest)s to %(highest)s.",
                lowest=money_in_text(lowest),
                highest=money_in_text(highest),
            ),
        )


class DecisionForm(AmountForm):
    """What the panel's list says of one application."""

    outcome = ChoiceField(
        _("What did the panel decide?"), [Required(_("Choose what the panel decided."))], choices=OUTCOMES
    )
    amount = MoneyField(
        _("How much is the award?"),
        help_text=_("Only for an award. Leave it empty for the whole amount the group asked for."),
    )
    is_fundable = TickField(
        _("The group could have been funded if there were more money."),
        help_text=_("Only if there is no award. The group reads this."),
    )
    reason = TextArea(
        _("Why?"),
        max_words=MOST_WORDS,
        help_text=_("Needed when this is not what the rule proposes. It is kept in the record."),
    )

    def ask_for_reason(self) -> None:
        self.add_error("reason", _("This is not what the rule proposes. Write in one sentence why."))


class ExclusionForm(BaseForm):
    """Two applications of which only one can get a grant. The choices are made for each round."""

    other = SelectField(_("Cannot be funded together with"), choices=())
    why = TextArea(
        _("Why not?"),
        [Required(_("Write in one sentence why."))],
        max_words=MOST_WORDS,
        help_text=_("For example: both use the same rooms. It is kept in the record."),
    )

    def validate(self, extra_validators: Mapping[str, Sequence[Any]] | None = None) -> bool:
        is_valid = super().validate(extra_validators)
        if self["other"].data:
            return is_valid
        self.add_error("other", _("Choose the group."))
        return False


def exclusion_form(groups: Sequence[tuple[str, str]]) -> type[ExclusionForm]:
    """`groups`: id and name of the others in the round."""
    other = SelectField(_("Cannot be funded together with"), choices=tuple(groups))
    return type("ExclusionFormOfRound", (ExclusionForm,), {"other": other})


class MustMarkForm(BaseForm):
    """What the rule must do with one application, whatever its place."""

    must = ChoiceField(
        _("The rule must"),
        [Required(_("Choose one."))],
        choices=(("fund", _("fund this application")), ("not_fund", _("not fund this application"))),
    )
    because = TextArea(
        _("Why must it?"),
        [Required(_("Write in one sentence why."))],
        max_words=MOST_WORDS,
        help_text=_("For example: the panel promised it in an earlier round. It is kept in the record."),
    )


class FeedbackForm(BaseForm):
    """What the group hears with the decision, strengths first."""

    strengths = TextArea(
        _("What was strong?"),
        [Required(_("Write at least one thing that was strong."))],
        max_words=MOST_WORDS,
    )
    to_improve = TextArea(
        _("What could be clearer or stronger next time?"),
        [Required(_("Write at least one thing that would help the group next time."))],
        max_words=MOST_WORDS,
    )


class RatifyForm(BaseForm):
    """The formal yes. The reason is only for those who may go past a ring-fence."""

    is_checked = TickField(
        _("I have checked the list and the ring-fence figures."),
        [Required(_("Confirm that you have checked the list."))],
    )
    override_reason = TextArea(
        _("Why may this ring-fence be passed?"),
        max_words=MOST_WORDS,
        help_text=_("This reason will be published with the results."),
    )


class ReleaseForm(BaseForm):
    """Keeping no more money for a ring-fence."""

    reason = TextArea(
        _("Why is this money no longer kept?"),
        [Required(_("Write the reason. It will be published."))],
        max_words=MOST_WORDS,
        help_text=_("This reason will be published with the results."),
    )


class ReserveAwardForm(AmountForm):
    """An award from the reserve list when money is free again."""

    amount = MoneyField(
        _("How much is the award?"),
        help_text=_("Leave it empty for the whole amount the group asked for."),
    )
