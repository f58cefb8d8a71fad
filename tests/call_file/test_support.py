"""The help that a call offers besides money: read, checked, written again, and named by points."""

from __future__ import annotations

import dataclasses
from datetime import date

import pytest

from fundapp.call_file import to_data
from fundapp.call_file.check import problems_of
from fundapp.call_file.codesign import ReferenceKind
from fundapp.call_file.edit import find, path_of
from fundapp.call_file.proposable import find_proposable
from fundapp.call_file.shipped import reference_call, shaped_call
from fundapp.call_file.support import SupportOffer
from fundapp.call_file.texts import units_of
from fundapp.queries.codesign import parts_of


def with_offer(**changes: object):
    call = reference_call()
    offer = dataclasses.replace(call.support[0], **changes)
    return dataclasses.replace(call, support=(offer, *call.support[1:]))


def messages(call: object) -> list[tuple[tuple[object, ...], str]]:
    return [(problem.path, problem.words) for problem in problems_of(call)]


def test_the_call_that_ships_offers_help_in_all_its_languages():
    call = reference_call()

    assert [offer.key for offer in call.support] == [
        "help_session",
        "writing_help",
        "interpreter",
        "child_care",
    ]
    for offer in call.support:
        for text in (offer.title, offer.what, offer.how):
            assert set(text.languages) == set(call.languages)


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"opens": date(2027, 5, 2), "ends": date(2027, 5, 1)}, ("support", 0, "ends")),
        ({"languages": ("en", "Klingon")}, ("support", 0, "languages", 1)),
    ],
)
def test_impossible_offer_is_a_problem_at_its_place(changes, path):
    assert [found for found, _words in messages(with_offer(**changes))] == [path]


def test_one_day_is_enough():
    assert messages(with_offer(opens=date(2027, 5, 1), ends=date(2027, 5, 1))) == []


def test_a_point_that_changed_help_names_it_and_is_found_from_there():
    call = shaped_call()

    (point,) = call.points_behind("support:writing_help")

    assert "support:help_session" in point.changed
    labels = {part.reference: part for part in parts_of(call)}
    assert labels["support:writing_help"].kind is ReferenceKind.SUPPORT
    assert (
        labels["support:writing_help"].label == next(o for o in call.support if o.key == "writing_help").title
    )


def test_help_that_is_gone_but_named_by_a_point_is_a_problem():
    call = dataclasses.replace(shaped_call(), support=())

    assert [path[:2] for path, words in messages(call) if "support" in words] == [("codesign", "points")] * 2


def test_help_has_a_place_texts_to_translate_and_wordings_to_propose():
    content = to_data(reference_call())
    path = path_of(content, "support:child_care")

    assert find(content, (*path, "title"))["en"] == "Child care"
    units = {unit.id for unit in units_of(content)}
    assert {f"support:child_care/{name}" for name in ("title", "what", "how")} <= units
    assert find_proposable(content, "support:child_care", "how") is not None


def test_a_call_may_offer_nothing():
    call = dataclasses.replace(reference_call(), support=())

    assert messages(call) == []
    assert "support" not in to_data(call)
    assert SupportOffer.__dataclass_fields__["languages"].default == ()
