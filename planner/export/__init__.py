"""Results as files for programs and GIS tools: plan.json, GeoJSON, GeoPackage, KMZ, and the way back."""

from __future__ import annotations

from planner.export.document import (
    to_audit_document,
    to_plan_document,
    write_audit_json,
    write_plan_json,
)
from planner.export.folder import tidy_folders, whole_folder
from planner.export.gis import write_gis
from planner.export.input_files import find_input_states
from planner.export.read_run import read_run
from planner.export.run_files import RunFiles, to_run_problem
from planner.export.run_folder import check_replaceable

__all__ = [
    "RunFiles",
    "check_replaceable",
    "find_input_states",
    "read_run",
    "tidy_folders",
    "to_audit_document",
    "to_plan_document",
    "to_run_problem",
    "whole_folder",
    "write_audit_json",
    "write_gis",
    "write_plan_json",
]
