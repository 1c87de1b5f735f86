"""A study in short, for a notebook."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from planner.drawing.card import to_card
from planner.study.overrides import flatten, to_table

if TYPE_CHECKING:
    from planner.study.model import Study


def to_study_card(study: Study) -> str:
    """What a study asks for, then every setting that it was given."""
    cuts = study.cuts
    facts = [
        ("file", f"{study.folder.name}/{study.path.name}"),
        ("has to survive", f"any {cuts.simultaneous} simultaneous cuts of {cuts.radius_m:g} m radius"),
        ("minimises", ", then ".join(study.minimise)),
    ]
    given = flatten(to_table(study))
    facts += [(name, _to_text(value)) for name, value in given.items() if name != "study.name"]
    return to_card(study.study.name, facts)


def _to_text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
