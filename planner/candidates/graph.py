"""Lines as a graph of their vertices, and back: noding, chains between junctions."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse import csgraph

from planner.problem import BoolArray, FloatArray, IntArray

_CELL_M = 0.1  # vertices that round to the same are one
_CELLS = 1 << 30


@dataclass(frozen=True, slots=True, eq=False)
class VertexGraph:
    """Vertices and the straight pieces between them.

    Parameters
    ----------
    xy
        (n, 2) metres in the working CRS.
    ends
        (e, 2) vertices of each piece.
    kind, layer, line
        (e,) of each piece: number of its kind, of its layer, and of the noded line that it is part of (-1 for drawn).
    """

    xy: FloatArray
    ends: IntArray
    kind: IntArray
    layer: IntArray
    line: IntArray

    @property
    def degree(self) -> IntArray:
        """(n,) how many pieces end at each vertex."""
        degree: IntArray = np.bincount(self.ends.ravel(), minlength=len(self.xy))
        return degree

    def with_pieces(self, ends: IntArray, kind: int) -> VertexGraph:
        """The graph with straight pieces more, of one kind and no layer."""
        new = np.full(len(ends), -1)
        return replace(
            self,
            ends=np.concatenate([self.ends, ends.reshape(-1, 2)]),
            kind=np.concatenate([self.kind, np.full(len(ends), kind)]),
            layer=np.concatenate([self.layer, new]),
            line=np.concatenate([self.line, new]),
        )

    def with_vertices(self, xy: FloatArray) -> VertexGraph:
        """The graph with vertices more, behind the others."""
        return replace(self, xy=np.concatenate([self.xy, xy]))


@dataclass(frozen=True, slots=True, eq=False)
class Chains:
    """Ways between junctions: (c, 2) vertices at their ends, (c,) kinds and lines."""

    ends: IntArray
    kind: IntArray
    lines: NDArray[Any]


def node_lines(lines: NDArray[Any], grid_m: float, step_m: float) -> NDArray[Any]:
    """Cut lines where they meet or cross, each stretch once, with a vertex every so many metres.

    Coordinates are rounded to a grid, so that what nearly touches does.
    """
    noded = shapely.get_parts(shapely.union_all(shapely.get_parts(lines), grid_size=grid_m))
    noded = noded[(shapely.get_type_id(noded) == shapely.GeometryType.LINESTRING) & ~shapely.is_empty(noded)]
    return np.asarray(shapely.segmentize(noded, step_m))


def to_graph(layers: list[tuple[NDArray[Any], IntArray]]) -> VertexGraph:
    """The graph of noded lines, layer by layer, with the kind of each line."""
    xy, line = shapely.get_coordinates(np.concatenate([lines for lines, _ in layers]), return_index=True)
    kind = np.concatenate([kinds for _, kinds in layers])
    layer = np.repeat(np.arange(len(layers)), [len(lines) for lines, _ in layers])
    cell = np.round(xy / _CELL_M).astype(np.int64)
    low = cell.min(axis=0, initial=0)
    _, first, vertex = np.unique((cell - low) @ [_CELLS, 1], return_index=True, return_inverse=True)
    inside = np.flatnonzero(line[1:] == line[:-1])
    ends = np.sort(np.column_stack([vertex[inside], vertex[inside + 1]]), axis=1)
    of_line = line[inside]
    order = np.lexsort((of_line, ends[:, 1], ends[:, 0]))
    ends, of_line = ends[order], of_line[order]
    is_kept = ends[:, 0] != ends[:, 1]
    is_kept[1:] &= (ends[1:] != ends[:-1]).any(axis=1)
    ends, of_line = ends[is_kept], of_line[is_kept]
    return VertexGraph(xy[first], ends, kind[of_line], layer[of_line], of_line)


def keep_largest(graph: VertexGraph) -> tuple[VertexGraph, int]:
    """The largest connected part, and how many others were left out."""
    part = _find_parts(graph)
    used = np.unique(graph.ends)
    largest = int(np.bincount(part[used]).argmax()) if len(used) else 0
    is_kept = part[graph.ends[:, 0]] == largest
    number = np.cumsum(part == largest) - 1
    kept = VertexGraph(
        graph.xy[part == largest],
        number[graph.ends[is_kept]],
        graph.kind[is_kept],
        graph.layer[is_kept],
        graph.line[is_kept],
    )
    return kept, len(np.unique(part[used])) - 1


def _find_parts(graph: VertexGraph) -> IntArray:
    shape = (len(graph.xy), len(graph.xy))
    links = sparse.csr_matrix((np.ones(len(graph.ends), dtype=np.int8), (graph.ends[:, 0], graph.ends[:, 1])), shape)
    parts: IntArray = csgraph.connected_components(links, directed=False)[1].astype(np.int64)
    return parts


def find_chains(graph: VertexGraph, is_stop: BoolArray) -> Chains:
    """Join pieces of one kind at vertices where nothing else meets into ways.

    Parameters
    ----------
    graph
        The graph.
    is_stop
        (n,) vertices at which every way ends.
    """
    lowest, highest = np.full(len(graph.xy), np.iinfo(np.int64).max), np.full(len(graph.xy), -1)
    for column in graph.ends.T:
        np.minimum.at(lowest, column, graph.kind)
        np.maximum.at(highest, column, graph.kind)
    is_passed = (graph.degree == 2) & (lowest == highest) & ~is_stop
    chain = _group_pieces(graph, is_passed)
    order = np.argsort(chain, kind="stable")
    pieces = np.asarray(shapely.linestrings(graph.xy[graph.ends[order]]))
    lines = np.asarray(shapely.line_merge(shapely.multilinestrings(pieces, indices=chain[order])))
    is_end = ~is_passed[graph.ends]
    at, of_chain = graph.ends[is_end], np.repeat(chain, is_end.sum(axis=1))
    by_chain = np.lexsort((at, of_chain))
    at, of_chain = at[by_chain], of_chain[by_chain]
    num_ends = np.bincount(of_chain, minlength=len(lines))
    is_way = num_ends == 2  # the others are rings that nothing meets
    first = np.concatenate([[0], np.cumsum(num_ends)])[:-1][is_way]
    ends = np.column_stack([at[first], at[first + 1]])
    kind = np.zeros(len(lines), dtype=np.int64)
    kind[chain] = graph.kind
    is_open = ends[:, 0] != ends[:, 1]
    found, ends, kind = lines[is_way][is_open], ends[is_open], kind[is_way][is_open]
    return Chains(ends, kind, _turn(found, graph.xy[ends[:, 0]]))


def _group_pieces(graph: VertexGraph, is_passed: BoolArray) -> IntArray:
    """(e,) number of the way that each piece belongs to."""
    num = len(graph.ends)
    piece = np.repeat(np.arange(num), 2)[is_passed[graph.ends].ravel()]
    vertex = graph.ends.ravel()[is_passed[graph.ends].ravel()]
    order = np.argsort(vertex, kind="stable")
    pairs = piece[order].reshape(-1, 2)
    links = sparse.csr_matrix((np.ones(len(pairs), dtype=np.int8), (pairs[:, 0], pairs[:, 1])), (num, num))
    chain: IntArray = csgraph.connected_components(links, directed=False)[1].astype(np.int64)
    return chain


def _turn(lines: NDArray[Any], start_xy: FloatArray) -> NDArray[Any]:
    """Lines that begin where they should."""
    begins = shapely.get_coordinates(shapely.get_point(lines, 0))
    is_turned = np.abs(begins - start_xy).max(axis=1, initial=0.0) > _CELL_M / 2
    return np.asarray(np.where(is_turned, shapely.reverse(lines), lines))
