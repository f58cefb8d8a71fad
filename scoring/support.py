"""Which offers of help fit a group: shared topics; its languages first, then its borough."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Seeker:
    """A group, by `key`, and the topics in which it would like help."""

    key: str
    topics: frozenset[str]
    languages: frozenset[str] = frozenset()
    borough: str | None = None
    wants_none: bool = False
    is_confidential: bool = False


@dataclass(frozen=True)
class Help:
    """What somebody offers. `by`: the group behind it, where it is one; then it must have opted in itself."""

    key: str
    topics: frozenset[str]
    languages: frozenset[str] = frozenset()
    boroughs: frozenset[str] = frozenset()
    by: str | None = None
    has_opted_in: bool = False
    is_confidential: bool = False


@dataclass(frozen=True)
class HelpMatch:
    key: str
    topics: tuple[str, ...]
    languages: tuple[str, ...]
    is_near: bool


def help_for(seeker: Seeker, offers: Iterable[Help]) -> list[HelpMatch]:
    """Best first; the same offers in any order give the same list."""
    if seeker.wants_none:
        return []
    found = [_match(seeker, each) for each in offers if _may_meet(seeker, each)]
    return sorted((each for each in found if each.topics), key=_rank)


def _may_meet(seeker: Seeker, offer: Help) -> bool:
    """Groups meet only where one has said that it wants to, and neither has to stay unknown."""
    if offer.by is None:
        return True
    is_open = offer.has_opted_in and not offer.is_confidential and not seeker.is_confidential
    return is_open and offer.by != seeker.key


def _match(seeker: Seeker, offer: Help) -> HelpMatch:
    return HelpMatch(
        offer.key,
        tuple(sorted(seeker.topics & offer.topics)),
        tuple(sorted(seeker.languages & offer.languages)),
        seeker.borough in offer.boroughs,
    )


def _rank(match: HelpMatch) -> tuple[bool, bool, int, str]:
    return not match.languages, not match.is_near, -len(match.topics), match.key
