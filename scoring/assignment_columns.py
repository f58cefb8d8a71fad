"""The best sum for very many pairs: a program with few of them, grown until no other pair could help.

The value of the program in parts is then a bound for all pairs: a whole assignment of that value is proved.
"""

from __future__ import annotations

import numpy as np

from scoring.assignment_board import Board, Need, Places
from scoring.program import NO_LIMIT, Answer, Program, Real, Status
from scoring.readers import ShortageCode

SPARE = 2  # pairs to begin with, above what an application or a seat needs
GUESSES = 150
MOST_GUESSED = 200_000  # pairs; of more, only every so many applications are looked at
CLOSE = 1e-6
WHOLE = 1e-6


def best_by_columns(board: Board) -> list[int] | None:
    """Places with the highest sum, or None when there are none. Raises NotProved.

    Where the pairs that seem to help leave something missing, the program with all of them decides.
    """
    best = _Columns(board).best()
    return board.best() if best is None else best


class _Columns:
    def __init__(self, board: Board) -> None:
        self.board = board
        self.fits = board.fits.astype(float)
        self.locked = np.flatnonzero(board.locked)
        self.dear = float(np.abs(self.fits).max(initial=1)) * 10
        self.nearly = float(self.fits.std()) / 4 if len(self.fits) else 0.0
        self.is_active = board.locked.copy()

    def best(self) -> list[int] | None:
        self._start()
        while True:
            active = np.flatnonzero(self.is_active)
            answer = self._solve(active, is_whole=False)
            reduced = self._reduced(answer)
            helps = (reduced < -CLOSE) & ~self.is_active
            # Each pair left out can add at most what it would help, once.
            bound = int(np.floor(-answer.cost - float(reduced[helps].sum()) + CLOSE))
            if bound <= np.floor(-answer.cost + CLOSE):
                break
            self._grow(reduced)
        is_met = answer.values[len(active) :].max(initial=0.0) <= CLOSE
        chosen = self._whole(active, answer) if is_met else None
        if chosen is None:
            return None
        total = int(self.board.fits[chosen].sum())
        if total < bound:  # whatever cannot lie in an assignment as good stays out
            chosen = self._whole(np.flatnonzero(reduced < bound - total + 1), None)
        return None if chosen is None else chosen.tolist()

    def _start(self) -> None:
        """The pairs that look best once readers whom all want have a price."""
        worth = self.fits - self._guessed_prices()
        for need in self.board.needs:
            if need.code is not ShortageCode.READER_IDLE:
                self._add_best(need.places, worth, need.lowest + SPARE)

    def _add_best(self, places: Places, worth: Real, number: int) -> None:
        if len(places) > number:
            places = places[np.argpartition(-worth[places], number)[:number]]
        self.is_active[places] = True

    def _guessed_prices(self) -> Real:
        """For each pair what its reader's time seems to cost; only a hint where to begin."""
        readers = [need for need in self.board.needs if need.code is ShortageCode.READER_IDLE]
        table, at = self._table(readers)
        step = max(1, table.size // MOST_GUESSED)
        part = table[::step]
        share = len(part) / max(1, len(table))
        low = np.array([need.lowest for need in readers]) * share
        high = np.array([need.highest for need in readers]) * share
        each = next(need.lowest for need in self.board.needs if need.code is ShortageCode.READERS)
        price = np.zeros(len(readers))
        move = float(self.fits.std())
        for turn in range(GUESSES):
            worth = part - price
            wanted = np.argpartition(-worth, min(each, len(readers)) - 1, axis=1)[:, :each]
            load = np.bincount(wanted.ravel(), minlength=len(readers))
            price += move / (1 + turn / 5) * (load - np.clip(load, low, high)) / np.maximum(high, 1)
        return price[at]

    def _table(self, readers: list[Need]) -> tuple[Real, Places]:
        """Fits as a table, nothing where there is a tie; and each pair's reader."""
        at = np.zeros(len(self.fits), dtype=np.int64)
        for number, need in enumerate(readers):
            at[need.places] = number
        rows = np.zeros(len(self.fits), dtype=np.int64)
        for number, places in enumerate(self.board.of_application):
            rows[places] = number
        table = np.full((len(self.board.of_application), len(readers)), -self.dear)
        table[rows, at] = self.fits
        return table, at

    def _solve(self, active: Places, *, is_whole: bool) -> Answer:
        """Over the active pairs; what is missing anywhere is bought at a dear price."""
        needs, size = self.board.needs, len(active)
        cost = np.concatenate([-self.fits[active], np.full(0 if is_whole else len(needs), self.dear)])
        upper = np.concatenate([np.ones(size), np.full(len(cost) - size, NO_LIMIT)])
        program = Program(cost, upper, whole=size if is_whole else 0)
        where = np.full(len(self.fits), -1, dtype=np.int64)
        where[active] = np.arange(size)
        for number, need in enumerate(needs):
            columns = where[need.places]
            columns = columns[columns >= 0]
            if not is_whole:
                columns = np.append(columns, size + number)
            program.add_row(columns, lowest=need.lowest, highest=need.highest)
        program.add_row(where[self.locked], lowest=len(self.locked))
        return self.board.solve(program)

    def _reduced(self, answer: Answer) -> Real:
        """Below zero: the pair would help."""
        reduced = -self.fits
        for need, price in zip(self.board.needs, answer.prices, strict=False):
            reduced[need.places] -= price
        reduced[self.locked] -= answer.prices[-1]
        return reduced

    def _grow(self, reduced: Real) -> None:
        """Those that nearly help too: prices move a little in each round."""
        self.is_active |= reduced < self.nearly

    def _whole(self, active: Places, answer: Answer | None) -> Places | None:
        """The answer in parts where it is whole already, which it nearly always is; None: there is none."""
        if answer is None or np.abs(answer.values - answer.values.round()).max(initial=0.0) >= WHOLE:
            answer = self._solve(active, is_whole=True)
        if answer.status is Status.NONE:
            return None
        return np.asarray(active[answer.values[: len(active)] > 0.5], dtype=np.int64)
