"""What a report is made of: sentences, figures, tables and map layers, free of any file format."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from pyproj import CRS
    from shapely.geometry.base import BaseGeometry

Kind = Literal[
    "text", "prose", "list", "count", "number", "km", "money", "weight", "share", "degrees", "figure", "availability"
]
Where = Literal["both", "page", "sheet"]
Tone = Literal["good", "warning", "bad", "neutral"]


@dataclass(frozen=True, slots=True)
class Formula:
    """A cell that the workbook works out from others; pages show its value.

    Parameters
    ----------
    text
        Without the equals sign. It is made of places of cells and operators alone, never of anything in the data.
    value
        What it comes to.
    """

    text: str
    value: float


Value = str | int | float | tuple[str, ...] | Formula | None


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table.

    Parameters
    ----------
    label
        Its heading, unit included.
    kind
        How its values are typed and written. ``"prose"`` is long text, ``"list"`` holds tuples of texts, ``"share"``
        fractions of one, ``"figure"`` numbers of any size with all their digits.
    where
        ``"page"`` for columns that only people read, ``"sheet"`` for those that only the workbook needs.
    """

    label: str
    kind: Kind = "text"
    where: Where = "both"


@dataclass(frozen=True, slots=True)
class Table:
    """Rows with a caption.

    Parameters
    ----------
    caption
        What the table shows.
    columns, rows
        As many values in each row as there are columns.
    limit
        Pages show at most this many rows and point to `sheet` for the rest.
    sheet
        Name of the workbook's sheet that has all rows; empty where there is none.
    finds
        Per row the keys of the map features that it speaks of.
    """

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Value, ...], ...]
    limit: int = 100
    sheet: str = ""
    finds: tuple[tuple[str, ...], ...] = ()

    @property
    def page_columns(self) -> tuple[int, ...]:
        """Indices of the columns that pages show: empty ones are left out."""
        return tuple(
            i
            for i, column in enumerate(self.columns)
            if column.where != "sheet" and any(row[i] not in (None, "", ()) for row in self.rows)
        )

    @property
    def left_out(self) -> int:
        """Number of rows that pages do not show."""
        return max(0, len(self.rows) - self.limit)


@dataclass(frozen=True, slots=True)
class Facts:
    """Names with values, in reading order."""

    items: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Bullets:
    """Sentences of a list."""

    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a chart: a value per tick. `dash` tells it apart where colours do not."""

    label: str
    color: str
    values: tuple[float, ...]
    dash: str = ""


@dataclass(frozen=True, slots=True)
class Chart:
    """Values over a few ticks at equal distances.

    Parameters
    ----------
    key
        Its name in the page, letters and dashes.
    description
        The same in words, for readers who do not see it.
    ticks
        What stands along the bottom.
    top
        The axis reaches this value at least.
    """

    key: str
    caption: str
    description: str
    ticks: tuple[str, ...]
    lines: tuple[Line, ...]
    top: float = 0.0


@dataclass(frozen=True, slots=True)
class Bar:
    """From a low to a high value, each with what leads there; `low` or `high` is None where there is no plan."""

    label: str
    low: float | None
    high: float | None
    low_label: str
    high_label: str


@dataclass(frozen=True, slots=True)
class Tornado:
    """How far one value moves when settings do.

    Parameters
    ----------
    key, caption, description
        As of `Chart`.
    base
        The value with nothing changed.
    bars
        The widest first.
    """

    key: str
    caption: str
    description: str
    base: float
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Feature:
    """One thing on the map.

    Parameters
    ----------
    geometry
        In the study's metric CRS.
    title, facts
        What its popup says.
    key
        What table rows refer to.
    label
        Text beside it on the map; empty for none.
    states
        Whether it is held, ``(before, after)``; None where that is no question.
    """

    geometry: BaseGeometry
    title: str
    facts: tuple[tuple[str, str], ...] = ()
    key: str = ""
    label: str = ""
    states: tuple[bool, bool] | None = None


@dataclass(frozen=True, slots=True)
class Layer:
    """Features that are drawn alike and switched together. `is_on` when the page opens."""

    key: str
    label: str
    is_on: bool
    features: tuple[Feature, ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """One small map: what is drawn over the ground that it shares with its neighbours, and what to say of it.

    Parameters
    ----------
    key
        Its name in the page, letters, digits and dashes.
    description
        The same in words, for readers who do not see it.
    facts
        Names with values under it.
    layers
        From bottom to top; sites with a label are named.
    """

    key: str
    caption: str
    description: str
    facts: tuple[tuple[str, str], ...]
    layers: tuple[Layer, ...]


@dataclass(frozen=True, slots=True)
class Gallery:
    """Small maps side by side over one ground."""

    key: str
    caption: str
    base: Layer
    pictures: tuple[Picture, ...]


@dataclass(frozen=True, slots=True)
class Frontier:
    """Points of cost and what it buys; a line joins those that no other one beats in both.

    Parameters
    ----------
    key
        Its name in the page, letters and dashes.
    x_label, y_label
        What is small at best and what is large at best.
    points
        ``(x, y, name)``.
    """

    key: str
    caption: str
    x_label: str
    y_label: str
    points: tuple[tuple[float, float, str], ...]


Block = str | Table | Facts | Bullets | Chart | Tornado | Gallery | Frontier


@dataclass(frozen=True, slots=True)
class Section:
    """One part of the report under its own heading; a block that is a text is a paragraph."""

    key: str
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Figure:
    """One number of the first screen. `before` is None where there is nothing to compare with."""

    label: str
    value: str
    before: str | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Highlight:
    """One new route for the first screen; `finds` as in `Table`."""

    title: str
    detail: str
    finds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that the three files say.

    Parameters
    ----------
    title
        The study's name.
    badge, tone
        The status in a few words, and how to colour it.
    headline
        The decision.
    statements
        What stands behind it, sentence by sentence.
    notes
        What no reader may miss; repeated at the foot.
    crs, layers
        The map, from bottom to top. `has_after` when there is a plan to compare with the network as it is.
    sheets
        The workbook, by sheet name.
    """

    title: str
    badge: str
    tone: Tone
    headline: str
    statements: tuple[str, ...]
    notes: tuple[str, ...]
    figures: tuple[Figure, ...]
    highlights: tuple[Highlight, ...]
    sections: tuple[Section, ...]
    crs: CRS
    layers: tuple[Layer, ...]
    has_after: bool
    planner_version: str
    sheets: tuple[tuple[str, Table], ...] = field(default=())
