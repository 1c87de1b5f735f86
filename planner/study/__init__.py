"""study.toml as a Study: every setting checked, with its default filled in."""

from planner.study.cuts import SitesFail
from planner.study.goals import DetourLimits, DetourPair, DetoursSection
from planner.study.model import SECTIONS, Study
from planner.study.naming import FORMATS, is_database, is_there, split_name
from planner.study.near import find_near, find_nearest, suggest
from planner.study.overrides import (
    SHORT_NAMES,
    flatten,
    put,
    to_dotted,
    to_setting,
    to_table,
    with_language,
    with_settings,
)
from planner.study.read import read_settings, read_study, read_toml, to_study
from planner.study.report import Language
from planner.study.solver import SOLVERS, find_solver

__all__ = [
    "FORMATS",
    "SECTIONS",
    "SHORT_NAMES",
    "SOLVERS",
    "DetourLimits",
    "DetourPair",
    "DetoursSection",
    "Language",
    "SitesFail",
    "Study",
    "find_near",
    "find_nearest",
    "find_solver",
    "flatten",
    "is_database",
    "is_there",
    "put",
    "read_settings",
    "read_study",
    "read_toml",
    "split_name",
    "suggest",
    "to_dotted",
    "to_setting",
    "to_study",
    "to_table",
    "with_language",
    "with_settings",
]
