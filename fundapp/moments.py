"""Days and times in words, in the reader's language and in London time."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime

from forms.i18n import current_language, translate

LONDON = ZoneInfo("Europe/London")


def london_day(now: datetime) -> date:
    """The day that people here write: in summer it begins an hour before that of UTC."""
    return now.astimezone(LONDON).date()


def show_date(value: date | datetime | None) -> str:
    if value is None:
        return ""
    day = value.astimezone(LONDON).date() if isinstance(value, datetime) else value
    return format_date(day, "long", locale=current_language().locale)


def show_time(value: datetime | None) -> str:
    """Day of the week, date and time in London; no time for what begins with the day."""
    if value is None:
        return ""
    locale = current_language().locale
    # the weekday is a word of its own in front, so that each language keeps its own form of the date
    day = format_datetime(value, "EEEE", tzinfo=LONDON, locale=locale)
    rest = format_date(value.astimezone(LONDON).date(), "long", locale=locale)
    clock = format_datetime(value, "HH:mm", tzinfo=LONDON, locale=locale)
    if clock == "00:00":
        return translate("%(day)s %(date)s", day=day, date=rest)
    return translate("%(day)s %(date)s, %(time)s (London time)", day=day, date=rest, time=clock)


def show_utc(value: datetime | None) -> str:
    """Beside London time, for readers elsewhere and over a change of hour."""
    if value is None:
        return ""
    return translate("%(time)s UTC", time=format_datetime(value, "HH:mm", tzinfo=UTC, locale="en"))


def end_of_day(value: datetime) -> datetime:
    """What ends at midnight is over at the end of the day before; people write that day."""
    local = value.astimezone(LONDON)
    return local if local.time() != time() else local - timedelta(days=1)
