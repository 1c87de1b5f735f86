"""Lays a tornado out as drawing instructions: bars left and right of the value with nothing changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from planner.report.chart import NUM_STEPS, Mark, to_round_top
from planner.report.words import to_magnitude

if TYPE_CHECKING:
    from planner.report.model import Bar, Tornado

WIDTH, LEFT, RIGHT, TOP, STEP, HEIGHT = 400.0, 14.0, 40.0, 8.0, 40.0, 14.0
LESS, MORE = "#0072b2", "#c24e00"


@dataclass(frozen=True, slots=True)
class BarDrawing:
    """One bar: its label over it, and boxes as left edge, width and colour."""

    label: Mark
    y: float
    height: float
    boxes: tuple[tuple[float, float, str], ...]


@dataclass(frozen=True, slots=True)
class TornadoDrawing:
    """Everything that the SVG template draws."""

    width: float
    height: float
    top: float
    floor: float
    base_x: float
    x_marks: tuple[Mark, ...]
    bars: tuple[BarDrawing, ...]


def to_tornado_drawing(chart: Tornado) -> TornadoDrawing:
    """Values from nothing at the left, bars from the top in their order."""
    values = [value for bar in chart.bars for value in (bar.low, bar.high) if value is not None]
    top = to_round_top(max([chart.base, *values]))
    floor = TOP + STEP * len(chart.bars) + 4
    levels = [top * i / NUM_STEPS for i in range(NUM_STEPS + 1)]
    marks = tuple(Mark(to_magnitude(level), _to_x(level, top), floor + 18) for level in levels)
    bars = tuple(_to_bar(bar, chart.base, top, TOP + STEP * i) for i, bar in enumerate(chart.bars))
    return TornadoDrawing(WIDTH, floor + 26, TOP, floor, _to_x(chart.base, top), marks, bars)


def _to_bar(bar: Bar, base: float, top: float, y: float) -> BarDrawing:
    boxes = [_to_box(value, base, top) for value in (bar.low, bar.high) if value is not None and value != base]
    return BarDrawing(Mark(bar.label, LEFT, y + 12), y + 17, HEIGHT, tuple(sorted(boxes)))


def _to_box(value: float, base: float, top: float) -> tuple[float, float, str]:
    left, right = sorted((_to_x(value, top), _to_x(base, top)))
    return left, round(right - left, 1), LESS if value < base else MORE


def _to_x(value: float, top: float) -> float:
    return round(LEFT + value / top * (WIDTH - LEFT - RIGHT), 1)
