"""Runs tasks in processes of this machine, one task each at a time."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.connection import wait as wait_for
from typing import TYPE_CHECKING, Any

from planner.batch.engine import MAX_ATTEMPTS, Lost

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

_SHARED: list[tuple[Any, ...]] = []  # in a worker process: what its tasks share


class Processes:
    """Processes of this machine.

    Each has a pool of its own, of one process: where the system kills one, for want of memory say, the others go on,
    and the task that it had is known.
    """

    def __init__(self, num_workers: int) -> None:
        self.num_workers = num_workers

    def run[T, R](
        self, work: Callable[..., R], tasks: Sequence[T], shared: tuple[Any, ...] = ()
    ) -> Iterator[tuple[T, R | Lost]]:
        """See `Engine.run`."""
        waiting = list(reversed(range(len(tasks))))
        attempts = [0] * len(tasks)
        idle: list[ProcessPoolExecutor] = []
        running: dict[Future[R], tuple[ProcessPoolExecutor, int]] = {}
        try:
            while waiting or running:
                while waiting and len(running) < self.num_workers:
                    number = waiting.pop()
                    attempts[number] += 1
                    pool, future = _submit(idle, shared, work, tasks[number])
                    running[future] = pool, number
                for future in wait(running, return_when=FIRST_COMPLETED).done:
                    pool, number = running.pop(future)
                    try:
                        result = future.result()
                    except BrokenProcessPool:
                        pool.shutdown()
                        if attempts[number] < MAX_ATTEMPTS:
                            waiting.append(number)
                            continue
                        yield tasks[number], Lost()
                        continue
                    idle.append(pool)
                    yield tasks[number], result
        finally:
            _stop([*idle, *(pool for pool, _ in running.values())])


def _submit[T, R](
    idle: list[ProcessPoolExecutor], shared: tuple[Any, ...], work: Callable[..., R], task: T
) -> tuple[ProcessPoolExecutor, Future[R]]:
    """Give a task to an idle process, or to a new one where there is none that lives."""
    while idle:
        pool = idle.pop()
        try:
            return pool, pool.submit(_work, work, task)
        except BrokenProcessPool:  # killed while it had nothing to do
            pool.shutdown()
    pool = _start(shared)
    return pool, pool.submit(_work, work, task)


def _start(shared: tuple[Any, ...]) -> ProcessPoolExecutor:
    # spawn: a fork of a process with threads, which numerical libraries start, may hang
    context = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(1, mp_context=context, initializer=_settle, initargs=(shared,))


def _settle(shared: tuple[Any, ...]) -> None:
    """In the new process: leave Ctrl-C to the parent, and end with it, so that no orphan goes on writing."""
    _SHARED.append(shared)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _work[T, R](work: Callable[..., R], task: T) -> R:
    return work(*_SHARED[-1], task)


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait_for([parent.sentinel])
        os._exit(1)


def _stop(pools: Sequence[ProcessPoolExecutor]) -> None:
    """End the processes at once: what they were about to write is a hidden folder still."""
    for pool in pools:
        for process in list((pool._processes or {}).values()):  # Python 3.14 has kill_workers
            process.kill()
        pool.shutdown(cancel_futures=True)
