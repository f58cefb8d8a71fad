"""One class per broken rule of the fund; views put them into words."""

from __future__ import annotations


class FundError(Exception):
    """A rule of the fund that was not kept. `code` picks the message a person reads."""

    code = "fund_error"
    status = 409


class NotPossibleNow(FundError):
    """The step exists, but not from the state the thing is in."""

    code = "not_possible_now"


class StaleVersion(FundError):
    """Somebody else saved first; nothing was overwritten."""

    code = "stale_version"


def check_seen(seen: object | None, standing: object) -> None:
    """`seen`: what stood on the page of whoever writes; None where it does not say. Raises StaleVersion."""
    if seen is not None and seen != standing:
        raise StaleVersion


class NotAllowed(FundError):
    """The person is known and may not do this."""

    code = "not_allowed"
    status = 403


class TooManyTries(FundError):
    """A limit on tries was reached; `retry_after` is in seconds."""

    code = "too_many_tries"
    status = 429

    def __init__(self, retry_after: int) -> None:
        super().__init__(f"try again in {retry_after} seconds")
        self.retry_after = retry_after
