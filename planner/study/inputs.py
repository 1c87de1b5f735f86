"""The tables that say what comes in: study, network, candidates, regions."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from planner.study.filters import ColumnMap, Where
from planner.study.laying import LayingKeys
from planner.study.section import Amount, Level, Positive, Section, Text


class StudySection(Section):
    """`[study]`: what the study is called and where on Earth it measures."""

    name: Text = Field(description="Title of the study; the folder's name unless given.")
    crs: Text | None = Field(
        default=None,
        description="Metric CRS to work in, for example EPSG:2154; chosen from the extent unless given.",
    )
    distances: Literal["ground", "plane"] = Field(
        default="ground",
        description="ground: lengths geodesic, radii true; plane: those of the CRS's own plane.",
    )


class NetworkSection(Section):
    """`[network]`: the sites and the routes that exist."""

    sites: Text = Field(
        description="File of the sites; file.gpkg#layer names a layer, csv:links.txt a format, "
        "postgis:VARIABLE#schema.table a table of the database whose URL that environment variable holds."
    )
    routes: Text = Field(description="File of the routes.")
    site_snap_m: Amount = Field(
        default=250.0,
        description="A line that comes this near a site, in metres, ends there or passes through it.",
    )
    planned: Literal["candidate", "existing", "ignore"] = Field(
        default="candidate", description="What routes of status planned count as."
    )
    accuracy_m: Amount = Field(
        default=0.0,
        description="How far, in metres, the routes may lie from where they are drawn; a column accuracy_m wins.",
    )
    site_columns: ColumnMap = Field(
        default_factory=dict, description="Column that the planner knows to the one that the file of sites has."
    )
    site_where: Where = Field(default_factory=dict, description="Column to the values of the sites that count.")
    route_columns: ColumnMap = Field(default_factory=dict, description="As site_columns, for the routes.")
    route_where: Where = Field(default_factory=dict, description="As site_where, for the routes.")
    unplaced: Literal["fault", "drop"] = Field(
        default="fault", description="drop: sites without coordinates are left out, and the routes that name them."
    )
    file_crs: Text | None = Field(
        default=None,
        description="CRS of the coordinates in files that name none; CSV is longitude and latitude without.",
    )
    max_file_mb: Positive = Field(
        default=300.0,
        description="Files larger than this, unpacked, are refused: reading takes several times as much memory.",
    )


class Corridor(Section):
    """One of `candidates.corridors`: rights of way that new routes could follow."""

    file: Text = Field(description="File of the lines; file.gpkg#layer names a layer.")
    kind: Text | None = Field(default=None, description="What all of them are, such as rail: see costs.per_km.")
    kind_column: Text | None = Field(default=None, description="Column that says what each of them is.")

    @model_validator(mode="after")
    def _check_kind(self) -> Corridor:
        if (self.kind is None) == (self.kind_column is None):
            raise ValueError("it must have one of kind and kind_column")
        return self


class CandidatesSection(LayingKeys):
    """`[candidates]`: the routes that could be built."""

    mode: Literal["routes", "sections"] = Field(
        default="routes",
        description="routes: choose from ready-made routes; sections: from every section of the corridors.",
    )
    corridors: tuple[Corridor, ...] = Field(
        default=(), strict=False, description="Corridors that new routes could follow: file, and kind or kind_column."
    )
    attach_m: Positive = Field(default=5000.0, description="How far a site may lie from a corridor, in metres.")
    connect_m: Amount = Field(
        default=500.0, description="Corridors of different layers this near each other, in metres, are connected."
    )
    connect_every_m: Amount = Field(default=5000.0, description="No two such connections are nearer than this.")
    gap_m: Amount = Field(
        default=50.0, description="A corridor that ends this near another one, in metres, goes on there."
    )
    merge_m: Amount = Field(default=0.0, description="Junctions this near each other, in metres, are taken as one.")
    routes: Text | None = Field(default=None, description="File of the candidate routes.")
    decisions: Text | None = Field(
        default=None,
        description="File such as a run's new_routes.geojson with a column decision: accept requires, reject forbids.",
    )
    compare: bool | None = Field(
        default=None,
        description="Plan in the other mode too, and compare; without it where corridors and routes are both named.",
    )
    share_trench: bool = Field(
        default=False, description="Two new routes in one new trench dig once; with mode sections all do anyway."
    )
    trench_m: Positive = Field(
        default=10.0, description="Candidates this near each other, in metres, would lie in one trench."
    )
    accuracy_m: Amount = Field(default=0.0, description="The same as in [network], for the candidates.")
    columns: ColumnMap = Field(default_factory=dict, description="As network.site_columns, for the candidates.")
    where: Where = Field(default_factory=dict, description="As network.site_where, for the candidates.")
    required: tuple[Text, ...] = Field(
        default=(), strict=False, description="Ids of candidates that every plan builds; * and ? as in a shell."
    )
    forbidden: tuple[Text, ...] = Field(
        default=(), strict=False, description="Ids of candidates that no plan builds; * and ? as in a shell."
    )


class RegionsSection(Section):
    """`[regions]`: what has to stay connected."""

    polygons: Text | None = Field(
        default=None, description="File of the regions; the sites' own region column unless given."
    )
    id: Text = Field(default="id", description="Column of the polygons that holds the region id.")
    name: Text | None = Field(default=None, description="Column of the polygons that holds the region's name.")
    weight: Text | None = Field(
        default=None, description="Column that holds the region's weight, such as population; 1 unless given."
    )
    where: Where = Field(default_factory=dict, description="As network.site_where, for the polygons.")
    reach: Literal["any", "all"] = Field(default="any", description="any or all sites of a region must be held.")
    survive_cuts: dict[str, Level] = Field(
        default_factory=dict,
        description="Region id to the number of cuts it must survive; others: cuts.simultaneous.",
    )
    exclude: tuple[Text, ...] = Field(default=(), strict=False, description="Ids of regions that owe nothing.")
