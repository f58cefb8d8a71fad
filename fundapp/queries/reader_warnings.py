"""What a change of readers by hand does to the rules, said beside each member before it is made."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from enum import StrEnum
from uuid import UUID

from fundapp.call_file.definition import CallDefinition
from fundapp.models.panel import PanelSeat
from fundapp.queries.panel_board import ReadApplication, SeatLine
from fundapp.queries.reader_facts import EXPERIENCED, brought_by, language_key


class ReaderWarning(StrEnum):
    """In the order in which they are said."""

    FULL = "full"  # reads as many as they said they could
    TIES_OPEN = "ties_open"  # has not declared ties yet
    NOT_TRAINED = "not_trained"  # has not had all of the training that the call asks for
    MORE_THAN_NEEDED = "more_than_needed"
    LEAVES_A_KIND_OPEN = "leaves_a_kind_open"  # takes a place that a missing kind needs
    NOT_THE_LANGUAGE = "not_the_language"  # and no other reader reads it
    ALL_NEW = "all_new"  # nobody among the readers has been on a panel before
    KIND_IS_GONE = "kind_is_gone"  # when taken back: nobody of this kind is left
    TOO_FEW = "too_few"  # when taken back


def warnings_for(
    line: ReadApplication,
    loads: Sequence[SeatLine],
    definition: CallDefinition,
    trained: Collection[UUID],
) -> Mapping[UUID, tuple[ReaderWarning, ...]]:
    """By seat: what taking the application back from a reader means, or giving it to another member."""
    seats = [load.seat for load in loads]
    can = brought_by(seats, first_language=definition.languages[0])
    reading = {reader.seat.id for reader in line.readers}
    return {
        load.seat.id: tuple(
            _taking_back(line, load.seat, definition)
            if load.seat.id in reading
            else _giving(line, load, can, definition, is_trained=load.seat.id in trained)
        )
        for load in loads
    }


def _giving(
    line: ReadApplication,
    load: SeatLine,
    can: Mapping[str, frozenset[str]],
    definition: CallDefinition,
    *,
    is_trained: bool,
) -> list[ReaderWarning]:
    seat, rules, found = load.seat, definition.assessment, list[ReaderWarning]()
    if load.given >= seat.capacity:
        found.append(ReaderWarning.FULL)
    if seat.conflicts_declared_at is None:
        found.append(ReaderWarning.TIES_OPEN)
    if definition.panel.training.topics and not is_trained:
        found.append(ReaderWarning.NOT_TRAINED)
    places_after = rules.minimum_readers - len(line.readers) - 1
    kinds_after = [kind for kind in line.missing_kinds if kind != seat.kind.value]
    if len(line.readers) >= rules.minimum_readers and not line.missing_kinds:
        found.append(ReaderWarning.MORE_THAN_NEEDED)
    elif len(kinds_after) > max(0, places_after):
        found.append(ReaderWarning.LEAVES_A_KIND_OPEN)
    together = can[str(seat.id)].union(*(can.get(str(each.seat.id), ()) for each in line.readers))
    offered = frozenset[str]().union(*can.values())
    language = language_key(line.application.language)
    if language in offered and language not in together:
        found.append(ReaderWarning.NOT_THE_LANGUAGE)
    if EXPERIENCED in offered and EXPERIENCED not in together:
        found.append(ReaderWarning.ALL_NEW)
    return found


def _taking_back(line: ReadApplication, seat: PanelSeat, definition: CallDefinition) -> list[ReaderWarning]:
    rules, found = definition.assessment, list[ReaderWarning]()
    kinds = Counter(each.seat.kind.value for each in line.readers)
    if kinds[seat.kind.value] <= rules.readers_from.count(seat.kind.value):
        found.append(ReaderWarning.KIND_IS_GONE)
    if len(line.readers) <= rules.minimum_readers:
        found.append(ReaderWarning.TOO_FEW)
    return found
