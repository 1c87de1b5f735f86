"""What runs tasks: the processes of this machine, or the workers of a Dask cluster."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from planner.batch.task import Failure, Task

LOST = "the process that ran it was killed, twice; it may need more memory than there is"
MAX_ATTEMPTS = 2


class Engine(Protocol):
    """Runs tasks side by side."""

    def run(self, tasks: Sequence[Task]) -> Iterator[tuple[Task, Failure | None]]:
        """Give each task with what came of it, as they finish. Closing the iterator stops what still runs."""
        ...

    @property
    def num_workers(self) -> int:
        """How many tasks run at once."""
        ...


def make_engine(jobs: int, scheduler: str | None) -> Engine:
    """This machine's processes, or the cluster behind a scheduler's address."""
    if scheduler is not None:
        from planner.batch.cluster import Cluster

        return Cluster(scheduler)
    from planner.batch.processes import Processes

    return Processes(jobs)
