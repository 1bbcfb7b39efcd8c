"""PostgreSQL: the schemas in which tables wait while a database is replaced.

One transaction that drops and makes every table needs more locks than a server has by default. So the
earlier tables move to a schema of their own, and the new ones are made statement by statement. Beginning,
putting back and committing are one small transaction each; the schemas tell the next run what a killed one
left. New sessions of this role find the earlier tables until the commit.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final, LiteralString

import psycopg
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg import sql

from coalition.backup.errors import BackupFailed

logger = logging.getLogger(__name__)
BEFORE: Final = "coalition_before_restore"  # the earlier tables, while the new ones are written
REPLACED: Final = "coalition_replaced"  # what waits to be dropped
FILLING: Final = "coalition-restore"  # the name under which pg_restore connects
LOCK_TIMEOUT = "10s"
# Dropping a table locks its columns' defaults, keys and indexes too. Measured: 700 locks for twenty of the
# site's tables, 6,400 for all 280; moving one takes two.
TABLES_AT_ONCE = 20
# Tables, views and sequences, without those of extensions; a column's sequence goes with its table.
# Functions and types stay, as the site has none: the database must be its own.
_RELATIONS_SQL: Final = """
SELECT relname FROM pg_class
WHERE relnamespace = to_regnamespace(quote_ident(%s)) AND relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
  AND NOT EXISTS (
    SELECT 1 FROM pg_depend WHERE classid = 'pg_class'::regclass AND objid = pg_class.oid
      AND (deptype = 'e' OR relkind = 'S' AND refclassid = 'pg_class'::regclass AND deptype IN ('a', 'i'))
  )
"""
_SEARCH_PATH_SQL: Final = """
SELECT substr(setting, length('search_path=') + 1)
FROM pg_db_role_setting JOIN pg_database ON pg_database.oid = setdatabase
  JOIN pg_roles ON pg_roles.oid = setrole, unnest(setconfig) AS setting
WHERE datname = current_database() AND rolname = current_user AND starts_with(setting, 'search_path=')
"""

type Session = psycopg.Connection[tuple[Any, ...]]


@contextmanager
def replaced_content(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """Give the block an empty schema to fill, whose tables replace the earlier ones when the block ends.

    If anything fails, the earlier tables are put back. Raises `BackupFailed`.
    """
    with _only_session(connection) as session:
        _recover(session)
        _set_aside(session)
        try:
            yield
            with session.transaction():  # from here on the new tables are the database's
                session.execute(_statement("ALTER SCHEMA {} RENAME TO {}", BEFORE, REPLACED))
                _reset_search_path(session)
        except BaseException as error:
            _put_back_or_tell(session, error)
            raise
        _drop_replaced_or_log(session)


def recover(connection: BaseDatabaseWrapper) -> None:
    """Put back what a killed restoration had set aside, and drop what one left.

    Raises `BackupFailed` if that fails, or while a restoration runs.
    """
    with _only_session(connection) as session:
        _recover(session)


def session_parameters(connection: BaseDatabaseWrapper) -> dict[str, Any]:
    """Return what connects psycopg to Django's database, without Django's own classes."""
    parameters = connection.get_connection_params()
    return {name: value for name, value in parameters.items() if name not in {"cursor_factory", "context"}}


@contextmanager
def _only_session(connection: BaseDatabaseWrapper) -> Iterator[Session]:
    """Open a session that no other restoration has at the same time. A killed one no longer has it."""
    try:
        with psycopg.connect(**session_parameters(connection), autocommit=True) as session:
            session.execute("SET statement_timeout = 0")
            session.execute("SELECT set_config('lock_timeout', %s, false)", [LOCK_TIMEOUT])
            (alone,) = _row(session, "SELECT pg_try_advisory_lock(hashtext(%s))", FILLING)
            if not alone:
                raise BackupFailed("A restoration of this database is running already.")
            yield session
    except psycopg.Error as error:
        raise BackupFailed(
            f"The database cannot be written: {_first_line(error)}. It is as it was."
            " Have the server and workers been stopped?"
        ) from error


def _recover(session: Session) -> None:
    (left,) = _row(session, "SELECT to_regnamespace(%s) IS NOT NULL", BEFORE)
    if left:
        _put_back(session)
    _drop_replaced(session)


def _set_aside(session: Session) -> None:
    """Move the tables away, after waiting for everybody who uses one."""
    try:
        with session.transaction():
            session.execute(_statement("CREATE SCHEMA {}", BEFORE))
            _move(session, _own_schema(session), BEFORE)
            _set_search_path(session)
    except psycopg.errors.InsufficientPrivilege as error:
        role, database = _row(session, "SELECT quote_ident(current_user), quote_ident(current_database())")
        raise BackupFailed(
            f"The database cannot be written: {_first_line(error)}. It is as it was. As a superuser run"
            f" ALTER DATABASE {database} OWNER TO {role}; and, for each table of another role,"
            f" ALTER TABLE … OWNER TO {role};"
        ) from error


def _put_back(session: Session) -> None:
    """Make the earlier tables the database's again, and the others ready to be dropped."""
    _end_filling(session)
    with session.transaction():
        schema = _own_schema(session)
        session.execute(_statement("CREATE SCHEMA {}", REPLACED))
        _move(session, schema, REPLACED)
        _move(session, BEFORE, schema)
        session.execute(_statement("DROP SCHEMA {}", BEFORE))
        _reset_search_path(session)


def _put_back_or_tell(session: Session, error: BaseException) -> None:
    try:
        _put_back(session)
    except psycopg.Error as second:
        raise BackupFailed(
            f"{_first_line(error)} Putting the tables back failed ({_first_line(second)}): run the command"
            f" again, which begins with putting back what is in the schema {BEFORE}."
        ) from error
    _drop_replaced_or_log(session)


def _end_filling(session: Session) -> None:
    """End a pg_restore that outlived its restoration, so that it does not write into what is put back."""
    session.execute(
        "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity"
        " WHERE datname = current_database() AND usename = current_user AND application_name = %s",
        [FILLING],
    )


def _drop_replaced(session: Session) -> None:
    tables = "SELECT tablename FROM pg_tables WHERE schemaname = %s LIMIT %s"
    while found := session.execute(tables, [REPLACED, TABLES_AT_ONCE]).fetchall():
        names = sql.SQL(", ").join(sql.Identifier(REPLACED, name) for (name,) in found)
        session.execute(sql.SQL("DROP TABLE {} CASCADE").format(names))
    session.execute(_statement("DROP SCHEMA IF EXISTS {} CASCADE", REPLACED))


def _drop_replaced_or_log(session: Session) -> None:
    try:
        _drop_replaced(session)
    except psycopg.Error as error:  # the tables in use are whole: no reason to call this a failure
        logger.warning("The schema %s is left; the next backup drops it: %s", REPLACED, _first_line(error))


def _move(session: Session, source: str, target: str) -> None:
    for (name,) in session.execute(_RELATIONS_SQL, [source]).fetchall():
        session.execute(
            sql.SQL("ALTER TABLE {} SET SCHEMA {}").format(
                sql.Identifier(source, name), sql.Identifier(target)
            )
        )


def _set_search_path(session: Session) -> None:
    """Lead new sessions of this role to the earlier tables, unless an operator gave them a path."""
    if session.execute(_SEARCH_PATH_SQL).fetchone() is None:
        path = "concat_ws(', ', %s::text, current_setting('search_path'))"
        session.execute(f"SELECT set_config('search_path', {path}, true)", [BEFORE])
        session.execute(
            _statement(
                "ALTER ROLE CURRENT_USER IN DATABASE {} SET search_path FROM CURRENT", session.info.dbname
            )
        )


def _reset_search_path(session: Session) -> None:
    (path,) = session.execute(_SEARCH_PATH_SQL).fetchone() or ("",)
    if path.startswith(BEFORE):
        session.execute(
            _statement("ALTER ROLE CURRENT_USER IN DATABASE {} RESET search_path", session.info.dbname)
        )


def _own_schema(session: Session) -> str:
    """Return the schema in which Django makes its tables. Raises `BackupFailed` if there is none."""
    for (name,) in session.execute("SELECT unnest(current_schemas(false))").fetchall():
        if name not in {BEFORE, REPLACED}:
            return str(name)
    raise BackupFailed("The search_path of the database's role names no schema that exists.")


def _statement(words: LiteralString, *names: str) -> sql.Composed:
    return sql.SQL(words).format(*map(sql.Identifier, names))


def _row(session: Session, query: LiteralString, *values: str) -> tuple[Any, ...]:
    return session.execute(query, values).fetchone() or ()


def _first_line(error: BaseException) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]
