"""Which tables lie in which database."""

from typing import Any

from coalition.personal_data.database import ALIAS, has_own_database

LABEL = "vault"


class VaultRouter:
    """Values of the vault lie in the second database where there is one; nothing else does."""

    def db_for_read(self, model: Any, **hints: Any) -> str | None:
        return ALIAS if model._meta.app_label == LABEL and has_own_database() else None

    db_for_write = db_for_read

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool | None:
        """The empty table is in the main database too: every command finds every table."""
        return app_label == LABEL if db == ALIAS else None
