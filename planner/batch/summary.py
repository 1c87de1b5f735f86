"""What `planner sweep` prints."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.batch.sweeping import to_tasks
from planner.batch.task import is_finished

if TYPE_CHECKING:
    from pathlib import Path

    from planner.batch.result import SweepResult
    from planner.batch.sweepfile import Sweep


def to_dry_run_lines(plan: Sweep, folder: Path) -> list[str]:
    """Every variant with its key, and whether it would run."""
    tasks = to_tasks(plan, folder)
    states = ["done" if is_finished(task) else "to run" for task in tasks]
    lines = [f"{task.variant.key}  {state:6}  {task.variant.label}" for task, state in zip(tasks, states, strict=True)]
    return [*lines, f"{len(tasks):,} variants, {states.count('to run'):,} to run; nothing was run"]


def to_sweep_lines(result: SweepResult) -> list[str]:
    """How many variants came to what, and the failures."""
    counts = result.frame["status"].value_counts()
    said = ", ".join(f"{counts[status]:,} {status}" for status in sorted(counts.index))
    lines = [f"{len(result.frame):,} variants: {said}; {result.num_found:,} were done before"]
    failed = result.frame[result.frame["status"] == "failed"]
    lines += [f"- {row['key']} failed ({row['exit_code']:.0f}): {row['message']}" for _, row in failed.iterrows()]
    if result.is_interrupted:
        lines.append("stopped; the same command goes on")
    return lines
