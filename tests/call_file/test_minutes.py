"""The minutes of a whole form, against what the call promises and the size of its grants."""

from __future__ import annotations

import dataclasses
from decimal import Decimal

from forms.burden import minutes_for_questions
from forms.definition import Stage
from fundapp.call_file.minutes import asked_in, minutes_by_stage, minutes_by_strand
from fundapp.call_file.shipped import reference_call

CALL = reference_call()


def with_burden(**changes):
    return dataclasses.replace(CALL, burden=dataclasses.replace(CALL.burden, **changes))


def test_stages_are_set_against_the_hours_of_the_call():
    eoi, full = minutes_by_stage(CALL)

    assert (eoi.stage, eoi.budget, full.stage, full.budget) == (Stage.EOI, 60, Stage.FULL, 360)
    assert set(eoi.by_language) == {"en", "es", "ar", "uk"}
    assert full.by_language["en"] == minutes_for_questions(CALL.form.questions(Stage.FULL), "en")
    assert full.over == max(full.by_language.values()) - 360 < 0


def test_a_short_promise_is_seen_to_be_broken():
    eoi, _full = minutes_by_stage(with_burden(eoi_hours=Decimal("0.1")))

    assert (eoi.budget, eoi.over) == (6, eoi.minutes - 6)
    assert eoi.over > 0


def test_partners_are_asked_for_in_the_partnership_strand_only():
    keys = {strand.key: {question.key for question in asked_in(CALL, strand)} for strand in CALL.strands}

    assert keys["B"] - keys["A"] == {"Q11_shares"}
    assert keys["A"] == keys["C"]


def test_the_smallest_grant_sets_the_minutes():
    by_strand = {each.strand.key: each for each in minutes_by_strand(with_burden(most_percent=Decimal(3)))}

    # 3 % of £5,000 is £150, of which £115 pay 420 minutes
    assert by_strand["C"].budget == 547
    assert by_strand["A"].budget == 6 * 547 + 4
    assert by_strand["B"].minutes > by_strand["A"].minutes == by_strand["C"].minutes
    assert by_strand["C"].percent == CALL.burden.percent_of(
        Decimal(by_strand["C"].minutes) / 60, Decimal(5000)
    )


def test_without_a_share_there_is_no_limit_by_size():
    assert {each.over for each in minutes_by_strand(with_burden(most_percent=None))} == {None}
