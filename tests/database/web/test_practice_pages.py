"""Pages of the practice round."""

from __future__ import annotations

import re

import pytest

from fundapp.db import db
from fundapp.models.fund import FundRoleKind
from fundapp.models.panel import Panel
from fundapp.models.practice import PracticeSheet
from fundapp.queries.practice import agreed_levels, list_samples
from tests.database.web.test_panel_pages import give, rev_in, sheet_url, text
from tests.factories import (
    CallFactory,
    FundRoleFactory,
    PanelFactory,
    PanelSeatFactory,
    PracticeSampleFactory,
    days,
)
from tests.published import dated

CRITERIA = ("C1", "C2", "C3", "C4", "C5")
WHOLE = {f"level_{key}": "3" for key in CRITERIA} | {f"sentence_{key}": "They decide." for key in CRITERIA}


def seen_in(page) -> str:
    return re.search(r'name="seen_text" value="(\w+)"', text(page))[1]


@pytest.fixture
def panel(db_session) -> Panel:
    return PanelFactory(
        call=CallFactory(closed=True, opens_at=days(-80)),
        practice_opens_at=days(-1),
        practice_closes_at=days(1),
    )


@pytest.fixture
def manager(client_for, panel):
    return client_for(FundRoleFactory(fund=panel.call.fund, kind=FundRoleKind.MANAGER).user)


def test_spread_is_shown_only_after_the_own_lock(client_for, panel):
    sample = PracticeSampleFactory(panel=panel)
    address = f"/en/panels/{panel.id}/practice/{sample.id}"
    first, second = (client_for(PanelSeatFactory(panel=panel).user) for _ in range(2))
    first.post(address, data=WHOLE | {"rev": "0", "sentence_C1": "First words", "go": "lock"})

    before = second.get(address)
    refused = second.post(address, data={"rev": "0", "level_C1": "2", "sentence_C1": "Mine", "go": "lock"})
    done = second.post(address, data=WHOLE | {"rev": rev_in(refused), "go": "lock"})
    after = second.get(address)

    assert ("First words" in text(before), "First words" in text(after)) == (False, True)
    assert (refused.status_code, "Mine" in text(refused), done.status_code) == (422, True, 302)
    assert "Choose a level for “Need and change”." in text(refused)


def test_practice_is_saved_while_writing_and_another_window_is_told(client_for, panel):
    sample = PracticeSampleFactory(panel=panel)
    browser = client_for(PanelSeatFactory(panel=panel).user)
    address = f"/en/panels/{panel.id}/practice/{sample.id}"

    saved = browser.post(address, data={"rev": "0", "level_C1": "2", "autosave": "yes"})
    stale = browser.post(address, data={"rev": "0", "level_C1": "4", "sentence_C1": "From here"})

    assert (saved.status_code, saved.json["rev"] != "0") == (200, True)
    assert (stale.status_code, "From here" in text(stale)) == (409, True)
    assert db.session.query(PracticeSheet).one().marks["C1"]["value"] == 2


def test_manager_plans_samples_and_words(panel, manager):
    address = f"/en/fund/panels/{panel.id}/practice"
    sample = {"sample_title": "A circle"} | {f"text_{key}": "We meet." for key in CRITERIA}

    wrong = manager.post(address, data={})
    empty = manager.post(f"{address}/samples", data={"sample_title": "A circle"})
    added = manager.post(f"{address}/samples", data=sample)
    agreed = manager.post(f"{address}/levels/C1", data={"level_3": "They can name a decision."})

    assert [page.status_code for page in (wrong, empty, added, agreed)] == [422, 422, 302, 302]
    summary = text(empty).partition('id="errors"')[2].partition("</ul>")[0]
    assert len(set(re.findall(r'">(Write[^<]+)</a>', summary))) == len(CRITERIA), "each says which one"
    assert [each.title for each in list_samples(panel)] == ["A circle"]
    assert agreed_levels(panel.id) == {"C1": {3: "They can name a decision."}}
    assert "They can name a decision." in text(manager.get(address))
    assert manager.get(f"{address}/levels/C9").status_code == 404


def test_agreed_words_stand_on_every_sheet(client_for, panel, manager):
    manager.post(f"/en/fund/panels/{panel.id}/practice/levels/C1", data={"level_3": "They can name one."})
    dated(panel.round, scoring_opens_at=days(-0.1))
    assignment = give(PanelSeatFactory(panel=panel))

    page = text(client_for(assignment.seat.user).get(sheet_url(assignment, "C1")))

    assert "The panel agreed:" in page
    assert "They can name one." in page


def test_sample_of_another_panel_is_not_found(client_for, panel):
    other = PracticeSampleFactory()
    browser = client_for(PanelSeatFactory(panel=panel).user)

    assert browser.get(f"/en/panels/{panel.id}/practice/{other.id}").status_code == 404


def test_words_for_the_levels_that_a_colleague_changed_are_shown_above_what_was_typed(manager, panel):
    address = f"/en/fund/panels/{panel.id}/practice/levels/C1"
    old = {"seen_text": seen_in(manager.get(address))}
    manager.post(address, data=old | {"level_3": "They name a decision."})

    late = manager.post(address, data=old | {"level_2": "Nobody is named."})
    kept = agreed_levels(panel.id)
    again = manager.post(address, data={"seen_text": seen_in(late), "level_2": "Nobody is named."})

    assert (late.status_code, kept) == (409, {"C1": {3: "They name a decision."}})
    for words in ("Somebody has changed this meanwhile", "They name a decision.", "Nobody is named."):
        assert words in text(late)
    assert (again.status_code, agreed_levels(panel.id)) == (302, {"C1": {2: "Nobody is named."}})


def test_sample_that_was_sent_twice_is_added_once(manager, panel):
    address = f"/en/fund/panels/{panel.id}/practice/samples"
    once = re.search(r'name="once" value="([^"]+)"', text(manager.get(address)))[1]
    sample = {"sample_title": "Tea and talk", "once": once} | {f"text_{key}": "We meet." for key in CRITERIA}

    statuses = [manager.post(address, data=sample).status_code for _ in range(2)]

    assert statuses == [302, 302]
    assert [each.title for each in list_samples(panel)] == ["Tea and talk"]
