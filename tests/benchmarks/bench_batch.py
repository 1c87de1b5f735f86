"""Batch work by one and two workers, as processes and on Dask: seconds, overhead per task, speed-up, peak memory.

Run it with ``python tests/benchmarks/bench_batch.py [overhead] [sweep] [triples] [large]``; `large`, every separating
triple of 100,000 spans, only where it is named.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path

from measure import ROOT, peak_mb, to_markdown, to_occasion
from national import to_national

from planner.batch import find_cut_sets, make_engine, read_sweep, sweep
from planner.progress import Progress
from planner.starter import write_starter

_NUM_EMPTY = 400
_WAYS = (
    ("this process", 0, False),
    ("1 process", 1, False),
    ("2 processes", 2, False),
    ("1 on Dask", 1, True),
    ("2 on Dask", 2, True),
)
_HEADER = ("work", "workers", "seconds", "tasks", "speed-up", "overhead per task, ms", "peak MB here", "of the workers")


class Clock(Progress):
    """Notes when the first and the last task came back, and the peak memory of the processes below this one."""

    def __init__(self) -> None:
        super().__init__()
        self.num_tasks = 0
        self.times: list[float] = []
        self.workers_mb = 0.0

    def tell(self, stage: str, **figures: float | str) -> None:
        """One more task is done."""
        text = str(figures.get("parts", figures.get("variants", "")))
        if text and not text.startswith("0 "):
            self.num_tasks = int(text.rsplit(maxsplit=1)[-1])
            self.times.append(time.perf_counter())
            self.workers_mb = max(self.workers_mb, _find_workers_mb())


def do_nothing(task: int) -> int:
    """A task that is all overhead."""
    return task


@contextmanager
def cluster(num_workers: int) -> Iterator[str]:
    """A Dask scheduler on this machine with so many worker processes of one thread."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"tcp://127.0.0.1:{port}"
    plain = ("--no-dashboard", "--host", "127.0.0.1")
    started = [_start("dask_scheduler", "--port", str(port), *plain)]
    started += [_start("dask_worker", address, "--nthreads", "1", "--no-nanny", *plain) for _ in range(num_workers)]
    try:
        _wait_for(address, num_workers)
        yield address
    finally:
        for process in reversed(started):
            process.kill()
            process.wait()


def _to_address(num_workers: int, *, is_dask: bool) -> AbstractContextManager[str | None]:
    return cluster(num_workers) if is_dask else nullcontext()


def _start(module: str, *arguments: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", f"distributed.cli.{module}", *arguments]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    return subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def _wait_for(address: str, num_workers: int) -> None:
    import distributed

    with distributed.Client(address, timeout=30) as client:
        client.wait_for_workers(num_workers, timeout=30)


def _find_workers_mb() -> float:
    """The largest peak of any process below this one."""
    pids = Path(f"/proc/self/task/{os.getpid()}/children").read_text(encoding="utf-8").split()
    return max((_read_peak_mb(pid) for pid in pids), default=0.0)


def _read_peak_mb(pid: str) -> float:
    try:
        lines = Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM")), 0.0)


def measure_ways(
    work: str, run: Callable[[int, str | None, Clock], object], ways: Sequence[tuple[str, int, bool]]
) -> Iterator[tuple[str, ...]]:
    """One row per engine; overhead is what N workers spent beyond the time of one process, per task."""
    alone_s = 0.0
    for label, num_workers, is_dask in ways:
        with _to_address(num_workers, is_dask=is_dask) as address:
            clock, begin = Clock(), time.perf_counter()
            run(num_workers, address, clock)
            seconds = time.perf_counter() - begin
        alone_s = alone_s or seconds
        overhead_ms = (seconds * max(1, num_workers) - alone_s) / max(1, clock.num_tasks) * 1000
        row = (f"{seconds:.1f}", str(clock.num_tasks), f"{alone_s / seconds:.2f}", f"{overhead_ms:.0f}")
        print(work, label, *row, f"load {os.getloadavg()[0]:.1f}", file=sys.stderr, flush=True)
        yield work, label, *row, f"{peak_mb():.0f}", f"{clock.workers_mb:.0f}" if num_workers else ""


def measure_triples(num_sites: int, ways: Sequence[tuple[str, int, bool]] = _WAYS) -> list[tuple[str, ...]]:
    """Every separating triple of a national network."""
    problem = to_national(num_sites, 3)
    routes = problem.candidates.tolist()

    def run(num_workers: int, address: str | None, clock: Clock) -> None:
        engine = make_engine(num_workers, address) if num_workers else None
        found = find_cut_sets(problem, cuts=3, routes=routes, limit=10_000, engine=engine, progress=clock)
        counts.add(tuple(found.count.by_size.items()))

    counts: set[tuple[tuple[int, int], ...]] = set()
    rows = list(measure_ways(f"triples, {problem.num_spans:,} spans", run, ways))
    assert len(counts) == 1, "the engines disagree"
    print("sets by size:", *counts, file=sys.stderr)
    return rows


def measure_sweep() -> list[tuple[str, ...]]:
    """Twelve variants of the starter study."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_starter(folder / "towns")
        radii = ", ".join(str(10 * number) for number in range(1, 13))
        (folder / "sweep.toml").write_text(f'studies = ["towns"]\n[grid]\n"cuts.radius_m" = [{radii}]\n', "utf-8")
        plan = read_sweep(folder / "sweep.toml")

        def run(num_workers: int, address: str | None, clock: Clock) -> None:
            with tempfile.TemporaryDirectory(dir=folder) as out:
                sweep(plan, Path(out), jobs=max(1, num_workers), scheduler=address, progress=clock)

        return list(measure_ways("sweep of 12 variants", run, _WAYS[1:]))


def measure_overhead() -> list[tuple[str, ...]]:
    """Tasks that do nothing, by workers that run already: what a task costs."""
    rows = []
    for label, num_workers, is_dask in (("1 process", 1, False), ("2 processes", 2, False), ("2 on Dask", 2, True)):
        with _to_address(num_workers, is_dask=is_dask) as address:
            results = make_engine(num_workers, address).run(do_nothing, range(_NUM_EMPTY))
            next(results)
            begin = time.perf_counter()
            num_done = sum(1 for _ in results)
            seconds = time.perf_counter() - begin
        overhead = f"{seconds / num_done * 1000:.2f}"
        rows.append(("tasks that do nothing", label, f"{seconds:.2f}", str(num_done), "", overhead, "", ""))
    return rows


def main() -> None:
    """Print the table."""
    wanted = sys.argv[1:] or ["overhead", "sweep", "triples"]
    rows = measure_overhead() if "overhead" in wanted else []
    rows += measure_sweep() if "sweep" in wanted else []
    rows += measure_triples(3_400) if "triples" in wanted else []
    rows += measure_triples(33_400, (_WAYS[0], _WAYS[2], _WAYS[4])) if "large" in wanted else []
    print(to_occasion().replace(", one thread", ", one thread per worker"))
    print(to_markdown(_HEADER, rows))


if __name__ == "__main__":
    main()
