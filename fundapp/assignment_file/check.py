"""Everything in an assignment file that does not go together, each with its place and what to write."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence

from fundapp.assignment_file.parts import Application, Data, OneReader, seats_needed, seats_of_all

SHORT = {"language": "applications", "lived_experience": "readers", "speaks": "readers"}
WITH_EACH = {
    "language": "the language with each application",
    "lived_experience": "“lived_experience” with each reader",
    "speaks": "“languages” with each reader",
}


def wrong_in(
    data: Data, applications: Sequence[Application] | None, readers: Sequence[OneReader] | None
) -> Iterator[str]:
    """Says nothing about parts that are missing because their form was wrong already."""
    yield from _wrong_forms(data)
    yield from _wrong_lengths(data, applications, readers)
    yield from _wrong_ids(applications or (), "application")
    yield from _wrong_ids(readers or (), "reader")
    for reader in readers or ():
        yield from _wrong_capacity(reader)
    yield from _wrong_seats(data, applications or ())
    if applications is not None and readers is not None:
        yield from _Pairs(data, applications, readers).wrong()


def _wrong_forms(data: Data) -> Iterator[str]:
    for name, listed in SHORT.items():
        if name in data and listed in data:
            yield f"{name}: The {listed} are listed one by one. Write {WITH_EACH[name]} instead."
    if "readers_each" in data and "reviews_per_application" in data:
        yield "readers_each: “reviews_per_application” says the same. Write only one of the two."
    if "affinity" in data and "fit" in data:
        yield "fit: “affinity” says the same for all pairs. Write only one of the two."


def missing_in(
    data: Data,
    applications: Sequence[Application] | None,
    readers: Sequence[OneReader] | None,
    wrong: Collection[str],
) -> Iterator[str]:
    """What nobody wrote; `wrong` are names that were written in a wrong form."""
    if readers_each(data) is None and not {"readers_each", "reviews_per_application"} & set(wrong):
        yield "readers_each: Write how many readers each application gets, for example 3."
    if applications is None and not {"applications", "affinity", "language"} & set(wrong):
        yield "applications: List the applications, or write “affinity” with a row for each."
    if readers is None and not {"readers", "affinity", "speaks", "lived_experience"} & set(wrong):
        yield "readers: List the readers, or write “affinity” with a number for each in every row."


def _wrong_lengths(
    data: Data, applications: Sequence[Application] | None, readers: Sequence[OneReader] | None
) -> Iterator[str]:
    if applications is not None:
        for name in ("affinity", "language"):
            if name in data and len(data[name]) != len(applications):
                yield _length(name, len(data[name]), len(applications), "application")
    if readers is None:
        return
    for at, row in enumerate(data.get("affinity", ())):
        if len(row) != len(readers):
            yield _length(f"affinity.{at}", len(row), len(readers), "reader")
    for name in ("lived_experience", "speaks"):
        if name in data and len(data[name]) != len(readers):
            yield _length(name, len(data[name]), len(readers), "reader")


def _length(place: str, found: int, right: int, each: str) -> str:
    return f"{place}: There are {found} values here. Write {right}, one for each {each}."


def _wrong_ids(listed: Sequence[Application | OneReader], each: str) -> Iterator[str]:
    times = Counter(one.id for one in listed)
    for one in listed:
        if times[one.id] > 1:
            yield f"{one.place}.id: “{one.id}” stands more than once. Give each {each} an id of its own."


def _wrong_capacity(reader: OneReader) -> Iterator[str]:
    if reader.most is None:
        where = reader.place if reader.place == "load_max" else f"{reader.place}.most"
        yield f"{where}: Write how many applications “{reader.id}” can read, or “load_max” for everybody."
    elif reader.least > reader.most:
        yield (
            f"{reader.place}: “{reader.id}” reads at least {reader.least} and at most {reader.most}. "
            "Write a least that is not above the most."
        )


def _wrong_seats(data: Data, applications: Sequence[Application]) -> Iterator[str]:
    each = readers_each(data)
    if each is None:
        return
    said = f"There are only {each} readers for each application. Write {each} or less."
    for_all = seats_of_all(data)
    yield from (f"seats.{seat}: {said}" for seat, number in for_all.items() if number > each)
    for one in applications:
        for seat, number in seats_needed(one, {}).items():
            if number > each:
                yield f"{one.place}.seats.{seat}: {said}"


def readers_each(data: Data) -> int | None:
    found: int | None = data.get("readers_each", data.get("reviews_per_application"))
    return found


class _Pairs:
    """Pairs of an application and a reader, wherever the file has some."""

    def __init__(self, data: Data, applications: Sequence[Application], readers: Sequence[OneReader]) -> None:
        self.data = data
        self.applications = {one.id for one in applications}
        self.readers = {one.id: one for one in readers}

    def wrong(self) -> Iterator[str]:
        for name in ("conflicts", "locked", "fit"):
            for at, (application, reader, *_) in enumerate(self.data.get(name, ())):
                yield from self._unknown(f"{name}.{at}", application, reader)
        yield from self._fit_twice()
        yield from self._locked_with_conflict()
        yield from self._locked_too_many()

    def _unknown(self, place: str, application: str, reader: str) -> Iterator[str]:
        for one, known, what in (
            (application, self.applications, "application"),
            (reader, self.readers.keys(), "reader"),
        ):
            if one not in known:
                yield f"{place}: There is no {what} “{one}”. Write an id that the file has."

    def _fit_twice(self) -> Iterator[str]:
        times = Counter(tuple(one[:2]) for one in self.data.get("fit", ()))
        for at, one in enumerate(self.data.get("fit", ())):
            if times[tuple(one[:2])] > 1:
                yield f"fit.{at}: “{one[0]}” and “{one[1]}” stand more than once. Write the pair once."

    def _locked_with_conflict(self) -> Iterator[str]:
        conflicts = set(self.data.get("conflicts", ()))
        for at, pair in enumerate(self.data.get("locked", ())):
            if pair in conflicts:
                yield f"locked.{at}: “{pair[1]}” has a tie to “{pair[0]}”. Take this pair out."

    def _locked_too_many(self) -> Iterator[str]:
        locked = set(self.data.get("locked", ()))
        each = readers_each(self.data)
        for application, number in sorted(Counter(one for one, _ in locked).items()):
            if each is not None and number > each:
                yield f"locked: “{application}” has {number} readers here. Leave {each} or less."
        for reader, number in sorted(Counter(one for _, one in locked).items()):
            most = self.readers[reader].most if reader in self.readers else None
            if most is not None and number > most:
                yield f"locked: “{reader}” has {number} applications here and can read {most}. Leave {most}."
