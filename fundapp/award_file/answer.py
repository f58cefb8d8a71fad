"""The answer to an award file: the list, what each rule comes to, how good it is, or what is in conflict."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fundapp.award_file.read import AwardFile
from scoring.allocation import AwardProblem, NoList, Proposal, propose
from scoring.amounts import at_floors, top_up
from scoring.conflicts import conflict_of
from scoring.engine import NotProved
from scoring.objectives import Objective, best_list, bound_of
from scoring.reasons import Reason, ReasonCode
from scoring.records import Candidate, LedgerLine, Share
from scoring.ringfences import figures

Answer = dict[str, Any]


def answer(file: AwardFile) -> Answer:
    """Raises NotProved when the time ends without a proved answer."""
    head: Answer = {"id": file.name, "objective": file.objective.value}
    try:
        return head | _awards(file)
    except NoList as error:
        return head | {
            "status": "impossible",
            "reasons": [reason.as_data() for reason in error.reasons],
            "conflict": _conflict(file),
        }


def _awards(file: AwardFile) -> Answer:
    if file.part_funding is not None and file.objective is not Objective.MERIT_ORDER:
        raise NotProved
    if file.objective is Objective.MERIT_ORDER:
        return _in_merit_order(file)
    best = best_list(file.problem, file.scores, file.objective)
    amounts = {one.id: one.pence for one in file.problem.candidates if one.id in best.awards}
    return {
        **_list(file.problem, amounts),
        "value": best.value,
        "bound": best.bound,
        "is_best": best.is_best,
        "ties_decided": best.ties_decided,
    }


def _in_merit_order(file: AwardFile) -> Answer:
    """What a part-funded list is worth says little, so it has no bound."""
    problem = _asked(file)
    proposal = propose(problem)
    amounts: Mapping[str, int]
    amounts = {line.application: line.pence for line in proposal.lines if line.is_funded}
    scores = zip(file.scores, problem.candidates, strict=True)
    value = sum(score for score, one in scores if one.id in amounts)
    worth: Answer = {"value": None, "bound": None}
    if file.part_funding is not None:
        amounts = top_up(problem, proposal.awards, file.part_funding).pence
    else:
        worth = {"value": value, "bound": max(value, bound_of(problem, file.scores))}
    refused = {"refused": _refused(file, proposal), "digest": proposal.digest}
    return {**_list(file.problem, amounts), **worth, "is_best": True, **refused}


def _asked(file: AwardFile) -> AwardProblem:
    """With everybody at the floor where awards may be less than the request."""
    return file.problem if file.part_funding is None else at_floors(file.problem, file.limits)


def _list(problem: AwardProblem, amounts: Mapping[str, int]) -> Answer:
    awarded = sum(amounts.values())
    lines = [_line(one, amounts[one.id]) for one in problem.candidates if one.id in amounts]
    budget = problem.rows()[0].bound
    return {
        "status": "awards",
        "awards": [{"id": line.id, "pence": line.pence} for line in lines],
        "awarded_pence": awarded,
        "left_pence": budget - awarded,
        "rules": [{"rule": "budget", "sum": awarded, "limit": budget}, *_rules(problem, lines)],
    }


def _line(one: Candidate, pence: int) -> LedgerLine:
    if pence == one.pence:
        return one.as_award()
    (share,) = one.shares
    return LedgerLine(one.id, pence, (Share(pence, share.confirmed, share.claimed),))


def _rules(problem: AwardProblem, lines: list[LedgerLine]) -> list[Answer]:
    """Floors count what is confirmed; caps count what is claimed too."""
    return [
        {
            "rule": one.key if one.tag in (one.key, f"group {one.key}") else f"{one.key}/{one.tag}",
            "kind": one.kind.value,
            "measure": one.measure.value,
            "sum": one.binding.reached,
            "required": one.required,
            "is_kept": one.binding.is_met,
        }
        for one in figures(problem.ring_fences, lines, problem.pot)
    ]


def _refused(file: AwardFile, proposal: Proposal) -> list[Answer]:
    def why(reason: Reason, application: str) -> Answer:
        if reason.code is ReasonCode.KEPT_OUT:
            return {"code": reason.code.value, "because": file.kept_out[application]}
        return reason.as_data()

    return [
        {"id": line.application, "reason": why(line.reason, line.application)}
        for line in proposal.lines
        if not line.is_funded
    ]


def _conflict(file: AwardFile) -> Answer | None:
    conflict = conflict_of(_asked(file), marks=file.marks)
    if conflict is None:
        return None
    return {
        "rules": list(conflict.rules),
        "is_smallest": conflict.is_smallest,
        "repairs": [
            {"rule": each.rule, "by": each.by, "awards": list(each.awards)} for each in conflict.repairs
        ],
    }
