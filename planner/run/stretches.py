"""Which metres of which span isolate somebody when they are cut, alone or together with one more cut."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from planner.network import Network
from planner.network.accuracy import find_accuracy_m
from planner.problem import Problem
from planner.result import CriticalStretch
from planner.risk.model import RiskGroups
from planner.risk.stretches import Stretches, find_stretches
from planner.run.choices import Choices, Taken
from planner.run.harm import Harm, find_harms
from planner.run.placing import GroupFinder
from planner.study import SitesFail
from planner.survival.active import ActiveGraph, to_active_graph

MAX_STRETCHES = 20_000
_DECIMALS = 3  # of a metre


def find_critical_stretches(
    problem: Problem,
    network: Network,
    risk_groups: RiskGroups,
    *,
    radius_m: float,
    site_clearance_m: float,
    sites_fail: SitesFail = False,
) -> tuple[tuple[CriticalStretch, ...], str]:
    """Find every stretch of existing span whose loss isolates a region, alone or with one more cut.

    Parameters
    ----------
    problem, network, risk_groups
        The same study as numbers, as frames, and what one cut severs.
    radius_m, site_clearance_m, sites_fail
        As the risk groups were found with.

    Returns
    -------
    stretches
        Those that isolate alone first, then by weight, then along the spans.
    note
        What was left out for size, as one sentence; empty where nothing was.

    Notes
    -----
    Somebody who digs at a point of a span cuts either what lies within the radius of that point, or a declared group
    that the span belongs to, wherever its members run; the worse of the two counts. The one more cut is any risk
    group, one that takes sites too. A pair counts for the regions that neither of its cuts isolates alone.

    Where the data are inaccurate, several spans may each be within reach of a point and yet no cut reach all of them:
    then what counts is the worst part of them that is in one risk group.
    """
    stretches = find_stretches(network, radius_m=radius_m, site_clearance_m=site_clearance_m, sites_fail=sites_fail)
    graph = to_active_graph(problem)
    chosen = Choices(stretches, risk_groups, graph.spans[problem.is_cuttable[graph.spans]].tolist())
    choices = chosen.to_choices(is_accurate=not find_accuracy_m(network).any())
    sets = list(chosen.numbers)
    harms = find_harms(problem, graph, [spans for _, spans in sets], [sites for sites, _ in sets])
    worst = [_pick(numbers, harms.of_set) for numbers in choices]
    writer = _Writer(stretches, network, risk_groups, graph, sets, harms.of_set, GroupFinder(risk_groups))
    found = writer.to_critical(worst)
    found.sort(key=lambda one: (one.num_cuts, -one.isolated_weight, one.span, one.from_m))
    return tuple(found[:MAX_STRETCHES]), _to_note(len(found), harms.num_cut_short)


def _pick(numbers: Sequence[int], harms: Sequence[Harm | None]) -> int:
    """The set that does most harm, -1 where none does any: alone before with one more, then by weight."""
    harmful = [(harm.partner is not None, -harm.weight, place) for place, harm in _harms_of(numbers, harms)]
    return numbers[min(harmful)[2]] if harmful else -1


def _harms_of(numbers: Sequence[int], harms: Sequence[Harm | None]) -> list[tuple[int, Harm]]:
    found = ((place, harms[number]) for place, number in enumerate(numbers))
    return [(place, harm) for place, harm in found if harm is not None]


@dataclass(frozen=True, slots=True)
class _Writer:
    """Puts harms into the words of the result."""

    stretches: Stretches
    network: Network
    risk_groups: RiskGroups
    graph: ActiveGraph
    sets: Sequence[Taken]
    harms: Sequence[Harm | None]
    finder: GroupFinder

    def to_critical(self, worst: Sequence[int]) -> list[CriticalStretch]:
        """Join neighbours that do the same, and leave out those that do nothing."""
        found = []
        for first, last, number in self._join(worst):
            if number >= 0:
                found.append(self._to_stretch(first, last, number))
        return found

    def _join(self, worst: Sequence[int]) -> list[tuple[int, int, int]]:
        """First and last of neighbouring stretches with the same set."""
        s = self.stretches
        chosen = np.asarray(worst, dtype=np.int64)
        is_first = np.ones(len(s), dtype=bool)
        touches = (s.span[1:] == s.span[:-1]) & (s.from_m[1:] <= s.to_m[:-1] + 1e-6)
        is_first[1:] = ~touches | (chosen[1:] != chosen[:-1])
        starts = np.flatnonzero(is_first)
        ends = np.append(starts[1:], len(s)) - 1 if len(s) else starts
        return list(zip(starts.tolist(), ends.tolist(), chosen[starts].tolist(), strict=True))

    def _to_stretch(self, first: int, last: int, number: int) -> CriticalStretch:
        harm = self.harms[number]
        assert harm is not None
        span, from_m, to_m = int(self.stretches.span[first]), self.stretches.from_m[first], self.stretches.to_m[last]
        partner = None if harm.partner is None else self._to_group(harm.partner)
        place = None if partner is None else self.risk_groups.places[partner]
        region_ids = self.network.regions["region_id"]
        return CriticalStretch(
            span=span,
            from_m=round(float(from_m), _DECIMALS),
            to_m=round(float(to_m), _DECIMALS),
            num_cuts=1 if partner is None else 2,
            isolated_regions=tuple(sorted(str(region_ids.iloc[region]) for region in harm.regions)),
            isolated_weight=harm.weight,
            severed=self.sets[number][1],
            partner=partner,
            partner_place=None if place is None else (float(place[0]), float(place[1])),
            line=self.stretches.courses.cut_out(span, float(from_m), float(to_m)),
            fallen=self.sets[number][0],
        )

    def _to_group(self, cut: int) -> int:
        return self.finder(self.graph.spans[self.graph.cuts[cut]].tolist(), self.graph.cut_sites[cut].tolist())


def _to_note(num_found: int, num_cut_short: int) -> str:
    parts = []
    if num_found > MAX_STRETCHES:
        parts.append(f"the {MAX_STRETCHES:,} worst of {num_found:,} critical stretches are kept")
    if num_cut_short:
        parts.append(
            f"for {num_cut_short:,} sets of spans not every second cut was tried, so a worse one may exist, and"
            " a stretch that is critical only with a second cut may be missing"
        )
    text = "; ".join(parts)
    return f"{text[:1].upper()}{text[1:]}." if text else ""
