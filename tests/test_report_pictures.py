"""Small maps of the report, how far new routes keep from the others, and the PDF."""

from __future__ import annotations

import itertools
import re
import subprocess
import sys
from dataclasses import replace
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pytest
from pyproj import CRS
from sample import sample_audit, sample_infeasible_outcome, sample_outcome
from shapely.geometry import LineString, Point

from planner.report import pdf, write_report
from planner.report.html import to_html, to_running_header
from planner.report.separation import Separation, find_separations
from planner.report.view import to_audit_report, to_report

if TYPE_CHECKING:
    from pathlib import Path


def _basis(lines: list[tuple[str, int, int, list[tuple[float, float]]]], sites: list[tuple[float, float]]) -> Any:
    """Routes of one span each in the plane, N… new and the others existing, with a clearance of 1,000 m."""
    ids = [route_id for route_id, *_ in lines]
    is_new = [route_id.startswith("N") for route_id in ids]
    spans = gpd.GeoDataFrame(
        {
            "route": range(len(ids)),
            "is_candidate": [i.startswith(("N", "X")) for i in ids],
            "a": [a for _, a, _, _ in lines],
            "b": [b for _, _, b, _ in lines],
        },
        geometry=[LineString(way) for *_, way in lines],
        crs="EPSG:2154",
    )
    network = SimpleNamespace(
        spans=spans,
        sites=gpd.GeoDataFrame(geometry=[Point(xy) for xy in sites], crs="EPSG:2154"),
        crs=CRS.from_epsg(2154),
        is_planar=True,
    )
    return SimpleNamespace(
        network=network,
        labels=SimpleNamespace(route_ids=ids),
        settings=SimpleNamespace(site_clearance_m=1000.0),
        built=tuple(i for i, new in enumerate(is_new) if new),
    )


def test_separation_is_measured_outside_the_clearances() -> None:
    """
    ```
      .---------- N1 ----------.       300 m above E; both end at A and B, where they meet
      A ---------- E ----------- B
      '---------- X -----------'       100 m below E: a candidate that is not built does not count
    ```
    """
    ends = [(0.0, 0.0), (20_000.0, 0.0)]
    basis = _basis(
        [
            ("N1", 0, 1, [ends[0], (0, 300), (20_000, 300), ends[1]]),
            ("E", 0, 1, ends),
            ("X", 0, 1, [ends[0], (0, 200), (20_000, 200), ends[1]]),
        ],
        ends,
    )
    assert find_separations(basis) == {0: Separation(pytest.approx(300.0), "E")}


def test_separation_finds_what_lies_far() -> None:
    sites = [(0.0, 0.0), (9_000.0, 0.0), (0.0, 50_000.0), (9_000.0, 50_000.0)]
    basis = _basis([("N1", 0, 1, sites[:2]), ("E", 2, 3, sites[2:])], sites)
    assert find_separations(basis) == {0: Separation(pytest.approx(50_000.0), "E")}


def test_separation_of_crossing_new_routes_is_nothing() -> None:
    sites = [(0.0, 0.0), (9_000.0, 9_000.0), (0.0, 9_000.0), (9_000.0, 0.0)]
    basis = _basis([("N1", 0, 1, sites[:2]), ("N2", 2, 3, sites[2:])], sites)
    assert find_separations(basis) == {0: Separation(0.0, "N2"), 1: Separation(0.0, "N1")}


def test_separation_of_what_lies_within_the_clearance_is_not_said() -> None:
    sites = [(0.0, 0.0), (1_500.0, 0.0), (0.0, 500.0), (1_500.0, 500.0)]
    basis = _basis([("N1", 0, 1, sites[:2]), ("E", 2, 3, sites[2:])], sites)
    assert find_separations(basis) == {}


def test_every_new_route_has_a_locator_map() -> None:
    page = to_html(to_report(sample_outcome()))
    for route_id in ("C-BOR-MRS", "C-LIL-STR"):
        assert re.search(rf"<title[^>]*>Map of the network with the new route {route_id} from", page)
    assert page.count('<use href="#routes-ground"/>') == 1
    assert page.count('id="routes-ground"') == 1


def test_weak_points_have_witness_maps() -> None:
    for report in (to_report(sample_outcome()), to_audit_report(sample_audit())):
        assert to_html(report).count("the sites that they isolate are ringed.") == 3


def test_pictures_and_charts_are_named_for_those_who_do_not_see_them() -> None:
    for report in (to_report(sample_outcome()), to_audit_report(sample_audit())):
        page = to_html(report).split("<script")[0]
        ids = re.findall(r'\bid="([^"]+)"', page)
        assert len(set(ids)) == len(ids)
        drawings = re.findall(r"<svg[^>]*>", page)
        assert drawings
        for drawing in drawings:
            named = re.search(r'aria-labelledby="([^"]+)"', drawing)
            assert 'aria-hidden="true"' in drawing or (named and set(named[1].split()) <= set(ids))


def test_headings_come_in_order() -> None:
    page = to_html(to_report(sample_infeasible_outcome())).split("<script")[0]
    levels = [int(level) for level in re.findall(r"<h([1-6])", page)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(b <= a + 1 for a, b in itertools.pairwise(levels))


def test_sections_stand_in_the_order_of_the_case() -> None:
    keys = [section.key for section in to_report(sample_outcome()).sections]
    wanted = ["elsewhere", "network", "threat", "weak-points", "routes", "regions", "caveats", "proof", "annex"]
    assert [key for key in keys if key in wanted] == wanted


def test_annex_lists_every_sheet() -> None:
    report = to_report(sample_outcome())
    table = report.sections[-1].blocks[-1]
    assert [row[0] for row in table.rows] == [name for name, _ in report.sheets]  # type: ignore[union-attr]


def test_header_on_paper_cannot_be_broken_out_of() -> None:
    rule = to_running_header('"; } </style><script>alert(1)</script> é')
    assert re.fullmatch(r'[^"<>]*content: "[A-Za-z0-9\\]*"[^"<>]*', rule)


def test_pdf_is_the_same_each_time(tmp_path: Path) -> None:
    pytest.importorskip("weasyprint")
    outcome = sample_outcome()
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        write_report(outcome, tmp_path / name, with_pdf=True)
    first = (tmp_path / "a" / "report.pdf").read_bytes()
    assert first.startswith(b"%PDF")
    assert first == (tmp_path / "b" / "report.pdf").read_bytes()


def test_pdf_without_its_library_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    from planner.errors import MissingExtraError

    monkeypatch.setattr(pdf, "find_spec", lambda name: None)
    with pytest.raises(MissingExtraError, match=r"fibre-resilience-planner\[pdf\]"):
        pdf.check_pdf()


def test_report_in_french_does_not_depend_on_the_hash_seed(tmp_path: Path) -> None:
    code = (
        "import sys; sys.path[:0] = ['tests', '.']; from pathlib import Path; from sample import sample_outcome;"
        "from planner.report import write_report; o = sample_outcome(); s = o.study;"
        "from dataclasses import replace; from planner.study import with_language;"
        "write_report(replace(o, study=with_language(s, 'fr')), Path(sys.argv[1]))"
    )
    pages = []
    for seed in ("1", "2"):
        folder = tmp_path / seed
        folder.mkdir()
        subprocess.run([sys.executable, "-c", code, str(folder)], check=True, env={"PYTHONHASHSEED": seed, "PATH": ""})
        pages.append([(folder / name).read_bytes() for name in ("report.html", "report.md", "tables.xlsx")])
    assert pages[0] == pages[1]


def test_no_pictures_where_nothing_is_built() -> None:
    outcome = replace(sample_outcome(), status="no_plan", plan=None)
    assert "routes-ground" not in to_html(to_report(outcome))
