"""What the report says: the decision for every status, the same in all three files, and no injection."""

from __future__ import annotations

import doctest
import json
import re
import zipfile
from dataclasses import replace
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from sample import sample_audit, sample_infeasible_outcome, sample_network, sample_outcome, sample_risk_groups

from planner.network.model import Remark
from planner.report import words, write_audit_report, write_report
from planner.report.html import to_html
from planner.report.markdown import escape, to_markdown
from planner.report.view import to_audit_report, to_report
from planner.result import PlacedCutSet, Survival

if TYPE_CHECKING:
    from pathlib import Path

    from planner.result import Outcome

HOSTILE = '=HYPERLINK("http://a.b","x")|`</script><img src=x onerror=alert(1)>*_[y](http://c.d)\'&amp;'
MARKDOWN = MarkdownIt("commonmark").enable("table")
FILES = ("report.html", "report.md", "tables.xlsx")


def _feasible() -> Outcome:
    outcome = sample_outcome()
    assert outcome.plan
    plan = replace(outcome.plan, status="feasible", gap=0.5, bound={"routes": 1})
    return replace(outcome, status="feasible", plan=plan)


def _nothing_to_build() -> Outcome:
    outcome = sample_outcome()
    assert outcome.plan
    nothing = {"routes": 0, "cost": 0.0, "length_km": 0.0}
    plan = replace(outcome.plan, routes=(), objective=nothing, bound=nothing)
    return replace(outcome, before=outcome.plan.after, plan=plan)


def _failed() -> Outcome:
    outcome = sample_outcome()
    assert outcome.plan
    proof = replace(outcome.plan.proof, survives=False)
    return replace(outcome, plan=replace(outcome.plan, proof=proof))


def _separated() -> Outcome:
    """Bordeaux hangs on nothing from the start."""
    outcome = sample_outcome()
    alone = PlacedCutSet((), (), (), ("75",), 6_050_000.0, (0,))
    regions = tuple(
        replace(r, survives=-1, witness=alone) if r.region_id == "75" else r for r in outcome.before.regions
    )
    return replace(outcome, before=Survival(regions, (alone,), {0: 1, 1: 0, 2: 0}))


OUTCOMES = {
    "optimal": sample_outcome(),
    "feasible": _feasible(),
    "nothing": _nothing_to_build(),
    "failed": _failed(),
    "separated": _separated(),
    "infeasible": sample_infeasible_outcome(),
    "refuted": sample_infeasible_outcome(with_protect_most=False),
    "no_plan": replace(sample_outcome(), status="no_plan", plan=None),
}
HEADLINES = {
    "optimal": "Build 2 routes, 1,089 km, EUR 65.3 million: every one of 6 regions then stays connected"
    " after any one cut.",
    "feasible": "Build 2 routes, 1,089 km, EUR 65.3 million: every one of 6 regions then stays connected"
    " after any one cut.",
    "nothing": "Build nothing: every one of 6 regions already stays connected after any one cut.",
    "failed": "Do not build this plan: the second algorithm found cuts that separate what has to hold together.",
    "separated": "Build 2 routes, 1,089 km, EUR 65.3 million: every one of 6 regions then stays connected"
    " after any one cut.",
    "infeasible": "No choice of the 4 candidate routes keeps all 6 regions connected after any two cuts."
    " Build 3 routes, 1,488 km, EUR 97.3 million, to protect the most: 3 of 6 regions are then held as asked.",
    "refuted": "No choice of the 4 candidate routes keeps all 6 regions connected after any two cuts.",
    "no_plan": "No plan was found that keeps all 6 regions connected after any one cut."
    " This does not prove that there is none.",
}


@pytest.mark.parametrize("name", sorted(OUTCOMES))
def test_headline_is_the_decision(name: str) -> None:
    report = to_report(OUTCOMES[name])
    assert report.headline == HEADLINES[name]
    text = to_markdown(report)
    assert text.startswith(f"# {escape(report.headline)}\n")
    assert escape(report.headline).replace("\\", "") in to_html(report)


@pytest.mark.parametrize("name", sorted(OUTCOMES))
def test_every_status_makes_all_files(name: str, tmp_path: Path) -> None:
    write_report(OUTCOMES[name], tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(FILES)


def test_optimal_says_how_it_is_known() -> None:
    report = to_report(sample_outcome())
    assert report.badge == "Proved optimal and verified"
    assert report.statements == (
        "No plan made of these candidates has fewer new routes; of those with as few routes, none costs less.",
        "Verified independently: a second algorithm that shares no code with the first (bounded search tree)"
        " covered 8 cut sets and found none that separates.",
    )


def test_feasible_says_bound_and_gap_plainly() -> None:
    report = to_report(_feasible())
    assert report.tone == "warning"
    assert report.statements[0] == (
        "Not proved optimal: the search stopped at a limit with a gap of 50%."
        " What is proved: every plan has at least 1 new route, this one 2 new routes."
    )


def test_failed_verification_is_never_called_optimal() -> None:
    report = to_report(_failed())
    assert report.tone == "bad"
    assert report.badge == "The plan failed its verification"


def test_infeasible_names_cuts_and_what_falls() -> None:
    text = to_markdown(to_report(sample_infeasible_outcome()))
    assert "two cuts would isolate Nouvelle-Aquitaine and Provence-Alpes-Côte d'Azur" in text
    assert "| 1 | 205 km south-west of Paris | E-BOR (Bordeaux – Paris) |" in text  # noqa: RUF001
    assert "| Hauts-de-France | 6,000,000 | 2 | 1 |" in text
    assert "11.2 million, 26% of population" in text


def test_figures_compare_before_and_after() -> None:
    figures = {figure.label: (figure.before, figure.value) for figure in to_report(sample_outcome()).figures}
    assert figures["Regions that survive any one cut"] == ("1", "6")
    assert figures["Places where one cut isolates a region"] == ("5", "0")
    assert figures["The worst single cut isolates (population)"] == ("13.2 million", "0")


def test_separated_network_is_said_to_be() -> None:
    text = to_markdown(to_report(_separated()))
    assert "separated uncut" in text
    assert "isolated uncut" in text


def test_levels_of_regions_are_told_apart() -> None:
    outcome = sample_outcome()
    levels = [2, 1, 1, 1, 1, 0]
    regions = outcome.network.regions.assign(required_cuts=levels)
    report = to_report(replace(outcome, cuts=2, network=replace(outcome.network, regions=regions)))
    assert report.headline.endswith(
        "every one of 6 regions then stays connected: 1 while nothing is cut, 4 after any one cut and"
        " 1 after any two cuts."
    )


def test_equal_weights_are_left_out() -> None:
    outcome = sample_outcome()
    regions = outcome.network.regions.assign(weight=1.0)
    page = to_html(to_report(replace(outcome, network=replace(outcome.network, regions=regions))))
    assert "Population" not in page
    assert "population" not in page


def test_sites_of_their_own_are_called_sites() -> None:
    outcome = sample_outcome()
    network = outcome.network
    ids = list(network.sites["site_id"])
    old = {str(region): ids[sites[0]] for region, sites in zip(*_two(network.regions), strict=True)}
    regions = network.regions.assign(region_id=[old[str(r)] for r in network.regions["region_id"]])
    report = to_report(
        replace(
            outcome,
            network=replace(network, regions=regions.assign(geometry=None), sites=network.sites.assign(region=ids)),
            before=_renamed(outcome.before, old),
            plan=None,
            status="no_plan",
        )
    )
    assert "all 6 sites connected" in report.headline
    assert "regions" not in {layer.key for layer in report.layers}


def _two(regions: gpd.GeoDataFrame) -> tuple[list[str], list[tuple[int, ...]]]:
    return regions["region_id"].tolist(), regions["sites"].tolist()


def _renamed(survival: Survival, names: dict[str, str]) -> Survival:
    def rename(cut_set: PlacedCutSet | None) -> Any:
        return cut_set and replace(cut_set, isolated_regions=tuple(names[r] for r in cut_set.isolated_regions))

    regions = tuple(replace(r, region_id=names[r.region_id], witness=rename(r.witness)) for r in survival.regions)
    return replace(survival, regions=regions, cut_sets=tuple(rename(c) for c in survival.cut_sets))


def test_inferred_ground_is_said_first_and_last() -> None:
    report = to_report(sample_outcome(ground="inferred"))
    text = to_markdown(report)
    assert text.count("The ground that the routes follow is inferred, not surveyed (9 of 9 routes).") == 2
    assert to_html(report).count("is inferred, not surveyed") == 2
    assert "inferred" not in to_markdown(to_report(sample_outcome(ground="surveyed")))


def test_audit_says_what_one_cut_does(tmp_path: Path) -> None:
    write_audit_report(sample_audit(), tmp_path)
    text = (tmp_path / "report.md").read_text(encoding="utf-8")
    assert text.startswith(
        "# A single cut can isolate 5 of 6 regions; the worst takes Auvergne-Rhône-Alpes and"
        " Provence-Alpes-Côte d'Azur (13.2 million, 31% of population).\n"
    )
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(FILES)


def test_audit_lists_critical_stretches(tmp_path: Path) -> None:
    write_audit_report(sample_audit(), tmp_path)
    text = (tmp_path / "report.md").read_text(encoding="utf-8")
    assert "anywhere on 449 km of span isolates a region at once; on 180 km more it takes one more cut" in text
    assert "E-BOR (Bordeaux – Paris) | 1,000 | 450,000 |" in text  # noqa: RUF001
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert 'data-layer="stretches"' in page
    sheet = openpyxl.load_workbook(tmp_path / "tables.xlsx")["Critical stretches"]
    assert [cell.value for cell in sheet[2]][:5] == ["E-BOR (Bordeaux – Paris)", 1000, 450_000, 449_000, 1]  # noqa: RUF001
    assert sheet.max_row == 3


def test_audit_says_what_was_left_out() -> None:
    note = "The 2 worst of 30 critical stretches are kept."
    assert note in to_markdown(to_audit_report(replace(sample_audit(), stretches_note=note)))


def test_audit_without_critical_stretches(tmp_path: Path) -> None:
    write_audit_report(replace(sample_audit(), critical_stretches=(), radii=()), tmp_path)
    text = (tmp_path / "report.md").read_text(encoding="utf-8")
    assert "There is no metre of span whose loss isolates a region" in text
    assert "Other radii" not in text
    names = openpyxl.load_workbook(tmp_path / "tables.xlsx").sheetnames
    assert not {"Critical stretches", "Radii"} & set(names)


def test_audit_at_other_radii_is_a_table_and_plots(tmp_path: Path) -> None:
    write_audit_report(sample_audit(), tmp_path)
    text = (tmp_path / "report.md").read_text(encoding="utf-8")
    assert "| 50 | 5 | 1 | 2 | 5 | 0 | 6 | 1 | 0 | 13,220,000 | 31% |" in text
    assert "single cuts: 4 at 5 m, 5 at 50 m" in text
    tags = _parse((tmp_path / "report.html").read_text(encoding="utf-8")).tags
    charts = [
        attrs for tag, attrs in tags if tag == "svg" and (attrs.get("aria-labelledby") or "").startswith("radii-")
    ]
    assert len(charts) == 3
    ids = [attrs["id"] for _, attrs in tags if "id" in attrs]
    assert len(ids) == len(set(ids))
    assert all(key in ids for chart in charts for key in (chart["aria-labelledby"] or "").split())
    assert not [attrs for _, attrs in tags if "style" in attrs]
    sheet = openpyxl.load_workbook(tmp_path / "tables.xlsx")["Radii"]
    assert [cell.value for cell in sheet[3]][:5] == [50, 5, 1, 2, 5]


def test_audit_without_weak_points() -> None:
    outcome = sample_outcome()
    assert outcome.plan
    survival = outcome.plan.after
    safe = replace(
        survival,
        regions=tuple(replace(r, survives=2, witness=None) for r in survival.regions),
        cut_sets=(),
        num_cut_sets={0: 0, 1: 0, 2: 0},
    )
    report = to_audit_report(replace(sample_audit(), survival=safe))
    assert report.headline == "No region is isolated by up to two cuts."
    assert report.tone == "good"


def test_costs_of_their_own_are_counted() -> None:
    outcome = sample_outcome()
    routes = outcome.network.routes.copy()
    routes.loc[0, "cost"] = 1.0
    text = to_markdown(to_report(replace(outcome, network=replace(outcome.network, routes=routes))))
    assert "1 of 4 candidates carry a cost of their own, which wins." in text


def test_warnings_are_listed_and_cut_short() -> None:
    outcome = sample_outcome()
    remarks = tuple(Remark("other", f"row {i}", "Doubtful.", is_warning=True) for i in range(60))
    text = to_markdown(to_report(replace(outcome, network=replace(outcome.network, remarks=remarks))))
    assert "- row 24: Doubtful." in text
    assert "row 25:" not in text
    assert "35 more are in tables.xlsx, sheet Remarks." in text


def _hostile() -> Outcome:
    outcome = sample_outcome(ground=HOSTILE)
    network, groups = outcome.network, outcome.risk_groups
    n = len(network.sites)
    assert outcome.plan
    return replace(
        outcome,
        study=outcome.study.model_copy(
            update={
                "study": outcome.study.study.model_copy(update={"name": HOSTILE}),
                "costs": outcome.study.costs.model_copy(update={"currency": HOSTILE}),
                "regions": outcome.study.regions.model_copy(update={"weight": HOSTILE}),
            }
        ),
        network=replace(
            network,
            sites=network.sites.assign(site_id=[f"{HOSTILE}{i}" for i in range(n)], name=HOSTILE),
            routes=network.routes.assign(
                operator=HOSTILE, kind=HOSTILE, route_id=[f"{HOSTILE}{i}" for i in range(len(network.routes))]
            ),
            regions=network.regions.assign(name=HOSTILE),
            remarks=(Remark(HOSTILE, HOSTILE, HOSTILE, is_warning=True),),
        ),
        risk_groups=replace(groups, causes=(HOSTILE,) * len(groups.spans)),
        plan=replace(
            outcome.plan,
            routes=tuple(replace(r, route_id=HOSTILE, shares_with=(HOSTILE,)) for r in outcome.plan.routes),
            proof=replace(outcome.plan.proof, method=HOSTILE),
        ),
        inputs={HOSTILE: HOSTILE},
        versions={HOSTILE: HOSTILE},
        seconds={HOSTILE: 1.0},
    )


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.data = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.data += data


def _parse(page: str) -> _Tags:
    parser = _Tags()
    parser.feed(page)
    return parser


def test_names_cannot_break_out_of_the_page() -> None:
    hostile, plain = _parse(to_html(to_report(_hostile()))), _parse(to_html(to_report(sample_outcome())))
    assert {tag for tag, _ in hostile.tags} <= {tag for tag, _ in plain.tags}
    assert [tag for tag, _ in hostile.tags].count("script") == 2
    assert not [name for _, attrs in hostile.tags for name in attrs if name.startswith("on")]
    assert HOSTILE in hostile.data


def test_names_cannot_break_out_of_markdown() -> None:
    html = MARKDOWN.render(to_markdown(to_report(_hostile())))
    tags = [tag for tag, _ in _parse(html).tags]
    assert not set(tags) & {"img", "script", "a"}
    assert tags.count("code") == 2
    assert HOSTILE.replace("://", ":\u200b//") in _parse(html).data


def test_formulas_stay_text(tmp_path: Path) -> None:
    write_report(_hostile(), tmp_path)
    book = openpyxl.load_workbook(tmp_path / "tables.xlsx")
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert any(cell.value == HOSTILE and cell.data_type == "s" for cell in cells)
    assert not [cell.coordinate for cell in cells if cell.data_type == "f" or cell.hyperlink]


@given(st.text(max_size=40))
def test_markdown_escape_gives_the_text_back(text: str) -> None:
    words_of = " ".join(text.replace("\0", "").split())
    html = MARKDOWN.render(f"| a |\n| --- |\n| {escape(words_of)} x |\n")
    cell = re.search(r"<td>(.*?)</td>", html, re.DOTALL)
    assert cell
    assert _parse(cell[1]).data.replace("\u200b", "") == f"{words_of} x".strip().replace("\u200b", "")


def test_page_has_one_policy_and_no_addresses() -> None:
    page = to_html(to_report(sample_outcome()))
    tags = _parse(page).tags
    policy = next(a["content"] for t, a in tags if t == "meta" and a.get("http-equiv") == "Content-Security-Policy")
    assert policy
    assert policy.startswith("default-src 'none'; script-src 'sha256-")
    assert "unsafe" not in policy
    links = [attrs.get(name) for _, attrs in tags for name in ("src", "href") if attrs.get(name)]
    assert all(link and (link.startswith("#") or link in FILES) for link in links)
    assert not [attrs for _, attrs in tags if "style" in attrs]
    styles = page.split("<style>")[1].split("</style>")[0]
    assert "url(" not in styles.replace("url(#default#VML)", "")


def test_page_can_be_read_without_eyes_or_mouse() -> None:
    page = to_html(to_report(sample_infeasible_outcome()))
    tags = _parse(page).tags
    names = [tag for tag, _ in tags]
    assert dict(tags)["html"]["lang"] == "en-GB"
    assert all(names.count(tag) == 1 for tag in ("main", "header", "footer", "nav", "h1"))
    assert all(attrs.get("scope") in ("row", "col") for tag, attrs in tags if tag == "th")
    assert names.count("caption") == names.count("table")
    ids = [attrs["id"] for _, attrs in tags if "id" in attrs]
    assert len(ids) == len(set(ids))
    targets = {a["href"][1:] for t, a in tags if t == "a" and a["href"] and a["href"].startswith("#")}
    assert targets <= set(ids)


def test_map_data_is_geojson_in_degrees() -> None:
    page = to_html(to_report(sample_outcome()))
    data = json.loads(page.split('id="map-data">')[1].split("</script>")[0])
    layers = {layer["key"]: layer["data"] for layer in data["layers"]}
    frame = gpd.GeoDataFrame.from_features(layers["new"]["features"], crs="EPSG:4326")
    assert len(frame) == 2
    assert frame.total_bounds == pytest.approx([-0.58, 43.3, 7.75, 50.63], abs=1e-4)
    assert "<" not in json.dumps(data)


def test_sheets_are_typed_and_filtered(tmp_path: Path) -> None:
    write_report(sample_outcome(), tmp_path)
    book = openpyxl.load_workbook(tmp_path / "tables.xlsx")
    wanted = ["Summary", "New routes", "Regions", "Critical cuts", "Risk groups", "Spans", "Remarks"]
    assert book.sheetnames == wanted
    for sheet in book:
        assert sheet.freeze_panes == "B2"
        assert sheet.auto_filter.ref
    routes = book["New routes"]
    assert [cell.value for cell in routes[2]][:4] == ["C-BOR-MRS", "Bordeaux", "Marseille", "rail"]
    assert routes["F2"].value == pytest.approx(40_688_115, abs=1)
    assert routes["F2"].number_format == "#,##0"
    assert book["Critical cuts"].max_row == 1 + 5 + 9
    assert [row[4].value for row in book["Spans"].iter_rows(min_row=2)].count("new") == 2


@pytest.mark.parametrize("name", ["optimal", "infeasible"])
def test_files_are_equal_on_every_run(name: str, tmp_path: Path) -> None:
    contents = []
    for run in ("first", "second"):
        (tmp_path / run).mkdir()
        write_report(OUTCOMES[name], tmp_path / run)
        contents.append([(tmp_path / run / file).read_bytes() for file in FILES])
    assert contents[0] == contents[1]
    with zipfile.ZipFile(tmp_path / "first" / "tables.xlsx") as book:
        assert {info.date_time[0] for info in book.infolist()} == {1980}


def test_words() -> None:
    assert doctest.testmod(words).failed == 0


def test_sample_is_consistent() -> None:
    groups = sample_risk_groups(sample_network())
    assert {span for spans in groups.spans for span in spans} == set(range(len(sample_network().spans)))
