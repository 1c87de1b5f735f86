"""Draws routes as lines that stay the same, vertex for vertex, wherever routes share a corridor."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from ground import to_metric
from numpy.typing import NDArray
from paths import Path, PathFinder

SIMPLIFY_M = 60.0


@dataclass(frozen=True)
class Drawing:
    """Lines for a set of paths.

    Parameters
    ----------
    piece_of
        Section to the piece of line that it is part of; pieces are bounded by places where paths part or end.
    lonlat
        Per piece (v, 2) vertices in degrees, simplified.
    """

    finder: PathFinder
    piece_of: dict[int, int]
    lonlat: list[NDArray[np.float64]]

    def to_lonlat(self, path: Path) -> NDArray[np.float64]:
        """(v, 2) vertices of a path, from its first site to its last, in degrees."""
        at = np.array(self.finder.sections[path.sections[0]].lonlat[-1 if path.is_reversed[0] else 0])
        parts = [at[None]]
        last = None
        for section in path.sections:
            piece = self.piece_of[section]
            if piece == last:
                continue
            last = piece
            line = self.lonlat[piece]
            line = line if np.array_equal(line[0], at) else line[::-1]
            parts.append(line[1:])
            at = line[-1]
        return np.concatenate(parts)


def draw_paths(finder: PathFinder, paths: Sequence[Path]) -> Drawing:
    """Join the sections that paths use into pieces between the places where paths part, and simplify these.

    Simplifying a whole route would move shared stretches apart; a piece is shared whole or not at all.
    """
    used = sorted({section for path in paths for section in path.sections})
    at_junction: dict[int, list[int]] = defaultdict(list)
    for section in used:
        for junction in finder.ends[section].tolist():
            at_junction[junction].append(section)
    is_end = {junction: len(found) != 2 for junction, found in at_junction.items()}
    is_end |= dict.fromkeys(finder.site_junctions, True)
    piece_of: dict[int, int] = {}
    lonlat: list[NDArray[np.float64]] = []
    for section in used:
        if section in piece_of:
            continue
        chain = _grow(finder, section, at_junction, is_end)
        piece_of |= dict.fromkeys(chain.sections, len(lonlat))
        lonlat.append(_simplify(finder.to_lonlat(chain)))
    return Drawing(finder, piece_of, lonlat)


def _grow(finder: PathFinder, section: int, at_junction: dict[int, list[int]], is_end: dict[int, bool]) -> Path:
    """Lengthen a section both ways to where paths part."""
    start, end = finder.ends[section].tolist()
    forward = _follow(finder, section, end, at_junction, is_end)
    backward = _follow(finder, section, start, at_junction, is_end)
    steps = [(one, not back) for one, back in reversed(backward)] + [(section, False), *forward]
    return Path(tuple(one for one, _ in steps), tuple(back for _, back in steps))


def _follow(
    finder: PathFinder, section: int, at: int, at_junction: dict[int, list[int]], is_end: dict[int, bool]
) -> list[tuple[int, bool]]:
    """Sections after this one from a junction on, each with whether it is run from its b to its a."""
    steps: list[tuple[int, bool]] = []
    while not is_end[at]:
        section = next(other for other in at_junction[at] if other != section)
        a, b = finder.ends[section].tolist()
        steps.append((section, a != at))
        at = b if a == at else a
    return steps


def _simplify(lonlat: NDArray[np.float64]) -> NDArray[np.float64]:
    xy = to_metric(lonlat)
    kept = shapely.get_coordinates(shapely.simplify(shapely.linestrings(xy), SIMPLIFY_M))
    place_at = dict(zip(map(tuple, xy.tolist()), lonlat, strict=True))
    return np.array([place_at[tuple(place)] for place in kept.tolist()])
