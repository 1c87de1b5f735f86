"""Unpacks a zip file or KMZ into a folder that goes away, if it is what it says and no more."""

from __future__ import annotations

import shutil
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from planner.network.formats.source import FormatError, Source

MAX_MEMBERS = 10_000
MAPS = (".kml", ".shp", ".geojson", ".json", ".gpkg", ".fgb", ".gml", ".csv", ".parquet", ".xml", ".graphml")
SIDECARS = (".shx", ".dbf", ".prj", ".cpg")
WORKBOOK = ("[Content_Types].xml", "META-INF/manifest.xml")  # of Excel and its like, and of the open formats
ERRORS = (zipfile.BadZipFile, zlib.error, OSError, EOFError, RuntimeError, NotImplementedError, ValueError, LookupError)


@contextmanager
def unpacked(source: Source) -> Iterator[tuple[Path, str | None]]:
    """Unpack the one map in an archive.

    Parameters
    ----------
    source
        Its layer may name the map by its file's name without suffix, where there are several.

    Yields
    ------
    path, layer
        The map's file in a temporary folder, and the layer in it that is left to find.

    Raises
    ------
    FormatError
        Paths that climb, more bytes than fit, encryption, broken data, no map or several.
    """
    with TemporaryDirectory(prefix="planner-") as folder:
        try:
            with zipfile.ZipFile(source.path) as archive:
                members = _check(archive.infolist(), source)
                member, layer = _find_map(members, source)
                path = _extract(archive, members, member, Path(folder), source.max_bytes)
        except ERRORS as error:
            raise FormatError(f"cannot be unpacked: {str(error)[:120]}", "pack it anew") from error
        yield path, layer


def _check(members: list[zipfile.ZipInfo], source: Source) -> list[zipfile.ZipInfo]:
    if len(members) > MAX_MEMBERS:
        raise FormatError(f"holds {len(members):,} files", "pack the map alone")
    climbing = [member.filename for member in members if _is_outside(member.filename)]
    if climbing:
        raise FormatError(f"holds a file whose path leads outside: {climbing[0][:80]!r}", "pack it anew")
    size = sum(member.file_size for member in members)
    if size > source.max_bytes:
        raise FormatError(
            f"unpacks to {size / 1e6:,.0f} MB, more than the {source.max_bytes / 1e6:,.0f} MB that are read",
            "pack the map alone, or raise network.max_file_mb where there is memory for it",
        )
    if any(member.flag_bits & 0x1 for member in members):
        raise FormatError("is encrypted", "pack it without a password")
    return [member for member in members if not member.is_dir() and not member.filename.startswith("__MACOSX/")]


def _is_outside(name: str) -> bool:
    path = PurePosixPath(name.replace("\\", "/"))
    return path.is_absolute() or ".." in path.parts or ":" in name.split("/", maxsplit=1)[0]


def _find_map(members: list[zipfile.ZipInfo], source: Source) -> tuple[zipfile.ZipInfo, str | None]:
    if any(member.filename in WORKBOOK for member in members):
        raise FormatError("is a workbook, not a map", "save its sheet as CSV UTF-8")
    maps = [member for member in members if Path(member.filename).suffix.lower() in MAPS]
    if not maps:
        raise FormatError("holds no map", f"pack one of {', '.join(MAPS)}")
    if source.path.suffix.lower() == ".kmz":
        documents = [member for member in maps if Path(member.filename).suffix.lower() == ".kml"]
        if documents:  # the first one is the document, whatever its name
            return documents[0], source.layer
    named = [member for member in maps if source.layer in (Path(member.filename).stem, member.filename)]
    if len(named) == 1 and len(maps) > 1:
        return named[0], None
    if len(maps) == 1:
        return maps[0], None if named else source.layer
    there = ", ".join(Path(member.filename).stem for member in maps[:20])
    what = f"holds no map {source.layer!r}" if source.layer else f"holds {len(maps)} maps"
    raise FormatError(what, f"name one of them, as in {source.path.name}#{Path(maps[0].filename).stem}: {there}")


def _extract(
    archive: zipfile.ZipFile, members: list[zipfile.ZipInfo], chosen: zipfile.ZipInfo, folder: Path, max_bytes: int
) -> Path:
    """Unpack the map and its sidecars under plain names of our own."""
    stem = chosen.filename.rpartition(".")[0]
    wanted = [chosen]
    if chosen.filename.lower().endswith(".shp"):
        wanted += [one for one in members if one.filename.rpartition(".")[0] == stem and _suffix(one) in SIDECARS]
    name = "".join(letter if letter.isalnum() or letter in "-_ " else "_" for letter in Path(stem).name)[:60] or "map"
    left = max_bytes
    for member in wanted:
        with archive.open(member) as packed, (folder / f"{name}{_suffix(member)}").open("wb") as out:
            shutil.copyfileobj(packed, out)  # never more than the size that was checked: zipfile stops there
            left -= out.tell()
        if left < 0:
            raise FormatError("unpacks to more than it says", "pack it anew")
    return folder / f"{name}{_suffix(chosen)}"


def _suffix(member: zipfile.ZipInfo) -> str:
    return Path(member.filename).suffix.lower()
