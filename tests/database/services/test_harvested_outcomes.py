"""Harvested outcomes: only a yes of the group counts, and only while its words are there."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from fundapp.clock import utcnow
from fundapp.db import db, unit_of_work
from fundapp.errors import NotPossibleNow
from fundapp.models.event import Event
from fundapp.models.message import Message
from fundapp.models.monitoring import IdentityLevel, StoryPurpose
from fundapp.models.theme_code import CodedText
from fundapp.queries.harvested_outcomes import (
    group_beside_outcome,
    is_shown,
    list_outcomes,
    list_outcomes_of,
    list_usable_places,
    rests_on,
)
from fundapp.queries.told_texts import list_told_texts
from fundapp.services.coded_texts import begin_reading, finish_reading, mark_passage
from fundapp.services.confidentiality import keep_confidential
from fundapp.services.harvested_outcomes import (
    RestsOnNothing,
    harvest_outcome,
    object_to_outcome,
    take_outcome_back,
)
from fundapp.services.stories import give_consent, withdraw_consent
from fundapp.told_steps import OutcomeStatus
from tests.factories import CallFactory, ConflictFactory, OutcomeFactory, OutcomePassageFactory
from tests.grants import active_grant, mails_to, talk
from tests.told import OWN_WORDS, WORDS, code, confirm, harvest, read, tell

pytestmark = pytest.mark.both_engines  # what the database itself refuses


@pytest.fixture
def grant(db_session):
    return active_grant(CallFactory(closed=True))


@pytest.fixture
def sleep(grant):
    return code(grant, "Sleep")


def harvested(grant, sleep):
    story = tell(grant)
    read(grant, story, [(sleep, "through the night"), (sleep, "sleeps at last")])
    return story, harvest(grant, sleep)


def shown(outcome, days=0):
    return is_shown(outcome, utcnow().date() + timedelta(days=days))


def object_to(grant, outcome, words=""):
    with unit_of_work():
        object_to_outcome(outcome, words, actor=grant.signer, now=utcnow())


def take_back(grant, outcome):
    with unit_of_work():
        take_outcome_back(outcome, actor=grant.manager, now=utcnow())


def steps(outcome):
    query = sa.select(Event.step).where(Event.subject_id == outcome.id).order_by(Event.number)
    return list(db.session.execute(query).scalars())


def test_outcome_sent_twice_from_one_page_is_one_and_mailed_once(grant, sleep):
    story = tell(grant)
    read(grant, story, [(sleep, "through the night")])
    places = list_usable_places(grant.award, reader=grant.manager, today=utcnow().date())
    mails, made = len(mails_to(grant.signer)), []
    for words in (WORDS, WORDS, OWN_WORDS):
        with unit_of_work():
            made.append(
                harvest_outcome(
                    grant.award,
                    sleep,
                    places,
                    words,
                    language="en",
                    actor=grant.manager,
                    now=utcnow(),
                    once="page",
                )
            )

    assert (made[0] is made[1], made[0] is made[2]) == (True, False)
    assert len(mails_to(grant.signer)) - mails == 2


def test_group_is_asked_by_a_mail_that_says_nothing_and_no_answer_is_no_yes(grant, sleep):
    _story, outcome = harvested(grant, sleep)

    mail = db.session.execute(sa.select(Message).order_by(Message.created_at.desc())).scalars().first()
    assert (mail.recipient_id, mail.arguments) == (grant.signer.id, {"award_id": str(grant.award.id)})
    assert [each.words for each in rests_on(outcome, utcnow().date())] == [
        "through the night",
        "sleeps at last",
    ]
    assert not shown(outcome)
    assert not shown(outcome, days=400)


def test_outcome_that_the_group_confirms_is_shown_without_its_name_unless_it_says_so(grant, sleep):
    _story, outcome = harvested(grant, sleep)

    confirm(grant, outcome)
    unnamed = group_beside_outcome(outcome)
    confirm(grant, outcome, names_group=True)

    assert shown(outcome)
    assert (unnamed, group_beside_outcome(outcome)) == ("", grant.award.organisation.name)
    assert steps(outcome) == ["harvest", "confirm", "confirm_again"]
    with unit_of_work():
        keep_confidential(grant.award.application, actor=grant.manager, now=utcnow())
    assert group_beside_outcome(outcome) == ""


def test_words_of_the_group_count_and_those_of_the_fund_stay_beside_them(grant, sleep):
    _story, outcome = harvested(grant, sleep)

    confirm(grant, outcome, own_words=OWN_WORDS, language="so")

    assert (outcome.own_changed, outcome.own_language) == (OWN_WORDS.changed, "so")
    assert outcome.changed == WORDS.changed
    assert shown(outcome)


def test_objection_takes_it_away_also_after_a_yes_and_can_be_taken_back(grant, sleep):
    _story, outcome = harvested(grant, sleep)
    confirm(grant, outcome, names_group=True)

    object_to(grant, outcome, "That was not us.")
    object_to(grant, outcome, "Again.")

    assert not shown(outcome)
    assert (outcome.objection, outcome.names_group) == ("That was not us.", False)
    confirm(grant, outcome)
    assert shown(outcome)
    assert steps(outcome) == ["harvest", "confirm", "object", "confirm"]


S = OutcomeStatus
STEPS = {"confirm": confirm, "object": object_to, "take_back": take_back}
ALLOWED = {
    (S.WAITING, "confirm"): S.CONFIRMED,
    (S.WAITING, "object"): S.OBJECTED,
    (S.WAITING, "take_back"): S.TAKEN_BACK,
    (S.CONFIRMED, "confirm"): S.CONFIRMED,
    (S.CONFIRMED, "object"): S.OBJECTED,
    (S.CONFIRMED, "take_back"): S.TAKEN_BACK,
    (S.OBJECTED, "confirm"): S.CONFIRMED,
    (S.OBJECTED, "object"): S.OBJECTED,
}


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("status", S)
def test_each_step_from_each_state_is_allowed_or_changes_nothing(grant, sleep, status, step):
    _story, outcome = harvested(grant, sleep)
    for way in {S.CONFIRMED: [confirm], S.OBJECTED: [object_to], S.TAKEN_BACK: [take_back]}.get(status, []):
        way(grant, outcome)

    if (status, step) in ALLOWED:
        STEPS[step](grant, outcome)
    else:
        with pytest.raises(NotPossibleNow):
            STEPS[step](grant, outcome)

    assert outcome.status is ALLOWED.get((status, step), status)


def test_confirmed_outcome_goes_with_the_story_it_rests_on(grant, sleep):
    story, outcome = harvested(grant, sleep)
    confirm(grant, outcome)

    with unit_of_work():
        withdraw_consent(story, actor=grant.signer, now=utcnow())

    assert not shown(outcome)
    with pytest.raises(NotPossibleNow):
        confirm(grant, outcome)


def test_confirmed_outcome_goes_with_the_consent_that_ends(grant, sleep):
    story, outcome = harvested(grant, sleep)
    with unit_of_work():
        give_consent(
            story,
            purpose=StoryPurpose.CIRCLE,
            identity=IdentityLevel.NO_NAMES,
            ends_on=utcnow().date() + timedelta(days=30),
            language="en",
            actor=grant.signer,
            now=utcnow(),
        )
    confirm(grant, outcome)

    assert shown(outcome, days=30)
    assert not shown(outcome, days=31)


@pytest.mark.parametrize("gone", ["", "Other words than those that were read."])
def test_confirmed_outcome_goes_when_the_text_is_erased_or_another(grant, sleep, gone):
    story, outcome = harvested(grant, sleep)
    confirm(grant, outcome)

    with unit_of_work():
        story.text = gone

    assert not shown(outcome)
    assert list_usable_places(grant.award, reader=grant.manager, today=utcnow().date()) == []


def test_outcome_can_rest_on_a_conversation(grant, sleep):
    check_in = talk(grant, "welcome")
    coded = read_answer(grant, sleep)
    outcome = harvest(grant, sleep)
    confirm(grant, outcome)

    assert [each.coded_text_id for each in outcome.passages] == [coded.id]
    assert shown(outcome)
    with unit_of_work():
        check_in.answers = {}
    assert not shown(outcome)


def read_answer(grant, theme):
    told = next(each for each in list_told_texts(grant.award.call, reader=grant.manager) if each.check_in)
    with unit_of_work():
        coded = begin_reading(told, actor=grant.manager, now=utcnow())
        mark_passage(coded, [theme], "", actor=grant.manager, now=utcnow())
        finish_reading(coded, actor=grant.manager, now=utcnow())
    return coded


def test_outcome_rests_on_something(grant, sleep):
    with pytest.raises(RestsOnNothing):
        harvest(grant, sleep)


def test_text_that_waits_for_its_second_reader_gives_no_outcome_away(grant, sleep):
    for _number in range(5):
        read(grant, tell(grant), [(sleep, "")])
    query = sa.select(CodedText).where(CodedText.is_drawn)
    drawn = db.session.execute(query).scalar_one()

    usable = list_usable_places(grant.award, reader=grant.manager, today=utcnow().date())

    assert drawn.id not in {each.read.coded.id for each in usable}
    assert len(usable) == 4
    outcome = OutcomePassageFactory(coded_text=drawn, outcome__theme_code=sleep).outcome
    assert list_outcomes(grant.award.call, reader=grant.manager) == [outcome]
    assert list_outcomes(grant.award.call, reader=grant.other_manager) == []


def test_whoever_has_a_tie_sees_none_and_the_group_none_that_was_taken_back(grant, sleep):
    _story, outcome = harvested(grant, sleep)
    ConflictFactory(
        user=grant.other_manager, call_id=grant.award.call_id, organisation=grant.award.organisation
    )

    assert list_outcomes(grant.award.call, reader=grant.other_manager) == []
    assert list_outcomes_of(grant.award) == [outcome]
    take_back(grant, outcome)
    assert list_outcomes_of(grant.award) == []


def test_database_refuses_a_passage_of_another_grant(grant, sleep):
    _story, outcome = harvested(grant, sleep)

    with pytest.raises(IntegrityError), db.session.begin_nested():
        OutcomePassageFactory(outcome=outcome, award_id=outcome.award_id)


@pytest.mark.parametrize(
    "broken",
    [
        {"changed": ""},
        {"own_changed": "x"},
        {"status": OutcomeStatus.CONFIRMED},
        {"names_group": True},
        {"objection": "x"},
    ],
)
def test_database_refuses_states_that_do_not_fit(db_session, broken):
    with pytest.raises(IntegrityError), db.session.begin_nested():
        OutcomeFactory(**broken)


def test_harvesting_keeps_the_words_without_spaces_around(grant, sleep):
    read(grant, tell(grant), [(sleep, "")])
    places = list_usable_places(grant.award, reader=grant.manager, today=utcnow().date())
    padded = type(WORDS)(*(f"  {each}\n" for each in (WORDS.changed, WORDS.for_whom, WORDS.contribution)))

    with unit_of_work():
        outcome = harvest_outcome(
            grant.award, sleep, places, padded, language="en", actor=grant.manager, now=utcnow()
        )

    assert (outcome.changed, outcome.contribution) == (WORDS.changed, WORDS.contribution)
