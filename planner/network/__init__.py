"""Files to Network: read, clean, validate; sites, routes, spans and regions as frames."""

from __future__ import annotations

from planner.network.model import Network, Remark
from planner.network.read import read_network

__all__ = ["Network", "Remark", "read_network"]
