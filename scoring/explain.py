"""From an obstacle in whole numbers to a reason with numbers; and back: is the reason true?"""

from __future__ import annotations

from collections.abc import Sequence

from scoring.exact import Role, Row
from scoring.merit import Obstacle
from scoring.reasons import Reason, ReasonCode

REFUSED = {
    Role.BUDGET: ReasonCode.BUDGET_SPENT,
    Role.EXCLUSION: ReasonCode.EXCLUDED_BY_OTHER,
    Role.CAP: ReasonCode.CAP_REACHED,
    Role.HEADROOM: ReasonCode.HEADROOM_USED,
    Role.SET_ASIDE: ReasonCode.HEADROOM_USED,
    Role.FLOOR: ReasonCode.FLOOR_NEEDS_MORE_BELOW,
}
NO_LIST = {
    Role.BUDGET: ReasonCode.BUDGET_PASSED,
    Role.EXCLUSION: ReasonCode.NO_COMBINATION,
    Role.CAP: ReasonCode.CAP_PASSED,
    Role.HEADROOM: ReasonCode.FLOOR_IMPOSSIBLE,
    Role.SET_ASIDE: ReasonCode.SET_ASIDE_USED,
    Role.FLOOR: ReasonCode.FLOOR_IMPOSSIBLE,
}


def why_not(rows: Sequence[Row], obstacle: Obstacle, place: int, above: int) -> Reason:
    """Why a candidate is not funded although all awards ranked above it are."""
    asked = int(rows[0].coefficients[place])
    numbers = [("above", above), ("asked", asked)]
    used = _used(rows, obstacle)
    if not used:
        return Reason(ReasonCode.NO_COMBINATION, numbers=tuple(numbers))
    code = ReasonCode.RULES_TOGETHER
    if len(used) == 1:
        (row,) = used
        code = REFUSED[row.role]
        if row.role is Role.FLOOR:
            numbers += _needed_and_available(row, obstacle)
        else:
            numbers += _counted_and_left(row, obstacle, place)
    elif _is_floor_and_budget(used, obstacle):
        code = ReasonCode.FLOOR_NEEDS_THE_MONEY
        numbers += _needed_and_money_left(used[1], obstacle)
    return _reason(code, used, numbers, obstacle, rows)


def why_no_list(rows: Sequence[Row], obstacles: Sequence[Obstacle]) -> tuple[Reason, ...]:
    """What is short, by arithmetic. A floor is named once: for want of candidates, or else of money."""
    reasons: list[Reason] = []
    named: set[str] = set()
    for obstacle in obstacles:
        used = _used(rows, obstacle)
        if len(used) == 1:
            (row,) = used
            named.add(row.name)
            if row.role is Role.FLOOR:
                numbers = _needed_and_available(row, obstacle)
                numbers.append(("short", numbers[0][1] - numbers[1][1]))
            else:
                numbers = [("short", -obstacle.slack)]
            reasons.append(_reason(NO_LIST[row.role], used, numbers, obstacle, rows))
        elif not _is_floor_and_budget(used, obstacle):
            reasons.append(_reason(ReasonCode.RULES_TOGETHER, used, [], obstacle, rows))
        elif used[1].name not in named:
            numbers = _needed_and_money_left(used[1], obstacle)
            numbers.append(("short", numbers[0][1] - numbers[1][1]))
            reasons.append(_reason(ReasonCode.FLOOR_IMPOSSIBLE, used, numbers, obstacle, rows))
    return tuple(reasons)


def short_of(rows: Sequence[Row], missed: Sequence[int]) -> tuple[Reason, ...]:
    """What a list that comes near is short of, for each rule it misses."""
    return tuple(
        Reason(
            ReasonCode.NO_COMBINATION,
            (row.ring_fence,) if row.ring_fence else (),
            (("short", -(-amount // _unit(row))),),
            tags=(row.tag,) if row.ring_fence else (),
        )
        for row, amount in zip(rows, missed, strict=True)
        if amount
    )


def _unit(row: Row) -> int:
    return (row.part - row.whole) or row.part


def _used(rows: Sequence[Row], obstacle: Obstacle) -> list[Row]:
    return [rows[at] for at, _ in obstacle.weights]


def _is_floor_and_budget(used: Sequence[Row], obstacle: Obstacle) -> bool:
    if len(used) != 2 or used[0].role is not Role.BUDGET or used[1].role is not Role.FLOOR:
        return False
    (_, of_budget), (_, of_floor) = obstacle.weights
    return of_budget == used[1].per_pound * of_floor


def _counted_and_left(row: Row, obstacle: Obstacle, place: int) -> list[tuple[str, int]]:
    """What of the request falls under the limit, and how much of it was left."""
    own = max(0, int(row.coefficients[place]))
    everything = row.whole * int(row.everything[place]) if row.role is Role.CAP else 0
    return [
        ("counted", (own + everything) // row.part),
        ("left", (obstacle.slack + own + everything) // row.part),
    ]


def _needed_and_available(row: Row, obstacle: Obstacle) -> list[tuple[str, int]]:
    """What the floor still needs, and the most that candidates still open could bring."""
    unit = _unit(row)
    residual = _left(obstacle)
    return [("needed", -(residual // unit)), ("available", (obstacle.slack - residual) // unit)]


def _needed_and_money_left(row: Row, obstacle: Obstacle) -> list[tuple[str, int]]:
    residual = _left(obstacle)
    return [("needed", -(residual // row.per_pound)), ("left", obstacle.residual[0])]


def _left(obstacle: Obstacle) -> int:
    """Of the floor, which comes last among the rows used."""
    return obstacle.residual[obstacle.weights[-1][0]]


def _reason(
    code: ReasonCode,
    used: Sequence[Row],
    numbers: Sequence[tuple[str, int]],
    obstacle: Obstacle,
    rows: Sequence[Row],
) -> Reason:
    fences = [row for row in used if row.ring_fence]
    return Reason(
        code,
        tuple(row.ring_fence for row in fences),
        tuple(numbers),
        tags=tuple(row.tag for row in fences),
        weights=tuple((rows[at].name, weight) for at, weight in obstacle.weights),
    )
