"""Gathers faults and remarks while files are read, so that all of them are said at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from planner.errors import FaultList
from planner.network.model import Remark

MAX_SHOWN = 10


@dataclass
class Notes:
    """Faults that stop the study, and remarks that do not."""

    faults: FaultList = field(default_factory=FaultList)
    remarks: list[Remark] = field(default_factory=list)

    def fault(self, where: str, what: str, remedy: str = "") -> None:
        """Note one fault."""
        self.faults.add(where, what, remedy)

    def fault_rows(self, file: str, wheres: Sequence[str], whats: Sequence[str], remedy: str = "") -> None:
        """Note the same fault for many rows: the first ones in full, the rest as a number.

        Parameters
        ----------
        file
            The rows' file, for the number of the rest.
        wheres
            Per row its place.
        whats
            Per row what is wrong.
        remedy
            What to do about all of them.
        """
        for where, what in list(zip(wheres, whats, strict=True))[:MAX_SHOWN]:
            self.faults.add(where, what, remedy)
        if len(wheres) > MAX_SHOWN:
            self.faults.add(file, f"and {len(wheres) - MAX_SHOWN} more rows with the same fault", remedy)

    def remark(self, kind: str, where: str, what: str, *, is_warning: bool = False) -> None:
        """Note one remark."""
        self.remarks.append(Remark(kind, where, what, is_warning))

    def remark_rows(
        self,
        kind: str,
        file: str,
        summary: str,
        wheres: Sequence[str],
        whats: Sequence[str],
        *,
        is_warning: bool = False,
    ) -> None:
        """Note the same remark for many rows: one summary where there are several, then each row.

        Parameters
        ----------
        kind
            Kind of every remark.
        file
            Where the summary speaks of.
        summary
            One sentence with the count in it.
        wheres
            Per row its place.
        whats
            Per row one sentence.
        is_warning
            Whether they are doubts.
        """
        if len(wheres) > 1:
            self.remark(kind, file, summary, is_warning=is_warning)
        for where, what in zip(wheres, whats, strict=True):
            self.remark(kind, where, what, is_warning=is_warning)


def join_ids(ids: Sequence[str]) -> str:
    """Quote ids for a sentence: the first ten, and how many more there are."""
    shown = ", ".join(f"'{one}'" for one in ids[:MAX_SHOWN])
    return f"{shown} and {len(ids) - MAX_SHOWN} more" if len(ids) > MAX_SHOWN else shown
