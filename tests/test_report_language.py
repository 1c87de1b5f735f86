"""The report in French: every message is translated, and no English is left on a page."""

from __future__ import annotations

import ast
import re
from dataclasses import replace
from html.parser import HTMLParser
from importlib.resources import files
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import openpyxl
import pytest
from babel.messages.pofile import read_po
from sample import sample_audit, sample_infeasible_outcome, sample_outcome
from test_invest_report import Cells, to_outcome

import planner.report
from planner.network.model import Remark
from planner.report import write_audit_report, write_report
from planner.report.language import LOCALES, read_messages, say, say_many, speaking, to_date
from planner.report.told import CONTEXT, to_told
from planner.report.words import to_count, to_km, to_magnitude, to_money, to_percent
from planner.result import CorridorRecord
from planner.study.failures import FailuresSection
from planner.study.invest import InvestSection

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterator

    from babel.messages.catalog import Catalog

    from planner.result import AuditOutcome, Outcome
    from planner.study.sources import SourcedSection

FOLDER = Path(planner.report.__file__).parent
SWEEPS = [FOLDER.parent / "batch" / name for name in ("maps.py", "report.py")]
PLACEHOLDER = re.compile(r"\{(\w+)\}")
IN_TEMPLATE = re.compile(r'say\(\s*"((?:[^"\\]|\\.)*)"')

# words that French and English share, file names, and names in the sample
SAME = re.compile(
    r"France|Date|Source|Type|Cause|Population|population|Sites?|sites?|Audit|audit|optimal|Longitude|Latitude"
    r"|SHA-256|Part|AFP|Der Spiegel|RTS|France 3 Auvergne-Rhône-Alpes|TRT World|Reuters|L'Obs"
)


def _find_messages() -> set[tuple[str, ...]]:
    """Every message of the code and the templates: ``(message,)`` or ``(singular, plural)``."""
    found: set[tuple[str, ...]] = set()
    for path in (*sorted(FOLDER.glob("*.py")), *SWEEPS):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                texts = [a.value for a in node.args if isinstance(a, ast.Constant) and isinstance(a.value, str)]
                found |= _to_message(node.func.id, texts)
    for path in sorted((FOLDER / "templates").iterdir()):
        found |= {(message,) for message in IN_TEMPLATE.findall(path.read_text(encoding="utf-8"))}
    return found


def _to_message(function: str, texts: list[str]) -> set[tuple[str, ...]]:
    if function in ("say", "mark") and texts:
        return {(texts[0],)}
    if function == "say_many" and len(texts) > 1:
        return {(texts[0], texts[1])}
    if function == "to_count" and texts:
        return {(f"{{count}} {texts[0]}", f"{{count}} {texts[1] if len(texts) > 1 else texts[0] + 's'}")}
    return set()


def _to_key(message: object) -> tuple[str, ...]:
    return (message,) if isinstance(message, str) else tuple(message)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def french() -> Catalog:
    text = files("planner.report").joinpath("locale", "fr", "report.po").read_bytes()
    return read_po(BytesIO(text), locale=LOCALES["fr"], abort_invalid=True)


def test_every_message_is_translated_and_none_is_unused(french: Catalog) -> None:
    known = {_to_key(m.id) for m in french if m.id and m.context is None}
    used = _find_messages()
    assert len(used) > 500
    assert sorted(used - known) == []
    assert sorted(known - used) == []


def test_no_message_is_fuzzy_empty_or_obsolete(french: Catalog) -> None:
    messages = [message for message in french if message.id]
    assert [m.id for m in messages if m.fuzzy or not all(_to_key(m.string))] == []
    assert not french.obsolete


def test_placeholders_and_edges_agree(french: Catalog) -> None:
    for message in french:
        if message.id:
            assert len({said[:1].isspace() for said in _to_key(message.string)}) == 1, message.id
            for said in _to_key(message.string):
                source = _to_key(message.id)[-1]
                assert set(PLACEHOLDER.findall(said)) == set(PLACEHOLDER.findall(source)), source
                assert said.endswith(" ") == source.endswith(" "), source
                assert said.endswith(".") == source.endswith(".") or source == "Id", source


def test_numbers_follow_the_locale() -> None:
    with speaking("fr"):
        assert to_km(1088.7) == "1\u202f089\u00a0km"
        assert to_money(35_200_000, "EUR") == "35,2\u00a0M€"
        assert to_money(35_200_000, "Florins") == "35,2\u00a0MFlorins"
        assert to_percent(0.306) == "31\u202f%"
        assert to_magnitude(1.9e6) == "1,9 million"
        assert to_magnitude(2e6) == "2 millions"
        assert to_count(0, "route") == "0 itinéraire"
    assert to_km(1088.7) == "1,089 km"


def test_dates_follow_the_locale() -> None:
    from datetime import date

    day: datetime.date = date(2022, 4, 27)
    assert to_date(day) == "27 April 2022"
    with speaking("fr"):
        assert to_date(day) == "27 avril 2022"


@pytest.mark.parametrize(
    ("site", "south", "there"),
    [
        ("Lyon", "à 3\u00a0km au sud de Lyon", "à Lyon"),
        ("Orléans", "à 3\u00a0km au sud d’Orléans", "à Orléans"),  # noqa: RUF001
        ("Le Mans", "à 3\u00a0km au sud du Mans", "au Mans"),
        ("Les Ulis", "à 3\u00a0km au sud des Ulis", "aux Ulis"),
        ("{x}", "à 3\u00a0km au sud de {x}", "à {x}"),
    ],
)
def test_names_take_their_article(site: str, south: str, there: str) -> None:
    with speaking("fr"):
        assert say("{km} km south of {site}", km="3", site=site) == south
        assert say("at {site}", site=site) == there


def test_counts_decide_the_form() -> None:
    with speaking("fr"):
        assert [say_many("{count} route", "{count} routes", n) for n in (0, 1, 2)] == [
            "0 itinéraire",
            "1 itinéraire",
            "2 itinéraires",
        ]


def test_sentences_of_other_stages_are_told_in_french() -> None:
    pairs = "'A' and 'B' (beside each other for 1,234 m, 3° apart where they leave); 2 more"
    with speaking("fr"):
        assert to_told(f"Routes enter on the same side: {pairs}.") == (
            "Des itinéraires entrent du même côté\u00a0: 'A' et 'B' (côte à côte sur 1\u202f234 m,"
            " écartés de 3° au départ)\u202f; 2 de plus."
        )
        assert to_told("Nobody foresaw this.") == "Nobody foresaw this."
        assert to_told("No row has 'x' in the column 'y'; it has a and 12 more.") == (
            "Aucune ligne n’a 'x' dans la colonne 'y'\u202f; elle contient a et 12 de plus."  # noqa: RUF001
        )
        assert to_told("It has 1,234.5 km by its column 'km' and 12.0 km by its line.") == (
            "Il fait 1\u202f234,5 km selon sa colonne 'km' et 12,0 km selon son tracé."
        )
    assert to_told("It has no route, existing or candidate.") == "It has no route, existing or candidate."


@pytest.mark.parametrize(
    ("remark", "said"),
    [
        ("3 of 12 routes have no line and were drawn straight from site to site.", "en ligne droite"),
        ("Its column 'km' seems to be in miles: lengths were taken from the lines.", "en milles\u00a0:"),
        ("It lies 1,234 km from the middle of the sites, at longitude 2.5, latitude -48.1.", "2,5, latitude -48,1."),
        (
            "1 site lies farther than candidates.attach_m from every corridor (the nearest at 1,250 m): 'A'.",
            "1\u202f250 m",
        ),
        ("It is drawn like route 'A' in the other direction: if both are one cable, leave one out.", "en sens inverse"),
        ("No row has 'opne' in the column 'state'; did you mean 'open'?", "fallait-il lire 'open'"),
        ("set by the study, which names no source", "pas la source"),
    ],
)
def test_remarks_of_reading_are_told_in_french(remark: str, said: str) -> None:
    with speaking("fr"):
        assert said in to_told(remark)


@pytest.mark.parametrize("section", [InvestSection, FailuresSection])
def test_every_default_source_is_told_in_french(section: type[SourcedSection]) -> None:
    with speaking("fr"):
        assert [source for source in section.default_sources.values() if to_told(source) == source] == []


def test_patterns_of_other_stages_are_still_written_there() -> None:
    """Some two words of every pattern stand in the code of some other stage."""
    code = " ".join(
        re.sub(r'"\s*\n\s*(rf?|f)?"', "", path.read_text(encoding="utf-8"))
        for path in sorted(FOLDER.parent.rglob("*.py"))
        if FOLDER not in path.parents
    ).casefold()
    stray = []
    for message in read_messages("fr"):
        if message.context == CONTEXT and isinstance(message.id, str):
            parts = [part.split() for part in PLACEHOLDER.sub("\0", message.id.casefold()).split("\0")]
            runs = [" ".join(words[n : n + 2]) for words in parts for n in range(len(words) - 1)]
            if len(runs) > 2 and not any(run in code for run in runs):
                stray.append(message.id)
    assert stray == []


class _Texts(HTMLParser):
    """Visible text nodes and spoken attributes of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()
        self._skipped = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._skipped += tag in ("script", "style")
        self.found |= {v.strip() for k, v in attrs if k in ("aria-label", "title", "data-label", "alt") and v}

    def handle_endtag(self, tag: str) -> None:
        self._skipped -= tag in ("script", "style")

    def handle_data(self, data: str) -> None:
        if not self._skipped and data.strip():
            self.found.add(" ".join(data.split()))


def _read_texts(folder: Path) -> Iterator[str]:
    page = _Texts()
    page.feed((folder / "report.html").read_text(encoding="utf-8"))
    yield from page.found
    for line in (folder / "report.md").read_text(encoding="utf-8").splitlines():
        yield from (cell.strip(" *#>") for cell in re.split(r" ?\| ?", line))
    book = openpyxl.load_workbook(folder / "tables.xlsx")
    for sheet in book:
        yield sheet.title
        yield from (
            str(v) for row in sheet.iter_rows(values_only=True) for v in row if isinstance(v, str) and v[:1] != "="
        )


def _to_french(outcome: Outcome) -> Outcome:
    study = outcome.study
    return replace(
        outcome, study=study.model_copy(update={"report": study.report.model_copy(update={"language": "fr"})})
    )


def _find_english(outcome: Outcome | AuditOutcome, french: Outcome | AuditOutcome, folder: Path) -> list[str]:
    """Texts that both reports have, less names of the network, ids, and words that both languages share."""
    write = write_report if hasattr(outcome, "plan") else write_audit_report
    remark = replace(
        outcome.network.remarks[0], what="It is drawn like route 'E-SUD': if both are one cable, leave one out."
    )
    texts = []
    for name, one in (("en", outcome), ("fr", french)):
        (folder / name).mkdir()
        write(replace(one, network=replace(one.network, remarks=(remark,))), folder / name)  # type: ignore[arg-type]
        texts.append(set(_read_texts(folder / name)))
    network = outcome.network
    names = {
        *(
            str(v)
            for frame in (network.sites, network.spans, network.routes, network.regions)
            for c in frame.columns
            if c != "geometry"
            for v in frame[c]
        ),
        *outcome.risk_groups.group_ids,
        *outcome.inputs,
        *outcome.study.cuts.declared,
        *outcome.versions,
        outcome.study.study.name,
        "bounded search tree",
        network.crs.name,
    }
    known = sorted((re.escape(name) for name in names if re.search("[A-Za-z]", name)), key=len, reverse=True)
    strip = re.compile(
        "|".join(
            [
                *known,
                SAME.pattern,
                r"[0-9a-f]{64}|\b(km|m|s|EUR|E-[A-Z]+|x)\b|tables\.xlsx|report\.\w+|Leaflet|HiGHS|planner",
            ]
        )
    )
    return sorted(t for t in texts[0] & texts[1] if re.search(r"[A-Za-zé]{2,}", strip.sub("", t)))


def _invested(**failures: object) -> Outcome:
    """The sample with every figure of the investment case, two years of money, and sources of the defaults."""
    invest = {
        "budgets": (80e6, 50e6),
        "price_year": 2023,
        "opex_share": {"rail": 0.02},
        "lease_per_km": {"road": 400.0},
        "price_range_per_km": {"rail": [50000, 90000]},
        "sources": {"opex_share": "an assumption"},
    }
    return to_outcome(sample_outcome(), invest, {"simulated_years": 300, **failures})


@pytest.mark.parametrize(
    "outcome",
    [
        sample_outcome(ground="inferred"),
        sample_infeasible_outcome(),
        replace(sample_outcome(), corridors=CorridorRecord(1234, 900, 5678.9)),
        _invested(),
        _invested(attack_model="random", attack_cuts=1),
        to_outcome(sample_outcome(), {"budgets": 1.0}, {"simulated_years": 0, "attacks_per_year": 0.0}),
        to_outcome(sample_outcome(), {"budgets": 1e9}, None),
        to_outcome(sample_infeasible_outcome(with_protect_most=False), None, {"simulated_years": 100}),
    ],
    ids=["plan", "no plan", "corridors", "invested", "random attacks", "unpaid", "money alone", "risk alone"],
)
def test_french_report_has_no_english(outcome: Outcome, tmp_path: Path) -> None:
    assert _find_english(outcome, _to_french(outcome), tmp_path) == []


def test_french_audit_has_no_english(tmp_path: Path) -> None:
    outcome = sample_audit()
    assert _find_english(outcome, _to_french(outcome), tmp_path) == []  # type: ignore[arg-type]


def test_investment_case_counts_the_french_way(tmp_path: Path) -> None:
    outcome = _invested()
    write_report(_to_french(outcome), tmp_path)
    text = " ".join((tmp_path / "report.md").read_text(encoding="utf-8").split())
    for said in ("valeur actuelle nette", "rapport avantages-coûts", "5 % par an, aux prix de 2023", "0,87 |"):
        assert said in text
    assert re.search(r"99,\d{5} %", text)


def test_french_workbook_works_out_the_same(tmp_path: Path) -> None:
    """The formulas name the French sheets."""
    outcome = _invested()
    write_report(_to_french(outcome), tmp_path)
    kept = openpyxl.load_workbook(tmp_path / "tables.xlsx", data_only=True)
    cells = Cells(tmp_path / "tables.xlsx", {})
    formulas = [
        (sheet.title, cell.coordinate)
        for sheet in cells.book
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f"
    ]
    assert {"Finances", "Finances par an"} <= {title for title, _ in formulas}
    for title, place in formulas:
        assert cells.value(title, place) == pytest.approx(kept[title][place].value, rel=1e-9), place


def test_page_names_its_language(tmp_path: Path) -> None:
    outcome = sample_outcome()
    write_report(_to_french(outcome), tmp_path)
    assert '<html lang="fr-FR">' in (tmp_path / "report.html").read_text(encoding="utf-8")
    write_report(outcome, tmp_path)
    assert '<html lang="en-GB">' in (tmp_path / "report.html").read_text(encoding="utf-8")


def test_remarks_are_told_in_french(tmp_path: Path) -> None:
    outcome = sample_outcome()
    remark = Remark("unused_site", "sites.geojson", "It has no route, existing or candidate.", is_warning=True)
    network = replace(outcome.network, remarks=(remark,))
    write_report(_to_french(replace(outcome, network=network)), tmp_path)
    text = (tmp_path / "report.md").read_text(encoding="utf-8")
    assert "Il n’a aucun itinéraire, existant ou candidat." in text  # noqa: RUF001
