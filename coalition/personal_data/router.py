"""Database router for the second database."""

from typing import Any

from coalition.personal_data.database import ALIAS, has_own_database

LABEL = "vault"


class VaultRouter:
    """Route the values to the second database if there is one, and everything else to the main
    one."""

    def db_for_read(self, model: Any, **hints: Any) -> str | None:
        return ALIAS if model._meta.app_label == LABEL and has_own_database() else None

    db_for_write = db_for_read

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool | None:
        """Create the empty table in the main database too, so that every command finds every
        table."""
        return app_label == LABEL if db == ALIAS else None
