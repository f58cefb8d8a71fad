"""Whatever two editors do, in any order: no text is lost and none is written over unseen."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from fundapp.clock import utcnow
from fundapp.db import db
from fundapp.models.application import Answer, AnswerRevision
from fundapp.queries.applications import definition_for
from fundapp.services.answers import save_answer
from tests.factories import ApplicationFactory, UserFactory

EXAMPLES = {"sqlite": 60, "postgresql": 25}  # of 20 steps each: at least 500 edits
STEPS = 20

TEXTS = st.text(alphabet="abcdefgh", min_size=1, max_size=3)
EDITORS = st.sampled_from(("her", "him"))


class TwoEditors(RuleBasedStateMachine):
    """Each editor has a page open: the rev it showed, and its token. It may grow old meanwhile."""

    def __init__(self) -> None:
        super().__init__()
        self.savepoint = db.session.begin_nested()
        self.sent: set[str] = set()
        self.pages: dict[str, tuple[int, str]] = {}
        self.shown: dict[str, set[str | None]] = {}  # texts each editor has seen or written
        self.current: tuple[str | None, int] = (None, 0)
        self.opened = 0

    @initialize()
    def begin(self) -> None:
        self.application = ApplicationFactory()
        self.question = definition_for(self.application).form.question("S1")
        self.people = {"her": UserFactory(), "him": UserFactory()}
        for editor in self.people:
            self.shown[editor] = set()
            self._open(editor)

    @rule(editor=EDITORS)
    def open_the_page(self, editor: str) -> None:
        self._open(editor)

    @rule(editor=EDITORS, text=TEXTS, by_script=st.booleans())
    def save(self, editor: str, text: str, by_script: bool) -> None:
        rev, once = self.pages[editor]
        before, _rev = self.current
        outcome = save_answer(
            self.application,
            self.question,
            text,
            language="en",
            rev=rev,
            once=once,
            actor=self.people[editor],
            now=utcnow(),
            by_script=by_script,
        )
        db.session.flush()
        self.sent.add(text)
        self.shown[editor].add(text)
        after = self._stored()
        if outcome.is_stale:
            assert after == self.current, "a stale save changed the answer"
        else:
            assert after[0] == text, "a save that was acknowledged is not the answer"
            assert before in self.shown[editor] or before in (None, text), (
                "somebody's text was replaced unseen"
            )
            if by_script:  # the page's script notes the new rev
                self.pages[editor] = (outcome.rev, once)
        assert outcome.rev == after[1]
        self.current = after

    def _open(self, editor: str) -> None:
        self.opened += 1
        text, rev = self._stored()
        self.shown[editor].add(text)
        self.pages[editor] = (rev, f"page-{self.opened}")

    def _stored(self) -> tuple[str | None, int]:
        query = sa.select(Answer.value, Answer.rev).where(Answer.application_id == self.application.id)
        row = db.session.execute(query).one_or_none()
        return (row.value, row.rev) if row else (None, 0)

    @invariant()
    def every_text_ever_sent_is_kept(self) -> None:
        if self.sent:
            query = sa.select(AnswerRevision.value).where(
                AnswerRevision.application_id == self.application.id
            )
            assert set(db.session.execute(query).scalars()) == self.sent

    @invariant()
    def history_ends_with_the_answer(self) -> None:
        if self.sent:
            query = sa.select(AnswerRevision.value, AnswerRevision.rev).where(
                AnswerRevision.application_id == self.application.id, AnswerRevision.rev.is_not(None)
            )
            saves = db.session.execute(query.order_by(AnswerRevision.rev)).all()
            assert [rev for _value, rev in saves] == list(range(1, len(saves) + 1))
            assert tuple(saves[-1]) == self.current

    def teardown(self) -> None:
        self.savepoint.rollback()


def test_two_editors_lose_no_text_in_any_order(db_session: Any, engine_name: str) -> None:
    run_state_machine_as_test(
        TwoEditors,
        settings=settings(
            max_examples=EXAMPLES[engine_name],
            stateful_step_count=STEPS,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
