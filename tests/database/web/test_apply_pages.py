"""The applicant's pages through HTTP: start, write, save, check, send, receipt."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

import pytest
import sqlalchemy as sa

from fundapp.clock import utcnow
from fundapp.db import db
from fundapp.lifecycles import ApplicationStatus
from fundapp.models.application import Answer, AnswerRevision, Application, PartnerShare
from fundapp.models.codesign import PointShowing
from fundapp.models.message import Message
from fundapp.models.organisation import MemberRight, Organisation
from fundapp.models.user import UserSession
from fundapp.queries.applications import definition_for
from fundapp.queries.codesign import list_points
from fundapp.services.applications import decline_application
from fundapp.services.codesign import take_from_file
from fundapp.services.events import seal
from tests.database.services.test_apply_applications import EOI, FULL, PASSING, answered
from tests.factories import (
    AnswerFactory,
    ApplicationFactory,
    CallFactory,
    ClarificationFactory,
    FeedbackFactory,
    OrganisationMemberFactory,
    UserFactory,
    days,
)


@pytest.fixture
def writer(db_session):
    return UserFactory()


@pytest.fixture
def browser(client_for, writer):
    return client_for(writer)


def own(application: Application, writer, right: MemberRight = MemberRight.SUBMIT) -> Application:
    OrganisationMemberFactory(organisation=application.organisation, user=writer, right=right)
    db.session.flush()
    return application


def address(application: Application, key: str = "S1", language: str = "en") -> str:
    return f"/{language}/applications/{application.id}/questions/{key}"


def remember_check(writer, call, answers: dict[str, object]) -> None:
    """What the eligibility check leaves in the session of this person's browser."""
    row = db.session.execute(sa.select(UserSession).where(UserSession.user_id == writer.id)).scalar_one()
    row.data = row.data | {f"eligibility:{call.code}": answers}


def answer(application: Application, key: str = "S1") -> tuple[object, int] | None:
    query = sa.select(Answer.value, Answer.rev).where(
        Answer.application_id == application.id, Answer.question_key == key
    )
    row = db.session.execute(query).one_or_none()
    return tuple(row) if row else None


def texts_ever_saved(application: Application) -> set[object]:
    query = sa.select(AnswerRevision.value).where(AnswerRevision.application_id == application.id)
    return {json.dumps(value) for value in db.session.execute(query).scalars()}


@contextmanager
def counted_queries() -> Iterator[list[str]]:
    seen: list[str] = []

    def note(_connection, _cursor, statement, *_rest):
        if not statement.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "PRAGMA")):
            seen.append(statement)

    engine = db.engine if isinstance(db.engine, sa.Engine) else db.engine.engine
    sa.event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        sa.event.remove(engine, "before_cursor_execute", note)


def test_start_names_a_group_and_opens_the_first_question(browser, writer):
    call = CallFactory()
    remember_check(writer, call, PASSING)

    page = browser.post(
        f"/es/calls/{call.code}/start",
        data={
            "name": "Mujeres Unidas",
            "legal_form": "unconstituted",
            "borough": "Hackney",
            "migrant_led": "yes",
            "once": "page",
        },
    )

    application = db.session.execute(sa.select(Application)).scalar_one()
    assert page.status_code == 302
    assert page.location == f"/es/applications/{application.id}/questions/S1"
    assert application.language == "es"
    organisation = application.organisation
    assert (organisation.name, organisation.borough, organisation.annual_income) == (
        "Mujeres Unidas",
        "Hackney",
        10000,
    )


def test_start_posted_three_times_makes_one_group_and_one_application(browser, writer):
    call = CallFactory()
    remember_check(writer, call, PASSING)

    for _time in range(3):
        browser.post(f"/en/calls/{call.code}/start", data={"name": "Sisters", "once": "page"})

    assert db.session.execute(sa.select(sa.func.count(Organisation.id))).scalar_one() == 1
    assert db.session.execute(sa.select(sa.func.count(Application.id))).scalar_one() == 1


def test_start_without_a_name_says_so_and_keeps_the_rest(browser, writer):
    call = CallFactory()
    remember_check(writer, call, PASSING)

    page = browser.post(f"/en/calls/{call.code}/start", data={"borough": "Hackney"})

    assert page.status_code == 422
    assert "Write the name of your group." in page.text
    assert re.search(r'value="Hackney"\s+selected|selected\s+value="Hackney"', page.text)


def test_start_without_the_check_leads_to_the_check(browser):
    call = CallFactory()

    page = browser.get(f"/en/calls/{call.code}/start")

    assert f"/en/calls/{call.code}/check" in page.text
    assert browser.post(f"/en/calls/{call.code}/start", data={"name": "Sisters"}).status_code == 200
    assert db.session.execute(sa.select(sa.func.count(Application.id))).scalar_one() == 0


def test_start_without_sign_in_asks_to_sign_in(client):
    call = CallFactory()

    page = client.get(f"/en/calls/{call.code}/start")

    assert page.status_code == 302
    assert "/en/sign-in" in page.location


def test_start_for_somebody_elses_group_is_refused(browser, writer):
    call, other = CallFactory(), ApplicationFactory().organisation
    remember_check(writer, call, PASSING)
    own(ApplicationFactory(), writer)

    page = browser.post(f"/en/calls/{call.code}/start", data={"group": str(other.id)})

    assert page.status_code == 422


def test_task_list_shows_sections_deadline_and_minutes(browser, writer):
    application = own(ApplicationFactory(), writer)

    page = browser.get(f"/en/applications/{application.id}")

    assert page.status_code == 200
    assert "Expression of interest" in page.text
    assert "(London time)" in page.text
    assert "minutes more to read and write" in page.text


def test_question_is_saved_with_its_language_and_leads_to_the_next(browser, writer):
    application = own(ApplicationFactory(), writer)

    page = browser.post(
        address(application),
        data={"S1": "نحن نساء من هاكني", "answer_language": "ar", "rev": "0", "once": "a", "go": "next"},
    )

    assert page.location == address(application, "S2")
    row = db.session.execute(sa.select(Answer)).scalar_one()
    assert (row.value, row.language, row.rev, row.saved_by_id) == ("نحن نساء من هاكني", "ar", 1, writer.id)


def test_empty_question_is_saved_without_complaint(browser, writer):
    application = own(ApplicationFactory(), writer)

    page = browser.post(address(application), data={"S1": "", "rev": "0", "once": "a"})

    assert page.status_code == 302
    assert answer(application) is None


def test_question_posted_twenty_times_makes_one_change(browser, writer):
    application = own(ApplicationFactory(), writer)

    statuses = {
        browser.post(address(application), data={"S1": "Once", "rev": "0", "once": "a"}).status_code
        for _time in range(20)
    }

    assert statuses == {302}
    assert answer(application) == ("Once", 1)
    assert texts_ever_saved(application) == {'"Once"'}


def test_stale_second_tab_shows_both_texts_and_loses_neither(browser, writer):
    application = own(ApplicationFactory(), writer)
    browser.post(address(application), data={"S1": "First tab", "rev": "0", "once": "a"})

    page = browser.post(address(application), data={"S1": "Second tab", "rev": "0", "once": "b"})

    assert page.status_code == 409
    assert "First tab" in page.text
    assert "Second tab" in page.text
    assert answer(application) == ("First tab", 1)
    assert texts_ever_saved(application) == {'"First tab"', '"Second tab"'}


def test_text_chosen_after_a_conflict_becomes_the_answer(browser, writer):
    application = own(ApplicationFactory(), writer)
    browser.post(address(application), data={"S1": "First tab", "rev": "0", "once": "a"})
    page = browser.post(address(application), data={"S1": "Second tab", "rev": "0", "once": "b"})
    rev = re.search(r'name="rev" value="(\d+)"', page.text).group(1)

    browser.post(address(application), data={"S1": "Both tabs", "rev": rev, "once": "c"})

    assert answer(application) == ("Both tabs", 2)


@pytest.mark.parametrize("rev", ["", "x", "-1", str(2**70), "٢", "1" * 10_000])
def test_rev_that_cannot_be_read_overwrites_nothing(browser, writer, rev):
    application = own(ApplicationFactory(), writer)
    browser.post(address(application), data={"S1": "Saved", "rev": "0", "once": "a"})

    page = browser.post(address(application), data={"S1": "Other", "rev": rev, "once": "b"})

    assert page.status_code == 409
    assert answer(application) == ("Saved", 1)


@pytest.mark.parametrize(
    ("key", "typed"),
    [
        ("S3_amount", "a lot"),
        ("S3_amount", str(2**70)),
        ("S3_amount", "12,34,5"),
        ("S3", "Z"),
        ("S1", "x" * 10_240),
        ("S1", "with\x00nothing"),
        ("S1", "half \ufffd a letter"),  # what browsers send for a lone surrogate
    ],
)
def test_bad_input_comes_back_with_an_error_and_everything_typed(browser, writer, key, typed):
    application = own(ApplicationFactory(), writer)

    page = browser.post(address(application, key), data={key: typed, "rev": "0", "once": "a"})

    assert page.status_code == 422
    assert "<title>Error:" in page.text
    assert f'href="#{key}' in page.text
    assert key == "S3" or re.sub("[\x00\ufffd]", "", typed) in page.text


def test_bytes_that_are_no_text_are_no_fault_of_ours(browser, writer):
    application = own(ApplicationFactory(), writer)

    for content_type in ("application/x-www-form-urlencoded", "multipart/form-data"):
        data = {"S1": b"half \xed\xa0\x80 a letter", "rev": "0", "once": "a"}
        page = browser.post(address(application), data=data, content_type=content_type)
        assert page.status_code in (302, 422, 409)
    assert "half" in answer(application)[0]


@pytest.mark.parametrize(
    ("typed", "pounds"),
    [("٤٠٬٠٠٠", "40000.00"), ("£ 40 000", "40000.00"), ("৪০০০০", "40000.00"), ("40,000.5", "40000.50")],
)
def test_amount_is_read_in_any_digits(browser, writer, typed, pounds):
    application = own(ApplicationFactory(), writer)

    browser.post(address(application, "S3_amount", "ar"), data={"S3_amount": typed, "rev": "0", "once": "a"})

    assert answer(application, "S3_amount") == (pounds, 1)
    assert str(application.amount_requested) == pounds


@pytest.mark.parametrize("tag", ["xx", "../", "prs" * 4_000, "en\x00"])
def test_unknown_language_of_an_answer_is_refused_but_the_text_is_kept(browser, writer, tag):
    application = own(ApplicationFactory(), writer)

    page = browser.post(
        address(application), data={"S1": "Kept", "answer_language": tag, "rev": "0", "once": "a"}
    )

    assert page.status_code == 422
    assert answer(application) == ("Kept", 1)


@pytest.mark.parametrize(
    "path",
    ["/xx/applications/{id}", "/en/applications/{id}/questions/NO", "/en/applications/{id}/questions/Q1"],
)
def test_unknown_language_or_question_is_no_page(browser, writer, path):
    application = own(ApplicationFactory(), writer)

    assert browser.get(path.format(id=application.id)).status_code == 404


def test_too_many_words_are_saved_with_a_warning(browser, writer):
    application = own(ApplicationFactory(), writer)
    text = " ".join(["word"] * 111)

    page = browser.post(address(application), data={"S1": text, "rev": "0", "once": "a"})

    assert page.status_code == 200
    assert "111 words" in page.text
    assert answer(application) == (text, 1)


def test_ten_per_cent_more_words_are_let_through(browser, writer):
    application = own(ApplicationFactory(), writer)

    page = browser.post(address(application), data={"S1": " ".join(["word"] * 110), "rev": "0", "once": "a"})

    assert page.status_code == 302


def test_autosave_answers_with_the_rev_after_storing(browser, writer):
    application = own(ApplicationFactory(), writer)

    first = browser.post(f"{address(application)}/autosave", data={"S1": "Half", "rev": "0", "once": "a"})
    press = browser.post(address(application), data={"S1": "Half and whole", "rev": "0", "once": "a"})
    late = browser.post(f"{address(application)}/autosave", data={"S1": "Half a", "rev": "1", "once": "a"})

    assert (first.status_code, first.json["rev"]) == (200, 1)
    assert press.status_code == 302
    assert late.status_code == 409
    assert answer(application) == ("Half and whole", 2)


def test_autosave_of_something_unreadable_is_not_acknowledged(browser, writer):
    application = own(ApplicationFactory(), writer)

    reply = browser.post(
        f"{address(application, 'S3_amount')}/autosave", data={"S3_amount": "lots", "rev": "0", "once": "a"}
    )

    assert reply.status_code == 422


def test_budget_with_half_a_line_is_kept_and_shown_again(browser, writer):
    application = own(ApplicationFactory(full=True), writer)
    lines = {"Q8-0-what": "Rent", "Q8-0-amount": "1200", "Q8-1-what": "Phone", "Q8-1-amount": ""}

    page = browser.post(address(application, "Q8"), data=lines | {"rev": "0", "once": "a"})

    assert page.status_code == 422
    assert answer(application, "Q8") == (
        [{"what": "Rent", "amount": "1200.00"}, {"what": "Phone", "amount": ""}],
        1,
    )


def test_question_shows_the_point_behind_it(browser, writer):
    application = own(ApplicationFactory(), writer)

    page = browser.get(address(application))

    assert "Somebody said:" in page.text


def test_point_that_the_fund_tells_in_its_own_words_is_shown_in_these(browser, writer):
    application = own(ApplicationFactory(), writer)
    point = definition_for(application).points_behind("question:S1")[0]
    words = point.said.in_language("en")
    assert words in html.unescape(browser.get(address(application)).text)
    take_from_file(application.call, definition_for(application), now=utcnow())
    db.session.flush()
    row = next(each for each in list_points(application.call) if each.key == point.key)
    row.showing, row.retold = PointShowing.OUR_WORDS, {"en": "Told by the fund."}
    db.session.commit()

    page = html.unescape(browser.get(address(application)).text)

    assert ("Told by the fund." in page, words in page) == (True, False)


def test_check_page_lists_what_is_missing_with_links(browser, writer):
    application = own(answered({"S1": "Women of Hackney."}, amount_requested=None), writer)

    page = browser.get(f"/en/applications/{application.id}/check")

    assert "These answers are still missing" in page.text
    for key in ("S2", "S3", "S3_amount"):
        assert f"{address(application, key)}?back=check" in page.text


def test_submit_gives_a_receipt_once(browser, writer):
    application = own(answered(EOI), writer)

    pages = [browser.post(f"/en/applications/{application.id}/submit") for _time in range(20)]

    assert {page.location for page in pages} == {f"/en/applications/{application.id}/receipt"}
    receipt = browser.get(pages[0].location)
    assert application.receipt in receipt.text
    assert db.session.execute(sa.select(Message.kind)).scalars().all() == ["application_received"]


def test_submit_with_gaps_is_refused_with_a_summary(browser, writer):
    application = own(answered({"S1": "Women of Hackney."}, amount_requested=None), writer)

    page = browser.post(f"/en/applications/{application.id}/submit")

    assert page.status_code == 422
    assert 'href="#answer-S2"' in page.text
    assert 'id="answer-S2"' in page.text


def test_submit_after_the_grace_is_refused_in_words(browser, writer):
    application = own(answered(EOI, call=CallFactory(opens_at=days(-33))), writer)

    page = browser.post(f"/en/applications/{application.id}/submit")

    assert page.status_code == 409
    assert "The deadline has passed" in page.text
    assert application.status is ApplicationStatus.DRAFT


def test_member_who_may_only_edit_cannot_send(browser, writer):
    application = own(answered(EOI), writer, MemberRight.EDIT)

    check = browser.get(f"/en/applications/{application.id}/check")
    page = browser.post(f"/en/applications/{application.id}/submit")

    assert "Somebody of your group who may send it must do the last step." in check.text
    assert page.status_code == 403


def test_stranger_sees_nothing(browser):
    application = answered(EOI)

    for path in ("", "/check", "/receipt", "/questions/S1", "/withdraw", "/copy.txt", "/copy.json"):
        assert browser.get(f"/en/applications/{application.id}{path}").status_code == 404
    assert browser.get(f"/en/applications/{uuid4()}").status_code == 404


def test_withdraw_asks_first(browser, writer):
    application = own(answered(EOI), writer)
    path = f"/en/applications/{application.id}/withdraw"

    assert "Take your application back" in browser.get(path).text
    assert application.status is ApplicationStatus.DRAFT
    browser.post(path)
    db.session.refresh(application)

    assert application.status is ApplicationStatus.WITHDRAWN


def test_copy_holds_everything_typed(browser, writer):
    application = own(answered(EOI), writer)

    text = browser.get(f"/en/applications/{application.id}/copy.txt")
    data = browser.get(f"/en/applications/{application.id}/copy.json")

    assert "Women of Hackney." in text.text
    assert {each["question"]: each["answer"] for each in data.json["answers"]} == EOI
    assert text.headers["Content-Disposition"] == 'attachment; filename="copy.txt"'


def test_sent_application_is_shown_but_not_asked_again(browser, writer):
    application = own(answered(EOI, eoi_sent=True), writer)

    page = browser.get(f"/en/applications/{application.id}")

    assert "You have sent it." in page.text
    assert browser.get(address(application)).location == f"/en/applications/{application.id}"
    assert browser.post(address(application), data={"S1": "Late", "rev": "0", "once": "a"}).status_code == 409


@pytest.mark.parametrize("language", ["en", "es", "ar", "uk"])
def test_pages_open_in_every_language(browser, writer, language):
    application = own(answered(EOI), writer)

    for path in ("", "/check", "/questions/S1", "/questions/S3", "/questions/S3_amount", "/withdraw"):
        page = browser.get(f"/{language}/applications/{application.id}{path}")
        assert page.status_code == 200
        assert page.text.count("<h1") == 1
        assert f'lang="{language}"' in page.text


def test_question_says_who_reads_the_answer_and_what_for(browser, writer):
    application = own(answered(EOI), writer)
    definition = definition_for(application)

    page = browser.get(f"/en/applications/{application.id}/questions/S1").text

    assert "The fund reads this." in page
    assert "It is used for: who is invited to the second stage." in page
    full = own(answered(FULL, full=True), writer)
    page = browser.get(f"/en/applications/{full.id}/questions/Q2").text
    assert "The fund and the panel&#39;s readers read this." in page
    assert f"It is scored under: {definition.criterion('C1').title.in_language('en')}." in page


PAGES = ("", "/check", "/questions/S1", "/questions/S3", "/withdraw", "/copy.txt")


@pytest.mark.parametrize("path", PAGES)
def test_page_needs_at_most_six_queries_however_many_applications_there_are(browser, writer, path):
    first = own(answered(EOI), writer)
    where = f"/en/applications/{first.id}{path}"
    browser.get(where)
    with counted_queries() as with_one:
        browser.get(where)
    for _number in range(3):
        own(answered(EOI), writer)
        answered(EOI, call=first.call)

    with counted_queries() as with_more:
        browser.get(where)

    assert len(with_one) == len(with_more) <= 6, with_more


def test_partner_shares_are_asked_of_partnerships_only(browser, writer):
    single = own(ApplicationFactory(full=True), writer)
    partners = own(ApplicationFactory(full=True), writer)
    AnswerFactory(application=single, question_key="S3", value="A")
    AnswerFactory(application=partners, question_key="S3", value="B")

    assert browser.get(address(single, "Q11_shares")).status_code == 404
    assert browser.get(address(partners, "Q11_shares")).status_code == 200
    assert db.session.execute(sa.select(sa.func.count(PartnerShare.id))).scalar_one() == 0


@pytest.mark.parametrize("status", ["in_principle", "reserve", "declined"])
def test_decision_is_hidden_until_everybody_is_told(browser, writer, status):
    application = own(ApplicationFactory(submitted=True, status=ApplicationStatus(status)), writer)
    path = f"/en/applications/{application.id}"

    before = browser.get(path)
    refused = browser.post(f"{path}/withdraw")
    application.group_told_at = days(0)
    FeedbackFactory(application=application, strengths="Women decide.", to_improve="Add rent.")
    after = browser.get(path)

    assert "The panel is talking about it." in before.text
    assert refused.status_code == 409
    assert "The panel is talking about it." not in after.text
    assert "Women decide." in after.text


def test_who_may_only_read_gets_no_ticket_on_the_receipt(browser, writer):
    application = ApplicationFactory(submitted=True)
    OrganisationMemberFactory(organisation=application.organisation, user=writer, right=MemberRight.VIEW)
    path = f"/en/applications/{application.id}/receipt"

    assert "/after-sending/" not in browser.get(path).text


def test_no_at_the_first_stage_shows_its_sentence(browser, writer):
    application = own(ApplicationFactory(eoi_sent=True), writer)
    decline_application(application, reason="The work is outside London.", actor=UserFactory(), now=days(0))
    seal()

    page = browser.get(f"/en/applications/{application.id}")

    assert "The work is outside London." in page.text


def test_question_of_the_fund_is_answered_once(browser, writer):
    application = own(ApplicationFactory(submitted=True, status=ApplicationStatus.CLARIFYING), writer)
    question = ClarificationFactory(application=application)
    path = f"/en/applications/{application.id}/fund-questions/{question.id}"

    assert path in browser.get(f"/en/applications/{application.id}").text
    empty = browser.post(path, data={"answer": "  "})
    sent = browser.post(path, data={"answer": "Two women and the treasurer."})

    assert (empty.status_code, sent.status_code) == (422, 302)
    assert question.answer == "Two women and the treasurer."
    assert application.status is ApplicationStatus.IN_REVIEW


@pytest.mark.parametrize("status", ["clarifying", "declined", "in_principle"])
def test_page_after_sending_needs_few_queries_however_many_questions_wait(browser, writer, status):
    told_at = days(0) if status != "clarifying" else None
    options = {"submitted": True, "status": ApplicationStatus(status), "group_told_at": told_at}
    application = own(ApplicationFactory(**options), writer)
    FeedbackFactory(application=application)
    for _number in range(3):
        ClarificationFactory(application=application)
    where = f"/en/applications/{application.id}"
    browser.get(where)

    with counted_queries() as queries:
        browser.get(where)

    assert len(queries) <= 7, queries  # session, person, application, answers, two rights, questions
