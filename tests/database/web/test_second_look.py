"""What could lead to a person is shown before it is sent or right after it is saved, and never refused."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from fundapp.models.application import Answer, Application, Clarification
from fundapp.models.monitoring import CheckIn
from tests.factories import (
    ApplicationFactory,
    AwardFactory,
    CheckInFactory,
    ClarificationFactory,
    OrganisationMemberFactory,
)

ClientFor = Callable[[Any], FlaskClient]
TEXT = "We meet at E8 1AB, ring ٠٧٧٠٠ ٩٠٠١٢٣."


def member_of(application: Application) -> Any:
    return OrganisationMemberFactory(organisation=application.organisation).user


def shown(page: Any) -> list[str]:
    return re.findall(r'<b><bdi dir="auto">(.*?)</bdi></b>', page.text)


def field_values(page: Any, name: str) -> list[str]:
    return re.findall(rf'name="{name}" value="([^"]*)"', page.text)


@pytest.fixture
def draft(db_session: Any) -> Application:
    return ApplicationFactory()


def save(browser: FlaskClient, draft: Application, text: str, **more: Any) -> Any:
    return browser.post(
        f"/en/applications/{draft.id}/questions/S1",
        data={"S1": text, "answer_language": "en", "rev": more.pop("rev", "0"), "once": "a", **more},
    )


def test_saved_answer_is_stored_and_its_details_are_shown_once(
    client_for: ClientFor, draft: Application, db_session: Any
) -> None:
    browser = client_for(member_of(draft))

    first = save(browser, draft, TEXT)
    (rev,) = field_values(first, "rev")
    second = save(browser, draft, f"{TEXT} Thank you.", rev=rev, once="b", seen=field_values(first, "seen"))

    stored = db_session.execute(sa.select(Answer.value)).scalar_one()
    assert (first.status_code, shown(first)) == (200, ["E8 1AB", "٠٧٧٠٠ ٩٠٠١٢٣"])
    assert "Saved. Please look once more" in first.text
    assert (second.status_code, stored) == (302, f"{TEXT} Thank you.")


def test_new_detail_is_shown_beside_one_that_was_seen(client_for: ClientFor, draft: Application) -> None:
    page = save(client_for(member_of(draft)), draft, f"{TEXT} N1 2QD", seen=["E8 1AB", "٠٧٧٠٠ ٩٠٠١٢٣"])

    assert shown(page) == ["N1 2QD"]
    assert set(field_values(page, "seen")) == {"E8 1AB", "N1 2QD", "٠٧٧٠٠ ٩٠٠١٢٣"}


def test_answer_with_sums_and_dates_goes_on(client_for: ClientFor, draft: Application) -> None:
    page = save(client_for(member_of(draft)), draft, "On 16/03/2027 we paid £2,500.00 for E8 and N1.")

    assert page.status_code == 302


def test_saving_by_script_says_what_it_saw(client_for: ClientFor, draft: Application) -> None:
    page = client_for(member_of(draft)).post(
        f"/en/applications/{draft.id}/questions/S1/autosave",
        data={"S1": TEXT, "answer_language": "en", "rev": "0", "once": "a", "autosave": "yes"},
    )

    assert (
        page.json["say"]
        == "This could lead somebody to a person or a place: \u2068E8 1AB\u2069, \u2068٠٧٧٠٠ ٩٠٠١٢٣\u2069"
    )


def test_reply_to_the_fund_is_shown_before_it_is_sent(client_for: ClientFor, db_session: Any) -> None:
    clarification: Clarification = ClarificationFactory()
    browser = client_for(member_of(clarification.application))
    path = f"/en/applications/{clarification.application_id}/fund-questions/{clarification.id}"

    first = browser.post(path, data={"answer": TEXT})
    db_session.refresh(clarification)
    before = clarification.answer
    second = browser.post(path, data={"answer": TEXT, "seen": field_values(first, "seen")})
    db_session.refresh(clarification)

    assert (first.status_code, before, shown(first)) == (200, None, ["E8 1AB", "٠٧٧٠٠ ٩٠٠١٢٣"])
    assert TEXT in first.text
    assert (second.status_code, clarification.answer) == (302, TEXT)


def test_reply_after_that_of_another_member_is_shown_again(client_for: ClientFor, db_session: Any) -> None:
    """Both had the page open; what is written second goes nowhere, and its writer can copy it."""
    clarification: Clarification = ClarificationFactory()
    path = f"/en/applications/{clarification.application_id}/fund-questions/{clarification.id}"
    first, second = (client_for(member_of(clarification.application)) for _each in range(2))
    first.post(path, data={"answer": "Seven people."})

    private, other, same = (
        second.post(path, data={"answer": text}) for text in (TEXT, "Nine people.", "Seven people.")
    )

    assert [page.status_code for page in (private, other, same)] == [409, 409, 302]
    assert (TEXT in private.text, "Nine people." in other.text) == (True, True)
    assert ("Seven people." in private.text, "Please look once more" in private.text) == (True, False)
    db_session.refresh(clarification)
    assert clarification.answer == "Seven people."


def test_message_to_the_fund_is_shown_before_it_is_sent(
    client_for: ClientFor, draft: Application, db_session: Any
) -> None:
    browser, path = client_for(member_of(draft)), f"/en/applications/{draft.id}/messages"

    first = browser.post(path, data={"text": TEXT, "once": "a"})
    before = browser.get(path).text
    second = browser.post(path, data={"text": TEXT, "once": "a", "seen": field_values(first, "seen")})

    assert (first.status_code, shown(first), TEXT in before) == (200, ["E8 1AB", "٠٧٧٠٠ ٩٠٠١٢٣"], False)
    assert (second.status_code, TEXT in browser.get(path).text) == (302, True)


def test_conversation_is_shown_before_it_is_sent(client_for: ClientFor, db_session: Any) -> None:
    check_in: CheckIn = CheckInFactory(award=AwardFactory(active=True))
    browser = client_for(member_of(check_in.award.application))
    path = f"/en/check-ins/{check_in.id}"
    name = re.findall(r'<textarea[^>]* name="([^"]+)"', browser.get(path).text)[0]

    first = browser.post(path, data={name: TEXT, "answer_language": "en"})
    second = browser.post(
        path, data={name: TEXT, "answer_language": "en", "seen": field_values(first, "seen")}
    )
    db_session.refresh(check_in)

    assert (first.status_code, shown(first)) == (200, ["E8 1AB", "٠٧٧٠٠ ٩٠٠١٢٣"])
    assert (second.status_code, TEXT in check_in.answers.values()) == (302, True)
