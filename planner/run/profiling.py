"""Where a run spends its time, as a page for the browser."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from planner.errors import Fault, InputError, MissingExtraError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextmanager
def profiled(path: Path | None) -> Iterator[None]:
    """Write where the time went within the block to an HTML file, also where the block fails; nothing for None.

    Raises
    ------
    MissingExtraError
        Where pyinstrument is not installed.
    InputError
        Where the file cannot be written; said before the block begins.
    """
    if path is None:
        yield
        return
    try:
        from pyinstrument import Profiler
    except ImportError as error:
        message = '--profile needs pyinstrument: pip install "fibre-resilience-planner[profile]"'
        raise MissingExtraError(message) from error
    try:
        path.touch()
    except OSError as error:
        fault = Fault(str(path), f"cannot be written: {error.strerror}", "name another file with --profile")
        raise InputError([fault]) from error
    profiler = Profiler()
    profiler.start()
    try:
        yield
    finally:
        profiler.stop()
        path.write_text(profiler.output_html(), encoding="utf-8", newline="\n")
