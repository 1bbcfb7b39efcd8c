"""Writing down what was learned from an event, for the next one."""

from dataclasses import asdict, dataclass

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.roles import Right
from coalition.workspaces.rules import Access
from documents.drafts.permissions import require_that, works_here
from events.core import audit
from events.core.locking import hold
from events.core.models import Event
from events.core.permissions import is_admitted
from events.production.debrief.models import Afterwards


@dataclass(frozen=True)
class Learned:
    """What is said. Numbers are people counted; None where nobody counted."""

    went_well: str = ""
    went_badly: str = ""
    next_time: str = ""
    came: int | None = None
    press_came: int | None = None


class Stale(Refused):
    """Somebody else wrote since the page was opened; `row` is what stands there now."""

    def __init__(self, row: Afterwards) -> None:
        super().__init__(
            _("Somebody else wrote here meanwhile. What they wrote is below, what you wrote is kept.")
        )
        self.row = row


def write_learned(*, access: Access, event: Event, learned: Learned, seen: int) -> Afterwards:
    """Write down what was learned; everyone who prepares events here may. `seen`: the revision that the
    person had before them.

    Raises NotAllowed; Stale if somebody else wrote since.
    """
    with transaction.atomic():
        locked = hold(event)
        require_that(is_admitted(access, locked) and works_here(access, Right.SEE_DRAFTS))
        row = afterwards_of(locked)
        if row.revision != seen:
            raise Stale(row)
        for name, value in asdict(learned).items():
            setattr(row, name, value.strip() if isinstance(value, str) else value)
        row.revision += 1
        row.changed_at, row.changed_by = now(), access.user
        row.save()
        audit.record(locked, access, "event.learned")
    return row


def afterwards_of(event: Event) -> Afterwards:
    """The event's row, made on first use; the caller holds the event."""
    row, _made = Afterwards.objects.get_or_create(event=event, defaults={"changed_at": now()})
    return row
