"""Writes the pages that come from the program itself: study.toml, the command line, the Python interface."""

from __future__ import annotations

import json
from pathlib import Path

import click

import planner
from planner.cli import commands
from planner.study.annotated import to_toml, to_value
from planner.study.reference import Key, Table, find_tables
from planner.study.schema import to_json_schema

GROUPS = {
    "Studies": ["read_study", "Study", "check", "audit", "solve", "verify_run", "replay"],
    "What comes out": ["Outcome", "AuditOutcome", "ReplayOutcome"],
    "Writing it": ["write_report", "write_audit_report", "write_gis", "write_plan_json", "write_audit_json"],
    "Network and risk": ["read_network", "Network", "Remark", "find_risk_groups", "RiskGroups", "to_graph"],
    "The core, without files": ["Problem", "to_problem", "optimise", "Plan", "explain", "Alternatives"],
    "Proof and attack": ["verify", "Verification", "find_worst_attack", "WorstAttack"],
}
"""Names of the Python interface by what they are for; names that are in none come last."""


def write_generated(folder: Path) -> None:
    """Write the pages into a folder."""
    pages = {"study-reference": to_study_page(), "commands": to_commands_page(), "python": to_python_page()}
    for name, text in pages.items():
        (folder / f"{name}.md").write_text(text, encoding="utf-8", newline="\n")
    files = {"study.schema.json": json.dumps(to_json_schema(), ensure_ascii=False, indent=1) + "\n"}
    files["study.toml"] = to_toml({"study": {}, "network": {}, "cuts": {}})
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8", newline="\n")


def to_study_page() -> str:
    """Every table and key of study.toml."""
    head = [
        "# Every key of study.toml",
        "This page is made from the program, so it is what this version takes."
        " {download}`study.toml <study.toml>` has the same as one file, every key commented out;"
        " `planner init my-study --annotated` writes it with a study that runs, and"
        " {download}`study.schema.json <study.schema.json>` beside it, by which editors complete and check."
        " A key that is not known is an error that names the nearest one that is.",
        "Only `[study]`, `[network]` and `[cuts]` have to be there. [Studies](studies.md) says how they go together.",
    ]
    return "\n\n".join([*head, *(part for table in find_tables() for part in _to_table(table))]) + "\n"


def _to_table(table: Table) -> list[str]:
    title = f"`[[{table.name}]]`" if table.is_entry else f"`[{table.name}]`"
    parts = [f"## {title}" if not table.is_entry else f"### {title}", table.description]
    return [*parts, *(_to_key(key) for key in table.keys)]


def _to_key(key: Key) -> str:
    kind = f"{key.kind} ({key.unit})" if key.unit else key.kind
    is_empty = key.default in ((), {})
    if key.is_required:
        fallback = "has to be set"
    elif key.default is None:
        fallback = "not set unless given"
    else:
        fallback = f"default `{to_value(key.default)}`"
    shown = key.is_required or key.default is None or is_empty
    example = f"; for example `{to_value(key.example)}`" if shown and key.example not in ((), {}) else ""
    return f"`{key.name}`\n: {_escape(key.description)}\\\n  *{_escape(kind)}*; {fallback}{example}."


def _escape(text: str) -> str:
    """Words with signs that Markdown would take for its own."""
    return "".join(f"\\{sign}" if sign in "*_`[]<>" else sign for sign in text)


def to_commands_page() -> str:
    """Every command, from click."""
    context = click.Context(commands, info_name="planner")
    parts = ["# Command line", "`planner COMMAND --help` says the same. `python -m planner` is the same program."]
    for name in commands.list_commands(context):
        command = commands.get_command(context, name)
        if command is not None:
            own = click.Context(command, info_name=name, parent=context)
            help_text = command.get_help(own)
            parts += [f"## planner {name}", f"```text\n{help_text}\n```"]
    return "\n\n".join(parts) + "\n"


def to_python_page() -> str:
    """Every name of `planner.__all__`, from docstrings."""
    told = {name for names in GROUPS.values() for name in names}
    rest = [name for name in planner.__all__ if name not in told and name != "__version__"]
    parts = [
        "# Python",
        "`import planner` is the whole interface; each name is imported when it is first used."
        " The README has two examples to begin with.",
    ]
    for title, names in {**GROUPS, "Further names": rest}.items():
        parts.append(f"## {title}")
        parts += [_to_directive(name) for name in names]
    return "\n\n".join(parts) + "\n"


def _to_directive(name: str) -> str:
    is_class = isinstance(getattr(planner, name), type)
    kind = "autoexception" if name.endswith("Error") else "autoclass" if is_class else "autofunction"
    return f"### {name}\n\n```{{eval-rst}}\n.. {kind}:: planner.{name}\n```"
