"""Reads a table or a query of a PostGIS database, without ever changing or naming it."""

from __future__ import annotations

import os
import warnings
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pandas as pd
from shapely.errors import ShapelyError

from planner.network.formats.source import FormatError, Raw, name_uniquely

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

TIMEOUT_S = 600
SESSION = f"-c default_transaction_read_only=on -c statement_timeout={TIMEOUT_S * 1000}"


def read_database_table(variable: str, wanted: str) -> Raw:
    """Read a table or a query.

    Parameters
    ----------
    variable
        The environment variable that holds the connection URL. The URL is in no message.
    wanted
        ``table``, ``schema.table`` or a query that begins with ``select`` or ``with``.

    Raises
    ------
    FormatError
        Where the libraries or the variable are missing, the database does not answer, or the query fails.
    """
    try:
        import psycopg  # noqa: F401
        import sqlalchemy as sa
    except ImportError as error:
        remedy = "install them with pip install 'fibre-resilience-planner[postgis]'"
        raise FormatError("needs psycopg and SQLAlchemy", remedy) from error
    if not variable.isidentifier() or not os.environ.get(variable):
        raise FormatError(f"there is no environment variable {variable!r}", "put the connection URL into it")
    engine = _to_engine(os.environ[variable], variable)
    try:
        with engine.connect() as connection:
            return _read(connection, wanted)
    except sa.exc.OperationalError as error:
        # what the server says names hosts and users
        if getattr(error.orig, "sqlstate", None) is None:
            what = f"the database that {variable} names does not answer"
            raise FormatError(what, "see that it runs, and that the URL is right") from None
        raise _refusal(error) from None
    except (sa.exc.SQLAlchemyError, pd.errors.DatabaseError) as error:
        raise _refusal(error) from None
    except (ValueError, TypeError, LookupError, ShapelyError) as error:
        raise FormatError(f"cannot be read: {type(error).__name__}", "see that the query gives a plain table") from None
    finally:
        engine.dispose()


def _to_engine(url: str, variable: str) -> Engine:
    import sqlalchemy as sa

    try:
        parsed = sa.make_url(url)
        if parsed.get_backend_name() not in ("postgresql", "postgres"):
            raise FormatError(f"the URL in {variable} is not one of PostgreSQL", "write it postgresql://…")
        parsed = parsed.set(drivername="postgresql+psycopg")
        # every statement is prepared: PostgreSQL refuses several in one, and so none can follow the query
        options = {"options": SESSION, "prepare_threshold": 0, "connect_timeout": 10}
        return sa.create_engine(parsed, connect_args=options, poolclass=sa.NullPool)
    except (sa.exc.SQLAlchemyError, ValueError, TypeError) as error:
        del error  # it may hold the URL
        raise FormatError(f"the URL in {variable} cannot be understood", "write it postgresql://…") from None


def _read(connection: Connection, wanted: str) -> Raw:
    import geopandas as gpd
    import sqlalchemy as sa

    query = to_query(wanted)
    kinds = connection.execute(sa.text("select oid from pg_type where typname in ('geometry', 'geography')"))
    geometry_oids = {row[0] for row in kinds}
    cursor = connection.execute(sa.text(_escape(f"select * from ({query}) as wanted limit 0"))).cursor
    described = [] if cursor is None or cursor.description is None else cursor.description
    places = [str(column[0]) for column in described if column[1] in geometry_oids]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        if not places:
            frame: Any = pd.read_sql(sa.text(_escape(query)), connection)
        else:
            frame = gpd.read_postgis(
                sa.text(_escape(query)),
                connection,  # type: ignore[call-overload]
                geom_col=places[0],
            )
    frame.columns = pd.Index(name_uniquely(frame.columns))
    columns = [name for name in frame if name not in places]
    for name in columns:
        if frame[name].dtype.kind in "OmM":
            frame[name] = pd.Series([_to_cell(cell) for cell in frame[name]], dtype=object)
    return Raw(frame.drop(columns=places[1:]), is_schematic=not places)


def to_query(wanted: str) -> str:
    """A query as it is; a table's name, quoted, as a query."""
    if wanted.lstrip().lower().startswith(("select ", "select\n", "with ")):
        return wanted.strip().rstrip(";")
    parts = wanted.split(".", 1)
    if not all(parts) or "\0" in wanted:
        raise FormatError(f"{wanted!r} is no table", "write schema.table, or a query that begins with select")
    return "select * from " + ".".join('"' + part.replace('"', '""') + '"' for part in parts)


def _escape(query: str) -> str:
    """SQLAlchemy's text takes a word behind a colon for a parameter."""
    return query.replace(":", "\\:")


def _to_cell(cell: Any) -> Any:
    if isinstance(cell, Decimal):
        return float(cell)
    if isinstance(cell, UUID):
        return str(cell)
    if isinstance(cell, bytes | memoryview):
        return None
    return cell.isoformat() if hasattr(cell, "isoformat") else cell


def _refusal(error: Any) -> FormatError:
    """What the server says of the query, without the query and the connection."""
    cause = error if hasattr(error, "orig") else error.__cause__
    says = getattr(getattr(getattr(cause, "orig", None), "diag", None), "message_primary", None) or type(error).__name__
    return FormatError(f"the database refuses: {says}", "see that the table is there and may be read")
