"""Reads study.toml into a Study: every setting checked, every fault named at once."""

from __future__ import annotations

import difflib
import json
import re
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from planner.errors import Fault, FaultList, InputError

STUDY_FILE = "study.toml"

Text = Annotated[str, Field(min_length=1)]
Amount = Annotated[float, Field(ge=0)]
Level = Annotated[int, Field(ge=0)]
ObjectiveKey = Literal["routes", "cost", "length"]
SitesFail = Literal[False, "disc", "single"]

SOLVERS = (
    *("HiGHS", "CBC", "SCIP", "GLPK", "Gurobi", "CPLEX", "XPRESS", "MOSEK", "COPT"),
    *("CHOCO_CMD", "COINMP_DLL", "COIN_CMD", "COPT_CMD", "COPT_DLL", "CPLEX_CMD", "CPLEX_PY", "CPSAT", "CUOPT", "CyLP"),
    *("FSCIP_CMD", "GLPK_CMD", "GUROBI_CMD", "HiGHS_CMD", "MIPCL_CMD", "PYGLPK", "SAS94", "SASCAS", "SCIP_CMD"),
    *("SCIP_PY", "XPRESS_PY"),
)
"""Names of solvers: the usual ones, then PuLP's names of its classes."""


class Section(BaseModel):
    """A table of study.toml: frozen, strictly typed, closed to unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)


class StudySection(Section):
    """`[study]`: what the study is called and where on Earth it measures."""

    name: Text = Field(description="Title of the study; the folder's name unless given.")
    crs: Text | None = Field(
        default=None,
        description="Metric CRS to work in, for example EPSG:2154; chosen from the extent unless given.",
    )
    distances: Literal["ground", "plane"] = Field(
        default="ground",
        description="ground: lengths geodesic, radii true; plane: those of the CRS's own plane.",
    )


class NetworkSection(Section):
    """`[network]`: the sites and the routes that exist."""

    sites: Text = Field(description="File of the sites; file.gpkg#layer names a layer.")
    routes: Text = Field(description="File of the routes.")
    site_snap_m: Amount = Field(
        default=250.0,
        description="A line that comes this near a site, in metres, ends there or passes through it.",
    )
    planned: Literal["candidate", "existing", "ignore"] = Field(
        default="candidate", description="What routes of status planned count as."
    )
    accuracy_m: Amount = Field(
        default=0.0,
        description="How far, in metres, the routes may lie from where they are drawn; a column accuracy_m wins.",
    )


class CandidatesSection(Section):
    """`[candidates]`: the routes that could be built."""

    routes: Text | None = Field(default=None, description="File of the candidate routes.")
    accuracy_m: Amount = Field(default=0.0, description="The same as in [network], for the candidates.")
    required: tuple[Text, ...] = Field(
        default=(), strict=False, description="Ids of candidates that every plan builds; * and ? as in a shell."
    )
    forbidden: tuple[Text, ...] = Field(
        default=(), strict=False, description="Ids of candidates that no plan builds; * and ? as in a shell."
    )


class RegionsSection(Section):
    """`[regions]`: what has to stay connected."""

    polygons: Text | None = Field(
        default=None, description="File of the regions; the sites' own region column unless given."
    )
    id: Text = Field(default="id", description="Column of the polygons that holds the region id.")
    name: Text | None = Field(default=None, description="Column of the polygons that holds the region's name.")
    weight: Text | None = Field(
        default=None, description="Column that holds the region's weight, such as population; 1 unless given."
    )
    reach: Literal["any", "all"] = Field(default="any", description="any or all sites of a region must be held.")
    survive_cuts: dict[str, Level] = Field(
        default_factory=dict,
        description="Region id to the number of cuts it must survive; others: cuts.simultaneous.",
    )
    exclude: tuple[Text, ...] = Field(default=(), strict=False, description="Ids of regions that owe nothing.")


class CutsSection(Section):
    """`[cuts]`: what is cut, and how much of it at once."""

    simultaneous: Level = Field(description="Number of simultaneous cuts that every region must survive.")
    radius_m: Amount = Field(default=50.0, description="A cut severs every span within this distance, in metres.")
    site_clearance_m: Amount = Field(
        default=1000.0,
        description="The parts of a span this near its own end sites, in metres, share no risk.",
    )
    declared: tuple[Text, ...] = Field(
        default=(), strict=False, description="Columns of the routes whose values name risk groups."
    )
    sites_fail: SitesFail = Field(
        default=False,
        description='Whether a cut takes the sites within its radius (true or "disc"), or any one site ("single").',
    )

    @field_validator("sites_fail", mode="before")
    @classmethod
    def _check_sites_fail(cls, value: object) -> object:
        if value is True:
            return "disc"
        if value is not False and value not in ("disc", "single"):
            raise ValueError('it must be true, false, "disc" or "single"')
        return value


class CostsSection(Section):
    """`[costs]`: what new routes cost where they have no cost of their own."""

    currency: Text = Field(default="EUR", description="Currency of every cost, for the report.")
    per_km: dict[str, Amount] = Field(default_factory=dict, description="Kind of route to price per km.")
    per_route: Amount = Field(default=0.0, description="Price added to every route priced per km.")


class ObjectiveSection(Section):
    """`[objective]`: what to minimise, most important first."""

    minimise: tuple[ObjectiveKey, ...] = Field(
        default=("routes", "cost"),
        strict=False,
        description="Distinct keys, most important first.",
    )
    budget: Amount | None = Field(
        default=None,
        description="The largest cost: hold the most weight for it, then cost the least; every region unless given.",
    )
    others: int = Field(
        default=0, ge=0, le=100, description="Number of other plans as good as the one found that the report lists."
    )

    @field_validator("minimise")
    @classmethod
    def _check_distinct(cls, keys: tuple[str, ...]) -> tuple[str, ...]:
        if not keys or len(set(keys)) < len(keys):
            raise ValueError("it must hold one key or more, each once")
        return keys


class DetourLimits(Section):
    """Limits on the way between two regions; where there are several the tightest binds."""

    max_km: float | None = Field(default=None, gt=0, description="The way may be no longer, in kilometres.")
    max_one_way_ms: float | None = Field(
        default=None, gt=0, description="Light may take no longer one way, in milliseconds (204.2 km of fibre each)."
    )
    factor: float | None = Field(
        default=None, ge=1, description="The way may be so many times as long as it is today while nothing is cut."
    )

    @property
    def has_limit(self) -> bool:
        """Whether any limit is set."""
        return any(limit is not None for limit in (self.max_km, self.max_one_way_ms, self.factor))


class DetourPair(DetourLimits):
    """One of `detours.pairs`: limits of its own for two regions."""

    a: Text = Field(description="Id of a region.")
    b: Text = Field(description="Id of another.")

    @model_validator(mode="after")
    def _check_pair(self) -> DetourPair:
        if self.a == self.b:
            raise ValueError("it must name two regions")
        if not self.has_limit:
            raise ValueError("it must hold a limit: max_km, max_one_way_ms or factor")
        return self


class DetoursSection(DetourLimits):
    """`[detours]`: how long the ways between regions may be, with nothing cut and after any one cut."""

    pairs: tuple[DetourPair, ...] = Field(
        default=(),
        strict=False,
        description="Regions a and b with limits of their own; all other pairs have those of the section, if any.",
    )


class SolverSection(Section):
    """`[solver]`: which solver, and its limits."""

    name: Text = Field(default="HiGHS", description="The solver: HiGHS, CBC, SCIP, or another that PuLP can call.")
    cross_check: Text | None = Field(
        default=None, description="Another solver, which solves the final model again and has to find the same."
    )
    time_limit_s: float = Field(
        default=600.0, gt=0, description="Limit of the whole solve, survey included, in seconds."
    )
    gap: float = Field(default=0.0, ge=0, lt=1, description="Relative gap at which the solver may stop.")
    threads: int = Field(default=2, ge=1, description="Threads that the solver may use.")
    seed: int = Field(default=1, ge=0, le=2**31 - 1, description="Seed of every random choice.")
    when_infeasible: Literal["report", "protect-most"] = Field(
        default="report",
        description="protect-most: where no plan holds everybody, plan for the largest weight.",
    )

    @field_validator("name", "cross_check")
    @classmethod
    def _check_name(cls, name: str | None) -> str | None:
        return name if name is None else find_solver(name)


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
        paths = [self.path, *(self.locate(name)[0] for name in named if name)]
        return tuple(dict.fromkeys(paths))

    def locate(self, name: str) -> tuple[Path, str | None]:
        """Split ``"file.gpkg#layer"`` as written in the study into an absolute path and a layer."""
        file, separator, layer = name.rpartition("#")
        if not separator or not file or (self.folder / name).exists():
            return self.folder / name, None
        return self.folder / file, layer


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
}

# pydantic's error types in the words of this file
WORDINGS = {
    "string_type": "text in quotes",
    "string_too_short": "text that is not empty",
    "float_type": "a number",
    "int_type": "a whole number",
    "finite_number": "a finite number",
    "greater_than_equal": "{ge:g} or more",
    "greater_than": "more than {gt:g}",
    "less_than": "less than {lt:g}",
    "less_than_equal": "{le:g} or less",
    "literal_error": "{expected}",
    "tuple_type": "a list in [ ]",
    "dict_type": "a table of names and values",
    "model_type": "a section with keys",
    "model_attributes_type": "a section with keys",
}


def read_study(path: str | Path) -> Study:
    """Read and check a study.

    Parameters
    ----------
    path
        A .toml file, or a folder with a study.toml.

    Returns
    -------
    Study
        Frozen; its files are not opened yet.

    Raises
    ------
    InputError
        With every fault of the file: where it cannot be read, unknown keys, wrong types, values out of range.
    """
    file = _find_file(Path(path))
    data = _read_toml(file)
    faults = FaultList()
    for key in sorted(set(data) - set(SECTIONS)):
        faults.add(f"{file.name}, {key}", "unknown section", _suggest(key, SECTIONS))
    known = {key: value for key, value in data.items() if key in SECTIONS}
    if isinstance(known.get("study"), dict):
        known["study"] = {"name": file.parent.name or "study"} | known["study"]
    try:
        study = Study.model_validate(known | {"path": file})
    except ValidationError as error:
        faults.faults += [_to_fault(file.name, dict(entry)) for entry in error.errors()]
    faults.raise_if_any()
    return study


def find_nearest(word: str, options: Iterable[str]) -> str | None:
    """Find the option that `word` is most likely a misspelling of; None where none comes near."""
    near = find_near(word, options, 1)
    return near[0] if near else None


def find_near(word: str, options: Iterable[str], limit: int) -> list[str]:
    """The options that `word` may be a misspelling of, the likeliest first."""
    by_key = {option.casefold(): option for option in sorted(options, reverse=True)}
    return [by_key[key] for key in difflib.get_close_matches(word.casefold(), sorted(by_key), n=limit)]


def find_solver(name: str) -> str:
    """The solver of a name, whatever its case; a ValueError that names the nearest where there is none."""
    by_key = {known.casefold(): known for known in reversed(SOLVERS)}
    if name.casefold() not in by_key:
        raise ValueError(f"no solver has that name; {_suggest(name, SOLVERS)}")
    return by_key[name.casefold()]


def _find_file(path: Path) -> Path:
    file = path / STUDY_FILE if path.is_dir() else path
    if not file.is_file():
        remedy = "give a .toml file, or a folder with a study.toml"
        if path.is_dir() and (others := sorted(entry.name for entry in path.glob("*.toml"))):
            remedy = f"give one of {', '.join(others)}"
        raise InputError([Fault(str(file), "there is no such file", remedy)])
    if file.suffix.lower() != ".toml":
        raise InputError([Fault(str(file), "is no .toml file", "give the study, not one of its inputs")])
    # a linked study.toml belongs to the folder that it is linked into
    return file.parent.resolve() / file.name


def _read_toml(file: Path) -> dict[str, Any]:
    try:
        # utf-8-sig: some editors put a byte order mark first, which TOML forbids
        return tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError as error:
        fault = Fault(file.name, f"is not UTF-8 text (byte {error.start})", "save it as UTF-8")
    except tomllib.TOMLDecodeError as error:
        place = re.fullmatch(r"(.*) \(at (?:line (\d+), column (\d+)|end of document)\)", str(error))
        what = place[1] if place else str(error)
        where = f"line {place[2]}, column {place[3]}" if place and place[2] else "at its end"
        fault = Fault(f"{file.name}, {where}", f"is not valid TOML: {what}", "mend the line")
    except OSError as error:
        fault = Fault(str(file), f"cannot be read: {error.strerror}")
    raise InputError([fault])


def _suggest(key: str, options: Iterable[str]) -> str:
    nearest = find_nearest(key, options)
    return f"did you mean {nearest}?" if nearest else f"the known ones are {', '.join(options)}"


def _suggest_key(section: str, key: str) -> str:
    options = SECTIONS[section].model_fields
    homes = [name for name, model in SECTIONS.items() if key in model.model_fields]
    if homes and not find_nearest(key, options):
        return f"it belongs in [{homes[0]}]"
    return _suggest(key, options)


def _to_fault(file: str, error: dict[str, Any]) -> Fault:
    location, kind = error["loc"], error["type"]
    keys = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in location)
    where = f"{file}, {keys[1:]}"
    if kind == "extra_forbidden":
        if len(location) > 2:
            return Fault(where, "unknown key", _suggest(str(location[-1]), DetourPair.model_fields))
        return Fault(where, "unknown key", _suggest_key(str(location[0]), str(location[-1])))
    if kind == "missing" and len(location) == 1:
        required = [name for name, info in SECTIONS[location[0]].model_fields.items() if info.is_required()]
        return Fault(f"{file}, [{location[0]}]", "the section is missing", f"add it with {' and '.join(required)}")
    if kind == "missing":
        return Fault(where, "the key is missing", "add it")
    value = json.dumps(error["input"], default=str, ensure_ascii=False)
    context = error.get("ctx", {})
    if kind == "value_error":
        return Fault(where, f"is {value}, but {context['error']}")
    wording = WORDINGS.get(kind)
    return Fault(where, f"is {value} but must be {wording.format(**context)}" if wording else error["msg"])
