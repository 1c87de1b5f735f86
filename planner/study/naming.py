"""Takes apart how a study spells an input: a format before it, a layer behind it, or a table of a database."""

from __future__ import annotations

from pathlib import Path

DATABASE = "postgis:"
# formats that can be written before a file's name, as in "csv:links.txt"
FORMATS = (
    "geojson",
    "gpkg",
    "shp",
    "fgb",
    "parquet",
    "kml",
    "kmz",
    "gml",
    "csv",
    "ofds",
    "zoo",
    "graphml",
    "sndlib",
    "zip",
)


def is_database(name: str) -> bool:
    """Whether an input is a table or query of a database rather than a file."""
    return name.startswith(DATABASE)


def is_there(path: Path) -> bool:
    """Whether something is at a path; what no file can be called is nowhere."""
    try:
        return path.exists()
    except (OSError, ValueError):
        return False


def split_name(name: str, folder: Path) -> tuple[str | None, Path, str | None]:
    """Split ``"format:file#layer"`` into the format if one is named, the absolute path and the layer if one is named.

    A file that is there under the whole name, colon and hash included, is that file.
    """
    word, colon, rest = name.partition(":")
    named = word.lower() if colon and rest and word.lower() in FORMATS and not is_there(folder / name) else None
    rest = rest if named else name
    file, separator, layer = rest.rpartition("#")
    if not separator or not file or is_there(folder / rest):
        return named, folder / rest, None
    return named, folder / file, layer
