"""Read a run folder back from its files alone."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from planner.errors import FaultList
from planner.export.check_run import (
    GROUP_KEYS,
    GROUPS_FILE,
    NETWORK_FILE,
    PLAN_KEYS,
    REGION_KEYS,
    REGIONS_FILE,
    SITE_KEYS,
    SPAN_KEYS,
    check_fit,
    check_rows,
)
from planner.export.detours import read_asked
from planner.export.document import AUDIT_FILE, PLAN_FILE, SCHEMA_VERSION
from planner.export.run_files import RunFiles

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from planner.export.check_run import Rows

AGAIN = "run planner solve again"


def read_run(folder: Path) -> RunFiles:
    """Read ``plan.json``, ``network.geojson``, ``risk_groups.geojson`` and ``regions.geojson`` of a run.

    Parameters
    ----------
    folder
        A folder that ``planner solve`` wrote.

    Raises
    ------
    InputError
        When a file is missing, cut short or does not fit the others. Names every fault of the first step that fails:
        reading, then what each file holds, then whether they fit together.
    """
    faults = FaultList()
    document = _read_document(folder, faults)
    network = _read_rows(folder / NETWORK_FILE, faults)
    groups = _read_rows(folder / GROUPS_FILE, faults)
    regions = _read_rows(folder / REGIONS_FILE, faults)
    faults.raise_if_any()
    sites = [row for row in network if "span_id" not in row]
    spans = [row for row in network if "span_id" in row]
    check_rows([document], PLAN_KEYS, PLAN_FILE, faults)
    check_rows(sites, SITE_KEYS, NETWORK_FILE, faults)
    check_rows(spans, SPAN_KEYS, NETWORK_FILE, faults)
    check_rows(groups, GROUP_KEYS, GROUPS_FILE, faults)
    check_rows(regions, REGION_KEYS, REGIONS_FILE, faults)
    faults.raise_if_any()
    check_fit(document, sites, spans, groups, regions, faults)
    asked = read_asked(document, (row["region_id"] for row in regions), PLAN_FILE, faults)
    faults.raise_if_any()
    return replace(_to_run(folder, document, sites, spans, groups, regions), detours=asked)


def _read_document(folder: Path, faults: FaultList) -> dict[str, Any]:
    where = str(folder / PLAN_FILE)
    if not (folder / PLAN_FILE).exists() and (folder / AUDIT_FILE).exists():
        faults.add(str(folder), "holds an audit, which has no plan to prove", "name a folder of planner solve")
        return {}
    document = _read_json(folder / PLAN_FILE, faults)
    version = document.get("schema_version")
    if document and version != SCHEMA_VERSION:
        faults.add(where, f"has schema_version {version!r}, not {SCHEMA_VERSION}", AGAIN)
    return document


def _read_rows(path: Path, faults: FaultList) -> Rows:
    """Properties of every feature."""
    collection = _read_json(path, faults)
    if not collection:
        return []
    features = _pick_objects(collection.get("features"))
    rows = _pick_objects([feature.get("properties") for feature in features or []])
    if features is not None and rows is not None:
        return rows
    faults.add(str(path), "is no FeatureCollection of features with properties", AGAIN)
    return []


def _pick_objects(items: Any) -> Rows | None:
    """The list, if it is one and holds nothing but objects."""
    is_fit = isinstance(items, list) and all(isinstance(item, dict) for item in items)
    return items if is_fit else None


def _read_json(path: Path, faults: FaultList) -> dict[str, Any]:
    """The object in a file; empty after a fault."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        faults.add(str(path), "is missing", f"name the folder of a finished solve, or {AGAIN}")
    except OSError as error:
        faults.add(str(path), f"cannot be read: {error.strerror}")
    except UnicodeDecodeError:
        faults.add(str(path), "is no UTF-8 text", AGAIN)
    except (json.JSONDecodeError, RecursionError) as error:
        faults.add(str(path), f"is cut short or no JSON: {error}", AGAIN)
    else:
        if isinstance(content, dict) and content:
            return content
        faults.add(str(path), "holds no JSON object", AGAIN)
    return {}


def _to_run(folder: Path, document: dict[str, Any], sites: Rows, spans: Rows, groups: Rows, regions: Rows) -> RunFiles:
    site_of = _to_index([row["id"] for row in sites])
    span_of = _to_index([row["span_id"] for row in spans])
    route_ids = tuple(sorted({row["route_id"] for row in spans}))
    route_of = _to_index(route_ids)
    held = (document["protect_most"] or document["budget"] or {}).get("required_cuts", {})
    present = [[span_of[span] for span in row["span_ids"] if span in span_of] for row in groups]
    kept = [(row, group) for row, group in zip(groups, present, strict=True) if group or row["site_ids"]]
    return RunFiles(
        folder=folder,
        document=document,
        site_ids=tuple(site_of),
        span_ids=tuple(span_of),
        route_ids=route_ids,
        span_ends=np.array([(site_of[r["a"]], site_of[r["b"]]) for r in spans], dtype=np.int64).reshape(-1, 2),
        route_of_span=np.array([route_of[row["route_id"]] for row in spans], dtype=np.int64),
        span_length_km=np.array([row["length_km"] for row in spans], dtype=np.float64),
        is_new=np.array([row["status"] == "new" for row in spans], dtype=np.bool_),
        is_cuttable=np.array([row["cuttable"] for row in spans], dtype=np.bool_),
        group_ids=tuple(row["group_id"] for row, _ in kept),
        groups=tuple(tuple(sorted(group)) for _, group in kept),
        group_sites=tuple(tuple(sorted(site_of[site] for site in row["site_ids"])) for row, _ in kept)
        if any(row["site_ids"] for row in groups)
        else None,
        region_ids=tuple(row["region_id"] for row in regions),
        region_sites=tuple(tuple(sorted(site_of[site] for site in row["site_ids"])) for row in regions),
        required_cuts=tuple(held.get(row["region_id"], row["required_cuts"]) for row in regions),
        reach="all" if any(row["reach"] == "all" for row in regions) else "any",
    )


def _to_index(ids: Sequence[str]) -> dict[str, int]:
    return {one: index for index, one in enumerate(ids)}
