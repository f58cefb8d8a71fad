"""People who offer themselves for the drawn seats of the open call, and the fingerprint of the draw."""

from __future__ import annotations

from fundapp.demo.calls import Scene
from fundapp.demo.words import panel_words
from fundapp.models.panel import SeatKind
from fundapp.services.panel_draws import announce_draw
from fundapp.services.recruitment import NewCandidate, offer

KIND = SeatKind.LIVED_EXPERIENCE


def offer_seats(scene: Scene) -> None:
    """The seed on the first day, then one person after the other."""
    manager = scene.people.staff.manager
    announce_draw(scene.round, KIND, mixed_with="", actor=manager, now=scene.day(0))
    for place, row in enumerate(panel_words("candidates")):
        new = NewCandidate(
            kind=KIND,
            name=row["name"],
            email=f"candidate{place + 1}@example.org",
            phone="",
            language=row["language"],
            reads_in=(row["language"],),
            groups={"age": row["age"], "reads": row["reads"]},
        )
        offer(scene.round, new, actor=None, now=scene.day(1 + place))
