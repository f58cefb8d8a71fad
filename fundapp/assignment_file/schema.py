"""What an assignment file may hold. Names that nobody knows are errors."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, fields, validate

from fundapp.plain_file import Name, Strict, is_name
from scoring.readers import Aim

MOST_APPLICATIONS = 50_000
MOST_READERS = 5_000
MOST_EACH = 100
MOST_READINGS = 100_000
MOST_FIT = 1_000_000


class Whole(fields.Integer):
    """A whole number that says between what."""

    def __init__(self, least: int, most: int, **more: Any) -> None:
        said = f"Write a whole number from {least} to {most}."
        super().__init__(
            strict=True,
            validate=validate.Range(least, most, error=said),
            error_messages={"invalid": said, "null": said, "too_large": said},
            **more,
        )


class YesNo(fields.Boolean):
    def __init__(self, **more: Any) -> None:
        said = "Write true or false."
        super().__init__(truthy={1}, falsy={0}, error_messages={"invalid": said, "null": said}, **more)


def names(**more: Any) -> fields.List[str]:
    return fields.List(Name(), error_messages={"invalid": "Write a list of names."}, **more)


class Pair(fields.Field[tuple[str, str]]):
    """[application, reader]"""

    default_error_messages = {"invalid": "Write the ids of an application and a reader: [1, 4]."}  # noqa: RUF012

    def _deserialize(self, value: Any, *_args: Any, **_kwargs: Any) -> tuple[str, str]:
        if not isinstance(value, list) or len(value) != 2 or not all(map(is_name, value)):
            raise self.make_error("invalid")
        return str(value[0]), str(value[1])


class Fit(fields.Field[tuple[str, str, int]]):
    """[application, reader, how well they fit]"""

    default_error_messages = {  # noqa: RUF012
        "invalid": f"Write an application, a reader and a whole number from 0 to {MOST_FIT}: [1, 4, 700]."
    }

    def _deserialize(self, value: Any, *_args: Any, **_kwargs: Any) -> tuple[str, str, int]:
        if not isinstance(value, list) or len(value) != 3:
            raise self.make_error("invalid")
        application, reader, fit = value
        if not (is_name(application) and is_name(reader) and is_fit(fit)):
            raise self.make_error("invalid")
        return str(application), str(reader), fit


class Table(fields.Field[list[list[int]]]):
    """A row for each application, a whole number for each reader."""

    default_error_messages = {"invalid": "Write a list of rows, one for each application."}  # noqa: RUF012

    def _deserialize(self, value: Any, *_args: Any, **_kwargs: Any) -> list[list[int]]:
        if not isinstance(value, list) or len(value) > MOST_APPLICATIONS:
            raise self.make_error("invalid")
        wrong = {at: said for at, row in enumerate(value) if (said := _wrong_in(row))}
        if wrong:
            raise ValidationError(wrong)
        return value


def _wrong_in(row: Any) -> Mapping[int, list[str]] | list[str]:
    if not isinstance(row, list) or len(row) > MOST_READERS:
        return ["Write a list of numbers, one for each reader."]
    said = f"Write a whole number from 0 to {MOST_FIT}."
    return {at: [said] for at, one in enumerate(row) if not is_fit(one)}


def is_fit(value: Any) -> bool:
    return type(value) is int and 0 <= value <= MOST_FIT


def own_id() -> Name:
    return Name(required=True, error_messages={"required": "Write an id, a short text or a number."})


def seats() -> fields.Dict:
    return fields.Dict(
        keys=Name(),
        values=Whole(0, MOST_EACH),
        load_default=dict,
        error_messages={"invalid": 'Write the seat and how many readers it needs: {{"umbrella": 1}}.'},
    )


class ApplicationSchema(Strict):
    id = own_id()
    language = Name(allow_none=True, load_default=None)
    seats = seats()


class ReaderSchema(Strict):
    id = own_id()
    most = Whole(0, MOST_READINGS)
    least = Whole(0, MOST_READINGS)
    languages = names(load_default=list)
    lived_experience = YesNo(load_default=False)
    seats = names(load_default=list)
    is_new = YesNo(load_default=False)


class AssignmentFileSchema(Strict):
    id = Name(load_default="")
    seat_rule = fields.String()
    expected = fields.Raw()
    readers_each = Whole(1, MOST_EACH)
    reviews_per_application = Whole(1, MOST_EACH)
    load_max = Whole(0, MOST_READINGS)
    load_min = Whole(0, MOST_READINGS, load_default=0)
    affinity = Table()
    fit = fields.List(Fit())
    conflicts = fields.List(Pair(), load_default=list)
    locked = fields.List(Pair(), load_default=list)
    seats = seats()
    new_with_experienced = YesNo(load_default=False)
    aim = fields.Enum(
        Aim,
        by_value=True,
        load_default=Aim.WORST_THEN_SUM,
        error_messages={"unknown": "Write “worst_then_sum” or “sum”."},
    )
    applications = fields.List(
        fields.Nested(ApplicationSchema), validate=validate.Length(max=MOST_APPLICATIONS)
    )
    readers = fields.List(fields.Nested(ReaderSchema), validate=validate.Length(max=MOST_READERS))
    # the short form: a list in the order of the rows or columns of the table
    language = names()
    lived_experience = fields.List(YesNo())
    speaks = fields.List(names())
