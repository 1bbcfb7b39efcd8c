"""The kit of an event: how it opens, and its link."""

import datetime
from dataclasses import dataclass

from django.db import transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.core.tokens import derive_token, hash_token
from coalition.workspaces.rules import Access
from documents.drafts.permissions import require_that
from events.core import audit
from events.core.locking import hold, refuse_cancelled
from events.core.models import Event
from events.core.permissions import may_change
from events.press.kit.actions.copies import plan_copies
from events.press.kit.enums import KitPhase, KitWay
from events.press.kit.models import EventKit, KitOpened
from events.press.kit.notifications import plan_mails
from events.press.kit.queries.kit import items_of, kit_of
from events.press.registration.models import PressGuest

ONLY_PLANNERS = _("Editors and coordinators make the kit.")


@dataclass(frozen=True)
class KitTerms:
    """How a kit opens; moments are aware. `opens_at` counts for the way of a moment only, as does
    `on_page`. Without `afterwards_at` somebody opens what is for afterwards by a press."""

    way: KitWay
    opens_at: datetime.datetime | None = None
    on_page: bool = False
    afterwards_at: datetime.datetime | None = None


def set_kit(*, access: Access, event: Event, terms: KitTerms) -> EventKit:
    """Begin the kit, or change how it opens; what stands in it stays.

    Raises NotAllowed without the right to change the event; Refused if it is cancelled, if a moment is
    missing, or if what is for afterwards opened before the event.
    """
    by_moment = terms.way == KitWay.MOMENT
    if by_moment and terms.opens_at is None:
        raise Refused(_("Say when it opens."))
    with transaction.atomic():
        locked = hold(event)
        require_that(may_change(access, locked), ONLY_PLANNERS)
        refuse_cancelled(locked)
        if terms.afterwards_at is not None and terms.afterwards_at < locked.starts_at:
            raise Refused(_("What is for afterwards opens after the event has begun."))
        kit = kit_of(locked)
        fresh = kit is None
        kit = kit or _begun(locked)
        kit.way = terms.way
        kit.opens_at = terms.opens_at if by_moment else None
        kit.on_page = terms.on_page and by_moment
        kit.afterwards_at = terms.afterwards_at
        kit.starts_at = locked.starts_at
        kit.save()
        audit.record(locked, access, "event.kit_begun" if fresh else "event.kit_terms")
        plan_mails(kit)
        plan_copies(kit)
    return kit


def open_afterwards(*, access: Access, event: Event) -> EventKit:
    """Open now what is for afterwards: everybody confirmed is told, once.

    Raises NotAllowed; Refused before the event began, for one that is cancelled, and if nothing is in it.
    """
    with transaction.atomic():
        kit = held_kit(access, event)
        if kit.event.starts_at > now():
            raise Refused(_("The event has not begun yet."))
        if not items_of(kit).filter(phase=KitPhase.AFTERWARDS).exists():
            raise Refused(_("There is nothing in it yet."))
        if kit.afterwards_at is None or kit.afterwards_at > now():
            kit.afterwards_at = now()
            kit.save(update_fields=["afterwards_at"])
            audit.record(kit.event, access, "event.kit_afterwards")
            plan_mails(kit)
            plan_copies(kit)
    return kit


def new_link(*, access: Access, event: Event) -> EventKit:
    """Make the link anew: the one of before opens nothing any more. Raises NotAllowed."""
    with transaction.atomic():
        kit = held_kit(access, event)
        kit.link_number += 1
        kit.token_hash = hash_token(link_token(kit))
        kit.save(update_fields=["link_number", "token_hash"])
        audit.record(kit.event, access, "event.kit_link")
    return kit


def link_token(kit: EventKit) -> str:
    """The token of the link for whoever has it."""
    return derive_token("events.kit", f"{kit.uuid}:{kit.link_number}")


def held_kit(access: Access, event: Event) -> EventKit:
    """The kit for a change of it, with the event's row held. Raises NotAllowed; Refused if the event is
    cancelled or has no kit."""
    locked = hold(event)
    require_that(may_change(access, locked), ONLY_PLANNERS)
    refuse_cancelled(locked)
    kit = kit_of(locked)
    if kit is None:
        raise Refused(_("Say first how the kit opens."))
    return kit


def note_opened(kit: EventKit, guest: PressGuest) -> None:
    """Count a journalist once. Who it was can be told only by somebody who holds the site's key."""
    mark = salted_hmac("events.kit_opened", f"{kit.uuid}:{guest.uuid}", algorithm="sha256").hexdigest()
    KitOpened.objects.bulk_create([KitOpened(kit=kit, print=mark)], ignore_conflicts=True)


def _begun(event: Event) -> EventKit:
    kit = EventKit(uuid=uuid7(), event=event, made_at=now())
    kit.token_hash = hash_token(link_token(kit))
    return kit
