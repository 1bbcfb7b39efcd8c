"""Querysets of events, with their texts, speakers and invitations."""

import datetime

from django.db.models import Case, Exists, F, OuterRef, Prefetch, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce
from guardian.shortcuts import get_objects_for_user

from coalition.accounts.models import Language, MembershipRole, OrganisationKind, User
from coalition.accounts.queries import active_memberships, has_access
from coalition.core.clock import now
from coalition.core.retention import anonymise_cutoff, days_ago
from coalition.core.throttling import hash_token
from coalition.workspaces.models import Seat, Workspace
from coalition.workspaces.queries import own_seats, seats_in, workspaces_for
from documents.drafts.models import Handling, PublicationState
from documents.drafts.queries import READING_ROLES, reading_seats
from documents.models import Publication, PublicationText
from events.core.enums import Answer, Consent, EventState, Visibility
from events.core.models import (
    CoHost,
    Event,
    EventInvitation,
    EventSpeaker,
    EventText,
    Occurrence,
    PressRegistration,
)


def speakers_of(event: Event) -> list[EventSpeaker]:
    """Return all speakers, for organisers: one query."""
    return list(EventSpeaker.objects.filter(event=event))


def named_speakers() -> QuerySet[EventSpeaker]:
    """Return the speakers who agreed to be named to everyone."""
    return EventSpeaker.objects.filter(named=True)


def unnamed_count(event: Event) -> int:
    """Count those who have not agreed to be named."""
    return EventSpeaker.objects.filter(event=event, named=False).count()


def event_speaker_of_token(token: str) -> EventSpeaker | None:
    """Return the speaker of a link, or None."""
    rows = EventSpeaker.objects.filter(token_hash=hash_token(token))
    return rows.select_related("event", "event__organisation", "event__workspace").first()


def text_in(event: Event, language: str = "") -> EventText:
    """Return the text in the language, or in the next best (kk, ru, en) that has a title; never None.

    Reads `texts`, which `prefetch_event_details` prefetches for many events.
    """
    texts = {text.language: text for text in event.texts.all()}
    order = [code for code in (language, *Language.values) if code in texts]
    titled = (texts[code] for code in order if texts[code].title)
    return next(titled, None) or EventText(event=event, language=language or Language.KK)


def translated_text_expression(language: str, field: str = "title", *, event: str = "event") -> Coalesce:
    """Return an expression for a field of the text that `text_in` selects, to annotate another query:
    for lists that need no more of an event. `event`: lookup from a row to it."""
    order = dict.fromkeys([language, *Language.values])
    turn = Case(*[When(language=code, then=number) for number, code in enumerate(order)], default=len(order))
    titled = EventText.objects.filter(event=OuterRef(event)).exclude(title="").order_by(turn)
    return Coalesce(Subquery(titled.values(field)[:1]), Value(""))


def text_of(event: Event, language: str) -> EventText:
    """Return the text in exactly this language; an empty one if there is none."""
    found = (text for text in event.texts.all() if text.language == language)
    return next(found, None) or EventText(event=event, language=language)


IS_ANNOUNCED = Q(state__in=[state for state in EventState if state.is_told], announced_at__isnull=False)
IS_PUBLIC = IS_ANNOUNCED & Q(visibility=Visibility.PUBLIC, handling=Handling.PUBLIC, restricted=False)


def events_for(user: object, workspace: Workspace | None = None) -> QuerySet[Event]:
    """Return events the person may see, in one query. Anonymous people: none.

    Those of their own workspaces as `seated_events_for`; those of others once announced to the
    coalition or to everyone. Media partners do not see those for the coalition only.
    """
    rows = _events_for(user, with_public=True)
    return rows.filter(workspace=workspace) if workspace is not None else rows


def non_public_events_for(user: object) -> QuerySet[Event]:
    """Return events that the person may see and the public may not, unordered: `events_for` without
    `public_events`. The query excludes public events, which are the majority, from the start."""
    return _events_for(user, with_public=False).exclude(IS_PUBLIC).order_by()


def _events_for(user: object, *, with_public: bool) -> QuerySet[Event]:
    if not isinstance(user, User) or not user.is_active:
        return Event.objects.none()
    members = active_memberships(user)
    partners = members.exclude(organisation__kind=OrganisationKind.MEDIA_PARTNER)
    told = Q(visibility=Visibility.COALITION) & Q(Exists(partners))
    if with_public:
        told |= Q(visibility=Visibility.PUBLIC, handling=Handling.PUBLIC) & Q(Exists(members))
    told &= IS_ANNOUNCED & Q(restricted=False)
    return Event.objects.filter(told | Q(pk__in=seated_events_for(user).order_by().values("pk")))


def seated_events_for(user: object, workspace: Workspace | None = None) -> QuerySet[Event]:
    """Return events of workspaces in which the person has a seat. Observers see announced ones.

    A restricted event is for people with a seat on behalf of an organisation in its list. Checked by
    guardian's rows and again by the seats, so that access ends at once for an organisation that was
    frozen or left.
    """
    if not isinstance(user, User) or not user.is_active:
        return Event.objects.none()
    reads = Q(workspace__in=reading_seats(user).values("workspace"))
    listed, listed_reads = (
        Event.restricted_to.through.objects.filter(
            event=OuterRef("pk"),
            organisation__in=seats.filter(workspace=OuterRef(OuterRef("workspace"))).values("organisation"),
        )
        for seats in (own_seats(user), reading_seats(user))
    )
    granted = get_objects_for_user(
        user,
        "read_restricted_event",
        Event,
        accept_global_perms=False,
        with_superuser=False,
        use_groups=True,
    )
    told = IS_ANNOUNCED
    is_open = Q(restricted=False) & (told | reads)
    admitted = Q(pk__in=granted.order_by().values("pk")) & ((told & Exists(listed)) | Q(Exists(listed_reads)))
    rows = Event.objects.filter(is_open | admitted, workspace__in=workspaces_for(user))
    return rows.filter(workspace=workspace) if workspace is not None else rows


def addresses_known_to(person: User) -> set[int]:
    """Return events with an address for confirmed people that this person may know: they have a seat
    where it is planned, or answered that they come. Primary keys, one query."""
    comes = EventInvitation.objects.filter(
        event=OuterRef("pk"), person=person, withdrawn_at=None, answer=Answer.ACCEPTED
    )
    seated = Q(pk__in=seated_events_for(person).order_by().values("pk"))
    rows = Event.objects.filter(seated | Exists(comes), address_for_confirmed=True)
    return set(rows.values_list("pk", flat=True))


def public_events() -> QuerySet[Event]:
    """Return events that everyone may see: announced publicly, with a public mark, unrestricted."""
    return Event.objects.filter(IS_PUBLIC)


def prefetch_event_details(events: QuerySet[Event]) -> QuerySet[Event]:
    """Prefetch everything displayed of each event; the number of queries is constant."""
    hosts = CoHost.objects.filter(state=Consent.CONSENTED).select_related("organisation")
    published = Publication.objects.filter(state=PublicationState.PUBLIC, replaced_by=None)
    words = PublicationText.objects.select_related("version")
    texts = EventText.objects.defer("component")  # long, and only used by feeds
    return events.select_related("workspace", "draft", "picture").prefetch_related(
        "organisation",  # one instance each: its names are decrypted on load
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


def events_between(
    events: QuerySet[Event], first: datetime.datetime, last: datetime.datetime
) -> QuerySet[Event]:
    """Return events that may happen between two aware moments; `occurrences` gives exact times.

    Includes runs, and recurring events until they end. The result may have one day too many at the edges.
    """
    day = (last + datetime.timedelta(days=1)).date()
    differs = Occurrence.objects.filter(
        Q(to_date__lte=day) | Q(on__lte=day, left_out=False), event=OuterRef("pk")
    )
    begins = Q(starts_at__lt=last) | Q(run_from__lte=day) | Exists(differs)
    return events.filter(begins, Q(lasts_until=None) | Q(lasts_until__gte=first))


def hosting_requests_of(user: object) -> QuerySet[CoHost]:
    """Return co-hosting requests that await the person as representative, with or without seats.

    Before answering they may know the event's texts, time, place and planning organisation.
    """
    return _for_representatives(user, Consent.ASKED).exclude(event__state=EventState.CANCELLED)


def hostings_of(user: object) -> QuerySet[CoHost]:
    """Return the co-hostings of organisations that the person represents: they may leave."""
    return _for_representatives(user, Consent.CONSENTED)


def _for_representatives(user: object, state: Consent) -> QuerySet[CoHost]:
    if not isinstance(user, User) or not user.is_active:
        return CoHost.objects.none()
    represented = active_memberships(user).filter(role=MembershipRole.REPRESENTATIVE)
    rows = CoHost.objects.filter(state=state, organisation__in=represented.values("organisation"))
    return rows.select_related("event__workspace", "event__organisation", "organisation")


def open_invitations(event: Event) -> QuerySet[EventInvitation]:
    """Return the open invitations, in order of creation."""
    return event.invitations.filter(withdrawn_at=None).select_related("person")


def unnotified_invitations(event: Event) -> QuerySet[EventInvitation]:
    """Return invitations not yet notified of the event's last change of time, place or state."""
    return open_invitations(event).filter(sent_sequence__lt=F("event__sequence"))


def invitation_of_token(token: str) -> EventInvitation | None:
    """Return the invitation of a link; None if there is none or it is no longer valid."""
    rows = EventInvitation.objects.filter(token_hash=hash_token(token), withdrawn_at=None)
    found = rows.select_related("person", "event__workspace", "event__organisation").first()
    return found if found is not None and is_invitation_valid(found) else None


def invitation_of(user: object, event: Event) -> EventInvitation | None:
    """Return the person's own invitation to an event."""
    if not isinstance(user, User):
        return None
    return open_invitations(event).filter(person=user).first()


def is_invitation_valid(invitation: EventInvitation) -> bool:
    """Whether the invited person may still know of the event: members while they may see it."""
    person = invitation.person
    if person is None:
        return True
    return has_access(person) and events_for(person).filter(pk=invitation.event_id).exists()


def invitable_seats(event: Event) -> QuerySet[Seat]:
    """Return seats in the event's workspace of people who may see the event, by name."""
    rows = seats_in(event.workspace)
    if not event.is_told:
        rows = rows.filter(role__in=READING_ROLES)
    if event.restricted:
        rows = rows.filter(organisation__in=event.restricted_to.all())
    return rows.order_by("person__name", "id")


def seats_of_invited(event: Event) -> dict[int, Seat]:
    """Return, by person, the seat they have or had in the event's workspace, also if they left.

    Their organisation decides whether they may be named, also after their seat ends.
    """
    seats = Seat.objects.filter(workspace=event.workspace).select_related("organisation")
    found = {seat.person_id: seat for seat in seats.order_by("started_at", "id")}
    return found | {seat.person_id: seat for seat in seats_in(event.workspace)}


def is_over_since(days: float, event: str, *own: str, standing: bool = False) -> Q:
    """Filter rows whose event (`event`: lookup prefix such as "plan__event__") ended `days` ago.

    An event that recurs without end is never over: then the first occurrence and every moment of the
    row's own (`own`: field names; empty values are ignored) must be `days` in the past. `standing`:
    data true of every occurrence, which stays valid: `AUDIT_PERSON_MONTHS` instead of days.
    """
    old = days_ago(days)
    without_end = Q(**{f"{event}lasts_until": None, f"{event}ends_at__lt": old})
    for name in own:
        before = min(old, anonymise_cutoff()) if standing else old
        without_end &= Q(**{f"{name}__lt": before}) | Q(**{name: None})
    return Q(**{f"{event}lasts_until__lt": old}) | without_end | is_cancelled_since(days, event)


def is_cancelled_since(days: float, event: str) -> Q:
    """Filter rows whose event was cancelled `days` ago, whenever it was to take place."""
    return Q(**{f"{event}cancelled_at__lt": days_ago(days)})


def registration_of(event: Event) -> PressRegistration | None:
    """Return the event's press registration, with `event` set to the instance passed in."""
    found = PressRegistration.objects.filter(event=event).first()
    if found is not None:
        found.event = event
    return found


MOST_REUSED = 6


def reusable_events(user: User, workspace: Workspace) -> list[Event]:
    """Return the latest events of a workspace that the user may see, to plan them again."""
    rows = prefetch_event_details(seated_events_for(user, workspace))
    return list(rows.filter(starts_at__lt=now()).order_by("-starts_at")[:MOST_REUSED])
