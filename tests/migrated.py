"""One migrated database, kept and copied for each test process: migrating takes long, and so does making the
site's first pages, which are in it as in every coalition that runs.

An SQLite file in build/, or a database of the PostgreSQL server as the template of the others. Its name holds
a hash of every migration of ours and of the lock that fixes everyone else's.
"""

import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, TextIO

import psycopg
from django.db import connection

from home.setup_site import setup_site

PROJECT = Path(__file__).resolve().parents[1]
KEPT = {"django_content_type", "auth_permission"}
APPS = ("coalition", "documents", "events", "home")
SITE = "home/setup_site.py"
_begun: dict[str, str] = {}  # what this process's database is made of


def is_used() -> bool:
    return connection.vendor == "sqlite"


def template() -> Path:
    """Where the migrated file is, or will be."""
    return PROJECT / "build" / f"migrated-{_digest()}.sqlite3"


def _digest() -> str:
    digest = hashlib.sha256()
    for name, hashed in _made_of().items():
        digest.update(f"{name}\0{hashed}\0".encode())
    return digest.hexdigest()[:16]


def _made_of() -> dict[str, str]:
    """What a migrated database hangs on: every migration of ours, the lock, and what makes the site's first
    pages; each with its hash."""
    migrations = [path for app in APPS for path in (PROJECT / app).rglob("migrations/*.py")]
    paths = [PROJECT / "requirements" / "base.txt", PROJECT / SITE, *sorted(migrations)]
    return {str(path.relative_to(PROJECT)): hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}


def _earlier() -> Path | None:
    """A kept file to which migrations were only added since: it is migrated further, in seconds."""
    now = _made_of().items()
    for told in (PROJECT / "build").glob("migrated-*.json"):
        kept = told.with_suffix(".sqlite3")
        if kept.exists() and json.loads(told.read_text()).items() <= now:
            return kept
    return None


def copy() -> bool:
    """Lay the migrated file where this process has its database. False if there is none yet, and on
    PostgreSQL, where Django makes the database out of the template.

    Of processes that begin together one migrates; the others wait for the file that it keeps.
    """
    if connection.vendor == "postgresql":
        connection.settings_dict["TEST"]["TEMPLATE"] = _template_on_server()
        return False
    if not is_used():
        return False
    _one_at_a_time.take()
    _begun.update(_made_of())
    kept = template() if template().exists() else _earlier()
    if kept is not None:
        shutil.copyfile(kept, connection.settings_dict["TEST"]["NAME"])
    if kept == template():
        _one_at_a_time.give()
    return kept is not None


def keep() -> None:
    """Keep this process's database, migrated and still empty, for the next ones. Not if somebody changed
    migrations meanwhile: nobody knows then which of them it has."""
    if is_used():
        setup_site()
        if not template().exists() and _begun == _made_of():
            _keep_as(template())
    _one_at_a_time.give()


def _keep_as(target: Path) -> None:
    half = target.with_suffix(f".half-{os.getpid()}")
    with connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [str(half)])
    for old in target.parent.glob("migrated-*"):
        if old != half:
            old.unlink(missing_ok=True)
    target.with_suffix(".json").write_text(json.dumps(_made_of()))
    half.replace(target)


class _Turn:
    """Whose turn it is among the processes of one machine; it ends with the process at the latest."""

    def __init__(self) -> None:
        self._held: TextIO | None = None

    def take(self) -> None:
        folder = PROJECT / "build"
        folder.mkdir(exist_ok=True)
        self._held = (folder / ".migrating.lock").open("w")
        fcntl.flock(self._held, fcntl.LOCK_EX)

    def give(self) -> None:
        if self._held is not None:
            self._held.close()
            self._held = None


_one_at_a_time = _Turn()


def _template_on_server() -> str:
    """The name of the migrated database, made by whichever process comes first."""
    name, own = f"coalition_migrated_{_digest()}", connection.settings_dict
    where = {"host": own["HOST"], "port": own["PORT"] or 5432, "user": own["USER"]}
    secret = {"password": own["PASSWORD"]} if own["PASSWORD"] else {}
    with (
        (Path(tempfile.gettempdir()) / "coalition-migrated.lock").open("w") as lock,
        psycopg.connect(dbname="postgres", autocommit=True, **where, **secret) as server,
    ):
        fcntl.flock(lock, fcntl.LOCK_EX)
        known = server.execute("SELECT datname FROM pg_database WHERE datname LIKE 'coalition_migrated_%'")
        names = {row[0] for row in known.fetchall()}
        if name not in names:
            for old in names:
                server.execute(f'DROP DATABASE "{old}"')
            server.execute(f'CREATE DATABASE "{name}_half"')
            _migrate(f"{name}_half")
            server.execute(f'ALTER DATABASE "{name}_half" RENAME TO "{name}"')
    return name


def _migrate(database: str) -> None:
    """In a process of its own: this one must hold no session to a database that becomes a template."""
    url, _slash, _own = os.environ["DATABASE_URL"].rpartition("/")
    for command in (["migrate"], ["setup_site"]):
        done = subprocess.run(
            [sys.executable, "manage.py", *command, "--verbosity", "0"],
            cwd=PROJECT,
            env=os.environ
            | {"DATABASE_URL": f"{url}/{database}", "DJANGO_SETTINGS_MODULE": "coalition.settings.test"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr


def empty(operations: Any, tables: list[str]) -> list[str]:
    """The statements that empty the tables in which there is something: most tests write in a few of 200.

    Kinds of content and permissions stay: they would be made again, alike.
    """
    quoted = [operations.quote_name(table) for table in tables if table not in KEPT]
    questions = (f"SELECT {number}, EXISTS(SELECT 1 FROM {table})" for number, table in enumerate(quoted))
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(questions))
        filled = [quoted[number] for number, there in cursor.fetchall() if there]
    deletes = [f"DELETE FROM {table}" for table in filled]
    if connection.vendor == "postgresql":  # references are checked row by row there; all of them go
        return ["SET LOCAL session_replication_role = replica", *deletes]
    return deletes
