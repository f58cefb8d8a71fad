"""The applications and readers of a file, whether they are listed one by one or in the short form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

LIVED_EXPERIENCE = "lived_experience"
EXPERIENCED = "experienced"
NO_LANGUAGE = "0"  # of the short form

Data = Mapping[str, Any]


@dataclass(frozen=True)
class Application:
    place: str  # in the file
    id: str
    language: str | None
    seats: Mapping[str, int]


@dataclass(frozen=True)
class OneReader:
    place: str
    id: str
    most: int | None
    least: int
    seats: frozenset[str]


def language_seat(language: str) -> str:
    return f"language {language}"


def applications_of(data: Data) -> list[Application] | None:
    """None where the file does not say how many there are."""
    if "applications" in data:
        return [
            Application(f"applications.{at}", one["id"], one["language"], one["seats"])
            for at, one in enumerate(data["applications"])
        ]
    languages = data.get("language")
    rows = data.get("affinity", languages)
    if rows is None:
        return None
    if languages is None or len(languages) != len(rows):
        languages = [NO_LANGUAGE] * len(rows)
    return [
        Application("applications", str(at), None if one == NO_LANGUAGE else one, {})
        for at, one in enumerate(languages)
    ]


def readers_of(data: Data) -> list[OneReader] | None:
    """None where the file does not say how many there are."""
    most, least = data.get("load_max"), data.get("load_min", 0)
    if "readers" in data:
        return [
            OneReader(f"readers.{at}", one["id"], one.get("most", most), one.get("least", least), _seats(one))
            for at, one in enumerate(data["readers"])
        ]
    number = _number_of_readers(data)
    if number is None:
        return None
    lived, speaks = _padded(data, LIVED_EXPERIENCE, number, False), _padded(data, "speaks", number, [])
    return [
        OneReader(
            "load_max",
            str(at),
            most,
            least,
            _seats({"languages": speaks[at], LIVED_EXPERIENCE: lived[at], "seats": [], "is_new": False}),
        )
        for at in range(number)
    ]


def _number_of_readers(data: Data) -> int | None:
    if data.get("affinity"):
        return len(data["affinity"][0])
    lists = [data[name] for name in (LIVED_EXPERIENCE, "speaks") if name in data]
    return len(lists[0]) if lists else None


def _padded(data: Data, name: str, number: int, nothing: Any) -> Sequence[Any]:
    """A list of the wrong length is an error of its own; nothing else is said about it."""
    values = data.get(name, [])
    return values if len(values) == number else [nothing] * number


def _seats(one: Data) -> frozenset[str]:
    own = [*one["seats"], *(language_seat(language) for language in one["languages"])]
    own += [LIVED_EXPERIENCE] * one[LIVED_EXPERIENCE]
    own += [] if one["is_new"] else [EXPERIENCED]
    return frozenset(own)


def seats_of_all(data: Data) -> dict[str, int]:
    """What every application needs, whatever its language. The short form asks for lived experience."""
    short = {LIVED_EXPERIENCE: 1} if data.get(LIVED_EXPERIENCE) else {}
    new = {EXPERIENCED: 1} if data.get("new_with_experienced") else {}
    return {**short, **new, **data.get("seats", {})}


def seats_needed(application: Application, for_all: Mapping[str, int]) -> dict[str, int]:
    language = {} if application.language is None else {language_seat(application.language): 1}
    seats = {**for_all, **language, **application.seats}
    return {seat: number for seat, number in seats.items() if number}
