"""The panel's draw as the fund runs it: fixed, repeated, the next one by the same rule, then forgotten."""

from __future__ import annotations

import hashlib
import json

import pytest
from click.testing import CliRunner

from fundapp.call_file.assessment import SeatQuota
from fundapp.cli.commands import main
from fundapp.clock import utcnow
from fundapp.db import db
from fundapp.errors import NotPossibleNow
from fundapp.lifecycles import CandidateStatus
from fundapp.models.message import OutboxJob
from fundapp.models.panel import SeatKind
from fundapp.models.recruitment import PanelCandidate
from fundapp.panel_draw_file.check import NotADraw, check_draw
from fundapp.panel_draw_file.parts import digest_of
from fundapp.queries.recruitment import list_candidates, public_file
from fundapp.services.clarifications import TextNeeded
from fundapp.services.panel_draws import (
    CallNotPublished,
    QuotasCannotHold,
    SeatIsHeld,
    TooFewCandidates,
    announce_draw,
    change_quotas,
    draw_panel,
    fix_pool,
    give_seat,
    leave_seat,
    refuse_seat,
)
from fundapp.services.panels import remove_seat
from fundapp.services.recruitment import (
    TELL_DRAWN,
    NewCandidate,
    NotReachable,
    OffersClosed,
    accept_seat,
    forget_candidates,
    forget_old_candidates,
    offer,
    take_offer_back,
)
from tests.factories import CallFactory, PanelCandidateFactory, PanelFactory, UserFactory, days
from tests.published import dated, published_with

KIND = SeatKind.LIVED_EXPERIENCE
PEOPLE = [
    *[("under_30", "english")] * 3,
    *[("30_to_49", "not_english")] * 4,
    *[("from_50", "english")] * 3,
    ("", "not_english"),
]


class Draw:
    """Four seats, eleven people, the quotas of the reference call; offering oneself is over."""

    def __init__(self, people=PEOPLE, mixed_with="") -> None:
        self.call = CallFactory(opens_at=days(-60))
        self.round, self.staff = self.call.rounds[0], UserFactory()
        dated(self.round, scoring_opens_at=days(30))
        for age, reads in people:
            PanelCandidateFactory(round=self.round, groups={"age": age, "reads": reads})
        self.row = announce_draw(self.round, KIND, mixed_with=mixed_with, actor=self.staff, now=utcnow())

    def fix(self) -> None:
        fix_pool(self.row, actor=self.staff, now=utcnow())

    def draw(self, value="") -> None:
        draw_panel(self.row, announced_value=value, actor=self.staff, now=utcnow())

    def left(self, number, reason="Nobody could reach them.", **more) -> str:
        return leave_seat(self.row, number, reason=reason, actor=self.staff, now=utcnow(), **more)

    def person(self, number) -> PanelCandidate:
        return next(each for each in list_candidates(self.round) if each.number == number)

    def file(self):
        return json.loads(json.dumps(public_file(self.row, self.call)))


def holds(data) -> bool:
    return check_draw(data).holds


@pytest.fixture(autouse=True)
def offers_are_over(db_session, monkeypatch):
    monkeypatch.setattr("fundapp.services.panel_draws.takes_offers", lambda _definition, _now: False)


def test_fingerprint_is_public_first_then_the_list_and_the_seed_only_with_the_draw():
    draw = Draw()
    assert draw.row.commitment == hashlib.sha256(bytes.fromhex(draw.row.seed)).hexdigest()
    draw.fix()
    before = draw.file()
    draw.draw()
    after = draw.file()

    assert "seed" not in before
    assert (holds(before), holds(after)) == (True, True)
    assert before["fixed"] == after["fixed"]
    assert sorted(check_draw(after).panel) == sorted(after["panel"])
    assert len(after["drawn"]) == 4


def test_whatever_is_changed_in_the_file_is_found():
    draw = Draw(mixed_with="The numbers of Saturday")
    draw.fix()
    with pytest.raises(TextNeeded):
        draw.draw()
    draw.draw("7, 12, 31")
    draw.left(draw.row.panel[0])
    good = draw.file()
    someone_else = next(one for one in good["fixed"]["pool"] if one not in good["drawn"])
    changes = (
        {"announced_value": "7, 12, 32"},
        {"seed": "cd" * 32},
        {"drawn": [someone_else, *good["drawn"][1:]]},
        {"panel": good["drawn"]},
        {"digest": "0" * 64},
        {"fixed": good["fixed"] | {"seats": 3}},
    )

    assert holds(good)
    assert [holds(good | change) for change in changes] == [False] * len(changes)


def forged(data, **fixed):
    """With another list and the digest that fits it."""
    changed = data["fixed"] | fixed
    return data | {"fixed": changed, "digest": digest_of(changed)}


def test_forged_list_is_found_even_with_its_own_digest():
    draw = Draw()
    draw.fix()
    good = draw.file()
    fixed = good["fixed"]
    panels, kinds = fixed["panels"], fixed["kinds"]
    first = panels[0]
    big = max(range(len(kinds)), key=lambda at: len(kinds[at]))
    halves = [*kinds[:big], kinds[big][:1], kinds[big][1:], *kinds[big + 1 :]]
    split = [
        each
        | {
            "seats_of_kinds": [
                *each["seats_of_kinds"][:big],
                min(each["seats_of_kinds"][big], 1),
                max(each["seats_of_kinds"][big] - 1, 0),
                *each["seats_of_kinds"][big + 1 :],
            ]
        }
        for each in panels
    ]
    twice = [first | {"tickets": 1}, first | {"tickets": first["tickets"] - 1}, *panels[1:]]
    owed = [first | {"tickets": first["tickets"] + 5}, *panels[1:], panels[-1] | {"tickets": -5}]
    forgeries = (
        forged(good, panels=twice),
        forged(good, panels=owed),
        forged(good, panels=[*panels[1:], first]),
        forged(good, kinds=halves, panels=split),
        forged(good, kinds=[[*kinds[0], kinds[0][0]], *kinds[1:]]),
    )

    assert holds(good)
    assert [holds(each) for each in forgeries] == [False] * len(forgeries)


@pytest.mark.parametrize("number", [float("inf"), float("nan"), "many", 4.5, True, None, 10**400])
def test_number_that_is_none_makes_no_file_of_a_draw(number):
    draw = Draw()
    draw.fix()

    with pytest.raises(NotADraw):
        check_draw(forged(draw.file(), seats=number))


def test_command_says_what_is_wrong_with_quotas_that_mean_nothing(tmp_path):
    draw = Draw()
    draw.fix()
    good = draw.file()
    quota = good["fixed"]["quotas"][0] | {"least": 3, "most": 1}
    file = tmp_path / "draw.json"
    file.write_text(json.dumps(forged(good, quotas=[quota, *good["fixed"]["quotas"][1:]])))

    said = CliRunner().invoke(main, ["panel-draw", "--chances", str(file)])

    assert (said.exit_code, "WRONG  the smallest chance" in said.output) == (2, True)


def test_who_came_next_and_why_a_quota_gave_way_cannot_be_forged():
    draw = Draw()
    draw.fix()
    draw.draw()
    draw.left(draw.row.panel[0])
    good = draw.file()
    change = good["replacements"][0]
    quota = good["fixed"]["quotas"][0]
    forgeries = ({"came": "XXXXX"}, {"gave_way": [quota | {"by": 1}]})

    assert holds(good)
    assert [holds(good | {"replacements": [change | each]}) for each in forgeries] == [False, False]


def test_nothing_changes_once_the_list_is_fixed():
    draw = Draw()
    draw.fix()
    fixed = draw.file()

    with pytest.raises(OffersClosed):
        offer(
            draw.round,
            NewCandidate(KIND, "Late", "l@example.org", "", "en", (), {}),
            actor=draw.staff,
            now=utcnow(),
        )
    with pytest.raises(NotPossibleNow):
        change_quotas(draw.row, [], reason="No", actor=draw.staff, now=utcnow())
    take_offer_back(list_candidates(draw.round)[0], actor=None, now=utcnow())
    draw.fix()

    assert draw.file() == fixed


def test_who_offers_twice_is_in_the_list_once():
    draw = Draw()
    first = list_candidates(draw.round)[0]
    PanelCandidateFactory(round=draw.round, email=first.email, groups={"age": "under_30", "reads": "english"})

    draw.fix()

    assert len(draw.file()["fixed"]["pool"]) == len(PEOPLE)


def test_who_is_left_out_keeps_nobody_else_out():
    draw = Draw()
    first = list_candidates(draw.round)[0]
    groups = {"age": "under_30", "reads": "english"}
    twice = PanelCandidateFactory(round=draw.round, email=first.email, phone="020 7946 0001", groups=groups)
    other = PanelCandidateFactory(round=draw.round, phone="(020) 7946 0001", groups=groups)

    draw.fix()

    pool = draw.file()["fixed"]["pool"]
    assert (first.number in pool, twice.number in pool, other.number in pool) == (True, False, True)


def test_draw_is_announced_once_the_call_is_published():
    call = CallFactory(opens_at=days(-60))
    published_with(call, frozen=False)

    with pytest.raises(CallNotPublished):
        announce_draw(call.rounds[0], KIND, mixed_with="", actor=UserFactory(), now=utcnow())


def test_impossible_quotas_are_answered_with_the_smallest_change_which_then_helps():
    draw = Draw([("30_to_49", "english")] * 5 + [("from_50", "english")])

    with pytest.raises(QuotasCannotHold) as caught:
        draw.fix()
    assert {(quota.value, by) for quota, by in caught.value.changes} >= {("under_30", 1), ("not_english", 1)}

    quotas = [SeatQuota("age", "30_to_49", 1, 4), SeatQuota("age", "from_50", 0, 2)]
    with pytest.raises(TextNeeded):
        change_quotas(draw.row, quotas, reason=" ", actor=draw.staff, now=utcnow())
    change_quotas(draw.row, quotas, reason="Nobody under 30 came.", actor=draw.staff, now=utcnow())
    draw.fix()
    assert holds(draw.file())


def test_too_few_people_are_too_few_whatever_the_quotas():
    with pytest.raises(TooFewCandidates):
        Draw([("under_30", "english")] * 3).fix()


def told() -> list[str]:
    jobs = db.session.query(OutboxJob).filter(OutboxJob.kind == TELL_DRAWN)
    return sorted(each.arguments["candidate_id"] for each in jobs)


def test_whoever_is_drawn_is_promised_one_mail_and_so_is_who_comes_next():
    draw = Draw()
    by_phone = list_candidates(draw.round)[0]
    by_phone.email, by_phone.phone = "", "020 7946 0000"
    draw.fix()
    assert told() == []

    draw.draw()
    draw.draw()  # a second press
    asked = {draw.person(number) for number in draw.row.panel}
    asked.add(draw.person(draw.left(draw.row.panel[0])))

    assert told() == sorted(str(each.id) for each in asked if each.email)


def test_a_no_brings_the_next_one_and_the_file_still_holds():
    draw = Draw()
    draw.fix()
    draw.draw()
    first = draw.row.panel[0]

    refuse_seat(draw.person(first), now=utcnow())
    came = draw.row.panel[-1]

    assert (first in draw.row.panel, len(draw.row.panel)) == (False, 4)
    assert (draw.person(first).status, draw.person(came).status) == (
        CandidateStatus.LEFT,
        CandidateStatus.DRAWN,
    )
    assert holds(draw.file())


def test_fund_draws_somebody_else_only_with_a_reason_that_stays_in_the_file():
    draw = Draw()
    draw.fix()
    draw.draw()
    first, second = draw.row.panel[:2]

    with pytest.raises(TextNeeded):
        draw.left(first, reason="  ")
    draw.left(first, reason=" Moved to another town. ")
    with pytest.raises(NotPossibleNow):
        draw.left(first)
    refuse_seat(draw.person(second), now=utcnow())

    assert [each["why"] for each in draw.file()["replacements"]] == ["Moved to another town.", ""]
    assert holds(draw.file())


def test_fund_takes_nobody_off_a_fixed_list_but_people_can_take_themselves_off():
    draw = Draw()
    early, late = list_candidates(draw.round)[:2]
    take_offer_back(early, actor=draw.staff, now=utcnow())
    draw.fix()

    with pytest.raises(NotPossibleNow):
        take_offer_back(late, actor=draw.staff, now=utcnow())
    take_offer_back(late, actor=None, now=utcnow())

    assert late.number in draw.file()["fixed"]["pool"]


def test_nobody_comes_next_while_the_seat_is_still_held():
    draw = Draw()
    draw.fix()
    draw.draw()
    panel = PanelFactory(call=draw.call, round=draw.round)
    person = draw.person(draw.row.panel[0])
    seat = give_seat(person, panel, email=person.email, capacity=20, actor=draw.staff, now=utcnow())

    with pytest.raises(SeatIsHeld):
        draw.left(person.number)
    remove_seat(seat, actor=draw.staff, now=utcnow())
    draw.left(person.number)

    assert (person.number in draw.row.panel, draw.person(person.number).status) == (
        False,
        CandidateStatus.LEFT,
    )


def test_nobody_comes_next_once_all_names_are_deleted():
    draw = Draw()
    draw.fix()
    draw.draw()
    dated(draw.round, scoring_opens_at=days(-1))
    forget_old_candidates(now=utcnow())

    with pytest.raises(NotPossibleNow):
        draw.left(draw.row.panel[0])


def test_where_nobody_else_keeps_the_quotas_one_gives_way_with_a_reason():
    draw = Draw([("under_30", "not_english"), *[("30_to_49", "english")] * 3, *[("from_50", "english")] * 3])
    draw.fix()
    draw.draw()
    only = next(each.number for each in list_candidates(draw.round) if each.groups["age"] == "under_30")

    with pytest.raises(QuotasCannotHold):
        draw.left(only)
    refuse_seat(draw.person(only), now=utcnow())
    assert (only in draw.row.panel, draw.person(only).said_no_at is not None) == (True, True)
    with pytest.raises(TextNeeded):
        draw.left(only, reason=" ", gives_way=True)
    draw.left(only, gives_way=True, reason="She moved away.")

    assert only not in draw.row.panel
    assert holds(draw.file())


def test_seats_are_given_with_a_term_and_names_go_when_the_panel_is_complete():
    draw = Draw()
    draw.fix()
    draw.draw()
    panel = PanelFactory(call=draw.call, round=draw.round)
    with pytest.raises(NotPossibleNow):
        forget_candidates(draw.row, actor=draw.staff, now=utcnow())

    for number in draw.row.panel:
        person = draw.person(number)
        seat = give_seat(person, panel, email=person.email, capacity=20, actor=draw.staff, now=utcnow())
        assert (seat.term_to.year - seat.term_from.year, seat.kind) == (2, KIND)
    forget_candidates(draw.row, actor=draw.staff, now=utcnow())

    assert list_candidates(draw.round) == []
    assert holds(draw.file())


def test_somebody_who_said_no_is_given_no_seat():
    draw = Draw([("under_30", "not_english"), *[("30_to_49", "english")] * 3, *[("from_50", "english")] * 3])
    draw.fix()
    draw.draw()
    panel = PanelFactory(call=draw.call, round=draw.round)
    only = next(each for each in list_candidates(draw.round) if each.groups["age"] == "under_30")
    refuse_seat(only, now=utcnow())
    assert (only.status, only.said_no_at is not None) == (CandidateStatus.DRAWN, True)

    with pytest.raises(NotPossibleNow):
        give_seat(only, panel, email="a@example.org", capacity=20, actor=draw.staff, now=utcnow())


@pytest.mark.parametrize(
    ("step", "meanwhile"),
    [
        (lambda person: accept_seat(person, actor=None, now=utcnow()), {"status": CandidateStatus.LEFT}),
        (lambda person: accept_seat(person, actor=None, now=utcnow()), {"said_no_at": utcnow()}),
        (lambda person: take_offer_back(person, actor=None, now=utcnow()), {"status": CandidateStatus.DRAWN}),
        (lambda person: refuse_seat(person, now=utcnow()), {"status": CandidateStatus.SEATED}),
        (lambda person: accept_seat(person, actor=None, now=utcnow()), None),
        (lambda person: take_offer_back(person, actor=None, now=utcnow()), None),
        (lambda person: refuse_seat(person, now=utcnow()), None),
    ],
)
def test_what_somebody_else_has_just_done_counts(step, meanwhile):
    draw = Draw()
    draw.fix()
    draw.draw()
    is_drawn = meanwhile is None or meanwhile.get("status") is not CandidateStatus.DRAWN
    person = next(each for each in list_candidates(draw.round) if (each.number in draw.row.panel) is is_drawn)
    rows = PanelCandidate.__table__
    change = rows.delete() if meanwhile is None else rows.update().values(meanwhile)
    db.session.flush()
    db.session.connection().execute(change.where(rows.c.id == person.id))

    with pytest.raises(NotPossibleNow):
        step(person)


def test_names_go_by_themselves_when_scoring_begins():
    draw = Draw()
    assert forget_old_candidates(now=utcnow()) == 0
    dated(draw.round, scoring_opens_at=days(-1))

    assert (forget_old_candidates(now=utcnow()), list_candidates(draw.round)) == (1, [])


def test_somebody_who_cannot_be_reached_is_not_taken(db_session):
    draw = Draw()

    with pytest.raises(NotReachable):
        offer(draw.round, NewCandidate(KIND, "X", " ", "", "en", (), {}), actor=draw.staff, now=utcnow())
    kept = offer(
        draw.round,
        NewCandidate(KIND, "X", "", "020 7946 0000", "en", (), {"age": "made up"}),
        actor=draw.staff,
        now=utcnow(),
    )
    assert kept.groups == {"age": "", "reads": ""}
