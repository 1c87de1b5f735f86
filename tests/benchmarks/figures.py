"""Measures everything that the README says of the speed of plans, and writes it there and into reports/.

Run it as ``python tests/benchmarks/figures.py``; it takes about half an hour.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path


def main() -> None:
    """The table with its peers, then the curves of growth."""
    here = Path(__file__).parent
    subprocess.run([sys.executable, here / "bench_optimise.py", "--write"], check=True)
    subprocess.run([sys.executable, here / "growth.py"], check=True)


if __name__ == "__main__":
    main()
