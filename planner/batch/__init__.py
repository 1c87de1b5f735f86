"""Many studies and large searches: sweeps that resume, cut sets in parts; on this machine or on a Dask cluster."""

from planner.batch.cutsets import FoundCutSets, find_cut_sets, to_search
from planner.batch.engine import make_engine
from planner.batch.result import SweepResult
from planner.batch.sweepfile import Sweep, read_sweep
from planner.batch.sweeping import sweep
from planner.batch.variants import Variant, find_variants

__all__ = [
    "FoundCutSets",
    "Sweep",
    "SweepResult",
    "Variant",
    "find_cut_sets",
    "find_variants",
    "make_engine",
    "read_sweep",
    "sweep",
    "to_search",
]
