"""Reads graphs with places at their nodes: GML and GraphML of the Internet Topology Zoo."""

from __future__ import annotations

import re
from typing import Any

import networkx as nx

from planner.network.formats.graph_frame import Link, Node, to_raw
from planner.network.formats.safe_xml import check_xml
from planner.network.formats.source import FormatError, Raw, Source

# how deep lists may lie in each other; the Zoo's own reach two
MAX_DEPTH = 20
# networkx names its errors itself, and stumbles over broken files in many other ways
ERRORS = (nx.NetworkXException, ValueError, LookupError, TypeError, AttributeError, RecursionError, OverflowError)


def read_gml_graph(source: Source) -> Raw:
    """Read a graph in the Graph Modelling Language, as the Zoo writes it."""
    text = _decode(source.path.read_bytes())
    _check_depth(text)
    if not re.search(r"^[ \t]*multigraph\b", text, flags=re.M):
        # many files of the Zoo have parallel links and do not say so
        text = re.sub(r"\bgraph\s*\[", "graph [\n  multigraph 1", text, count=1)
    try:
        graph = nx.parse_gml(text, label="id")
    except ERRORS as error:
        raise FormatError(f"cannot be read as a graph: {_shorten(error)}", "export it anew") from error
    return _to_raw(graph, source)


def read_graphml(source: Source) -> Raw:
    """Read a graph in GraphML."""
    check_xml(source.path)
    try:
        # bytes: the file itself says how it is encoded
        data: Any = source.path.read_bytes()
        graph = nx.parse_graphml(data, force_multigraph=True)
    except (*ERRORS, SyntaxError) as error:
        raise FormatError(f"cannot be read as a graph: {_shorten(error)}", "export it anew") from error
    return _to_raw(graph, source)


def _to_raw(graph: Any, source: Source) -> Raw:
    nodes = [Node(str(one), *_find_place(cells), _cells(cells)) for one, cells in graph.nodes(data=True)]
    links = []
    for a, b, key, cells in graph.edges(keys=True, data=True):
        # GraphML's ids of edges are networkx's keys; keys that it makes itself are numbers
        own = cells.get("id", key if isinstance(key, str) else None)
        links.append(Link(None if own is None else str(own), str(a), str(b), _cells(cells)))
    return to_raw(nodes, links, source)


def _cells(cells: dict[str, Any]) -> dict[str, Any]:
    """A node's or link's own columns; its label is its name."""
    renamed = {"name" if str(key) == "label" else str(key): value for key, value in cells.items()}
    return {key: value for key, value in renamed.items() if key not in ("id", "a", "b")}


def _find_place(cells: dict[str, Any]) -> tuple[Any, Any]:
    by_word = {str(key).casefold(): value for key, value in cells.items()}
    for x, y in (("longitude", "latitude"), ("lon", "lat"), ("x", "y")):
        if x in by_word and y in by_word:
            return by_word[x], by_word[y]
    return None, None


def _decode(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FormatError(f"is not UTF-8 text (byte {error.start})", "save it as UTF-8") from error


def _check_depth(text: str) -> None:
    depth = 0
    for bracket in re.findall(r"[\[\]]", re.sub(r'"[^"]*"', "", text)):
        depth += 1 if bracket == "[" else -1
        if depth > MAX_DEPTH:
            raise FormatError("cannot be read: its lists lie too deep in each other", "export it anew")


def _shorten(error: Exception) -> str:
    return f"{str(error)[:120] or type(error).__name__}"
