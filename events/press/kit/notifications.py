"""Mails to journalists when a kit opens, one each; kit times that follow the event.

The mail contains the fact and a link; the material is only behind the person's own link.
"""

from typing import Any

from django.db import transaction
from django.urls import reverse

from coalition.core.clock import now
from coalition.jobs import scheduler
from coalition.mail import outbox
from coalition.mail.outbox import absolute_url
from events.core.enums import EventState, PressState
from events.core.journalists import PRESS, summary_for_guest
from events.core.models import Event, PressGuest
from events.core.summary import InvitationSummary
from events.press.kit.models import EventKit, KitItem, KitPhase, KitWay
from events.press.kit.queries import has_items_for

NOTIFY_OF_KIT = "events.tell_of_kit"
MAIL_BATCH_SIZE = 200  # mails queued in one transaction


def set_kit_mail_wish(*, guest: PressGuest, wishes: bool) -> None:
    """Turn the journalist's mail about the opening of the kit on or off."""
    PressGuest.objects.filter(pk=guest.pk).update(kit_mail=wishes)


def schedule_kit_mails(kit: EventKit) -> None:
    """Schedule the mails of each phase at its moment, or now. In the caller's transaction."""
    for phase in KitPhase:
        key, opens = _key(kit.event, phase), kit.moment_of(phase)
        if opens is not None:
            scheduler.schedule(kind=NOTIFY_OF_KIT, key=key, due_at=max(opens, now()))
        elif phase == KitPhase.AT_EVENT and kit.way == KitWay.CHECK_IN:
            scheduler.schedule(kind=NOTIFY_OF_KIT, key=key, due_at=now())
        else:
            scheduler.cancel(kind=NOTIFY_OF_KIT, key=key)


def notify_after_check_in(event: Event) -> None:
    """Schedule mails after a check-in that opens the kit. In the caller's transaction; if it is undone before
    the job runs, nothing is sent."""
    if EventKit.objects.filter(event=event, way=KitWay.CHECK_IN).exists():
        scheduler.schedule(kind=NOTIFY_OF_KIT, key=_key(event, KitPhase.AT_EVENT), due_at=now())


def notify_kit_opened(key: str, _payload: dict[str, Any]) -> None:
    """Job: mail everyone for whom the phase is open, has something in their language, and who has not been
    notified. Idempotent."""
    uuid, _colon, name = key.partition(":")
    phase, last = KitPhase(name), 0
    words: dict[str, InvitationSummary] = {}
    has_items: dict[str, bool] = {}
    while True:
        with transaction.atomic():
            kit = EventKit.objects.select_related("event").filter(event__uuid=uuid).first()
            if kit is None or not _may_notify(kit, phase):
                return
            rows = PressGuest.objects.filter(registration__event=kit.event, state=PressState.CONFIRMED)
            if phase == KitPhase.AT_EVENT:
                rows = rows.filter(kit_mail=True)
                if kit.way == KitWay.CHECK_IN:
                    rows = rows.exclude(came_at=None)
            rows = rows.filter(pk__gt=last).select_related("registration__event").order_by("pk")
            some = list(rows[:MAIL_BATCH_SIZE])
            for guest in some:
                if guest.language not in words:
                    words[guest.language] = summary_for_guest(guest)
                    has_items[guest.language] = has_items_for(kit, phase, guest.language)
                if has_items[guest.language]:
                    _queue_kit_mail(guest, phase, words[guest.language])
        if len(some) < MAIL_BATCH_SIZE:
            return
        last = some[-1].pk


def reschedule_kit(event: Event) -> None:
    """Move future moments of the kit with its event. Registered with `on_event_change`."""
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
    schedule_kit_mails(kit)


def _key(event: Event, phase: KitPhase) -> str:
    return f"{event.uuid}:{phase.value}"


def _may_notify(kit: EventKit, phase: KitPhase) -> bool:
    """Whether the phase is open to somebody and has items."""
    if kit.event.state == EventState.CANCELLED or not kit.event.is_public:
        return False
    opens = kit.moment_of(phase)
    by_door = phase == KitPhase.AT_EVENT and kit.way == KitWay.CHECK_IN
    if not by_door and (opens is None or opens > now()):
        return False
    return KitItem.objects.filter(kit=kit, phase=phase, removed_at=None).exists()


def _queue_kit_mail(guest: PressGuest, phase: KitPhase, summary: InvitationSummary) -> None:
    outbox.queue_mail(
        key=f"press-kit:{guest.uuid}:{phase.value}",
        template="events/press_kit",
        language=guest.language,
        address=guest.address,
        context={
            "name": guest.name,
            "title": summary["title"],
            "when": summary["when"],
            "phase": phase.value,
            "button_url": absolute_url(reverse("press_kit", args=[PRESS.token(guest)])),
        },
    )
