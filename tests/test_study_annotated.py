"""The annotated study.toml: it names every key, and each of them may be taken at its word."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from click.testing import CliRunner

from planner.cli import commands
from planner.study import SECTIONS, read_settings, to_study
from planner.study.annotated import to_toml, to_value
from planner.study.reference import Key, Table, find_tables
from planner.study.schema import to_json_schema

STARTER = Path(__file__).parent.parent / "planner" / "starter" / "study" / "study.toml"
SMALLEST: dict[str, Any] = {
    "study": {},
    "network": {"sites": "sites.geojson", "routes": "routes.geojson"},
    "cuts": {"simultaneous": 1},
}
# what an entry needs besides one of its keys, where it must hold one of several
COMPANIONS = {
    "candidates.corridors": {"kind": "rail"},
    "costs.zones": {"factor": 2.0},
    "costs.crossings": {},
    "detours.pairs": {"max_km": 800},
}
TABLES, SCHEMA, SMALLEST_TOML = find_tables(), to_json_schema(), to_toml(SMALLEST)
KEYS = [pytest.param(table, key, id=f"{table.name}.{key.name}") for table in TABLES for key in table.keys]


def uncomment(text: str, table: Table, key: Key) -> dict[str, Any]:
    """What the file says when the lines of one key and of its table have their # taken away."""
    header = f"[[{table.name}]]" if table.is_entry else f"[{table.name}]"
    before, line, after = text.partition(f"{header}\n")
    assert line, f"no line {header}"
    before = before.removesuffix("#")
    body, mark, rest = re.split(r"(?m)^(?=#?\[)", after, maxsplit=1)[0], "", ""
    rest = after[len(body) :]
    names = {one.name for one in table.keys if table.is_entry and one.is_required} | {key.name}
    for name in names:
        body, mark = re.sub(rf"(?m)^#?(?={name} = )", "", body), name
        assert re.search(rf"(?m)^{name} = ", body), f"no line {mark}"
    said: dict[str, Any] = tomllib.loads(before + header + "\n" + body + rest)
    return said


@pytest.mark.parametrize(("table", "key"), KEYS)
def test_every_key_can_be_uncommented(table: Table, key: Key, tmp_path: Path) -> None:
    said = uncomment(SMALLEST_TOML, table, key)
    if not table.is_entry:
        assert key.name in said[table.name]
        found = getattr(to_study(said, tmp_path / "study.toml"), table.name)
        if key.default is not None:
            assert getattr(found, key.name) == key.default
        jsonschema.validate(said, SCHEMA)
        return
    section, entries = table.name.split(".")
    ways = [said[section][entries][0], {**COMPANIONS.get(table.name, {}), **said[section][entries][0]}]
    assert any(holds({**said, section: {entries: [way]}}, tmp_path) for way in ways)


def holds(settings: dict[str, Any], folder: Path) -> bool:
    try:
        to_study(settings, folder / "study.toml")
    except ValueError:
        return False
    jsonschema.validate(settings, SCHEMA)
    return True


def test_every_table_is_named_once() -> None:
    assert [table.name for table in TABLES if not table.is_entry] == list(SECTIONS)
    assert sorted(COMPANIONS) == sorted(table.name for table in TABLES if table.is_entry)


@pytest.mark.parametrize(("table", "key"), KEYS)
def test_every_key_says_what_it_does(table: Table, key: Key) -> None:
    assert key.description.endswith((".", "none")), f"{table.name}.{key.name} has no description"
    assert key.kind
    assert table.description


@pytest.mark.parametrize("settings", [SMALLEST, tomllib.loads(STARTER.read_text(encoding="utf-8"))])
def test_settings_come_out_as_they_went_in(settings: dict[str, Any]) -> None:
    assert tomllib.loads(to_toml(settings)) == settings


@pytest.mark.parametrize("value", ['a"b\\c\n\x7f é', 1, 1.5, 1e-9, True, [1, [2]], {"a b": {"c": []}}])
def test_values_are_written_as_toml(value: Any) -> None:
    assert tomllib.loads(f"x = {to_value(value)}") == {"x": value}


def test_schema_takes_what_the_study_takes(tmp_path: Path) -> None:
    settings = tomllib.loads(STARTER.read_text(encoding="utf-8"))
    settings["cuts"]["sites_fail"] = True
    settings["network"]["site_where"] = {"live": True, "level": [1, 2]}
    to_study(settings, tmp_path / "study.toml")
    jsonschema.validate(settings, SCHEMA)
    settings["cuts"]["radius"] = 50
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(settings, SCHEMA)


def test_init_annotated(tmp_path: Path) -> None:
    folder = tmp_path / "my-study"
    done = CliRunner().invoke(commands, ["init", str(folder), "--annotated"], standalone_mode=False)
    assert done.exit_code == 0, done.output
    assert read_settings(folder)[1] == tomllib.loads(STARTER.read_text(encoding="utf-8"))
    assert json.loads((folder / "study.schema.json").read_text(encoding="utf-8")) == to_json_schema()
    assert "#threads = 2\n" in (folder / "study.toml").read_text(encoding="utf-8")
    assert "written" not in done.output
