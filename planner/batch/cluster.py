"""Runs tasks on the workers of a Dask cluster, which see the same folders."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from planner.batch.engine import Lost
from planner.errors import Fault, InputError, MissingExtraError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

_CONNECT_S = 20


class Cluster:
    """The workers behind a scheduler.

    A task whose worker is lost goes to another; the scheduler gives a task up that several workers died of. Results
    that a dead worker held are asked for again, and found in the run folder.
    """

    def __init__(self, scheduler: str) -> None:
        try:
            import distributed
        except ImportError as error:
            message = '--scheduler needs Dask: pip install "fibre-resilience-planner[dask]"'
            raise MissingExtraError(message) from error
        try:
            connect: Any = distributed.Client
            self._client: Any = connect(scheduler, timeout=_CONNECT_S)
        except (OSError, ValueError) as error:
            remedy = "start one with dask scheduler, and give its address, such as tcp://127.0.0.1:8786"
            raise InputError([Fault("--scheduler", f"nothing answers at {scheduler}", remedy)]) from error

    @property
    def num_workers(self) -> int:
        """Threads of all workers, at least one: each takes a task."""
        threads: dict[str, int] = self._client.nthreads()
        return max(1, sum(threads.values()))

    def run[T, R](
        self, work: Callable[..., R], tasks: Sequence[T], shared: tuple[Any, ...] = ()
    ) -> Iterator[tuple[T, R | Lost]]:
        """See `Engine.run`."""
        import dask
        import distributed

        as_completed: Any = distributed.as_completed

        # not pure: a key of an earlier run must not bring back what that one came to
        with dask.config.set({"distributed.admin.large-graph-warning-threshold": "1GiB"}):
            given = [self._client.submit(_give, value, pure=False) for value in shared]
        futures = [self._client.submit(work, *given, task, pure=False) for task in tasks]
        by_key = dict(zip((future.key for future in futures), tasks, strict=True))
        try:
            for future in as_completed(futures):
                yield by_key[future.key], _to_result(future)
        finally:
            self._client.cancel(futures, force=True)
            self._client.close()


def _to_result(future: Any) -> Any:
    from distributed.scheduler import KilledWorker

    try:
        return future.result()
    except KilledWorker:
        return Lost()


def _give(value: Any) -> Any:
    """A task of its own: unlike scattered data its result is made anew where every worker that held it died."""
    return value
