"""What the fund's people found in the stories of the running call: codes, marks, outcomes, and a year."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from fundapp.demo.calls import Scene
from fundapp.demo.grants import group_of
from fundapp.demo.words import read_words
from fundapp.models.theme_code import CodedText, ThemeCode
from fundapp.models.user import User
from fundapp.moments import london_day
from fundapp.queries.harvested_outcomes import list_usable_places
from fundapp.queries.told_texts import ToldText, list_told_texts
from fundapp.services.coded_texts import begin_reading, finish_reading, mark_passage
from fundapp.services.harvested_outcomes import (
    OutcomeWords,
    confirm_outcome,
    harvest_outcome,
    object_to_outcome,
)
from fundapp.services.shared_themes import announce_themes
from fundapp.services.theme_codes import add_theme_code, merge_theme_code

OUTCOMES = 3
READ, LANGUAGES = 11, ("en", "es")  # what the two readers know


def read_for_themes(scene: Scene) -> None:
    """The first of each five that was drawn is read by the second manager; the rest waits."""
    staff, now = scene.people.staff, scene.now
    codes = _code_book(scene, now)
    told = list_told_texts(scene.call, reader=staff.manager)
    texts = [each for each in told if each.language in LANGUAGES][:READ]
    coded = [_read(each, codes, staff.manager, now) for each in texts]
    drawn = next((place for place, each in enumerate(coded) if each.is_drawn), None)
    if drawn is not None:
        _read(texts[drawn], codes, staff.second_manager, now, also="Helping others")
    _harvest(scene, coded)
    announce_themes(scene.call, texts[0].told_at.year, actor=staff.manager, now=now)


def _harvest(scene: Scene, coded: Sequence[CodedText]) -> None:
    """Three groups are asked: one confirms in other words, one says no, one has not answered yet."""
    words, manager, now = read_words("themes"), scene.people.staff.manager, scene.now
    awards = list({each.award_id: each.award for each in coded}.values())
    asked = 0
    for award in awards:
        places = list_usable_places(award, reader=manager, today=london_day(now))
        if not places or asked == OUTCOMES:
            continue
        place, language = places[0], places[0].read.told.language or "en"
        outcome = harvest_outcome(
            award,
            place.passage.tag.theme_code,
            [place],
            OutcomeWords(**words["outcomes"][language]),
            language=language,
            actor=manager,
            now=now,
        )
        person = group_of(award, scene).person
        if asked == 0:
            own = OutcomeWords(**words["own_words"][language])
            confirm_outcome(
                outcome, own_words=own, language=language, names_group=False, actor=person, now=now
            )
        elif asked == 1:
            object_to_outcome(outcome, words["objection"][language], actor=person, now=now)
        asked += 1


def _code_book(scene: Scene, now: datetime) -> Mapping[str, ThemeCode]:
    words, manager = read_words("themes"), scene.people.staff.manager
    codes = {
        line["name"]: add_theme_code(
            scene.call,
            name=line["name"],
            meaning=line["meaning"],
            example=line["example"],
            actor=manager,
            now=now,
        )
        for line in words["codes"]
    }
    old = words["merged"]
    early = add_theme_code(
        scene.call, name=old["name"], meaning=old["meaning"], example="", actor=manager, now=now
    )
    merge_theme_code(early, codes[old["into"]], reason=old["reason"], actor=manager, now=now)
    return codes


def _read(
    told: ToldText, codes: Mapping[str, ThemeCode], reader: User, now: datetime, also: str = ""
) -> CodedText:
    coded = begin_reading(told, actor=reader, now=now)
    for line in read_words("themes")["codes"]:
        for words in line["words"]:
            if words in told.text:
                mark_passage(coded, [codes[line["name"]]], words, actor=reader, now=now)
    if also:
        mark_passage(coded, [codes[also]], "", actor=reader, now=now)
    finish_reading(coded, actor=reader, now=now)
    return coded
