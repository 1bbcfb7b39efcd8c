"""Actions that plan, restrict, change, move and announce an event."""

import datetime
from collections.abc import Collection, Mapping
from dataclasses import asdict

from anyascii import anyascii
from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _, gettext_lazy as _lazy

from coalition.accounts.models import REGIONS, Language, Organisation
from coalition.accounts.naming import Viewer, display_name_for, viewer_for
from coalition.core.clock import now
from coalition.core.errors import Refused, undo_on_failure
from coalition.workspaces.actions import activity
from coalition.workspaces.actions.seats import restrict_to_organisations
from coalition.workspaces.permissions import Access
from documents.drafts.actions.manage import check_restriction, recheck_open_sockets
from documents.drafts.models import Handling
from documents.drafts.permissions import require_that
from documents.drafts.queries import drafts_for
from documents.files.queries import files_for
from documents.models import Draft, Publication, StoredFile
from documents.publication.actions import NotPublishable
from events.core import audit, permissions
from events.core.actions import times
from events.core.actions.times import (
    EventPlaceInput,
    EventTextInput,
    EventTimesInput,
    delete_public_picture,
    derive_event_moments,
    set_event_times,
    set_times_if_changed,
    write_event_texts,
)
from events.core.audit import notify_hosts_of_change
from events.core.enums import Audience, Consent, EventKind, EventState, Visibility
from events.core.models import AudienceTime, Event, Venue
from events.core.pictures import checked_copy, is_for_few, make_copy

PERMISSION = "read_restricted_event"
NO_TITLE = _lazy("Give the event a title in at least one language.")


def restrict_to(*, event: Event, access: Access, organisations: Collection[Organisation]) -> bool:
    """Apply the restriction in the caller's transaction, with the event's row locked; the caller saves.

    Earlier activity about the event is restricted too. Open sockets re-check their rights to its running
    order, check-in and questions. Return whether anything changed.
    """
    check_restriction(access=access, organisations=organisations)
    wanted = {organisation.pk for organisation in organisations}
    before = set(event.restricted_to.values_list("pk", flat=True))
    if before == wanted and event.restricted == bool(wanted):
        return False
    if wanted and event.is_told and event.visibility != Visibility.WORKSPACE:
        raise Refused(
            _lazy("The event is told beyond this workspace already: it cannot be kept to some organisations.")
        )
    hosts = event.co_hosts.filter(state__in=[Consent.ASKED, Consent.CONSENTED])
    if wanted and hosts.exclude(organisation__in=wanted).exists():
        raise Refused(
            _lazy("A co-host would be shut out: keep it in the list, or take the request back first.")
        )
    event.restricted = bool(wanted)
    event.restricted_to.set(organisations)
    restrict_to_organisations(event, PERMISSION, workspace=event.workspace, organisations=organisations)
    activity.restrict_activity(subjects=[event.uuid], organisations=organisations or None, people=None)
    recheck_open_sockets(event.workspace)
    return True


def plan_event(
    *,
    access: Access,
    kind: EventKind,
    texts: Mapping[str, EventTextInput],
    times: EventTimesInput,
    place: EventPlaceInput | None = None,
    handling: Handling = Handling.WORKSPACE,
    restricted_to: Collection[Organisation] = (),
    draft: Draft | None = None,
    picture: StoredFile | None = None,
) -> Event:
    """Plan an event in the access's workspace, on behalf of its organisation. Nobody is notified yet.

    `texts` by language; one title is enough. Raises NotAllowed without the right to plan, Refused with a
    reason if there is no title, the times contradict each other, or the restriction excludes the planner.
    """
    require_that(permissions.may_plan(access))
    if not any(words.title.strip() for words in texts.values()):
        raise Refused(NO_TITLE)
    check_attachments(access, draft, picture)
    event = Event(
        workspace=access.workspace,
        organisation=access.organisation,
        kind=kind,
        handling=handling,
        draft=draft,
        picture=picture,
        created_by=access.user,
        changed_at=now(),
    )
    set_place(event, place or EventPlaceInput())
    set_event_times(event, times)
    with transaction.atomic():
        event.save()
        write_event_texts(event, texts)
        restrict_to(event=event, access=access, organisations=restricted_to)
        audit.save_event_change(event, access, "event.planned", kind="event_planned")
    return event


def set_place(event: Event, place: EventPlaceInput) -> bool:
    """Set the event's place; return whether it changed. The caller saves.

    Raises Refused if a browser cannot open a link, or the region is unknown.
    """
    for link in (place.map_link, place.online_link):
        if link.strip() and not link.strip().lower().startswith(("https://", "http://")):
            raise Refused(_lazy("A link begins with https:// or http://: check it."))
    if place.region and place.region not in REGIONS:
        raise Refused(_lazy("Choose one of the regions."))
    before = event.venue_values()
    for name, value in asdict(place).items():
        setattr(event, name, value.strip() if type(value) is str else value)
    return before != event.venue_values()


def place_input_for(venue: Venue) -> EventPlaceInput:
    """Return the place of an event or of its fallback venue as a proposal."""
    return EventPlaceInput(**venue.venue_values())


def check_attachments(access: Access, draft: Draft | None, picture: StoredFile | None) -> None:
    """Raise Refused unless the person may read draft and picture in this workspace."""
    if draft is not None and not drafts_for(access.user, access.workspace).filter(pk=draft.pk).exists():
        raise Refused(_lazy("This draft cannot be used here. Choose another one."))
    if picture is None:
        return
    known = files_for(access.user, access.workspace).filter(pk=picture.pk).exists()
    if not known or not picture.is_picture:
        raise Refused(_lazy("This picture cannot be used here. Choose another one."))


def set_audience_times(*, access: Access, event: Event, times: Mapping[Audience, datetime.time]) -> Event:
    """Set when the event begins for each audience, on the day of the event. Audiences not given
    come when the public does.

    Raises NotAllowed without the right, Refused with a reason if the event is cancelled or lasts
    whole days, or if an audience would come only after its end.
    """
    with permissions.event_to_change(access, event) as locked:
        if times and locked.starts_at_time is None:
            raise Refused(_lazy("An event without a time of day begins for everyone alike."))
        if locked.ends_on == locked.starts_on and locked.ends_at_time:
            late = [audience for audience, begins in times.items() if begins > locked.ends_at_time]
            if late:
                raise Refused(_lazy("%(audience)s would come after the end."), audience=late[0].label)
        kept = {Audience(one.audience): one.begins for one in locked.audience_times.all()}
        if kept == dict(times):
            return locked
        locked.audience_times.all().delete()
        AudienceTime.objects.bulk_create(
            AudienceTime(event=locked, audience=audience, begins=begins) for audience, begins in times.items()
        )
        derive_event_moments(locked)
        audit.save_event_change(
            locked, access, "event.audiences_set", kind="event_audiences_set", shifts=True
        )
    return locked


def change_event(
    *,
    access: Access,
    event: Event,
    kind: EventKind,
    texts: Mapping[str, EventTextInput],
    place: EventPlaceInput,
    handling: Handling,
    draft: Draft | None = None,
    picture: StoredFile | None = None,
    times: EventTimesInput | None = None,
    restricted_to: Collection[Organisation] | None = None,
) -> Event:
    """Change an event; languages, times and readers that are not given stay as they are.

    Raises NotAllowed without the right, Refused with a reason if the event is cancelled, if another time was
    announced (use `move_event`, which notifies), or if a public event would lack a title or its mark.
    """
    seen = Event.objects.get(pk=event.pk)
    require_that(permissions.may_change(access, seen))
    # The person may not see the current draft and picture, which somebody else chose.
    new_picture = picture if picture and picture.pk != seen.picture_id else None
    check_attachments(access, draft if draft and draft.pk != seen.draft_id else None, new_picture)
    copy = make_copy(new_picture) if seen.is_public else ""
    with undo_on_failure(lambda: delete_public_picture(copy)), transaction.atomic():
        locked = permissions.lock_event_to_change(access, event)
        other_times = set_times_if_changed(locked, times)
        if other_times and locked.is_told:
            raise Refused(
                _lazy("People were told of this time: move the event, so that they hear of the new one.")
            )
        locked.kind, locked.handling, locked.draft = kind, handling, draft
        if picture is None or picture.pk != locked.picture_id:
            old = str(locked.public_picture)
            locked.picture, locked.public_picture = picture, checked_copy(picture, copy)
            transaction.on_commit(lambda: delete_public_picture(old))
        if restricted_to is not None:
            kept = set(locked.restricted_to.values_list("pk", flat=True))
            if {one.pk for one in restricted_to} != kept:
                require_that(permissions.may_restrict(access, locked))
                restrict_to(event=locked, access=access, organisations=restricted_to)
        elsewhere = set_place(locked, place)
        fields = write_event_texts(locked, texts)
        _check_announced(locked)
        audit.save_event_change(
            locked,
            access,
            "event.changed",
            kind="event_changed",
            shifts=other_times or elsewhere or bool({"place", "address"} & set(fields)),
            fields=fields,
        )
        notify_hosts_of_change(locked, by=access)
    return locked


def _check_announced(event: Event) -> None:
    """Check that the event still has a title and, if announced, meets its requirements."""
    titles = {text.language: text.title for text in event.texts.all()}
    if not any(titles.values()):
        raise Refused(NO_TITLE)
    if not event.is_told:
        return
    visibility = Visibility(event.visibility)
    if Handling(event.handling) not in MARKS_ALLOWED[visibility]:
        raise Refused(
            _lazy("The event is told more widely than this handling mark allows. Cancel it instead.")
        )
    if visibility == Visibility.PUBLIC and not all(titles[code] for code in Language.values):
        raise Refused(_lazy("The event is public: it needs a title in each language."))
    if reasons := visibility_restrictions(event, visibility):
        raise Refused("%(reasons)s", reasons=" ".join(reasons))


def move_event(
    *,
    access: Access,
    event: Event,
    times: EventTimesInput | None = None,
    place: EventPlaceInput | None = None,
    texts: Mapping[str, EventTextInput] | None = None,
) -> Event:
    """Move an announced event to other times, another place, or both; what is not given stays.

    `texts` has the words of the new place, by language. `moved_from` stores the start first
    announced; audiences who come earlier keep their interval; SEQUENCE rises. Raises NotAllowed
    without the right, Refused with a reason if the event is not announced or is cancelled, nothing
    would change, or the times contradict each other.
    """
    with permissions.event_to_change(access, event) as locked:
        if not locked.is_told:
            raise Refused(_lazy("Nobody was told of the event yet: change its time or place instead."))
        before = locked.starts_at
        clock = f"{locked.starts_at_time:%H:%M}" if locked.starts_at_time else ""
        told = {"starts_on": str(locked.starts_on), "starts_at_time": clock}
        elsewhere = set_place(locked, place) if place is not None else False
        if texts is not None:
            elsewhere |= bool(write_event_texts(locked, texts))
        placed = locked.online_link or any(text.place or text.address for text in locked.texts.all())
        if not placed and locked.kind != EventKind.DEADLINE:
            raise Refused(_lazy("Say where it is, or give a link for those who join online."))
        other_times = set_times_if_changed(locked, times)
        if not (elsewhere or other_times):
            raise Refused(_lazy("This is the time and place that the event has already."))
        if locked.starts_at != before and locked.moved_from is None:
            locked.moved_from = told
        locked.state = EventState.MOVED
        audit.save_event_change(
            locked, access, "event.moved", kind="event_moved", shifts=True, time=other_times, place=elsewhere
        )
        notify_hosts_of_change(locked, by=access)
    return locked


MARKS_ALLOWED: dict[Visibility, set[Handling]] = {
    Visibility.WORKSPACE: set(Handling),
    Visibility.COALITION: {Handling.COALITION, Handling.PUBLIC},
    Visibility.PUBLIC: {Handling.PUBLIC},
}

SLUG_LENGTH = 70
ONLY_COORDINATORS = _lazy("Coordinators tell everyone of an event; ask one of them.")
RESERVED_SLUGS = frozenset({"month", "agenda", "map"})  # paths beside those of events: public_urls


def announce_event(*, access: Access, event: Event, visibility: Visibility) -> Event:
    """Announce a planned event, or announce it more widely than before.

    Raises NotAllowed without the right, NotPublishable with a text on everything missing. A public
    announcement gives it a public address, and its picture a public copy, unless it is under consent.
    """
    planned = Event.objects.get(pk=event.pk)
    viewer = viewer_for(access.user)
    _check_announcement(access, planned, visibility, viewer)
    is_public = visibility == Visibility.PUBLIC
    copy = make_copy(planned.picture) if is_public else ""
    with undo_on_failure(lambda: delete_public_picture(copy)), transaction.atomic():
        locked = permissions.lock_event(planned)
        if locked.picture_id != planned.picture_id:
            raise NotPublishable([_("The picture was changed a moment ago. Look at the event again.")])
        _check_announcement(access, locked, visibility, viewer)
        first, known = locked.state == EventState.PLANNED, audit.may_be_in_calendars(locked)
        locked.visibility = visibility
        locked.public_picture = checked_copy(locked.picture, copy) or locked.public_picture
        if first:
            locked.state, locked.announced_at = EventState.ANNOUNCED, now()
        if is_public and locked.slug is None:
            locked.slug = _slug_for(locked)
        times.derive_event_moments(locked)
        audit.save_event_change(
            locked,
            access,
            "event.announced",
            kind="event_announced" if first else "event_told_wider",
            shifts=known,
            visibility=visibility,
        )
        notify_hosts_of_change(locked, by=access)  # co-hosts that consented are named now
    return locked


def _check_announcement(access: Access, event: Event, visibility: Visibility, viewer: Viewer) -> None:
    require_that(permissions.may_announce(access, event, visibility), ONLY_COORDINATORS)
    if reasons := announcement_obstacles(event, visibility, viewer):
        raise NotPublishable(reasons)


def announcement_obstacles(event: Event, visibility: Visibility, viewer: Viewer) -> list[str]:
    """Return why the event cannot be announced so widely now, in whole sentences; empty if it can."""
    state = EventState(event.state)
    if state == EventState.CANCELLED:
        return [_("The event is cancelled.")]
    widths = list(Visibility)
    if state.is_told and widths.index(visibility) <= widths.index(Visibility(event.visibility)):
        return [_("The event is announced already. It can be told to more people, not to fewer: cancel it.")]
    asked = event.co_hosts.filter(state=Consent.ASKED).select_related("organisation")
    return [
        *_missing_details(event, visibility),
        *visibility_restrictions(event, visibility),
        *(
            _("%(organisation)s has not answered yet whether it hosts too: wait, or take the request back.")
            % {"organisation": display_name_for(viewer, one.organisation)}
            for one in asked
        ),
    ]


def _missing_details(event: Event, visibility: Visibility) -> list[str]:
    texts = {text.language: text for text in event.texts.all()}
    untitled = [code for code in Language if code not in texts or not texts[code].title]
    found = []
    if visibility == Visibility.PUBLIC and untitled:
        labels = ", ".join(str(code.label) for code in untitled)
        found.append(_("A title is missing in: %(languages)s.") % {"languages": labels})
    elif len(untitled) == len(Language):
        found.append(_("Give the event a title in at least one language."))
    placed = event.online_link or any(text.place or text.address for text in texts.values())
    if not placed and event.kind != EventKind.DEADLINE:
        found.append(_("Say where it is, or give a link for those who join online."))
    if event.run_from and event.starts_at_time is None and not event.hours.exists():
        found.append(_("Say on which days and at which hours it is open."))
    return found


def visibility_restrictions(event: Event, visibility: Visibility) -> list[str]:
    """Return why its handling marks, readers and picture forbid this visibility, in sentences."""
    found = []
    if Handling(event.handling) not in MARKS_ALLOWED[visibility]:
        needed = Handling.PUBLIC if visibility == Visibility.PUBLIC else Handling.COALITION
        found.append(
            _("Its handling mark does not allow this: change the mark to “%(mark)s” first.")
            % {"mark": needed.label}
        )
    if event.restricted and visibility != Visibility.WORKSPACE:
        found.append(_("The event is only for some organisations: open it to the workspace first."))
    picture = event.picture
    if picture is not None and visibility == Visibility.PUBLIC:
        if is_for_few(picture):
            found.append(_("Its picture is not for everyone: choose another one."))
        elif not picture.alt:
            found.append(_("Describe its picture for those who cannot see it."))
    return found


def _slug_for(event: Event) -> str:
    """Return a slug from the English title, else the Kazakh one; it stays when the title changes."""
    titles = {text.language: text.title for text in event.texts.all()}
    title = titles.get(Language.EN) or titles.get(Language.KK) or titles.get(Language.RU) or ""
    base = slugify(anyascii(title))[:SLUG_LENGTH].strip("-") or str(event.kind)
    taken = RESERVED_SLUGS | set(Event.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    candidates = (base if number == 1 else f"{base}-{number}" for number in range(1, len(taken) + 2))
    return next(one for one in candidates if one not in taken)


def cancel_event(*, access: Access, event: Event) -> Event:
    """Cancel an event permanently. Its page stays and says so; feeds keep it for 60 days.

    An event that was only planned is cancelled for the workspace, without further notifications.
    Idempotent. Raises NotAllowed without the right.
    """
    with permissions.event_to_change(access, event, also_cancelled=True) as locked:
        if locked.state == EventState.CANCELLED:
            return locked
        locked.state, locked.cancelled_at = EventState.CANCELLED, now()
        audit.save_event_change(locked, access, "event.cancelled", kind="event_cancelled", shifts=True)
        notify_hosts_of_change(locked, by=access)
    return locked


def touch_events_of_draft(publication: Publication, *_prepared: object) -> None:
    """Update events inside the transaction that publishes or withdraws the text of their draft."""
    events = Event.objects.select_for_update(of=("self",)).filter(draft=publication.draft_id)
    for event in events.select_related("workspace", "organisation").order_by("pk"):
        event.changed_at = now()
        event.save(update_fields=["changed_at"])
        audit.call_change_listeners(event)
