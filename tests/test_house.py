"""The checks that stand in front of the door: style, types and the order of the layers."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
BIN = Path(sys.executable).parent


@pytest.mark.parametrize(
    "command",
    [
        ("ruff", "check", "."),
        ("ruff", "format", "--check", "."),
        ("mypy",),
        ("lint-imports",),
    ],
    ids=" ".join,
)
def test_is_clean(command: tuple[str, ...]) -> None:
    done = subprocess.run([BIN / command[0], *command[1:]], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_readme_and_ci_agree() -> None:
    """The second command of the README is the one that CI runs, word for word."""
    blocks = (ROOT / "README.md").read_text(encoding="utf-8").split("```sh\n")[1:]
    first, second = (block.split("\n```")[0] for block in blocks[:2])
    assert "\n" not in first
    assert "\n" not in second
    assert "planner solve inputs/france" in first
    assert (ROOT / ".ci" / "run").read_text(encoding="utf-8").rstrip().endswith(second)
