"""What runs tasks: the processes of this machine, or the workers of a Dask cluster."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

LOST = "the process that ran it was killed, twice; it may need more memory than there is"
MAX_ATTEMPTS = 2


@dataclass(frozen=True, slots=True)
class Lost:
    """What comes of a task whose process died whenever it was tried."""

    message: str = LOST


class Engine(Protocol):
    """Runs tasks side by side."""

    def run[T, R](
        self, work: Callable[..., R], tasks: Sequence[T], shared: tuple[Any, ...] = ()
    ) -> Iterator[tuple[T, R | Lost]]:
        """Give each task with what came of it, as they finish. Closing the iterator stops what still runs.

        Parameters
        ----------
        work
            A function of a module, called with `shared` and then the task.
        tasks
            Small things that can be pickled.
        shared
            What all tasks need; sent to each worker once.
        """
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
