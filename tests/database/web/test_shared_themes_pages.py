"""Themes of a year: groups hear it first and can keep a text out; a person publishes; the numbers stay."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from fundapp.clock import utcnow
from fundapp.db import db, unit_of_work
from fundapp.errors import NotPossibleNow
from fundapp.models.message import Message
from fundapp.queries.shared_themes import content_of, list_shared_outcomes
from fundapp.queries.word_uses import list_word_uses
from fundapp.services.shared_themes import (
    AnnouncedBefore,
    NothingRead,
    announce_themes,
    keep_text_out,
    let_text_in,
    publish_themes,
)
from fundapp.services.stories import withdraw_consent
from fundapp.told_steps import SharedThemesStatus
from tests.factories import CallFactory, SharedThemesFactory
from tests.grants import active_grant
from tests.told import TEXT, WORDS, code, confirm, harvest, read, tell

YEAR = utcnow().year
LATER = timedelta(days=30)


@pytest.fixture
def call(db_session):
    return CallFactory(closed=True)


@pytest.fixture
def grant(call):
    return active_grant(call)


@pytest.fixture
def sleep(grant):
    return code(grant, "Sleep")


def announce(grant, year=YEAR):
    with unit_of_work():
        return announce_themes(grant.award.call, year, actor=grant.manager, now=utcnow())


def publish(grant, shared, at=None):
    with unit_of_work():
        publish_themes(shared, actor=grant.manager, now=at or utcnow() + LATER)


def numbers(shared):
    return {each["name"]: each["groups"] for each in shared.content["themes"]}


def groups_that_told(call, sleep, grant, number):
    """With the first one `number` groups whose story speaks of sleep."""
    told = [(grant, read(grant, tell(grant), [(sleep, "")]))]
    for _more in range(number - 1):
        other = active_grant(call)
        told.append((other, read(other, tell(other), [(sleep, "")])))
    for coded in (each for _grant, each in told if each.is_drawn):
        group = next(group for group, each in told if each is coded)
        read(group, coded.story, [(sleep, "")], by=group.other_manager)
    return told


def test_groups_are_told_before_and_numbers_stay_as_they_were_published(call, grant, sleep, client_for):
    told = groups_that_told(call, sleep, grant, 5)
    db.session.execute(sa.delete(Message))
    shared = announce(grant)
    mails = set(db.session.execute(sa.select(Message.recipient_id)).scalars())

    assert mails == {each.signer.id for each, _coded in told}
    with pytest.raises(NotPossibleNow):
        publish(grant, shared, at=utcnow())
    publish(grant, shared)
    assert shared.content["groups"] == 5
    assert numbers(shared) == {"Sleep": 5}
    with unit_of_work():
        withdraw_consent(told[1][1].story, actor=told[1][0].signer, now=utcnow())
    assert numbers(shared) == {"Sleep": 5}
    with pytest.raises(NotPossibleNow):
        publish(grant, shared)
    page = client_for(grant.signer).get(f"/en/calls/{call.code}/themes").text
    assert "What 5 groups told was read." in page
    assert TEXT not in page


def test_text_that_the_group_keeps_out_does_not_count(call, grant, sleep):
    told = groups_that_told(call, sleep, grant, 5)
    shared = announce(grant)
    keeper, coded = told[2]
    today = shared.open_from

    with unit_of_work():
        keep_text_out(coded, actor=keeper.signer, now=utcnow())
        keep_text_out(coded, actor=keeper.signer, now=utcnow())
    assert content_of(shared, today=today)["themes"][0]["groups"] is None
    with unit_of_work():
        let_text_in(coded, actor=keeper.signer, now=utcnow())
    assert content_of(shared, today=today)["themes"][0]["groups"] == 5


def test_what_is_read_after_the_groups_were_told_does_not_join(grant, call, sleep):
    told = groups_that_told(call, sleep, grant, 5)
    shared = announce(grant)
    trust = code(grant, "Trust")
    read(grant, tell(grant), [(trust, "")], at=utcnow() + timedelta(days=1))

    assert [each["name"] for each in content_of(shared, today=shared.open_from)["themes"]] == ["Sleep"]
    assert len(told) == 5


def test_year_is_announced_once_and_only_where_something_was_read(grant, sleep):
    with pytest.raises(NothingRead):
        announce(grant)
    read(grant, tell(grant), [(sleep, "")])
    announce(grant)

    with pytest.raises(AnnouncedBefore):
        announce(grant)
    with pytest.raises(NothingRead):
        announce(grant, YEAR - 1)


def test_confirmed_outcome_stands_beside_the_themes_until_anything_it_rests_on_goes(
    call, grant, sleep, client_for
):
    story = tell(grant)
    coded = read(grant, story, [(sleep, "through the night")])
    outcome = harvest(grant, sleep)
    shared = announce(grant)
    publish(grant, shared)
    path = f"/en/calls/{call.code}/themes?year={YEAR}"

    def reads():
        return client_for(grant.other_manager).get(path).text

    assert WORDS.changed not in reads()
    confirm(grant, outcome)
    assert WORDS.changed in reads()
    assert grant.award.organisation.name not in reads()
    confirm(grant, outcome, names_group=True)
    assert grant.award.organisation.name in reads()
    with unit_of_work():
        keep_text_out(coded, actor=grant.signer, now=utcnow())
    assert WORDS.changed not in reads()
    with unit_of_work():
        let_text_in(coded, actor=grant.signer, now=utcnow())
    assert list_shared_outcomes(call, YEAR, utcnow().date()) == [outcome]
    assert list_shared_outcomes(call, YEAR - 1, utcnow().date()) == []
    with unit_of_work():
        withdraw_consent(story, actor=grant.signer, now=utcnow())
    assert WORDS.changed not in reads()


def test_group_reads_how_its_words_are_used_and_says_no(grant, sleep, client_for):
    coded = read(grant, tell(grant), [(sleep, "through the night")])
    tell(grant, "Nobody has read this.")
    harvest(grant, sleep)
    shared = announce(grant)
    group, path = client_for(grant.signer), f"/en/awards/{grant.award.id}/words"

    before = group.get(path).text
    assert path.removeprefix("/en") in group.get(f"/en/awards/{grant.award.id}").text
    for words in ("Sleep", "It has not been read for themes.", WORDS.changed, f"themes of {YEAR}"):
        assert words in before
    assert group.post(f"/en/coded-texts/{coded.id}/keep-out").status_code == 302
    after = group.get(path).text
    assert "You keep it out." in after
    assert "It will be counted" not in after
    assert group.post(f"/en/coded-texts/{coded.id}/let-in").status_code == 302
    publish(grant, shared)
    assert f"It is counted in the themes of {YEAR}." in group.get(path).text


def test_only_the_group_keeps_its_text_out(grant, call, sleep, client_for):
    coded = read(grant, tell(grant), [(sleep, "")])

    for stranger in (grant.manager, active_grant(call).signer):
        assert client_for(stranger).post(f"/en/coded-texts/{coded.id}/keep-out").status_code == 404


def test_fund_announces_and_publishes_on_its_page(grant, sleep, client_for):
    fund, path = client_for(grant.manager), f"/en/fund/calls/{grant.award.call_id}/shared-themes"
    assert "Nothing has been announced yet." in fund.get(path).text
    assert fund.post(path).status_code == 422
    tell(grant, "Not read.")
    assert fund.post(path, data={"year": str(YEAR)}).status_code == 409
    read(grant, tell(grant), [(sleep, "")])

    assert fund.post(path, data={"year": str(YEAR)}).status_code == 302
    announced = fund.get(path).text
    assert "Today it would say this:" in announced
    assert "not shown" in announced
    shared = SharedThemesFactory(call=grant.award.call, year=YEAR - 1)
    early = SharedThemesFactory(call=grant.award.call, year=YEAR - 2, open_from=utcnow().date() + LATER)
    assert f"Publish the themes of {YEAR - 1}" in fund.get(path).text
    assert fund.post(f"/en/fund/shared-themes/{shared.id}/publish").status_code == 302
    assert fund.post(f"/en/fund/shared-themes/{early.id}/publish").status_code == 409
    assert shared.status is SharedThemesStatus.PUBLISHED


def test_nothing_is_public_before_it_is_published(grant, sleep, client):
    read(grant, tell(grant), [(sleep, "")])
    announce(grant)

    assert client.get(f"/en/calls/{grant.award.call.code}/themes").status_code == 404


def test_pages_ask_the_same_number_of_queries_for_more_texts(grant, call, sleep, client_for, count_queries):
    group, fund, numbers = client_for(grant.signer), client_for(grant.manager), []
    SharedThemesFactory(call=call, year=YEAR, created_at=utcnow() + LATER)
    for _more in range(3):
        read(grant, tell(grant), [(sleep, "through the night")])
        confirm(grant, harvest(grant, sleep))
        db.session.expire_all()
        with count_queries() as queries:
            group.get(f"/en/awards/{grant.award.id}/words")
            fund.get(f"/en/fund/calls/{call.id}/shared-themes")
        numbers.append(queries.number)

    assert numbers[0] == numbers[-1]
    assert len(list_word_uses(grant.award, utcnow().date())) == 3


@pytest.mark.parametrize("broken", [{"year": 28}, {"status": SharedThemesStatus.PUBLISHED}])
def test_database_refuses_states_that_do_not_fit(db_session, broken):
    with pytest.raises(IntegrityError), db.session.begin_nested():
        SharedThemesFactory(**broken)
