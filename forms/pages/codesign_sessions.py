"""The fund's form for a co-design session that is planned or took place: counts only."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from forms.fields import (
    ChoiceField,
    ChoicesField,
    DateField,
    MoneyField,
    TextArea,
    TickField,
    WholeNumberField,
)
from forms.i18n import _
from forms.languages import LANGUAGES
from forms.money import NotANumber, parse_whole_number
from forms.pages.codesign import GroupedForm, TextGroup, grouped_form, tidy
from forms.validators import Required

MOST_PEOPLE = 100_000
MOST_LINES = 40
LONGEST_LABEL = 100
SESSION_KINDS = (
    ("room", _("In a room")),
    ("online", _("Online")),
    ("writing", _("In writing, over several days")),
)
FEE_KINDS = (
    ("bank", _("By bank transfer")),
    ("voucher", _("With a voucher")),
    ("organisation", _("To their organisation")),
    ("declined", _("Did not want to be paid")),
)
RULES = (
    ("consent", _("By consent: it is agreed when nobody objects with a reason")),
    ("majority", _("By vote: more than half of those who say yes or no")),
    ("two_thirds", _("By vote: at least two thirds of those who say yes or no")),
)


class SessionForm(GroupedForm):
    day: Any
    last_day: Any
    kind: Any
    spoken: Any
    interpreters: Any
    organisations: Any
    people: Any
    child_care: Any
    pay: Any
    boroughs: Any
    groups_from: Any
    specialisms: Any
    rule: Any
    at_least: Any

    def validate(self, extra_validators: Any = None) -> bool:
        is_valid = super().validate(extra_validators)
        for name, read in (("specialisms", self.specialism_counts), ("groups_from", self.borough_counts)):
            if not self[name].errors:
                try:
                    read()
                except ValueError as error:
                    self.add_error(name, error.args[0])
                    is_valid = False
        for name, message in self._half_typed():
            self.add_error(name, message)
            is_valid = False
        return is_valid

    def _half_typed(self) -> Iterator[tuple[str, str]]:
        """What would be left out because the other half is missing."""
        if self["at_least"].data and not self["rule"].data:
            yield "rule", _("Choose one of the answers.")
        for kind, _label in FEE_KINDS:
            people, total = self.fee_of(kind)
            if total and not people and not self[f"fee_{kind}_people"].errors:
                yield f"fee_{kind}_people", _("Write a number, for example 12.")

    def specialism_counts(self) -> list[tuple[str, int]]:
        """(what, how many groups) of each line. Raises ValueError with what to write instead."""
        return _counts_in(self.specialisms.data, _("Write each line like this: Violence at home: 6"))

    def borough_counts(self) -> list[tuple[str, int]]:
        """(borough, how many groups). Raises ValueError with what to write instead."""
        counts = _counts_in(self.groups_from.data, _("Write each line like this: Hackney: 5"))
        known = {key for key, _label in self.boroughs.choices}
        for name, _number in counts:
            if name not in known:
                raise ValueError(_("“%(name)s” is not in the list of boroughs above.", name=name))
        return counts

    def fee_of(self, kind: str) -> tuple[int | None, Any]:
        """How many people, and how much together."""
        total = self[f"fee_{kind}_total"].data if f"fee_{kind}_total" in self else None
        return self[f"fee_{kind}_people"].data, total


def _counts_in(text: str, message: str) -> list[tuple[str, int]]:
    lines = [line for line in tidy(text).split("\n") if line]
    if len(lines) > MOST_LINES:
        raise ValueError(_("Write at most %(n)s lines.", n=MOST_LINES))
    return [_count_in(line, message) for line in lines]


def _count_in(line: str, message: str) -> tuple[str, int]:
    what, colon, number = line.rpartition(":")
    if not colon or not what.strip() or len(what) > LONGEST_LABEL:
        raise ValueError(message)
    try:
        count = parse_whole_number(number)
    except NotANumber:
        raise ValueError(message) from None
    if count > MOST_PEOPLE:
        raise ValueError(message)
    return what.strip(), count


def session_form(languages: Sequence[str], boroughs: Sequence[str]) -> type[SessionForm]:
    """A session that is planned or took place: counts only."""
    found: type[SessionForm] = grouped_form(
        SessionForm,
        languages,
        (*_when_and_where(), *_offered(), *_deciding(), *_who_came(boroughs), *_paid()),
    )
    return found


def _when_and_where() -> tuple[Any, ...]:
    return (
        TextGroup(
            "title",
            _("What is the session about?"),
            needed=_("Write what it was about, in at least one language."),
        ),
        ("kind", lambda: ChoiceField(_("How do people come together?"), choices=SESSION_KINDS)),
        (
            "day",
            lambda: DateField(
                _("When is it?"),
                [Required(_("Write the day of the session."))],
                help_text=_("The first day, if it goes over several days."),
            ),
        ),
        ("last_day", lambda: DateField(_("The last day"), help_text=_("Only for a session in writing."))),
        TextGroup(
            "place",
            _("Where is it?"),
            _("A kind of place, no address. Leave it empty if it is online."),
        ),
        TextGroup("run_by", _("Who runs it?"), needed=_("Write who ran it, in at least one language.")),
    )


def _languages(label: str, validators: Sequence[Any] = ()) -> ChoicesField:
    return ChoicesField(
        label, validators, choices=[(code, language.own_name) for code, language in LANGUAGES.items()]
    )


def _offered() -> tuple[Any, ...]:
    needed = [Required(_("Choose at least one language."))]
    return (
        ("spoken", lambda: _languages(_("Which languages are spoken?"), needed)),
        ("interpreters", lambda: _languages(_("For which languages are there interpreters?"))),
        ("child_care", lambda: TickField(_("There is child care."))),
        (
            "pay",
            lambda: MoneyField(
                _("How much is each person paid?"), help_text=_("Leave it empty if nothing is paid.")
            ),
        ),
    )


def _deciding() -> tuple[Any, ...]:
    return (
        (
            "rule",
            lambda: ChoiceField(
                _("How do those who take part decide?"),
                choices=RULES,
                help_text=_("People read this before they say anything. It does not change afterwards."),
            ),
        ),
        (
            "at_least",
            lambda: WholeNumberField(
                _("How many people must say something for it to count?"), largest=MOST_PEOPLE
            ),
        ),
    )


def _who_came(boroughs: Sequence[str]) -> tuple[Any, ...]:
    empty = _("Leave it empty while the session is still to come.")
    return (
        (
            "organisations",
            lambda: WholeNumberField(_("How many groups came?"), largest=MOST_PEOPLE, help_text=empty),
        ),
        (
            "people",
            lambda: WholeNumberField(_("How many people came?"), largest=MOST_PEOPLE, help_text=empty),
        ),
        (
            "boroughs",
            lambda: ChoicesField(_("From which boroughs?"), choices=[(name, name) for name in boroughs]),
        ),
        (
            "groups_from",
            lambda: TextArea(
                _("How many groups came from which borough?"),
                max_length=3_000,
                help_text=_("One line for each borough. For example: Hackney: 5"),
            ),
        ),
        (
            "specialisms",
            lambda: TextArea(
                _("What do the groups work on?"),
                max_length=3_000,
                help_text=_(
                    "One line for each kind, with the number of groups. For example: Violence at home: 6"
                ),
            ),
        ),
    )


def _paid() -> tuple[Any, ...]:
    fields: list[Any] = []
    for kind, label in FEE_KINDS:
        fields.append(
            (
                f"fee_{kind}_people",
                lambda label=label: WholeNumberField(
                    _("%(way)s: how many people?", way=label), largest=MOST_PEOPLE
                ),
            )
        )
        if kind != "declined":
            fields.append(
                (
                    f"fee_{kind}_total",
                    lambda label=label: MoneyField(_("%(way)s: how much together?", way=label)),
                )
            )
    return tuple(fields)
