"""A round's decision as one anonymous file: inputs, rules, what the rule proposed, what was signed."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from uuid import UUID

from fundapp.call_file.assessment import Count, LeftOver
from fundapp.db import Json
from fundapp.decision_pack.verify import FORMAT, check_clear_ones, digest_of
from fundapp.models.award import Must, Outcome
from fundapp.models.vote import Draw
from fundapp.queries.awards import Board, BoardLine
from fundapp.queries.call_money import parts_of, pence, purpose_of
from fundapp.queries.calls import current_version
from fundapp.queries.decided_places import drawn_from, find_draw, receipts_of
from fundapp.queries.ledger import shares_of
from fundapp.queries.marks import Levels, sheets_of
from fundapp.queries.proposals import amount_limits, exclusions_of, least_pence
from fundapp.queries.votes import STEP_PENCE, shown_steps
from scoring.records import LedgerLine, RingFence, RingFenceFigures, Share


def pack_of(board: Board) -> Json:
    """Made when the list is signed, from what the rule saw. Nobody is named."""
    aliases = {line.application.id: f"A{number:03}" for number, line in enumerate(board.all_lines, start=1)}
    sheets = sheets_of(board.marks)
    income = _income_places(board)
    version = current_version(board.round.call)
    assessment = board.definition.assessment
    pack: Json = {
        "format": FORMAT,
        "call": {"code": board.round.call.code, "version": version.number, "digest": version.digest},
        "round": board.round.code,
        "scale": {"lowest": assessment.scale.lowest, "highest": assessment.scale.highest},
        "criteria": [
            {
                "key": one.key,
                "weight": str(one.weight),
                "minimum_mean": None if one.minimum_mean is None else str(Fraction(one.minimum_mean)),
            }
            for one in assessment.criteria
        ],
        "minimum_total": assessment.minimum_total,
        "exclusions": _exclusions(board, aliases),
        "marks": _marks(board, aliases),
        "part_funding": _part_funding(board),
        "tie_breaks": [{"kind": one.kind.value, "criterion": one.criterion} for one in assessment.tie_breaks],
        "decided": _decided(board, aliases),
        "pot": {
            "fund_pence": board.setting.pot.fund_pence,
            "grants_pence": board.setting.pot.grants_pence,
            "round_pence": board.setting.pot.round_pence,
            "is_last": board.setting.pot.is_last,
        },
        "ring_fences": [_rule(one) for one in board.setting.rules],
        "ledger": [_ledger_line(number, line) for number, line in enumerate(board.setting.ledger, start=1)],
        "applications": [_application(board, line, aliases, sheets, income) for line in board.undecided],
        "ranking": [aliases[line.application.id] for line in _ranked(board)],
        "rule": _rule_lines(board, aliases),
        "list": [_listed(board, line, aliases) for line in board.undecided if line.decision is not None],
        "figures": [_figures(one) for one in board.figures],
        "override_reason": None,
    }
    if pack["decided"] and check_clear_ones(pack):
        pack["decided"]["marks_changed"] = True  # a tie that came up since took marks away
    return sealed(pack)


def sealed(pack: Json) -> Json:
    """With the digest of what is in it now."""
    return pack | {"digest": digest_of(pack)}


def _decided(board: Board, aliases: Mapping[UUID, str]) -> Json | None:
    """The order that ballots or a draw gave. Who was drawn has a ticket, which the group knows by itself.

    Equal shares are counted again in the order of all tickets, so there everybody has one.
    """
    draw = find_draw(board.round.id)
    given = sorted((line.decided for line in board.undecided if line.decided), key=lambda one: one.place)
    if not given or draw is None:
        return None
    rules = board.definition.assessment.decides_by
    is_by_shares = rules.count is Count.EQUAL_SHARES
    receipts = receipts_of([one.application_id for one in given if is_by_shares or drawn_from(one)])
    places = [
        {
            "id": aliases[one.application_id],
            "place": one.place,
            "code": one.reason["code"],
            "numbers": one.reason["numbers"],
            "from": drawn_from(one) or one.place,
        }
        | ({"ticket": receipts[one.application_id]} if one.application_id in receipts else {})
        for one in given
    ]
    decided: Json = {
        "way": rules.way.value,
        "seed": draw.seed,
        "commitment": draw.commitment,
        "places": places,
    }
    return decided | (_vote(board, aliases, draw) if rules.is_vote else {})


def _vote(board: Board, aliases: Mapping[UUID, str], draw: Draw) -> Json:
    """What the members gave, sorted, so that the order of the ballots tells nothing."""
    rules = board.definition.assessment.decides_by
    named = {str(key): alias for key, alias in aliases.items()}
    steps = [
        {
            "voters": step.voters,
            "counts": {named[key]: list(counted) for key, counted in step.counts.items()},
            "ballots": None
            if step.ballots is None
            else sorted(
                ({named[key]: given for key, given in sorted(ballot.items())} for ballot in step.ballots),
                key=lambda ballot: sorted(ballot.items()),
            ),
        }
        for step in shown_steps(board, bytes.fromhex(draw.seed))
    ]
    return {
        "count": None if rules.count is None else rules.count.value,
        "left_over": (rules.left_over or LeftOver.RAISE_SHARES).value,
        "step_pence": STEP_PENCE,
        "shortlist_percent": rules.shortlist_percent,
        "pot_pence": pence(board.definition.round(board.round.code).amount),
        "steps": steps,
    }


def _exclusions(board: Board, aliases: Mapping[UUID, str]) -> list[list[str]]:
    """Of each set at most one, among those that were in the ranking: as the rule saw them."""
    ranked = [line.application for line in _ranked(board)]
    return [sorted(aliases[key] for key in each) for each in exclusions_of(ranked, board.setting)]


def _marks(board: Board, aliases: Mapping[UUID, str]) -> list[Json]:
    """What the rule must or must not fund; the reason is only marked as given."""
    return [
        {"id": aliases[line.application.id], "must": board.setting.marks[line.application.id].value}
        for line in board.undecided
        if line.application.id in board.setting.marks
    ]


def _part_funding(board: Board) -> Json | None:
    rule = board.definition.awards.part_funding
    return None if rule is None else {"top_up": rule.top_up.value}


def _ranked(board: Board) -> list[BoardLine]:
    """Whoever the rule could fund, in its order; a mark brings in who is below a minimum or has no total."""
    must = {key for key, must in board.setting.marks.items() if must is Must.FUND}
    lines = {
        str(line.application.id): line
        for line in board.undecided
        if line.is_fundable or line.application.id in must
    }
    ranked = [one.application for one in board.reading.ranking.ranked if one.application in lines]
    return [lines[key] for key in (*ranked, *sorted(lines.keys() - set(ranked)))]


def _income_places(board: Board) -> Mapping[UUID, int | None]:
    """1 for the lowest income: enough for the tie-break, and no sum of anybody's."""
    incomes = {line.application.id: line.application.organisation.annual_income for line in board.undecided}
    order = sorted({pence(income) for income in incomes.values() if income is not None})
    places = {amount: number for number, amount in enumerate(order, start=1)}
    return {key: None if income is None else places[pence(income)] for key, income in incomes.items()}


def _application(
    board: Board,
    line: BoardLine,
    aliases: Mapping[UUID, str],
    sheets: Mapping[UUID, tuple[Levels, ...]],
    income: Mapping[UUID, int | None],
) -> Json:
    application = line.application
    asked = pence(amount_limits(application, board.definition)[1])
    return {
        "id": aliases[application.id],
        "pence": asked,
        "least_pence": least_pence(application, asked, board.definition),
        "shares": _shares(board, line, asked),
        "sheets": [dict(sheet) for sheet in sheets.get(application.id, ())],
        "total": None if line.total is None else str(line.total),
        "income_place": income[application.id],
    }


def _shares(board: Board, line: BoardLine, amount: int) -> list[Json]:
    parts = parts_of(line.application, amount)
    shares = shares_of(parts, purpose_of(line.application), board.setting.money.groups, board.definition)
    return [_share(one) for one in shares]


def _share(share: Share) -> Json:
    return {"pence": share.pence, "confirmed": sorted(share.confirmed), "claimed": sorted(share.claimed)}


def _ledger_line(number: int, line: LedgerLine) -> Json:
    return {
        "id": f"L{number:03}",
        "pence": line.pence,
        "shares": [_share(one) for one in line.shares],
        "counting": line.counting.value,
        "paid_pence": line.paid_pence,
    }


def _rule(one: RingFence) -> Json:
    return {
        "key": one.key,
        "kind": one.kind.value,
        "measure": one.measure.value,
        "base": one.base.value,
        "percent": None if one.percent is None else str(Fraction(one.percent)),
        "amount": one.amount,
        "tag": one.counted_tag,
        "is_family": one.is_family,
        "enforcement": one.enforcement.value,
        "of_round": one.of_round,
    }


def _rule_lines(board: Board, aliases: Mapping[UUID, str]) -> Json | None:
    """What the rule proposes by itself; None when no list keeps all rules or none could be proved."""
    if board.no_list or not board.is_proved:
        return None
    lines = []
    for line in _ranked(board):
        proposed = line.proposed
        if proposed is None:
            return None
        asked = pence(amount_limits(line.application, board.definition)[1])
        lines.append(
            {
                "id": aliases[line.application.id],
                "pence": asked if proposed.amount is None else pence(proposed.amount),
                "is_funded": proposed.outcome is Outcome.AWARD,
                "code": proposed.reason.get("code", ""),
                "weights": proposed.reason.get("weights", {}),
                "amount_weights": proposed.reason.get("amount_weights", {}),
            }
        )
    return {"lines": lines}


def _listed(board: Board, line: BoardLine, aliases: Mapping[UUID, str]) -> Json:
    decision = line.decision
    if decision is None:
        raise ValueError("only decided lines are listed")
    data: Json = {
        "id": aliases[line.application.id],
        "outcome": decision.outcome.value,
        "is_by_hand": decision.is_by_hand,
        "reason": "given" if decision.reason.strip() else "",
    }
    if decision.amount is not None:
        data |= {"pence": pence(decision.amount), "shares": _shares(board, line, pence(decision.amount))}
    return data


def _figures(one: RingFenceFigures) -> Json:
    name = f"{one.key}/{one.tag}" if one.tag.startswith(f"{one.key}:") else one.key
    return {"rule": name, "reached": one.binding.reached, "required": one.required}
