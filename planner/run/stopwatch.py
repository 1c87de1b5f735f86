"""Times the stages of a run, and tells the progress of them."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from planner.progress import Progress
from planner.run.memory import find_peak_mb, reset_peak


class Stopwatch:
    """Seconds per stage and the peak of memory at its end, in the order in which the stages ran."""

    def __init__(self, progress: Progress) -> None:
        self.seconds: dict[str, float] = {}
        self.peak_mb: dict[str, float] = {}
        reset_peak()
        self._progress = progress
        self._begin = time.perf_counter()

    @property
    def elapsed_s(self) -> float:
        """Seconds since the first stage could begin."""
        return time.perf_counter() - self._begin

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Time a stage, and tell the progress of it."""
        self._progress.tell(name)
        begin = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[name] = round(self.seconds.get(name, 0.0) + time.perf_counter() - begin, 3)
            if (peak_mb := find_peak_mb()) is not None:
                self.peak_mb[name] = peak_mb
