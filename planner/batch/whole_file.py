"""A file that is written whole or not at all."""

from __future__ import annotations

import os
import secrets
import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_DRAFT = ".draft-"


@contextmanager
def whole_file(target: Path) -> Iterator[Path]:
    """Give a file of the same name in a hidden folder to write to; on leaving it becomes the target, if all went well.

    Raises
    ------
    OSError
        When the file cannot be brought to the disk; the target is then as it was.
    """
    draft = target.parent / f"{_DRAFT}{secrets.token_hex(4)}" / target.name
    draft.parent.mkdir(parents=True)
    try:
        yield draft
        with draft.open("rb+") as file:
            os.fsync(file.fileno())
        draft.replace(target)
    finally:
        shutil.rmtree(draft.parent, ignore_errors=True)


def tidy_drafts(folder: Path) -> None:
    """Remove what a killed process had begun to write to a folder that nobody else writes to now."""
    for draft in sorted(folder.glob(f"{_DRAFT}*")):
        shutil.rmtree(draft, ignore_errors=True)
