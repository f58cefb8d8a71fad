"""What the lottery of a round draws: those that scores cannot tell apart, and their new order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from uuid import UUID

from fundapp.queries.awards import Board
from fundapp.queries.certainty import SEED, uncertain_of
from fundapp.queries.decided_places import receipts_of
from fundapp.queries.what_if import basis_of, problem_of
from scoring.lottery import draw_chances, grey_zone, with_draw
from scoring.stability import stability

DRAWS = 1_000  # worked out while people wait: some seconds


@dataclass(frozen=True)
class Zone:
    """What the scores say before the draw. By application: how often it is on the list, and the order."""

    order: tuple[UUID, ...]
    on_lists: Mapping[UUID, Fraction]
    grey: frozenset[UUID]
    chances: Mapping[UUID, Fraction]  # of a grant, over draws with other seeds
    equal: tuple[tuple[UUID, ...], ...]  # no rule of the call can tell these apart


def zone_of(board: Board) -> Zone:
    """Takes seconds. Raises NoList and NotProved."""
    basis = basis_of(board)
    problem = problem_of(basis)
    found = stability(problem, uncertain_of(basis), draws=DRAWS, seed=SEED).chances
    equal = board.reading.ranking.vote_needed
    grey = grey_zone(found, equal)
    seed = b"chances before the draw"  # any one; not the seed of the round
    chances = draw_chances(problem, found, grey, draws=DRAWS, seed=seed, equal=equal) if grey else {}
    return Zone(
        order=ranked_now(board),
        on_lists={UUID(key): chance for key, chance in found.items()},
        grey=frozenset(UUID(key) for key in grey),
        chances={UUID(key): chance for key, chance in chances.items()},
        equal=tuple(tuple(UUID(key) for key in group) for group in equal),
    )


def ranked_now(board: Board) -> tuple[UUID, ...]:
    return tuple(UUID(one.application) for one in board.reading.ranking.ranked)


def order_after_draw(zone: Zone, seed: bytes) -> tuple[UUID, ...]:
    """The number of an application comes from its receipt, which the group knows and nobody else."""
    receipts = receipts_of(zone.order)
    by_receipt = {receipt: key for key, receipt in receipts.items()}
    on_lists = {receipts[key]: chance for key, chance in zone.on_lists.items() if key in receipts}
    grey = frozenset(receipts[key] for key in zone.grey)
    equal = [[receipts[key] for key in group] for group in zone.equal]
    drawn = with_draw([receipts[key] for key in zone.order], on_lists, grey, seed, equal)
    return tuple(by_receipt[receipt] for receipt in drawn)
