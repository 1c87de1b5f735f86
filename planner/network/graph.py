"""The network as a networkx graph, for whatever else one wants to ask of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import networkx as nx

    from planner.network.model import Network


def to_graph(network: Network, *, with_candidates: bool = False) -> nx.MultiGraph[Any]:
    """Sites as nodes and spans as edges, with their attributes.

    Parameters
    ----------
    network
        The network.
    with_candidates
        Whether spans that could be built are edges too.

    Returns
    -------
    networkx.MultiGraph
        Nodes are site ids with ``name``, ``region``, ``weight``, ``terminal``; edges have the span id as key and carry
        ``route_id``, ``is_candidate``, ``is_cuttable`` and ``length_km``.

    Examples
    --------
    >>> graph = planner.to_graph(planner.check("towns"))
    >>> graph.number_of_nodes(), graph.number_of_edges()
    (7, 7)
    """
    import networkx as nx

    graph: nx.MultiGraph[Any] = nx.MultiGraph(crs=network.crs.to_string())
    sites = network.sites
    site_id = sites["site_id"].tolist()
    graph.add_nodes_from(site_id)
    for name in ("name", "region", "weight", "terminal"):
        values = dict(zip(site_id, sites[name].tolist(), strict=True))
        nx.set_node_attributes(graph, values, name)
    for span in network.spans.drop(columns="geometry").to_dict("records"):
        if with_candidates or not span["is_candidate"]:
            graph.add_edge(
                site_id[span["a"]],
                site_id[span["b"]],
                key=span["span_id"],
                route_id=span["route_id"],
                is_candidate=span["is_candidate"],
                is_cuttable=span["is_cuttable"],
                length_km=span["length_m"] / 1000,
            )
    return graph
