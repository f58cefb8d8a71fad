"""The open-data file on the web: for everybody, once everybody has been told."""

from __future__ import annotations

from fundapp.db import unit_of_work
from tests.factories import AwardFactory, CallFactory, GrantPublicationFactory, RatificationFactory


def test_file_is_there_for_anybody_once_groups_have_been_told(client):
    call = CallFactory(closed=True)
    award = AwardFactory(application__call=call)
    GrantPublicationFactory(award=award)
    ratification = RatificationFactory(round=call.rounds[0])
    assert client.get(f"/open-data/{call.code}.json").status_code == 404

    with unit_of_work():
        ratification.released_at = ratification.created_at
    page = client.get(f"/open-data/{call.code}.json")

    assert page.status_code == 200
    assert page.mimetype == "application/json"
    assert [grant["id"] for grant in page.get_json()["grants"]] == [award.public_id]


def test_file_of_an_unknown_or_hidden_call_is_not_found(client):
    hidden = CallFactory(status="draft")

    for code in ("NONE", hidden.code):
        assert client.get(f"/open-data/{code}.json").status_code == 404
