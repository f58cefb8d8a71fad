"""The clauses about the time after the first payment: talking, data, safety, the end, and signing."""

from __future__ import annotations

from collections.abc import Iterator

from forms.i18n import translate, translate_plural
from fundapp.agreement_file.content import Clause, Passage, Table
from fundapp.agreement_file.facts import AgreementFacts
from fundapp.agreement_file.passages import of_call, own
from fundapp.call_file.monitoring import PlannedCheckIn


def after(facts: AgreementFacts) -> Iterator[Clause]:
    yield _conversations(facts)
    yield _data(facts)
    yield _clause(
        translate("Keeping people safe"),
        translate("You keep children and adults at risk safe in your work."),
        translate("If something serious happens, you tell us as soon as you can."),
        translate("If somebody is in danger now, call 999 first."),
    )
    yield _clause(
        translate("When something goes wrong"),
        translate("Tell us early. A problem is no reason to lose the grant."),
    )
    yield _clause(
        translate("How it ends"),
        translate("The grant ends when everything is paid and we have had the last conversation."),
        translate(
            "You can end it at any time and need not say why. Money that is not spent comes back to the fund."
        ),
        translate("We can end it only with a written reason. We hear you before that."),
        translate("What you spent as agreed stays spent."),
    )
    yield _clause(
        translate("Complaints"),
        translate("You can complain about us at any time. It never changes your grant."),
        translate_plural(
            "We tell you within %(n)s day that we have your complaint.",
            "We tell you within %(n)s days that we have your complaint.",
            facts.complaint_days,
        ),
    )
    for clause in facts.definition.awards.clauses:
        yield Clause(of_call(clause.title).text, (of_call(clause.text),))
    yield _signing(facts)


def _clause(title: str, *sentences: str) -> Clause:
    return Clause(title, tuple(map(own, sentences)))


def _conversations(facts: AgreementFacts) -> Clause:
    plan = facts.definition.monitoring
    sentences = (
        translate(
            "We ask for conversations, not for reports. Your markers are your own and never become targets."
        ),
        translate("Any form and any language is good: a call, a visit, a voice note, a few words."),
        translate_plural(
            "We answer within %(n)s working day.", "We answer within %(n)s working days.", plan.reply_days
        ),
    )
    head = (translate("When"), translate("Conversation"), translate("Length in minutes"))
    talks = [each for each in plan.check_ins if _takes_place(each, facts.months)]
    rows = tuple((own(_when(each)), of_call(each.title), own(str(each.minutes))) for each in talks)
    return Clause(translate("Conversations"), tuple(map(own, sentences)), Table(head, rows))


def _takes_place(planned: PlannedCheckIn, months: int) -> bool:
    return not planned.is_optional and (planned.month is None or planned.month <= months)


def _when(planned: PlannedCheckIn) -> str:
    if planned.month is not None:
        return translate("Month %(number)s", number=planned.month)
    return translate("Week %(number)s", number=planned.week or 0)


def _data(facts: AgreementFacts) -> Clause:
    if facts.is_confidential:
        public = translate("We keep you confidential: we publish only totals, without your name and place.")
    else:
        public = translate(
            "We publish the name of your group, the amount and the borough as open data. If that could put "
            "somebody at risk, tell us: then we publish only a total."
        )
    kept = translate("We keep this agreement and the payments as long as the law asks us to.")
    asked = translate("Every person can ask us at any time what we hold about them.")
    return _clause(translate("Your data"), public, kept, asked)


def _signing(facts: AgreementFacts) -> Clause:
    paragraphs: list[Passage] = [
        own(translate("Everybody signs online, in their own account, after reading this text.")),
        own(translate("One person signs for the fund.")),
        own(
            translate_plural(
                "%(n)s person signs for the group.", "%(n)s people sign for the group.", facts.group_signers
            )
        ),
    ]
    if facts.host is not None:
        paragraphs.append(own(translate("One person signs for the host.")))
    paragraphs += [
        own(translate("The agreement holds once all of them have signed the same text.")),
        own(
            translate(
                "With each signature we keep a check sum of this text (SHA-256), so that nobody can change "
                "it unseen."
            )
        ),
        own(
            translate(
                "If a fact changes before that, there is a new text, and everybody signs anew. Signatures "
                "stay with the text they were given for."
            )
        ),
    ]
    return Clause(translate("How we sign"), tuple(paragraphs))
