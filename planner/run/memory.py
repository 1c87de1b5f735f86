"""How much memory this process has taken at most."""

from __future__ import annotations

import sys
from contextlib import suppress
from pathlib import Path

_RESET_FILE = Path("/proc/self/clear_refs")
_RESET_PEAK = "5"


def reset_peak() -> None:
    """Forget the peak so far, where the system can: a process that solves one study after another counts each anew.

    Linux can (proc(5), ``clear_refs``); elsewhere the peak is that of the process since its start.
    """
    with suppress(OSError):
        _RESET_FILE.write_text(_RESET_PEAK, encoding="ascii")


def find_peak_mb() -> float | None:
    """The largest resident memory in megabytes (10^6 bytes); None where the system does not tell."""
    if sys.platform == "win32":
        return None
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(peak / 1e6 if sys.platform == "darwin" else peak * 1024 / 1e6, 1)
