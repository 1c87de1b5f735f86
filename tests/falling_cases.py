"""A hub that everything hangs on, in studies where cuts take sites.

```
A ====== H ====== B       two routes 4 km apart on either side of the hub H, so that no one cut severs both
|                         P hangs on A, and is protected
P
```
"""

from __future__ import annotations

from pathlib import Path

from network_cases import Row, route, site, write_study

from planner.study import Study

SITES = [
    site("A", (0, 0), name="Ahun", weight=5),
    site("B", (20, 0), name="Bort", weight=2),
    site("H", (10, 0), name="Hub", weight=1),
    site("P", (0, -10), name="Port", weight=1, protected=True),
]
ROUTES = [
    route("AH", (0, 0), (5, 2), (10, 0)),
    route("AH2", (0, 0), (5, -2), (10, 0)),
    route("AP", (0, 0), (0, -10)),
    route("HB", (10, 0), (15, 2), (20, 0)),
    route("HB2", (10, 0), (15, -2), (20, 0)),
]
BYPASS = [route("AB", (0, 0), (10, 8), (20, 0), cost=5)]


def write_hub(folder: Path, sites_fail: str = "true", *, routes: list[Row] | None = None) -> Study:
    """The study with every site a region of its own, and one cut to survive."""
    return write_study(folder, SITES, routes or ROUTES, cuts=f"sites_fail = {sites_fail}")


def write_bypassed(folder: Path) -> Study:
    """The same without P, and with a candidate that passes the hub by: the plan."""
    routes = [one for one in ROUTES if one["id"] != "AP"]
    return write_study(folder, SITES[:3], routes, candidates=BYPASS, cuts="sites_fail = true")
