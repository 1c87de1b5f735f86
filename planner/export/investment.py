"""Money, risk and phases for plan.json."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from planner.export.plain import to_plain

if TYPE_CHECKING:
    from planner.invest.model import Money, NetworkRisk, Phasing, Range
    from planner.result import Outcome
    from planner.study.sources import SourcedSection


def to_investment(outcome: Outcome) -> dict[str, Any]:
    """``{"investment": …}`` as ``schemas/plan.schema.json`` describes it; empty where the study asks for none."""
    found = outcome.investment
    if found is None:
        return {}
    return {
        "investment": {
            "currency": to_plain(outcome.study.costs.currency),
            "figures": _to_figures(outcome.study.invest),
            "failures": _to_figures(outcome.study.failures),
            "money": _to_money(found.money) if found.money else None,
            "risk": {
                "before": _to_risk(found.risk.before),
                "after": _to_risk(found.risk.after) if found.risk.after else None,
            }
            if found.risk
            else None,
            "phases": _to_phases(found.phasing) if found.phasing else None,
        }
    }


def _to_figures(section: SourcedSection | None) -> dict[str, Any] | None:
    """Every figure with its source."""
    if section is None:
        return None
    figures = section.model_dump(exclude={"sources"})
    return {
        key: {"value": to_plain(value), "source": to_plain(section.find_source(key))} for key, value in figures.items()
    }


def _to_range(amount: Range | None) -> list[float] | None:
    return None if amount is None else [amount.low, amount.middle, amount.high]


def _to_money(money: Money) -> dict[str, Any]:
    return {
        "capex": _to_range(money.capex),
        "opex_per_year": _to_range(money.opex_per_year),
        "lease_per_year": money.lease_per_year,
        "present_cost": _to_range(money.present_cost),
        "present_benefit": _to_range(money.present_benefit),
        "net_present_value": _to_range(money.net_present_value),
        "benefit_cost_ratio": _to_range(money.benefit_cost_ratio),
        "protected_weight": money.protected_weight,
        "cost_per_protected": money.cost_per_protected,
        "saved_hours": list(money.saved_hours),
        "routes": [
            {
                "route_id": to_plain(row.route_id),
                "kind": to_plain(row.kind) or None,
                "terrain": to_plain(row.terrain) or None,
                "length_km": row.length_km,
                "price_per_km": row.price_per_km,
                "capex": _to_range(row.capex),
                "opex_per_year": _to_range(row.opex_per_year),
                "lease_per_year": row.lease_per_year,
                "year": row.year,
                "present_cost": _to_range(row.present_cost),
            }
            for row in money.routes
        ],
    }


def _to_risk(risk: NetworkRisk) -> dict[str, Any]:
    return {
        "regions": {
            to_plain(region.region_id): {
                "minutes_per_year": region.minutes,
                "availability": region.availability,
                "single_minutes": region.single_minutes,
                "pair_minutes": region.pair_minutes,
                "attack_minutes": region.attack_minutes,
                "simulated_minutes": region.simulated_minutes,
                "standard_error": region.standard_error,
            }
            for region in sorted(risk.regions, key=lambda region: region.region_id)
        },
        "neglected_minutes": risk.neglected_minutes,
        "weighted_minutes": risk.weighted_minutes,
        "person_hours": risk.person_hours,
        "cuts_per_year": risk.cuts_per_year,
        "num_kinds": risk.num_kinds,
        "order": risk.order,
        "attack_weight": risk.attack_weight,
        "attack_is_proved": risk.attack_is_proved,
        "attack_error": risk.attack_error,
        "simulated_years": risk.simulated_years,
        "simulated_person_hours": risk.simulated_person_hours,
        "person_hours_error": risk.person_hours_error,
    }


def _to_phases(phasing: Phasing) -> dict[str, Any]:
    return {
        "before_weight": phasing.before_weight,
        "unpaid": to_plain(phasing.unpaid),
        "years": [
            {
                "year": phase.year,
                "budget": phase.budget,
                "spent": phase.spent,
                "left": phase.left,
                "routes": to_plain(phase.routes),
                "protected_weight": phase.protected_weight,
                "bound": phase.bound,
                "hindsight_weight": phase.hindsight_weight,
                "hindsight_bound": phase.hindsight_bound,
                "person_hours": phase.person_hours,
            }
            for phase in phasing.phases
        ],
    }
