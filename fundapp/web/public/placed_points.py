"""On which public page each point of a co-design record stands: by topic, a few on a page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fundapp.call_file.codesign import CodesignRecord, Point, Topic

PER_PAGE = 10  # with answers in the longest language a page stays below 10,000 bytes


@dataclass(frozen=True)
class PlacedPoint:
    point: Point
    page: int  # within its topic


@dataclass(frozen=True)
class Part:
    """One page of a longer list."""

    items: Sequence[PlacedPoint]
    page: int
    pages: int


def place_points(record: CodesignRecord) -> list[PlacedPoint]:
    """Topic after topic, in the order of the record."""
    found = []
    for topic in Topic:
        points = [point for point in record.points if point.topic is topic]
        found += [PlacedPoint(point, number // PER_PAGE + 1) for number, point in enumerate(points)]
    return found


def points_by_part(record: CodesignRecord) -> dict[str, list[PlacedPoint]]:
    """For "why we ask": the points that changed each part."""
    found: dict[str, list[PlacedPoint]] = {}
    for placed in place_points(record):
        for reference in placed.point.changed:
            found.setdefault(reference, []).append(placed)
    return found


def part_of(items: Sequence[PlacedPoint], wanted: str, per_page: int) -> Part:
    """The page that an address asks for; anything else in it counts as the first."""
    pages = max(1, -(-len(items) // per_page))
    page = int(wanted) if wanted.isascii() and wanted.isdigit() and len(wanted) < 6 else 1
    page = min(max(page, 1), pages)
    return Part(items[(page - 1) * per_page : page * per_page], page, pages)
