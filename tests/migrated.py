"""One migrated SQLite file, kept in build/ and copied for each test process: migrating takes long.

Its name holds a hash of every migration of ours and of the lock that fixes everyone else's.
"""

import hashlib
import os
import shutil
from pathlib import Path

from django.db import connection

PROJECT = Path(__file__).resolve().parents[1]
APPS = ("coalition", "documents", "events", "home")


def is_used() -> bool:
    return connection.vendor == "sqlite"


def template() -> Path:
    """Where the migrated file is, or will be."""
    digest = hashlib.sha256()
    migrations = [path for app in APPS for path in (PROJECT / app).rglob("migrations/*.py")]
    for path in [PROJECT / "requirements" / "base.txt", *sorted(migrations)]:
        digest.update(str(path.relative_to(PROJECT)).encode() + b"\0" + path.read_bytes())
    return PROJECT / "build" / f"migrated-{digest.hexdigest()[:16]}.sqlite3"


def copy() -> bool:
    """Lay the migrated file where this process has its database. False if there is none yet."""
    if not is_used() or not template().exists():
        return False
    shutil.copyfile(template(), connection.settings_dict["TEST"]["NAME"])
    return True


def keep() -> None:
    """Keep this process's database, migrated and still empty, for the next ones."""
    if not is_used() or template().exists():
        return
    target = template()
    target.parent.mkdir(exist_ok=True)
    for old in target.parent.glob("migrated-*.sqlite3"):
        old.unlink(missing_ok=True)
    half = target.with_suffix(f".{os.getpid()}")
    with connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [str(half)])
    half.replace(target)
