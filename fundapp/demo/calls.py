"""Four calls made of the reference call: other names, other dates, and one small fund that came before."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from random import Random

from forms.localized import LocalizedText
from fundapp.call_file import reference_call, shift_dates, with_code
from fundapp.call_file.codesign import CodesignRecord
from fundapp.call_file.definition import CallDefinition
from fundapp.call_file.ring_fences import Release, RingFence
from fundapp.demo.people import People
from fundapp.models.call import Call, Round
from fundapp.models.fund import Fund
from fundapp.moments import LONDON
from fundapp.services.calls import import_call, open_call, publish_call

WEEK = 7
PUBLISHED_BEFORE = 14  # days before it opens


@dataclass(frozen=True)
class Title:
    code: str
    en: str
    es: str
    ar: str
    uk: str

    @property
    def text(self) -> LocalizedText:
        return LocalizedText((("en", self.en), ("es", self.es), ("ar", self.ar), ("uk", self.uk)))


GIRLS = Title(
    "DGF-GIRLS",
    "Girls and young women: safe and heard",
    "Niñas y jóvenes: seguras y escuchadas",
    "فتيات وشابات: بأمان وصوت مسموع",
    "Дівчата і молоді жінки: у безпеці та почуті",
)
HOME = Title(
    "DGF-HOME",
    "Safe at home: ending violence in families",
    "Seguras en casa: acabar con la violencia en las familias",
    "آمنات في البيت: إنهاء العنف في الأسرة",
    "Безпечно вдома: подолання насильства в родинах",
)
FIRST = Title(
    "DGF-FIRST",
    "First grants: small groups against violence",
    "Primeras subvenciones: grupos pequeños contra la violencia",
    "المنح الأولى: مجموعات صغيرة ضد العنف",
    "Перші гранти: малі групи проти насильства",
)


@dataclass(frozen=True)
class Scene:
    """One call of the demo with everybody in it; days are counted from the day it opened."""

    call: Call
    people: People
    now: datetime
    chance: Random

    @property
    def round(self) -> Round:
        return self.call.rounds[0]

    def chance_of(self, *about: object) -> Random:
        """Chance that depends on what it is about alone, not on the order in which things are done."""
        return Random(":".join(str(each) for each in (self.call.code, *about)))  # noqa: S311

    def day(self, number: float) -> datetime:
        """At some time of that day between nine and five in London, never later than now."""
        opened = self.round.opens_at.astimezone(LONDON).replace(hour=9, minute=0)
        at = opened + timedelta(days=int(number), seconds=self.chance.randrange(8 * 60 * 60))
        return min(at.astimezone(UTC), self.now)


def open_scene(
    fund: Fund,
    people: People,
    now: datetime,
    *,
    days_open: int,
    title: Title | None = None,
    small: bool = False,
    record: CodesignRecord | None = None,
) -> Scene:
    """A call that opened so many days ago, up to six more, so that the weekdays stay."""
    definition = one_round(reference_call()) if small else reference_call()
    if record is not None:
        definition = dataclasses.replace(definition, codesign=record)
    if title is not None:
        definition = with_code(definition, title.code, title.text)
    first = definition.rounds[0].opens_at(definition.zone).date()
    weeks = ((now.date() - first).days - days_open) // WEEK
    definition = shift_dates(definition, weeks * WEEK)
    opened = definition.rounds[0].opens_at(definition.zone)
    before = opened - timedelta(days=PUBLISHED_BEFORE)
    manager = people.staff.manager
    call = import_call(definition, fund=fund, actor=manager, now=before)
    call.created_at = before
    publish_call(call, actor=manager, now=before)
    open_call(call, actor=manager, now=opened)
    return Scene(call, people, now, Random(definition.code))  # noqa: S311 - the same demo every time


def one_round(definition: CallDefinition) -> CallDefinition:
    """A fund of half the size that gives all its money in one round."""
    half = Decimal(2)
    money = definition.money
    lines = tuple(dataclasses.replace(line, amount=line.amount / half) for line in money.lines)
    grants = sum((line.amount for line in lines if line.is_for_grants), Decimal(0))
    first = dataclasses.replace(definition.rounds[0], amount=grants)
    room = dataclasses.replace(definition.codesign.room, fixed=definition.codesign.room.fixed[1:])
    return dataclasses.replace(
        definition,
        money=dataclasses.replace(money, total=money.total / half, lines=lines),
        rounds=(first,),
        ring_fences=tuple(_in_first_round(fence, half) for fence in definition.ring_fences),
        codesign=dataclasses.replace(definition.codesign, room=room),
    )


def _in_first_round(fence: RingFence, half: Decimal) -> RingFence:
    release = fence.release
    if release is not None:
        release = Release("1", release.moves_to, release.decided_by)
    if fence.amount is None:
        return dataclasses.replace(fence, release=release)
    amount = fence.amount / half
    said, says = f"{fence.amount:,.0f}", f"{amount:,.0f}"
    rule = LocalizedText(tuple((language, text.replace(said, says)) for language, text in fence.rule.texts))
    return dataclasses.replace(fence, rule=rule, release=release, amount=amount)
