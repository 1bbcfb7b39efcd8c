"""Links by which people without an account sign up for an event's shifts."""

import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.core.throttling import HOUR
from coalition.core.tokens import derive_token, hash_token
from coalition.workspaces.rules import Access
from events.core import audit
from events.core.locking import hold
from events.core.models.event import Event
from events.core.permissions import may_change, require_that
from events.invitations.actions.invite import FOR_GUESTS
from events.volunteers.actions.shifts import ONLY_PLANNERS, held_for_planning, plan_for
from events.volunteers.models import ShiftLink, ShiftLinkUse

SIGN_UP = "events.shift_link"
LONGEST = datetime.timedelta(days=400)
MOST_LINKS = 20
MOST_USES_KEPT = 500  # an hour and link: what is counted beyond that is no longer people


def token_of(link: ShiftLink) -> str:
    """The token of the link; the database has its hash only."""
    return derive_token(SIGN_UP, link.uuid)


def open_to_guests(event: Event) -> bool:
    """Whether people from outside may read of the event: its mark says so, and it is for no list."""
    return event.handling in FOR_GUESTS and not event.restricted


def make_link(*, access: Access, event: Event, until: datetime.datetime, name: str = "") -> ShiftLink:
    """Make a link that opens until an aware moment.

    Raises NotAllowed; Refused if the marks of the event keep it from guests, if the end lies behind or too
    far away, or if there are too many links.
    """
    with transaction.atomic():
        locked = held_for_planning(access, event)
        plan_for(locked)
        if not open_to_guests(locked):
            raise Refused(_("The marks of this event keep it from people outside: no link is made."))
        if not now() < until <= now() + LONGEST:
            raise Refused(_("A link ends in the future, at most 400 days from now."))
        if ShiftLink.objects.filter(event=locked, taken_back_at=None).count() >= MOST_LINKS:
            raise Refused(_("There are 20 links already: take one back first."))
        uuid = uuid7()
        link = ShiftLink.objects.create(
            uuid=uuid,
            event=locked,
            name=name.strip(),
            token_hash=hash_token(derive_token(SIGN_UP, uuid)),
            until=until,
            made_at=now(),
            made_by=access.user,
        )
        audit.record(locked, access, "event.shift_link_made", link=str(link.uuid))
    return link


def take_back(*, access: Access, link: ShiftLink) -> None:
    """End a link at once; who signed up by it stays. Also of a cancelled event. Raises NotAllowed."""
    with transaction.atomic():
        locked = hold(link.event)
        require_that(may_change(access, locked), ONLY_PLANNERS)
        if ShiftLink.objects.filter(pk=link.pk, taken_back_at=None).update(taken_back_at=now()):
            audit.record(locked, access, "event.shift_link_taken_back", link=str(link.uuid))


def note_use(link: ShiftLink, *, signed_up: bool = False) -> None:
    """Write down that the link was used: when and for what, nothing of whom."""
    recent = ShiftLinkUse.objects.filter(link=link, at__gt=now() - HOUR).count()
    if recent < MOST_USES_KEPT:
        ShiftLinkUse.objects.create(link=link, at=now(), signed_up=signed_up)
