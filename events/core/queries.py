"""Speakers at events: the only place where they come from."""

import datetime
from collections.abc import Callable

from django.db.models import Case, Exists, F, OuterRef, Prefetch, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce
from guardian.shortcuts import get_objects_for_user

from coalition.accounts.enums import Language, MembershipRole, OrganisationKind
from coalition.accounts.models import User
from coalition.accounts.queries import active_memberships, has_access
from coalition.core.retention import anonymise_cutoff, days_ago
from coalition.core.tokens import hash_token
from coalition.workspaces.models import Seat, Workspace
from coalition.workspaces.queries import active_seats, seats_in, workspaces_for
from documents.drafts.enums import Handling, PublicationState
from documents.drafts.queries import READING_ROLES, reading_seats
from documents.models import Publication, PublicationText
from events.core.enums import Answer, Consent, EventState, Visibility
from events.core.models import CoHost, Event, EventInvitation, EventSpeaker, EventText, Occurrence


def speakers_of(event: Event) -> list[EventSpeaker]:
    """Everybody who is to speak, for those who prepare the event: one query."""
    return list(EventSpeaker.objects.filter(event=event))


def named_speakers() -> QuerySet[EventSpeaker]:
    """Those who agreed to be named to everyone."""
    return EventSpeaker.objects.filter(named=True)


def unnamed_count(event: Event) -> int:
    """How many have not agreed to be named."""
    return EventSpeaker.objects.filter(event=event, named=False).count()


def speaker_of_token(token: str) -> EventSpeaker | None:
    """Whose link it is; None if nobody's."""
    rows = EventSpeaker.objects.filter(token_hash=hash_token(token))
    return rows.select_related("event", "event__organisation", "event__workspace").first()


# --- texts ---
# Which words of an event are read in a language.


def text_in(event: Event, language: str = "") -> EventText:
    """The words in the language, or in the next best (kk, ru, en) that has a title; never None.

    Asks for `texts`, which `with_words` fetches for many events at once.
    """
    texts = {text.language: text for text in event.texts.all()}
    order = [code for code in (language, *Language.values) if code in texts]
    titled = (texts[code] for code in order if texts[code].title)
    return next(titled, None) or EventText(event=event, language=language or Language.KK)


def told_in(language: str, field: str = "title", *, event: str = "event") -> Coalesce:
    """This field of the words that `text_in` reads, told with the rows of another query: for lists that show
    no more of an event. `event` leads from a row to it."""
    order = dict.fromkeys([language, *Language.values])
    turn = Case(*[When(language=code, then=number) for number, code in enumerate(order)], default=len(order))
    titled = EventText.objects.filter(event=OuterRef(event)).exclude(title="").order_by(turn)
    return Coalesce(Subquery(titled.values(field)[:1]), Value(""))


def text_of(event: Event, language: str) -> EventText:
    """The words in this language and no other; empty ones if there are none."""
    found = (text for text in event.texts.all() if text.language == language)
    return next(found, None) or EventText(event=event, language=language)


# --- events ---
# Lists of events: the only place where they come from.


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


# --- invitations ---
# Who is invited: the only place where invitations come from.


def open_invitations(event: Event) -> QuerySet[EventInvitation]:
    """Who is invited now, in the order in which they were."""
    return event.invitations.filter(withdrawn_at=None).select_related("person")


def untold_invitations(event: Event) -> QuerySet[EventInvitation]:
    """Those to whom the event's last change of time, place or state has not been told."""
    return open_invitations(event).filter(sent_sequence__lt=F("event__sequence"))


def invitation_of_token(token: str) -> EventInvitation | None:
    """The invitation to which a link belongs; None if there is none, or if it counts no more."""
    rows = EventInvitation.objects.filter(token_hash=hash_token(token), withdrawn_at=None)
    found = rows.select_related("person", "event__workspace", "event__organisation").first()
    return found if found is not None and still_counts(found) else None


def invitation_of(user: object, event: Event) -> EventInvitation | None:
    """The person's own invitation to an event."""
    if not isinstance(user, User):
        return None
    return open_invitations(event).filter(person=user).first()


def still_counts(invitation: EventInvitation) -> bool:
    """Whether the invited person may still know of the event: members as long as they may see it."""
    person = invitation.person
    if person is None:
        return True
    return has_access(person) and events_for(person).filter(pk=invitation.event_id).exists()


def may_be_invited(event: Event) -> QuerySet[Seat]:
    """Seats in the event's workspace of people who may see the event, by name."""
    rows = seats_in(event.workspace)
    if not event.is_told:
        rows = rows.filter(role__in=READING_ROLES)
    if event.restricted:
        rows = rows.filter(organisation__in=event.restricted_to.all())
    return rows.order_by("person__name", "id")


def seats_of_invited(event: Event) -> dict[int, Seat]:
    """By person, on whose behalf they are or were in the event's workspace: also of those who left.

    Their organisation says whether they may be named, and it does not cease to when their seat ends.
    """
    seats = Seat.objects.filter(workspace=event.workspace).select_related("organisation")
    found = {seat.person_id: seat for seat in seats.order_by("started_at", "id")}
    return found | {seat.person_id: seat for seat in seats_in(event.workspace)}


# --- past ---
# What belongs to an event that lies behind: after its last occurrence, or since it was cancelled.


def is_over_since(days: float, event: str, *own: str, standing: bool = False) -> Q:
    """Rows whose event (`event`: the way to it, as "plan__event__") is over for so many days.

    One that comes again without end is never over: there a row is when the first occurrence and every moment
    of its own (names of fields; those that are empty do not count) lie so many days behind. `standing`: what
    is true of every occurrence, which is as good tomorrow as it was: `AUDIT_PERSON_MONTHS` instead of days.
    """
    old = days_ago(days)
    without_end = Q(**{f"{event}lasts_until": None, f"{event}ends_at__lt": old})
    for name in own:
        before = min(old, anonymise_cutoff()) if standing else old
        without_end &= Q(**{f"{name}__lt": before}) | Q(**{name: None})
    return Q(**{f"{event}lasts_until__lt": old}) | without_end | is_cancelled_since(days, event)


def is_cancelled_since(days: float, event: str) -> Q:
    """Rows whose event was cancelled so many days ago, whenever it was to take place."""
    return Q(**{f"{event}cancelled_at__lt": days_ago(days)})
