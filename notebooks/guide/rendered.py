"""Writes executed notebooks as pages, with their outputs, without executing anything."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

# an output that would fetch something is told in words instead
_FETCHES = re.compile(
    r"""(?:src|href|data-html|srcdoc)\s*=\s*["']?\s*(?:https?:)?//|(?<!xmlns=")https?://|@import|srcdoc""", re.I
)


def write_rendered(notebooks: Sequence[Path], folder: Path) -> None:
    """Write a page for each notebook, and one that lists them; nothing where there are none."""
    if not notebooks:
        return
    names = {file.stem for file in notebooks}
    for file in notebooks:
        cells = json.loads(file.read_text(encoding="utf-8"))["cells"]
        parts = [part for number, cell in enumerate(cells) for part in _to_parts(cell, f"{file.stem}-{number}", folder)]
        parts = [part if part.startswith("`") else _mend_links(part, names) for part in parts]
        title = [] if parts and parts[0].startswith("# ") else [f"# {file.stem}"]
        (folder / f"notebook-{file.stem}.md").write_text("\n\n".join([*title, *parts]) + "\n", encoding="utf-8")
    listed = "\n".join(f"notebook-{file.stem}" for file in notebooks)
    text = f"# Notebooks\n\nThey lie in `notebooks/`; here with what they printed.\n\n```{{toctree}}\n{listed}\n```\n"
    (folder / "notebooks.md").write_text(text, encoding="utf-8")


def _mend_links(text: str, names: set[str]) -> str:
    """Links to other notebooks lead to their pages; those to files that are not in the guide are words alone."""

    def mend(link: re.Match[str]) -> str:
        words, target = link[1], link[2]
        if re.match(r"https?:|#", target):
            return link[0]
        stem = Path(target.partition("#")[0]).stem
        return f"[{words}](notebook-{stem}.md)" if target.endswith(".ipynb") and stem in names else words

    return re.sub(r"(?<!!)\[([^\]]*)\]\(([^)\s]+)\)", mend, text)


def _to_parts(cell: dict[str, Any], name: str, folder: Path) -> list[str]:
    source = "".join(cell["source"]).strip()
    if cell["cell_type"] == "markdown":
        return [source]
    if cell["cell_type"] != "code" or not source:
        return []
    outputs = [_to_output(one, f"{name}-{number}", folder) for number, one in enumerate(cell["outputs"])]
    return [_fence(source, "python"), *filter(None, outputs)]


def _to_output(output: dict[str, Any], name: str, folder: Path) -> str:
    data = output.get("data", {"text/plain": output.get("text", "")})
    if "image/png" in data:
        (folder / "outputs").mkdir(exist_ok=True)
        (folder / "outputs" / f"{name}.png").write_bytes(base64.b64decode("".join(data["image/png"])))
        return f"![Output of the cell above](outputs/{name}.png)"
    page = "".join(data.get("text/html", ""))
    if page and not _FETCHES.search(page):
        return f"````{{raw}} html\n{page}\n````"
    text = "".join(data.get("text/plain", "")).rstrip()
    return _fence(text, "text") if text else ""


def _fence(text: str, language: str) -> str:
    """Text as it is, in a fence longer than any in it."""
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    mark = "`" * max(3, longest + 1)
    return f"{mark}{language}\n{text}\n{mark}"
