"""The clauses about the money: who agrees, how much, when it comes and what it is for."""

from __future__ import annotations

from collections.abc import Iterator

from forms.i18n import translate, translate_plural
from forms.money import money_in_text
from fundapp.agreement_file.content import Clause, Passage, Table
from fundapp.agreement_file.facts import AgreementFacts, HostFacts
from fundapp.agreement_file.passages import money, named, of_call, own, sums
from fundapp.moments import show_date


def terms(facts: AgreementFacts) -> Iterator[Clause]:
    yield _who_agrees(facts)
    yield _the_money(facts)
    if facts.shares:
        yield Clause(
            translate("Partners"),
            (own(translate("Each partner gets its own part of the money.")),),
            Table((translate("Name of the group"), translate("How much")), sums(facts.shares)),
        )
    yield _payments(facts)
    yield _changes(facts)
    if facts.host is not None:
        yield _hosting(facts, facts.host)
    if facts.conditions:
        yield _conditions(facts)


def _who_agrees(facts: AgreementFacts) -> Clause:
    fund, group = named(facts.fund), named(facts.group)
    if facts.host is None:
        sides = translate("This agreement is between %(fund)s and %(group)s.", fund=fund, group=group)
    else:
        sides = translate(
            "This agreement has three sides: %(fund)s, %(group)s and the host %(host)s.",
            fund=fund,
            group=group,
            host=named(facts.host.name),
        )
    words = translate("“We” is the fund. “You” is the group.")
    number = translate("Number of the grant: %(number)s", number=f"\u2066{facts.number}\u2069")
    return Clause(translate("Who agrees"), (own(sides), own(words), own(number)))


def _the_money(facts: AgreementFacts) -> Clause:
    amount = translate(
        "The grant is %(amount)s for %(months)s months.",
        amount=money_in_text(facts.amount),
        months=facts.months,
    )
    paragraphs = [own(amount), of_call(facts.strand), of_call(facts.definition.costs.welcome)]
    if not facts.lines:
        return Clause(translate("The money"), tuple(paragraphs))
    paragraphs.append(own(translate("These are the lines of your application.")))
    if facts.asked is not None and facts.asked != facts.amount:
        less = translate(
            "You asked for %(amount)s. Every line changed in the same proportion.",
            amount=money_in_text(facts.asked),
        )
        paragraphs.append(own(less))
    table = Table((translate("What for"), translate("How much")), sums(facts.lines))
    return Clause(translate("The money"), tuple(paragraphs), table)


def _payments(facts: AgreementFacts) -> Clause:
    rules = facts.definition.awards
    first = translate_plural(
        "The first payment comes within %(n)s day of your yes.",
        "The first payment comes within %(n)s days of your yes.",
        rules.first_payment_days,
    )
    account = translate("We pay only to a bank account that two people have confirmed to us.")
    hold = translate_plural(
        "We stop a payment only with a reason that you can read. It takes %(n)s person of the fund.",
        "We stop a payment only with a reason that you can read. It takes %(n)s people of the fund.",
        rules.people_to_hold,
    )
    head = (translate("Payment"), translate("Day"), translate("How much"), translate("Waits for"))
    rows = tuple(
        (
            own(str(payment.number)),
            own(show_date(payment.due_on)),
            money(payment.amount),
            of_call(payment.waits_for) if payment.waits_for else own(""),
        )
        for payment in facts.payments
    )
    paragraphs = (own(first), of_call(rules.release), own(account), own(hold))
    return Clause(translate("When we pay"), paragraphs, Table(head, rows))


def _changes(facts: AgreementFacts) -> Clause:
    rules = facts.definition.awards
    sentences = (
        translate("Use the money for the work in your application."),
        translate(
            "You can move up to %(percent)s%% between your lines and tell us afterwards. For more, ask "
            "first: we answer in %(days)s working days.",
            percent=rules.free_change_percent,
            days=rules.change_reply_days,
        ),
        translate("If you need more time, ask us before the last day."),
    )
    return Clause(translate("What the money is for"), tuple(map(own, sentences)))


def _hosting(facts: AgreementFacts, host: HostFacts) -> Clause:
    percent = f"{host.fee_percent.normalize():f}"
    name = named(host.name)
    sentences = (
        translate("%(host)s holds the money of this grant, apart from its own money.", host=name),
        _who_decides(host),
        translate("The host shows you and us what came in and what was paid, whenever one of us asks."),
        translate("The host keeps %(percent)s%% of the grant for its work.", percent=percent),
        translate(
            "If the host can no longer hold the money, it tells you and us at once. The money stays for your "
            "work."
        ),
    )
    rule = of_call(facts.definition.awards.host_rule)
    return Clause(translate("The host"), (rule, *map(own, sentences)))


def _who_decides(host: HostFacts) -> str:
    match host.decides.value:
        case "group":
            return translate("You alone decide what the money is spent on. The host pays what you decide.")
        case "together":
            return translate("You and the host decide together what the money is spent on.")
    return translate("The host decides with your application in hand what the money is spent on.")


def _conditions(facts: AgreementFacts) -> Clause:
    head = (translate("What"), translate("Until"))
    rows = tuple((Passage(words, ""), own(show_date(due_on))) for words, due_on in facts.conditions)
    told = translate("These things have a day. If a day is too early, tell us: we find another one.")
    return Clause(translate("What you still do"), (own(told),), Table(head, rows))
