"""Draws the pictures of the guide: every group, plan and row in them is the planner's own."""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection
from pathlib import Path

import networkx as nx
import numpy as np
from drawing import BLUE, GREEN, GREY, INK, RED, YELLOW, note, picture, plot_cut, plot_map, plot_ring
from tiny import Tiny, to_tiny

import planner
from planner.optimise.rows import RowMaker
from planner.risk.vague import find_vague_pairs

RING = {
    **{"A": (0.0, 0.0), "B": (300.0, 250.0), "C": (700.0, 250.0)},
    **{"D": (1000.0, 0.0), "E": (700.0, -250.0), "F": (300.0, -250.0)},
}
RING_ROUTES = {a + b: [a, b] for a, b in zip("ABCDEF", "BCDEFA", strict=True)}
TREE_ROUTES = {name: way for name, way in RING_ROUTES.items() if name not in ("FA", "CD")} | {"BE": ["B", "E"]}


def _find_lost(tiny: Tiny, severed: Collection[int], built: Collection[int] = ()) -> list[int]:
    """Sites outside the largest component, the lowest site deciding between equals."""
    graph = nx.Graph()
    graph.add_nodes_from(range(len(tiny.network.sites)))
    for number, span in enumerate(tiny.network.spans.itertuples()):
        if number not in severed and (not span.is_candidate or span.route in built):
            graph.add_edge(span.a, span.b)
    main = max(nx.connected_components(graph), key=lambda part: (len(part), -min(part)))
    return sorted(set(graph) - main)


def _place(tiny: Tiny, spans: Collection[int]) -> np.ndarray:
    """Where one cut severs these spans: the place of the group that is, or that holds, them."""
    for group, place in zip(tiny.groups.spans, tiny.places, strict=True):
        if set(spans) <= set(group):
            return np.asarray(place)
    raise LookupError(spans)


def draw_cut(folder: Path) -> None:
    """What one cut severs, and the clearance of sites."""
    sites = {"A": (0.0, 150.0), "B": (1100.0, 150.0), "C": (0.0, -150.0), "D": (1100.0, -150.0)}
    routes = {
        "R1": ["A", (400.0, 20.0), (700.0, 20.0), "B"],
        "R2": ["C", (400.0, -20.0), (700.0, -20.0), "D"],
        "R3": ["A", "C"],
    }
    tiny = to_tiny(sites, routes, radius_m=60.0, site_clearance_m=120.0)
    severed = max(tiny.groups.spans, key=len)
    place = np.array([550.0, 10.0])
    with picture(folder, "cut") as (ax,):
        for row in range(4):
            plot_ring(ax, tiny.site(row), 120.0)
        plot_map(ax, tiny, severed=severed)
        plot_cut(ax, place, tiny.radius_m)
        ax.annotate("", np.add(place, (0, 60)), place, arrowprops={"arrowstyle": "<->", "color": INK})
        note(ax, "radius_m", (550.0, 110.0))
        note(ax, "site_clearance_m", (160.0, 255.0), ha="left", color=GREY)
        note(ax, "R1", (250.0, 105.0), color=RED)
        note(ax, "R2", (250.0, -105.0), color=RED)
        note(ax, "R3", (-45.0, 0.0))


def draw_groups(folder: Path) -> None:
    """Every risk group of a map that holds several spans."""
    sites = {"A": (0.0, 200.0), "B": (1200.0, 200.0), "C": (0.0, -200.0), "D": (1200.0, -200.0), "E": (600.0, 330.0)}
    routes = {
        "R1": ["A", (300.0, 30.0), (500.0, 30.0), (750.0, 160.0), "B"],
        "R2": ["C", (300.0, -20.0), (500.0, -20.0), (750.0, -200.0), "D"],
        "R3": ["E", (600.0, -60.0), (900.0, -60.0), "D"],
        "R4": ["A", "E"],
        "R5": ["E", "B"],
    }
    tiny = to_tiny(sites, routes, site_clearance_m=110.0)
    several = [number for number, spans in enumerate(tiny.groups.spans) if len(spans) > 1]
    names = tiny.network.spans["span_id"]
    with picture(folder, "groups", size=(7.2, 3.2)) as (ax,):
        plot_map(ax, tiny)
        for number, colour in zip(several, (RED, YELLOW, GREEN, BLUE, GREY), strict=False):
            plot_cut(ax, tiny.places[number], tiny.radius_m, colour)
            text = ", ".join(names[span] for span in tiny.groups.spans[number])
            x, y = tiny.places[number]
            note(ax, text, (x, y - 78), color=colour, weight="bold", bbox={"fc": "white", "ec": "none", "pad": 1})
        for one, place in {"R1": (225, 112), "R2": (130, -150), "R3": (720, -35), "R4": (290, 295)}.items():
            note(ax, one, place)
        note(ax, "R5", (920.0, 295.0))


def draw_plan(folder: Path) -> None:
    """A network that one cut parts, and the plan that mends it."""
    new = {"new1": ["A", "F"], "new2": ["C", "D"], "new3": ["A", (230.0, 430.0), "C"], "new4": ["D", "F"]}
    new["new4"] = ["D", (650.0, -420.0), "F"]
    tiny = to_tiny(RING, {**TREE_ROUTES, **new}, cells={"new3": {"cost": 2}, "new4": {"cost": 2}})
    plan = planner.optimise(tiny.problem)
    (cut,) = planner.separating_cut_sets(tiny.problem, cuts=1)[0]
    with picture(folder, "plan", 2) as (before, after):
        plot_map(before, tiny, severed=cut, lost=_find_lost(tiny, cut))
        plot_cut(before, _place(tiny, cut), tiny.radius_m)
        before.set_title("Today: one cut isolates somebody")
        plot_map(after, tiny, built=plan.routes)
        chosen = ", ".join(tiny.network.routes["route_id"].iloc[list(plan.routes)])
        after.set_title(f"The plan: {chosen}, {plan.status}")


def draw_levels(folder: Path) -> None:
    """Two cuts part a ring; a region that owes one survives, one that owes two does not."""
    tiny = to_tiny(RING, dict(RING_ROUTES), simultaneous=2)
    cuts = next(
        one for one in planner.separating_cut_sets(tiny.problem, cuts=2) if len(_find_lost(tiny, _flat(one))) == 2
    )
    with picture(folder, "levels", 2) as (one, two):
        first = cuts[:1]
        for ax, chosen, title in ((one, first, "One cut: all connected"), (two, cuts, "Two cuts: a cut set of size 2")):
            plot_map(ax, tiny, severed=_flat(chosen), lost=_find_lost(tiny, _flat(chosen)))
            for cut in chosen:
                plot_cut(ax, _place(tiny, cut), tiny.radius_m)
            ax.set_title(title)


def _flat(cuts: Collection[Collection[int]]) -> list[int]:
    return sorted({span for cut in cuts for span in cut})


def draw_regions(folder: Path) -> None:
    """One region of two sites, any or all of which must be held."""
    sites = {"A": (0.0, 0.0), "B": (400.0, 0.0), "C": (800.0, 200.0), "D": (800.0, -200.0)}
    routes = {"AB": ["A", "B"], "A2": ["A", (200.0, 150.0), "B"], "BC": ["B", "C"], "BD": ["B", "D"]}
    cells = {one: {"region": region} for one, region in zip("ABCD", ("1", "2", "3", "3"), strict=True)}
    with picture(folder, "regions", 2, (7.2, 2.8)) as axes:
        for ax, reach in zip(axes, ("any", "all"), strict=True):
            tiny = to_tiny(sites, routes, site_cells=cells, regions={"reach": reach}, site_clearance_m=150.0)
            found = planner.separating_cut_sets(tiny.problem, cuts=1)
            spans = tiny.network.spans["span_id"].tolist()
            cut = [spans.index("BC")]
            ax.axvspan(720, 880, color="#dfeaf5", zorder=0)
            note(ax, "region 3", (800.0, 0.0))
            plot_map(ax, tiny, severed=cut, lost=_find_lost(tiny, cut))
            plot_cut(ax, _place(tiny, cut), tiny.radius_m)
            verdict = "isolated" if (tuple(cut),) in found else "still held, by D"
            ax.set_title(f'reach = "{reach}": region 3 is {verdict}')


def draw_falling(folder: Path) -> None:
    """A cut that takes a site with all that is at it."""
    tiny = to_tiny(RING, {**RING_ROUTES, "BF": ["B", "F"]}, sites_fail="disc")
    row = tiny.network.sites["site_id"].tolist().index("C")
    group = next(number for number, sites in enumerate(tiny.groups.sites) if sites == (row,))
    with picture(folder, "falling") as (ax,):
        plot_map(ax, tiny, severed=tiny.groups.spans[group], lost=[row])
        plot_cut(ax, tiny.places[group], tiny.radius_m)
        note(
            ax, "C falls, with both its spans.\nIt owes nothing.\nAll others must stay connected.", (1150, 0), ha="left"
        )
        ax.set_xlim(-100, 2000)


def draw_declared(folder: Path) -> None:
    """Groups that the map cannot show, and spans that nothing cuts."""
    sites = {"A": (0.0, 120.0), "B": (800.0, 120.0), "C": (0.0, -120.0), "D": (800.0, -120.0)}
    routes = {"R1": ["A", "B"], "R2": ["C", "D"], "R3": ["A", "C"]}
    with picture(folder, "declared", 2) as (left, right):
        same = {"conduit_id": "D7"}
        tiny = to_tiny(sites, routes, cells={"R1": same, "R2": same}, declared=["conduit_id"])
        group = max(tiny.groups.spans, key=len)
        plot_map(left, tiny, severed=group)
        left.annotate("", (400, 110), (400, -110), arrowprops={"arrowstyle": "<->", "color": RED, "ls": "--"})
        note(left, "conduit_id = D7", (420.0, 0.0), ha="left", color=RED)
        for ax in (left, right):
            ax.set_ylim(-210, 215)
        left.set_title("Declared: these two fall together")
        near = {"R1": ["A", (300.0, 15.0), (500.0, 15.0), "B"], "R2": ["C", (300.0, -15.0), (500.0, -15.0), "D"]}
        tiny = to_tiny(sites, {**routes, **near}, cells={"R2": {"cuttable": "false"}})
        hard = tiny.network.spans["span_id"].tolist().index("R2")
        plot_map(right, tiny, severed=[0], colours={hard: GREEN})
        plot_cut(right, (400.0, 0.0), tiny.radius_m)
        note(right, "cuttable = false", (400.0, -130.0), color=GREEN)
        right.set_title("Hardened: the cut severs the other alone")


def draw_accuracy(folder: Path) -> None:
    """Shared, cannot tell, diverse."""
    with picture(folder, "accuracy", 3, (7.6, 2.2)) as axes:
        for ax, apart in zip(axes, (50.0, 110.0, 190.0), strict=True):
            sites = {"A": (0.0, apart / 2), "B": (600.0, apart / 2), "C": (0.0, -apart / 2), "D": (600.0, -apart / 2)}
            cells = {one: {"accuracy_m": 20} for one in ("R1", "R2")}
            tiny = to_tiny(sites, {"R1": ["A", "B"], "R2": ["C", "D"]}, cells=cells)
            is_group = len(max(tiny.groups.spans, key=len)) > 1
            vague = find_vague_pairs(tiny.network, radius_m=50.0, site_clearance_m=100.0)
            word = "cannot tell" if len(vague.first) else "shared" if is_group else "diverse"
            for side in (1, -1):
                ax.fill_between((0, 600), side * apart / 2 - 20, side * apart / 2 + 20, color="#cfe0f0", zorder=0)
            plot_map(ax, tiny, severed=(0, 1) if is_group else (), labels=False)
            plot_cut(ax, (300.0, 0.0), tiny.radius_m)
            ax.set_ylim(-160, 160)
            ax.set_title(f"{apart:g} m apart: {word}")


def draw_row(folder: Path) -> None:
    """A row: two sides, the spans across, and what must be built."""
    sites = {"A": (0.0, 200.0), "B": (0.0, -200.0), "C": (900.0, 200.0), "D": (900.0, -200.0)}
    routes: dict[str, list[str | tuple[float, float]]] = {"R1": ["A", "B"], "R2": ["C", "D"], "R3": ["A", "C"]}
    routes |= {"new1": ["A", "D"], "new2": ["B", (450.0, -90.0), "C"], "new3": ["B", "D"]}
    tiny = to_tiny(sites, routes, simultaneous=2)
    inside = np.array([one in "AB" for one in tiny.network.sites["site_id"]])
    row = RowMaker(tiny.problem).row(inside, ())
    if row is None:
        raise LookupError("the row asks for nothing")
    terms = " + ".join(tiny.network.routes["route_id"].iloc[list(row.routes)])
    with picture(folder, "row", size=(7.2, 3.0)) as (ax,):
        ax.axvspan(-130, 130, color="#dfeaf5", zorder=0)
        ax.axvspan(770, 1130, color="#f3ead2", zorder=0)
        plot_map(ax, tiny, labels=False)
        for one, (x, y) in sites.items():
            note(ax, one, (x - 55 if x < 500 else x + 55, y))
        note(ax, "S", (-95.0, 0.0), weight="bold")
        note(ax, "the rest", (1020.0, 0.0), weight="bold")
        note(ax, "R3 exists", (450.0, 230.0))
        note(ax, f"two cuts must not part the sides:\n{terms} ≥ {row.at_least}", (450.0, -275.0), color=BLUE, va="top")
        ax.set_ylim(-380, 290)


def draw_bound(folder: Path) -> None:
    """What bound and gap say of a plan that a limit stopped."""
    with picture(folder, "bound", size=(7.2, 1.7)) as (ax,):
        ax.set_aspect("auto")
        ax.set_ylim(-0.4, 0.8)
        ax.plot((0, 100), (0, 0), color=INK, lw=1.2)
        ax.fill_between((0, 60), 0, 0.5, color="#eef1f4")
        ax.fill_between((60, 80), 0, 0.5, color="#f6dfa6")
        ax.fill_between((80, 100), 0, 0.5, color="#d5e8dc")
        note(ax, "no plan is this cheap:\nproved", (30.0, 0.25))
        note(ax, "nobody knows\nyet", (70.0, 0.25))
        note(ax, "plans as dear\nas this are known", (90.0, 0.25))
        note(ax, "bound = 60", (60.0, -0.16))
        note(ax, "plan = 80", (80.0, -0.16))
        note(ax, "cost", (98.0, -0.16), color=GREY)
        note(ax, f"gap = (80 - 60) / 80 = {(80 - 60) / 80:.0%}", (70.0, 0.62))


DRAWERS: dict[str, Callable[[Path], None]] = {
    "cut": draw_cut,
    "groups": draw_groups,
    "plan": draw_plan,
    "levels": draw_levels,
    "regions": draw_regions,
    "falling": draw_falling,
    "declared": draw_declared,
    "accuracy": draw_accuracy,
    "row": draw_row,
    "bound": draw_bound,
}


def draw_all(folder: Path) -> None:
    """Draw every picture into a folder, as SVG."""
    for draw in DRAWERS.values():
        draw(folder)


if __name__ == "__main__":
    draw_all(Path(sys.argv[1] if len(sys.argv) > 1 else "reports/docs/pictures"))
