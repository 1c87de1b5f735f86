"""Reads CSV: places as WKT or as two columns of coordinates, or routes that only name their ends."""

from __future__ import annotations

import csv
import warnings
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from planner.network.asides import put_aside
from planner.network.columns import to_objects
from planner.network.formats.limits import check_table
from planner.network.formats.source import LONLAT_CRS, FormatError, Raw, Source

if TYPE_CHECKING:
    from pathlib import Path

WKT = ("wkt", "geometry", "geom", "the_geom", "wkt_geom", "shape", "geometry_wkt")
X = ("lon", "longitude", "lng", "long", "x", "easting")
Y = ("lat", "latitude", "y", "northing")
SAVE_AS_UTF8 = "save it as UTF-8 (in Excel: CSV UTF-8)"
NO_PLACES = FormatError(
    "has no geometry",
    "give it a column wkt, or columns lon and lat (routes may instead name their ends in columns a and b)",
)


def read_csv(source: Source) -> Raw:
    """Read a table; commas, semicolons, tabs and bars between the cells are told apart by its first line."""
    table = _read_table(source)
    by_word = {str(column).strip().casefold(): str(column) for column in reversed(list(table))}
    wkt = next((by_word[word] for word in WKT if word in by_word), None)
    if wkt is not None:
        geometry, crs = _from_wkt(table[wkt])
        return _to_raw(table.drop(columns=wkt), geometry, crs, source)
    x, y = (next((by_word[word] for word in words if word in by_word), None) for words in (X, Y))
    if x is not None and y is not None and source.part == "sites":
        return _to_raw(table, _from_numbers(table[x], table[y]), None, source)
    if source.part == "routes":
        return Raw(table, is_schematic=True)
    raise NO_PLACES


def _read_table(source: Source) -> pd.DataFrame:
    try:
        with source.path.open(encoding="utf-8-sig", newline="") as file:
            head = file.readline(100_000)
        separator = max(",;\t|", key=head.count)
        check_table(_count_lines(source.path), head.count(separator) + 1, source.max_bytes)
        with warnings.catch_warnings():
            warnings.simplefilter("error", pd.errors.ParserWarning)
            table = pd.read_csv(
                source.path, sep=separator, dtype=str, keep_default_na=False, encoding="utf-8-sig", index_col=False
            )
    except UnicodeDecodeError as error:
        raise FormatError(f"is not UTF-8 text (byte {error.start})", SAVE_AS_UTF8) from error
    except pd.errors.ParserWarning as error:
        raise FormatError("has rows with more cells than its first line", "save it as CSV anew") from error
    except (ValueError, OverflowError, csv.Error) as error:  # pandas' own errors are ValueErrors
        what = str(error).split("\n", maxsplit=1)[0].rstrip(". ")[:200]
        raise FormatError(f"cannot be read: {what}", "save it as CSV anew") from error
    return pd.DataFrame({str(name): to_objects([cell or None for cell in table[name]]) for name in table})


def _count_lines(path: Path) -> int:
    """Lines, of which a row may take several."""
    with path.open("rb") as file:
        return sum(block.count(b"\n") for block in iter(lambda: file.read(1_000_000), b""))


def _from_wkt(cells: pd.Series) -> tuple[Any, str | None]:
    """Geometries, None for what is no WKT; and the CRS that extended WKT names."""
    texts = [cell.strip() if isinstance(cell, str) else "" for cell in cells]
    srid = next((text[5:].split(";", 1)[0] for text in texts if text.upper().startswith("SRID=")), None)
    plain = [text.split(";", 1)[-1] if text.upper().startswith("SRID=") else text for text in texts]
    geometry = shapely.from_wkt(np.array([text or None for text in plain], dtype=object), on_invalid="ignore")
    return geometry, f"EPSG:{srid.strip()}" if srid else None


def _from_numbers(x: pd.Series, y: pd.Series) -> Any:
    """Points, None where a coordinate is empty or no number; commas count as points of decimals."""
    numbers = [
        pd.to_numeric(column.astype("string").str.strip().str.replace(",", "."), errors="coerce").to_numpy(
            dtype=np.float64, na_value=np.nan
        )
        for column in (x, y)
    ]
    points = np.array(shapely.points(*numbers), dtype=object).reshape(-1)
    points[np.isnan(numbers[0]) | np.isnan(numbers[1])] = None
    return points


def _to_raw(table: pd.DataFrame, geometry: Any, crs: str | None, source: Source) -> Raw:
    named = crs or source.crs
    try:
        frame = gpd.GeoDataFrame(put_aside(table, ["geometry"]), geometry=geometry)
        frame = frame.set_crs(named or LONLAT_CRS)
    except (ValueError, RuntimeError) as error:
        raise FormatError(f"names no known CRS: {named}", "write it like SRID=2154;POINT (…)") from error
    remark = "Its coordinates were taken for degrees, longitude first; network.file_crs names another CRS."
    return Raw(frame, remarks=() if named else (remark,))
