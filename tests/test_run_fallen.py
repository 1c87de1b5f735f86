"""Sites that fall with cuts, from the cut set placed on the map to every file and line that speaks of it."""

from __future__ import annotations

import json
import re
import zipfile
from pathlib import Path
from typing import Any

import geopandas as gpd
import jsonschema
import openpyxl
import pytest
from export_cases import read_properties
from falling_cases import write_bypassed, write_hub
from network_cases import route, site, write_study
from test_export_document import read_schema

import planner
from planner.export import to_audit_document, to_plan_document, write_gis
from planner.progress import Progress
from planner.result import AuditOutcome, Outcome, PlacedCutSet, RegionSurvival
from planner.run.summary import to_audit_lines, to_solve_lines, to_verify_document, to_verify_lines
from planner.run.write import write_audit, write_solve


@pytest.fixture(scope="module")
def audited(tmp_path_factory: pytest.TempPathFactory) -> AuditOutcome:
    return planner.audit(write_hub(tmp_path_factory.mktemp("hub")))


@pytest.fixture(scope="module")
def audit_folder(audited: AuditOutcome, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("runs") / "audit"
    write_audit(audited, folder)
    return folder


@pytest.fixture(scope="module")
def refuted(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    """No candidate: the hub's fall is what no plan survives."""
    return planner.solve(write_hub(tmp_path_factory.mktemp("bare"), '"single"'))


def to_site_ids(outcome: AuditOutcome | Outcome, sites: tuple[int, ...]) -> list[str]:
    ids: list[str] = outcome.network.sites["site_id"].iloc[list(sites)].tolist()
    return ids


def find_hub_cut(outcome: AuditOutcome) -> PlacedCutSet:
    """The cut that takes the hub alone."""
    hub = outcome.network.sites["site_id"].tolist().index("H")
    return next(c for c in outcome.survival.cut_sets if c.fallen_sites == (hub,) and len(c.groups) == 1)


def find_region(outcome: AuditOutcome, region_id: str) -> RegionSurvival:
    return next(region for region in outcome.survival.regions if region.region_id == region_id)


def test_a_site_that_fell_is_neither_isolated_nor_is_its_region(audited: AuditOutcome) -> None:
    placed = find_hub_cut(audited)
    assert (placed.isolated_regions, placed.isolated_weight) == (("B",), 2)
    assert to_site_ids(audited, placed.isolated_sites) == ["B"]
    # A, the heaviest, is in the main part or fell; P, which hangs on it, is isolated either way
    assert find_region(audited, "A").survives == 2
    assert find_region(audited, "P").survives == 0
    for cut_set in audited.survival.cut_sets:
        assert not set(cut_set.fallen_sites) & set(cut_set.isolated_sites)
        assert not set(to_site_ids(audited, cut_set.fallen_sites)) & set(cut_set.isolated_regions)


def test_a_site_that_fell_is_never_the_main_part(tmp_path: Path) -> None:
    """``B - A - C``: when A falls two parts of one site and of one weight are left; the first of them is the main."""
    sites = [site("A", (10, 0), weight=0), site("B", (0, 0), weight=0), site("C", (20, 0), weight=0)]
    study = write_study(
        tmp_path,
        sites,
        [route("AB", (10, 0), (0, 0)), route("AC", (10, 0), (20, 0))],
        cuts="sites_fail = true",
    )
    outcome = planner.audit(study)
    placed = next(c for c in outcome.survival.cut_sets if to_site_ids(outcome, c.fallen_sites) == ["A"])
    assert placed.isolated_regions == ("C",)
    assert to_site_ids(outcome, placed.isolated_sites) == ["C"]


def test_documents_name_them_and_keep_to_their_schema(audited: AuditOutcome, refuted: Outcome, tmp_path: Path) -> None:
    solved = planner.solve(write_bypassed(tmp_path))
    for document, name in (
        (to_audit_document(audited), "audit.schema.json"),
        (to_plan_document(refuted), "plan.schema.json"),
        (to_plan_document(solved), "plan.schema.json"),
    ):
        jsonschema.validate(document, read_schema(name), jsonschema.Draft202012Validator)
    witness = to_audit_document(audited)["regions"]["B"]["witness"]
    assert witness["fallen_site_ids"] == witness["cuts"][0]["site_ids"] == ["H"]
    assert witness["isolated_site_ids"] == ["B"]
    blocking = to_plan_document(refuted)["infeasible"]
    assert blocking["fallen_site_ids"] == [site for cut in blocking["cuts"] for site in cut["site_ids"]] != []
    assert to_plan_document(solved)["regions"]["B"]["witness_before"]["fallen_site_ids"] == ["H"]


def test_map_files_name_them(audit_folder: Path) -> None:
    rows = read_properties(audit_folder / "critical_cuts.geojson")
    hub = next(row for row in rows if row["site_ids"] == ["H"] and row["num_cuts"] == 1)
    assert (hub["fallen_sites"], hub["isolated_sites"]) == (["H"], ["B"])
    table = gpd.read_file(audit_folder / "plan.gpkg", layer="critical_cuts")
    assert '["H"]' in set(table["fallen_sites"])
    with zipfile.ZipFile(audit_folder / "plan.kmz") as archive:
        kml = archive.read("doc.kml").decode()
    assert re.search(r"Sites that fall</th>\s*<td>H<", kml.replace("&lt;", "<").replace("&gt;", ">"))


def test_each_cut_of_a_pair_names_its_own(tmp_path: Path) -> None:
    """With the bypass built it takes the hub's fall and a cut of the bypass to isolate somebody."""
    write_gis(planner.solve(write_bypassed(tmp_path)), tmp_path)
    rows = [row for row in read_properties(tmp_path / "critical_cuts.geojson") if row["when"] == "after"]
    both = [row for row in rows if row["cut_set"] == rows[0]["cut_set"]]
    assert sorted(row["site_ids"] for row in both) == [[], ["H"]]
    assert [row["fallen_sites"] for row in both] == [["H"], ["H"]]


def test_reports_name_them(audit_folder: Path) -> None:
    text = (audit_folder / "report.md").read_text(encoding="utf-8")
    weak = text.split("## Weak points")[1].split("\n## ")[0]
    heads, rows = weak.split("| ---")[0], [line for line in weak.splitlines() if "| Bort |" in line]
    assert "Sites that fall" in heads
    assert any("| Hub | Bort |" in row for row in rows)
    assert "taking Hub" in text  # the region's witness
    page = (audit_folder / "report.html").read_text(encoding="utf-8")
    assert "Sites that fall" in page
    assert '["Takes","Hub"]' in page.replace(", ", ",")  # the mark on the map
    sheet = openpyxl.load_workbook(audit_folder / "tables.xlsx")["Critical cuts"]
    column = next(cell.column for cell in sheet[1] if cell.value == "Sites that fall")
    assert "Hub" in {sheet.cell(row, column).value for row in range(2, sheet.max_row + 1)}


def test_the_worst_cut_and_the_blocking_one_say_who_falls(audited: AuditOutcome, refuted: Outcome) -> None:
    lines = to_audit_lines(audited)
    assert "- AH, AH2, HB, HB2, with site H: isolates B (weight 2)" in lines
    assert lines[0].endswith("the worst takes Bort (2, 22% of weight), and Hub falls with it.")
    assert any("would isolate" in line and line.endswith(" falls with it.") for line in to_solve_lines(refuted))


def test_the_section_of_the_blocking_cuts_names_them(refuted: Outcome, tmp_path: Path) -> None:
    write_solve(refuted, tmp_path / "run", Progress())
    text = (tmp_path / "run" / "report.md").read_text(encoding="utf-8")
    section = text.split("## Why no plan can do it")[1].split("\n## ")[0]
    (fallen,) = refuted.blocking.fallen_sites if refuted.blocking else ()
    name = refuted.network.sites["name"].iloc[fallen]
    assert f"and {name} falls with it." in section
    assert "Sites that fall |" in section
    assert f"| {name} |" in section


def test_verify_names_them(tmp_path: Path) -> None:
    """The bypassed hub survives one cut; asked for two, the run fails by a cut that takes a site."""
    folder = tmp_path / "run"
    write_solve(planner.solve(write_bypassed(tmp_path)), folder, Progress())
    kept = planner.verify_run(folder)
    assert (kept.survives, kept.witness, kept.witness_sites) == (True, None, ())
    assert to_verify_document(kept)["witness_site_ids"] is None
    regions = json.loads((folder / "regions.geojson").read_text(encoding="utf-8"))
    for feature in regions["features"]:
        feature["properties"]["required_cuts"] = 2
    (folder / "regions.geojson").write_text(json.dumps(regions), encoding="utf-8")
    verdict = planner.verify_run(folder)
    document: dict[str, Any] = to_verify_document(verdict)
    assert not verdict.survives
    assert verdict.witness is not None
    assert len(verdict.witness) == len(verdict.witness_sites) == 2
    assert "H" in {site for sites in verdict.witness_sites for site in sites}
    assert document["witness_site_ids"] == [list(sites) for sites in verdict.witness_sites]
    assert "with site H" in to_verify_lines(verdict)[0]


def test_where_no_site_falls_nothing_is_said(tmp_path: Path) -> None:
    outcome = planner.audit(write_hub(tmp_path, "false"))
    write_audit(outcome, tmp_path / "run")
    assert {cut_set.fallen_sites for cut_set in outcome.survival.cut_sets} == {()}
    assert not {"site_ids", "fallen_sites"} & set(read_properties(tmp_path / "run" / "critical_cuts.geojson")[0])
    for name in ("report.md", "report.html"):
        text = (tmp_path / "run" / name).read_text(encoding="utf-8")
        assert "Sites that fall" not in text
        assert "Takes" not in text
    book = openpyxl.load_workbook(tmp_path / "run" / "tables.xlsx")
    assert "Sites that fall" not in [cell.value for cell in book["Critical cuts"][1]]
    document = to_audit_document(outcome)
    assert {tuple(cut_set["fallen_site_ids"]) for cut_set in document["cut_sets"]} == {()}
