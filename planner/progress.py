"""Progress and the wish to stop: one object, passed down."""

from __future__ import annotations

import time


class Progress:
    """Tells nobody. Subclasses show what they are told; long work asks them whether to stop.

    Parameters
    ----------
    time_limit_s
        Seconds from now after which `should_stop` is true; None for no limit.

    Examples
    --------
    >>> class Printed(planner.Progress):
    ...     def tell(self, stage, **figures):
    ...         print(stage)
    >>> network = planner.check("towns", progress=Printed())
    read
    """

    def __init__(self, time_limit_s: float | None = None) -> None:
        self.time_limit_s = time_limit_s
        self.started = time.perf_counter()
        self.is_interrupted = False

    def tell(self, stage: str, **figures: float | str) -> None:
        """Take note of what is going on: a stage and its figures."""

    def clear(self) -> None:
        """Take away what is shown; the work is over."""

    def restart(self, time_limit_s: float | None) -> None:
        """Count from now, to another limit."""
        self.time_limit_s = time_limit_s
        self.started = time.perf_counter()

    def interrupt(self) -> None:
        """Ask the work to stop at the next good moment."""
        self.is_interrupted = True

    @property
    def elapsed_s(self) -> float:
        """Seconds since the start."""
        return time.perf_counter() - self.started

    @property
    def remaining_s(self) -> float:
        """Seconds left; infinite without a limit."""
        return float("inf") if self.time_limit_s is None else self.time_limit_s - self.elapsed_s

    @property
    def should_stop(self) -> bool:
        """Whether the user or the clock says to stop."""
        return self.is_interrupted or self.remaining_s <= 0
