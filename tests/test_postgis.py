"""Studies from a PostGIS database: the same plan as from files, nothing changed, the URL in no file and no message."""

from __future__ import annotations

import getpass
import json
import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from format_cases import route_frame, site_frame, to_study, write_sample, write_text

from planner.errors import InputError
from planner.network import read_network
from planner.progress import Progress
from planner.run import solve
from planner.run.write import write_solve
from planner.study import read_study

sqlalchemy = pytest.importorskip("sqlalchemy", reason="SQLAlchemy is not installed")
pytest.importorskip("psycopg", reason="psycopg is not installed")

BIN = max(Path("/usr/lib/postgresql").glob("*/bin"), default=Path("/nowhere"), key=lambda path: int(path.parent.name))
PASSWORD = "a-secret-word"
OWNER = "postgres" if os.geteuid() == 0 else getpass.getuser()


def run_as_owner(*command: str) -> None:
    as_owner = ["runuser", "-u", OWNER, "--"] if os.geteuid() == 0 else []
    done = subprocess.run([*as_owner, *command], capture_output=True, text=True, check=False, cwd="/")
    if done.returncode:
        pytest.fail(f"{command[0]} failed: {done.stdout}{done.stderr}")


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A cluster of its own, on a port that is free, with the sample network in two tables."""
    if not (BIN / "initdb").exists():
        pytest.skip("PostgreSQL is not installed")
    if not list(Path("/usr/share/postgresql").glob("*/extension/postgis.control")):
        pytest.skip("PostGIS is not installed")
    folder = Path("/tmp") / f"planner-postgres-{os.getpid()}"  # its socket's path must be short
    folder.mkdir()
    if os.geteuid() == 0:
        shutil.chown(folder, OWNER)
    (folder / "password").write_text(PASSWORD, encoding="utf-8")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    try:
        first = ["-A", "scram-sha-256", "-U", "planner_owner", f"--pwfile={folder / 'password'}", "--no-sync"]
        run_as_owner(str(BIN / "initdb"), "-D", str(folder / "data"), *first)
        options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} -c fsync=off"
        start = ["-w", "-l", str(folder / "log"), "-o", options, "start"]
        run_as_owner(str(BIN / "pg_ctl"), "-D", str(folder / "data"), *start)
        yield _fill(f"postgresql://planner_owner:{PASSWORD}@127.0.0.1:{port}/postgres")
    finally:
        if (folder / "data" / "postmaster.pid").exists():
            run_as_owner(str(BIN / "pg_ctl"), "-D", str(folder / "data"), "-m", "immediate", "-w", "stop")
        shutil.rmtree(folder)


def _fill(url: str) -> str:
    engine = sqlalchemy.create_engine(url.replace("postgresql://", "postgresql+psycopg://"))
    with engine.begin() as connection:
        connection.execute(sqlalchemy.text('CREATE EXTENSION postgis; CREATE SCHEMA "Net work"'))
        for name, frame in (("sites", site_frame("EPSG:2154")), ('rou"tes', route_frame("EPSG:2154"))):
            frame.sample(frac=1, random_state=1).to_postgis(name, connection, schema="Net work")
        connection.execute(
            sqlalchemy.text(
                "CREATE TABLE secret (id int); CREATE SEQUENCE counter; "
                'CREATE TABLE "Net work".links AS SELECT id, a, b FROM "Net work"."rou""tes"'
            )
        )
    engine.dispose()
    return url


@pytest.fixture
def database(url: str, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("PLANNER_TEST_DB", url)
    return url


def study_in(folder: Path, sites: str, routes: str = 'postgis:PLANNER_TEST_DB#Net work.rou"tes') -> Path:
    write_text(folder, "study.toml", to_study(sites, routes))
    return folder


def faults_in(folder: Path) -> list[str]:
    with pytest.raises(InputError) as caught:
        read_network(read_study(folder))
    return [str(fault) for fault in caught.value.faults]


@pytest.mark.usefixtures("database")
def test_same_plan_as_from_files_and_no_trace_of_the_url(tmp_path: Path, url: str) -> None:
    (tmp_path / "db").mkdir()
    query = "postgis:PLANNER_TEST_DB#select * from \"Net work\".sites where name like '%' and geometry::text <> ':x'"
    documents = []
    for folder in (write_sample(tmp_path / "files", "geojson"), study_in(tmp_path / "db", query)):
        write_solve(solve(folder), tmp_path / "runs" / folder.name, Progress())
        documents.append(json.loads((tmp_path / "runs" / folder.name / "plan.json").read_text(encoding="utf-8")))
    for key in ("status", "selected", "objective", "bound", "verified", "regions"):
        assert documents[0][key] == documents[1][key]
    assert list(documents[1]["inputs"]) == ["study.toml"]
    port = url.rpartition(":")[2].partition("/")[0]
    for file in (tmp_path / "runs" / "db").iterdir():
        data = file.read_bytes()
        assert not any(word.encode() in data for word in (PASSWORD, "planner_owner", f"127.0.0.1:{port}"))


@pytest.mark.usefixtures("database")
def test_table_that_only_names_ends_is_drawn_straight(tmp_path: Path) -> None:
    network = read_network(
        read_study(
            study_in(tmp_path, "postgis:PLANNER_TEST_DB#Net work.sites", "postgis:PLANNER_TEST_DB#Net work.links")
        )
    )
    assert len(network.routes) == 6
    assert "drawn_straight" in {remark.kind for remark in network.remarks}


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize(
    ("wanted", "says"),
    [
        ("Net work.sitse", 'relation "Net work.sitse" does not exist'),
        ("sites; drop table secret", 'relation "sites; drop table secret" does not exist'),
        ('x" as y; drop table secret; --', "does not exist"),
        (
            "select * from secret) as x; drop table secret; --",
            "cannot insert multiple commands into a prepared statement",
        ),
        ("with gone as (delete from secret returning *) select * from gone", "must be at the top level"),
        (
            "select set_config('transaction_read_only', 'off', false)",
            "transaction read-write mode must be set before any query",
        ),
        ("select nextval('counter')", "cannot execute nextval() in a read-only transaction"),
        ("select lo_create(0)", "has no geometry"),  # PostgreSQL 15 lets it through; what is never committed is undone
        ("", "is no table; write schema.table, or a query that begins with select"),
    ],
)
def test_nothing_but_reading(tmp_path: Path, url: str, wanted: str, says: str) -> None:
    (fault,) = faults_in(study_in(tmp_path, f"postgis:PLANNER_TEST_DB#{wanted}"))
    assert says in fault
    assert PASSWORD not in fault
    engine = sqlalchemy.create_engine(url.replace("postgresql://", "postgresql+psycopg://"))
    with engine.connect() as connection:
        for table in ("secret", "pg_largeobject_metadata"):
            assert connection.execute(sqlalchemy.text(f"select count(*) from {table}")).scalar() == 0
    engine.dispose()


@pytest.mark.parametrize(
    ("value", "says"),
    [
        (None, "there is no environment variable 'PLANNER_TEST_DB'"),
        (
            f"postgresql://planner_owner:{PASSWORD}@127.0.0.1:1/postgres",
            "the database that PLANNER_TEST_DB names does not",
        ),
        (f"mysql://me:{PASSWORD}@127.0.0.1/x", "the URL in PLANNER_TEST_DB is not one of PostgreSQL"),
        (f"postgresql:/{PASSWORD}", "the URL in PLANNER_TEST_DB cannot be understood"),
        (f"postgresql://me:{PASSWORD}@127.0.0.1:x/y", "the URL in PLANNER_TEST_DB cannot be understood"),
    ],
)
def test_url_is_in_no_message(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, value: str | None, says: str) -> None:
    monkeypatch.delenv("PLANNER_TEST_DB", raising=False)
    if value is not None:
        monkeypatch.setenv("PLANNER_TEST_DB", value)
    faults = faults_in(study_in(tmp_path, "postgis:PLANNER_TEST_DB#sites"))
    assert faults[0].startswith(f"postgis:PLANNER_TEST_DB#sites: {says}")
    assert PASSWORD not in "".join(faults)
    assert "planner_owner" not in "".join(faults)
