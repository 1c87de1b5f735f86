"""Tells the format of a file by how it begins, and refuses what only pretends to be a map."""

from __future__ import annotations

import re
from pathlib import Path

from planner.network.formats.source import FormatError

HEAD_BYTES = 65536
MAGIC = {
    b"SQLite format 3\x00": "gpkg",
    b"\x00\x00\x27\x0a": "shp",
    b"fgb\x03": "fgb",
    b"PAR1": "parquet",
    b"PK\x03\x04": "zip",
    b"PK\x05\x06": "zip",
}
# the root element of an XML file, without its prefix
ROOTS = {"kml": "kml", "graphml": "graphml", "network": "sndlib", "gpx": "other"}
SUFFIXES = {
    ".geojson": "geojson",
    ".json": "geojson",
    ".geojsonl": "geojson",
    ".geojsons": "geojson",
    ".gpkg": "gpkg",
    ".shp": "shp",
    ".fgb": "fgb",
    ".parquet": "parquet",
    ".geoparquet": "parquet",
    ".kml": "kml",
    ".kmz": "zip",
    ".zip": "zip",
    ".gml": "gml",
    ".xml": "xml",
    ".graphml": "graphml",
    ".csv": "csv",
    ".tsv": "csv",
    ".txt": "csv",
}
# data that makes GDAL read other files, fetch pages or run commands
TREACHEROUS = (b"gdal_streamed_alg", b"<OGRVRTDataSource", b"<VRTDataset", b"<OGRWFSDataSource", b"<WFSDataSource")


def find_format(path: Path) -> str:
    """Tell the format of a file.

    Parameters
    ----------
    path
        A file, or the folder of a file geodatabase.

    Returns
    -------
    str
        ``geojson``, ``gpkg``, ``shp``, ``fgb``, ``parquet``, ``kml``, ``gml``, ``csv``, ``ofds``, ``zoo``,
        ``graphml``, ``sndlib``, ``zip``, or ``other`` for what only GDAL knows.

    Raises
    ------
    FormatError
        Where it is no regular file, or XML that is no map.
    """
    if path.is_dir():
        if path.suffix.lower() == ".gdb":
            return "other"
        raise FormatError("is a folder, not a file", "name a file in it")
    if not path.is_file():
        raise FormatError("is no regular file", "name a file")
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
    if any(word in head for word in TREACHEROUS):
        raise FormatError("cannot be read: it refers to other data instead of holding any", "name the data itself")
    by_magic = next((name for magic, name in MAGIC.items() if head.startswith(magic)), None)
    if by_magic is not None:
        return by_magic
    return _by_text(head.lstrip(b"\xef\xbb\xbf \t\r\n"), SUFFIXES.get(path.suffix.lower(), "other"))


def _by_text(text: bytes, by_suffix: str) -> str:
    if by_suffix in ("csv", "geojson") and text.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise FormatError("is UTF-16 text", "save it as UTF-8 (in Excel: CSV UTF-8)")
    if text.startswith(b"<") or text.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _by_root(text)
    if by_suffix in ("kml", "graphml", "xml"):
        raise FormatError("cannot be read: it is no XML", "export it anew")
    if by_suffix == "gml":
        return "zoo"
    if text.startswith(b"{") and by_suffix in ("geojson", "other"):
        return "ofds" if re.search(rb'"networks"\s*:', text) and b'"FeatureCollection"' not in text else "geojson"
    if by_suffix == "other" and re.match(rb"(graph|Creator|Version|#)[^\n]*\n?\s*[\[\w]", text) and b"node" in text:
        return "zoo"
    return by_suffix


def _by_root(text: bytes) -> str:
    """By the root element: GML has many, and all live in or name its namespace."""
    words = text[2:].replace(b"\0", b"") if text[:1] in b"\xff\xfe" else text
    root = re.search(rb"<(?:[\w.-]+:)?([A-Za-z][\w.-]*)", _skip_prologue(words))
    name = root[1].decode() if root else ""
    if name in ROOTS:
        return ROOTS[name]
    if b"opengis.net/gml" in words:
        return "gml"
    raise FormatError(
        f"cannot be read: XML with the root element {name!r} is no map" if name else "cannot be read: it is broken XML",
        "give KML, GML, GraphML or the XML of SNDlib",
    )


def _skip_prologue(text: bytes) -> bytes:
    """What follows the declarations and comments at the beginning; nothing where one of them does not end."""
    while text.startswith((b"<?", b"<!")):
        end = b"-->" if text.startswith(b"<!--") else b"]>" if re.match(rb"<!DOCTYPE[^>]*\[", text) else b">"
        text = text.partition(end)[2].lstrip()
    return text
