"""Read notifications: everything older than the last days."""

from coalition.workspaces.models import Notification
from coalition.workspaces.notifications.notify import mark_opened
from demo.seed.accounts import Accounts
from demo.seed.history import History

READ_DAYS_AGO = 2


def mark_notifications_read(accounts: Accounts, history: History) -> None:
    """Plan that everybody reads their notifications. Call after everything else is planned."""
    history.add(READ_DAYS_AGO, lambda: _read(accounts))


def _read(accounts: Accounts) -> None:
    """Mark by keys: *Read all* would first check what each person may see, a second a person on a slow
    machine, and nothing so far is hidden from anybody."""
    told: dict[int, list[int]] = {}
    for who, pk in Notification.objects.filter(read_at=None).values_list("person_id", "pk"):
        told.setdefault(who, []).append(pk)
    for person in accounts.people.values():
        mark_opened(person=person, pks=told.get(person.pk, []))
