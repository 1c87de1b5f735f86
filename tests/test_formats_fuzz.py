"""A slice of the fuzz test; ``PLANNER_FUZZ=300`` makes it as many changes of each format's files."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from format_cases import WRITERS, write_sample
from fuzz_formats import try_one

NUM_CHANGES = int(os.environ.get("PLANNER_FUZZ", "6"))


@pytest.mark.parametrize("name", sorted(WRITERS))
def test_changed_files_are_read_or_refused(tmp_path: Path, name: str) -> None:
    sample = write_sample(tmp_path / "sample", name)
    seeds = [f"{name}-{number}" for number in range(NUM_CHANGES)]
    found = {seed: what for seed in seeds if (what := try_one(sample, tmp_path / "try", seed))}
    assert not found, "\n".join(f"{seed}: {what}" for seed, what in found.items())
