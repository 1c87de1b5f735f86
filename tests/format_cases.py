"""One small network in every format that is read.

```
 P ------ R        four cities and six cables,
 | \\    / |        all drawn straight from one to another
 |  \\  /  |
 N --\\/-- L        longitude and latitude of Nantes, Paris, Reims, Lyon
```
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import shapely

SITES = {"N": (-1.55, 47.22), "P": (2.35, 48.86), "R": (4.03, 49.26), "L": (4.84, 45.76)}
LINKS = [("P", "R"), ("P", "N"), ("R", "L"), ("N", "L"), ("P", "L"), ("R", "N")]
CUTS = "[cuts]\nsimultaneous = 1\nradius_m = 50\nsite_clearance_m = 1000\n"
NAMES = {"N": "Nantes", "P": "Paris", "R": "Reims", "L": "Lyon"}


def site_frame(crs: str = "EPSG:4326") -> gpd.GeoDataFrame:
    columns = {"id": list(SITES), "name": [NAMES[one] for one in SITES]}
    return gpd.GeoDataFrame(columns, geometry=[*map(shapely.Point, SITES.values())], crs=4326).to_crs(crs)


def route_frame(crs: str = "EPSG:4326") -> gpd.GeoDataFrame:
    lines = [shapely.LineString([SITES[a], SITES[b]]) for a, b in LINKS]
    columns = {
        "id": [f"{a}{b}" for a, b in LINKS],
        "a": [a for a, _ in LINKS],
        "b": [b for _, b in LINKS],
        "status": ["existing"] * 6,
        "kind": ["road"] * 6,
    }
    return gpd.GeoDataFrame(columns, geometry=lines, crs=4326).to_crs(crs)


def write_text(folder: Path, name: str, text: str) -> str:
    (folder / name).write_text(text, encoding="utf-8")
    return name


def to_study(sites: str, routes: str, settings: str = "") -> str:
    network = f"[network]\nsites = {json.dumps(sites)}\nroutes = {json.dumps(routes)}\n{settings}"
    return f'[study]\nname = "Four cities"\ncrs = "EPSG:2154"\n{network}{CUTS}'


def write_frames(suffix: str) -> Callable[[Path], str]:
    def write(folder: Path) -> str:
        site_frame().to_file(folder / f"sites.{suffix}")
        route_frame().to_file(folder / f"routes.{suffix}")
        return to_study(f"sites.{suffix}", f"routes.{suffix}")

    return write


def write_geopackage(folder: Path) -> str:
    site_frame("EPSG:2154").to_file(folder / "net.gpkg", layer="sites")
    route_frame("EPSG:2154").to_file(folder / "net.gpkg", layer="routes")
    return to_study("net.gpkg#sites", "net.gpkg#routes")


def write_zipped_shapes(folder: Path) -> str:
    parts = folder / "parts"
    parts.mkdir()
    site_frame().to_file(parts / "sites.shp")
    route_frame().to_file(parts / "routes.shp")
    with zipfile.ZipFile(folder / "net.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for part in sorted(parts.iterdir()):
            archive.write(part, f"shapes/{part.name}")
            part.unlink()
    parts.rmdir()
    return to_study("net.zip#sites", "net.zip#routes")


def write_parquet(folder: Path) -> str:
    site_frame("EPSG:2154").to_parquet(folder / "sites.parquet")
    route_frame("EPSG:2154").to_parquet(folder / "routes.parquet")
    return to_study("sites.parquet", "routes.parquet")


def to_kml() -> str:
    def place(x: float, y: float) -> str:
        return f"{x},{y},0"

    points = [
        f"<Placemark><name>{one}</name><Point><coordinates>{place(*xy)}</coordinates></Point></Placemark>"
        for one, xy in SITES.items()
    ]
    lines = [
        f"<Placemark><name>{a}{b}</name><LineString><coordinates>{place(*SITES[a])} {place(*SITES[b])}</coordinates>"
        "</LineString></Placemark>"
        for a, b in LINKS
    ]
    folders = [f"<Folder><name>sites</name>{''.join(points)}</Folder>", f"<Folder><name>routes</name>{''.join(lines)}"]
    body = "".join(folders)
    head = '<?xml version="1.0" encoding="UTF-8"?>\n<kml xmlns="http://www.opengis.net/kml/2.2"><Document>'
    return f"{head}{body}</Folder></Document></kml>"


KML_SETTINGS = 'site_columns = { id = "Name" }\nroute_columns = { id = "Name" }\n'


def write_kml(folder: Path) -> str:
    write_text(folder, "net.kml", to_kml())
    return to_study("net.kml#sites", "net.kml#routes", KML_SETTINGS)


def write_kmz(folder: Path) -> str:
    with zipfile.ZipFile(folder / "net.kmz", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("doc.kml", to_kml())
    return to_study("net.kmz#sites", "net.kmz#routes", KML_SETTINGS)


def write_gml(folder: Path) -> str:
    site_frame().to_file(folder / "sites.gml", driver="GML")
    route_frame().to_file(folder / "routes.gml", driver="GML")
    for schema in folder.glob("*.xsd"):
        schema.unlink()
    return to_study("sites.gml", "routes.gml")


def write_csv(folder: Path) -> str:
    rows = [f"{one};{NAMES[one]};{x};{y}".replace(".", ",") for one, (x, y) in SITES.items()]
    write_text(folder, "sites.csv", "\n".join(["\ufeffref;name;Longitude;Latitude", *rows]))
    write_text(folder, "links.csv", "\n".join(["id,from,to,kind", *(f"{a}{b},{a},{b},road" for a, b in LINKS)]))
    columns = 'site_columns = { id = "ref" }\nroute_columns = { a = "from", b = "to" }\n'
    return to_study("sites.csv", "links.csv", columns)


def write_wkt(folder: Path) -> str:
    sites, routes = site_frame("EPSG:2154"), route_frame("EPSG:2154")
    rows = [f'{one},"SRID=2154;{place.wkt}"' for one, place in zip(sites["id"], sites.geometry, strict=True)]
    write_text(folder, "sites.csv", "\n".join(["id,wkt", *rows]))
    rows = [f"{one}\t{line.wkt}" for one, line in zip(routes["id"], routes.geometry, strict=True)]
    write_text(folder, "routes.tsv", "\n".join(["id\tgeom", *rows]))
    return to_study("sites.csv", "routes.tsv", 'file_crs = "EPSG:2154"\n')


def to_package() -> dict[str, object]:
    nodes = [
        {
            "id": one,
            "name": NAMES[one],
            "status": "operational",
            "phase": {"id": "1"},
            "location": {"type": "Point", "coordinates": list(place)},
            "physicalInfrastructureProvider": {"id": "FR-1", "name": "Arcep Fibre"},
        }
        for one, place in SITES.items()
    ]
    spans = [
        {
            "id": f"{a}{b}",
            "name": f"{a} to {b}",
            "phase": {"id": "1"},
            "status": "operational",
            "start": a,
            "end": b,
            "physicalInfrastructureProvider": {"id": "FR-1", "name": "Arcep Fibre"},
            "deployment": ["belowGround", "aboveGround"],
            "capacity": 400,
            # the last span has no route: it is drawn straight
            **({"route": {"type": "LineString", "coordinates": [list(SITES[a]), list(SITES[b])]}} if a != "R" else {}),
        }
        for a, b in LINKS
    ]
    phases = [{"id": "1", "name": "First phase"}]
    return {"networks": [{"id": "n1", "name": "Net", "nodes": nodes, "spans": spans, "phases": phases}]}


def write_ofds(folder: Path) -> str:
    write_text(folder, "net.json", json.dumps(to_package()))
    return to_study("net.json", "net.json")


def write_ofds_geojson(folder: Path) -> str:
    def feature(record: dict[str, object], key: str) -> dict[str, object]:
        cells = {name: cell for name, cell in record.items() if name != key}
        for end in ("start", "end"):
            if end in cells:
                cells[end] = {"id": cells[end], "name": NAMES[str(cells[end])]}
        return {"type": "Feature", "geometry": record.get(key), "properties": cells}

    network = to_package()["networks"][0]  # type: ignore[index]
    for part, key in (("nodes", "location"), ("spans", "route")):
        features = [feature(record, key) for record in network[part]]
        write_text(folder, f"{part}.geojson", json.dumps({"type": "FeatureCollection", "features": features}))
    return to_study("nodes.geojson", "spans.geojson")


def write_zoo(folder: Path) -> str:
    nodes = [
        f'  node [\n    id {row}\n    label "{NAMES[one]}"\n    Longitude {x}\n    Latitude {y}\n    Internal 1\n  ]'
        for row, (one, (x, y)) in enumerate(SITES.items())
    ]
    ids = list(SITES)
    edges = [f'  edge [\n    source {ids.index(a)}\n    target {ids.index(b)}\n    id "{a}{b}"\n  ]' for a, b in LINKS]
    write_text(folder, "net.gml", "\n".join(['graph [\n  label "Four"', *nodes, *edges, "]\n"]))
    return to_study("net.gml", "net.gml")


def write_graphml(folder: Path) -> str:
    keys = {
        "d1": ("node", "Longitude", "double"),
        "d2": ("node", "Latitude", "double"),
        "d3": ("node", "label", "string"),
    }
    declared = [
        f'<key id="{key}" for="{of}" attr.name="{name}" attr.type="{kind}"/>' for key, (of, name, kind) in keys.items()
    ]
    nodes = [
        f'<node id="{one}"><data key="d1">{x}</data><data key="d2">{y}</data><data key="d3">{NAMES[one]}</data></node>'
        for one, (x, y) in SITES.items()
    ]
    edges = [f'<edge id="{a}{b}" source="{a}" target="{b}"/>' for a, b in LINKS]
    body = "".join([*declared, '<graph edgedefault="undirected">', *nodes, *edges, "</graph>"])
    head = '<?xml version="1.0" encoding="utf-8"?><graphml xmlns="http://graphml.graphdrawing.org/xmlns">'
    write_text(folder, "net.graphml", f"{head}{body}</graphml>")
    return to_study("net.graphml", "net.graphml")


def write_sndlib(folder: Path) -> str:
    nodes = [
        f'<node id="{one}"><coordinates><x>{x}</x><y>{y}</y></coordinates></node>' for one, (x, y) in SITES.items()
    ]
    links = [
        f'<link id="{a}{b}"><source>{a}</source><target>{b}</target><preInstalledModule><capacity>40.0</capacity>'
        "</preInstalledModule></link>"
        for a, b in LINKS
    ]
    body = f'<nodes coordinatesType="geographical">{"".join(nodes)}</nodes><links>{"".join(links)}</links>'
    head = '<?xml version="1.0" encoding="ISO-8859-1"?>\n<network xmlns="http://sndlib.zib.de/network" version="1.0">'
    write_text(folder, "net.xml", f"{head}<networkStructure>{body}</networkStructure></network>")
    return to_study("net.xml", "net.xml")


WRITERS: dict[str, Callable[[Path], str]] = {
    "csv": write_csv,
    "fgb": write_frames("fgb"),
    "geojson": write_frames("geojson"),
    "gml": write_gml,
    "gpkg": write_geopackage,
    "graphml": write_graphml,
    "kml": write_kml,
    "kmz": write_kmz,
    "ofds": write_ofds,
    "ofds-geojson": write_ofds_geojson,
    "parquet": write_parquet,
    "shp": write_frames("shp"),
    "sndlib": write_sndlib,
    "wkt": write_wkt,
    "zip": write_zipped_shapes,
    "zoo": write_zoo,
}


def write_sample(folder: Path, name: str) -> Path:
    """Write the network in one format, and its study; return the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    write_text(folder, "study.toml", WRITERS[name](folder))
    return folder
