"""What the bank answers to a batch: paid or sent back, line by line, all of a file or nothing of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from fundapp.db import db, lock_row
from fundapp.errors import FundError
from fundapp.lifecycles import RUNNING_GRANTS, AwardStatus
from fundapp.models.award import Award, Instalment
from fundapp.models.payment_batch import PaymentBatch, PaymentLine
from fundapp.models.user import User
from fundapp.money_steps import BatchStatus, LineStatus
from fundapp.payment_file.answer import Answer, AnswerLine, Result
from fundapp.queries.grants import list_clawbacks, most_to_ask_back
from fundapp.queries.payment_batches import get_batch
from fundapp.services.events import move
from fundapp.services.group_messages import tell_about_grant
from fundapp.services.payment_batches import waiting_lines

STATUS = {Result.PAID: LineStatus.PAID, Result.RETURNED: LineStatus.RETURNED}


@dataclass(frozen=True)
class Problem:
    """Why a line of the file cannot be: a code, where it stands, and what it says."""

    code: str
    place: int
    reference: str


class AnswerDoesNotFit(FundError):
    """Nothing of the file was taken; `problems` names each line."""

    code = "answer_does_not_fit"

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(f"{len(problems)} lines")
        self.problems = problems


def take_answer(batch: PaymentBatch, answer: Answer, *, actor: User, now: datetime) -> int:
    """How many lines are new; the same file again changes nothing. Raises AnswerDoesNotFit."""
    for award_id in sorted({line.instalment.award_id for line in batch.lines}):
        lock_row(Award, award_id)
    lock_row(PaymentBatch, batch.id)
    batch = get_batch(batch.id)
    found = _matched(batch, answer)
    news = [(line, said) for line, said in found if line.status is not STATUS[said.result]]
    for line, said in news:
        _settle(line, said, actor=actor, now=now)
    db.session.flush()
    if batch.status is BatchStatus.APPROVED and not waiting_lines(batch):
        move(batch, "settle", actor=actor, now=now)
    return len(news)


def _matched(batch: PaymentBatch, answer: Answer) -> Sequence[tuple[PaymentLine, AnswerLine]]:
    if batch.status not in (BatchStatus.APPROVED, BatchStatus.SETTLED):
        raise AnswerDoesNotFit([Problem("not_sent", 0, "")])
    if answer.order_id and answer.order_id != batch.id.hex:
        raise AnswerDoesNotFit([Problem("other_batch", 0, answer.order_id)])
    if not answer.lines:
        raise AnswerDoesNotFit([Problem("no_news", 0, "")])
    lines = {line.reference: line for line in batch.live_lines}
    said = _for_each(answer.lines, list(lines))
    problems, found, seen = [], [], dict[str, Result]()
    for each in said:
        code = _problem_of(each, lines, seen)
        if code is not None:
            problems.append(Problem(code, each.place, each.reference))
        elif each.reference not in seen:
            seen[each.reference] = each.result
            found.append((lines[each.reference], each))
    if problems:
        raise AnswerDoesNotFit(problems)
    return found


def _for_each(said: Sequence[AnswerLine], references: Sequence[str]) -> Sequence[AnswerLine]:
    """What the bank says of the whole batch, it says of each payment."""
    if len(said) == 1 and not said[0].reference:
        return [AnswerLine(each, said[0].result, said[0].reason) for each in references]
    return said


def _problem_of(said: AnswerLine, lines: Mapping[str, PaymentLine], seen: Mapping[str, Result]) -> str | None:
    line = lines.get(said.reference)
    if line is None:
        return "unknown_reference"
    if seen.get(said.reference, said.result) is not said.result:
        return "said_twice"
    if said.amount is not None and said.amount != line.amount:
        return "other_amount"
    if said.result is Result.PAID and line.status is LineStatus.RETURNED:
        return "returned_before"
    if said.result is Result.RETURNED and line.status is LineStatus.PAID:
        award = line.instalment.award
        if most_to_ask_back(award, list_clawbacks(award)) < line.amount:
            return "asked_back"
    return None


def _settle(line: PaymentLine, said: AnswerLine, *, actor: User, now: datetime) -> None:
    instalment = line.instalment
    db.session.refresh(instalment)
    line.answered_at, line.bank_reason = now, said.reason
    if said.result is Result.PAID:
        move(line, "pay", actor=actor, now=now)
        instalment.paid_by_id, instalment.paid_at = line.batch.made_by_id, now
        move(instalment, "pay", actor=actor, now=now, details={"line": str(line.id)})
        return
    move(line, "return", actor=actor, now=now, details={"bank_reason": said.reason})
    instalment.paid_by_id = instalment.paid_at = instalment.approved_by_id = None
    move(instalment, "return", actor=actor, now=now, details={"line": str(line.id)})
    _after_the_end(instalment, actor=actor, now=now)
    tell_about_grant(instalment.award, now=now)


def _after_the_end(instalment: Instalment, *, actor: User, now: datetime) -> None:
    """A complete grant is not complete any more; of one that ended early nothing more is paid."""
    award = instalment.award
    db.session.refresh(award, ["status"])
    if award.status is AwardStatus.COMPLETED:
        move(award, "reopen", actor=actor, now=now, details={"instalment": str(instalment.id)})
    elif award.status not in RUNNING_GRANTS:
        move(instalment, "cancel", actor=actor, now=now)
