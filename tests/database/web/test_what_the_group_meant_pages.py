"""A question goes to a group in its language, its answer to readers in theirs, and it can say "not this"."""

from __future__ import annotations

import re
from typing import Any

import pytest

from fundapp.db import db
from fundapp.lifecycles import ApplicationStatus
from fundapp.models.fund import FundRoleKind
from fundapp.models.translation import AnswerTranslation, ClarificationTranslation
from tests.database.web.test_panel_pages import give, sheet_url, text
from tests.factories import (
    AnswerFactory,
    AnswerTranslationFactory,
    ClarificationFactory,
    FundRoleFactory,
    OrganisationMemberFactory,
    PanelFactory,
    PanelSeatFactory,
    days,
)


class Asked:
    """A group that writes Arabic, a reader who does not, and the secretary between them."""

    def __init__(self) -> None:
        self.assignment = give(PanelSeatFactory(panel=PanelFactory()), language="ar")
        self.application = self.assignment.application
        self.answer = AnswerFactory(
            application=self.application, question_key="Q2", value="نحن دائرة.", language="ar"
        )
        self.clarification = ClarificationFactory(
            application=self.application,
            question_key="Q2",
            question="What is a circle?",
            answer="كل النساء معًا.",
            answered_at=days(-1),
        )
        self.member = OrganisationMemberFactory(organisation=self.application.organisation).user
        fund = self.application.call.fund
        self.manager = FundRoleFactory(fund=fund, kind=FundRoleKind.MANAGER).user
        self.staff_url = f"/en/fund/applications/{self.application.id}/fund-questions/{self.clarification.id}"
        self.own_url = f"/en/applications/{self.application.id}"


@pytest.fixture
def asked(db_session: Any) -> Asked:
    return Asked()


def rev_of(page: Any) -> str:
    found = re.search(r'name="rev" value="([^"]*)"', page.text)
    assert found
    return found[1]


def test_question_reaches_the_group_and_the_answer_the_readers_each_in_their_language(
    client_for: Any, asked: Asked
) -> None:
    manager, group, reader = map(client_for, (asked.manager, asked.member, asked.assignment.seat.user))
    made = {"made_by": "machine", "made_by_name": "Lingua 3"}

    links = manager.get(f"/en/fund/rounds/{asked.application.round_id}/questions").text
    form = manager.get(f"{asked.staff_url}/translation/question")
    question = manager.post(
        f"{asked.staff_url}/translation/question",
        data={"rev": rev_of(form), "language": "ar", "text": "ما معنى دائرة؟", **made},
    )
    answer = manager.post(
        f"{asked.staff_url}/translation/answer",
        data={"rev": "0", "language": "en", "text": "All women together.", "made_by": "staff"},
    )
    seen = text(group.get(f"{asked.own_url}/fund-questions/{asked.clarification.id}"))
    read = text(reader.get(sheet_url(asked.assignment, "C1")))

    assert all(f"/translation/{part}" in links for part in ("question", "answer"))
    assert (question.status_code, answer.status_code) == (302, 302)
    assert "ما معنى دائرة؟" in seen
    assert "A program translated this" in seen
    assert "All women together." in read
    assert "The fund translated this. Nobody has checked it yet." in read


def test_group_sees_its_translations_and_says_what_it_meant(client_for: Any, asked: Asked) -> None:
    kept = AnswerTranslationFactory(answer=asked.answer, language="en", text="We are a ring.")
    group, reader = client_for(asked.member), client_for(asked.assignment.seat.user)
    address = f"{asked.own_url}/translations/{kept.id}"

    way = group.get(asked.own_url).text
    shown = text(group.get(f"{asked.own_url}/translations"))
    form = group.get(address)
    empty = group.post(address, data={"rev": rev_of(form), "objection": " ", "correction": ""})
    said = group.post(address, data={"rev": rev_of(form), "objection": "نقصد الجلوس معًا.", "correction": ""})
    stale = group.post(address, data={"rev": rev_of(form), "objection": "Late", "correction": ""})
    read = text(reader.get(sheet_url(asked.assignment, "C1")))
    group.post(
        address,
        data={"rev": rev_of(group.get(address)), "objection": "", "correction": "We sit in a circle."},
    )
    after = text(reader.get(sheet_url(asked.assignment, "C1")))

    assert f"{asked.own_url}/translations" in way
    assert ("We are a ring." in shown, "نحن دائرة." in shown, "Inés Prado" in shown) == (True, True, True)
    assert (empty.status_code, said.status_code, stale.status_code) == (422, 302, 409)
    assert "Late" in stale.text
    assert "The group says: this is not what we meant" in read
    assert "نقصد الجلوس معًا." in read
    assert ("We sit in a circle." in after, "We are a ring." in after) == (True, False)
    assert "The group translated this." in after
    assert "this is not what we meant" not in after


def test_page_says_that_the_panel_has_read_the_translation(client_for: Any, asked: Asked) -> None:
    kept = AnswerTranslationFactory(answer=asked.answer, language="en", text="We are a ring.")
    group, address = client_for(asked.member), f"{asked.own_url}/translations/{kept.id}"
    form = group.get(address)
    asked.application.status = ApplicationStatus.AT_PANEL
    db.session.flush()

    late = group.post(address, data={"rev": rev_of(form), "objection": "نقصد", "correction": "A circle."})
    shown = group.get(address)
    words = group.post(address, data={"rev": rev_of(shown), "objection": "نقصد", "correction": ""})

    assert (late.status_code, "A circle." in late.text, "نقصد" in late.text) == (409, True, True)
    assert "Write what you meant in the first box" in text(late)
    assert 'name="correction"' not in shown.text
    assert "What you write above stands beside it." in text(shown)
    assert words.status_code == 302
    assert (kept.text, kept.objection) == ("We are a ring.", "نقصد")


def test_translation_of_another_group_cannot_be_reached(client_for: Any, asked: Asked) -> None:
    other = AnswerTranslationFactory()
    group, stranger = client_for(asked.member), client_for(OrganisationMemberFactory().user)
    data = {"rev": "0", "objection": "No", "correction": ""}

    assert group.post(f"{asked.own_url}/translations/{other.id}", data=data).status_code == 404
    assert stranger.get(f"{asked.own_url}/translations").status_code == 404
    assert db.session.query(AnswerTranslation).filter(AnswerTranslation.objection != "").count() == 0


def test_part_that_is_none_is_no_page(client_for: Any, asked: Asked) -> None:
    manager = client_for(asked.manager)

    assert manager.get(f"{asked.staff_url}/translation/whole").status_code == 404
    assert db.session.query(ClarificationTranslation).count() == 0
