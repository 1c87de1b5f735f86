"""Says how many cuts each region must survive."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.network.notes import Notes
from planner.study import Study, find_nearest

if TYPE_CHECKING:
    from collections.abc import Iterable

    import geopandas as gpd


def check_named_regions(study: Study, known: frozenset[str], notes: Notes) -> None:
    """Note a fault for each region that a setting names and that there is not."""
    named = [("regions.exclude", one) for one in study.regions.exclude]
    named += [("regions.survive_cuts", one) for one in study.regions.survive_cuts]
    in_pairs = [(f"detours.pairs[{i}]", one) for i, pair in enumerate(study.detours.pairs) for one in (pair.a, pair.b)]
    for setting, one in [*named, *in_pairs]:
        if one not in known:
            nearest = find_nearest(one, known)
            notes.fault(
                f"{study.path.name}, {setting}",
                f"there is no region '{one}'",
                f"did you mean '{nearest}'?" if nearest else f"the ids are {_some(known)}",
            )
    for setting, one in in_pairs:
        if one in study.regions.exclude:
            notes.fault(f"{study.path.name}, {setting}", f"region '{one}' is excluded", "take it out of one of the two")


def find_levels(study: Study, region_ids: Iterable[str]) -> dict[str, int]:
    """Find each region's level: its own, else ``cuts.simultaneous``; excluded regions are left out."""
    own = study.regions.survive_cuts
    return {one: own.get(one, study.cuts.simultaneous) for one in region_ids if one not in study.regions.exclude}


def remark_levels(study: Study, regions: gpd.GeoDataFrame, file: str, notes: Notes) -> None:
    """Warn of regions without a site that counts, and of a level that one region alone has.

    Parameters
    ----------
    study
        Its ``regions.reach``.
    regions
        The network's regions.
    file
        Where they come from.
    notes
        Takes the warnings.
    """
    is_empty = regions["sites"].map(len) == 0
    empty = regions["region_id"][is_empty].tolist()
    notes.remark_rows(
        "other",
        file,
        f"{len(empty)} regions hold no site that counts, so nothing is required for them.",
        [f"{file}, region '{one}'" for one in empty],
        ["It holds no site that counts, so nothing is required for it."] * len(empty),
        is_warning=True,
    )
    held = regions[~is_empty].sort_values("required_cuts", kind="stable")
    if not len(held):
        notes.remark("other", file, "No region requires anything.", is_warning=True)
        return
    top = held.iloc[-1]
    if study.regions.reach == "all" and len(top["sites"]) > 1:
        return  # its own sites are held together at its level
    if len(held) == 1:
        what = "It is the only region that requires anything, so there is nothing to hold it together with."
    elif held["required_cuts"].iloc[-2] < top["required_cuts"]:
        what = (
            f"It alone must survive {top['required_cuts']} cuts: two regions are held together up to the smaller of "
            f"their levels, so {held['required_cuts'].iloc[-2]} is what binds."
        )
    else:
        return
    notes.remark("other", f"{file}, region '{top['region_id']}'", what, is_warning=True)


def _some(ids: Iterable[str]) -> str:
    ordered = sorted(ids)
    return ", ".join(ordered[:10]) + (", …" if len(ordered) > 10 else "")
