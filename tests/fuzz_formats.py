"""Changes files of every format at random and reads them: a clear error or a network, and nothing else.

``python tests/fuzz_formats.py --seconds 3600`` runs it for an hour and prints what it finds, each
with the seed that shows it.
"""

from __future__ import annotations

import argparse
import random
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import traceback
import warnings
import zipfile
from pathlib import Path

from format_cases import WRITERS, write_sample

from planner.errors import InputError
from planner.run import check

LIMIT_S = 20
TOKENS = [
    *(b"NaN", b"-Infinity", b"1e400", b"-0", b"99999999999999999999", b"1e-400", b"null", b"[]", b"{}", b'""', b"\x00"),
    *(b"\xff\xfe", b"\xed\xa0\x80", "\u202egnissim".encode(), b"&lol;", b"<!DOCTYPE a>", b"'; drop table", b"]" * 50),
    *(
        b"[" * 500,
        b"{" * 500,
        b'{"a":' * 500,
        b"A" * 10_000,
        b"\x01\x02",
        b"../../etc/passwd",
        b"\n",
        b",",
        b'"',
        b"<a>",
    ),
    *("\u0645\u0631\u062d\u0628\u0627".encode(), b"<script>alert(1)</script>", b"=1+1", b"181", b"-91", b"1e9"),
]


class TooSlowError(Exception):
    """A file took longer than any should."""


def change(data: bytes, rng: random.Random) -> bytes:
    """One to four random changes: bytes flipped, cut out, doubled, cut off, or tokens put in."""
    for _ in range(rng.choice((1, 1, 2, 4))):
        begin = rng.randrange(len(data) + 1)
        end = min(len(data), begin + rng.choice((1, 4, 30, 300)))
        piece = data[begin:end]
        match rng.randrange(7):
            case 0:
                data = data[:begin]
            case 1:
                data = data[:begin] + data[end:]
            case 2:
                data = data[:end] + piece + data[end:]
            case 3:
                data = data[:begin] + bytes(byte ^ (1 << rng.randrange(8)) for byte in piece) + data[end:]
            case 4:
                data = data[:begin] + rng.choice(TOKENS) + data[begin:]
            case 5:
                data = data[:begin] + rng.choice(TOKENS) + data[end:]
            case _:
                data = _change_number(data, rng)
    return data


def _change_number(data: bytes, rng: random.Random) -> bytes:
    digits = [place for place, byte in enumerate(data) if 48 <= byte <= 57]
    if not digits:
        return data
    place = rng.choice(digits)
    return data[:place] + rng.choice(TOKENS) + data[place + 1 :]


def change_sample(folder: Path, rng: random.Random) -> None:
    """Change one file of a sample; of an archive sometimes a file in it."""
    files = sorted(file for file in folder.iterdir() if file.is_file())
    inputs = [file for file in files if file.name != "study.toml"]
    file = folder / "study.toml" if rng.random() < 0.05 else rng.choice(inputs)
    if file.suffix in (".zip", ".kmz") and rng.random() < 0.7:
        with zipfile.ZipFile(file) as archive:
            members = {name: archive.read(name) for name in archive.namelist()}
        chosen = rng.choice(sorted(members))
        members[chosen] = change(members[chosen], rng)
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, data in members.items():
                archive.writestr(name, data)
        return
    file.write_bytes(change(file.read_bytes(), rng))


def try_one(sample: Path, folder: Path, seed: str) -> str | None:
    """Change a copy of a sample by a seed and read it; what is wrong with how that went, or None."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(sample, folder)
    change_sample(folder, random.Random(seed))
    before = sorted(folder.rglob("*"))
    signal.signal(signal.SIGALRM, _too_slow)
    signal.alarm(LIMIT_S)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            check(folder)
    except InputError as error:
        if not str(error).strip():
            return "an error that says nothing"
    except TooSlowError:
        return f"took more than {LIMIT_S} s"
    except Exception:
        return traceback.format_exc(limit=-8)
    finally:
        signal.alarm(0)
    return None if sorted(folder.rglob("*")) == before else "files were left beside the inputs"


def _too_slow(number: int, frame: object) -> None:
    raise TooSlowError


def run_batch(folder: Path, names: list[str], first: int, last: int) -> int:
    """Try seeds of some formats, print what is found; the number of it."""
    num_found = 0
    for name in names:
        sample = write_sample(folder / "samples" / name, name)
        for number in range(first, last):
            seed = f"{name}-{number}"
            (folder / "current").write_text(seed, encoding="utf-8")
            found = try_one(sample, folder / "try", seed)
            if found:
                num_found += 1
                print(f"{seed}: {found}", flush=True)
        shutil.rmtree(sample)
    print(f"memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB", file=sys.stderr)
    return num_found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--formats", nargs="*", default=sorted(WRITERS))
    parser.add_argument(
        "--batch", nargs=2, type=int, metavar=("FIRST", "LAST"), help="only these seeds, in this process"
    )
    arguments = parser.parse_args()
    end, first, num_dead = time.monotonic() + arguments.seconds, 0, 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if arguments.batch:
            sys.exit(run_batch(folder, arguments.formats, *arguments.batch) > 0)
        while time.monotonic() < end:
            # a process of its own: a library that crashes takes no more with it
            command = [
                sys.executable,
                __file__,
                "--batch",
                str(first),
                str(first + 50),
                "--formats",
                *arguments.formats,
            ]
            done = subprocess.run(command, check=False)
            if done.returncode not in (0, 1):
                num_dead += 1
                print(f"seeds {first} to {first + 50}: the process died with {done.returncode}", flush=True)
            first += 50
    print(f"{first * len(arguments.formats)} files read, {num_dead} crashes")


if __name__ == "__main__":
    main()
