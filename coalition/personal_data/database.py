"""Whether there is a second database, and the error raised when it does not answer."""

from typing import Any

from django.db import connections
from django.utils.translation import gettext as _

ALIAS = "contacts"


def has_own_database() -> bool:
    """Whether CONTACTS_DATABASE_URL names a separate database."""
    return ALIAS in connections.settings


class ContactsAway(Exception):
    """The second database does not answer. Nothing was changed. `message` is a sentence for the
    person, in the language active when it is read. Not a `Refused`, since the person did nothing
    wrong."""

    @property
    def message(self) -> str:
        return _(
            "Names and addresses of people outside the coalition cannot be reached at the moment."
            " Nothing was changed. Try again in a few minutes."
        )

    def __str__(self) -> str:
        return self.message


# --- router ---
# Database router for the second database.


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
