"""Reads a study's corridors and joins them up with its sites."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from planner.candidates.frames import to_corridor_network
from planner.candidates.graph import VertexGraph, find_chains, keep_largest, node_lines, to_graph
from planner.candidates.joints import find_accesses, find_connectors, find_gaps, find_own
from planner.candidates.merge import merge_junctions
from planner.candidates.model import ACCESS, CONNECTOR, GAP, CorridorNetwork
from planner.candidates.prices import price_sections
from planner.network.columns import text_column
from planner.network.geometry import LINES, check_geometry, to_working_crs
from planner.network.layer import check_column
from planner.network.model import Network
from planner.network.notes import Notes, join_ids
from planner.network.read_layer import read_layer
from planner.network.roles import line_role
from planner.problem import IntArray
from planner.study import Study

_GRID_M = 1.0  # coordinates of corridors are rounded to it: what nearly meets does
_STEP_M = 1000.0  # joints lead to vertices, and there is one at least every so many metres

type KindOfLine = tuple[NDArray[Any], NDArray[Any]]


def find_corridors(study: Study, network: Network) -> CorridorNetwork:
    """Read the corridors of a study, node them, join them up, lead them to the sites, and price them.

    Parameters
    ----------
    study
        Names the files of its corridors, and says how they are joined and what they cost.
    network
        Its sites and CRS.

    Returns
    -------
    CorridorNetwork
        The largest connected part, with every site that lies within ``candidates.attach_m`` of it.

    Raises
    ------
    InputError
        With every fault: files, columns, kinds without a price.
    """
    notes = Notes()
    layers = [_read(study, network, number, notes) for number in range(len(study.candidates.corridors))]
    notes.faults.raise_if_any()
    names = [ACCESS, CONNECTOR, GAP]
    names += sorted({kind for _, kinds in layers for kind in kinds.tolist()})
    graph = _join_up(study, [_node(lines, kinds, names) for lines, kinds in layers], names, notes)
    graph, sites = _attach(study, network, graph, names, notes)
    is_stop = np.zeros(len(graph.xy), dtype=bool)
    is_stop[sites] = True
    chains = merge_junctions(find_chains(graph, is_stop), graph.xy, sites, study.candidates.merge_m)
    found = to_corridor_network(network, chains, graph.xy, sites, names, notes)
    priced = price_sections(found, study, notes)
    notes.faults.raise_if_any()
    return priced


def _read(study: Study, network: Network, number: int, notes: Notes) -> KindOfLine:
    """Lines in the working CRS, and what each is."""
    corridor = study.candidates.corridors[number]
    nothing = (np.zeros(0, dtype=object), np.zeros(0, dtype=object))
    known = [corridor.kind_column] if corridor.kind_column else []
    layer = read_layer(study, corridor.file, notes, role=line_role(), known=known, id_column="")
    setting = f"candidates.corridors[{number}].kind_column"
    if layer is None or (corridor.kind_column and not check_column(layer, corridor.kind_column, setting, notes)):
        return nothing
    if not len(layer) or layer.crs is None:
        notes.fault(corridor.file, "holds no lines", "give a file of corridors")
        return nothing
    is_usable = check_geometry(layer, LINES, notes)
    kinds = text_column(layer, corridor.kind_column) if corridor.kind_column else np.full(len(layer), corridor.kind)
    nameless = np.flatnonzero([kind is None for kind in kinds])
    whats = [f"has no {corridor.kind_column}"] * len(nameless)
    notes.fault_rows(layer.file, layer.wheres(nameless), whats, "say what it is: its kind sets its price")
    wheres = np.array(layer.wheres(np.arange(len(layer))), dtype=object)[is_usable]
    crs = network.crs
    lines, is_held = to_working_crs(layer.geometry[is_usable], layer.crs, crs, layer.file, wheres, notes)
    return lines[is_held], kinds[is_usable][is_held]


def _node(lines: NDArray[Any], kinds: NDArray[Any], names: list[str]) -> tuple[NDArray[Any], IntArray]:
    """Lines cut where they meet, and the number of the kind of each."""
    noded = node_lines(lines, _GRID_M, _STEP_M)
    if len(set(kinds.tolist())) == 1:
        return noded, np.full(len(noded), names.index(kinds[0]))
    middles = shapely.line_interpolate_point(noded, 0.5, normalized=True)
    nearest = shapely.STRtree(lines).query_nearest(middles, all_matches=False)[1]
    return noded, np.array([names.index(kind) for kind in kinds[nearest].tolist()], dtype=np.int64)


def _join_up(study: Study, layers: list[tuple[NDArray[Any], IntArray]], names: list[str], notes: Notes) -> VertexGraph:
    """The graph of all layers with their gaps and the connectors between them; its largest part."""
    settings = study.candidates
    graph = to_graph(layers)
    gaps = find_gaps(graph, settings.gap_m)
    connectors = find_connectors(graph, settings.connect_m, settings.connect_every_m)
    graph = graph.with_pieces(gaps, names.index(GAP)).with_pieces(connectors, names.index(CONNECTOR))
    graph, num_others = keep_largest(graph)
    where = ", ".join(dict.fromkeys(corridor.file for corridor in settings.corridors))
    for num, what in (
        (len(gaps), "gaps where a corridor broke off near another were closed"),
        (len(connectors), "connections between layers of corridors were drawn"),
    ):
        if num:
            notes.remark("other", where, f"{num} {what}.")
    if num_others:
        what = f"{num_others} {'part' if num_others == 1 else 'parts'} of the corridors hang together with nothing else"
        notes.remark("dropped", where, f"{what} and were left out.", is_warning=True)
    return graph


def _attach(
    study: Study, network: Network, graph: VertexGraph, names: list[str], notes: Notes
) -> tuple[VertexGraph, IntArray]:
    """The graph with the sites, and (s,) the vertex of each site; -1 where it is too far from every corridor."""
    xy = shapely.get_coordinates(network.sites.geometry.to_numpy())
    own = find_own(graph, xy, _GRID_M)
    accesses, away_m = find_accesses(graph, xy, study.candidates.attach_m)
    accesses = accesses[own[accesses[:, 0]] < 0]
    is_reached = np.zeros(len(xy), dtype=bool)
    is_reached[accesses[:, 0]] = True
    far = np.flatnonzero(~is_reached & (own < 0))
    if len(far):
        ids = network.sites["site_id"].to_numpy(dtype=object)
        what = f"{len(far)} {'site lies' if len(far) == 1 else 'sites lie'} farther than candidates.attach_m"
        nearest = f"the nearest at {away_m[far].min():,.0f} m"
        where = study.network.sites
        notes.remark(
            "other", where, f"{what} from every corridor ({nearest}): {join_ids(ids[far].tolist())}.", is_warning=True
        )
    vertex = np.where(is_reached, len(graph.xy) + np.cumsum(is_reached) - 1, own)
    graph = graph.with_vertices(xy[is_reached])
    ends = np.column_stack([accesses[:, 1], vertex[accesses[:, 0]]])
    return graph.with_pieces(ends, names.index(ACCESS)), vertex
