"""Many studies: sweeps over settings that resume where they stopped, on this machine or on a Dask cluster."""

from planner.batch.result import SweepResult
from planner.batch.sweepfile import Sweep, read_sweep
from planner.batch.sweeping import sweep
from planner.batch.variants import Variant, find_variants

__all__ = ["Sweep", "SweepResult", "Variant", "find_variants", "read_sweep", "sweep"]
