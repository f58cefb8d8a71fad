"""Small closed language for "only if …": data, checked and evaluated without eval."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum

from forms.i18n import _
from forms.wrong_data import DataPath, Problem, WrongData

MOST_LEVELS = 8


class Operator(StrEnum):
    ALL = "all"
    ANY = "any"
    NOT = "not"
    EQUALS = "eq"
    IN = "in"
    BELOW = "lt"
    AT_LEAST = "gte"
    ANSWERED = "answered"


@dataclass(frozen=True)
class Condition:
    """ALL, ANY and NOT have `parts`; the others have a `fact` (question key or fact name) and `values`."""

    operator: Operator
    parts: tuple[Condition, ...] = ()
    fact: str = ""
    values: tuple[str, ...] = ()


def evaluate(condition: Condition, facts: Mapping[str, object]) -> bool:
    """A fact we do not know counts as not answered, and every comparison with it is false."""
    match condition.operator:
        case Operator.ALL:
            return all(evaluate(part, facts) for part in condition.parts)
        case Operator.ANY:
            return any(evaluate(part, facts) for part in condition.parts)
        case Operator.NOT:
            return not any(evaluate(part, facts) for part in condition.parts)
    value = facts.get(condition.fact)
    if not is_answered(value):
        return False
    match condition.operator:
        case Operator.EQUALS | Operator.IN:
            return any(_equals(value, wanted) for wanted in condition.values)
        case Operator.BELOW | Operator.AT_LEAST:
            number, limit = _number(value), _number(condition.values[0])
            if number is None or limit is None:
                return False
            return (number < limit) is (condition.operator is Operator.BELOW)
    return True  # ANSWERED


def facts_used(condition: Condition) -> frozenset[str]:
    """Question keys and fact names a condition looks at."""
    own = frozenset({condition.fact}) if condition.fact else frozenset[str]()
    return own.union(*(facts_used(part) for part in condition.parts))


def is_answered(value: object) -> bool:
    if isinstance(value, str):
        return bool(value.strip())
    if isinstance(value, tuple | list | set | frozenset):
        return bool(value)
    return value is not None


def load(data: object, path: DataPath = ()) -> Condition:
    """From plain data such as `{"all": [{"eq": ["E8", "all"]}, {"answered": "Q1"}]}`. Raises WrongData."""
    errors: list[Problem] = []
    condition = _load(data, path, errors)
    if errors or condition is None:
        raise WrongData(errors)
    return condition


def dump(condition: Condition) -> dict[str, object]:
    operator = condition.operator.value
    match condition.operator:
        case Operator.ALL | Operator.ANY:
            return {operator: [dump(part) for part in condition.parts]}
        case Operator.NOT:
            return {operator: dump(condition.parts[0])}
        case Operator.ANSWERED:
            return {operator: condition.fact}
    return {operator: [condition.fact, *condition.values]}


def _equals(value: object, wanted: str) -> bool:
    if isinstance(value, tuple | list | set | frozenset):
        return any(_equals(part, wanted) for part in value)
    if isinstance(value, bool):
        return wanted == ("yes" if value else "no")
    if isinstance(value, int | Decimal):
        return _number(wanted) == value
    return str(value) == wanted


def _number(value: object) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
        return None
    try:
        number = Decimal(value)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _load(data: object, path: DataPath, errors: list[Problem], level: int = 1) -> Condition | None:
    if level > MOST_LEVELS:
        errors.append((path, _("This condition has too many levels. Use at most %(n)s.", n=MOST_LEVELS)))
        return None
    if not isinstance(data, Mapping) or len(data) != 1:
        errors.append((path, _("Write one condition here, for example {eq: [E8, all]}.")))
        return None
    ((name, content),) = data.items()
    try:
        operator = Operator(name)
    except ValueError:
        known = ", ".join(Operator)
        message = _("“%(name)s” is not a condition. Use one of: %(known)s.", name=name, known=known)
        errors.append((path, message))
        return None
    inner = (*path, operator.value)
    match operator:
        case Operator.ALL | Operator.ANY:
            return _load_group(operator, content, inner, errors, level)
        case Operator.NOT:
            part = _load(content, inner, errors, level + 1)
            return Condition(operator, parts=(part,)) if part else None
        case Operator.ANSWERED:
            fact = _load_fact(content, inner, errors)
            return Condition(operator, fact=fact) if fact else None
    return _load_comparison(operator, content, inner, errors)


def _load_group(
    operator: Operator, content: object, path: DataPath, errors: list[Problem], level: int
) -> Condition | None:
    if not isinstance(content, list | tuple) or not content:
        errors.append((path, _("Write a list of one or more conditions here.")))
        return None
    parts = [_load(part, (*path, index), errors, level + 1) for index, part in enumerate(content)]
    return Condition(operator, parts=tuple(part for part in parts if part is not None))


def _load_comparison(
    operator: Operator, content: object, path: DataPath, errors: list[Problem]
) -> Condition | None:
    if not isinstance(content, list | tuple) or len(content) < 2:
        errors.append((path, _("Write a list: first the question or fact, then what to compare it with.")))
        return None
    fact = _load_fact(content[0], (*path, 0), errors)
    values = [_load_value(value, (*path, n), errors) for n, value in enumerate(content[1:], start=1)]
    if operator is not Operator.IN and len(values) > 1:
        errors.append((path, _("Compare with one value only, or use “in” for a list of values.")))
    if operator in (Operator.BELOW, Operator.AT_LEAST) and values[0] and _number(values[0]) is None:
        errors.append(((*path, 1), _("Write a number here, for example 10000.")))
    return Condition(operator, fact=fact or "", values=tuple(value or "" for value in values))


def _load_fact(data: object, path: DataPath, errors: list[Problem]) -> str | None:
    if isinstance(data, str) and data.strip():
        return data
    errors.append((path, _("Write the key of a question or the name of a fact, for example E8.")))
    return None


def _load_value(data: object, path: DataPath, errors: list[Problem]) -> str | None:
    if isinstance(data, bool):  # YAML reads a bare yes or no as true or false
        return "yes" if data else "no"
    if isinstance(data, int):
        return str(data)
    if isinstance(data, str) and data:
        return data
    errors.append((path, _("Write a word or a whole number here.")))
    return None
