"""What the map shows: one form for a solved study and for an audit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from planner.result import Outcome
from planner.result.frames.plain import to_plain

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from planner.network.model import Network
    from planner.optimise.alternatives import Alternatives
    from planner.result import AuditOutcome, CriticalStretch, NewRoute, PlacedCutSet, Survival
    from planner.risk.model import RiskGroups

When = Literal["before", "after", "blocking"]


@dataclass(frozen=True, slots=True)
class MapView:
    """A network, the routes built on it and the cuts that hurt it.

    Parameters
    ----------
    title
        Name of the study.
    currency
        Of every cost.
    built
        Chosen routes; none for an audit.
    site_ids, span_ids, route_ids
        The user's ids by index.
    route_of_span
        (m,) index of each span's route.
    is_present
        (m,) true for spans that exist or are built.
    before, after
        What cuts do without and with the chosen routes; `after` is None where nothing is proposed.
    critical
        Cut sets to draw: when they hurt, their rank among those of the same time (from 1), and the cut set.
    is_audit
        True where the network is looked at as it is.
    stretches
        Metres of span that isolate somebody; only an audit looks for them.
    alternatives
        How far the plan depends on each of its routes; None where that was not sought.
    """

    title: str
    currency: str
    network: Network
    risk_groups: RiskGroups
    built: tuple[NewRoute, ...]
    site_ids: tuple[str, ...]
    span_ids: tuple[str, ...]
    route_ids: tuple[str, ...]
    route_of_span: tuple[int, ...]
    is_present: NDArray[np.bool_]
    before: Survival
    after: Survival | None
    critical: tuple[tuple[When, int, PlacedCutSet], ...]
    is_audit: bool
    stretches: tuple[CriticalStretch, ...]
    alternatives: Alternatives | None = None


def to_view(outcome: Outcome | AuditOutcome) -> MapView:
    """Pick what the map shows; without a plan that is the plan that protects most, if there is one."""
    plan = outcome.built if isinstance(outcome, Outcome) else None
    before = outcome.before if isinstance(outcome, Outcome) else outcome.survival
    after = plan.after if plan else None
    blocking = outcome.blocking if isinstance(outcome, Outcome) else None
    built = tuple(sorted(plan.routes, key=lambda new: new.route_id)) if plan else ()
    return MapView(
        title=outcome.study.study.name,
        currency=outcome.study.costs.currency,
        network=outcome.network,
        risk_groups=outcome.risk_groups,
        built=built,
        site_ids=_to_ids(outcome.network.sites["site_id"]),
        span_ids=_to_ids(outcome.network.spans["span_id"]),
        route_ids=_to_ids(outcome.network.routes["route_id"]),
        route_of_span=tuple(int(route) for route in outcome.network.spans["route"]),
        is_present=_find_present(outcome.network, built),
        before=before,
        after=after,
        critical=(
            *_rank("before", before.cut_sets),
            *_rank("after", after.cut_sets if after else ()),
            *_rank("blocking", (blocking,) if blocking else ()),
        ),
        is_audit=not isinstance(outcome, Outcome),
        stretches=() if isinstance(outcome, Outcome) else outcome.critical_stretches,
        alternatives=outcome.alternatives if isinstance(outcome, Outcome) else None,
    )


def _to_ids(ids: Iterable[object]) -> tuple[str, ...]:
    return tuple(to_plain(str(one)) for one in ids)


def _rank(when: When, cut_sets: tuple[PlacedCutSet, ...]) -> list[tuple[When, int, PlacedCutSet]]:
    return [(when, rank, cut_set) for rank, cut_set in enumerate(cut_sets, start=1)]


def _find_present(network: Network, built: tuple[NewRoute, ...]) -> NDArray[np.bool_]:
    spans = network.spans
    is_built = spans["route"].isin([new.route for new in built])
    present: NDArray[np.bool_] = (~spans["is_candidate"].astype(bool) | is_built).to_numpy(dtype=np.bool_)
    return present
