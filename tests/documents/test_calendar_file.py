"""Calendar files read back: every text, every day, every moment, in lines that every program takes."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fundapp.documents.calendar import Dated, calendar_file

LONDON = ZoneInfo("Europe/London")
PANEL = UUID(int=7)
WRITTEN = datetime(2027, 1, 2, 3, 4, 5, tzinfo=UTC)
UNESCAPED = {"\\n": "\n", "\\N": "\n", "\\;": ";", "\\,": ",", "\\\\": "\\"}


def read(content: bytes) -> list[dict[str, str]]:
    """By the rules of RFC 5545, 3.1 and 3.3.11: unfold first, then names, then texts."""
    assert content.endswith(b"\r\n")
    lines = content.split(b"\r\n")[:-1]
    assert max(map(len, lines)) <= 75
    assert all(b"\n" not in line and b"\r" not in line for line in lines)
    for line in lines:
        line.decode()  # no character is cut
    whole = content.replace(b"\r\n ", b"").decode().split("\r\n")[:-1]
    assert (whole[0], whole[1], whole[-1]) == ("BEGIN:VCALENDAR", "VERSION:2.0", "END:VCALENDAR")
    events: list[dict[str, str]] = []
    for line in whole[1:-1]:
        name, _colon, value = line.partition(":")
        if line == "BEGIN:VEVENT":
            events.append({})
        elif events and name != "END":
            assert name not in events[-1], "once in each event"
            events[-1][name] = unescaped(value)
    assert whole.count("BEGIN:VEVENT") == whole.count("END:VEVENT") == len(events)
    return events


def unescaped(text: str) -> str:
    found, at = "", 0
    while at < len(text):
        pair = text[at : at + 2]
        found += UNESCAPED.get(pair, text[at])
        at += 2 if pair in UNESCAPED else 1
    return found


def entry(starts: date | datetime, last_day: date | None = None, title: str = "Meeting") -> Dated:
    return Dated(PANEL, "meeting", title, starts, WRITTEN, last_day)


TEXTS = st.text(st.characters(exclude_categories=("Cc", "Cs")) | st.sampled_from("\n,;\\ا’"), max_size=200)


@given(st.lists(TEXTS, max_size=3), TEXTS)
def test_any_title_is_read_back_as_it_was(titles: list[str], name: str):
    found = read(calendar_file(name, [entry(date(2027, 7, 14), title=title) for title in titles]))

    assert [event["SUMMARY"] for event in found] == titles


def test_days_are_dates_and_their_end_is_the_day_after():
    one, several = read(
        calendar_file("x", [entry(date(2027, 7, 31)), entry(date(2027, 2, 27), date(2027, 3, 1))])
    )

    assert (one["DTSTART;VALUE=DATE"], one["DTEND;VALUE=DATE"]) == ("20270731", "20270801")
    assert (several["DTSTART;VALUE=DATE"], several["DTEND;VALUE=DATE"]) == ("20270227", "20270302")
    assert one["DTSTAMP"] == "20270102T030405Z"


@pytest.mark.parametrize(
    ("day", "utc"),
    [((2027, 3, 27), "1000"), ((2027, 3, 28), "0900"), ((2027, 10, 30), "0900"), ((2027, 10, 31), "1000")],
)
def test_ten_in_the_morning_in_london_stays_ten_over_a_change_of_clocks(day: tuple[int, int, int], utc: str):
    (event,) = read(calendar_file("x", [entry(datetime(*day, 10, tzinfo=LONDON))]))

    assert event["DTSTART"] == "{:04}{:02}{:02}T{}00Z".format(*day, utc)


@given(st.datetimes(datetime(2026, 1, 1), datetime(2030, 1, 1), timezones=st.just(LONDON)))
def test_every_moment_is_read_back(at: datetime):
    (event,) = read(calendar_file("x", [entry(at)]))

    back = datetime.strptime(event["DTSTART"], "%Y%m%dT%H%M%S%z")
    assert timedelta(0) <= at.astimezone(UTC) - back < timedelta(seconds=1)


def test_identity_stays_when_the_day_moves_and_differs_by_panel_and_kind():
    moved = entry(date(2027, 7, 15))

    assert entry(date(2027, 7, 14)).uid == moved.uid
    assert (
        len(
            {
                moved.uid,
                Dated(PANEL, "ends", "", moved.starts, WRITTEN).uid,
                Dated(UUID(int=8), "meeting", "", moved.starts, WRITTEN).uid,
            }
        )
        == 3
    )
