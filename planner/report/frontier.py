"""Lays out points of cost against what it buys, with the line of those that no other one beats."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from planner.report.chart import Mark
from planner.report.words import to_magnitude

if TYPE_CHECKING:
    from planner.report.model import Frontier

WIDTH, HEIGHT = 400.0, 260.0
LEFT, RIGHT, TOP, BOTTOM = 72.0, 48.0, 34.0, 48.0
NUM_STEPS = 4


@dataclass(frozen=True, slots=True)
class Point:
    """One point, in pixels; `is_best` where none other beats it."""

    x: float
    y: float
    text: str
    is_best: bool


@dataclass(frozen=True, slots=True)
class FrontierDrawing:
    """Everything that the SVG template draws."""

    width: float
    height: float
    left: float
    right: float
    x_marks: tuple[Mark, ...]
    y_marks: tuple[Mark, ...]
    path: str
    points: tuple[Point, ...]


def to_frontier_drawing(frontier: Frontier) -> FrontierDrawing:
    """Both axes from nothing; the line rises in steps: so much is bought from there on."""
    top_x = max([1e-9, *(x for x, _, _ in frontier.points)])
    top_y = max([1e-9, *(y for _, y, _ in frontier.points)])

    def to_x(value: float) -> float:
        return round(LEFT + value / top_x * (WIDTH - LEFT - RIGHT), 1)

    def to_y(value: float) -> float:
        return round(HEIGHT - BOTTOM - value / top_y * (HEIGHT - TOP - BOTTOM), 1)

    best = find_best([(x, y) for x, y, _ in frontier.points])
    points = tuple(Point(to_x(x), to_y(y), name, (x, y) in best) for x, y, name in frontier.points)
    steps = [f"M{to_x(x)} {to_y(y)}" if not i else f"H{to_x(x)}V{to_y(y)}" for i, (x, y) in enumerate(best)]
    shares = [i / NUM_STEPS for i in range(NUM_STEPS + 1)]
    x_marks = tuple(Mark(to_magnitude(top_x * i), to_x(top_x * i), HEIGHT - BOTTOM + 16) for i in shares[::2])
    y_marks = tuple(Mark(_to_tick(top_y * i), LEFT - 8, to_y(top_y * i)) for i in shares)
    return FrontierDrawing(WIDTH, HEIGHT, LEFT, WIDTH - RIGHT, x_marks, y_marks, "".join(steps), points)


def find_best(points: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Those that no other one beats, by x ascending: none has a y as large for less.

    >>> find_best([(3, 1), (1, 1), (2, 5), (4, 5)])
    [(1, 1), (2, 5)]
    """
    best: list[tuple[float, float]] = []
    for x, y in sorted(points, key=lambda point: (point[0], -point[1])):
        if not best or y > best[-1][1]:
            best.append((x, y))
    return best


def _to_tick(value: float) -> str:
    return f"{value:.3g}" if value < 10 else to_magnitude(value)
