"""Builds the guide: python notebooks/build.py [FOLDER [REPORTS]]. Nothing is fetched, and no notebook is executed."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
sys.path[:0] = [str(ROOT), str(HERE / "guide")]


def build(folder: Path, reports: Path) -> int:
    """Build the guide.

    Parameters
    ----------
    folder
        Where to: ``source`` are the pages as Sphinx reads them, ``html`` is the guide. Both are made anew.
    reports
        Where executed notebooks are taken from, if there are any.

    Returns
    -------
    int
        0 where all went well; warnings are errors.
    """
    from generated import write_generated
    from pictures import draw_all
    from rendered import write_rendered
    from sphinx.cmd.build import build_main

    source, html = folder / "source", folder / "html"
    for old in (source, html):
        shutil.rmtree(old, ignore_errors=True)
    source.mkdir(parents=True)
    for page in sorted((HERE / "guide").glob("*.md")):
        shutil.copyfile(page, source / page.name)
    write_generated(source)
    write_rendered(sorted(reports.glob("0*.ipynb")), source)
    _list_optional(source)
    draw_all(source / "pictures")
    arguments = ["-q", "-W", "--keep-going", "-E", "-d", str(folder / "doctrees"), "-c", str(HERE), "-b", "html"]
    return int(build_main([*arguments, str(source), str(html)]))


def _list_optional(source: Path) -> None:
    """Put pages that need not be there into the list of pages, after the ones that are."""
    index = source / "index.md"
    there = [name for name in ("clusters", "notebooks") if (source / f"{name}.md").is_file()]
    index.write_text(index.read_text(encoding="utf-8").replace("(optional)", "\n".join(there)), encoding="utf-8")


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "reports" / "docs"
    executed = Path(sys.argv[2]) if len(sys.argv) > 2 else ROOT / "reports"
    code = build(target.resolve(), executed)
    print(f"open {target / 'html' / 'index.html'}" if code == 0 else "the guide could not be built")
    sys.exit(code)
