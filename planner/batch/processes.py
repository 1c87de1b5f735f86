"""Runs tasks in processes of this machine, one task each at a time."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.connection import wait as wait_for
from typing import TYPE_CHECKING

from planner.batch.engine import LOST, MAX_ATTEMPTS
from planner.batch.task import Failure, Task, run_task

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


class Processes:
    """Processes of this machine.

    Each has a pool of its own, of one process: where the system kills one, for want of memory say, the others go on,
    and the task that it had is known.
    """

    def __init__(self, num_workers: int) -> None:
        self.num_workers = num_workers

    def run(self, tasks: Sequence[Task]) -> Iterator[tuple[Task, Failure | None]]:
        """See `Engine.run`."""
        waiting = list(reversed(tasks))
        attempts = dict.fromkeys((task.variant.key for task in tasks), 0)
        idle: list[ProcessPoolExecutor] = []
        running: dict[Future[Failure | None], tuple[ProcessPoolExecutor, Task]] = {}
        try:
            while waiting or running:
                while waiting and len(running) < self.num_workers:
                    task = waiting.pop()
                    attempts[task.variant.key] += 1
                    pool = idle.pop() if idle else _start()
                    running[pool.submit(run_task, task)] = pool, task
                for future in wait(running, return_when=FIRST_COMPLETED).done:
                    pool, task = running.pop(future)
                    try:
                        result = future.result()
                    except BrokenProcessPool:
                        pool.shutdown()
                        if attempts[task.variant.key] < MAX_ATTEMPTS:
                            waiting.append(task)
                            continue
                        yield task, Failure(LOST, 1)
                        continue
                    idle.append(pool)
                    yield task, result
        finally:
            _stop([*idle, *(pool for pool, _ in running.values())])


def _start() -> ProcessPoolExecutor:
    # spawn: a fork of a process with threads, which numerical libraries start, may hang
    return ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn"), initializer=_settle)


def _settle() -> None:
    """In the new process: leave Ctrl-C to the parent, and end with it, so that no orphan goes on writing."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


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
