"""The table that says how often cables are cut, how long repairs take, and how often somebody attacks."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from planner.study.section import Amount
from planner.study.sources import SourcedSection

_CUTS = "Bellcore, quoted by AFL 2001: buried cable, in America, more than 20 years old"
_AERIAL = "AFL 2001, a vendor: OPGW 0.085, ADSS 0.081; taken for every aerial kind"
_REPAIR = "the textbook figure; published ones are 6 h and more for buried cable: weak"
_ATTACKS = (
    "two nights of several cuts on French backbones in 2022 to 2024 (27 April 2022, 29 July 2024), all operators"
    " together; FFT counted about 30 attacks a month on French fixed networks from November 2021 to April 2022, mostly"
    " on access lines: weak"
)


class FailuresSection(SourcedSection):
    """`[failures]`: how often what is cut; without this table no risk is worked out."""

    default_sources: ClassVar[dict[str, str]] = {
        "default_cuts_per_1000_km": _CUTS,
        "cuts_per_1000_km": _AERIAL,
        "default_repair_hours": _REPAIR,
        "repair_hours": "4 h for aerial cable: weak",
        "attacks_per_year": _ATTACKS,
        "attack_cuts": "three or four cables were cut in the night of 27 April 2022",
        "attack_model": "an assumption: attackers know the network",
        "attack_repair_hours": "27 April 2022: service came back after 4 to 5 hours",
    }

    cuts_per_1000_km: dict[str, Amount] = Field(
        default_factory=lambda: {"adss": 0.081, "aerial": 0.085, "opgw": 0.085},
        description="Kind of route to cuts per 1,000 km and year.",
    )
    default_cuts_per_1000_km: Amount = Field(
        default=2.13, description="Cuts per 1,000 km and year of every other kind, or of routes without a kind."
    )
    repair_hours: dict[str, Amount] = Field(
        default_factory=lambda: {"adss": 4.0, "aerial": 4.0, "opgw": 4.0},
        description="Kind of route to hours of repair.",
    )
    default_repair_hours: Amount = Field(default=12.0, description="Hours of repair of every other kind.")
    attacks_per_year: Amount = Field(default=0.67, description="Deliberate attacks on this network a year.")
    attack_cuts: int = Field(default=3, ge=1, le=6, description="Simultaneous cuts of one attack.")
    attack_model: Literal["worst", "random"] = Field(
        default="worst",
        description="worst: every attack makes the cuts that isolate most; random: any so many cuts, all as likely.",
    )
    attack_repair_hours: Amount = Field(default=5.0, description="Hours until the cuts of an attack are repaired.")
    simulated_years: int = Field(
        default=2000, ge=0, le=1_000_000, description="Years of the simulation that checks the figures; 0 for none."
    )
