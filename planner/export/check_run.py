"""Whether the files of a run fit together."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from planner.export.document import PLAN_FILE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from planner.errors import FaultList

type Rows = list[dict[str, Any]]

NETWORK_FILE = "network.geojson"
GROUPS_FILE = "risk_groups.geojson"
REGIONS_FILE = "regions.geojson"
SITE_KEYS = {"id": str}
SPAN_KEYS = {
    "span_id": str,
    "route_id": str,
    "a": str,
    "b": str,
    "status": str,
    "cuttable": bool,
    "length_km": float | int,
}
GROUP_KEYS = {"group_id": str, "span_ids": list, "unbuilt_span_ids": list, "site_ids": list}
REGION_KEYS = {"region_id": str, "required_cuts": int, "reach": str, "site_ids": list}
PLAN_KEYS = {
    "status": str,
    "cuts": int,
    "selected": list,
    "regions": dict,
    "protect_most": dict | None,
    "budget": dict | None,
    "detours": dict | None,
    "inputs": dict,
}
REMEDY = "the files are not of one run, or were changed; run planner solve again"
MAX_NAMED = 3


def check_rows(rows: Rows, keys: Mapping[str, Any], name: str, faults: FaultList) -> None:
    """Note every key that is missing or holds something of another type."""
    for number, row in enumerate(rows, start=1):
        wrong = [key for key, kind in keys.items() if key not in row or not isinstance(row[key], kind)]
        if wrong:
            faults.add(f"{name}, object {number}", f"lacks a proper {', '.join(wrong)}", REMEDY)
            return  # the others are most likely wrong in the same way


def check_fit(
    document: Mapping[str, Any],
    sites: Rows,
    spans: Rows,
    groups: Rows,
    regions: Rows,
    faults: FaultList,
) -> None:
    """Note ids that are double or lead nowhere, and plans that differ from the network drawn."""
    site_ids = _check_unique((row["id"] for row in sites), NETWORK_FILE, "site", faults)
    span_ids = _check_unique((row["span_id"] for row in spans), NETWORK_FILE, "span", faults)
    region_ids = _check_unique((row["region_id"] for row in regions), REGIONS_FILE, "region", faults)
    _check_unique((row["group_id"] for row in groups), GROUPS_FILE, "risk group", faults)
    ends = {end for row in spans for end in (row["a"], row["b"])}
    _note(faults, NETWORK_FILE, "spans end at sites that it lacks", ends - site_ids)
    _note(
        faults,
        REGIONS_FILE,
        f"names sites that {NETWORK_FILE} lacks",
        {str(site) for row in regions for site in row["site_ids"]} - site_ids,
    )
    fallen = {str(site) for row in groups for site in row["site_ids"]}
    _note(faults, GROUPS_FILE, f"names sites that {NETWORK_FILE} lacks", fallen - site_ids)
    _check_groups(groups, spans, span_ids, faults)
    _check_plan(document, spans, region_ids, faults)


def _check_groups(groups: Rows, spans: Rows, span_ids: set[str], faults: FaultList) -> None:
    named = {str(span) for row in groups for span in row["span_ids"]}
    unbuilt = {str(span) for row in groups for span in row["unbuilt_span_ids"]}
    cuttable = {row["span_id"] for row in spans if row["cuttable"]}
    _note(faults, GROUPS_FILE, f"names spans that {NETWORK_FILE} lacks", named - unbuilt - span_ids)
    _note(faults, GROUPS_FILE, "calls spans unbuilt that are in the network", unbuilt & span_ids)
    _note(faults, GROUPS_FILE, "has no risk group for spans that can be cut", cuttable - named)
    # a site that falls takes hardened spans with it
    cut = {str(span) for row in groups if not row["site_ids"] for span in row["span_ids"]}
    _note(faults, GROUPS_FILE, "cuts spans that are hardened", (cut & span_ids) - cuttable)


def _check_plan(document: Mapping[str, Any], spans: Rows, region_ids: set[str], faults: FaultList) -> None:
    most = document["protect_most"] or {}
    selected = {str(route) for route in [*document["selected"], *most.get("selected", [])]}
    drawn = {row["route_id"] for row in spans if row["status"] == "new"}
    odd = {row["status"] for row in spans} - {"existing", "new"}
    promise = most or document["budget"] or {}
    levels = promise.get("required_cuts", {})
    _note(faults, NETWORK_FILE, "spans have an unknown status", odd)
    _note(faults, PLAN_FILE, f"selects routes that {NETWORK_FILE} does not draw as new", selected - drawn)
    _note(faults, NETWORK_FILE, f"draws new routes that {PLAN_FILE} does not select", drawn - selected)
    _note(faults, PLAN_FILE, f"and {REGIONS_FILE} disagree on regions", set(document["regions"]) ^ region_ids)
    _note(
        faults,
        PLAN_FILE,
        "holds regions at no level under protect_most or budget",
        promise and region_ids - set(levels),
    )


def _check_unique(ids: Iterable[str], name: str, what: str, faults: FaultList) -> set[str]:
    counts = Counter(ids)
    _note(faults, name, f"has the same {what} id twice", {one for one, num in counts.items() if num > 1})
    return set(counts)


def _note(faults: FaultList, name: str, what: str, ids: Iterable[str]) -> None:
    wrong = sorted(ids)
    if wrong:
        more = f" and {len(wrong) - MAX_NAMED} more" if len(wrong) > MAX_NAMED else ""
        faults.add(name, f"{what}: {', '.join(map(repr, wrong[:MAX_NAMED]))}{more}", REMEDY)
