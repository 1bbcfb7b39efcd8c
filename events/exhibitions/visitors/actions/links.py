"""Links by which people without an account count visitors: one is passed on, opens on the event's days, and
can be taken back."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.core.tokens import derive_token, hash_token
from coalition.workspaces.rules import Access
from documents.drafts.permissions import require_that
from events.core import audit
from events.core.enums import EventKind
from events.core.locking import hold, refuse_cancelled
from events.core.models import Event
from events.core.permissions import may_change
from events.exhibitions.visitors.models import CountLink
from events.volunteers.actions.sign_up import open_to_guests

COUNT = "events.count_link"
MOST_LINKS = 20
ONLY_PLANNERS = _("Editors and coordinators pass links on.")


def token_of(link: CountLink) -> str:
    """The token of the link; the database has its hash only."""
    return derive_token(COUNT, link.uuid)


def make_count_link(*, access: Access, event: Event, name: str = "") -> CountLink:
    """Make a link.

    Raises NotAllowed; Refused if the event is cancelled or no exhibition, if its marks keep it from guests,
    or if there are too many links.
    """
    with transaction.atomic():
        locked = hold(event)
        require_that(may_change(access, locked), ONLY_PLANNERS)
        refuse_cancelled(locked)
        if locked.kind != EventKind.EXHIBITION:
            raise Refused(_("Visitors are counted at exhibitions."))
        if not open_to_guests(locked):
            raise Refused(_("The marks of this event keep it from people outside: no link is made."))
        if CountLink.objects.filter(event=locked, taken_back_at=None).count() >= MOST_LINKS:
            raise Refused(_("There are 20 links already: take one back first."))
        uuid = uuid7()
        link = CountLink.objects.create(
            uuid=uuid,
            event=locked,
            name=name.strip(),
            token_hash=hash_token(derive_token(COUNT, uuid)),
            made_at=now(),
            made_by=access.user,
        )
        audit.record(locked, access, "event.count_link_made", link=str(uuid))
    return link


def take_back_count_link(*, access: Access, link: CountLink) -> None:
    """End a link at once; what was counted by it stays. Also of a cancelled event. Raises NotAllowed."""
    with transaction.atomic():
        locked = hold(link.event)
        require_that(may_change(access, locked), ONLY_PLANNERS)
        if CountLink.objects.filter(pk=link.pk, taken_back_at=None).update(taken_back_at=now()):
            audit.record(locked, access, "event.count_link_taken_back", link=str(link.uuid))


def refuse_shut(link: CountLink) -> None:
    """Raise Refused if the link opens no more: it was taken back, or the event is not for people outside."""
    if link.taken_back_at is not None or not open_to_guests(link.event):
        raise Refused(_("This link opens no more."))
