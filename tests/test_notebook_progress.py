"""The line of progress in a notebook: written over, gone in the end, absent elsewhere."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import planner
from planner.drawing.progress import NotebookProgress, make_progress, shows_progress
from planner.progress import Progress
from planner.starter import write_starter


class Handle:
    def __init__(self, told: list[str]) -> None:
        self.told = told

    def update(self, data: dict[str, str], *, raw: bool) -> None:
        assert raw
        self.told.append(data["text/plain"])


class Display:
    """Stands in for IPython's display."""

    def __init__(self) -> None:
        self.told: list[str] = []
        self.num_handles = 0

    def __call__(self, data: dict[str, str], *, raw: bool, display_id: bool) -> Handle:
        assert raw
        assert display_id
        self.num_handles += 1
        self.told.append(data["text/plain"])
        return Handle(self.told)


def test_one_line_is_written_over_and_emptied() -> None:
    display = Display()
    progress = NotebookProgress(display)
    progress.tell("read")
    progress.tell("optimise", gap=0.5, best="12")
    progress.tell("optimise", gap=0.25)  # too soon after the last
    progress.clear()
    assert display.num_handles == 1
    assert [line[10:] for line in display.told] == ["read", "optimise  gap 0.5  best 12", ""]


def test_nothing_told_is_nothing_shown() -> None:
    display = Display()
    NotebookProgress(display).clear()
    assert display.told == []


def test_quiet_where_there_is_no_kernel() -> None:
    assert type(make_progress()) is Progress


def test_a_progress_given_is_used_and_not_cleared(monkeypatch: pytest.MonkeyPatch) -> None:
    display = Display()
    monkeypatch.setattr("planner.drawing.progress.make_progress", lambda: NotebookProgress(display))

    @shows_progress
    def work(*, progress: Progress | None = None) -> Progress | None:
        if progress is not None:
            progress.tell("work")
        raise LookupError

    with pytest.raises(LookupError):
        work(progress=NotebookProgress(other := Display()))
    assert (len(other.told), display.told) == (1, [])
    with pytest.raises(LookupError):
        work()
    assert display.told[-1] == "", "it is taken away though the work failed"


def test_in_a_kernel(tmp_path: Path) -> None:
    nbclient, nbformat = pytest.importorskip("nbclient"), pytest.importorskip("nbformat")
    pytest.importorskip("ipykernel")
    write_starter(tmp_path / "towns")
    root = str(Path(planner.__file__).parent.parent)
    cells = [
        f"import sys; sys.path.insert(0, {root!r}); import planner",
        "planner.check('towns')",
        "from planner.drawing.progress import make_progress; type(make_progress()).__name__",
    ]
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    nbclient.NotebookClient(book, timeout=60, resources={"metadata": {"path": str(tmp_path)}}).execute()
    outputs: list[Any] = book.cells[1].outputs
    assert [one.output_type for one in outputs] == ["display_data", "execute_result"]
    assert outputs[0].data == {"text/plain": ""}, "the line is gone"
    assert "<svg" in outputs[1].data["text/html"]
    assert book.cells[2].outputs[0].data["text/plain"] == "'NotebookProgress'"
