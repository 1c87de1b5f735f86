"""What a reader is given, and what it gives back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    import pandas as pd

Part = Literal["sites", "routes", "regions"]

LONLAT_CRS = "EPSG:4326"


class FormatError(Exception):
    """A file cannot be read: what is wrong with it, and what to do."""

    def __init__(self, what: str, remedy: str = "") -> None:
        super().__init__(what)
        self.what, self.remedy = what, remedy


def name_uniquely(names: Iterable[Any]) -> list[str]:
    """Names of columns as text, ``#2``, ``#3``, … behind those that are there already."""
    met: Counter[str] = Counter()
    unique = []
    for name in map(str, names):
        met[name] += 1
        unique.append(name if met[name] == 1 else f"{name}#{met[name]}")
    return unique


@dataclass(frozen=True)
class Source:
    """One file, and what is wanted of it.

    Parameters
    ----------
    path
        The file.
    layer
        The layer that the study names, if it names one.
    part
        What is wanted of a file that holds both sites and routes.
    format_name
        The format that the study names; None to tell by the file.
    crs
        CRS of coordinates for which the file names none; None where the study does not say.
    max_bytes
        A larger file is refused.
    """

    path: Path
    layer: str | None
    part: Part
    format_name: str | None = None
    crs: str | None = None
    max_bytes: int = 300_000_000


@dataclass(frozen=True)
class Raw:
    """Rows as a reader found them.

    Parameters
    ----------
    frame
        A GeoDataFrame, or a plain frame for routes that only name the sites at their ends.
    is_schematic
        Whether rows without a line may be drawn straight between the sites that they name.
    remarks
        One sentence each: what the reader took for granted.
    """

    frame: pd.DataFrame
    is_schematic: bool = False
    remarks: tuple[str, ...] = field(default=())
