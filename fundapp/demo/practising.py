"""The practice round of the call that is being scored: two samples, everybody's marks, what was agreed."""

from __future__ import annotations

from datetime import timedelta

from fundapp.demo.calls import Scene
from fundapp.demo.reading import level_near, seats_of
from fundapp.demo.words import panel_words, readers_sentence
from fundapp.models.panel import Panel
from fundapp.queries.calls import current_version, definition_of
from fundapp.queries.training import topics_of
from fundapp.services.practice import (
    NewSample,
    add_sample,
    agree_levels,
    lock_practice,
    plan_practice,
    save_practice,
)
from fundapp.services.readings import NewMark
from fundapp.services.training import record_training


def practise(panel: Panel, scene: Scene, *, silent: str) -> None:
    """Training on day 85, practice from day 86 to day 92, and an evening on which the panel agrees."""
    manager = scene.people.staff.manager
    criteria = definition_of(current_version(scene.call)).assessment.criteria
    at = scene.day(85)
    plan_practice(panel, opens_at=scene.day(86), closes_at=scene.day(92), actor=manager, now=at)
    trained = [seat for seat in seats_of(panel) if seat.user.name != silent]
    topics = topics_of(definition_of(current_version(scene.call)).panel)
    record_training(panel, trained, topics, at.date(), actor=manager, now=at)
    for number, row in enumerate(panel_words("samples")):
        sample = add_sample(panel, NewSample(row["title"], row["texts"]), actor=manager, now=at)
        for seat in seats_of(panel):
            if seat.user.name == silent:
                continue
            chance = scene.chance_of(row["title"], seat.user.name)
            marks = {}
            for criterion in criteria:
                level = level_near(row["quality"], chance)
                marks[criterion.key] = NewMark(level, sentence=readers_sentence(criterion.key, level, chance))
            when = scene.day(87) + timedelta(hours=number)
            save_practice(sample, seat, marks, rev="0", actor=seat.user, now=when)
            lock_practice(sample, seat, actor=seat.user, now=when)
    for key, texts in panel_words("agreed_levels").items():
        agree_levels(panel, key, texts, actor=manager, now=scene.day(92))
