"""Corridors turned into candidates: read, joined up, priced; every section of them, or routes along them."""

from planner.candidates.model import CorridorNetwork
from planner.candidates.network import find_corridors
from planner.candidates.propose import propose_routes
from planner.candidates.sections import add_sections

__all__ = ["CorridorNetwork", "add_sections", "find_corridors", "propose_routes"]
