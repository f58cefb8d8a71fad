"""A place holder for what could not be read, so that all other checks of the file can still run.

Whoever uses the value is stopped; nobody can mistake it for a real one. It never leaves this package:
a call with problems is not handed out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any, NoReturn, ParamSpec

from fundapp.call_file.problems import Problem

Asked = ParamSpec("Asked")


class NotRead(Exception):
    """The check needs a value that could not be read. That problem is noted already."""


class _Unread:
    def _stop(self, *_args: object) -> NoReturn:
        raise NotRead

    __getattr__ = _stop
    __bool__ = __eq__ = __ne__ = __hash__ = _stop
    __lt__ = __le__ = __gt__ = __ge__ = _stop
    __iter__ = __len__ = __getitem__ = __contains__ = _stop
    __str__ = __format__ = __int__ = __float__ = __index__ = _stop
    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __truediv__ = __rtruediv__ = _stop


UNREAD: Any = _Unread()


def is_read(value: object) -> bool:
    return value is not UNREAD


def as_far_as_read(check: Callable[Asked, Iterator[Problem]]) -> Callable[Asked, Iterator[Problem]]:
    """For checks: what is found before a value that could not be read counts, the rest is left out."""

    @wraps(check)
    def checked(*args: Asked.args, **kwargs: Asked.kwargs) -> Iterator[Problem]:
        try:
            yield from check(*args, **kwargs)
        except NotRead:
            return

    return checked
