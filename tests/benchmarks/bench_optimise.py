"""Plans for synthetic countries, corridors and complete graphs; and two peers on the same problems in the same run.

Run it as ``python tests/benchmarks/bench_optimise.py [--only WORD] [--write]``; ``--write`` puts the tables into the
README. Every row is measured in a process of its own, short ones three times.
"""

from __future__ import annotations

import argparse
import math
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from measure import ROOT, Figures, answer, measure, replace_section, to_markdown, to_occasion

if TYPE_CHECKING:
    from cases import Case

_HEADER = ("case", "sites", "spans", "k", "status", "gap", "rounds", "rows", "s", "CPU s", "MB")
_PEER_HEADER = ("peer", "case", "their cost", "ours", "their MB", "ours", "their s", "their CPU s", "ours", "ratio")


def measure_case(name: str) -> Figures:
    """Solve one case, or let a peer solve it where the name says so: ``peer: case``."""
    from cases import CASES, to_tiny

    import planner

    planner.optimise(to_tiny())  # imports, once
    peer, _, case_name = name.rpartition(": ")
    case = CASES[case_name]
    problem = case.build()
    begin, cpu_begin = time.perf_counter(), time.process_time()
    if peer:
        figures = _solve_with(peer, case)
    else:
        plan = planner.optimise(problem, minimise=("cost",), time_limit_s=case.limit_s)
        figures = {"status": plan.status, "cost": plan.objective.get("cost"), "gap": plan.gap}
        figures |= {"rounds": plan.effort.rounds, "rows": plan.effort.rows}
    seconds, cpu_s = time.perf_counter() - begin, time.process_time() - cpu_begin
    size = {"sites": problem.num_sites, "spans": problem.num_spans, "k": problem.max_cuts}
    return {**size, **figures, "seconds": seconds, "cpu_s": cpu_s}


def _solve_with(peer: str, case: Case) -> Figures:
    if peer == "networkx":
        from augmentation import find_cost

        return {"status": "done", "cost": find_cost(case.build())}
    from scenarios import solve_scenarios

    found = solve_scenarios(case.build(), time_limit_s=case.peer_limit_s)
    status = "optimal" if found.is_optimal else "feasible" if found.cost is not None else "no_plan"
    size = {"scenarios": found.num_scenarios, "variables": found.num_variables}
    return {"status": status, "cost": found.cost, "bound": found.bound, **size}


def to_row(name: str, case: Case, found: Figures) -> list[str]:
    """A line of the first table; a cost that is known must come out."""
    if case.optimum is not None and found["status"] == "optimal":
        assert math.isclose(found["cost"], case.optimum), f"{name}: {found['cost']} is not {case.optimum}"
    gap = "" if found["gap"] is None else f"{found['gap']:.1%}"
    size = [f"{found[key]:,}" for key in ("sites", "spans", "k")]
    effort = [f"{found[key]:,}" for key in ("rounds", "rows")]
    took = [f"{found['seconds']:.2f}", f"{found['cpu_s']:.2f}", f"{found['peak_mb']:.0f}"]
    return [name, *size, found["status"], gap, *effort, *took]


def to_peer_row(name: str, case: Case, ours: Figures, theirs: Figures) -> list[str]:
    """A line of the second table; of two proved optima neither may be lower, and nobody may beat a proved one."""
    if ours["status"] == "optimal" and theirs["cost"] is not None:
        assert ours["cost"] <= theirs["cost"] + 1e-6, f"{name}: {ours['cost']} is dearer than {theirs['cost']}"
        if theirs["status"] == "optimal":
            assert math.isclose(ours["cost"], theirs["cost"]), f"{name}: {ours['cost']} and {theirs['cost']}"
    is_open = theirs["status"] not in ("optimal", "done")
    their_cost = "none found" if theirs["cost"] is None else f"{theirs['cost']:,.1f}"
    bound = f" (bound {theirs['bound']:,.1f})" if is_open and theirs["bound"] is not None else ""
    more = "> " * is_open
    memory = [f"{found['peak_mb']:,.0f}" for found in (theirs, ours)]
    took = [f"{more}{theirs['seconds']:,.1f}", f"{more}{theirs['cpu_s']:,.1f}", f"{ours['cpu_s']:.2f}"]
    ratio = f"{more}{theirs['cpu_s'] / ours['cpu_s']:,.0f}"
    return [case.peer, name, their_cost + bound, f"{ours['cost']:,.1f}", *memory, *took, ratio]


def run(only: str) -> Iterator[tuple[list[str], list[str] | None]]:
    """Measure every case whose name holds a word, and its peer."""
    from cases import CASES

    for name, case in CASES.items():
        if only not in name:
            continue
        ours = measure(Path(__file__), name)
        peer_row = None
        if case.peer:
            peer_row = to_peer_row(name, case, ours, measure(Path(__file__), f"{case.peer}: {name}"))
        yield to_row(name, case, ours), peer_row


def main() -> None:
    """Measure and print, as Markdown; write into the README where asked to."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="", help="measure the cases whose name holds this")
    parser.add_argument("--write", action="store_true", help="put the tables into the README")
    options = parser.parse_args()
    if options.only and options.write:
        parser.error("--write needs all cases: leave --only out")
    rows, peer_rows = [], []
    show: Callable[[list[str]], None] = lambda cells: print(" | ".join(cells), flush=True)  # noqa: E731
    show(list(_HEADER))
    for row, peer_row in run(options.only):
        rows.append(row)
        show(row)
        if peer_row:
            peer_rows.append(peer_row)
            show(peer_row)
    text = f"{to_markdown(_HEADER, rows)}\n{to_markdown(_PEER_HEADER, peer_rows)}\nMeasured {to_occasion()}.\n"
    if options.write:
        replace_section(ROOT / "README.md", "speed", text)


if __name__ == "__main__" and not answer(measure_case):
    main()
