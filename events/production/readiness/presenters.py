"""Readiness of an event, for members who prepare it."""

from collections.abc import Collection

from django.urls import reverse
from django.utils import timezone

from coalition.accounts.enums import Language
from events.core.enums import EventState
from events.core.models import Event, EventText
from events.core.presenters import is_over
from events.core.queries import unnamed_count
from events.exhibitions.works.presenters import exhibition_facts, film_facts
from events.press.kit.presenters import kit_is_ready
from events.production.checklist.models import EventTask
from events.production.fallback_venue.presenters import FallbackVenue
from events.production.readiness.rules import EventPreparation, Level, readiness
from events.production.running_order.presenters import RunningOrderTable
from events.production.safety.presenters import missing_in_safety_plan

SHORTEST = 4  # minimum letters of a place name to search for in texts


def findings_of(
    event: Event, *, running: RunningOrderTable | None, second: FallbackVenue | None, overdue: int
) -> list[tuple[bool, str, str]]:
    """Return tuples (is a must, sentence, URL to fix it); none if the event is over or
    cancelled."""
    if event.state == EventState.CANCELLED or is_over(event):
        return []
    found = readiness(_preparation_of(event, running, second, overdue))
    return [
        (
            one.level == Level.MUST,
            str(one.words),
            reverse(f"events:{one.link}", args=[event.uuid]) if one.link else "",
        )
        for one in found
    ]


def _preparation_of(
    event: Event, running: RunningOrderTable | None, second: FallbackVenue | None, overdue: int
) -> EventPreparation:
    texts = {text.language: text for text in event.texts.all()}
    written = {code for code, text in texts.items() if text.title}
    open_lines = _open_lines(event)
    nobody_for, no_rule, no_seats = missing_in_safety_plan(event, open_lines=open_lines)
    return EventPreparation(
        kind=event.kind,
        days=(event.starts_on - timezone.localdate(timezone=event.zone_info)).days,
        has_place=any(text.place or text.address for text in texts.values()),
        step_free=event.step_free,
        access_notes=any(text.access_notes for text in texts.values()),
        missing_languages=tuple(str(one.label) for one in Language if one.value not in written),
        has_text=event.draft_id is not None,
        text_is_public=_is_public(event),
        has_running_order=running is not None and bool(running.rows),
        overrun=running.overrun if running else "",
        late_items=sum(bool(row.late) for row in running.rows) if running else 0,
        second_place=second is not None,
        second_agreed=second is not None and (second.agreed or second.used),
        overdue=overdue,
        open_lines=open_lines,
        nobody_for=nobody_for,
        has_photo_rule=not no_rule,
        has_no_photo_seats=not no_seats,
        unnamed_speakers=unnamed_count(event),
        kit_ready=kit_is_ready(event),
        words_tell_address=event.address_for_confirmed and _mention_address(texts.values()),
        **exhibition_facts(event),
        **film_facts(event),
    )


def _mention_address(texts: Collection[EventText]) -> bool:
    """Whether the description or a title contains a place or an address in any language."""
    told = "\n".join(f"{text.title}\n{text.text}" for text in texts).casefold()
    secrets = {word.strip().casefold() for text in texts for word in (text.place, text.address)}
    return any(secret in told for secret in secrets if len(secret) >= SHORTEST)


def _is_public(event: Event) -> bool:
    return event.draft is not None and bool(getattr(event.draft, "public_now", ()))


def _open_lines(event: Event) -> frozenset[str]:
    rows = EventTask.objects.filter(event=event, removed_at=None, done_at=None).exclude(key="")
    return frozenset(rows.values_list("key", flat=True))
