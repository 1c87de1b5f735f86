"""What an audit comes to, in a sentence or two."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.report.figures import count_held
from planner.report.words import to_capital, to_count, to_cuts

if TYPE_CHECKING:
    from planner.report.basis import Basis
    from planner.report.model import Tone
    from planner.result import Survival


def to_audit_tone(survival: Survival, basis: Basis) -> Tone:
    """Good where every region is held as asked."""
    return "good" if count_held(survival, basis) == len(basis.required) else "bad"


def to_audit_headline(survival: Survival, basis: Basis) -> str:
    """How many regions the fewest cuts isolate, and the worst case."""
    size = next((n for n in sorted(survival.num_cut_sets) if survival.num_cut_sets[n]), None)
    if size is None:
        searched = max((region.searched for region in survival.regions), default=0)
        return f"No {basis.noun} is isolated by up to {to_cuts(searched)}."
    exposed = sum(region.survives < size for region in survival.regions)
    who = f"{exposed:,} of {basis.to_regions(len(survival.regions))}"
    if size == 0:
        return f"The network is separated while nothing is cut: {who} {_is(exposed)} isolated."
    worst = next((c for c in survival.cut_sets if len(c.groups) == size), None)
    what = f"; the worst takes {basis.to_isolated(worst, limit=3)}" if worst else ""
    fallen = basis.labels.to_fallen(worst, limit=3) if worst else ""
    can = "A single cut can isolate" if size == 1 else f"{to_capital(to_cuts(size))} together can isolate"
    return f"{can} {who}{what}{f', and {fallen}' if fallen else ''}."


def to_audit_statements(survival: Survival, basis: Basis) -> tuple[str, ...]:
    """How many places and combinations there are, and how they are known."""
    counts = survival.num_cut_sets
    found = [
        text
        for text in (
            to_count(counts.get(1, 0), "place where one cut isolates", "places where one cut isolates")
            + f" some {basis.noun}",
            to_count(counts.get(2, 0), "pair of cuts does", "pairs of cuts do") + " so only together",
        )
        if not text.startswith("0 ")
    ]
    held = count_held(survival, basis)
    return (
        *((f"There {'is' if found[0].startswith('1 ') else 'are'} {', and '.join(found)}.",) if found else ()),
        f"{held:,} of {basis.to_regions(len(basis.required))} {_is(held)} held as asked.",
    )


def _is(count: int) -> str:
    return "is" if count == 1 else "are"
