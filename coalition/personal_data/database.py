"""Whether there is a second database, and what is raised when it does not answer."""

from django.db import connections
from django.utils.translation import gettext as _

ALIAS = "contacts"


def has_own_database() -> bool:
    """Whether CONTACTS_DATABASE_URL names a database of its own."""
    return ALIAS in connections.settings


class ContactsAway(Exception):
    """The second database does not answer. Nothing was changed. `message` is a sentence for the person, in
    the language that is active when it is read. No `Refused`: nobody did anything that is not allowed."""

    @property
    def message(self) -> str:
        return _(
            "Names and addresses of people outside the coalition cannot be reached at the moment."
            " Nothing was changed. Try again in a few minutes."
        )

    def __str__(self) -> str:
        return self.message
