"""A study: every setting, with defaults filled in."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field

from planner.study.cuts import CutsSection
from planner.study.goals import CostsSection, DetoursSection, ObjectiveSection
from planner.study.inputs import CandidatesSection, NetworkSection, RegionsSection, StudySection
from planner.study.naming import is_database, split_name
from planner.study.report import ReportSection
from planner.study.section import Section
from planner.study.solver import SolverSection

STUDY_FILE = "study.toml"


class Study(Section):
    """One study: every setting, with defaults filled in.

    Sections and keys are those of study.toml. Build it with `read_study`.
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
    path: Path = Field(description="The file that was read, absolute.")

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
        named = (self.network.sites, self.network.routes, self.candidates.routes, self.regions.polygons)
        paths = [self.path, *(self.locate(name)[0] for name in named if name and not is_database(name))]
        return tuple(dict.fromkeys(paths))

    def locate(self, name: str) -> tuple[Path, str | None]:
        """Split ``"file.gpkg#layer"`` as written in the study into an absolute path and a layer."""
        _, file, layer = split_name(name, self.folder)
        return file, layer


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
}
