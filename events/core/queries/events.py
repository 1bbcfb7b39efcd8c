"""Lists of events: the only place where they come from."""

import datetime
from collections.abc import Callable

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from guardian.shortcuts import get_objects_for_user

from coalition.accounts.enums import MembershipRole, OrganisationKind
from coalition.accounts.models import User
from coalition.accounts.queries import active_memberships
from coalition.workspaces.models import Workspace
from coalition.workspaces.queries import active_seats, workspaces_for
from documents.drafts.enums import Handling, PublicationState
from documents.drafts.queries.drafts import reading_seats
from documents.models import Publication, PublicationText
from events.core.enums import Answer, Consent, EventState, Visibility
from events.core.models.event import Event, EventText
from events.core.models.opening_hours import Occurrence
from events.core.models.participants import CoHost, EventInvitation
from events.core.queries.speakers import named_speakers
from events.core.queries.texts import text_in, text_of

__all__ = [
    "addresses_known_to",
    "asked_of",
    "between",
    "events_beside_public_for",
    "events_for",
    "hosted_by",
    "public_events",
    "seated_events_for",
    "text_in",
    "text_of",
    "with_words",
]

TOLD = Q(state__in=[state for state in EventState if state.is_told], announced_at__isnull=False)
EVERYONES = TOLD & Q(visibility=Visibility.PUBLIC, handling=Handling.PUBLIC, restricted=False)


def events_for(user: object, workspace: Workspace | None = None) -> QuerySet[Event]:
    """Events the person may see, in one query. Anonymous people: none.

    Those of their own workspaces as `seated_events_for`; those of others once they are told to the
    coalition or to everyone. Media partners are not told what is for the coalition only.
    """
    return _events_for(user, _told_to_coalition_or_all, workspace)


def events_beside_public_for(user: object) -> QuerySet[Event]:
    """Events that the person may see and not everyone may, in no order: what `events_for` gives without what
    `public_events` does. Those that are told to everyone are not asked for in the first place, which are most
    of all events."""
    return _events_for(user, _told_to_coalition).exclude(EVERYONES).order_by()


def _events_for(
    user: object, told_to: Callable[[User], Q], workspace: Workspace | None = None
) -> QuerySet[Event]:
    if not isinstance(user, User) or not user.is_active:
        return Event.objects.none()
    told = told_to(user) & TOLD & Q(restricted=False)
    rows = Event.objects.filter(told | Q(pk__in=seated_events_for(user).order_by().values("pk")))
    return rows.filter(workspace=workspace) if workspace is not None else rows


def _told_to_coalition_or_all(user: User) -> Q:
    wider = Q(visibility=Visibility.PUBLIC, handling=Handling.PUBLIC) & Q(Exists(active_memberships(user)))
    return wider | _told_to_coalition(user)


def _told_to_coalition(user: User) -> Q:
    inside = active_memberships(user).exclude(organisation__kind=OrganisationKind.MEDIA_PARTNER)
    return Q(visibility=Visibility.COALITION) & Q(Exists(inside))


def seated_events_for(user: object, workspace: Workspace | None = None) -> QuerySet[Event]:
    """Events of workspaces in which the person has a seat. Observers see those that are told.

    A restricted event is for people with a seat on behalf of an organisation in its list: guardian's rows
    say so, and the seats again, so that a frozen or left organisation ends at once.
    """
    if not isinstance(user, User) or not user.is_active:
        return Event.objects.none()
    reads = Q(workspace__in=reading_seats(user).values("workspace"))
    listed, listed_reads = (
        Event.restricted_to.through.objects.filter(
            event=OuterRef("pk"),
            organisation__in=seats.filter(workspace=OuterRef(OuterRef("workspace"))).values("organisation"),
        )
        for seats in (active_seats(user), reading_seats(user))
    )
    granted = get_objects_for_user(
        user,
        "read_restricted_event",
        Event,
        accept_global_perms=False,
        with_superuser=False,
        use_groups=True,
    )
    told = TOLD
    is_open = Q(restricted=False) & (told | reads)
    admitted = Q(pk__in=granted.order_by().values("pk")) & ((told & Exists(listed)) | Q(Exists(listed_reads)))
    rows = Event.objects.filter(is_open | admitted, workspace__in=workspaces_for(user))
    return rows.filter(workspace=workspace) if workspace is not None else rows


def addresses_known_to(person: User) -> set[int]:
    """Events whose address is for the confirmed and is told to this person: they have a seat where it is
    planned, or said that they come. Primary keys, one query."""
    comes = EventInvitation.objects.filter(
        event=OuterRef("pk"), person=person, withdrawn_at=None, answer=Answer.ACCEPTED
    )
    seated = Q(pk__in=seated_events_for(person).order_by().values("pk"))
    rows = Event.objects.filter(seated | Exists(comes), address_for_confirmed=True)
    return set(rows.values_list("pk", flat=True))


def public_events() -> QuerySet[Event]:
    """What everyone may see: told in public, by its mark and by its readers too."""
    return Event.objects.filter(EVERYONES)


def with_words(events: QuerySet[Event]) -> QuerySet[Event]:
    """The same events with all that is told of each, in as many queries whatever their number."""
    hosts = CoHost.objects.filter(state=Consent.CONSENTED).select_related("organisation")
    published = Publication.objects.filter(state=PublicationState.PUBLIC, replaced_by=None)
    words = PublicationText.objects.select_related("version")
    texts = EventText.objects.defer("component")  # long, and only feeds print it
    return events.select_related("workspace", "draft", "picture").prefetch_related(
        "organisation",  # once each: its names are unsealed when it is read
        Prefetch("texts", queryset=texts),
        "hours",
        "special_days",
        "exceptions",
        "audience_times",
        Prefetch("co_hosts", queryset=hosts.order_by("id"), to_attr="consented"),
        Prefetch("speakers", queryset=named_speakers(), to_attr="named_speakers"),
        Prefetch(
            "draft__publications",
            queryset=published.prefetch_related(Prefetch("texts", queryset=words)),
            to_attr="public_now",
        ),
    )


def between(events: QuerySet[Event], first: datetime.datetime, last: datetime.datetime) -> QuerySet[Event]:
    """Events that may happen between two aware moments; `occurrences` says when exactly.

    A run counts, and one that comes again as long as it does. A day too many at the edges is possible.
    """
    day = (last + datetime.timedelta(days=1)).date()
    differs = Occurrence.objects.filter(
        Q(to_date__lte=day) | Q(on__lte=day, left_out=False), event=OuterRef("pk")
    )
    begins = Q(starts_at__lt=last) | Q(run_from__lte=day) | Exists(differs)
    return events.filter(begins, Q(lasts_until=None) | Q(lasts_until__gte=first))


def asked_of(user: object) -> QuerySet[CoHost]:
    """Requests to host together that wait for the person as representative, whatever seats they hold.

    What they may know of such an event before answering: its words, time, place and who plans it.
    """
    rows = _for_representatives(user, Consent.ASKED)
    return rows.exclude(event__state=EventState.CANCELLED)


def hosted_by(user: object) -> QuerySet[CoHost]:
    """What organisations host together whose representative the person is: they may leave it."""
    return _for_representatives(user, Consent.CONSENTED)


def _for_representatives(user: object, state: Consent) -> QuerySet[CoHost]:
    if not isinstance(user, User) or not user.is_active:
        return CoHost.objects.none()
    represented = active_memberships(user).filter(role=MembershipRole.REPRESENTATIVE)
    rows = CoHost.objects.filter(state=state, organisation__in=represented.values("organisation"))
    return rows.select_related("event__workspace", "event__organisation", "organisation")
