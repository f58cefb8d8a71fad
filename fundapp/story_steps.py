"""What a group allows with a story, and how far a story circle is."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class StoryStatus(StrEnum):
    PRIVATE = "private"
    SHARED_WITH_FUNDER = "shared_with_funder"
    CONSENTED = "consented"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


class CircleStatus(StrEnum):
    OPEN = "open"  # people read and write which story, each for themselves
    CHOSEN = "chosen"  # the circle has chosen; the group is asked whether the story is right
    VERIFIED = "verified"  # a second person of the fund has written how it was checked


def _from(*states: StoryStatus) -> frozenset[StrEnum]:
    return frozenset(states)


S = StoryStatus
STORY_STEPS: Mapping[str, tuple[frozenset[StrEnum], StrEnum]] = {
    "share": (_from(S.PRIVATE), S.SHARED_WITH_FUNDER),
    "consent": (_from(S.SHARED_WITH_FUNDER, S.WITHDRAWN, S.EXPIRED), S.CONSENTED),
    "withdraw": (_from(S.SHARED_WITH_FUNDER, S.CONSENTED), S.WITHDRAWN),
    "expire": (_from(S.CONSENTED), S.EXPIRED),
}
CIRCLE_STEPS: Mapping[str, tuple[frozenset[StrEnum], StrEnum]] = {
    "choose": (frozenset({CircleStatus.OPEN}), CircleStatus.CHOSEN),
    "verify": (frozenset({CircleStatus.CHOSEN}), CircleStatus.VERIFIED),
    "doubt": (frozenset({CircleStatus.VERIFIED}), CircleStatus.CHOSEN),
}
STORIES_STEPS: Mapping[type[StrEnum], Mapping[str, tuple[frozenset[StrEnum], StrEnum]]] = {
    StoryStatus: STORY_STEPS,
    CircleStatus: CIRCLE_STEPS,
}
