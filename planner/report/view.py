"""Outcome -> Report: which parts a report has, and in which order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.report.aftermath import to_aftermath_section
from planner.report.aftermath_tables import to_overloads_sheet, to_ways_sheet
from planner.report.alternatives import to_others_section, to_others_table, to_without
from planner.report.assumptions import to_assumptions_section
from planner.report.audit import to_audit_headline, to_audit_statements, to_audit_tone
from planner.report.basis import to_basis
from planner.report.caveats import to_caveats_section
from planner.report.decision import to_badge, to_headline, to_statements
from planner.report.detours import to_detours_section, to_detours_table
from planner.report.elsewhere import to_elsewhere_section
from planner.report.figures import to_figures, to_highlights
from planner.report.finance import to_finance_section
from planner.report.finance_sheets import to_finance_sheets
from planner.report.ground import to_ground_note
from planner.report.language import say
from planner.report.maplayers import to_layers
from planner.report.model import Report
from planner.report.options import to_options_section
from planner.report.options_tables import (
    to_budgets_table,
    to_counts_table,
    to_cuts_table,
    to_swings_table,
    to_variants_table,
)
from planner.report.phases import to_phases_section, to_phases_table
from planner.report.proof import to_proof_section, to_rerun_section
from planner.report.quality import to_network_section, to_remarks
from planner.report.radii import to_radii_section, to_radii_table
from planner.report.risks import to_risk_section, to_risk_table
from planner.report.sections import (
    to_blocking_section,
    to_ground_section,
    to_protected_section,
    to_regions_section,
    to_remaining_section,
    to_routes_section,
    to_weak_section,
)
from planner.report.sheets import to_sheets
from planner.report.stretches import to_stretches_section, to_stretches_table
from planner.report.survey import to_survey_section, to_survey_table
from planner.report.threat import to_threat_section

if TYPE_CHECKING:
    from collections.abc import Mapping

    from planner.report.model import Section
    from planner.result import AuditOutcome, Outcome


def to_report(outcome: Outcome) -> Report:
    """Everything that the report of a solved study says, whatever its status."""
    built = outcome.built
    basis = to_basis(outcome, (route.route for route in built.routes) if built else ())
    badge, tone = to_badge(outcome)
    sections = (
        to_blocking_section(outcome, basis),
        to_protected_section(outcome, basis),
        to_elsewhere_section(),
        to_network_section(basis),
        to_threat_section(basis),
        to_weak_section(outcome.before, basis, has_plan=built is not None),
        to_routes_section(outcome, basis),
        to_others_section(outcome, basis),
        to_regions_section(outcome.before, built, basis),
        to_remaining_section(built, basis),
        to_ground_section(basis),
        to_aftermath_section(outcome, basis),
        to_detours_section(outcome, basis),
        to_risk_section(outcome, basis),
        to_finance_section(outcome, basis),
        to_options_section(outcome, basis),
        to_phases_section(outcome, basis),
        to_assumptions_section(basis),
        to_survey_section(outcome, basis),
        to_caveats_section(basis),
        to_proof_section(outcome, basis),
        to_rerun_section(outcome, basis),
    )
    report = Report(
        title=basis.settings.name,
        badge=badge,
        tone=tone,
        headline=to_headline(outcome, basis),
        statements=to_statements(outcome, basis),
        notes=_to_notes(to_ground_note(outcome.network)),
        figures=to_figures(outcome.before, built, basis),
        highlights=to_highlights(built, basis),
        sections=_drop_empty(sections),
        crs=outcome.network.crs,
        layers=to_layers(
            outcome.before,
            built,
            basis,
            blocking=outcome.blocking,
            show_candidates=outcome.status in ("infeasible", "no_plan") and not built,
        ),
        has_after=built is not None,
        planner_version=_to_version(outcome.versions),
        sheets=(),
    )
    return to_sheets(
        report,
        outcome.before,
        built,
        basis,
        blocking=outcome.blocking,
        remarks=to_remarks(basis),
        without=to_without(outcome, basis),
        more=(
            (say("Ways"), to_detours_table(outcome, basis)),
            (say("Other plans"), to_others_table(outcome, basis)),
            (say("Survey"), to_survey_table(outcome, basis)),
            (say("Risk"), to_risk_table(outcome, basis)),
            *to_finance_sheets(outcome, basis),
            (say("Ways after cuts"), to_ways_sheet(outcome, basis)),
            (say("Overloads"), to_overloads_sheet(outcome, basis)),
            (say("Variants"), to_variants_table(outcome, basis)),
            (say("By cuts"), to_cuts_table(outcome, basis)),
            (say("By budget"), to_budgets_table(outcome, basis)),
            (say("Sensitivity"), to_swings_table(outcome, basis)),
            (say("Routes of plans"), to_counts_table(outcome, basis)),
            (say("Phases"), to_phases_table(outcome, basis)),
        ),
    )


def to_audit_report(outcome: AuditOutcome) -> Report:
    """Everything that the report of an audit says."""
    basis = to_basis(outcome)
    sections = (
        to_weak_section(outcome.survival, basis, has_plan=False),
        to_stretches_section(outcome, basis),
        to_radii_section(outcome.radii, basis),
        to_regions_section(outcome.survival, None, basis),
        to_ground_section(basis),
        to_elsewhere_section(),
        to_network_section(basis),
        to_threat_section(basis),
        to_caveats_section(basis, is_audit=True),
        to_rerun_section(outcome, basis),
    )
    report = Report(
        title=basis.settings.name,
        badge=say("Audit of the network as it is"),
        tone=to_audit_tone(outcome.survival, basis),
        headline=to_audit_headline(outcome.survival, basis),
        statements=to_audit_statements(outcome.survival, basis),
        notes=_to_notes(to_ground_note(outcome.network)),
        figures=to_figures(outcome.survival, None, basis),
        highlights=(),
        sections=_drop_empty(sections),
        crs=outcome.network.crs,
        layers=to_layers(outcome.survival, None, basis, stretches=outcome.critical_stretches),
        has_after=False,
        planner_version=_to_version(outcome.versions),
    )
    return to_sheets(
        report,
        outcome.survival,
        None,
        basis,
        blocking=None,
        remarks=to_remarks(basis),
        more=(
            (say("Critical stretches"), to_stretches_table(outcome.critical_stretches, basis)),
            (say("Radii"), to_radii_table(outcome.radii, basis)),
        ),
    )


def _drop_empty(sections: tuple[Section | None, ...]) -> tuple[Section, ...]:
    return tuple(section for section in sections if section)


def _to_notes(note: str) -> tuple[str, ...]:
    return (note,) if note else ()


def _to_version(versions: Mapping[str, str]) -> str:
    return versions.get("planner", versions.get("fibre-resilience-planner", ""))
