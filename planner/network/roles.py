"""What each input of a study is for, and what the study says of its columns and rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from shapely import GeometryType

from planner.network.formats import Part
from planner.network.geometry import LINES, POINTS, POLYGONS

if TYPE_CHECKING:
    from planner.study import Study


@dataclass(frozen=True)
class Role:
    """What an input is for.

    Parameters
    ----------
    part
        What is wanted of a file that holds both sites and routes.
    types
        Geometries that are wanted where one file holds several kinds.
    columns, columns_key
        Known column to the file's own; the setting that says so.
    where, where_key
        Column to the values of the rows that count; the setting that says so.
    is_shared
        Whether the same file is asked for another part too.
    """

    part: Part
    types: tuple[GeometryType, ...]
    columns: Mapping[str, str] = field(default_factory=dict)
    columns_key: str = ""
    where: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    where_key: str = ""
    is_shared: bool = False


def site_role(study: Study) -> Role:
    """The file of the sites."""
    network = study.network
    named = (network.site_columns, "network.site_columns", network.site_where, "network.site_where")
    return Role("sites", POINTS, *named, is_shared=network.sites in (network.routes, study.candidates.routes))


def route_role(study: Study) -> Role:
    """The file of the routes."""
    network = study.network
    named = (network.route_columns, "network.route_columns", network.route_where, "network.route_where")
    return Role("routes", LINES, *named, is_shared=network.sites == network.routes)


def candidate_role(study: Study) -> Role:
    """The file of the candidates."""
    candidates = study.candidates
    named = (candidates.columns, "candidates.columns", candidates.where, "candidates.where")
    return Role("routes", LINES, *named, is_shared=study.network.sites == candidates.routes)


def region_role(study: Study) -> Role:
    """The file of the region polygons."""
    return Role("regions", POLYGONS, where=study.regions.where, where_key="regions.where")


def line_role() -> Role:
    """A file of lines of which the study says nothing more."""
    return Role("routes", LINES)


def zone_role() -> Role:
    """A file of zones that ground is priced by."""
    return Role("regions", POLYGONS)
