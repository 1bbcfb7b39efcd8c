"""What journalists are told when a kit opens, each once; and moments that follow the event.

The mail tells that something is open, and where; what is in it stands behind the person's own link only.
"""

from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse

from coalition.core.clock import now
from coalition.jobs import scheduler
from coalition.mail import outbox
from coalition.mail.links import absolute_url
from events.core.enums import EventState
from events.core.models import Event
from events.core.summary import Invited
from events.press.kit.enums import KitPhase, KitWay
from events.press.kit.models import EventKit, KitItem
from events.press.registration.enums import PressState
from events.press.registration.models import PressGuest
from events.press.registration.notifications import PRESS, told_of

TELL = "events.tell_of_kit"
AT_ONCE = 200  # mails written in one transaction


def kit_page(guest: PressGuest) -> str:
    """A journalist's own page of the kit."""
    return absolute_url(reverse("press_kit", args=[PRESS.token(guest)]))


def wish_mail(*, guest: PressGuest, wishes: bool) -> None:
    """A journalist wants a mail when the kit opens, or does not any more."""
    PressGuest.objects.filter(pk=guest.pk).update(kit_mail=wishes)


def plan_mails(kit: EventKit) -> None:
    """Plan the mails of each phase at its moment, or now where it has passed. In the caller's transaction."""
    for phase in KitPhase:
        key, opens = _key(kit.event, phase), kit.moment_of(phase)
        if opens is not None:
            scheduler.schedule(kind=TELL, key=key, due_at=max(opens, now()))
        elif phase == KitPhase.AT_EVENT and kit.way == KitWay.CHECK_IN:
            scheduler.schedule(kind=TELL, key=key, due_at=now())
        else:
            scheduler.cancel(kind=TELL, key=key)


def tell_who_came(event: Event) -> None:
    """Somebody was ticked off: if the kit opens by that, they are told soon, if they wish. In the caller's
    transaction; whoever is ticked off by mistake and taken back before a worker looks is not told."""
    if EventKit.objects.filter(event=event, way=KitWay.CHECK_IN).exists():
        scheduler.schedule(kind=TELL, key=_key(event, KitPhase.AT_EVENT), due_at=now())


def tell_opened(key: str, _payload: dict[str, Any]) -> None:
    """Due work: tell everyone for whom the phase is open and who was not told. Run again, it tells nobody
    twice."""
    uuid, _colon, name = key.partition(":")
    phase, last = KitPhase(name), 0
    words: dict[str, Invited] = {}
    while True:
        with transaction.atomic():
            kit = EventKit.objects.select_related("event").filter(event__uuid=uuid).first()
            if kit is None or not _may_tell(kit, phase):
                return
            some = list(_who(kit, phase).filter(pk__gt=last).order_by("pk")[:AT_ONCE])
            for guest in some:
                if guest.language not in words:
                    words[guest.language] = told_of(guest)
                _tell(guest, phase, words[guest.language])
        if len(some) < AT_ONCE:
            return
        last = some[-1].pk


def follow_event(event: Event) -> None:
    """When an event is moved, moments of its kit that are still to come move as far. Registered with
    `trail.on_change`."""
    kit = EventKit.objects.filter(event=event).first()
    if kit is None or kit.starts_at == event.starts_at:
        return
    kit.event = event
    by, moment = event.starts_at - kit.starts_at, now()
    if kit.opens_at is not None and kit.opens_at > moment:
        kit.opens_at += by
    if kit.afterwards_at is not None and kit.afterwards_at > moment:
        kit.afterwards_at += by
    kit.starts_at = event.starts_at
    kit.save(update_fields=["opens_at", "afterwards_at", "starts_at"])
    plan_mails(kit)


def _key(event: Event, phase: KitPhase) -> str:
    return f"{event.uuid}:{phase.value}"


def _may_tell(kit: EventKit, phase: KitPhase) -> bool:
    """Whether the phase is open for somebody and holds something."""
    if kit.event.state == EventState.CANCELLED or not kit.event.is_public:
        return False
    opens = kit.moment_of(phase)
    by_door = phase == KitPhase.AT_EVENT and kit.way == KitWay.CHECK_IN
    if not by_door and (opens is None or opens > now()):
        return False
    return KitItem.objects.filter(kit=kit, phase=phase, removed_at=None).exists()


def _who(kit: EventKit, phase: KitPhase) -> QuerySet[PressGuest]:
    rows = PressGuest.objects.filter(registration__event=kit.event, state=PressState.CONFIRMED)
    if phase == KitPhase.AT_EVENT:
        rows = rows.filter(kit_mail=True)
        if kit.way == KitWay.CHECK_IN:
            rows = rows.exclude(came_at=None)
    return rows.select_related("registration__event")


def _tell(guest: PressGuest, phase: KitPhase, told: Invited) -> None:
    outbox.queue_mail(
        key=f"press-kit:{guest.uuid}:{phase.value}",
        template="events/press_kit",
        language=guest.language,
        address=guest.address,
        context={
            "name": guest.name,
            "title": told.title,
            "when": told.when,
            "phase": phase.value,
            "button_url": kit_page(guest),
        },
    )
