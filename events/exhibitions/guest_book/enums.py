"""States of a guest book and of its entries."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class BookMode(models.TextChoices):
    """Whether a guest book accepts entries and is public."""

    OPEN = "open", _("Visitors write, and everyone reads what was taken in")
    READ = "read", _("Nobody writes any more, everyone reads what was taken in")
    OFF = "off", _("Nobody writes, and nothing of it is on the site")


class EntryState(models.TextChoices):
    """Moderation state of an entry. Only `TAKEN` can ever be public."""

    WAITING = "waiting", pgettext_lazy("a guest book entry", "Waits")
    TAKEN = "taken", pgettext_lazy("a guest book entry", "Taken in")
    NOT_TAKEN = "not_taken", pgettext_lazy("a guest book entry", "Not taken in")
    HELP = "help", pgettext_lazy("a guest book entry", "This person may need help")

    @property
    def next_states(self) -> "frozenset[EntryState]":
        """Return the allowed next states. From `HELP` only `WAITING`, so that one slip cannot
        publish the entry."""
        return _TRANSITIONS[self]


_TRANSITIONS = {
    EntryState.WAITING: frozenset({EntryState.TAKEN, EntryState.NOT_TAKEN, EntryState.HELP}),
    EntryState.TAKEN: frozenset({EntryState.WAITING, EntryState.NOT_TAKEN, EntryState.HELP}),
    EntryState.NOT_TAKEN: frozenset({EntryState.WAITING, EntryState.TAKEN, EntryState.HELP}),
    EntryState.HELP: frozenset({EntryState.WAITING}),
}
