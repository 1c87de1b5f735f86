"""Infers the existing routes, and proposes candidates, along the corridors."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import shapely
from ground import to_metric
from joins import ACCESS_M
from numpy.typing import NDArray
from paths import Path, PathFinder
from places import Place
from scipy.spatial import Delaunay, cKDTree

# neighbours: joined in the Delaunay triangulation, or among the nearest few; never farther apart than this
MAX_APART_M = 400_000.0
NUM_NEAREST = 6
# a candidate leaves other cities alone: each pair of neighbours has candidates of its own
KEEP_OFF_M = 3000.0
# how far a candidate may go out of its way, against the straight line and against the cheapest path
MAX_DETOUR = 1.8
MAX_LONGER = 1.6
# an alternative may share so much of its way with what it is the alternative to
MAX_SHARED = 0.35
# a way that comes back to within so many metres of itself, so much later, is no way to build
BACK_M = 300.0
BACK_AFTER_M = 1500.0
MAX_BACK_M = 1000.0
STEP_M = 100.0
# near its ends every route shares the city's own corridors
END_M = 10_000.0


@dataclass(frozen=True)
class Route:
    """A route with its way along the corridors.

    Parameters
    ----------
    id
        Ends, and for candidates a number: ``"lyon-paris-2"``.
    a, b
        Site ids.
    path
        Its sections.
    reason
        Why a candidate is proposed: ``"cheapest"``, ``"alternative"`` or ``"apart from existing"``; empty if existing.
    """

    id: str
    a: str
    b: str
    path: Path
    reason: str = ""


def infer_existing(finder: PathFinder, links: Sequence[Mapping[str, str]]) -> list[Route]:
    """Lay every link along the cheapest corridors."""
    routes = []
    for link in sorted(links, key=lambda link: link["link"]):
        path = finder.find_path(link["end_a"], link["end_b"])
        if path is None:
            raise SystemExit(f"no corridor for the link {link['link']}")
        routes.append(Route(link["link"], link["end_a"], link["end_b"], path))
    return routes


def propose_candidates(finder: PathFinder, places: Sequence[Place], existing: Sequence[Route]) -> list[Route]:
    """Propose up to three routes between neighbours: the cheapest, an alternative, and one apart from what exists.

    Where a link joins the two already, it takes the place of the cheapest.
    """
    xy = to_metric(np.array([place.lonlat for place in places]))
    is_used = finder.find_beside([route.path for route in existing])
    existing_of = {frozenset((route.a, route.b)): route.path for route in existing}
    candidates: list[Route] = []
    for one, other in _find_neighbours(xy):
        a, b = places[one].id, places[other].id
        forbidden = _find_near_others(finder, np.delete(xy, [one, other], axis=0))
        max_m = MAX_DETOUR * float(np.hypot(*(xy[one] - xy[other])))
        found = _propose(finder, a, b, forbidden, is_used, max_m, existing_of.get(frozenset((a, b))))
        candidates += [
            Route(f"{a}-{b}-{number}", a, b, path, reason) for number, (path, reason) in enumerate(found, start=1)
        ]
    return candidates


def _find_neighbours(xy: NDArray[np.float64]) -> list[tuple[int, int]]:
    pairs = {(min(pair), max(pair)) for corners in Delaunay(xy).simplices.tolist() for pair in combinations(corners, 2)}
    _, nearest = cKDTree(xy).query(xy, k=NUM_NEAREST + 1)
    pairs |= {(min(one, other), max(one, other)) for one, row in enumerate(nearest.tolist()) for other in row[1:]}
    return sorted(pair for pair in pairs if np.hypot(*(xy[pair[0]] - xy[pair[1]])) <= MAX_APART_M)


def _find_near_others(finder: PathFinder, xy: NDArray[np.float64]) -> NDArray[np.bool_]:
    """(m,) the sections that come near one of these places."""
    is_near = np.zeros(len(finder.price), dtype=bool)
    is_near[finder.tree.query(shapely.points(xy), predicate="dwithin", distance=KEEP_OFF_M)[1]] = True
    return is_near


def _propose(
    finder: PathFinder,
    a: str,
    b: str,
    forbidden: NDArray[np.bool_],
    is_used: NDArray[np.bool_],
    max_m: float,
    existing: Path | None,
) -> Iterator[tuple[Path, str]]:
    cheapest = existing or finder.find_path(a, b, forbidden=forbidden)
    if cheapest is None or (existing is None and finder.length_of(cheapest) > max_m):
        return
    if existing is None and not _doubles_back(finder, cheapest):
        yield cheapest, "cheapest"
    max_m = min(max_m, MAX_LONGER * finder.length_of(cheapest))
    known = [cheapest]
    is_home = finder.find_near(a, ACCESS_M) | finder.find_near(b, ACCESS_M)
    for avoid, reason in ((finder.find_beside([cheapest]), "alternative"), (is_used, "apart from existing")):
        path = finder.find_path(a, b, avoid & ~is_home, forbidden)
        if path is None or finder.length_of(path) > max_m or _doubles_back(finder, path):
            continue
        if all(_find_shared(finder, path, other) <= MAX_SHARED for other in known):
            known.append(path)
            yield path, reason


def _find_shared(finder: PathFinder, path: Path, other: Path) -> float:
    """Share of a path, its ends left out, that runs in the same corridor as the other."""
    sections = list(path.sections)
    middle_m = np.cumsum(finder.length_m[sections]) - finder.length_m[sections] / 2
    end_m = min(END_M, finder.length_of(path) / 4)
    is_inner = (middle_m > end_m) & (middle_m < finder.length_of(path) - end_m)
    length_m = np.where(is_inner, finder.length_m[sections], 0.0)
    return float(length_m[finder.find_beside([other])[sections]].sum() / max(length_m.sum(), 1.0))


def _doubles_back(finder: PathFinder, path: Path) -> bool:
    """Whether the way runs beside itself, as where the data lack the link between two corridors."""
    line = finder.to_line(path)
    places = shapely.line_interpolate_point(line, np.arange(0.0, line.length, STEP_M))
    pairs = cKDTree(shapely.get_coordinates(places)).query_pairs(BACK_M, output_type="ndarray")
    is_later = np.abs(pairs[:, 0] - pairs[:, 1]) > BACK_AFTER_M / STEP_M
    return len(np.unique(pairs[is_later])) * STEP_M > MAX_BACK_M
