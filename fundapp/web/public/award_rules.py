"""The rules of a call beside its ring-fences, one plain sentence each."""

from __future__ import annotations

from collections.abc import Iterator

from forms.i18n import _
from forms.money import money_in_text
from fundapp.call_file.awarding import PartFunding, TopUp
from fundapp.call_file.definition import CallDefinition
from fundapp.call_file.ring_fences import RingFence
from fundapp.web.templating import isolated, show_text


def award_rules(definition: CallDefinition) -> list[str]:
    """Nothing for a call that has none of them."""
    return list(_award_rules(definition))


def _award_rules(definition: CallDefinition) -> Iterator[str]:
    if definition.themes:
        names = ", ".join(isolated(show_text(theme.label)) for theme in definition.themes)
        yield _("Each application is about one of these themes: %(names)s.", names=names)
    if definition.awards.one_per_organisation:
        yield _("In each round an organisation can be in one grant only, alone or with partners.")
    if definition.assessment.minimum_total is not None:
        yield _(
            "With a total below %(least)s of 100 there is no grant, unless the panel writes down why.",
            least=definition.assessment.minimum_total,
        )
    if definition.awards.part_funding is not None:
        yield from _part_funding(definition.awards.part_funding)


def _part_funding(rule: PartFunding) -> Iterator[str]:
    yield _(
        "A grant can be less than you ask for, but not less than %(percent)s%% of it.",
        percent=rule.least_percent,
    )
    if rule.top_up is TopUp.EVENLY:
        yield _("Money that is then left goes to all of them, each the same part of what is missing.")
    else:
        yield _("Money that is then left goes first to the groups with the highest marks.")


def round_minimums(fence: RingFence, definition: CallDefinition) -> list[str]:
    """What single rounds must bring to one ring-fence."""
    return [
        _(
            "At least %(amount)s of it in: %(round)s.",
            amount=money_in_text(one.amount),
            round=show_text(definition.round(one.round).title),
        )
        for one in fence.minimum_by_round
    ]
