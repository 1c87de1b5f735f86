"""What a sweep came to."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import pandas as pd

    from planner.batch.task import Failure
    from planner.result import Outcome


@dataclass(frozen=True, eq=False)
class SweepResult:
    """What a sweep came to; a notebook shows its table.

    Parameters
    ----------
    name
        Title of the sweep.
    folder
        Where its files are; None for a sweep in memory.
    frame
        A row per variant, in the order of the sweep: ``key``, ``study``, the settings tried by dotted name, ``status``,
        ``routes``, ``cost``, ``length_km``, ``gap``, the share of weight held and more.
    num_found
        Variants that an earlier sweep had finished.
    num_run
        Variants that this one finished.
    failures
        Variant's key to why it has no result.
    is_interrupted
        Whether it was stopped before its end.
    outcomes
        Variant's key to all that was found out; only of a sweep in memory.

    Examples
    --------
    >>> result = planner.sweep("towns", {"cuts": [0, 1]})
    >>> result.frame["routes"].tolist()
    [0, 2]
    """

    name: str
    folder: Path | None
    frame: pd.DataFrame
    num_found: int
    num_run: int
    failures: dict[str, Failure]
    is_interrupted: bool
    outcomes: Mapping[str, Outcome] = field(default_factory=dict, repr=False)

    @property
    def settings(self) -> tuple[str, ...]:
        """Columns of `frame` that hold the settings tried."""
        return tuple(name for name in self.frame.columns if "." in name)

    def plot(self, ax: Any = None, *, x: str | None = None, y: str = "cost") -> Any:
        """Draw what the plans cost against a setting, a line for each choice of the other settings.

        Parameters
        ----------
        ax
            Axes of matplotlib to draw on; those of a new figure unless given.
        x
            Column of `frame`; unless given the number of cuts where it varies, else the first setting that does.
        y
            Column of `frame` to draw.

        Returns
        -------
        matplotlib.axes.Axes
            The axes drawn on. Crosses at the foot are variants without a plan.

        Raises
        ------
        InputError
            Where there is no such column.
        MissingExtraError
            Where matplotlib, of the extra ``notebook``, is not installed.
        """
        from planner.batch.showing import plot_sweep

        return plot_sweep(self, ax, x, y)

    def _repr_html_(self) -> str:
        from planner.batch.showing import to_sweep_card

        return to_sweep_card(self)
