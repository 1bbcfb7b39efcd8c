"""States of a guest book and of what visitors write into it."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class BookMode(models.TextChoices):
    """How far a guest book is open."""

    OPEN = "open", _("Visitors write, and everyone reads what was taken in")
    READ = "read", _("Nobody writes any more, everyone reads what was taken in")
    OFF = "off", _("Nobody writes, and nothing of it is on the site")


class EntryState(models.TextChoices):
    """What moderators said of an entry. Nothing but `TAKEN` can ever be public."""

    WAITING = "waiting", pgettext_lazy("a guest book entry", "Waits")
    TAKEN = "taken", pgettext_lazy("a guest book entry", "Taken in")
    NOT_TAKEN = "not_taken", pgettext_lazy("a guest book entry", "Not taken in")
    HELP = "help", pgettext_lazy("a guest book entry", "This person may need help")

    @property
    def next_states(self) -> "frozenset[EntryState]":
        """What an entry may become. Who may need help is never taken in by one slip: the mark goes first."""
        return _NEXT[self]


_NEXT = {
    EntryState.WAITING: frozenset({EntryState.TAKEN, EntryState.NOT_TAKEN, EntryState.HELP}),
    EntryState.TAKEN: frozenset({EntryState.WAITING, EntryState.NOT_TAKEN, EntryState.HELP}),
    EntryState.NOT_TAKEN: frozenset({EntryState.WAITING, EntryState.TAKEN, EntryState.HELP}),
    EntryState.HELP: frozenset({EntryState.WAITING}),
}
