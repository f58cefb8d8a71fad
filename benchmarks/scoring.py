"""Time and memory of the scoring rules beside the libraries that do the same, in the same run.

Each measurement is a process of its own: processor seconds (so that other work on the machine counts little),
the lowest of `times` (what else runs on the processor can only add), and the most memory it held. The peer
runs right after ours, as often.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import time
from dataclasses import dataclass

from benchmarks import scoring_ours as ours
from benchmarks import scoring_peers as peers
from benchmarks.machine import describe
from benchmarks.scoring_instances import award_call
from scoring.readers import Aim
from tests.scoring.bench import award_problem

ONE_THREAD = {**os.environ, "OPENBLAS_NUM_THREADS": "1"}  # idle threads that wait would count as work
SMALL, LARGE = "a60_12_s1", "a500_30_s1"


@dataclass(frozen=True)
class Case:
    """`limit` in seconds: the target of reference/scoring.md, or what it measured. `peer`: the library."""

    key: str
    what: str
    limit: float | None = None
    peer: str | None = None
    times: int = 3


CASES = (
    Case("W1", "merit order, 150 applications, 3 ring-fences", 0.020, "OR-Tools CP-SAT", 9),
    Case("W2", "merit order, 500 applications, 10 ring-fences", 0.5, "OR-Tools CP-SAT", 9),
    Case("W3", "merit order, 5,000 applications, 3 ring-fences", 1.0, "OR-Tools CP-SAT"),
    Case("G50", "growth: merit order, 50 applications", None, "OR-Tools CP-SAT", 9),
    Case("G500", "growth: 500", None, "OR-Tools CP-SAT", 5),
    Case("G5000", "growth: 5,000", None, "OR-Tools CP-SAT"),
    Case("G50000", "growth: 50,000 (other tools needed 81 s)", 80.9, None, 1),
    Case("W4", "merit order with all reasons checked again, 500 applications", 0.05, None, 5),
    Case("W5", "1,000 stability draws, 150 applications", 5.0),
    Case("W6", "impossible ring-fences named, 500 applications", 0.005, None, 25),
    Case("W6b", "smallest conflict of rules, 60 applications", None, None),
    Case("W7", "bound of the sum of scores, 500 applications, 10 ring-fences", 27.0, None, 5),
    Case("W8", "exact bound, 50,000 applications", 0.86),
    Case("A1 plain", "assignment 500 x 30 without seats", None, "OR-Tools min-cost flow"),
    Case("A1s", "assignment 60 x 12 with seats", None, "OR-Tools CP-SAT"),
    Case("A1", "assignment 500 x 30 with seats", 0.31, None),
    Case("A1 worst", "the same, the worst application first", 1.0, None, 5),
    Case("A2m", "assignment 5,000 x 30 with seats", 11.2, None, 2),
    Case("A2", "assignment 5,000 x 300 with seats", 20.0, None, 2),
    Case("B1", "severity by REML, 500 x 30", 0.030, "statsmodels", 9),
    Case("B1l", "severity by REML, 5,000 x 300", 0.3, None),
    Case("B3", "Krippendorff's alpha, 5,000 x 300", None, "krippendorff"),
    Case("S1", "panel of 20 drawn from 200 with quotas", 2.7, "sortition-algorithms"),
    Case("E3 greedy", "greedy, 64 projects, 6,586 voters", None, "pabutools"),
    Case("E3 shares", "equal shares, 64 projects, 6,586 voters", 0.11, "pabutools"),
    Case("E3 phragmen", "Phragmen, 64 projects, 6,586 voters", 0.17, "pabutools"),
    Case("E4 greedy", "greedy, 160 projects, 90,494 voters", 10.0, "pabutools", 1),
    Case("E4 shares", "equal shares, 160 projects, 90,494 voters", 7.6, "pabutools", 1),
    Case("E4 phragmen", "Phragmen, 160 projects, 90,494 voters", 8.0, "pabutools", 1),
)
STORED = {"W1": "n150_k3_s1_abs", "W2": "n500_k10_s1_abs", "W3": "n5000_k3_s1_abs"}
VOTES = {"greedy": "greedy", "shares": "equal_shares", "phragmen": "phragmen"}
VOTERS = {"E3": (64, 6_586), "E4": (160, 90_494)}


def work_of(key: str, *, by_peer: bool) -> ours.Work:
    if key in STORED or key.startswith("G"):
        problem = ours.stored(STORED[key]) if key in STORED else award_problem(award_call(int(key[1:]), 3, 1))
        return peers.merit(problem) if by_peer else ours.merit(problem)
    if key == "S1":
        return (peers if by_peer else ours).drawn_panel(20)
    if key.startswith("E"):
        size, rule = key.split()
        return (peers if by_peer else ours).vote(VOTES[rule], *VOTERS[size])
    if key.startswith("B"):
        name, sizes = ("severity", (500, 30)) if key == "B1" else ("severity", (5_000, 300))
        return getattr(peers if by_peer else ours, "agreement" if key == "B3" else name)(*sizes)
    if by_peer:
        return (
            peers.flow(peers.stored_panel(LARGE))
            if key == "A1 plain"
            else peers.seats(peers.stored_panel(SMALL))
        )
    return OWN[key]()


OWN = {
    "W4": lambda: ours.reasons(ours.stored("n500_k3_s1_abs")),
    "W5": lambda: ours.draws(1_000),
    "W6": ours.impossible,
    "W6b": ours.conflict,
    "W7": lambda: ours.score_sum(500, 10, only_bound=True),
    "W8": lambda: ours.score_sum(50_000, 3, only_bound=True, part_of_requests=False),
    "A1 plain": lambda: ours.stored_panel(LARGE, seats=False, aim=Aim.SUM),
    "A1s": lambda: ours.stored_panel(SMALL, seats=True, aim=Aim.SUM),
    "A1": lambda: ours.stored_panel(LARGE, seats=True, aim=Aim.SUM),
    "A1 worst": lambda: ours.stored_panel(LARGE, seats=True, aim=Aim.WORST_THEN_SUM),
    "A2m": lambda: ours.large_panel(5_000, 30),
    "A2": lambda: ours.large_panel(5_000, 300),
}


def measure(key: str, *, by_peer: bool, times: int) -> dict[str, object]:
    work = work_of(key, by_peer=by_peer)
    if times > 1:
        work()  # imports and first touches are not what is compared
    seconds = []
    for _ in range(times):
        began = time.process_time()
        found = work()
        seconds.append(time.process_time() - began)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return {"seconds": min(seconds), "memory": memory, "found": found}


def measured_apart(case: Case, *, by_peer: bool, times: int) -> dict[str, object] | None:
    command = [sys.executable, "-m", "benchmarks.scoring", "--one", case.key, "--times", str(times)]
    done = subprocess.run(
        command + ["--peer"] * by_peer, capture_output=True, text=True, check=False, env=ONE_THREAD
    )
    if done.returncode:
        print(f"{case.key}: {done.stderr.strip().splitlines()[-1:]}", file=sys.stderr)
        return None
    return json.loads(done.stdout.splitlines()[-1])  # some solvers print a greeting first


def shown(seconds: float) -> str:
    return f"{seconds * 1000:.0f} ms" if seconds < 1 else f"{seconds:.1f} s"


def line(case: Case, times: int, *, with_peers: bool) -> str:
    own = measured_apart(case, by_peer=False, times=times)
    other = measured_apart(case, by_peer=True, times=times) if case.peer and with_peers else None
    limit = "–" if case.limit is None else shown(case.limit)
    if own is None:
        return f"| {case.key} | {case.what} | not proved in time | {limit} | | | | | |"
    seconds = float(str(own["seconds"]))
    part = "–" if case.limit is None else f"{seconds / case.limit:.2f}"
    cells = [case.key, case.what, shown(seconds), limit, part, f"{own['memory']} MB"]
    if other is None:
        return f"| {' | '.join([*cells, case.peer or '–', '–', '–'])} |"
    theirs = float(str(other["seconds"]))
    same = "the same" if own["found"] == other["found"] else "another answer"
    if other["found"] is None:
        same = "no proof in a minute"
    return f"| {' | '.join([*cells, f'{case.peer}, {same}', shown(theirs), f'{seconds / theirs:.3f}'])} |"


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--only", nargs="*", help="keys of cases")
    parser.add_argument("--without-peers", action="store_true")
    parser.add_argument("--quick", action="store_true", help="once each, to see that everything runs")
    parser.add_argument("--one", help=argparse.SUPPRESS)
    parser.add_argument("--peer", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--times", type=int, default=1, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        print(json.dumps(measure(options.one, by_peer=options.peer, times=options.times)))
        return
    print(describe())
    print("| case | what | ours | limit | ours ÷ limit | memory | peer | its time | ours ÷ peer |")
    print("|---|---|---|---|---|---|---|---|---|")
    for case in CASES:
        if not options.only or case.key in options.only:
            times = 1 if options.quick else case.times
            print(line(case, times, with_peers=not options.without_peers), flush=True)
    print(describe())


if __name__ == "__main__":
    main()
