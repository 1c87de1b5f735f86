"""Expected isolation of every region in a mean year, for one network."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from planner.invest.attacks import Attacks, find_attacks
from planner.invest.coincide import find_coincidence
from planner.invest.hazards import Ground, Hazards, to_hazards
from planner.invest.isolating import Isolator
from planner.invest.model import HOURS_PER_YEAR, NetworkRisk, RegionRisk
from planner.invest.simulate import Happenings, Simulation, simulate, to_error
from planner.problem import FloatArray, Problem, Rows
from planner.survival.active import ActiveGraph, to_active_graph

if TYPE_CHECKING:
    from planner.study.failures import FailuresSection

_MINUTES = HOURS_PER_YEAR * 60
_MAX_ATTACKS = 500  # more kinds of attack make too many pairs


def find_network_risk(
    problem: Problem,
    ground: Ground,
    routes: Sequence[int],
    figures: FailuresSection,
    region_ids: Sequence[str],
    *,
    seed: int,
    is_simulated: bool = True,
) -> NetworkRisk:
    """Add up what single cuts, coinciding cuts and attacks do to the network with some routes built.

    Parameters
    ----------
    problem, ground
        The study as numbers and as ground.
    routes
        Candidates that are built; `ground` knows them.
    figures
        How often cuts and attacks come, and how long repairs take.
    region_ids
        Of the regions, for the result.
    seed
        Of what is drawn at random.
    is_simulated
        Whether to check it by simulation.

    Notes
    -----
    Where attacks are few in kind, as the worst one is, each is one more kind of cut, and coincides like any other. Else
    an attack is counted where it meets no unrepaired cut; that both coincide is neglected, and bounded. Cuts sever
    spans and take no site, whatever the study says of sites.
    """
    hazards = to_hazards(ground, problem, routes)
    graph = to_hazard_graph(problem, routes, hazards)
    attacks = find_attacks(problem, graph, routes, figures, seed)
    cuts = Happenings(graph.cuts, hazards.per_year, hazards.hours)
    everything = _join(cuts, attacks, figures)
    if len(attacks.severed) <= _MAX_ATTACKS:
        minutes, order = _add_up_together(problem, graph, everything, attacks)
    else:
        minutes, order = _add_up_apart(problem, graph, cuts, attacks, figures)
    simulation = None
    if is_simulated and figures.simulated_years:
        simulation = simulate(Isolator(problem, graph), everything, figures.simulated_years, seed)
    return _to_risk(problem, region_ids, minutes, hazards, order, attacks, simulation)


def to_hazard_graph(problem: Problem, routes: Sequence[int], hazards: Hazards) -> ActiveGraph:
    """The spans that stand, with the kinds of cut for its cuts; no site falls."""
    graph = to_active_graph(problem, routes)
    items = np.searchsorted(graph.spans, hazards.spans.items)
    return replace(graph, cuts=Rows(hazards.spans.starts, items), cut_sites=Rows.empty(len(hazards.spans)))


def _add_up_together(
    problem: Problem, graph: ActiveGraph, everything: Happenings, attacks: Attacks
) -> tuple[dict[str, FloatArray], int]:
    """Minutes a year per region, by cause, with each attack one more kind of cut; and the order."""
    kinds = replace(graph, cuts=everything.severed, cut_sites=Rows.empty(len(everything.severed)))
    found = find_coincidence(problem, kinds, everything.mean_active)
    none = np.exp(-everything.mean_active.sum())
    odds = np.expm1(everything.mean_active[-1]) * len(attacks.severed)
    attack = none * odds * attacks.share
    single = np.maximum(0.0, found.single - attack)
    return _to_minutes(found.uncut + single, found.pairs, attack, found.neglected), found.order


def _add_up_apart(
    problem: Problem, graph: ActiveGraph, cuts: Happenings, attacks: Attacks, figures: FailuresSection
) -> tuple[dict[str, FloatArray], int]:
    """The same with attacks only while nothing else is cut."""
    found = find_coincidence(problem, graph, cuts.mean_active)
    attacked = figures.attacks_per_year * figures.attack_repair_hours / HOURS_PER_YEAR
    unattacked, one_attack = np.exp(-attacked), attacked * np.exp(-attacked)
    no_cut = np.exp(-cuts.mean_active.sum())
    neglected = unattacked * found.neglected + one_attack * (1 - no_cut) + (1 - unattacked - one_attack)
    single, pairs = unattacked * (found.uncut + found.single), unattacked * found.pairs
    return _to_minutes(single, pairs, one_attack * no_cut * attacks.share, neglected), found.order


def _to_minutes(single: FloatArray, pair: FloatArray, attack: FloatArray, neglected: float) -> dict[str, FloatArray]:
    parts = {"single": single, "pair": pair, "attack": attack, "neglected": np.array([max(0.0, neglected)])}
    return {cause: _MINUTES * share for cause, share in parts.items()}


def _join(cuts: Happenings, attacks: Attacks, figures: FailuresSection) -> Happenings:
    num = len(attacks.severed)
    severed = Rows(
        np.concatenate([cuts.severed.starts, cuts.severed.starts[-1] + attacks.severed.starts[1:]]),
        np.concatenate([cuts.severed.items, attacks.severed.items]),
    )
    per_year = np.concatenate([cuts.per_year, np.full(num, figures.attacks_per_year / max(num, 1))])
    return Happenings(severed, per_year, np.concatenate([cuts.hours, np.full(num, figures.attack_repair_hours)]))


def _to_risk(
    problem: Problem,
    region_ids: Sequence[str],
    minutes: dict[str, FloatArray],
    hazards: Hazards,
    order: int,
    attacks: Attacks,
    simulation: Simulation | None,
) -> NetworkRisk:
    total = minutes["single"] + minutes["pair"] + minutes["attack"]
    weights = problem.region_weight
    person_minutes = float(total @ weights)
    risk = NetworkRisk(
        regions=tuple(
            RegionRisk(region_id, *values)
            for region_id, *values in zip(
                region_ids,
                weights.tolist(),
                total.tolist(),
                *(minutes[cause].tolist() for cause in ("single", "pair", "attack")),
                strict=True,
            )
        ),
        neglected_minutes=float(minutes["neglected"][0]),
        weighted_minutes=person_minutes / float(weights.sum()) if weights.sum() else 0.0,
        person_hours=person_minutes / 60,
        cuts_per_year=float(hazards.per_year.sum()),
        num_kinds=len(hazards.spans),
        order=order,
        attack_weight=float(attacks.share @ weights),
        attack_is_proved=attacks.is_proved,
        attack_error=attacks.error,
    )
    return risk if simulation is None else _add_simulation(risk, simulation, weights)


def _add_simulation(risk: NetworkRisk, simulation: Simulation, weights: FloatArray) -> NetworkRisk:
    found = zip(simulation.mean.tolist(), simulation.error.tolist(), strict=True)
    hours = simulation.shares @ weights * HOURS_PER_YEAR
    return replace(
        risk,
        regions=tuple(
            replace(region, simulated_minutes=mean * _MINUTES, standard_error=error * _MINUTES)
            for region, (mean, error) in zip(risk.regions, found, strict=True)
        ),
        simulated_years=len(hours),
        simulated_person_hours=float(hours.mean()),
        person_hours_error=float(to_error(hours)),
    )
