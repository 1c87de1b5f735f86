"""How time and memory grow with the number of sites: a table and a plot in reports/.

Run it as ``python tests/benchmarks/growth.py [--most SITES]``. It needs matplotlib (the extra ``benchmarks``).
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path
from typing import Any

from measure import ROOT, Figures, answer, measure, to_markdown, to_occasion

_SIZES = (100, 300, 1000, 3000, 10_000)
_LEVELS = (1, 2)
_LIMIT_S = 900.0
_HEADER = ("sites", "spans", "k", "status", "gap", "rounds", "rows", "s", "CPU s", "MB")

# the same bytes for the same figures, and text as text
_STYLE: Any = {"svg.hashsalt": "growth", "svg.fonttype": "none", "font.size": 10, "axes.spines.top": False}


def measure_case(name: str) -> Figures:
    """Solve a country of so many towns for a level, trenches at a fifth of the towns: ``SITES LEVEL``."""
    from cases import to_tiny
    from national import to_national

    import planner

    num_sites, cuts = map(int, name.split())
    planner.optimise(to_tiny())  # imports, once
    problem = to_national(num_sites, cuts, trench_share=0.2)
    begin, cpu_begin = time.perf_counter(), time.process_time()
    plan = planner.optimise(problem, minimise=("cost",), time_limit_s=_LIMIT_S)
    seconds, cpu_s = time.perf_counter() - begin, time.process_time() - cpu_begin
    figures = {"sites": num_sites, "spans": problem.num_spans, "k": cuts, "status": plan.status, "gap": plan.gap}
    figures |= {"rounds": plan.effort.rounds, "rows": plan.effort.rows}
    return figures | {"seconds": seconds, "cpu_s": cpu_s}


def to_row(found: Figures) -> list[str]:
    """A line of the table."""
    gap = "" if found["gap"] is None else f"{found['gap']:.1%}"
    size, effort = ([f"{found[key]:,}" for key in keys] for keys in (("sites", "spans", "k"), ("rounds", "rows")))
    took = [f"{found['seconds']:.2f}", f"{found['cpu_s']:.2f}", f"{found['peak_mb']:.0f}"]
    return [*size, found["status"], gap, *effort, *took]


def plot_growth(found: list[Figures], path: Path) -> None:
    """Seconds and peak memory over sites, a line per level; hollow where optimality was not proved."""
    import matplotlib as mpl

    mpl.use("svg")
    mpl.rcParams.update(_STYLE)
    from matplotlib import pyplot as plt

    figure, axes = plt.subplots(1, 2, figsize=(8, 3.2), layout="constrained")
    for axis, key, label in zip(axes, ("cpu_s", "peak_mb"), ("CPU seconds", "peak memory, MB"), strict=True):
        for level, colour in zip(_LEVELS, ("#1b6ca8", "#c8553d"), strict=True):
            points = [one for one in found if one["k"] == level]
            sites, values = [one["sites"] for one in points], [one[key] for one in points]
            fills = [colour if one["status"] == "optimal" else "white" for one in points]
            axis.plot(sites, values, color=colour, label=f"any {level} cut{'s' * (level > 1)}", zorder=1)
            axis.scatter(sites, values, c=fills, edgecolors=colour, zorder=2)
        axis.set(
            xscale="log", xlabel="sites", ylabel=label, xticks=_SIZES, xticklabels=[f"{size:,}" for size in _SIZES]
        )
        axis.minorticks_off()
        axis.spines["right"].set_visible(False)
        axis.grid(visible=True, alpha=0.3)
    axes[0].set(yscale="log")
    axes[0].yaxis.set_major_formatter("{x:g}")
    axes[1].set_ylim(bottom=0)
    axes[0].legend(frameon=False)
    figure.savefig(path, format="svg", metadata={"Date": None, "Creator": None})
    plt.close(figure)


def main() -> None:
    """Measure, and write the table and the plot."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--most", type=int, default=_SIZES[-1], help="leave larger networks out and write nothing")
    most = parser.parse_args().most
    found = []
    for num_sites in (size for size in _SIZES if size <= most):
        for level in _LEVELS:
            found.append(measure(Path(__file__), f"{num_sites} {level}"))
            print(" | ".join(to_row(found[-1])), flush=True)
    if most < _SIZES[-1]:
        return
    text = f"Towns with trenches, to proved optimality, least cost. Measured {to_occasion()}.\n\n"
    table = to_markdown(_HEADER, map(to_row, found))
    (ROOT / "reports" / "growth.md").write_text(f"# Growth\n\n{text}{table}", encoding="utf-8")
    plot_growth(found, ROOT / "reports" / "growth.svg")


if __name__ == "__main__" and not answer(measure_case):
    main()
