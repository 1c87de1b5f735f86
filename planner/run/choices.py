"""What a cut somewhere along a span may sever: one set, or several of which the worst counts."""

from __future__ import annotations

from collections.abc import Sequence

from planner.risk.model import RiskGroups
from planner.risk.stretches import Stretches

type Taken = tuple[tuple[int, ...], tuple[int, ...]]
"""Sites that fall and spans that are severed, both sorted."""


class Choices:
    """Numbers everything that cuts along stretches may take.

    Parameters
    ----------
    stretches
        Where the set that one cut severs changes.
    risk_groups
        What one cut severs at most.
    standing
        The spans that exist and can be cut.
    """

    def __init__(self, stretches: Stretches, risk_groups: RiskGroups, standing: Sequence[int]) -> None:
        self._stretches, self._risk_groups = stretches, risk_groups
        sites = stretches.sites or ((),) * len(stretches.sets)
        self.numbers: dict[Taken, int] = {one: at for at, one in enumerate(zip(sites, stretches.sets, strict=True))}
        """Sites and spans to a number, those of the stretches first."""
        self._sets = list(self.numbers)
        self._declared = self._find_declared(set(standing))
        for spans in (spans for found in self._declared.values() for spans in found):
            self._to_number(((), spans))

    def to_choices(self, *, is_accurate: bool) -> list[list[int]]:
        """Per stretch the numbers of what a cut there may take.

        Parameters
        ----------
        is_accurate
            Whether every set of a stretch is known to fall to one cut. Where it is not, what counts are its largest
            parts that hold the stretch's own span and are in one risk group; those that take sites are left whole,
            unless a group takes the same ones.
        """
        parts: dict[tuple[int, int], list[int]] = {}
        groups = {} if is_accurate else self._find_groups()
        choices = []
        for span, number in zip(self._stretches.span.tolist(), self._stretches.severed.tolist(), strict=True):
            if (span, number) not in parts:
                own = [number] if is_accurate else self._to_parts(self._sets[number], groups.get(span, []))
                parts[span, number] = [*own, *(self.numbers[(), spans] for spans in self._declared.get(span, ()))]
            choices.append(parts[span, number])
        return choices

    def _find_declared(self, standing: set[int]) -> dict[int, list[tuple[int, ...]]]:
        """Per span what the declared groups that it belongs to sever of the network as it is."""
        declared: dict[int, list[tuple[int, ...]]] = {}
        for spans, cause in zip(self._risk_groups.spans, self._risk_groups.causes, strict=True):
            if cause.startswith("declared"):
                severed = tuple(span for span in spans if span in standing)
                for span in severed:
                    declared.setdefault(span, []).append(severed)
        return declared

    def _find_groups(self) -> dict[int, list[Taken]]:
        """Per span the risk groups that it is in."""
        groups: dict[int, list[Taken]] = {}
        sites = self._risk_groups.sites or ((),) * len(self._risk_groups.spans)
        for taken, spans in zip(sites, self._risk_groups.spans, strict=True):
            for span in spans:
                groups.setdefault(span, []).append((taken, spans))
        return groups

    def _to_parts(self, whole: Taken, groups: Sequence[Taken]) -> list[int]:
        sites, spans = whole
        shared = {frozenset(spans).intersection(group) for taken, group in groups if taken == sites}
        largest = [part for part in shared if not any(part < other for other in shared)] or [frozenset(spans)]
        return [self._to_number((sites, part)) for part in sorted(tuple(sorted(part)) for part in largest)]

    def _to_number(self, one: Taken) -> int:
        return self.numbers.setdefault(one, len(self.numbers))
