"""What a result was made from: hashes of the inputs and versions of the libraries."""

from __future__ import annotations

import hashlib
import os
import platform
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from planner.study import Study
from planner.version import __version__

_LIBRARIES = ("PuLP", "highspy", "geopandas", "numpy", "pandas", "pyogrio", "pyproj", "scipy", "shapely")
_SHAPEFILE_PARTS = (".shx", ".dbf", ".prj", ".cpg")


def hash_inputs(study: Study) -> dict[str, str]:
    """The sha256 of the study's file and of every file it names, by name relative to the study's folder."""
    files = [part for file in study.input_files for part in (file, *_sidecars(file))]
    return {_relative(file, study.folder): _sha256(file) for file in sorted(files) if file.is_file()}


def find_versions() -> dict[str, str]:
    """Versions of the planner, of Python and of the libraries that a result depends on."""
    versions = {"planner": __version__, "python": platform.python_version()}
    for library in _LIBRARIES:
        try:
            versions[library] = version(library)
        except PackageNotFoundError:
            versions[library] = "not installed"
    return versions


def _sidecars(file: Path) -> list[Path]:
    return [file.with_suffix(part) for part in _SHAPEFILE_PARTS] if file.suffix.lower() == ".shp" else []


def _relative(file: Path, folder: Path) -> str:
    try:
        return Path(os.path.relpath(file, folder)).as_posix()
    except ValueError:  # on another drive
        return file.as_posix()


def _sha256(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
