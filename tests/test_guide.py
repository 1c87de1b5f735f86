"""The guide is built whole: every page there, nothing fetched, no link that leads nowhere."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

import planner
from planner.cli import commands
from planner.study import SECTIONS

pytest.importorskip("sphinx")

ROOT = Path(__file__).parent.parent
GUIDE = ROOT / "notebooks" / "guide"
MADE = ("study-reference", "commands", "python")
# what a browser fetches by itself
FETCHED = {"script": "src", "img": "src", "iframe": "src", "source": "src", "embed": "src", "object": "data"}
FETCHED_LINKS = {"stylesheet", "icon", "preload", "prefetch", "shortcut icon"}
NOTEBOOK = {
    "cells": [
        {
            "cell_type": "markdown",
            "source": ["# A notebook\n", "links to [itself](01-first.ipynb) and [a file](../README.md)\n", "### Deep"],
        },
        {
            "cell_type": "code",
            "source": ["1 + 1"],
            "outputs": [
                {"output_type": "execute_result", "data": {"text/plain": ["2"], "text/html": ["<b>two</b>"]}},
                {
                    "output_type": "display_data",
                    "data": {"text/plain": ["a map"], "text/html": ['<script src="https://x.org/m.js"></script>']},
                },
                {"output_type": "stream", "text": ["```told```\n"]},
            ],
        },
    ]
}


class Page(HTMLParser):
    """What a page fetches, what it links to, and the places in it."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.fetched: list[str] = []
        self.links: list[str] = []
        self.places: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        of = {name: value or "" for name, value in attrs}
        self.places |= {of["id"]} if "id" in of else set()
        if tag in FETCHED and FETCHED[tag] in of:
            self.fetched.append(of[FETCHED[tag]])
        if tag == "link" and of.get("rel", "") in FETCHED_LINKS:
            self.fetched.append(of["href"])
        if tag == "a" and "href" in of:
            self.links.append(of["href"])


@pytest.fixture(scope="module")
def html(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The guide, built by its documented command, with one executed notebook."""
    folder = tmp_path_factory.mktemp("guide")
    reports = folder / "reports"
    reports.mkdir()
    (reports / "01-first.ipynb").write_text(json.dumps(NOTEBOOK), encoding="utf-8")
    command = [sys.executable, ROOT / "notebooks" / "build.py", folder / "docs", reports]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder / "docs" / "html"


@pytest.fixture(scope="module")
def pages(html: Path) -> dict[Path, Page]:
    return {file: Page(file.read_text(encoding="utf-8")) for file in sorted(html.rglob("*.html"))}


def test_every_page_is_there(html: Path) -> None:
    names = [*(page.stem for page in GUIDE.glob("*.md")), *MADE, "notebooks", "notebook-01-first"]
    assert [name for name in sorted(names) if not (html / f"{name}.html").is_file()] == []


def test_nothing_is_fetched(html: Path, pages: dict[Path, Page]) -> None:
    away = [(file.name, one) for file, page in pages.items() for one in page.fetched if is_away(one)]
    assert away == []
    styles = [file.read_text(encoding="utf-8") for file in html.rglob("*.css")]
    assert styles
    assert [
        one for text in styles for one in re.findall(r"(?:url\(|@import)\s*[\"']?([^\"')]+)", text) if is_away(one)
    ] == []


def is_away(address: str) -> bool:
    return bool(urlsplit(address).netloc) or urlsplit(address).scheme in ("http", "https", "ftp")


def test_links_hold(html: Path, pages: dict[Path, Page]) -> None:
    broken = []
    for file, page in pages.items():
        for link in [one for one in (*page.links, *page.fetched) if not is_away(one) and not one.startswith("data:")]:
            parts = urlsplit(link)
            target = (file.parent / unquote(parts.path)).resolve() if parts.path else file
            places = pages[target].places | {""} if target in pages else {parts.fragment}
            if not target.is_file() or unquote(parts.fragment) not in places:
                broken.append((file.name, link))
    assert broken == []
    assert html / "index.html" in pages


def test_pages_say_what_the_program_has(html: Path, pages: dict[Path, Page]) -> None:
    places = pages[html / "python.html"].places
    assert [name for name in planner.__all__ if name != "__version__" and f"planner.{name}" not in places] == []
    told = (html / "commands.html").read_text(encoding="utf-8")
    assert [name for name in commands.commands if f"planner {name}" not in told] == []
    keys = (html / "study-reference.html").read_text(encoding="utf-8")
    assert [key for model in SECTIONS.values() for key in model.model_fields if f">{key}<" not in keys] == []


def test_pictures_are_shown(html: Path, pages: dict[Path, Page]) -> None:
    shown = {Path(one).name for one in pages[html / "model.html"].fetched if one.endswith(".svg")}
    drawn = {file.name for file in (html.parent / "source" / "pictures").glob("*.svg")}
    assert len(drawn) > 5
    assert drawn <= shown


def test_notebooks_keep_their_outputs(html: Path) -> None:
    text = (html / "notebook-01-first.html").read_text(encoding="utf-8")
    assert "<b>two</b>" in text
    assert re.search(r'<a [^>]*href="(#|notebook-01-first.html)"[^>]*>(<span[^>]*>)?itself', text)
    assert "and a file" in text
    assert "a map" in text
    assert "x.org" not in text
    assert "```told```" in text


def test_pictures_are_the_same_every_time(html: Path, tmp_path: Path) -> None:
    drawn = html.parent / "source" / "pictures"
    env = {"PYTHONHASHSEED": "7", "PYTHONPATH": str(ROOT)}
    subprocess.run([sys.executable, GUIDE / "pictures.py", tmp_path], check=True, cwd=tmp_path, env=env)
    for file in sorted(drawn.glob("*.svg")):
        assert file.read_bytes() == (tmp_path / file.name).read_bytes(), file.name
