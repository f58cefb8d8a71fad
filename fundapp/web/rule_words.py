"""Rules that exclude each other, and what would repair it, as sentences."""

from __future__ import annotations

from forms.i18n import _, ngettext
from forms.money import money_in_text
from fundapp.models.award import Must
from fundapp.queries.call_money import pounds
from fundapp.queries.rule_conflicts import NamedRule, WayOut
from fundapp.web.reasons import ring_fence_name
from fundapp.web.templating import isolated
from scoring.exact import Role


def rule_name(rule: NamedRule) -> str:
    if rule.must is not None:
        return _mark_name(rule)
    match rule.role:
        case Role.BUDGET:
            return _("the money of this round")
        case Role.EXCLUSION:
            return _("applications that cannot be funded together")
    return ring_fence_name(rule.ring_fence, rule.tag)


def must_words(must: Must) -> str:
    if must is Must.FUND:
        return _("The rule must fund it, whatever its place.")
    return _("The rule must not fund it, whatever its place.")


def _mark_name(rule: NamedRule) -> str:
    group = isolated(rule.group) if rule.group else _("one application")
    if rule.must is Must.FUND:
        return _("the mark that %(group)s must be funded", group=group)
    return _("the mark that %(group)s must not be funded", group=group)


def way_out_sentence(way: WayOut) -> str:
    """What would have to change, and by how much, when every other rule stays."""
    name, role = rule_name(way.rule), way.rule.role
    if role is None:
        return _("Take away %(name)s.", name=name)
    if role is Role.EXCLUSION:
        return _("Let two applications that exclude each other both be funded.")
    if way.rule.by_number:
        if role is Role.CAP:
            return ngettext(
                "Let %(name)s have one award more.", "Let %(name)s have %(n)s awards more.", way.by, name=name
            )
        return ngettext(
            "Ask for one award less for %(name)s.",
            "Ask for %(n)s awards less for %(name)s.",
            way.by,
            name=name,
        )
    amount = money_in_text(pounds(way.by))
    if role is Role.BUDGET:
        return _("Add %(amount)s to the money of this round.", amount=amount)
    if role is Role.CAP:
        return _("Raise the limit of %(name)s by %(amount)s.", name=name, amount=amount)
    return _("Keep %(amount)s less for %(name)s.", name=name, amount=amount)
