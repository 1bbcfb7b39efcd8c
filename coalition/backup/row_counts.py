"""How many rows a database has: told in the manifest, compared after the way back."""

from collections.abc import Callable, Iterable
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper


def count_rows(
    connection: BaseDatabaseWrapper,
    tables: Iterable[str],
    execute: Callable[[str], object],
    fetchone: Callable[[], Any],
) -> dict[str, int]:
    """Rows of each of these tables. A table cannot be a parameter: its name is the database's own, quoted."""
    found = {}
    for table in sorted(tables):
        name = connection.ops.quote_name(table)
        execute(f"SELECT COUNT(*) FROM {name}")  # noqa: S608  # nosec B608  a table is no parameter; its name is quoted
        found[table] = (fetchone() or (0,))[0]
    return found
