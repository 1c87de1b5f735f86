from __future__ import annotations

from collections.abc import Callable, Iterator

import brute
import pulp
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from problems import problems
from test_problem import square

import planner
from planner.errors import InputError, MissingExtraError, SolverFailedError
from planner.optimise.kinds import KINDS, SolverKind, find_kind
from planner.optimise.master import Settings
from planner.optimise.plan import OBJECTIVE_FIELD
from planner.optimise.solvers import check_solver, tell_deafness
from planner.problem import Problem
from planner.study import SOLVERS


def is_installed(name: str) -> bool:
    try:
        check_solver(name)
    except MissingExtraError:
        return False
    return True


HERE = [name for name in ("CBC", "SCIP", "GLPK", "HiGHS_CMD") if is_installed(name)]


def dear() -> Problem:
    """Six sites in a line, a candidate between every two: five routes are too many, and rows alone prove little."""
    ends = [(a, a + 1) for a in range(5)] + [(a, b) for a in range(6) for b in range(a + 2, 6)]
    return Problem(
        num_sites=6,
        span_ends=ends,
        route_of_span=range(len(ends)),
        route_cost=[0] * 5 + [10 + (7 * a * b + 3 * a) % 13 for a, b in ends[5:]],
        is_candidate=[False] * 5 + [True] * (len(ends) - 5),
        groups=[[5 + i, 5 + i + 3] for i in range(len(ends) - 8)],
        terminals=[[site] for site in range(6)],
        required_cuts=[2] * 6,
    )


@pytest.mark.parametrize("name", HERE)
@pytest.mark.filterwarnings("error")
def test_each_solver_equals_enumeration(name: str) -> None:
    @settings(max_examples=12, deadline=None, derandomize=True)
    @given(problems(sites_fall=None), st.sampled_from([("routes", "cost"), ("cost", "length")]))
    def check(problem: Problem, minimise: tuple[str, ...]) -> None:
        plan = planner.optimise(problem, minimise=minimise, solver=name, threads=2, time_limit_s=60)
        best = brute.best_values(problem, minimise)
        assert (plan.status == "infeasible") == (best is None)
        if best is not None:
            assert plan.status == "optimal"
            assert tuple(plan.objective[OBJECTIVE_FIELD[key]] for key in minimise) == pytest.approx(best)

    check()


@pytest.mark.parametrize("name", HERE)
def test_each_solver_proves_what_highs_proves(name: str) -> None:
    expected = planner.optimise(dear(), minimise=("cost",))
    plan = planner.optimise(dear(), minimise=("cost",), solver=name.lower(), time_limit_s=60.0)
    assert expected.effort.rounds > 0
    assert (plan.status, plan.objective["cost"]) == ("optimal", expected.objective["cost"])
    assert plan.effort.solver_version not in ("", "unknown")


def test_an_unknown_solver_names_the_nearest() -> None:
    with pytest.raises(InputError, match=r"there is no solver 'Gurobbi'; did you mean Gurobi\?"):
        planner.optimise(square(), solver="Gurobbi")


def test_a_solver_that_is_not_installed_names_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pulp.COIN_CMD, "available", lambda _self: False)
    with pytest.raises(MissingExtraError, match=r"CBC is not installed; pip install .*\[cbc\]") as caught:
        planner.optimise(square(), solver="CBC")
    assert caught.value.exit_code == 2


def test_a_solver_without_its_licence_is_no_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_self: object) -> bool:
        raise RuntimeError("no licence file")

    monkeypatch.setattr(pulp.COIN_CMD, "available", refuse)
    with pytest.raises(MissingExtraError, match="CBC cannot run here \\(no licence file\\)"):
        check_solver("CBC")


def test_studies_and_models_know_the_same_solvers() -> None:
    assert {*KINDS, *pulp.listSolvers()} - {"GUROBI"} <= set(SOLVERS)
    assert all(find_kind(name).pulp_name in {*pulp.listSolvers()} for name in SOLVERS)


def test_what_a_solver_cannot_be_told_is_said(caplog: pytest.LogCaptureFixture) -> None:
    tell_deafness(Settings(solver="SCIP", threads=1))
    assert not caplog.messages
    tell_deafness(Settings(solver="GLPK", threads=2))
    tell_deafness(Settings(solver="GLPK_CMD", threads=2))
    assert caplog.messages == [
        "GLPK cannot be told threads: it goes its own way there",
        "GLPK_CMD cannot be told the gap and threads and seed: it goes its own way there",
    ]


Lie = Callable[[pulp.LpProblem], tuple[pulp.LpSolveStatus, float | None]]


@pytest.fixture
def liar(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Lie], None]]:
    """A solver named SCIP that says what it is told to say; its bound is what `read_bound` finds."""

    def install(lie: Lie) -> None:
        class Liar(pulp.HiGHS):
            name = "Liar"

            def actualSolve(self, lp, **kwargs):  # type: ignore[no-untyped-def]  # noqa: N802
                stats = super().actualSolve(lp)
                stats.status, lp.solverModel = lie(lp)
                stats.has_solution = True
                return stats

        monkeypatch.setattr(pulp.apis, "_all_solvers", [*pulp.apis._all_solvers, Liar])
        kind = SolverKind("Liar", package="pulp", read_bound=float)
        monkeypatch.setitem(KINDS, "SCIP", kind)

    return install


def set_all(lp: pulp.LpProblem, value: int) -> None:
    for variable in lp.variables():
        variable.varValue = value


OPTIMAL = pulp.LpSolveStatus.Optimal


def test_a_dear_plan_called_optimal_without_a_bound_is_not_believed(liar: Callable[[Lie], None]) -> None:
    def lie(lp: pulp.LpProblem) -> tuple[pulp.LpSolveStatus, None]:
        set_all(lp, 1)
        return OPTIMAL, None

    liar(lie)
    truth = planner.optimise(dear(), minimise=("cost",))
    plan = planner.optimise(dear(), minimise=("cost",), solver="SCIP")
    assert plan.bound["cost"] <= truth.objective["cost"] <= plan.objective["cost"]
    assert plan.status == "feasible" or plan.objective == truth.objective


def test_an_impossible_bound_is_an_error(liar: Callable[[Lie], None]) -> None:
    def lie(lp: pulp.LpProblem) -> tuple[pulp.LpSolveStatus, float]:
        set_all(lp, 1)
        return OPTIMAL, 8.1680144e09

    liar(lie)
    with pytest.raises(SolverFailedError, match=r"claims a bound of .* and a plan of .* is known"):
        planner.optimise(dear(), minimise=("cost",), solver="SCIP")


def test_a_point_of_zeros_called_optimal_is_an_error(liar: Callable[[Lie], None]) -> None:
    def lie(lp: pulp.LpProblem) -> tuple[pulp.LpSolveStatus, float]:
        set_all(lp, 0)
        return OPTIMAL, 0.0

    liar(lie)
    with pytest.raises(SolverFailedError, match="breaks the rows of its model"):
        planner.optimise(dear(), minimise=("cost",), solver="SCIP")


def test_a_limit_that_is_called_optimal_leaves_a_gap(liar: Callable[[Lie], None]) -> None:
    """The plan it was started from, called optimal, with no bound to it and no time left to check."""

    progress = planner.progress.Progress(60.0)

    def lie(lp: pulp.LpProblem) -> tuple[pulp.LpSolveStatus, None]:
        set_all(lp, 1)
        progress.restart(0.0)
        return OPTIMAL, None

    liar(lie)
    plan = planner.optimise(dear(), minimise=("cost",), solver="SCIP", progress=progress)
    assert plan.status == "feasible"
    assert plan.gap is not None
    assert plan.gap > 0
    assert plan.verification is not None
    assert plan.verification.survives
