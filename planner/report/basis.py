"""What every part of a report needs to speak about a study."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from planner.report.labels import Labels
from planner.report.language import say
from planner.report.settings import Settings, to_settings
from planner.report.words import to_count, to_magnitude, to_percent, to_sentence_list
from planner.result import AuditOutcome

if TYPE_CHECKING:
    from collections.abc import Iterable

    from planner.network.model import Network
    from planner.result import CorridorRecord, Outcome, PlacedCutSet
    from planner.risk.model import RiskGroups


@dataclass(frozen=True, slots=True)
class Basis:
    """A study's network with its settings and names.

    Parameters
    ----------
    built
        Rows of the routes that the plan builds, ascending.
    weights, required
        Region id to weight, and to the number of cuts that it has to survive.
    has_weights
        False where all regions weigh the same, so that weights say nothing.
    noun
        What a region is called: ``"region"``, or ``"site"`` where every site is its own.
    corridors
        What could be chosen from where every section of corridors was a candidate, else None.
    """

    settings: Settings
    labels: Labels
    network: Network
    risk_groups: RiskGroups
    cuts: int
    built: tuple[int, ...]
    weights: dict[str, float]
    required: dict[str, int]
    has_weights: bool
    noun: str
    corridors: CorridorRecord | None = None

    @property
    def sites_fall(self) -> bool:
        """Whether cuts can take sites."""
        return bool(self.risk_groups.sites)

    @property
    def weight_label(self) -> str:
        """What weights count, for headings."""
        known = {"": say("weight"), "population": say("population")}
        return known.get(self.settings.weight_name, self.settings.weight_name)

    @property
    def a_noun(self) -> str:
        """``"a region"``."""
        return say("a region") if self.noun == "region" else say("a site")

    @property
    def the_noun(self) -> str:
        """``"the region"``."""
        return say("the region") if self.noun == "region" else say("the site")

    @property
    def nouns(self) -> str:
        """``"regions"``."""
        return say("regions") if self.noun == "region" else say("sites")

    @property
    def heading(self) -> str:
        """``"Region"``."""
        return say("Region") if self.noun == "region" else say("Site")

    @property
    def headings(self) -> str:
        """``"Regions"``."""
        return say("Regions") if self.noun == "region" else say("Sites")

    @property
    def total_weight(self) -> float:
        """Weight of all regions together."""
        return sum(self.weights.values())

    def to_weight(self, weight: float) -> str:
        """``"13.2 million, 31% of population"``."""
        return say(
            "{magnitude}, {percent} of {weight}",
            magnitude=to_magnitude(weight),
            percent=to_percent(self.to_share(weight)),
            weight=self.weight_label,
        )

    def to_share(self, weight: float) -> float:
        """Share of the weight of all regions; 0 where they weigh nothing."""
        return weight / self.total_weight if self.total_weight else 0.0

    def to_isolated(self, cut_set: PlacedCutSet, limit: int = 6) -> str:
        """The regions that a cut set isolates, with their weight where weights say something."""
        names = to_sentence_list(self.labels.to_regions(cut_set.isolated_regions), limit)
        return f"{names} ({self.to_weight(cut_set.isolated_weight)})" if self.has_weights else names

    def to_regions(self, count: int) -> str:
        """``"6 regions"``."""
        return to_count(count, "region") if self.noun == "region" else to_count(count, "site")


def to_basis(outcome: Outcome | AuditOutcome, built: Iterable[int] = ()) -> Basis:
    """Gather what the parts of a report share."""
    network = outcome.network
    regions = network.regions
    ids = [str(region_id) for region_id in regions["region_id"]]
    weights = [float(weight) for weight in regions["weight"]]
    site_ids = {str(site_id) for site_id in network.sites["site_id"]}
    is_by_site = all(i in site_ids and len(s) == 1 for i, s in zip(ids, regions["sites"], strict=True))
    return Basis(
        settings=to_settings(outcome.study),
        labels=Labels(network),
        network=network,
        risk_groups=outcome.risk_groups,
        cuts=outcome.cuts,
        built=tuple(sorted(built)),
        weights=dict(zip(ids, weights, strict=True)),
        required=dict(zip(ids, (int(cuts) for cuts in regions["required_cuts"]), strict=True)),
        has_weights=len(set(weights)) > 1,
        noun="site" if is_by_site else "region",
        corridors=None if isinstance(outcome, AuditOutcome) else outcome.corridors,
    )
