"""What can go wrong, and the exit code that says so."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar


class PlannerError(Exception):
    """Base of every error that the planner raises on purpose.

    Examples
    --------
    >>> issubclass(planner.InputError, planner.PlannerError), planner.InputError.exit_code
    (True, 2)
    """

    exit_code: ClassVar[int] = 1


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with an input.

    Parameters
    ----------
    where
        File, and row or id: ``"sites.geojson, row 4 (id 'Lyon')"``.
    what
        What is wrong, as a clause without a full stop.
    remedy
        What the reader should do about it, as an imperative clause; may be empty.

    Examples
    --------
    >>> print(planner.Fault("sites.csv, row 4", "has no id", "give it one"))
    sites.csv, row 4: has no id; give it one
    """

    where: str
    what: str
    remedy: str = ""

    def __str__(self) -> str:
        remedy = f"; {self.remedy}" if self.remedy else ""
        return f"{self.where}: {self.what}{remedy}"


class InputError(PlannerError, ValueError):
    """The study or its files are wrong. Carries every fault that was found.

    Parameters
    ----------
    faults
        All faults, in the order in which they should be read.

    Examples
    --------
    >>> try:
    ...     planner.read_study("nowhere")
    ... except planner.InputError as error:
    ...     print(error.faults[0].what)
    there is no such file
    """

    exit_code = 2

    def __init__(self, faults: list[Fault] | tuple[Fault, ...]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))


class SolverFailedError(PlannerError):
    """The solver gave up without saying why."""


class MissingExtraError(PlannerError):
    """An optional library is needed and is not installed."""

    exit_code = 2


@dataclass
class FaultList:
    """Gathers faults so that all of them are raised at once."""

    faults: list[Fault] = field(default_factory=list)

    def add(self, where: str, what: str, remedy: str = "") -> None:
        """Note one fault."""
        self.faults.append(Fault(where, what, remedy))

    def raise_if_any(self) -> None:
        """Raise one `InputError` with every fault noted, if there is one."""
        if self.faults:
            raise InputError(self.faults)
