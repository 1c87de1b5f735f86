"""Reads a source with the reader of its format."""

from __future__ import annotations

import logging
from dataclasses import replace

import numpy as np

from planner.network.formats.archive import unpacked
from planner.network.formats.delimited import read_csv
from planner.network.formats.limits import check_size
from planner.network.formats.ofds import read_ofds
from planner.network.formats.parquet import read_geoparquet
from planner.network.formats.postgis import read_database_table
from planner.network.formats.sndlib import read_sndlib
from planner.network.formats.sniff import find_format
from planner.network.formats.source import FormatError, Raw, Source
from planner.network.formats.vector import read_vector
from planner.network.formats.zoo import read_gml_graph, read_graphml

__all__ = ["read_database_table", "read_source"]

logger = logging.getLogger(__name__)

READERS = {
    "ofds": read_ofds,
    "zoo": read_gml_graph,
    "graphml": read_graphml,
    "sndlib": read_sndlib,
    "csv": read_csv,
    "parquet": read_geoparquet,
}
ALIASES = {"kmz": "zip"}


def read_source(source: Source) -> Raw:
    """Read one layer of a file.

    Raises
    ------
    FormatError
        With what is wrong, and what to do.
    """
    found = find_format(source.path)
    format_name = ALIASES.get(source.format_name or found, source.format_name or found)
    check_size(source.path, format_name, source.max_bytes)
    if format_name != "zip":
        return _read(source, format_name)
    with unpacked(source) as (path, layer):
        inner = find_format(path)
        if inner == "zip":
            raise FormatError("is an archive in an archive", "pack the map itself")
        check_size(path, inner, source.max_bytes)
        return _read(replace(source, path=path, layer=layer), inner)


def _read(source: Source, format_name: str) -> Raw:
    reader = READERS.get(format_name)
    try:
        # infinite coordinates are found later, row by row
        with np.errstate(all="ignore"):
            return read_vector(source, format_name) if reader is None else reader(source)
    except FormatError:
        raise
    except MemoryError as error:
        raise FormatError("needs more memory than there is", "leave out what the study does not need") from error
    except Exception as error:
        # libraries stumble over broken files in ways of their own, pyogrio with an UnboundLocalError
        logger.debug("cannot read %s", source.path, exc_info=True)
        raise FormatError(f"cannot be read: it is broken ({type(error).__name__})", "export it anew") from error
