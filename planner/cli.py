"""The commands: parse, call, print, exit code. Nothing heavy is imported before its use."""

from __future__ import annotations

import json
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import click

from planner import __version__
from planner.errors import PlannerError
from planner.progress import Progress

if TYPE_CHECKING:
    from planner.export.exports import ExportFormat
    from planner.result import Outcome
    from planner.study import Language

DONE, OUR_FAULT, BAD_INPUT, INFEASIBLE, NO_PLAN, INTERRUPTED = 0, 1, 2, 3, 4, 130
REPORTS = Path("reports")

study_argument = click.argument("study", type=click.Path(path_type=Path))
out_option = click.option(
    "--out",
    type=click.Path(path_type=Path),
    help="Folder to write to, whole or not at all; reports/<study> unless given.",
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")


log_option = click.option(
    "--log",
    type=click.File("w", encoding="utf-8", lazy=False),
    help="File for a line of JSON at every step: seconds, stage and figures.",
)


class TerminalProgress(Progress):
    """One line on stderr, rewritten, where that is a terminal; and a line of JSON each in a log, where there is one."""

    def __init__(self, log: IO[str] | None = None) -> None:
        super().__init__()
        self._log = log
        self._begun = self.started

    def tell(self, stage: str, **figures: float | str) -> None:
        """Show the stage and its figures."""
        if self._log is not None:
            line = {"seconds": round(time.perf_counter() - self._begun, 3), "stage": stage, **figures}
            self._log.write(json.dumps(line, ensure_ascii=False) + "\n")
            self._log.flush()
        if sys.stderr.isatty():
            shown = "  ".join(f"{name} {_short(value)}" for name, value in figures.items())
            sys.stderr.write(f"\r\033[K{self.elapsed_s:6.1f} s  {stage}  {shown}"[:200])
            sys.stderr.flush()

    def clear(self) -> None:
        """Take the line away."""
        if sys.stderr.isatty():
            sys.stderr.write("\r\033[K")
            sys.stderr.flush()


def main() -> None:
    """Run the command line; every fault of an input becomes one message and exit code 2."""
    try:
        code = commands(standalone_mode=False)
    except click.exceptions.Exit as stop:
        code = stop.exit_code
    except click.Abort:
        code = INTERRUPTED
    except click.ClickException as error:
        error.show()
        code = BAD_INPUT
    except PlannerError as error:
        _print_error(error)
        code = error.exit_code
    except KeyboardInterrupt:
        click.echo("interrupted; nothing was written", err=True)
        code = INTERRUPTED
    except OSError as error:
        where = f" ({error.filename})" if error.filename else ""
        click.echo(f"error: {error.strerror or error}{where}; what was there before is untouched", err=True)
        code = OUR_FAULT
    sys.exit(code)


def _print_error(error: PlannerError) -> None:
    lines = str(error).splitlines() or ["unknown fault"]
    if len(lines) == 1:
        click.echo(f"error: {lines[0]}", err=True)
    else:
        click.echo(f"{len(lines)} faults:", err=True)
        for line in lines:
            click.echo(f"- {line}", err=True)


language_option = click.option(
    "--language", type=click.Choice(["en", "fr"]), help="Language of the report; else [report] language of the study."
)
pdf_option = click.option("--pdf", "with_pdf", is_flag=True, help="Write report.pdf as well (the extra pdf).")


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="planner")
def commands() -> None:
    """Which fewest new fibre routes keep every region connected after any k cuts, and the proof.

    STUDY is a folder with a study.toml, or a .toml file.
    """


@commands.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--annotated", is_flag=True, help="Name every key in study.toml, and write its JSON Schema for editors.")
def init(folder: Path, annotated: bool) -> int:
    """Write a small working study to start from."""
    from planner.starter import write_starter

    for file in write_starter(folder, is_annotated=annotated):
        click.echo(f"wrote {file}")
    click.echo(f"next: planner solve {folder}")
    return DONE


@commands.command()
@study_argument
@json_option
def check(study: Path, as_json: bool) -> int:
    """Read everything; list every fault, repair and doubt. Changes nothing."""
    from planner.run import check as run_check
    from planner.run.summary import to_check_document, to_check_lines

    with _progress():
        network = run_check(study)
    _print(to_check_document(network), to_check_lines(network), as_json)
    return DONE


@commands.command()
@study_argument
@out_option
@click.option("--radii", metavar="M,M,…", help="Audit at these radii in metres as well, for example 5,50,500,5000.")
@click.option("--attack", metavar="K", type=int, help="Find the worst attack of K cuts, up to 6; else of the study's.")
@click.option(
    "--cuts", metavar="K", type=int, help="Count and list every separating set of up to K cuts, up to 6; else 2."
)
@click.option("--workers", metavar="N", type=click.IntRange(min=1), help="Processes that search for these sets.")
@click.option("--scheduler", metavar="ADDRESS", help="Search on a Dask cluster, for example tcp://127.0.0.1:8786.")
@language_option
@pdf_option
@log_option
@json_option
def audit(
    study: Path,
    out: Path | None,
    radii: str | None,
    attack: int | None,
    cuts: int | None,
    workers: int | None,
    scheduler: str | None,
    language: Language | None,
    with_pdf: bool,
    log: IO[str] | None,
    as_json: bool,
) -> int:
    """What k cuts do to the network as it is."""
    from planner.batch import make_engine, to_search
    from planner.export import check_replaceable, to_audit_document
    from planner.report.pdf import check_pdf
    from planner.run import audit as run_audit
    from planner.run.radii import to_radii
    from planner.run.summary import to_audit_lines
    from planner.run.write import write_audit
    from planner.study import read_study, with_language

    wanted = () if radii is None else to_radii(radii)
    settings = with_language(read_study(study), language)
    if with_pdf:
        check_pdf()
    folder = out or REPORTS / f"{settings.run_name}-audit"
    check_replaceable(folder)
    with _progress(log) as progress:
        engine = make_engine(workers or 1, scheduler) if scheduler or (workers or 1) > 1 else None
        search = to_search(engine, progress)
        outcome = run_audit(
            settings, radii=wanted, attack=attack, cuts=2 if cuts is None else cuts, search=search, progress=progress
        )
        write_audit(outcome, folder, with_pdf=with_pdf)
    _print(to_audit_document(outcome, folder), [*to_audit_lines(outcome), f"written to {folder}"], as_json)
    return DONE


@commands.command()
@study_argument
@out_option
@language_option
@pdf_option
@log_option
@click.option(
    "--profile",
    metavar="FILE.html",
    type=click.Path(path_type=Path),
    help="File for a page of where the time went (the extra profile).",
)
@json_option
def solve(
    study: Path,
    out: Path | None,
    language: Language | None,
    with_pdf: bool,
    log: IO[str] | None,
    profile: Path | None,
    as_json: bool,
) -> int:
    """Find the plan, prove it, write the report and the map files."""
    from planner.export import check_replaceable, to_plan_document
    from planner.report.pdf import check_pdf
    from planner.run import solve as run_solve
    from planner.run.profiling import profiled
    from planner.run.summary import to_solve_lines
    from planner.run.write import write_solve
    from planner.study import read_study, with_language

    settings = with_language(read_study(study), language)
    if with_pdf:
        check_pdf()
    folder = out or REPORTS / settings.run_name
    check_replaceable(folder)
    with profiled(profile), _progress(log, stops_softly=True) as progress:
        outcome = run_solve(settings, progress=progress)
        write_solve(outcome, folder, progress, with_pdf=with_pdf)
    _print(to_plan_document(outcome, folder), [*to_solve_lines(outcome), f"written to {folder}"], as_json)
    return INTERRUPTED if progress.is_interrupted else _exit_code(outcome)


@commands.command()
@click.argument("folder", type=click.Path(path_type=Path))
@json_option
def verify(folder: Path, as_json: bool) -> int:
    """Prove a finished run again from its files, by another way."""
    from planner.run import verify_run
    from planner.run.summary import to_verify_document, to_verify_lines

    with _progress():
        verdict = verify_run(folder)
    _print(to_verify_document(verdict), to_verify_lines(verdict), as_json)
    return DONE if verdict.survives else INFEASIBLE


@commands.command()
@study_argument
@click.argument("incident", type=click.Path(path_type=Path))
@click.option(
    "--plan", type=click.Path(path_type=Path), help="A run folder: replay on the network with its new routes."
)
@click.option("--out", type=click.Path(path_type=Path), help="Folder for replay.json and replay.geojson.")
@json_option
def replay(study: Path, incident: Path, plan: Path | None, out: Path | None, as_json: bool) -> int:
    """What the cuts in a file sever, isolate and detour."""
    from planner.export import check_replaceable
    from planner.run import replay as run_replay
    from planner.run.summary import to_replay_document, to_replay_lines
    from planner.run.write import write_replay

    if out is not None:
        check_replaceable(out)
    with _progress() as progress:
        outcome = run_replay(study, incident, plan=plan, progress=progress)
        if out is not None:
            write_replay(outcome, out)
    written = [] if out is None else [f"written to {out}"]
    _print(to_replay_document(outcome), [*to_replay_lines(outcome), *written], as_json)
    return DONE


@commands.command()
@click.argument("run_a", type=click.Path(path_type=Path))
@click.argument("run_b", type=click.Path(path_type=Path))
@click.option("--out", metavar="FILE.geojson", type=click.Path(path_type=Path), help="File for the routes as a layer.")
@json_option
def diff(run_a: Path, run_b: Path, out: Path | None, as_json: bool) -> int:
    """What changed from one run folder to another."""
    from planner.batch.difference import find_difference, to_difference_document, to_difference_lines
    from planner.batch.difference_layer import write_difference_layer

    with _progress():
        difference = find_difference(run_a, run_b)
        if out is not None:
            write_difference_layer(run_a, run_b, out)
    _print(to_difference_document(difference), to_difference_lines(difference), as_json)
    return DONE


@commands.command()
@json_option
def doctor(as_json: bool) -> int:
    """Which solvers and extras are here."""
    from planner.run.doctor import examine, to_doctor_document, to_doctor_lines

    parts = examine()
    _print(to_doctor_document(parts), to_doctor_lines(parts), as_json)
    return DONE


@commands.command()
@click.argument("file", metavar="SWEEP.toml", type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), help="Folder of the sweep; reports/<file> unless given.")
@click.option("--jobs", metavar="N", type=click.IntRange(min=1), help="Processes; one per processor unless given.")
@click.option("--dry-run", is_flag=True, help="List what would run, and run nothing.")
@click.option("--scheduler", metavar="ADDRESS", help="Run on a Dask cluster, for example tcp://127.0.0.1:8786.")
@click.option(
    "--language", type=click.Choice(["en", "fr"]), help="Language of the page that compares; else that of the studies."
)
def sweep(
    file: Path, out: Path | None, jobs: int | None, dry_run: bool, scheduler: str | None, language: Language | None
) -> int:
    """Solve many variants; go on where it stopped."""
    from planner.batch import read_sweep
    from planner.batch import sweep as run_sweep
    from planner.batch.summary import to_dry_run_lines, to_sweep_lines

    plan = read_sweep(file)
    folder = out or REPORTS / plan.file.stem
    if dry_run:
        click.echo("\n".join(to_dry_run_lines(plan, folder)))
        return DONE
    with _progress() as progress:
        result = run_sweep(plan, folder, jobs=jobs, scheduler=scheduler, language=language, progress=progress)
    click.echo("\n".join([*to_sweep_lines(result), f"written to {folder}"]))
    return (
        INTERRUPTED
        if progress.is_interrupted
        else min((failure.exit_code for failure in result.failures.values()), default=DONE)
    )


@commands.command()
@study_argument
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    default="candidates.gpkg",
    show_default=True,
    help="File to write, .gpkg or .geojson; one that is there is replaced.",
)
@json_option
def candidates(study: Path, out: Path, as_json: bool) -> int:
    """Lay candidate routes along corridors, as a layer to edit."""
    from planner.export.candidates import check_layer_file, write_candidates
    from planner.run.laying import lay_candidates
    from planner.run.summary import to_candidates_document, to_candidates_lines

    check_layer_file(out)
    with _progress() as progress:
        found = lay_candidates(study, progress=progress)
        write_candidates(found, out)
    _print(to_candidates_document(found), [*to_candidates_lines(found), f"written to {out}"], as_json)
    return DONE


@commands.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option(
    "--format",
    "format_name",
    required=True,
    type=click.Choice(["ofds", "graphml", "geoparquet", "flatgeobuf"]),
    help="Open Fibre Data Standard 0.4, GraphML, GeoParquet (the extra parquet) or FlatGeobuf.",
)
@click.option("--out", required=True, type=click.Path(path_type=Path, dir_okay=False), help="File to write.")
@click.option("--layer", default="spans", show_default=True, help="Layer of plan.gpkg, for formats that hold one.")
def export(folder: Path, format_name: ExportFormat, out: Path, layer: str) -> int:
    """Write a finished run in another format."""
    from planner.export.exports import export_run

    export_run(folder, format_name, out, layer=layer)
    click.echo(f"wrote {out}")
    return DONE


def _exit_code(outcome: Outcome) -> int:
    return {"optimal": DONE, "feasible": DONE, "infeasible": INFEASIBLE, "no_plan": NO_PLAN}[outcome.status]


def _print(document: dict[str, Any], lines: list[str], as_json: bool) -> None:
    click.echo(json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False) if as_json else "\n".join(lines))


@contextmanager
def _progress(log: IO[str] | None = None, *, stops_softly: bool = False) -> Iterator[TerminalProgress]:
    """Progress on a terminal. With `stops_softly` the first Ctrl-C asks to stop, and a second one stops at once."""
    progress = TerminalProgress(log)
    previous = signal.getsignal(signal.SIGINT)

    def ask_to_stop(_number: int, _frame: object) -> None:
        if progress.is_interrupted:
            raise KeyboardInterrupt
        progress.interrupt()
        click.echo("\nstopping; the best plan so far will be written (Ctrl-C again to drop it)", err=True)

    def stop(_number: int, _frame: object) -> None:
        progress.interrupt()  # where Python drops the exception, in a callback say, this is still there to be seen
        raise KeyboardInterrupt

    signal.signal(signal.SIGINT, ask_to_stop if stops_softly else stop)
    try:
        yield progress
    finally:
        progress.clear()
        signal.signal(signal.SIGINT, previous)


def _short(value: float | str) -> str:
    return value if isinstance(value, str) else f"{value:,.6g}"
