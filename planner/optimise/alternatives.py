"""What is known of the optimal plans beside the one at hand, and of the prices of routes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

type Priced = Literal["none", "chosen", "all"]


@dataclass(frozen=True, slots=True)
class Swap:
    """Another optimal plan, seen from the one at hand.

    Parameters
    ----------
    leaves_out, builds
        Routes of the plan that it does without, and routes that it builds instead, ascending.
    is_nearest
        True when it is proved that no other that was asked for builds fewer routes which the plan does not.
    """

    leaves_out: tuple[int, ...]
    builds: tuple[int, ...]
    is_nearest: bool = True


@dataclass(frozen=True, slots=True)
class Price:
    """What it costs to force one route in or out.

    Parameters
    ----------
    is_forced_in
        True for a route that the plan does not build, false for one that it does.
    status
        ``"optimal"``, ``"infeasible"`` when no plan does without it, ``"no_plan"`` when a limit was hit first.
    routes
        The best plan then, ascending.
    difference
        Its ``routes``, ``cost`` and ``length_km`` less those of the plan; empty unless optimal.
    at_least
        Proved lower bound of the difference in each objective, as far as they were closed and in the first that was
        not. The first that is not zero is negative only where a route was required or forbidden.
    """

    is_forced_in: bool
    status: Literal["optimal", "infeasible", "no_plan"]
    routes: tuple[int, ...] = ()
    difference: Mapping[str, float] = field(default_factory=dict)
    at_least: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Alternatives:
    """What is known of the optimal plans beside the one at hand.

    Parameters
    ----------
    needed
        Routes of the plan that every optimal plan builds, ascending; required ones are among them.
    replaceable
        Its other routes, each with the optimal plan without it that builds the fewest routes which this one does not.
    undecided
        Its routes of which neither was found out before a limit, ascending.
    others
        Other optimal plans, the nearest first. Plans that differ in weightless routes alone count as one.
    has_all_others
        True when it is proved that there is no further one.
    is_others_cut_short
        True when a limit was hit before as many others were found as were asked for.
    prices
        Route to what forcing it out or in costs, by index; those of the dearest routes are found first.
    unpriced
        Routes whose price was asked for and not sought before a limit, ascending.
    rounds
        Integer programs solved.

    Examples
    --------
    >>> found = planner.explain(problem, planner.optimise(problem))
    >>> found.needed, found.replaceable, found.prices[3].status
    ((3,), {}, 'infeasible')
    """

    needed: tuple[int, ...] = ()
    replaceable: Mapping[int, Swap] = field(default_factory=dict)
    undecided: tuple[int, ...] = ()
    others: tuple[Swap, ...] = ()
    has_all_others: bool = False
    is_others_cut_short: bool = False
    prices: Mapping[int, Price] = field(default_factory=dict)
    unpriced: tuple[int, ...] = ()
    rounds: int = 0

    @property
    def is_complete(self) -> bool:
        """Whether all that was asked for was found out before any limit."""
        nearest = all(swap.is_nearest for swap in self.replaceable.values())
        priced = all(price.status != "no_plan" for price in self.prices.values())
        return nearest and priced and not (self.undecided or self.unpriced or self.is_others_cut_short)
