"""Files made to harm: each is a clear error or a clean result, and nothing lies where it should not."""

from __future__ import annotations

import json
import os
import re
import socket
import zipfile
from pathlib import Path

import pytest
from format_cases import SITES, site_frame, to_kml, to_study, write_sample, write_text

from planner.errors import InputError
from planner.network import read_network
from planner.network.formats import limits
from planner.progress import Progress
from planner.run import solve
from planner.run.write import write_solve
from planner.study import read_study

BOMB = "<!DOCTYPE x [" + "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "lol"}">' for n in range(9)) + "]>"
OUTSIDE = '<!DOCTYPE x [<!ENTITY out SYSTEM "file:///etc/passwd">]>'


def faults_in(folder: Path) -> list[str]:
    with pytest.raises(InputError) as caught:
        read_network(read_study(folder))
    return [str(fault) for fault in caught.value.faults]


def study_in(folder: Path, sites: str, settings: str = "") -> Path:
    routes = write_sample(folder, "geojson") and "routes.geojson"
    write_text(folder, "study.toml", to_study(sites, routes, settings))
    return folder


@pytest.mark.parametrize("name", ["kml", "gml", "graphml", "sndlib"])
@pytest.mark.parametrize("trap", [BOMB, OUTSIDE, '<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd" [<!ENTITY a "b">]>'])
def test_xml_that_defines_entities_is_refused(tmp_path: Path, name: str, trap: str) -> None:
    folder = write_sample(tmp_path, name)
    (file,) = [one for one in folder.iterdir() if one.stem in ("net", "sites")]
    text = file.read_text(encoding="utf-8")
    text = text.replace("?>", f"?>{trap}", 1) if "?>" in text else trap + text
    write_text(folder, file.name, text.replace("Paris", "&l8;"))
    fault = faults_in(folder)[0]
    assert re.search(r"cannot be read: its XML (defines entities|refers to other files)", fault)


@pytest.mark.parametrize("text", ["<kml>" + "<Folder>" * 5000, "<kml", "<kml></kml><kml>", "<svg/>", "<?xml", "<"])
def test_broken_xml(tmp_path: Path, text: str) -> None:
    write_text(tmp_path, "net.kml", text)
    (fault,) = faults_in(study_in(tmp_path, "net.kml"))
    assert fault.startswith("net.kml: cannot be read: ")


@pytest.mark.parametrize(
    "text",
    [
        '<kml a="' + "x" * 20_000_000 + '"/>',
        "<kml><!--" + "x" * 20_000_000 + "--></kml>",
        "<!--" * 10_000_000,
        "<" * 20_000_000,
        "<kml" + " " * 20_000_000,
    ],
    ids=["attribute", "comment", "openings", "brackets", "blanks"],
)
def test_huge_tag_takes_no_hours(tmp_path: Path, text: str) -> None:
    write_text(tmp_path, "net.kml", text)
    (fault,) = faults_in(study_in(tmp_path, "net.kml"))
    assert fault.startswith("net.kml: cannot be read: ")


@pytest.mark.parametrize("text", ["\n" * 5_000_000, "graph [" + "\n" * 5_000_000, '"' * 5_000_000, "[" * 5_000_000])
def test_huge_nothing_takes_no_hours(tmp_path: Path, text: str) -> None:
    write_text(tmp_path, "net.gml", text)
    (fault,) = faults_in(study_in(tmp_path, "net.gml"))
    assert fault.startswith("net.gml: cannot be read")


@pytest.mark.parametrize("member", ["../../climb.kml", "/etc/climb.kml", "C:/climb.kml", "a\\..\\..\\climb.kml"])
def test_archive_that_climbs_is_refused(tmp_path: Path, member: str) -> None:
    with zipfile.ZipFile(tmp_path / "net.kmz", "w") as archive:
        archive.writestr(member, to_kml())
    (fault,) = faults_in(study_in(tmp_path, "net.kmz#sites"))
    assert fault.startswith("net.kmz#sites: holds a file whose path leads outside: ")
    assert not list(tmp_path.parent.glob("climb*"))


def test_archive_bomb_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "net.kmz", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("doc.kml", b"<kml>" + b" " * 50_000_000)
    assert (tmp_path / "net.kmz").stat().st_size < 100_000
    (fault,) = faults_in(study_in(tmp_path, "net.kmz", "max_file_mb = 20\n"))
    assert fault.startswith("net.kmz: unpacks to 50 MB, more than the 20 MB that are read; pack the map alone")


def test_archive_that_understates_its_size(tmp_path: Path) -> None:
    path = tmp_path / "net.kmz"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("doc.kml", b" " * 5_000_000)
    data = path.read_bytes().replace((5_000_000).to_bytes(4, "little"), (100).to_bytes(4, "little"))
    path.write_bytes(data)
    (fault,) = faults_in(study_in(tmp_path, "net.kmz"))
    assert fault.startswith("net.kmz: cannot be ")


def test_archive_in_an_archive(tmp_path: Path) -> None:
    write_sample(tmp_path, "kmz")
    with zipfile.ZipFile(tmp_path / "outer.zip", "w") as archive:
        archive.write(tmp_path / "net.kmz", "inner.kml")
    (fault,) = faults_in(study_in(tmp_path, "outer.zip"))
    assert fault == "outer.zip: is an archive in an archive; pack the map itself"


def test_huge_file_is_refused_by_a_limit_that_can_be_raised(tmp_path: Path) -> None:
    folder = study_in(tmp_path, "huge.geojson")
    with (tmp_path / "huge.geojson").open("wb") as file:
        file.write(b'{"type": "FeatureCollection", "features": [')
        file.truncate(2_000_000_000)  # a hole: it takes no room on the disk
    (fault,) = faults_in(folder)
    assert fault == (
        "huge.geojson: has 2,000 MB, more than the 300 MB that are read of this format; leave out what the study does "
        "not need, or raise network.max_file_mb where there is memory for it"
    )
    write_text(tmp_path, "study.toml", to_study("sites.geojson", "routes.geojson", "max_file_mb = 0.0001\n"))
    assert "more than the 0 MB" in faults_in(folder)[0]


LIMITS = [("ROWS_READ", 3, "4 rows"), ("CELLS_READ", 7, "8 cells"), ("ROWS", 3, "4 rows that count")]


@pytest.mark.parametrize("name", ["geojson", "csv", "gpkg", "parquet", "kml"])
@pytest.mark.parametrize(("limit", "num", "what"), LIMITS)
def test_more_rows_than_there_is_memory_for(
    tmp_path: Path, name: str, limit: str, num: int, what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write_sample(tmp_path, name)
    monkeypatch.setattr(limits, limit, (num + 0.5) / 300e6)
    fault = faults_in(folder)[0]
    number, noun = what.split(" ", 1)
    assert re.search(rf"has \d+ {noun}, more than the {num} that .* or raise network\.max_file_mb where", fault)
    if limit != "CELLS_READ":
        assert f"has {number} " in fault or name == "csv"
    monkeypatch.undo()
    read_network(read_study(folder))


@pytest.mark.parametrize("name", ["geojson", "wkt", "gpkg", "ofds"])
def test_more_points_than_there_is_memory_for(tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = write_sample(tmp_path, name)
    monkeypatch.setattr(limits, "POINTS", 4.5 / 300e6)
    assert re.search(r"has \d+ points in its lines, more than the 4 that .*; simplify it", faults_in(folder)[0])


def test_rows_left_out_need_no_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = study_in(tmp_path, "sites.geojson", 'route_where = { id = ["PR", "PN"] }\n')
    monkeypatch.setattr(limits, "ROWS", 5.5 / 300e6)
    assert len(read_network(read_study(folder)).routes) == 2


def test_each_row_with_a_column_of_its_own(tmp_path: Path) -> None:
    """A small file whose table would fill the memory."""
    rows = [{"type": "Feature", "geometry": None, "properties": {f"c{n}": 1}} for n in range(4000)]
    write_text(tmp_path, "wide.geojson", json.dumps({"type": "FeatureCollection", "features": rows}))
    (fault,) = faults_in(study_in(tmp_path, "wide.geojson"))
    assert fault.startswith("wide.geojson: has 16,000,000 cells, more than the 12,000,000 that are read of a file")


@pytest.mark.parametrize("place", ["POINT (nan nan)", "POINT (inf 48)", "POINT (1e400 48)", "POINT (2 -inf)"])
def test_wkt_that_is_no_place(tmp_path: Path, place: str) -> None:
    folder = study_in(tmp_path, "sites.csv")
    write_text(folder, "sites.csv", f"id,wkt\nN,POINT (1 48)\nP,{place}\n")
    assert any("row 2 (id 'P')" in fault for fault in faults_in(folder))


@pytest.mark.parametrize(
    "text",
    [
        '<OGRVRTDataSource><OGRVRTLayer name="x"><SrcDataSource>/etc/passwd</SrcDataSource></OGRVRTLayer>'
        "</OGRVRTDataSource>",
        '{"type": "gdal_streamed_alg", "command_line": "gdal vector pipeline ! read /etc/passwd"}',
    ],
)
def test_file_that_leads_gdal_elsewhere_is_refused(tmp_path: Path, text: str) -> None:
    write_text(tmp_path, "s.geojson", text)
    (fault,) = faults_in(study_in(tmp_path, "s.geojson"))
    assert fault == "s.geojson: cannot be read: it refers to other data instead of holding any; name the data itself"


@pytest.mark.parametrize(
    "name", ["/dev/zero", ".", "/dev/stdin", "a\0b", "x" * 5000, "/vsicurl/http://127.0.0.1:9/x.geojson"]
)
def test_what_is_no_file(tmp_path: Path, name: str) -> None:
    folder = study_in(tmp_path, "sites.geojson")
    text = (folder / "study.toml").read_text(encoding="utf-8")
    write_text(folder, "study.toml", text.replace('"sites.geojson"', json.dumps(name)))
    (fault,) = faults_in(folder)
    assert re.search("no regular file|a folder, not a file|no such file", fault)


def test_pipe_does_not_hang(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.geojson")
    assert faults_in(study_in(tmp_path, "pipe.geojson")) == ["pipe.geojson: is no regular file; name a file"]


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e400"])
def test_numbers_that_are_no_places(tmp_path: Path, number: str) -> None:
    folder = study_in(tmp_path, "sites.geojson")
    text = (folder / "sites.geojson").read_text(encoding="utf-8").replace("2.35", number, 1)
    write_text(folder, "sites.geojson", text)
    assert faults_in(folder)


def test_schema_of_a_gml_is_not_fetched(tmp_path: Path) -> None:
    folder = write_sample(tmp_path, "gml")
    text = (folder / "sites.gml").read_text(encoding="utf-8")
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        address = f"http://127.0.0.1:{server.getsockname()[1]}/sites.xsd"
        write_text(folder, "sites.gml", re.sub(r'schemaLocation="[^"]*"', f'schemaLocation="http://x {address}"', text))
        assert address in (folder / "sites.gml").read_text(encoding="utf-8")
        assert len(read_network(read_study(folder)).sites) == 4
        with pytest.raises(TimeoutError):
            server.accept()


@pytest.mark.parametrize("name", ["geojson", "csv", "wkt", "zoo", "ofds", "kml"])
def test_text_that_is_not_utf8(tmp_path: Path, name: str) -> None:
    folder = write_sample(tmp_path, name)
    (file, *_) = sorted(one for one in folder.iterdir() if one.stem in ("net", "sites"))
    file.write_bytes(file.read_bytes().replace(b"i", b"\xe9"))
    assert faults_in(folder)


TO_CUT = ["gpkg", "fgb", "shp", "parquet", "geojson", "kmz", "zip", "ofds", "sndlib", "zoo", "kml", "gml", "graphml"]


@pytest.mark.parametrize("name", TO_CUT)
def test_file_cut_off_in_the_middle(tmp_path: Path, name: str) -> None:
    folder = write_sample(tmp_path, name)
    suffix = {"gpkg": "net.gpkg", "kmz": "net.kmz", "zip": "net.zip", "ofds": "net.json", "sndlib": "net.xml"}
    suffix |= {"kml": "net.kml", "graphml": "net.graphml"}
    file = folder / suffix.get(name, "net.gml" if name == "zoo" else f"sites.{name}")
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    assert faults_in(folder)


def test_layer_without_rows_and_wrong_geometry(tmp_path: Path) -> None:
    folder = study_in(tmp_path, "none.geojson")
    write_text(folder, "none.geojson", '{"type": "FeatureCollection", "features": []}')
    assert faults_in(folder) == ["none.geojson: has no rows; give at least one site"]
    assert "is a Linestring, not a point" in faults_in(study_in(tmp_path, "./routes.geojson"))[0]


def test_strange_text_survives_to_the_end(tmp_path: Path) -> None:
    """Right-to-left, control characters, HTML, formulas and a very long id: planned and written like any other."""
    names = {
        "N": "\u0645\u0631\u062d\u0628\u0627",
        "P": "a\x01b\x1b[31m",
        "R": "<script>alert(1)</script>",
        "L": "=1+1",
    }
    folder = write_sample(tmp_path / "study", "geojson")
    frame = site_frame()
    frame["name"] = [names[one] for one in SITES]
    frame["id"] = ["x" * 10_000 if one == "R" else "../../../up" if one == "L" else one for one in frame["id"]]
    frame.to_file(folder / "sites.geojson")
    text = (folder / "routes.geojson").read_text(encoding="utf-8")
    text = text.replace('"R"', f'"{"x" * 10_000}"').replace('"L"', '"../../../up"')
    write_text(folder, "routes.geojson", text)
    outcome = solve(folder)
    assert outcome.network.sites.set_index("site_id").loc["P", "name"] == "a b [31m"
    write_solve(outcome, tmp_path / "out" / "run", Progress())
    assert sorted(path.name for path in tmp_path.rglob("*") if path.parent in (tmp_path, tmp_path / "out")) == [
        "out",
        "run",
        "study",
    ]
    assert not list(tmp_path.parent.glob("up*"))
    assert "\x01" not in (tmp_path / "out" / "run" / "report.html").read_text(encoding="utf-8")


def test_long_id_does_not_fill_the_message(tmp_path: Path) -> None:
    folder = study_in(tmp_path, "sites.geojson")
    rows = [{"type": "Feature", "geometry": None, "properties": {"id": "y" * 10_000}}]
    write_text(folder, "sites.geojson", json.dumps({"type": "FeatureCollection", "features": rows}))
    assert len(faults_in(folder)[0]) < 300


@pytest.mark.parametrize("text", ["a = " + "[" * 5000, "[cuts]\nsimultaneous = " + "1" * 5000])
def test_study_that_no_parser_holds(tmp_path: Path, text: str) -> None:
    write_text(tmp_path, "study.toml", text)
    with pytest.raises(InputError, match=r"study\.toml"):
        read_study(tmp_path)


def test_paths_may_lead_out_of_the_study_but_outputs_never_do(tmp_path: Path) -> None:
    """Inputs are read wherever the study's author points; a run writes into its own folder alone."""
    write_sample(tmp_path / "data", "geojson")
    (tmp_path / "study").mkdir()
    write_text(
        tmp_path / "study", "study.toml", to_study("../data/sites.geojson", str(tmp_path / "data/routes.geojson"))
    )
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*") if path.is_file()}
    write_solve(solve(tmp_path / "study"), tmp_path / "run", Progress())
    after = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*") if path.is_file()}
    assert {path for path in after if path not in before} == set((tmp_path / "run").rglob("*"))
    assert all(after[path] == when for path, when in before.items())
