"""What the people of the demo have read: everything that is not of the last days."""

from coalition.workspaces.domain.inbox import mark_opened
from coalition.workspaces.models import Notification
from demo.seed.accounts import Cast
from demo.seed.history import History

READ_DAYS_AGO = 2


def read_inboxes(cast: Cast, history: History) -> None:
    """Add to the history that everybody looked into their inbox. After all that happened until that day."""
    history.add(READ_DAYS_AGO, lambda: _read(cast))


def _read(cast: Cast) -> None:
    """By keys, where a press on *all read* asks first what the person may see: that takes a second a person
    on a slow machine, and nothing that was told so far is hidden from anybody."""
    told: dict[int, list[int]] = {}
    for who, pk in Notification.objects.filter(read_at=None).values_list("person_id", "pk"):
        told.setdefault(who, []).append(pk)
    for person in cast.people.values():
        mark_opened(person=person, pks=told.get(person.pk, []))
