"""A run folder that is written whole or not at all."""

from __future__ import annotations

import os
import re
import secrets
import shutil
import socket
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from planner.errors import Fault, InputError
from planner.export.run_folder import check_replaceable

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def whole_folder(target: Path) -> Iterator[Path]:
    """Give a hidden folder beside the target to write into; on leaving it becomes the target.

    Whatever goes wrong before, an interrupt or a full disk included, the target stays as it was. What a killed process
    left behind is put right by the next one on the same machine.

    Parameters
    ----------
    target
        Folder to make or to replace; see `planner.export.run_folder.check_replaceable` for what is replaced.

    Yields
    ------
    Path
        An empty folder on the same disk.

    Raises
    ------
    InputError
        When the target must not be replaced or its parent cannot be written to.
    OSError
        When the files cannot be brought to the disk.
    """
    target = target.resolve()
    _tidy(target)
    check_replaceable(target)
    draft = _make_draft(target)
    try:
        yield draft
        _sync(draft)
        check_replaceable(target)  # again: what was written may have taken a night
        _swap(draft, target)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def tidy_folders(parent: Path) -> None:
    """Put right what killed processes of this machine left of any run folder in `parent`."""
    pattern = re.compile(r"\.(.+)\.(?:new|old)-.+-\d+-[0-9a-f]{8}")
    matches = [pattern.fullmatch(path.name) for path in sorted(parent.iterdir())] if parent.is_dir() else []
    for name in sorted({match[1] for match in matches if match}):
        _tidy(parent / name)


def _make_draft(target: Path) -> Path:
    draft = _to_sibling(target, "new")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        draft.mkdir()
    except OSError as error:
        fault = Fault(str(target), f"cannot be made: {error.strerror}", "choose another folder with --out")
        raise InputError([fault]) from error
    return draft


def _sync(folder: Path) -> None:
    """Force everything to the disk, so that a full one is noticed before the rename and not after."""
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            with path.open("rb+") as file:
                os.fsync(file.fileno())


def _swap(draft: Path, target: Path) -> None:
    """Put the draft in the target's place; if that fails the old target comes back."""
    if not target.exists():
        draft.rename(target)
        return
    old = _to_sibling(target, "old")
    try:
        target.rename(old)
        draft.rename(target)
    finally:
        if not target.exists():
            old.rename(target)
        shutil.rmtree(old, ignore_errors=True)


def _to_sibling(target: Path, kind: str) -> Path:
    return target.with_name(f"{_to_prefix(target, kind)}{os.getpid()}-{secrets.token_hex(4)}")


def _to_prefix(target: Path, kind: str) -> str:
    return f".{target.name}.{kind}-{socket.gethostname()}-"


def _tidy(target: Path) -> None:
    """Put back what a killed process had moved aside, and remove what it had begun."""
    for old in _find_left_behind(target, "old"):
        if target.exists():
            shutil.rmtree(old, ignore_errors=True)
        else:
            old.rename(target)
    for draft in _find_left_behind(target, "new"):
        shutil.rmtree(draft, ignore_errors=True)


def _find_left_behind(target: Path, kind: str) -> list[Path]:
    """Siblings made on this machine by processes that are no more."""
    if not target.parent.is_dir():
        return []
    pattern = re.compile(re.escape(_to_prefix(target, kind)) + r"(\d+)-[0-9a-f]{8}")
    found = [(path, pattern.fullmatch(path.name)) for path in sorted(target.parent.iterdir())]
    return [path for path, match in found if match and not _is_running(int(match[1]))]


def _is_running(process_id: int) -> bool:
    if os.name != "posix":  # elsewhere signal 0 is no question but a kill
        return True
    try:
        os.kill(process_id, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
