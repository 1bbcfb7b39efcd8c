"""Putting somebody out of the media list with a way back, and forgetting them once that is over."""

import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from coalition.core.clock import now
from coalition.jobs import scheduler
from coalition.workspaces.rules import Access
from documents.contacts.actions import bring_back, forget, put_away
from documents.models import Contact

FORGET = "events.forget_contact"
UNDO = datetime.timedelta(hours=1)


def put_out(*, access: Access, contact: Contact) -> Contact:
    """Take somebody out of the list; within an hour it can be undone, then they are forgotten for good.

    Raises NotAllowed for who does not own the contact.
    """
    with transaction.atomic():
        away = put_away(access=access, contact=contact)
        scheduler.schedule(kind=FORGET, key=str(away.uuid), due_at=now() + UNDO)
    return away


def take_back_in(*, access: Access, contact: Contact) -> Contact:
    """Undo it. Raises NotAllowed, and Refused if it is too late."""
    with transaction.atomic():
        back = bring_back(access=access, contact=contact)
        scheduler.cancel(kind=FORGET, key=str(back.uuid))
    return back


def forget_due(key: str, _payload: dict[str, Any]) -> None:
    """Due work: forget who it was, unless they are in the list again."""
    forget(UUID(key))
