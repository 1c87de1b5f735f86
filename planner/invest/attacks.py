"""What deliberate attacks of k cuts do: the worst one each time, or any k cuts at random."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from planner.invest.isolating import Isolator
from planner.problem import FloatArray, Problem, Rows
from planner.survival.active import ActiveGraph, to_active_graph
from planner.survival.attack import find_worst_attack

if TYPE_CHECKING:
    from planner.study.failures import FailuresSection

_MAX_NODES, _MAX_SECONDS = 2000, 5.0  # as the audit's worst attack
_MAX_LISTED, _NUM_SAMPLES = 20_000, 5000


@dataclass(frozen=True, eq=False)
class Attacks:
    """The attacks that may come, all equally likely.

    Parameters
    ----------
    severed
        Per attack the spans that it severs, numbered in the graph.
    share
        (regions,) share of the attacks that isolate each region.
    is_proved
        False where a worse attack may exist.
    error
        Standard error of the region weight that attacks isolate; 0 where they were not sampled.
    """

    severed: Rows
    share: FloatArray
    is_proved: bool
    error: float


def find_attacks(
    problem: Problem, graph: ActiveGraph, routes: Sequence[int], figures: FailuresSection, seed: int
) -> Attacks:
    """Find what attacks sever and whom they isolate.

    Parameters
    ----------
    problem, graph
        The problem, and the spans of it that stand.
    routes
        Candidates that are built.
    figures
        The number of cuts and the model. ``"worst"``: every attack makes the cuts that isolate most weight.
        ``"random"``: any so many risk groups at once, all choices as likely; all are tried, or a sample where there are
        too many.
    seed
        Of the sample.
    """
    whole = to_active_graph(problem, routes)
    isolator = Isolator(problem, graph)
    num_cuts = min(figures.attack_cuts, len(whole.cuts))
    if figures.attack_model == "worst" or not num_cuts:
        worst = find_worst_attack(
            problem, cuts=num_cuts, routes=routes, time_limit_s=_MAX_SECONDS, max_nodes=_MAX_NODES
        )
        spans = sorted({span for cut in worst.cuts for span in cut})
        severed = Rows.of([np.searchsorted(graph.spans, spans).tolist()])
        return Attacks(severed, isolator.isolate(severed)[0].astype(np.float64), worst.is_proved, 0.0)
    is_listed = math.comb(len(whole.cuts), num_cuts) <= _MAX_LISTED
    choices = combinations(range(len(whole.cuts)), num_cuts) if is_listed else _sample(len(whole.cuts), num_cuts, seed)
    severed = Rows.of([whole.severed(choice).tolist() for choice in choices])
    isolated = isolator.isolate(severed)
    weight = isolated @ problem.region_weight
    error = 0.0 if is_listed else float(weight.std(ddof=1) / math.sqrt(len(weight)))
    return Attacks(severed, isolated.mean(axis=0), is_proved=True, error=error)


def _sample(num_groups: int, num_cuts: int, seed: int) -> list[list[int]]:
    rng = np.random.default_rng([seed, num_cuts])
    return [sorted(rng.choice(num_groups, num_cuts, replace=False).tolist()) for _ in range(_NUM_SAMPLES)]
