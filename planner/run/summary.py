"""What the commands print: lines for people, documents for programs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import geopandas as gpd

from planner.export.aftermath import to_aftermath
from planner.export.detours import to_broken
from planner.network import Network
from planner.report import to_audit_summary, to_summary
from planner.result import AuditOutcome, Outcome, PlacedCutSet, RadiusAudit, ReplayedCut, ReplayOutcome
from planner.run.verifying import RunVerification
from planner.survival.limits import KM_PER_MS

_MAX_LINES = 20


def to_check_lines(network: Network) -> list[str]:
    """What was read, then warnings, then repairs."""
    counts = _to_counts(network)
    lines = [", ".join(f"{number:,} {name.replace('_', ' ')}" for name, number in counts.items())]
    for title, is_warning in (("warnings", True), ("repairs and notes", False)):
        chosen = [remark for remark in network.remarks if remark.is_warning == is_warning]
        if chosen:
            lines.append(f"{len(chosen):,} {title}:")
            lines += [f"- {remark.where}: {remark.what}" for remark in chosen]
    lines.append("no faults; nothing was changed")
    return lines


def to_check_document(network: Network) -> dict[str, Any]:
    """The same as plain data."""
    return {
        "counts": _to_counts(network),
        "crs": network.crs.to_string(),
        "remark_counts": dict(sorted(Counter(remark.kind for remark in network.remarks).items())),
        "remarks": [
            {"kind": remark.kind, "where": remark.where, "what": remark.what, "is_warning": remark.is_warning}
            for remark in network.remarks
        ],
    }


def _to_counts(network: Network) -> dict[str, int]:
    is_candidate = network.routes["status"] == "candidate"
    return {
        "sites": len(network.sites),
        "existing_routes": int((~is_candidate).sum()),
        "candidate_routes": int(is_candidate.sum()),
        "spans": len(network.spans),
        "regions": len(network.regions),
    }


def to_solve_lines(outcome: Outcome) -> list[str]:
    """The decision, how it is known, and the routes to build."""
    lines = to_summary(outcome)
    if outcome.built is None:
        return lines
    routes = outcome.network.routes
    site_ids = outcome.network.sites["site_id"]
    for new in outcome.built.routes[:_MAX_LINES]:
        row = routes.iloc[new.route]
        ends = f"{site_ids.iloc[row['a']]} - {site_ids.iloc[row['b']]}"
        lines.append(f"- {new.route_id}: {ends}, {row['length_km']:,.1f} km")
    left_out = len(outcome.built.routes) - _MAX_LINES
    return [*lines, f"- and {left_out:,} more"] if left_out > 0 else lines


def to_audit_lines(outcome: AuditOutcome) -> list[str]:
    """What separates the network, the worst first."""
    lines = to_audit_summary(outcome)
    counts = outcome.survival.num_cut_sets
    lines.append(f"{counts.get(1, 0):,} single cuts and {counts.get(2, 0):,} pairs of cuts separate; the worst:")
    for cut_set in outcome.survival.cut_sets[:_MAX_LINES]:
        lines.append(f"- {_to_severed(outcome, cut_set)}: isolates {_to_isolated(cut_set)}")
    attack = outcome.survival.worst_attack
    if attack is not None:
        known = "proved" if attack.is_proved else f"at most {attack.bound:,.15g}"
        lines.append(f"worst attack of up to {attack.cuts}: {_to_severed(outcome, attack.cut_set)}")
        lines.append(f"- isolates {_to_isolated(attack.cut_set)}, {known}")
    return [*lines, *_to_stretch_lines(outcome), *_to_radius_lines(outcome.radii)]


def _to_stretch_lines(outcome: AuditOutcome) -> list[str]:
    """How much of the network is critical."""
    lines = []
    for num_cuts, what in ((1, "isolate somebody alone"), (2, "do so with one more cut")):
        found = [stretch for stretch in outcome.critical_stretches if stretch.num_cuts == num_cuts]
        length_km = sum(stretch.length_m for stretch in found) / 1000
        lines.append(f"{length_km:,.1f} km of span in {len(found):,} critical stretches {what}")
    return [*lines, outcome.stretches_note] if outcome.stretches_note else lines


def _to_radius_lines(radii: Sequence[RadiusAudit]) -> list[str]:
    """The audits at other radii, as a table with columns flush right."""
    if not radii:
        return []
    rows: list[tuple[str, ...]] = [
        ("radius m", "groups", "largest", "shared", "single cuts", "pairs", "survive 0", "1", "2", "worst cut isolates")
    ]
    for at in radii:
        counts = (at.num_groups, at.largest_group, at.num_shared_groups, at.num_cut_sets[1], at.num_cut_sets[2])
        survive = tuple(f"{at.num_surviving[cuts]:,}" for cuts in (0, 1, 2))
        rows.append((f"{at.radius_m:,g}", *(f"{n:,}" for n in counts), *survive, f"{at.worst_weight:,.15g}"))
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return ["radii:", *("  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True)) for row in rows)]


def _to_severed(outcome: AuditOutcome, cut_set: PlacedCutSet) -> str:
    spans = ", ".join(outcome.network.spans["span_id"].iloc[list(cut_set.spans)])
    return _with_sites(spans, _to_site_ids(outcome, cut_set.fallen_sites)) or "nothing cut"


def _to_site_ids(outcome: AuditOutcome | ReplayOutcome, sites: Sequence[int]) -> list[str]:
    site_ids: list[str] = outcome.network.sites["site_id"].iloc[list(sites)].tolist()
    return site_ids


def _with_sites(spans: str, site_ids: Sequence[str]) -> str:
    """What is cut, and the sites that fall with it: ``"E1, E2, with site Hub"``."""
    fallen = f"with {'site' if len(site_ids) == 1 else 'sites'} {', '.join(site_ids)}" if site_ids else ""
    return ", ".join(part for part in (spans, fallen) if part)


def _to_isolated(cut_set: PlacedCutSet) -> str:
    names = cut_set.isolated_regions
    shown = ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")
    return f"{shown or 'nobody'} (weight {cut_set.isolated_weight:,.15g})"


def to_verify_lines(verdict: RunVerification) -> list[str]:
    """The verdict, and whether the inputs are still the same."""
    if verdict.survives:
        lines = [f"survives: all {verdict.cut_sets_covered:,} cut sets within the requirement ({verdict.method})"]
    else:
        pairs = zip(verdict.witness or (), verdict.witness_sites, strict=True)
        cuts = "; ".join(_with_sites(", ".join(spans), sites) for spans, sites in pairs)
        lines = [f"DOES NOT SURVIVE: these cuts separate regions: {cuts or 'none needed'}"]
        if verdict.long_way is not None:
            way, when = verdict.long_way, f"after a cut of {cuts}" if cuts else "while nothing is cut"
            ends = f"{way.region_a} - {way.region_b}"
            lines = [f"TOO LONG: {when} the way {ends} is {way.length_km:,.3f} km, its limit {way.limit_km:,.3f} km"]
    for state in ("changed", "missing"):
        names = [name for name, found in verdict.inputs.items() if found == state]
        if names:
            lines.append(f"inputs {state} since the run: {', '.join(names)}")
    return lines


def to_verify_document(verdict: RunVerification) -> dict[str, Any]:
    """The same as plain data."""
    return {
        "survives": verdict.survives,
        "method": verdict.method,
        "cut_sets_covered": verdict.cut_sets_covered,
        "witness": None if verdict.witness is None else [list(spans) for spans in verdict.witness],
        "witness_site_ids": None if verdict.witness is None else [list(sites) for sites in verdict.witness_sites],
        "long_way": to_broken(verdict.long_way) if verdict.long_way else None,
        "inputs": dict(verdict.inputs),
    }


def to_replay_lines(outcome: ReplayOutcome) -> list[str]:
    """What each cut severed, who is isolated, and the longest detours."""
    on = f" with {len(outcome.plan_routes)} planned routes built" if outcome.plan_routes else ""
    lines = [f"{outcome.incident} on {outcome.study.study.name}{on}"]
    span_ids = outcome.network.spans["span_id"]
    for cut in outcome.cuts:
        spans = ", ".join(span_ids.iloc[list(cut.spans)]) or "nothing within the radius"
        lines.append(f"- {cut.name}: severs {_with_sites(spans, _to_site_ids(outcome, cut.sites))}")
    isolated = outcome.isolated
    if isolated.fallen_sites:
        regions = ", ".join(outcome.fallen_regions)
        gone = f"; no site is left of {regions}" if regions else ""
        lines.append(f"fallen: {', '.join(_to_site_ids(outcome, isolated.fallen_sites))}{gone}")
    lines.append(f"isolated: {_to_isolated(isolated)}" if isolated.isolated_regions else "isolated: no region")
    states = {state.when: state for state in outcome.aftermath.traffic} if outcome.aftermath else {}
    if state := states.get("planned" if outcome.plan_routes else "cut"):
        carried = state.asked_gbps - state.lost_gbps
        over = ", ".join(span_ids.iloc[[span.span for span in state.overloaded]]) or "none"
        lines.append(f"traffic: {carried:,.0f} of {state.asked_gbps:,.0f} Gbit/s find a way; spans overloaded: {over}")
    longer, pairs = len(outcome.detours), outcome.num_connected_pairs
    lines.append(f"detours: {longer:,} of {pairs:,} connected pairs of regions have a longer way")
    lines += [
        f"- {way.region_a} - {way.region_b}: {way.before_km:,.0f} km before, {way.after_km:,.0f} km after"
        f" ({way.factor:.1f} times)"
        for way in outcome.detours[:_MAX_LINES]
    ]
    return lines


def to_replay_document(outcome: ReplayOutcome) -> dict[str, Any]:
    """The same as plain data, complete."""
    isolated = outcome.isolated
    return {
        "schema_version": 1,
        "study": outcome.study.study.name,
        "incident": outcome.incident,
        "plan_routes": list(outcome.plan_routes),
        "cuts": [_to_cut(outcome, cut) for cut in outcome.cuts],
        "severed_span_ids": outcome.network.spans["span_id"].iloc[list(isolated.spans)].tolist(),
        "isolated_regions": list(isolated.isolated_regions),
        "isolated_weight": isolated.isolated_weight,
        "isolated_site_ids": _to_site_ids(outcome, isolated.isolated_sites),
        "fallen_site_ids": _to_site_ids(outcome, isolated.fallen_sites),
        "fallen_regions": list(outcome.fallen_regions),
        "num_connected_pairs": outcome.num_connected_pairs,
        "detours": [
            {
                "region_a": way.region_a,
                "region_b": way.region_b,
                "before_km": round(way.before_km, 3),
                "after_km": round(way.after_km, 3),
                "factor": round(way.factor, 4),
                "before_ms": round(way.before_km / KM_PER_MS, 4),
                "after_ms": round(way.after_km / KM_PER_MS, 4),
            }
            for way in outcome.detours
        ],
        "aftermath": to_aftermath(outcome.network, outcome.aftermath) if outcome.aftermath else None,
        "inputs": dict(outcome.inputs),
        "versions": dict(outcome.versions),
    }


def _to_cut(outcome: ReplayOutcome, cut: ReplayedCut) -> dict[str, Any]:
    span_ids = outcome.network.spans["span_id"]
    lon, lat = cut.place
    return {
        "id": cut.cut_id,
        "name": cut.name,
        "lon": lon,
        "lat": lat,
        "span_ids": span_ids.iloc[list(cut.spans)].tolist(),
        "site_ids": _to_site_ids(outcome, cut.sites),
    }


def to_candidates_document(candidates: gpd.GeoDataFrame) -> dict[str, Any]:
    """How many candidates there are, and each without its line."""
    rows = candidates.drop(columns=candidates.geometry.name).to_dict("records")
    return {"num_candidates": len(candidates), "candidates": rows}


def to_candidates_lines(candidates: gpd.GeoDataFrame) -> list[str]:
    """How many candidates there are, by why they are proposed."""
    num = len(candidates)
    counts = candidates["reason"].value_counts().sort_index()
    return [
        f"{num} candidate {'route' if num == 1 else 'routes'} along the corridors",
        *(f"- {reason}: {count}" for reason, count in counts.items()),
    ]
