"""Whether a ring-fence will find enough groups: nothing is promised that was not sent."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.outlook import Outlook, Window, prospect
from scoring.records import InvalidInput

MONTH = 30
PENCE = st.integers(0, 10**9)


@pytest.mark.parametrize(
    ("sent", "drafts", "day", "outlook", "projected"),
    [
        (100, 0, 1, Outlook.ENOUGH, None),
        (99, 0, 7, Outlook.TOO_EARLY, None),
        (99, 1, 7, Outlook.DRAFTS_DECIDE, None),
        (20, 14, 10, Outlook.PACE, 102),
        (20, 13, 10, Outlook.SHORT, 99),
        (0, 0, 8, Outlook.SHORT, 0),
        (99, 0, 30, Outlook.SHORT, 99),
    ],
)
def test_outlook_while_groups_can_start(
    sent: int, drafts: int, day: int, outlook: Outlook, projected: int | None
) -> None:
    found = prospect(100, sent, drafts, Window(day, MONTH))

    assert (found.outlook, found.projected) == (outlook, projected)


@pytest.mark.parametrize(
    ("sent", "drafts", "outlook", "short"),
    [
        (100, 0, Outlook.ENOUGH, 0),
        (60, 40, Outlook.DRAFTS_DECIDE, 0),
        (60, 39, Outlook.SHORT, 1),
    ],
)
def test_outlook_once_nobody_can_start(sent: int, drafts: int, outlook: Outlook, short: int) -> None:
    found = prospect(100, sent, drafts, Window(1, MONTH, can_start=False))

    assert (found.outlook, found.projected, found.short) == (outlook, None, short)


@given(needed=PENCE, sent=PENCE, drafts=PENCE, more=PENCE, day=st.integers(0, MONTH), can_start=st.booleans())
def test_enough_is_said_only_of_what_is_sent_and_more_never_makes_it_worse(
    needed: int, sent: int, drafts: int, more: int, day: int, can_start: bool
) -> None:
    order = [Outlook.SHORT, Outlook.TOO_EARLY, Outlook.PACE, Outlook.DRAFTS_DECIDE, Outlook.ENOUGH]
    window = Window(day, MONTH, can_start)
    found, with_more = prospect(needed, sent, drafts, window), prospect(needed, sent + more, drafts, window)

    assert (found.outlook is Outlook.ENOUGH) == (sent >= needed)
    assert order.index(with_more.outlook) >= order.index(found.outlook)


def test_window_without_length_is_refused() -> None:
    with pytest.raises(InvalidInput):
        Window(0, 0)
    with pytest.raises(InvalidInput):
        Window(31, 30)
