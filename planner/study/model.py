"""A study: every setting, with defaults filled in."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import Field, model_validator

from planner.study.cuts import CutsSection
from planner.study.failures import FailuresSection
from planner.study.goals import CostsSection, DetoursSection, ObjectiveKey, ObjectiveSection
from planner.study.inputs import CandidatesSection, NetworkSection, RegionsSection, StudySection
from planner.study.invest import InvestSection
from planner.study.naming import is_database, split_name
from planner.study.options import OptionsSection
from planner.study.report import ReportSection
from planner.study.section import Section
from planner.study.solver import SolverSection
from planner.study.traffic import TrafficSection

STUDY_FILE = "study.toml"


class Study(Section):
    """One study: every setting, with defaults filled in.

    Sections and keys are those of study.toml. Build it with `read_study`.

    Examples
    --------
    >>> study = planner.read_study("towns")
    >>> study.cuts.simultaneous, study.solver.name
    (1, 'HiGHS')
    """

    study: StudySection
    network: NetworkSection
    candidates: CandidatesSection = Field(default_factory=CandidatesSection)
    regions: RegionsSection = Field(default_factory=RegionsSection)
    cuts: CutsSection
    costs: CostsSection = Field(default_factory=CostsSection)
    objective: ObjectiveSection = Field(default_factory=ObjectiveSection)
    detours: DetoursSection = Field(default_factory=DetoursSection)
    solver: SolverSection = Field(default_factory=SolverSection)
    report: ReportSection = Field(default_factory=ReportSection)
    invest: InvestSection | None = None
    failures: FailuresSection | None = None
    options: OptionsSection | None = None
    traffic: TrafficSection | None = None
    path: Path = Field(description="The file that was read, absolute.")

    @model_validator(mode="after")
    def _check_mode(self) -> Study:
        if self.candidates.mode == "sections":
            _check_sections(self)
        return self

    def replace(self, settings: Mapping[str, Any] | None = None, /, **changes: Any) -> Study:
        """Make a study with other settings; this one and its file stay as they are.

        Parameters
        ----------
        settings
            Dotted name, such as ``"solver.gap"``, to value.
        **changes
            The same by short name: ``cuts``, ``radius_m``, ``site_clearance_m``, ``sites_fail``, ``required``,
            ``forbidden``, ``minimise``, ``budget``, ``time_limit_s``, ``gap``, ``threads``, ``seed`` and others (see
            `planner.study.SHORT_NAMES`), or a section with a mapping of its keys, as in ``solver={"gap": 0.01}``.
            None takes a setting back to its default. Paths are relative to the study's folder.

        Returns
        -------
        Study
            Checked as if the settings stood in its file.

        Raises
        ------
        InputError
            With every fault: unknown names, with the nearest known one, and values that do not fit.

        Examples
        --------
        >>> study = planner.read_study("towns").replace(cuts=2, radius_m=100)
        >>> study.cuts.simultaneous, study.cuts.radius_m
        (2, 100.0)
        >>> study.replace({"solver.gap": 0.01}).solver.gap
        0.01
        """
        from planner.study.overrides import with_settings

        return with_settings(self, {**(settings or {}), **changes})

    def _repr_html_(self) -> str:
        from planner.study.card import to_study_card

        return to_study_card(self)

    @property
    def minimise(self) -> tuple[ObjectiveKey, ...]:
        """What to minimise: of sections, of which there is no number of routes, the cost unless the study says else."""
        is_default = "minimise" not in self.objective.model_fields_set
        return ("cost",) if self.candidates.mode == "sections" and is_default else self.objective.minimise

    @property
    def folder(self) -> Path:
        """The folder that the study's paths are relative to, absolute."""
        return self.path.parent

    @property
    def run_name(self) -> str:
        """Name of the folder under reports/ that a run of this study writes."""
        name = self.folder.name or "study"
        return name if self.path.name == STUDY_FILE else f"{name}-{self.path.stem}"

    @property
    def input_files(self) -> tuple[Path, ...]:
        """The study's own file and every file that it names, absolute, without layer names, each once."""
        candidates = self.candidates
        corridors = [corridor.file for corridor in candidates.corridors]
        corridors += [zone.file for zone in self.costs.zones] + [one.file for one in self.costs.crossings]
        chosen = [candidates.routes, candidates.decisions, *corridors]
        named = [self.network.sites, self.network.routes, *chosen, self.regions.polygons]
        named += [self.report.incident, self.traffic.demands if self.traffic else None]
        paths = [self.path, *(self.locate(name)[0] for name in named if name and not is_database(name))]
        return tuple(dict.fromkeys(paths))

    def locate(self, name: str) -> tuple[Path, str | None]:
        """Split ``"file.gpkg#layer"`` as written in the study into an absolute path and a layer."""
        _, file, layer = split_name(name, self.folder)
        return file, layer


def _check_sections(study: Study) -> None:
    """A ValueError where a study asks of sections what they have not."""
    if not study.candidates.corridors:
        raise ValueError("candidates.mode = 'sections' needs candidates.corridors")
    if "routes" in study.minimise:
        raise ValueError("sections have no number of routes: take 'routes' out of objective.minimise")
    if study.cuts.radius_m == 0:
        raise ValueError("candidates.mode = 'sections' needs a cuts.radius_m above 0")
    for key in ("required", "forbidden", "decisions"):
        if getattr(study.candidates, key):
            raise ValueError(
                f"candidates.{key} names routes, of which mode = 'sections' has none: leave it out; "
                "costs.zones with forbidden = true keep plans off ground"
            )


SECTIONS: dict[str, type[Section]] = {
    "study": StudySection,
    "network": NetworkSection,
    "candidates": CandidatesSection,
    "regions": RegionsSection,
    "cuts": CutsSection,
    "costs": CostsSection,
    "objective": ObjectiveSection,
    "detours": DetoursSection,
    "solver": SolverSection,
    "report": ReportSection,
    "invest": InvestSection,
    "failures": FailuresSection,
    "options": OptionsSection,
    "traffic": TrafficSection,
}
