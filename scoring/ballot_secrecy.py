"""Whether ballots can be shown without names: nobody may be recognised by what they could not vote on.

A blank is a no or a tie. Whoever knows a member's ties looks for the ballots that are blank there.
"""

from __future__ import annotations

from collections.abc import Sequence

from scoring.ballots import Ballot

LEAST = 3  # ballots that each member could have given; who gave one of them still has two to guess from


def can_be_shown(ballots: Sequence[Ballot]) -> bool:
    """Each could be of one of at least three members, also for somebody who knows the ties of all.

    Of a member with ties the ballots left to guess from must not all be alike: then nothing is left to guess.
    """
    everything = frozenset[str]().union(*(one.may for one in ballots))
    for voter, one in enumerate(ballots):
        left = _could_be_of(voter, ballots)
        kinds = {tuple(sorted(ballots[at].given.items())) for at in left}
        if len(left) < LEAST or (one.may != everything and len(kinds) == 1):
            return False
    return True


def _could_be_of(voter: int, ballots: Sequence[Ballot]) -> set[int]:
    """Ballots this voter could have given while each of the others could have given one of the rest.

    Such a swap of ballots goes round: from the voter to one that fits, from its giver to the next, and back.
    """
    fits = [{at for at, other in enumerate(ballots) if other.given.keys() <= one.may} for one in ballots]
    found = {voter}
    waiting = [voter]
    while waiting:  # backwards: from whom the voter's own ballot can be reached
        at = waiting.pop()
        before = {other for other in range(len(ballots)) if at in fits[other]} - found
        found |= before
        waiting.extend(before)
    return fits[voter] & found
