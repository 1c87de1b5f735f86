"""Keeps two sweeps out of one folder."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING

from planner.errors import Fault, InputError

if TYPE_CHECKING:
    from collections.abc import Iterator

LOCK_FILE = ".sweep.lock"


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold a folder for this process; the system lets go of it when the process ends, however it ends.

    Raises
    ------
    InputError
        When another process holds it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / LOCK_FILE).open("a+", encoding="ascii") as file:
        try:
            _take(file)
        except OSError as error:
            file.seek(0)
            holder = file.read().strip()
            process = f" (process {holder})" if holder.isdecimal() else ""
            fault = Fault(str(folder), f"another sweep{process} writes there", "wait for it, or choose another --out")
            raise InputError([fault]) from error
        file.truncate(0)
        file.write(f"{os.getpid()}\n")
        file.flush()
        yield


def _take(file: IO[str]) -> None:
    if sys.platform == "win32":
        import msvcrt

        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
