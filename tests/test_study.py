from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from planner.errors import InputError
from planner.study import SECTIONS, find_nearest, read_study

MINIMAL = """
[study]
name = "Test"
[network]
sites = "sites.geojson"
routes = "routes.geojson"
[cuts]
simultaneous = 1
"""


def write(folder: Path, text: str, name: str = "study.toml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def faults_of(path: Path) -> list[str]:
    with pytest.raises(InputError) as caught:
        read_study(path)
    return [str(fault) for fault in caught.value.faults]


def test_minimal_study_has_defaults(tmp_path: Path) -> None:
    study = read_study(write(tmp_path, MINIMAL))
    assert study.study.name == "Test"
    assert study.study.distances == "ground"
    assert study.network.site_snap_m == 250
    assert study.candidates.routes is None
    assert study.regions.polygons is None
    assert study.regions.reach == "any"
    assert (study.cuts.radius_m, study.cuts.site_clearance_m, study.cuts.sites_fail) == (50, 1000, False)
    assert study.objective.minimise == ("routes", "cost")
    assert (study.solver.name, study.solver.time_limit_s, study.solver.threads) == ("HiGHS", 600, 2)
    assert study.solver.when_infeasible == "report"


def test_every_key_is_read(tmp_path: Path) -> None:
    text = """
    [study]
    name = "France, any one cut"
    crs = "EPSG:2154"
    distances = "plane"
    [network]
    sites = "sites.geojson"
    routes = "routes.geojson"
    site_snap_m = 100
    planned = "ignore"
    [candidates]
    routes = "candidates.geojson"
    [regions]
    polygons = "regions.geojson"
    id = "code"
    name = "label"
    weight = "population"
    reach = "all"
    survive_cuts = { "84" = 2, "27" = 0 }
    exclude = ["94"]
    [cuts]
    simultaneous = 2
    radius_m = 60.5
    site_clearance_m = 0
    declared = ["conduit_id"]
    sites_fail = false
    [costs]
    currency = "EUR"
    per_km = { rail = 60000, road = 80000.5 }
    per_route = 1
    [objective]
    minimise = ["cost"]
    [solver]
    name = "SCIP"
    time_limit_s = 1
    gap = 0.01
    threads = 1
    seed = 3
    when_infeasible = "protect-most"
    """
    study = read_study(write(tmp_path, text))
    assert study.regions.survive_cuts == {"84": 2, "27": 0}
    assert study.regions.exclude == ("94",)
    assert study.costs.per_km == {"rail": 60000, "road": 80000.5}
    assert study.cuts.declared == ("conduit_id",)
    assert study.objective.minimise == ("cost",)
    assert study.solver.when_infeasible == "protect-most"


def test_folder_stands_for_its_study(tmp_path: Path) -> None:
    path = write(tmp_path, MINIMAL)
    assert read_study(tmp_path) == read_study(str(path))
    assert read_study(tmp_path).folder == tmp_path.resolve()
    assert read_study(tmp_path).path == tmp_path.resolve() / "study.toml"


def test_run_name_tells_studies_of_one_folder_apart(tmp_path: Path) -> None:
    folder = tmp_path / "france"
    folder.mkdir()
    assert read_study(write(folder, MINIMAL)).run_name == "france"
    assert read_study(write(folder, MINIMAL, "two-cuts.toml")).run_name == "france-two-cuts"


def test_relative_paths_give_absolute_ones(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, MINIMAL)
    monkeypatch.chdir(tmp_path)
    study = read_study(".")
    assert study.folder.is_absolute()
    assert study.run_name == tmp_path.name


def test_name_defaults_to_the_folder(tmp_path: Path) -> None:
    study = read_study(write(tmp_path, MINIMAL.replace('name = "Test"', "")))
    assert study.study.name == tmp_path.name


def test_layers_are_split_from_files(tmp_path: Path) -> None:
    text = MINIMAL.replace('"sites.geojson"', '"data.gpkg#sites"').replace('"routes.geojson"', '"data.gpkg#routes"')
    study = read_study(write(tmp_path, text))
    assert study.locate(study.network.sites) == (study.folder / "data.gpkg", "sites")
    assert study.input_files == (study.path, study.folder / "data.gpkg")


def test_file_with_a_hash_in_its_name_is_no_layer(tmp_path: Path) -> None:
    write(tmp_path, "", "sites#1.geojson")
    study = read_study(write(tmp_path, MINIMAL))
    assert study.locate("sites#1.geojson") == (study.folder / "sites#1.geojson", None)


def test_byte_order_mark_is_no_fault(tmp_path: Path) -> None:
    path = tmp_path / "study.toml"
    path.write_bytes(b"\xef\xbb\xbf" + MINIMAL.encode())
    assert read_study(path).study.name == "Test"


def test_studies_are_frozen(tmp_path: Path) -> None:
    study = read_study(write(tmp_path, MINIMAL))
    with pytest.raises(ValidationError):
        study.cuts.radius_m = 3  # type: ignore[misc]


def test_every_key_is_described() -> None:
    for section in SECTIONS.values():
        assert all(info.description for info in section.model_fields.values())


@pytest.mark.parametrize(
    ("lines", "fault"),
    [
        ("[cuts]\nradus_m = 5", "cuts.radus_m: unknown key; did you mean radius_m?"),
        ("[solver]\ngapp = 0.1", "solver.gapp: unknown key; did you mean gap?"),
        ("[network]\nradius_m = 5", "network.radius_m: unknown key; it belongs in [cuts]"),
        ("[costs]\nzzz = 5", "costs.zzz: unknown key; the known ones are price_year, lease_per_km_year"),
        ("[slover]\ngap = 0", "slover: unknown section; did you mean solver?"),
        ("[path]", "path: unknown section; the known ones are study, network"),
        ("[cuts]\nradius_m = -1", "cuts.radius_m: is -1 but must be 0 or more"),
        ("[cuts]\nradius_m = nan", "cuts.radius_m: is NaN but must be a finite number"),
        ("[cuts]\nradius_m = inf", "cuts.radius_m: is Infinity but must be a finite number"),
        ("[cuts]\nradius_m = true", "cuts.radius_m: is true but must be a number"),
        ('[cuts]\nradius_m = "50"', 'cuts.radius_m: is "50" but must be a number'),
        ("[cuts]\nsimultaneous = -1", "cuts.simultaneous: is -1 but must be 0 or more"),
        ("[cuts]\nsimultaneous = 1.0", "cuts.simultaneous: is 1.0 but must be a whole number"),
        ('[cuts]\nsites_fail = "all"', 'cuts.sites_fail: is "all", but it must be true, false, "disc" or "single"'),
        ("[cuts]\nsites_fail = 1", 'cuts.sites_fail: is 1, but it must be true, false, "disc" or "single"'),
        ('[cuts]\ndeclared = "conduit_id"', 'cuts.declared: is "conduit_id" but must be a list in [ ]'),
        ("[study]\ncrs = 2154", "study.crs: is 2154 but must be text in quotes"),
        ('[study]\ncrs = ""', 'study.crs: is "" but must be text that is not empty'),
        ('[study]\ndistances = "air"', "study.distances: is \"air\" but must be 'ground' or 'plane'"),
        ("[costs]\nper_km = { rail = -1 }", "costs.per_km.rail: is -1 but must be 0 or more"),
        ("[costs]\nper_km = 5", "costs.per_km: is 5 but must be a table of names and values"),
        ("[objective]\nminimise = []", "objective.minimise: is [], but it must hold one key or more, each once"),
        ('[objective]\nminimise = ["cost", "cost"]', "but it must hold one key or more, each once"),
        ('[objective]\nminimise = ["money"]', "objective.minimise[0]: is \"money\" but must be 'routes', 'cost' or"),
        ("[regions]\nexclude = [94]", "regions.exclude[0]: is 94 but must be text in quotes"),
        ('[regions]\nsurvive_cuts = { "94" = -1 }', "regions.survive_cuts.94: is -1 but must be 0 or more"),
        ("[solver]\ngap = 1", "solver.gap: is 1 but must be less than 1"),
        ('[solver]\nname = "SCIPP"', 'solver.name: is "SCIPP", but no solver has that name; did you mean SCIP?'),
        (
            '[solver]\ncross_check = "x"',
            'solver.cross_check: is "x", but no solver has that name; the known ones are HiGHS',
        ),
        ("[solver]\ntime_limit_s = 0", "solver.time_limit_s: is 0 but must be more than 0"),
        ("[solver]\nthreads = 0", "solver.threads: is 0 but must be 1 or more"),
    ],
)
def test_wrong_setting_is_named(tmp_path: Path, lines: str, fault: str) -> None:
    section = lines.split("\n", 1)[0]
    if section in MINIMAL:
        key = lines.split("\n", 1)[1].split(" =", maxsplit=1)[0]
        rest = "\n".join(line for line in MINIMAL.split("\n") if not line.startswith(f"{key} ="))
        text = rest.replace(section, lines)
    else:
        text = f"{MINIMAL}\n{lines}\n"
    (found,) = faults_of(write(tmp_path, text))
    assert found.startswith("study.toml, ")
    assert fault in found


def test_all_faults_come_at_once(tmp_path: Path) -> None:
    text = "[study]\n[network]\nsites = 5\n[cuts]\nsimultaneous = -1\nradus_m = 3\n[slover]\n"
    faults = "\n".join(faults_of(write(tmp_path, text)))
    for part in ("network.sites", "network.routes", "cuts.simultaneous", "cuts.radus_m", "slover"):
        assert f"study.toml, {part}" in faults


def test_missing_sections_are_named_with_what_they_need(tmp_path: Path) -> None:
    faults = faults_of(write(tmp_path, ""))
    assert "study.toml, [network]: the section is missing; add it with sites and routes" in faults
    assert "study.toml, [cuts]: the section is missing; add it with simultaneous" in faults
    assert len(faults) == 3


def test_section_that_is_a_value(tmp_path: Path) -> None:
    text = "cuts = 5\n" + MINIMAL.replace("[cuts]\nsimultaneous = 1", "")
    assert faults_of(write(tmp_path, text)) == ["study.toml, cuts: is 5 but must be a section with keys"]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("[study]\nname = \n", "study.toml, line 2, column 8: is not valid TOML: Invalid value; mend the line"),
        ('[study]\nname = "a"\nname = "b"\n', "line 3, column"),
        ("[study", "at its end: is not valid TOML"),
    ],
)
def test_broken_toml_says_where(tmp_path: Path, text: str, fault: str) -> None:
    (found,) = faults_of(write(tmp_path, text))
    assert fault in found


def test_file_that_is_no_utf8(tmp_path: Path) -> None:
    path = tmp_path / "study.toml"
    path.write_bytes(b'[study]\nname = "\xe9t\xe9"')
    assert faults_of(path) == ["study.toml: is not UTF-8 text (byte 16); save it as UTF-8"]


def test_missing_file_and_folder(tmp_path: Path) -> None:
    assert "there is no such file" in faults_of(tmp_path / "nowhere.toml")[0]
    assert "give a .toml file, or a folder with a study.toml" in faults_of(tmp_path)[0]
    write(tmp_path, MINIMAL, "other.toml")
    assert "give one of other.toml" in faults_of(tmp_path)[0]


def test_input_taken_for_a_study(tmp_path: Path) -> None:
    assert "is no .toml file" in faults_of(write(tmp_path, "{}", "sites.geojson"))[0]


@given(st.text(max_size=200))
def test_any_text_is_a_study_or_an_input_error(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    path = tmp_path_factory.getbasetemp() / "any.toml"
    path.write_text(text, encoding="utf-8", errors="replace")
    with pytest.raises(InputError):
        read_study(path)


@pytest.mark.parametrize(
    ("word", "options", "nearest"),
    [
        ("radus_m", ["radius_m", "reach"], "radius_m"),
        ("ID", ["id", "name"], "id"),
        ("xyz", ["id"], None),
        ("a", [], None),
    ],
)
def test_nearest(word: str, options: list[str], nearest: str | None) -> None:
    assert find_nearest(word, options) == nearest


def test_reading_a_study_loads_no_map_library() -> None:
    code = "import sys, planner.study; print(*{'geopandas', 'pandas', 'pyproj', 'shapely'} & set(sys.modules))"
    root = Path(__file__).parent.parent
    run = subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | {"PYTHONPATH": str(root)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout.strip() == ""
