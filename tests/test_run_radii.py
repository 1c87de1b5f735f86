"""Audits at other radii: what may be asked for, and what comes out."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from network_cases import route, site, write_study

from planner.cli import commands
from planner.errors import InputError
from planner.run import audit
from planner.run.radii import check_radii, to_radii


def test_radii_are_sorted_and_each_once() -> None:
    assert to_radii("500, 5,50,5.0,0") == (0.0, 5.0, 50.0, 500.0)
    assert check_radii([]) == ()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "--radii: names no radius; give metres, such as 5,50,500"),
        (" , ", "--radii: names no radius; give metres, such as 5,50,500"),
        ("5,x", "--radii: 'x' is no radius: a number of 0 or more; give metres, such as 5,50,500"),
        ("5,,9", "--radii: '' is no radius: a number of 0 or more; give metres, such as 5,50,500"),
        ("-5,nan", "--radii: '-5', 'nan' are no radii: a number of 0 or more; give metres, such as 5,50,500"),
        ("inf", "--radii: 'inf' is no radius: a number of 0 or more; give metres, such as 5,50,500"),
        ("1_000", "--radii: '1_000' is no radius: a number of 0 or more; give metres, such as 5,50,500"),
    ],
)
def test_bad_radii_give_one_message(text: str, message: str) -> None:
    with pytest.raises(InputError) as caught:
        to_radii(text)
    assert str(caught.value) == message
    assert caught.value.exit_code == 2


def test_wider_cuts_take_both_ways(tmp_path: Path) -> None:
    """Two ways from A to B, 400 m apart in the middle: within 200 m one point reaches both."""
    sites = [site("A", (0, 0)), site("B", (20, 0))]
    routes = [route("1", (0, 0), (5, 5), (15, 5), (20, 0)), route("2", (0, 0), (5, 5.4), (15, 5.4), (20, 0))]
    study = write_study(tmp_path, sites, routes, cuts="site_clearance_m = 8000")
    outcome = audit(study, radii=(500, 50))
    narrow, wide = outcome.radii
    assert (narrow.radius_m, narrow.num_groups, narrow.largest_group, narrow.num_shared_groups) == (50, 2, 1, 0)
    assert (wide.radius_m, wide.num_groups, wide.largest_group, wide.num_shared_groups) == (500, 1, 2, 1)
    assert (narrow.num_cut_sets, wide.num_cut_sets) == ({0: 0, 1: 0, 2: 1}, {0: 0, 1: 1, 2: 0})
    assert (narrow.num_surviving, wide.num_surviving) == ({0: 2, 1: 2, 2: 1}, {0: 2, 1: 1, 2: 1})
    assert (narrow.worst_weight, wide.worst_weight) == (0.0, 1.0)


def test_command_prints_a_table_and_writes_it(tmp_path: Path) -> None:
    sites = [site("A", (0, 0)), site("B", (20, 0))]
    write_study(tmp_path, sites, [route("1", (0, 0), (20, 0))])
    out = tmp_path / "out"
    done = CliRunner().invoke(commands, ["audit", str(tmp_path), "--out", str(out), "--radii", "5,500"])
    assert done.exception is None
    head, first, second = done.output.splitlines()[-4:-1]
    assert " ".join(head.split()).endswith("single cuts pairs survive 0 1 2 worst cut isolates")
    assert first.split() == ["5", "1", "1", "0", "1", "0", "2", "1", "1", "1"]
    assert second.split()[0] == "500"
    document = json.loads((out / "audit.json").read_text(encoding="utf-8"))
    assert [at["radius_m"] for at in document["radii"]] == [5, 500]
    assert document["critical_stretches"] == {"num_listed": 1, "length_m": {"1": 18_000, "2": 0}, "left_out": None}
    assert (out / "critical_stretches.geojson").exists()
