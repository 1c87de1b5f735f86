"""Studies changed in memory, and what a notebook shows of them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import planner
from planner.errors import InputError
from planner.starter import write_starter
from planner.study import SECTIONS, SHORT_NAMES, Study, to_study, to_table

FRANCE = sorted((Path(__file__).parent.parent / "inputs" / "france").glob("study*.toml"))


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    folder = tmp_path_factory.mktemp("study") / "towns"
    write_starter(folder)
    return planner.read_study(folder)


@pytest.mark.parametrize("file", FRANCE, ids=lambda file: file.stem)
def test_a_study_without_changes_is_the_same(file: Path) -> None:
    read = planner.read_study(file)
    assert read.replace() == read
    assert to_study(to_table(read), read.path) == read


def test_every_short_name_is_a_setting() -> None:
    assert all(key in SECTIONS[section].model_fields for section, key in map(_split, SHORT_NAMES.values()))
    assert len(set(SHORT_NAMES.values())) == len(SHORT_NAMES)


def _split(name: str) -> tuple[str, str]:
    section, _, key = name.partition(".")
    return section, key


def test_short_names_dotted_names_and_sections(study: Study) -> None:
    changed = study.replace({"solver.gap": 0.01}, cuts=2, radius_m=100, solver={"seed": 7}, **{"costs.per_km.rail": 5})
    assert (changed.cuts.simultaneous, changed.cuts.radius_m) == (2, 100.0)
    assert (changed.solver.gap, changed.solver.seed) == (0.01, 7)
    assert changed.costs.per_km == {**study.costs.per_km, "rail": 5.0}
    assert changed.path == study.path
    assert study.cuts.simultaneous == 1, "the first one stays as it is"


def test_numbers_of_numpy_and_paths_are_plain(study: Study) -> None:
    changed = study.replace(
        cuts=np.int64(2), radius_m=np.float64(5), required=np.array(["a"]), network={"sites": Path("x.csv")}
    )
    assert changed == study.replace(cuts=2, radius_m=5.0, required=["a"], network={"sites": "x.csv"})


def test_none_is_the_default(study: Study) -> None:
    assert study.replace(radius_m=7).replace(radius_m=None).cuts.radius_m == 50
    changed = study.replace(options={"budgets": [1.0]})
    assert changed.options is not None
    assert changed.replace(options=None).options is None
    assert study.replace({"options.budgets": None}).options is None, "a key taken out makes no section"


@pytest.mark.parametrize(
    ("settings", "where", "remedy"),
    [
        ({"cutz": 1}, "cutz", "did you mean cuts?"),
        ({"minimize": ["cost"]}, "minimize", "did you mean minimise?"),
        ({"site_snap_m": 1}, "site_snap_m", "did you mean network.site_snap_m?"),
        ({"solver.gapp": 1}, "solver.gapp", "did you mean solver.gap?"),
        ({"qqqqqq": 1}, "qqqqqq", "the short ones are name, crs"),
    ],
)
def test_unknown_names_name_the_nearest(study: Study, settings: dict[str, object], where: str, remedy: str) -> None:
    with pytest.raises(InputError) as raised:
        study.replace(settings)
    (fault,) = raised.value.faults
    assert fault.where == f"study.toml, {where}"
    assert fault.what == "unknown key"
    assert fault.remedy.startswith(remedy)


def test_every_fault_at_once(study: Study) -> None:
    with pytest.raises(InputError) as raised:
        study.replace(gap=2.0, radius_m=-1)
    assert [fault.where for fault in raised.value.faults] == ["study.toml, cuts.radius_m", "study.toml, solver.gap"]
    with pytest.raises(InputError, match=r"cuts\.radius_m: is .* but must be a number"):
        study.replace(radius_m=5).replace({"cuts.radius_m.x": 1})


def test_a_study_in_short_is_escaped(study: Study) -> None:
    page = study.replace(name="<script>alert(1)</script>", currency="<b>")._repr_html_()
    assert "&lt;script&gt;" in page
    assert "<script" not in page
    assert "<b>" not in page
    assert "minimises" in page


def test_a_changed_study_is_solved_and_writes_nothing(study: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(study.folder)
    before = sorted(study.folder.rglob("*"))
    outcome = planner.solve(study.replace(cuts=0))
    assert outcome.cuts == 0
    assert planner.audit(study.replace(radius_m=10)).study.cuts.radius_m == 10
    assert sorted(study.folder.rglob("*")) == before
