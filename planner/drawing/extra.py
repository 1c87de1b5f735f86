"""Libraries that only notebooks need."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from planner.errors import MissingExtraError


def import_extra(name: str) -> Any:
    """Import a module of the extra ``notebook``.

    Raises
    ------
    MissingExtraError
        Where it is not installed, with the command that installs it.
    """
    try:
        return import_module(name)
    except ImportError as error:
        library = name.partition(".")[0]
        message = f"this needs {library}: pip install 'fibre-resilience-planner[notebook]'"
        raise MissingExtraError(message) from error
