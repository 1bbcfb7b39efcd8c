"""What capabilities bring to the time after an event: whom one can thank, and what is taken over when it is
planned again."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from uuid import UUID

from django.utils.functional import Promise

from coalition.core.clock import now
from coalition.workspaces.permissions import Access
from events.core.models import Event, EventInvitation


@dataclass(frozen=True)
class ThanksRecipient:
    """Recipient of one mail: a person with an account (`person`) or an address; `key` prevents duplicates."""

    key: str
    row: EventInvitation
    name: str
    person: UUID | None = None
    address: str = ""


@dataclass(frozen=True)
class ThankedGroup:
    """Those who are thanked together: `place` in the list, how they are called, and those who really came.
    `over_days`: they come on all days of a run, so that they are thanked after its last one."""

    place: int
    label: str | Promise
    people: Callable[[Event], Iterator[ThanksRecipient]]
    over_days: bool = False

    def may_be_thanked(self, event: Event) -> bool:
        """Whether the event is over for this group."""
        ends = event.lasts_until if self.over_days else event.ends_at
        return ends is not None and ends <= now()


@dataclass(frozen=True)
class ReusedPart:
    """Something that is taken over: `place` in the list, how it is called, what does it (access, from, to).

    What is of that one day stays behind: people who were asked or came, answers, states, texts, pictures.
    """

    place: int
    label: str | Promise
    take_over: Callable[[Access, Event, Event], None]


THANKED_GROUPS: dict[str, ThankedGroup] = {}  # by their name in `Debrief.thanked`
REUSED_PARTS: dict[str, ReusedPart] = {}  # offered when an event is planned again


def thanked_groups() -> dict[str, ThankedGroup]:
    """Return all groups by name, in order."""
    return dict(sorted(THANKED_GROUPS.items(), key=lambda one: one[1].place))


def reused_parts() -> dict[str, ReusedPart]:
    """Return all parts by name, in order."""
    return dict(sorted(REUSED_PARTS.items(), key=lambda one: one[1].place))
