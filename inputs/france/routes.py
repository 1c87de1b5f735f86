"""Infers the ground of the existing routes along the corridors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from paths import Path, PathFinder


@dataclass(frozen=True)
class Route:
    """A route with its way along the corridors.

    Parameters
    ----------
    id
        Its ends: ``"lyon-paris"``.
    a, b
        Site ids.
    path
        Its sections.
    """

    id: str
    a: str
    b: str
    path: Path


def infer_existing(finder: PathFinder, links: Sequence[Mapping[str, str]]) -> list[Route]:
    """Lay every link along the cheapest corridors."""
    routes = []
    for link in sorted(links, key=lambda link: link["link"]):
        path = finder.find_path(link["end_a"], link["end_b"])
        if path is None:
            raise SystemExit(f"no corridor for the link {link['link']}")
        routes.append(Route(link["link"], link["end_a"], link["end_b"], path))
    return routes
