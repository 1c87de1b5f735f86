"""Runs notebooks and writes them with their outputs to ``reports/``: ``python notebooks/render.py [notebook …]``."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient

HERE = Path(__file__).parent
REPORTS = HERE.parent / "reports"
LIMIT_S = 600


def main(names: list[str]) -> None:
    """Render those named, or all."""
    os.environ["PYTHONPATH"] = str(HERE.parent)
    for path in [Path(name) for name in names] or sorted(HERE.glob("*.ipynb")):
        render(path)
        print(f"written {REPORTS.name}/{path.name}")


def render(path: Path) -> None:
    """Run one notebook beside a link to the inputs, and write it with what it printed and drew."""
    notebook = nbformat.read(path, as_version=4)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "notebooks"
        folder.mkdir()
        (Path(name) / "inputs").symlink_to(HERE.parent / "inputs")
        NotebookClient(notebook, timeout=LIMIT_S, resources={"metadata": {"path": str(folder)}}).execute()
    for cell in notebook.cells:
        cell.metadata = {}
        if cell.cell_type == "code":
            cell.outputs = [_without_noise(output) for output in cell.outputs]
    nbformat.write(notebook, REPORTS / path.name)


def _without_noise(output: Any) -> Any:
    """No text beside what is shown as a page or a picture."""
    data = output.get("data", {})
    if "text/html" in data or "image/png" in data:
        data.pop("text/plain", None)
        if "image/png" in data:
            output["metadata"] = {}
    return output


if __name__ == "__main__":
    main(sys.argv[1:])
