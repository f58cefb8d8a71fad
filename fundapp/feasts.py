"""On which days people rest, fast or feast, so that no date of a call falls on them unnoticed.

The dates come from `holidays`. Those that follow the moon are worked out beforehand; where people wait until
the moon is seen, the day may be one earlier or later.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from enum import StrEnum
from functools import cache

from holidays import HolidayBase
from holidays.groups.chinese import ChineseCalendarHolidays
from holidays.groups.christian import ChristianHolidays
from holidays.groups.hebrew import HebrewCalendarHolidays
from holidays.groups.hindu import HinduCalendarHolidays
from holidays.groups.islamic import IslamicHolidays
from holidays.groups.persian import PersianCalendarHolidays

from fundapp.working_days import SATURDAY, bank_holidays

ETHIOPIAN, JULIAN = "ETHIOPIAN_CALENDAR", "JULIAN_CALENDAR"
FIRST_YEAR, LAST_YEAR = 2001, 2035  # for these the tables of the library hold every feast below


class Feast(StrEnum):
    """Words for each stand in web/feast_words.py."""

    RAMADAN = "ramadan"
    EID_AL_FITR = "eid_al_fitr"
    EID_AL_ADHA = "eid_al_adha"
    ASHURA = "ashura"
    CHRISTMAS = "christmas"
    GOOD_FRIDAY = "good_friday"
    EASTER = "easter"
    ORTHODOX_CHRISTMAS = "orthodox_christmas"
    TIMKAT = "timkat"
    ORTHODOX_GOOD_FRIDAY = "orthodox_good_friday"
    ORTHODOX_EASTER = "orthodox_easter"
    MESKEL = "meskel"
    PASSOVER = "passover"
    ROSH_HASHANAH = "rosh_hashanah"
    YOM_KIPPUR = "yom_kippur"
    NOWRUZ = "nowruz"
    DIWALI = "diwali"
    VAISAKHI = "vaisakhi"
    LUNAR_NEW_YEAR = "lunar_new_year"
    BANK_HOLIDAY = "bank_holiday"
    WEEKEND = "weekend"


BY_THE_MOON = frozenset({Feast.RAMADAN, Feast.EID_AL_FITR, Feast.EID_AL_ADHA, Feast.ASHURA})


class _Year(
    HolidayBase,
    ChineseCalendarHolidays,
    ChristianHolidays,
    HebrewCalendarHolidays,
    HinduCalendarHolidays,
    IslamicHolidays,
    PersianCalendarHolidays,
):
    """The library's own way to put a calendar together: the name of a day is its feast."""

    country = "GB"

    def __init__(self, year: int) -> None:
        ChineseCalendarHolidays.__init__(self)
        ChristianHolidays.__init__(self)
        HebrewCalendarHolidays.__init__(self)
        HinduCalendarHolidays.__init__(self)
        IslamicHolidays.__init__(self, show_estimated=False)
        PersianCalendarHolidays.__init__(self)
        super().__init__(years=year)

    def _populate_public_holidays(self) -> None:
        self._add_islamic_days()
        self._add_christmas_day(Feast.CHRISTMAS)
        self._add_good_friday(Feast.GOOD_FRIDAY)
        self._add_easter_sunday(Feast.EASTER)
        self._add_easter_monday(Feast.EASTER)
        for calendar in (ETHIOPIAN, JULIAN):
            self._add_christmas_day(Feast.ORTHODOX_CHRISTMAS, calendar)
        self._add_epiphany_day(Feast.TIMKAT, ETHIOPIAN)
        self._add_good_friday(Feast.ORTHODOX_GOOD_FRIDAY, JULIAN)
        self._add_easter_sunday(Feast.ORTHODOX_EASTER, JULIAN)
        self._add_finding_of_true_cross(Feast.MESKEL)
        self._add_passover(Feast.PASSOVER, range(8))
        self._add_rosh_hashanah(Feast.ROSH_HASHANAH, range(2))
        self._add_yom_kippur(Feast.YOM_KIPPUR)
        self._add_nowruz_day(Feast.NOWRUZ)
        self._add_diwali_india(Feast.DIWALI)
        self._add_vaisakhi(Feast.VAISAKHI)
        self._add_chinese_new_years_day(Feast.LUNAR_NEW_YEAR)

    def _add_islamic_days(self) -> None:
        self._add_ramadan_beginning_day(Feast.RAMADAN)
        for add in (
            self._add_eid_al_fitr_day,
            self._add_eid_al_fitr_day_two,
            self._add_eid_al_fitr_day_three,
        ):
            add(Feast.EID_AL_FITR)
        for add in (
            self._add_eid_al_adha_day,
            self._add_eid_al_adha_day_two,
            self._add_eid_al_adha_day_three,
        ):
            add(Feast.EID_AL_ADHA)
        self._add_ashura_day(Feast.ASHURA)


@cache
def _days_of(year: int) -> Mapping[date, frozenset[Feast]]:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return {}
    found = _Year(year)
    return {day: frozenset(map(Feast, found.get_list(day))) for day in found}


def _is_in_ramadan(day: date) -> bool:
    """From its first day, at most thirty days, until Eid."""
    if not FIRST_YEAR < day.year <= LAST_YEAR:
        return False
    for days in range(30):
        feasts = _days_of((day - timedelta(days=days)).year).get(day - timedelta(days=days), frozenset())
        if Feast.EID_AL_FITR in feasts:
            return False
        if Feast.RAMADAN in feasts:
            return True
    return False


def feasts_on(day: date) -> tuple[Feast, ...]:
    """In the order of `Feast`. Outside the years that are known, weekends and bank holidays alone."""
    found = set(_days_of(day.year).get(day, frozenset()))
    if _is_in_ramadan(day):
        found.add(Feast.RAMADAN)
    if day in bank_holidays(day.year):
        found.add(Feast.BANK_HOLIDAY)
    if day.weekday() >= SATURDAY:
        found.add(Feast.WEEKEND)
    return tuple(feast for feast in Feast if feast in found)
