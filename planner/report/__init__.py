"""Results as pages for people: one HTML file, the same as Markdown, and the tables as a workbook."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from planner.report.model import Report
    from planner.result import AuditOutcome, Outcome

__all__ = ["to_audit_summary", "to_summary", "write_audit_report", "write_report"]


def to_summary(outcome: Outcome) -> list[str]:
    """The decision and what stands behind it, a sentence or two a line: for a terminal."""
    from planner.report.basis import to_basis
    from planner.report.decision import to_headline, to_statements

    built = outcome.built
    basis = to_basis(outcome, (route.route for route in built.routes) if built else ())
    return [to_headline(outcome, basis), *to_statements(outcome, basis)]


def to_audit_summary(outcome: AuditOutcome) -> list[str]:
    """The same of an audit."""
    from planner.report.audit import to_audit_headline, to_audit_statements
    from planner.report.basis import to_basis

    basis = to_basis(outcome)
    return [to_audit_headline(outcome.survival, basis), *to_audit_statements(outcome.survival, basis)]


def write_report(outcome: Outcome, folder: str | Path, *, with_pdf: bool = False) -> None:
    """Write ``report.html``, ``report.md`` and ``tables.xlsx`` of a solved study.

    Parameters
    ----------
    outcome
        What `planner solve` found out, whatever its status.
    folder
        An existing folder; files of these names in it are replaced.
    with_pdf
        Write ``report.pdf`` as well; needs the extra ``pdf``.

    Examples
    --------
    >>> planner.write_report(planner.solve("towns"), "run")
    """
    from planner.report.language import speaking
    from planner.report.view import to_report

    with speaking(outcome.study.report.language):
        _write_all(to_report(outcome), Path(folder), with_pdf=with_pdf)


def write_audit_report(outcome: AuditOutcome, folder: str | Path, *, with_pdf: bool = False) -> None:
    """Write ``report.html``, ``report.md`` and ``tables.xlsx`` of an audit.

    Parameters
    ----------
    outcome
        What `planner audit` found out.
    folder
        An existing folder; files of these names in it are replaced.
    with_pdf
        Write ``report.pdf`` as well; needs the extra ``pdf``.

    Examples
    --------
    >>> planner.write_audit_report(planner.audit("towns"), "run")
    """
    from planner.report.language import speaking
    from planner.report.view import to_audit_report

    with speaking(outcome.study.report.language):
        _write_all(to_audit_report(outcome), Path(folder), with_pdf=with_pdf)


def _write_all(report: Report, folder: Path, *, with_pdf: bool) -> None:
    from planner.report.html import write_html
    from planner.report.markdown import write_markdown
    from planner.report.workbook import write_workbook

    write_html(report, folder / "report.html")
    write_markdown(report, folder / "report.md")
    write_workbook(report, folder / "tables.xlsx")
    if with_pdf:
        from planner.report.pdf import write_pdf

        write_pdf(report, folder / "report.pdf")
