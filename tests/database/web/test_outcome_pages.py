"""Pages of harvested outcomes: the fund writes one, the group answers, and it stands only where it may."""

from __future__ import annotations

import csv
import re
from io import StringIO

import pytest

from fundapp.clock import utcnow
from fundapp.db import unit_of_work
from fundapp.models.organisation import MemberRight
from fundapp.services.harvested_outcomes import take_outcome_back
from tests.factories import CallFactory, OrganisationMemberFactory
from tests.grants import active_grant
from tests.told import OWN_WORDS, WORDS, code, confirm, harvest, read, tell

TYPED = {
    "changed": WORDS.changed,
    "for_whom": WORDS.for_whom,
    "contribution": WORDS.contribution,
    "language": "en",
}


@pytest.fixture
def grant(db_session):
    return active_grant(CallFactory(closed=True))


@pytest.fixture
def sleep(grant):
    theme = code(grant, "Sleep")
    read(grant, tell(grant), [(theme, "through the night")])
    return theme


@pytest.fixture
def outcome(grant, sleep):
    return harvest(grant, sleep)


def of_call(grant, ending):
    return f"/en/fund/calls/{grant.award.call_id}/{ending}"


def test_fund_writes_an_outcome_from_a_passage_and_the_group_finds_it(grant, sleep, client_for):
    fund, group = client_for(grant.manager), client_for(grant.signer)
    new = f"/en/fund/awards/{grant.award.id}/outcomes/new?theme={sleep.id}"
    assert "/outcomes/new" in fund.get(of_call(grant, f"themes?group={grant.award.organisation_id}")).text
    form = fund.get(new).text
    passage = re.search(r'name="passages"[^>]*value="([^"]+)"', form).group(1)
    assert "through the night" in form

    made = fund.post(new, data=TYPED | {"theme": str(sleep.id), "passages": [passage]})

    assert made.status_code == 302
    assert "The group has not answered yet." in fund.get(of_call(grant, "outcomes")).text
    own = group.get(f"/en/awards/{grant.award.id}").text
    assert WORDS.changed in own
    assert "Nobody sees it until you say yes." in own


def test_nothing_typed_is_lost_when_something_is_missing(grant, sleep, client_for):
    fund = client_for(grant.manager)

    refused = fund.post(f"/en/fund/awards/{grant.award.id}/outcomes/new", data=TYPED)

    assert refused.status_code == 422
    assert "Choose one passage or more." in refused.text
    assert WORDS.contribution in refused.text


def test_what_looks_like_a_person_is_shown_once_more(grant, sleep, client_for):
    fund, new = client_for(grant.manager), f"/en/fund/awards/{grant.award.id}/outcomes/new"
    passage = re.search(r'name="passages"[^>]*value="([^"]+)"', fund.get(new).text).group(1)
    typed = TYPED | {"theme": str(sleep.id), "passages": [passage], "changed": "Ring 07700 900123."}

    first = fund.post(new, data=typed)
    again = fund.post(new, data=typed | {"seen": "07700 900123"})

    assert (first.status_code, again.status_code) == (422, 302)
    assert "Please look once more" in first.text


@pytest.mark.parametrize(
    ("answer", "says", "in_grid"),
    [
        ({"answer": "yes"}, "You said that it is correct.", WORDS.changed),
        (
            {
                "answer": "other_words",
                "changed": OWN_WORDS.changed,
                "for_whom": OWN_WORDS.for_whom,
                "contribution": OWN_WORDS.contribution,
            },
            "You said that it is correct.",
            OWN_WORDS.changed,
        ),
        ({"answer": "no", "objection": "That was not us."}, "You said no. Nobody sees it.", None),
    ],
)
def test_answer_of_the_group_decides_where_it_stands(
    grant, sleep, outcome, client_for, answer, says, in_grid
):
    fund, group = client_for(grant.manager), client_for(grant.signer)
    page = group.get(f"/en/outcomes/{outcome.id}").text
    assert "through the night" in page

    assert group.post(f"/en/outcomes/{outcome.id}", data=answer).status_code == 302

    assert says in group.get(f"/en/awards/{grant.award.id}").text
    grid, file = (
        fund.get(of_call(grant, f"themes?theme={sleep.id}")).text,
        fund.get(of_call(grant, "outcomes.csv")),
    )
    for words in (WORDS.changed, OWN_WORDS.changed):
        assert (words in grid, words in file.text) == (words == in_grid, words == in_grid)
    listed = fund.get(of_call(grant, "outcomes")).text
    assert WORDS.changed in listed
    assert answer.get("objection", "") in listed


@pytest.mark.parametrize(
    ("names_group", "is_confidential", "written"),
    [(True, False, "Casa Sur"), (False, False, ""), (True, True, "confidential")],
)
def test_file_names_only_groups_that_said_so_and_no_confidential_one(
    grant, sleep, client_for, names_group, is_confidential, written
):
    with unit_of_work():
        grant.award.organisation.name = "Casa Sur"
        grant.award.organisation.is_confidential = is_confidential
    confirm(grant, harvest(grant, sleep), names_group=names_group)

    file = client_for(grant.manager).get(of_call(grant, "outcomes.csv")).text

    [row] = csv.DictReader(StringIO(file.removeprefix("\ufeff")))
    assert (row["group"], "Casa Sur" in file) == (written, written == "Casa Sur")


def test_other_words_are_whole_and_none_typed_is_lost(grant, outcome, client_for):
    group = client_for(grant.signer)

    half = group.post(
        f"/en/outcomes/{outcome.id}",
        data={"answer": "other_words", "changed": OWN_WORDS.changed, "for_whom": " ", "contribution": "x"},
    )

    assert half.status_code == 422
    assert "Write this part too" in half.text
    assert OWN_WORDS.changed in half.text
    assert group.post(f"/en/outcomes/{outcome.id}").status_code == 422


def test_only_whoever_may_sign_for_the_group_answers(grant, outcome, client_for):
    writer = OrganisationMemberFactory(organisation=grant.award.organisation, right=MemberRight.EDIT).user

    assert client_for(writer).get(f"/en/outcomes/{outcome.id}").status_code == 404
    assert WORDS.changed in client_for(writer).get(f"/en/awards/{grant.award.id}").text
    assert client_for(grant.manager).get(f"/en/outcomes/{outcome.id}").status_code == 404


def test_fund_takes_an_outcome_back_and_a_late_answer_is_told_so(grant, outcome, client_for):
    fund, group = client_for(grant.manager), client_for(grant.signer)
    back = f"/en/fund/outcomes/{outcome.id}/take-back"

    assert fund.post(back).status_code == 302
    assert fund.post(back).status_code == 409
    late = group.post(f"/en/outcomes/{outcome.id}", data={"answer": "yes"})

    assert late.status_code == 409
    assert "This is no longer possible." in late.text
    assert WORDS.changed not in group.get(f"/en/awards/{grant.award.id}").text
    with pytest.raises(Exception, match="take_back"), unit_of_work():
        take_outcome_back(outcome, actor=grant.manager, now=utcnow())


def test_pages_ask_the_same_number_of_queries_for_more_outcomes(grant, sleep, client_for, count_queries):
    fund, group, numbers = client_for(grant.manager), client_for(grant.signer), []
    for _more in range(3):
        confirm(grant, harvest(grant, sleep))
        with count_queries() as queries:
            fund.get(of_call(grant, "outcomes"))
            fund.get(of_call(grant, f"themes?theme={sleep.id}"))
            group.get(f"/en/awards/{grant.award.id}")
        numbers.append(queries.number)

    assert numbers[0] == numbers[-1]
