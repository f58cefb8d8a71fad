"""What looks like a place or a person one could find is seen; sums, dates and codes of everyday are not."""

from __future__ import annotations

import pytest

from forms.private_details import MOST_SHOWN, DetailKind, PrivateDetail, private_details
from tests.forms.private_texts import negatives, positives

RECALL, FALSE_ALARMS = 0.95, 0.05


def test_detector_sees_nineteen_of_twenty_details_of_each_kind() -> None:
    texts = positives()
    missed = {kind: [] for kind in DetailKind}
    for kind, text in texts:
        if DetailKind(kind) not in {found.kind for found in private_details(text)}:
            missed[DetailKind(kind)].append(text)

    assert len(texts) == 500
    assert {kind: found for kind, found in missed.items() if len(found) > 125 * (1 - RECALL)} == {}


def test_detector_is_wrong_on_one_in_twenty_other_texts_at_most() -> None:
    texts = negatives()

    wrong = [(text, private_details(text)) for text in texts if private_details(text)]

    assert len(texts) == 500
    assert len(wrong) <= 500 * FALSE_ALARMS, wrong


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", []),
        ("we are in e8 1ab, hackney", [(DetailKind.POSTCODE, "e8 1ab")]),
        ("Her NI is qq 12 34 56 c.", [(DetailKind.NATIONAL_INSURANCE, "qq 12 34 56 c")]),
        ("JG 10 30 59 A", [(DetailKind.NATIONAL_INSURANCE, "JG 10 30 59 A")]),
        ("هاتفها ٠٧٧٠٠ ٩٠٠١٢٣ من فضلك", [(DetailKind.PHONE, "٠٧٧٠٠ ٩٠٠١٢٣")]),
        ("E8\u200e 1AB", [(DetailKind.POSTCODE, "E8\u200e 1AB")]),
        ("3434-1234-5678-9012", [(DetailKind.CASE_NUMBER, "3434-1234-5678-9012")]),
        ("E8 1AB and E8 1AB", [(DetailKind.POSTCODE, "E8 1AB")]),
    ],
)
def test_detail_is_shown_as_it_was_written(text: str, found: list[tuple[DetailKind, str]]) -> None:
    assert private_details(text) == [PrivateDetail(kind, written) for kind, written in found]


def test_long_list_is_cut() -> None:
    text = " ".join(f"E{number} 1AB" for number in range(1, 10))

    assert len(private_details(text)) == MOST_SHOWN


@pytest.mark.parametrize("part", ["0", "0 ", "+(", "A1", "CALL ", "1-", "AB1 ", "NI ", "E8 1", "\u200f"])
def test_hostile_text_holds_nothing_and_ends(part: str) -> None:
    assert private_details(part * 10_000) == []
