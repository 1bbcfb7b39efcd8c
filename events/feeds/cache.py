"""Cache of the VEVENTs in public feeds: joining 1,000 takes milliseconds, building them seconds.

Every change to what a public feed contains updates it in its transaction: events, names of organisations,
publications whose text an event uses. `FeedVersion` is incremented with it.
"""

import datetime
from urllib.parse import urljoin, urlsplit

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _, override

from coalition.accounts import registry
from coalition.accounts.models import Organisation
from coalition.accounts.naming import PUBLIC
from coalition.core.clock import now
from documents.drafts.models import PublicationState
from documents.models import EmbargoAccess, Publication
from documents.publication.queries import sheet_address
from events.core.enums import Consent, EventKind, EventState
from events.core.facts import EventFacts, EventTimes
from events.core.models import Event, EventText
from events.core.queries import prefetch_event_details, public_events
from events.core.summary import facts_for
from events.feeds.queries import CANCELLED_RETENTION, FeedVersion
from events.ical.builder import event_component

REFRESH_INTERVAL = datetime.timedelta(days=1)


def register_feed_refresh() -> None:
    """Listen to organisations, whose names feeds print."""
    registry.register_organisation_listener(_refresh_organisation_events)


def refresh_components(event: Event) -> None:
    """Write the event's VEVENTs in each language; do nothing unless it is public.

    In the caller's transaction. The feeds' version is incremented only if something differs.
    """
    public = prefetch_event_details(public_events().filter(pk=event.pk)).first()
    texts = {text.language: text for text in EventText.objects.filter(event=event)}
    differing = []
    for language, text in texts.items():
        facts = facts_for(public, language=language, viewer=PUBLIC) if public else None
        printed = event_component(facts) if facts else ""
        if printed != text.component:
            text.component, text.component_at = printed, now()
            differing.append(text)
    if differing:
        EventText.objects.bulk_update(differing, ["component", "component_at"])
        bump_feed_version()


def refresh_all_components() -> None:
    """Repair entries that differ, for example after a release; one event per transaction.

    The version is incremented too if a cancelled event has left the feeds since the last run.
    """
    for event in public_events().order_by("pk"):
        with transaction.atomic():
            refresh_components(event)
    edge = now() - CANCELLED_RETENTION
    left = Q(cancelled_at__gt=edge - 2 * REFRESH_INTERVAL, cancelled_at__lte=edge)
    if public_events().filter(left).exists():
        bump_feed_version()


def bump_feed_version() -> None:
    """Increment the version of public feeds, in the caller's transaction."""
    moment = now()
    if not FeedVersion.objects.filter(pk=1).update(number=F("number") + 1, changed_at=moment):
        FeedVersion.objects.get_or_create(pk=1, defaults={"number": 1, "changed_at": moment})


def _refresh_organisation_events(organisation: Organisation) -> None:
    """Update after a change of name: the feed may come or go, and events contain the name."""
    hosted = Q(organisation=organisation)
    hosted |= Q(co_hosts__organisation=organisation, co_hosts__state=Consent.CONSENTED)
    events = Event.objects.filter(pk__in=public_events().filter(hosted).values("pk"))
    for event in events.select_for_update().order_by("pk"):
        event.changed_at = now()  # so that readers fetch it again
        event.save(update_fields=["changed_at"])
        refresh_components(event)
    bump_feed_version()


# Calendar entries of an embargo for a person of an outlet: its moment and the text's status.
#
# They contain only the text's title, which the person saw when agreeing; none once it is postponed
# or withdrawn. The content depends on the state of the publication, never on a clock here.


def embargo_entry_for(embargo: EmbargoAccess, language: str) -> EventFacts:
    """Return one entry: a moment. No queries for rows of `embargoes_in_calendar`."""
    publication = embargo.publication
    is_out, put_off = publication.published_at is not None, publication.state == PublicationState.PLANNED
    with override(language):
        title, text = _entry_texts(publication)
        agreed = embargo.agreed_at or embargo.asked_at
        # Postponed, it has no moment; programs need one to cancel.
        at = timezone.localtime(publication.published_at or publication.scheduled_at or agreed)
        moment = at.replace(microsecond=0, tzinfo=None)
        return EventFacts(
            uid=f"{embargo.uuid}@{urlsplit(settings.SITE_URL).hostname}",
            kind=EventKind.DEADLINE,
            state=EventState.CANCELLED if put_off else EventState.ANNOUNCED,
            language=language,
            title=title,
            text=text,
            times=EventTimes(settings.TIME_ZONE, moment, moment),
            changed_at=max(agreed, publication.calendar_changed_at or agreed),
            created_at=agreed,
            sequence=publication.calendar_sequence,
            url=urljoin(settings.SITE_URL, sheet_address(publication, language)) if is_out else "",
            private=True,
        )


def _entry_texts(publication: Publication) -> tuple[str, str]:
    """Return title and text of the entry, in the active language."""
    if publication.state == PublicationState.PLANNED:
        return _("A text under embargo"), _(
            "It is put off. Please publish nothing of it. You hear from us when there is another moment."
        )
    if publication.state == PublicationState.WITHDRAWN:
        return _("A text that you had under embargo was withdrawn"), _(
            "Why it was withdrawn stands on its approval sheet."
        )
    named = {"title": publication.title}
    if publication.state == PublicationState.SCHEDULED:
        return _("Embargo ends: %(title)s") % named, _(
            "Publish nothing of it before this moment. The text opens by the link in your mail."
            " If the embargo is lifted earlier, you are told by mail, and this entry moves."
        )
    if getattr(publication, "replaced_by", None) is not None:
        return _("Corrected since: %(title)s") % named, _("What was corrected stands on the approval sheet.")
    return _("Free to publish: %(title)s") % named, _(
        "The text is public, in all its languages: the embargo is over."
    )
