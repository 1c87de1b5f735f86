"""Rows that follow from halves of others: what three regions need together is more than half of what each needs."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence

from planner.optimise.rows import Row
from planner.problem import FloatArray

_TIGHT = 1e-5
_TOLERANCE = 1e-2
_MAX_ROWS = 50
_NEARS = (1e-5, 0.1, 0.26)  # so near to 0 or 1 a route counts as left out or built


def find_half_rows(rows: Iterable[Row], x: FloatArray) -> list[Row]:
    """Rows that a fractional point breaks, each half the sum of tight rows and of bounds, rounded up.

    Parameters
    ----------
    rows
        Rows known to hold.
    x
        (n,) a value per route, at which the relaxation is solved.

    Returns
    -------
    list of Row
        Those that the point lies farthest outside of first.

    Notes
    -----
    The partition inequalities of network design are such sums, and the odd-set ones of matchings. The sums are those in
    which every route at a fraction appears an even number of times, and the requirements come to an odd number; they
    are found by elimination over GF(2) (Koster, Zymolka and Kutschka, 2009; Caprara and Fischetti, 1996).
    """
    tight = sorted(
        (row for row in rows if abs(row.shortfall(x)) < _TIGHT), key=lambda row: (len(row.routes), row.routes)
    )
    found = [
        _to_half([some[number] for number in chosen], x)
        for near in _NEARS
        for some in (tight, tight[::-1])
        for chosen in _find_odd_sums(some, x, near)
    ]
    violated = {row: _depth(row, x) for row in found if row.shortfall(x) > _TOLERANCE}
    return sorted(violated, key=lambda row: (-violated[row], row.routes))[:_MAX_ROWS]


def _find_odd_sums(rows: Sequence[Row], x: FloatArray, near: float) -> Iterator[list[int]]:
    """Sets of rows in which all fractional routes cancel out modulo 2, and the requirements do not."""
    bit_of: dict[int, int] = {}
    basis: dict[int, tuple[int, int, int]] = {}  # highest bit to vector, parity and the rows that it is the sum of
    for number, row in enumerate(rows):
        vector, parity = 0, row.at_least
        for route, coefficient in zip(row.routes, row.coefficients, strict=True):
            if coefficient % 2 and x[route] > 1 - near:
                parity -= 1
            elif coefficient % 2 and x[route] > near:
                vector ^= 1 << bit_of.setdefault(route, len(bit_of))
        parity, members = parity % 2, 1 << number
        while vector:
            highest = vector.bit_length()
            if highest not in basis:
                basis[highest] = (vector, parity, members)
                break
            other, other_parity, other_members = basis[highest]
            vector, parity, members = vector ^ other, parity ^ other_parity, members ^ other_members
        if not vector and parity:
            yield [place for place in range(number + 1) if members >> place & 1]


def _depth(row: Row, x: FloatArray) -> float:
    """How far the point lies outside the row."""
    return row.shortfall(x) / math.hypot(*row.coefficients)


def _to_half(rows: Sequence[Row], x: FloatArray) -> Row:
    total: dict[int, int] = {}
    at_least = sum(row.at_least for row in rows)
    for row in rows:
        for route, coefficient in zip(row.routes, row.coefficients, strict=True):
            total[route] = total.get(route, 0) + coefficient
    for route, coefficient in total.items():
        if coefficient % 2:
            # a bound makes it even: x <= 1 or x >= 0
            is_near_one = bool(x[route] > 0.5)
            total[route] += -1 if is_near_one else 1
            at_least -= is_near_one
    at_least = -(-at_least // 2)
    kept = {route: min(total[route] // 2, at_least) for route in sorted(total) if total[route]}
    return Row(tuple(kept), tuple(kept.values()), at_least)
