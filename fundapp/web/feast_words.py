"""Names of the days that a timetable is held against, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable

from forms.i18n import _
from fundapp.call_file.clashes import Clash
from fundapp.feasts import BY_THE_MOON, Feast

FEASTS = {
    Feast.RAMADAN: _("Ramadan"),
    Feast.EID_AL_FITR: _("Eid al-Fitr"),
    Feast.EID_AL_ADHA: _("Eid al-Adha"),
    Feast.ASHURA: _("Ashura"),
    Feast.CHRISTMAS: _("Christmas"),
    Feast.GOOD_FRIDAY: _("Good Friday"),
    Feast.EASTER: _("Easter"),
    Feast.ORTHODOX_CHRISTMAS: _("Orthodox Christmas (Genna, Ledet)"),
    Feast.TIMKAT: _("Timkat (Orthodox Epiphany)"),
    Feast.ORTHODOX_GOOD_FRIDAY: _("Orthodox Good Friday"),
    Feast.ORTHODOX_EASTER: _("Orthodox Easter (Fasika)"),
    Feast.MESKEL: _("Meskel"),
    Feast.PASSOVER: _("Passover"),
    Feast.ROSH_HASHANAH: _("Rosh Hashanah"),
    Feast.YOM_KIPPUR: _("Yom Kippur"),
    Feast.NOWRUZ: _("Nowruz"),
    Feast.DIWALI: _("Diwali"),
    Feast.VAISAKHI: _("Vaisakhi"),
    Feast.LUNAR_NEW_YEAR: _("Lunar New Year"),
    Feast.BANK_HOLIDAY: _("Bank holiday in England"),
    Feast.WEEKEND: _("Weekend"),
}


def follow_the_moon(clashes: Iterable[Clash]) -> bool:
    """Whether one of the days may turn out to be another."""
    return any(not BY_THE_MOON.isdisjoint(clash.feasts) for clash in clashes)
