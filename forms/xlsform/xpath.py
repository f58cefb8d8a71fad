"""Our conditions as the XPath of XLSForm, and back. Only what our conditions can say is taken."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from forms.conditions import MOST_LEVELS, Condition, Operator
from forms.i18n import _

_TOKEN = re.compile(
    r"""\s*(?:
        (?P<fact>\$\{[^{}\s]+\})
      | (?P<text>'[^']*'|"[^"]*")
      | (?P<number>-?\d+(?:\.\d+)?)
      | (?P<name>[A-Za-z][A-Za-z-]*)
      | (?P<sign><=|>=|!=|[=<>(),])
    )""",
    re.VERBOSE | re.ASCII,
)
EXAMPLE = "${E8} = 'all' and not(selected(${Q2}, 'other'))"
LONGEST = 5_000
LONGEST_NUMBER = 40


class NotOurXPath(ValueError):
    """What to write instead is in `message`."""

    def __init__(self, message: str) -> None:
        self.message = message
        super().__init__(str(message))


COUNTED = re.compile(r"\bcount\(\s*\$\{([^{}\s]+)\}\s*\)")


def to_xpath(condition: Condition, several: Collection[str] = (), counted: Collection[str] = ()) -> str:
    """`several`: questions of which many choices can be ticked; they are asked with selected().

    `counted`: lists, whose entries are counted.
    """
    return _written(_simple(condition), _Asked(several, counted))


def counted_in(text: str) -> list[str]:
    """Of which questions this XPath counts the entries."""
    return COUNTED.findall(text)


@dataclass(frozen=True)
class _Asked:
    several: Collection[str]
    counted: Collection[str]

    def fact(self, key: str) -> str:
        return f"count(${{{key}}})" if key in self.counted else f"${{{key}}}"


def _simple(condition: Condition) -> Condition:
    """The same meaning in one way of writing: no group of one part, no list of one value."""
    parts = tuple(_simple(part) for part in condition.parts)
    if condition.operator in (Operator.ALL, Operator.ANY) and len(parts) == 1:
        return parts[0]
    if condition.operator is Operator.IN and len(condition.values) == 1:
        return Condition(Operator.EQUALS, fact=condition.fact, values=condition.values)
    if condition.operator is Operator.ANY and _compares_one_fact(parts):
        values = tuple(part.values[0] for part in parts)
        return Condition(Operator.IN, fact=parts[0].fact, values=values)
    return Condition(condition.operator, parts, condition.fact, condition.values)


def _compares_one_fact(parts: tuple[Condition, ...]) -> bool:
    return len({part.fact for part in parts}) == 1 and all(part.operator is Operator.EQUALS for part in parts)


def _written(condition: Condition, asked: _Asked) -> str:
    match condition.operator:
        case Operator.ALL | Operator.ANY:
            word = " and " if condition.operator is Operator.ALL else " or "
            return word.join(_inside(part, asked) for part in condition.parts)
        case Operator.NOT:
            return f"not({_written(condition.parts[0], asked)})"
        case Operator.ANSWERED:
            nothing = "0" if condition.fact in asked.counted else "''"
            return f"{asked.fact(condition.fact)} != {nothing}"
        case Operator.BELOW:
            return f"{asked.fact(condition.fact)} < {_number(condition.values[0])}"
        case Operator.AT_LEAST:
            return f"{asked.fact(condition.fact)} >= {_number(condition.values[0])}"
    return " or ".join(_equals(condition.fact, value, asked) for value in condition.values)


def _inside(part: Condition, asked: _Asked) -> str:
    text = _written(part, asked)
    is_list = part.operator in (Operator.ALL, Operator.ANY, Operator.IN)
    return f"({text})" if is_list else text


def _equals(fact: str, value: str, asked: _Asked) -> str:
    quoted = _quoted(value)
    return f"selected(${{{fact}}}, {quoted})" if fact in asked.several else f"{asked.fact(fact)} = {quoted}"


def _quoted(value: str) -> str:
    if "'" not in value:
        return f"'{value}'"
    if '"' not in value:
        return f'"{value}"'
    pieces = re.split("(')", value)
    return f"concat({', '.join(_quoted(piece) for piece in pieces if piece)})"


def _number(value: str) -> str:
    try:
        number = Decimal(value)
    except InvalidOperation:
        return value
    return format(number, "f") if abs(number.adjusted()) < LONGEST_NUMBER else value


def from_xpath(text: str) -> Condition:
    """Raises NotOurXPath."""
    if len(text) > LONGEST:
        raise NotOurXPath(_("This condition is too long."))
    reader = _Reader(list(_tokens(text)))
    condition = reader.any_of(1)
    if not reader.is_done:
        raise _unknown(reader.peek()[1])
    return _simple(condition)


def _tokens(text: str) -> Iterator[tuple[str, str]]:
    place = 0
    text = text.rstrip()
    while place < len(text):
        found = _TOKEN.match(text, place)
        if found is None:
            raise _unknown(text[place:].strip()[:20])
        place = found.end()
        kind = str(found.lastgroup)
        yield kind, found.group(kind)


def _unknown(what: str) -> NotOurXPath:
    return NotOurXPath(
        _(
            "“%(what)s” cannot stand in a condition here. Conditions look like this: %(example)s",
            what=what or "…",
            example=EXAMPLE,
        )
    )


class _Reader:
    """Goes through the words of one condition: or, then and, then single comparisons."""

    def __init__(self, tokens: list[tuple[str, str]]) -> None:
        self._tokens = tokens
        self._place = 0

    @property
    def is_done(self) -> bool:
        return self._place >= len(self._tokens)

    def peek(self) -> tuple[str, str]:
        return ("end", "") if self.is_done else self._tokens[self._place]

    def any_of(self, level: int) -> Condition:
        if level > MOST_LEVELS:
            raise NotOurXPath(_("This condition has too many levels. Use at most %(n)s.", n=MOST_LEVELS))
        parts = [self.all_of(level)]
        while self._took("name", "or"):
            parts.append(self.all_of(level))
        return parts[0] if len(parts) == 1 else Condition(Operator.ANY, tuple(parts))

    def all_of(self, level: int) -> Condition:
        parts = [self.one(level)]
        while self._took("name", "and"):
            parts.append(self.one(level))
        return parts[0] if len(parts) == 1 else Condition(Operator.ALL, tuple(parts))

    def one(self, level: int) -> Condition:
        if self._took("sign", "("):
            inner = self.any_of(level + 1)
            self._need("sign", ")")
            return inner
        if self._took("name", "not"):
            self._need("sign", "(")
            inner = self.any_of(level + 1)
            self._need("sign", ")")
            return Condition(Operator.NOT, (inner,))
        if self._took("name", "selected"):
            self._need("sign", "(")
            fact = self._need("fact")[2:-1]
            self._need("sign", ",")
            value = self._text()
            self._need("sign", ")")
            if not value:
                raise _unknown("''")
            return Condition(Operator.EQUALS, fact=fact, values=(value,))
        if self._took("name", "count"):
            self._need("sign", "(")
            fact = self._need("fact")[2:-1]
            self._need("sign", ")")
            return self._comparison(fact, nothing="0")
        return self._comparison(self._need("fact")[2:-1])

    def _comparison(self, fact: str, nothing: str = "") -> Condition:
        """`nothing` is what an empty answer is compared with: no text, or no entries."""
        sign = self._need("sign")
        if sign in ("<", ">="):
            operator = Operator.BELOW if sign == "<" else Operator.AT_LEAST
            return Condition(operator, fact=fact, values=(self._need("number"),))
        if sign not in ("=", "!="):
            raise _unknown(sign)
        is_number = self.peek()[0] == "number"
        value = self._need("number") if is_number else self._text()
        if value == nothing and is_number is bool(nothing):
            answered = Condition(Operator.ANSWERED, fact=fact)
            return answered if sign == "!=" else Condition(Operator.NOT, (answered,))
        if not value:
            raise _unknown("''")
        equals = Condition(Operator.EQUALS, fact=fact, values=(value,))
        return equals if sign == "=" else Condition(Operator.NOT, (equals,))

    def _text(self) -> str:
        if not self._took("name", "concat"):
            return self._need("text")[1:-1]
        self._need("sign", "(")
        pieces = [self._need("text")[1:-1]]
        while self._took("sign", ","):
            pieces.append(self._need("text")[1:-1])
        self._need("sign", ")")
        return "".join(pieces)

    def _took(self, kind: str, what: str) -> bool:
        if self.peek() != (kind, what):
            return False
        self._place += 1
        return True

    def _need(self, kind: str, what: str | None = None) -> str:
        found, text = self.peek()
        if found != kind or (what is not None and text != what):
            raise _unknown(text)
        self._place += 1
        return text
