"""What public feeds print of an event, kept when it is written: a feed is a join of strings.

Building a feed of 1,000 events at each request takes seconds; joining what is kept takes milliseconds.
Everything that changes what a public feed shows comes by here, in the transaction of the change: events,
names of organisations, publications whose text an event has. `FeedVersion` moves with it.
"""

import datetime
from collections.abc import Collection

from django.db import transaction
from django.db.models import F, Q, QuerySet

from coalition.accounts import registry
from coalition.accounts.models import Organisation
from coalition.accounts.naming import PUBLIC
from coalition.core.clock import now
from coalition.jobs import scheduler
from events.core import audit
from events.core.enums import Consent
from events.core.facts_builder import facts_for
from events.core.models import Event, EventText
from events.core.queries import public_events, with_words
from events.feeds.models import FeedVersion
from events.feeds.queries import CANCELLED_KEPT
from events.ical.builder import component

NIGHTLY = datetime.timedelta(days=1)


def register() -> None:
    """Listen to everything that changes what feeds print, and look again every night."""
    audit.on_change(keep_components)
    registry.register_organisation_listener(_keep_names)
    scheduler.register_recurring("events.keep", keep_all, every=NIGHTLY)


def keep_components(event: Event) -> None:
    """Write what feeds print of the event in each language; nothing unless it is public.

    In the caller's transaction. The feeds' version moves only if something differs.
    """
    public = with_words(public_events().filter(pk=event.pk)).first()
    texts = {text.language: text for text in EventText.objects.filter(event=event)}
    differing = []
    for language, text in texts.items():
        facts = facts_for(public, language=language, viewer=PUBLIC) if public else None
        printed = component(facts) if facts else ""
        if printed != text.component:
            text.component, text.component_at = printed, now()
            differing.append(text)
    if differing:
        EventText.objects.bulk_update(differing, ["component", "component_at"])
        move_version()


def keep_many(keys: Collection[int]) -> None:
    """The same for many new events, given by primary key, in few statements. In the caller's transaction."""
    differing = []
    for event in with_words(public_events().filter(pk__in=keys)):
        for text in event.texts.all():
            text.component = component(facts_for(event, language=text.language, viewer=PUBLIC))
            text.component_at = now()
            differing.append(text)
    EventText.objects.bulk_update(differing, ["component", "component_at"], batch_size=100)
    if differing:
        move_version()


def keep_again(events: QuerySet[Event]) -> None:
    """Something told of these events changed that is not theirs: readers are to take them anew."""
    for event in events.select_for_update().order_by("pk"):
        event.changed_at = now()
        event.save(update_fields=["changed_at"])
        keep_components(event)


def keep_all() -> None:
    """Mend what differs, for example after a release with other words; one event a transaction.

    The version moves too if a cancelled event has left the feeds since the last time.
    """
    for event in public_events().order_by("pk"):
        with transaction.atomic():
            keep_components(event)
    edge = now() - CANCELLED_KEPT
    left = Q(cancelled_at__gt=edge - 2 * NIGHTLY, cancelled_at__lte=edge)
    if public_events().filter(left).exists():
        move_version()


def move_version() -> None:
    """Say that public feeds changed, in the caller's transaction."""
    moment = now()
    if not FeedVersion.objects.filter(pk=1).update(number=F("number") + 1, changed_at=moment):
        FeedVersion.objects.get_or_create(pk=1, defaults={"number": 1, "changed_at": moment})


def _keep_names(organisation: Organisation) -> None:
    """Its feed may have gone or come, and its name stands in its events' calendars."""
    hosted = Q(organisation=organisation)
    hosted |= Q(co_hosts__organisation=organisation, co_hosts__state=Consent.CONSENTED)
    pks = public_events().filter(hosted).values("pk")
    keep_again(Event.objects.filter(pk__in=pks))
    move_version()
