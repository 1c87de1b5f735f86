"""Sweeps from Python: in memory, to a folder, and what a notebook shows of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest

import planner
from planner.batch.table import NAMED_TIMES
from planner.batch.task import Failure, Task
from planner.errors import InputError
from planner.starter import write_starter
from planner.study import Study

mpl.use("Agg")

GRID = {"cuts": [0, 1], "radius_m": (50, 200)}


class Here:
    """Runs tasks in this process."""

    num_workers = 1

    def run(
        self, work: Callable[[Task], Failure | None], tasks: Sequence[Task]
    ) -> Iterator[tuple[Task, Failure | None]]:
        for task in tasks:
            yield task, work(task)


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    """The starter without its investment case, which takes most of its time."""
    folder = tmp_path_factory.mktemp("sweep") / "towns"
    write_starter(folder)
    return planner.read_study(folder).replace(invest=None, failures=None)


@pytest.fixture(scope="module")
def result(study: Study) -> planner.SweepResult:
    return planner.sweep(study, GRID)


def without_times(frame: pd.DataFrame) -> pd.DataFrame:
    return frame[[name for name in frame.columns if not name.startswith(NAMED_TIMES) and name != "run"]]


def test_every_combination_is_a_row(result: planner.SweepResult, study: Study) -> None:
    assert result.settings == ("cuts.simultaneous", "cuts.radius_m")
    frame = result.frame
    assert frame[["cuts.simultaneous", "cuts.radius_m"]].values.tolist() == [[0, 50], [0, 200], [1, 50], [1, 200]]
    assert frame["status"].tolist() == ["optimal"] * 4
    assert frame["routes"].tolist() == [0, 0, 2, 2]
    for key, outcome, (_, row) in zip(frame["key"], result.outcomes.values(), frame.iterrows(), strict=True):
        assert result.outcomes[key] is outcome
        assert outcome.plan is not None
        assert outcome.plan.objective["cost"] == pytest.approx(row["cost"])
        assert outcome.study.cuts.radius_m == row["cuts.radius_m"]
    assert not [path for path in study.folder.iterdir() if path.is_dir()], "nothing is written"


def test_a_folder_has_the_same_table_and_is_gone_on_with(
    result: planner.SweepResult, study: Study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("planner.batch.sweeping.make_engine", lambda *_: Here())
    written = planner.sweep(study, {"cuts": [0, 1], "radius_m": [50]}, out=tmp_path / "out")
    assert (tmp_path / "out" / "sweep.csv").exists()
    same = without_times(result.frame.iloc[[0, 2]].reset_index(drop=True))
    pd.testing.assert_frame_equal(without_times(written.frame), same)
    assert planner.sweep(study, {"cuts": [0, 1], "radius_m": [50]}, out=tmp_path / "out").num_found == 2
    (tmp_path / "sweep.toml").write_text(f'studies = ["{study.path.as_posix()}"]\n[grid]\n"cuts.simultaneous" = [0]\n')
    assert planner.sweep(tmp_path / "sweep.toml").frame["routes"].tolist() == [0]


def test_variants_as_a_list_and_failures_as_rows(study: Study) -> None:
    result = planner.sweep(study, [{"cuts": 0, "gap": None}, {"forbidden": ["nope"]}, {"budget": np.int64(9_000_000)}])
    assert result.frame["status"].tolist() == ["optimal", "failed", "optimal"]
    assert "matches 'nope'" in result.frame["message"][1]
    assert list(result.failures) == [result.frame["key"][1]]
    assert "matches &#x27;nope&#x27;" in result._repr_html_()


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"cutz": [1]}, r"sweep, cutz: unknown key; did you mean cuts\?"),
        ({"cuts": 1}, r"sweep, cuts.simultaneous: is no list of values"),
        ({"cuts": [-1, 1], "gap": [2.0]}, r"cuts.simultaneous: is -1[^\n]*\n(.*\n)?.*solver.gap: is 2.0"),
        ([1, 2], "no list of mappings"),
        (None, "has no settings to try"),
    ],
)
def test_faults_name_the_setting(study: Study, settings: object, message: str) -> None:
    with pytest.raises(InputError, match=message):
        planner.sweep(study, settings)  # type: ignore[arg-type]


def test_jobs_need_a_folder(study: Study) -> None:
    with pytest.raises(InputError, match="give a folder as out"):
        planner.sweep(study, GRID, jobs=2)


def test_ctrl_c_keeps_what_is_done(study: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(changed: Study, **_: object) -> planner.Outcome:
        if changed.cuts.simultaneous:
            raise KeyboardInterrupt
        return planner.solve(changed)

    monkeypatch.setattr("planner.batch.notebook.solve", stop)
    result = planner.sweep(study, {"cuts": [0, 1]})
    assert result.is_interrupted
    assert result.frame["status"].tolist() == ["optimal", "not run"]


def test_plot_draws_a_line_per_other_setting(result: planner.SweepResult) -> None:
    axes = result.plot()
    lines = [line for line in axes.lines if line.get_marker() == "o"]
    assert [line.get_label() for line in lines] == ["cuts.radius_m = 50", "cuts.radius_m = 200"]
    for line in lines:
        assert list(line.get_xdata()) == [0.0, 1.0]
        assert list(line.get_ydata()) == pytest.approx([0.0, result.frame["cost"].max()])
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("cuts.simultaneous", "cost")
    assert result.plot(axes, x="cuts.radius_m", y="routes") is axes
    with pytest.raises(InputError, match=r"did you mean routes\?"):
        result.plot(y="route")


def test_the_summary_has_every_variant(result: planner.SweepResult) -> None:
    page = result._repr_html_()
    assert page.count("<tr>") == 1 + 1 + 4, "the facts, the head and the variants"
    assert "4: 4 optimal" in page
    assert "<script" not in page
