"""Lays a chart out as drawing instructions, for SVG without styles or scripts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from planner.report.words import to_magnitude

if TYPE_CHECKING:
    from planner.report.model import Chart, Line

WIDTH, HEIGHT = 400.0, 230.0
LEFT, RIGHT, TOP, BOTTOM = 82.0, 18.0, 34.0, 34.0
NUM_STEPS = 4


@dataclass(frozen=True, slots=True)
class Mark:
    """A text at a place, in pixels."""

    text: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Curve:
    """One line: its path, the points on it, and where its sample stands in the legend."""

    line: Line
    path: str
    points: tuple[tuple[float, float], ...]
    legend_x: float


@dataclass(frozen=True, slots=True)
class ChartDrawing:
    """Everything that the SVG template draws."""

    width: float
    height: float
    left: float
    right: float
    floor: float
    x_marks: tuple[Mark, ...]
    y_marks: tuple[Mark, ...]
    curves: tuple[Curve, ...]


def to_chart_drawing(chart: Chart) -> ChartDrawing:
    """Ticks along the bottom at equal distances, values upwards from nothing."""
    top = to_round_top(max([chart.top, *(value for line in chart.lines for value in line.values)]))
    floor, right = HEIGHT - BOTTOM, WIDTH - RIGHT
    inner = right - LEFT - 36
    step = inner / max(1, len(chart.ticks) - 1)
    middle = inner / 2 if len(chart.ticks) == 1 else 0.0
    xs = [round(LEFT + 18 + middle + i * step, 1) for i in range(len(chart.ticks))]
    x_marks = tuple(Mark(text, x, floor + 18) for text, x in zip(chart.ticks, xs, strict=True))
    levels = [top * i / NUM_STEPS for i in range(NUM_STEPS + 1)]
    y_marks = tuple(Mark(to_magnitude(level), LEFT - 8, _to_y(level, top)) for level in levels)
    legend_xs = [LEFT + i * (right - LEFT) / max(2, len(chart.lines)) for i in range(len(chart.lines))]
    curves = tuple(_to_curve(line, xs, top, x) for line, x in zip(chart.lines, legend_xs, strict=True))
    return ChartDrawing(WIDTH, HEIGHT, LEFT, right, floor, x_marks, y_marks, curves)


def _to_curve(line: Line, xs: list[float], top: float, legend_x: float) -> Curve:
    points = tuple((x, _to_y(value, top)) for x, value in zip(xs, line.values, strict=True))
    path = "M" + "L".join(f"{x:g} {y:g}" for x, y in points)
    return Curve(line, path, points, round(legend_x, 1))


def _to_y(value: float, top: float) -> float:
    floor = HEIGHT - BOTTOM
    return round(floor - value / top * (floor - TOP), 1)


def to_round_top(largest: float) -> float:
    """The smallest round number that holds all values and has a whole quarter."""
    steps = (size * step for size in (10.0**k for k in range(18)) for step in (1, 1.5, 2, 2.5, 3, 4, 5, 6, 8))
    return next(NUM_STEPS * step for step in steps if step.is_integer() and NUM_STEPS * step >= largest)
