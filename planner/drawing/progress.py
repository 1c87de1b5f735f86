"""Progress in a notebook: one line that is written over, gone when the work is done."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from planner.progress import Progress

_MIN_S = 0.2


class NotebookProgress(Progress):
    """One line below the cell, at most five times a second; no widgets.

    Parameters
    ----------
    display
        IPython's function of that name, or another that gives a handle with ``update``.
    """

    def __init__(self, display: Callable[..., Any]) -> None:
        super().__init__()
        self._display = display
        self._handle: Any = None
        self._begun = self._shown = self.started
        self._stage = ""

    def tell(self, stage: str, **figures: float | str) -> None:
        """Show the stage and its figures."""
        now = time.perf_counter()
        if stage == self._stage and now - self._shown < _MIN_S:
            return
        self._stage, self._shown = stage, now
        told = "  ".join(f"{name} {_to_short(value)}" for name, value in figures.items())
        self._show(f"{now - self._begun:6.1f} s  {stage}  {told}".rstrip())

    def clear(self) -> None:
        """Empty the line."""
        if self._handle is not None:
            self._show("")

    def _show(self, line: str) -> None:
        data = {"text/plain": line}
        if self._handle is None:
            self._handle = self._display(data, raw=True, display_id=True)
        else:
            self._handle.update(data, raw=True)


def make_progress() -> Progress:
    """A line in a notebook; elsewhere what tells nobody."""
    shell = sys.modules.get("IPython")
    if shell is None or not hasattr(shell.get_ipython(), "kernel"):
        return Progress()
    from IPython.display import display

    return NotebookProgress(display)


def shows_progress[**P, R](function: Callable[P, R]) -> Callable[P, R]:
    """Give a function whose ``progress`` is left out one that suits the place, and take it away in the end."""

    @wraps(function)
    def call(*args: P.args, **kwargs: P.kwargs) -> R:
        if kwargs.get("progress") is not None:
            return function(*args, **kwargs)
        progress = make_progress()
        try:
            return function(*args, **cast("Any", kwargs | {"progress": progress}))
        finally:
            progress.clear()

    return call


def _to_short(value: float | str) -> str:
    return value if isinstance(value, str) else f"{value:,.6g}"
