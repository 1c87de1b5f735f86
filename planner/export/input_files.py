"""Whether the inputs of a finished run are still what they were."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from planner.export.run_files import RunFiles

InputState = Literal["same", "changed", "missing"]


def find_input_states(run: RunFiles) -> dict[str, InputState]:
    """Compare the inputs with the hashes that the run noted.

    Parameters
    ----------
    run
        A run read back.

    Returns
    -------
    dict
        Input file, as named in ``plan.json``, to what became of it. All are missing where the study has moved away.
    """
    study_file = run.document.get("study_file")
    if study_file is None:
        return dict.fromkeys(sorted(run.document["inputs"]), "missing")
    study_folder = (run.folder.resolve() / study_file).parent
    states: dict[str, InputState] = {}
    for name, expected in sorted(run.document["inputs"].items()):
        try:
            with (study_folder / name).open("rb") as file:
                found = hashlib.file_digest(file, "sha256").hexdigest()
        except OSError:
            states[name] = "missing"
        else:
            states[name] = "same" if found == expected else "changed"
    return states
