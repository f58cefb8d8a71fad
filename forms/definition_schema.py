"""A form definition from and to plain data. `load_definition(dump_definition(d)) == d`."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from marshmallow import ValidationError

from forms.definition import (
    Choice,
    EntryPart,
    FileType,
    FormDefinition,
    PartKind,
    Question,
    QuestionKind,
    Section,
    Stage,
    UsedFor,
)
from forms.definition_check import PlacedQuestion, form_problems, question_problems, repeated_keys
from forms.schema_fields import ConditionField, Key, OneOf, Text, WholeNumber, YesNo
from forms.strict_schema import Items, Part, StrictSchema, problems_of
from forms.wrong_data import DataPath, Problem, WrongData


class ChoiceSchema(StrictSchema):
    key = Key(required=True)
    label = Text(required=True)


class EntryPartSchema(StrictSchema):
    key = Key(required=True)
    kind = OneOf(PartKind, required=True)
    label = Text(required=True)
    choices = Items(Part(ChoiceSchema(), Choice))
    max_words = WholeNumber()
    optional = YesNo(usual=False)


class QuestionSchema(StrictSchema):
    key = Key(required=True)
    kind = OneOf(QuestionKind, required=True)
    label = Text(required=True)
    why_we_ask = Text(required=True)
    help_text = Text()
    choices = Items(Part(ChoiceSchema(), Choice))
    max_words = WholeNumber()
    max_minutes = WholeNumber()
    max_rows = WholeNumber()
    min_rows = WholeNumber()
    parts = Items(Part(EntryPartSchema(), EntryPart))
    file_types = Items(OneOf(FileType))
    required = YesNo(usual=True)
    ask_if = ConditionField()
    criteria = Items(Key())
    copied_from = Key()
    carries = Key()
    used_for = Items(OneOf(UsedFor))


class SectionSchema(StrictSchema):
    key = Key(required=True)
    stage = OneOf(Stage, required=True)
    title = Text(required=True)
    questions = Items(Part(QuestionSchema(), Question), required=True)
    about_safety = YesNo(usual=False)


class DefinitionSchema(StrictSchema):
    sections = Items(Part(SectionSchema(), Section), required=True)


def load_definition(data: object, other_facts: Collection[str] = ()) -> FormDefinition:
    """Raises WrongData with every error. Conditions may use `other_facts` besides the form's questions."""
    together = [*_repeated_sections(data), *form_problems(_placed_questions(data), other_facts)]
    try:
        definition = FormDefinition(**load_with(DefinitionSchema(), data))
    except WrongData as error:
        raise WrongData([*error.errors, *together]) from error
    if together:
        raise WrongData(together)
    return definition


def dump_definition(definition: FormDefinition) -> dict[str, Any]:
    dumped: dict[str, Any] = DefinitionSchema().dump(definition)
    return dumped


def load_question(data: object) -> Question:
    """One question outside a form, for example of a check-in. Raises WrongData."""
    question = Question(**load_with(QuestionSchema(), data))
    if errors := question_problems(question, ()):
        raise WrongData(errors)
    return question


def dump_question(question: Question) -> dict[str, Any]:
    dumped: dict[str, Any] = QuestionSchema().dump(question)
    return dumped


def load_with(schema: StrictSchema, data: object) -> dict[str, Any]:
    """The loaded parts, or WrongData with a flat list of errors."""
    try:
        loaded: dict[str, Any] = schema.load(data if isinstance(data, Mapping) else None)  # type: ignore[arg-type]
    except ValidationError as error:
        raise WrongData(problems_of(error.messages)) from error
    return loaded


def placed_question(raw: Mapping[object, object], path: DataPath, stage: Stage | None) -> PlacedQuestion:
    """What can be known of a question that may be wrong in parts."""
    key = raw.get("key")
    try:
        question = Question(**load_with(QuestionSchema(), raw))
    except WrongData:
        question = None
    return PlacedQuestion(path, stage, key if isinstance(key, str) else None, question)


def _placed_questions(data: object) -> list[PlacedQuestion]:
    return [
        placed_question(raw, ("sections", index, "questions", number), _stage(section))
        for index, section in _sections(data)
        for number, raw in mappings_in(section.get("questions"))
    ]


def _repeated_sections(data: object) -> list[Problem]:
    keys = [(("sections", index), section.get("key")) for index, section in _sections(data)]
    return repeated_keys([(path, key) for path, key in keys if isinstance(key, str)])


def _sections(data: object) -> Iterator[tuple[int, Mapping[object, object]]]:
    return mappings_in(data.get("sections") if isinstance(data, Mapping) else None)


def mappings_in(data: object) -> Iterator[tuple[int, Mapping[object, object]]]:
    """The items of a list that are mappings, with their places."""
    if isinstance(data, list | tuple):
        yield from ((number, each) for number, each in enumerate(data) if isinstance(each, Mapping))


def _stage(section: Mapping[object, object]) -> Stage | None:
    return next((stage for stage in Stage if stage == section.get("stage")), None)
