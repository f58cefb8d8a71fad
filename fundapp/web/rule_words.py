"""Rules that exclude each other, and what would repair it, as sentences."""

from __future__ import annotations

from forms.i18n import _, ngettext
from forms.money import money_in_text
from fundapp.queries.call_money import pounds
from fundapp.queries.rule_conflicts import NamedRule, WayOut
from fundapp.web.reasons import ring_fence_name
from scoring.exact import Role


def rule_name(rule: NamedRule) -> str:
    match rule.role:
        case Role.BUDGET:
            return _("the money of this round")
        case Role.EXCLUSION:
            return _("applications that cannot be funded together")
    return ring_fence_name(rule.ring_fence, rule.tag)


def way_out_sentence(way: WayOut) -> str:
    """What would have to change, and by how much, when every other rule stays."""
    name, role = rule_name(way.rule), way.rule.role
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
