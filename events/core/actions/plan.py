"""Restricting an event to some of the workspace's organisations."""

import datetime
from collections.abc import Collection, Mapping
from dataclasses import asdict

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from coalition.accounts.enums import Language
from coalition.accounts.models import Organisation
from coalition.accounts.regions import REGIONS
from coalition.core.clock import now
from coalition.core.compensate import undo_on_failure
from coalition.core.errors import Refused
from coalition.workspaces.actions import activity, grants
from coalition.workspaces.permissions import Access
from documents.drafts.actions.manage import check_restriction, recheck_open_sockets
from documents.drafts.enums import Handling
from documents.drafts.permissions import require_that
from documents.drafts.queries import drafts_for
from documents.files.queries import files_for
from documents.models import Draft, StoredFile
from events.core import audit, notifications
from events.core.actions import times as actions_times
from events.core.actions.announce import MARKS_ALLOWED, visibility_restrictions
from events.core.actions.proposal import (
    EventPlaceInput,
    EventTextInput,
    EventTimesInput,
    copy_picture_for_public,
    delete_public_picture,
    write_event_texts,
)
from events.core.actions.times import set_times_if_changed
from events.core.enums import Audience, Consent, EventKind, EventState, Visibility
from events.core.locking import lock_event, refuse_cancelled
from events.core.models import AudienceTime, Event, Venue
from events.core.permissions import may_cancel, may_change, may_plan, may_restrict

PERMISSION = "read_restricted_event"


def restrict_to(*, event: Event, access: Access, organisations: Collection[Organisation]) -> bool:
    """Apply the restriction in the caller's transaction, with the event's row locked; the caller
    saves.

    Earlier activity about the event is restricted too. Open sockets re-check their rights to its
    running order, check-in and questions. Return whether anything changed.
    """
    check_restriction(access=access, organisations=organisations)
    wanted = {organisation.pk for organisation in organisations}
    before = set(event.restricted_to.values_list("pk", flat=True))
    if before == wanted and event.restricted == bool(wanted):
        return False
    if wanted:
        _check_restriction(event, wanted)
    event.restricted = bool(wanted)
    event.restricted_to.set(organisations)
    grants.restrict_to_organisations(
        event, PERMISSION, workspace=event.workspace, organisations=organisations
    )
    activity.restrict_activity(subjects=[event.uuid], organisations=organisations or None, people=None)
    recheck_open_sockets(event.workspace)
    return True


def _check_restriction(event: Event, wanted: set[int]) -> None:
    if event.is_told and event.visibility != Visibility.WORKSPACE:
        raise Refused(
            _("The event is told beyond this workspace already: it cannot be kept to some organisations.")
        )
    hosts = event.co_hosts.filter(state__in=[Consent.ASKED, Consent.CONSENTED])
    if hosts.exclude(organisation__in=wanted).exists():
        raise Refused(_("A co-host would be shut out: keep it in the list, or take the request back first."))


# --- plan ---
# Planning an event.


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
    """Plan an event in the access's workspace, on behalf of its organisation. Nobody is notified
    yet.

    `texts` by language; one title is enough. Raises NotAllowed without the right to plan, Refused
    with a reason if there is no title, the times contradict each other, or the restriction excludes
    the planner.
    """
    require_that(may_plan(access))
    check_title(texts)
    check_attachments(access, draft, picture)
    event = Event(
        workspace=access.workspace,
        organisation=access.organisation,
        kind=kind,
        handling=handling,
        created_by=access.user,
        changed_at=now(),
    )
    set_place(event, place or EventPlaceInput())
    event.draft, event.picture = draft, picture
    actions_times.set_event_times(event, times)
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
            raise Refused(_("A link begins with https:// or http://: check it."))
    if place.region and place.region not in REGIONS:
        raise Refused(_("Choose one of the regions."))
    before = event.venue_values()
    for name, value in asdict(place).items():
        setattr(event, name, value.strip() if type(value) is str else value)
    return before != event.venue_values()


def place_input_for(venue: Venue) -> EventPlaceInput:
    """Return the place of an event or of its fallback venue as a proposal."""
    return EventPlaceInput(**venue.venue_values())


def check_title(texts: Mapping[str, EventTextInput]) -> None:
    """Raise Refused unless one of the languages has a title."""
    if not any(words.title.strip() for words in texts.values()):
        raise Refused(_("Give the event a title in at least one language."))


def check_attachments(access: Access, draft: Draft | None, picture: StoredFile | None) -> None:
    """Raise Refused unless the person may read draft and picture in this workspace."""
    if draft is not None and not drafts_for(access.user, access.workspace).filter(pk=draft.pk).exists():
        raise Refused(_("This draft cannot be used here. Choose another one."))
    if picture is None:
        return
    known = files_for(access.user, access.workspace).filter(pk=picture.pk).exists()
    if not known or not picture.is_picture:
        raise Refused(_("This picture cannot be used here. Choose another one."))


# --- audiences ---
# Earlier arrival times of some audiences.


def set_audience_times(*, access: Access, event: Event, times: Mapping[Audience, datetime.time]) -> Event:
    """Set when the event begins for each audience, on the day of the event. Audiences not given
    come when the public does.

    Raises NotAllowed without the right, Refused with a reason if the event is cancelled or lasts
    whole days, or if an audience would come only after its end.
    """
    with transaction.atomic():
        locked = lock_event(event)
        require_that(may_change(access, locked))
        refuse_cancelled(locked)
        _check_audience_times(locked, times)
        kept = {Audience(one.audience): one.begins for one in locked.audience_times.all()}
        if kept == dict(times):
            return locked
        locked.audience_times.all().delete()
        AudienceTime.objects.bulk_create(
            AudienceTime(event=locked, audience=audience, begins=begins) for audience, begins in times.items()
        )
        actions_times.derive_event_moments(locked)
        audit.save_event_change(
            locked, access, "event.audiences_set", kind="event_audiences_set", shifts=True
        )
    return locked


def _check_audience_times(event: Event, times: Mapping[Audience, datetime.time]) -> None:
    if times and event.starts_at_time is None:
        raise Refused(_("An event without a time of day begins for everyone alike."))
    if event.ends_on == event.starts_on and event.ends_at_time:
        late = [audience for audience, begins in times.items() if begins > event.ends_at_time]
        if late:
            raise Refused(_("%(audience)s would come after the end."), audience=late[0].label)


# --- change ---
# Changing the details of an event.


_PLACE_TEXT_FIELDS = {"place", "address"}


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

    Raises NotAllowed without the right, Refused with a reason if the event is cancelled, if another
    time was announced (use `move_event`, which notifies), or if a public event would lack a title or
    its mark.
    """
    seen = Event.objects.get(pk=event.pk)
    require_that(may_change(access, seen))
    _check_new_attachments(access, seen, draft, picture)
    copy = (
        copy_picture_for_public(picture)
        if picture and seen.is_public and picture.pk != seen.picture_id
        else ""
    )
    with undo_on_failure(lambda: delete_public_picture(copy)), transaction.atomic():
        locked = lock_event(event)
        require_that(may_change(access, locked))
        refuse_cancelled(locked)
        other_times = _set_times(locked, times)
        locked.kind, locked.handling, locked.draft = kind, handling, draft
        _set_picture(locked, picture, copy)
        if restricted_to is not None and _has_other_organisations(locked, restricted_to):
            require_that(may_restrict(access, locked))
            restrict_to(event=locked, access=access, organisations=restricted_to)
        elsewhere = set_place(locked, place)
        fields = write_event_texts(locked, texts)
        _check_announced(locked)
        audit.save_event_change(
            locked,
            access,
            "event.changed",
            kind="event_changed",
            shifts=other_times or elsewhere or bool(_PLACE_TEXT_FIELDS & set(fields)),
            fields=fields,
        )
        notifications.notify_hosts_of_change(locked, by=access)
    return locked


def _check_new_attachments(
    access: Access, seen: Event, draft: Draft | None, picture: StoredFile | None
) -> None:
    """Check that the person may read a new draft or picture; current ones may be others' choice."""
    new_draft = draft if draft is not None and draft.pk != seen.draft_id else None
    check_attachments(access, new_draft, picture if picture and picture.pk != seen.picture_id else None)


def _set_times(event: Event, times: EventTimesInput | None) -> bool:
    """Set the times of a planned event. An announced one has to be moved instead, so that people
    are notified.

    Return whether they differ: people may be invited to an event that is not announced.
    """
    differ = set_times_if_changed(event, times)
    if differ and event.is_told:
        raise Refused(_("People were told of this time: move the event, so that they hear of the new one."))
    return differ


def _set_picture(event: Event, picture: StoredFile | None, copy: str) -> None:
    old = str(event.public_picture)
    if picture is not None and picture.pk == event.picture_id:
        return
    event.picture, event.public_picture = picture, copy
    transaction.on_commit(lambda: delete_public_picture(old))


def _has_other_organisations(event: Event, organisations: Collection[Organisation]) -> bool:
    return {one.pk for one in organisations} != set(event.restricted_to.values_list("pk", flat=True))


def _check_announced(event: Event) -> None:
    """Check that an announced event still meets its requirements."""
    texts = {text.language: EventTextInput(title=text.title) for text in event.texts.all()}
    check_title(texts)
    if not event.is_told:
        return
    visibility = Visibility(event.visibility)
    if Handling(event.handling) not in MARKS_ALLOWED[visibility]:
        raise Refused(_("The event is told more widely than this handling mark allows. Cancel it instead."))
    if visibility == Visibility.PUBLIC and not all(texts[code].title for code in Language.values):
        raise Refused(_("The event is public: it needs a title in each language."))
    if reasons := visibility_restrictions(event, visibility):
        raise Refused("%(reasons)s", reasons=" ".join(reasons))


# --- reschedule ---
# Moving an event to another time or place.


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
    with transaction.atomic():
        locked = lock_event(event)
        require_that(may_cancel(access, locked))
        refuse_cancelled(locked)
        if not locked.is_told:
            raise Refused(_("Nobody was told of the event yet: change its time or place instead."))
        before = locked.starts_at
        told = {"starts_on": str(locked.starts_on), "starts_at_time": _clock(locked)}
        elsewhere = _set_new_place(locked, place, texts)
        other_times = set_times_if_changed(locked, times)
        if not (elsewhere or other_times):
            raise Refused(_("This is the time and place that the event has already."))
        if locked.starts_at != before and locked.moved_from is None:
            locked.moved_from = told
        locked.state = EventState.MOVED
        audit.save_event_change(
            locked, access, "event.moved", kind="event_moved", shifts=True, time=other_times, place=elsewhere
        )
        notifications.notify_hosts_of_change(locked, by=access)
    return locked


def _set_new_place(
    event: Event, place: EventPlaceInput | None, texts: Mapping[str, EventTextInput] | None
) -> bool:
    elsewhere = set_place(event, place) if place is not None else False
    fields = write_event_texts(event, texts) if texts is not None else []
    placed = event.online_link or any(text.place or text.address for text in event.texts.all())
    if not placed and event.kind != EventKind.DEADLINE:
        raise Refused(_("Say where it is, or give a link for those who join online."))
    return elsewhere or bool(fields)


def _clock(event: Event) -> str:
    return f"{event.starts_at_time:%H:%M}" if event.starts_at_time else ""
