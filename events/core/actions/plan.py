"""Opening an event to some of the workspace's organisations only."""

import datetime
from collections.abc import Collection, Mapping

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
from documents.drafts.actions.manage import check_list, look_again
from documents.drafts.enums import Handling
from documents.drafts.permissions import require_that
from documents.drafts.queries import drafts_for
from documents.files.queries import files_for
from documents.models import Draft, StoredFile
from events.core import audit, notifications
from events.core.actions import times as actions_times
from events.core.actions.announce import MARKS_ALLOWED, too_closed
from events.core.actions.proposal import Place, Planned, Words, copy_for_everyone, discard, write_words
from events.core.actions.times import put_other
from events.core.enums import Audience, Consent, EventKind, EventState, Visibility
from events.core.locking import hold, refuse_cancelled
from events.core.models import AudienceTime, Event
from events.core.permissions import may_cancel, may_change, may_plan, may_restrict

PERMISSION = "read_restricted_event"


def restrict_to(*, event: Event, access: Access, organisations: Collection[Organisation]) -> bool:
    """The change alone, in the caller's transaction, with the event's row locked; saved by the caller.

    What was told of the event before is restricted with it, and open sockets look at their rights again: at
    its running order, door and questions. Returns whether anything changed.
    """
    check_list(access=access, organisations=organisations)
    wanted = {organisation.pk for organisation in organisations}
    before = set(event.restricted_to.values_list("pk", flat=True))
    if before == wanted and event.restricted == bool(wanted):
        return False
    if wanted:
        _check_reach(event, wanted)
    event.restricted = bool(wanted)
    event.restricted_to.set(organisations)
    grants.restrict_to_organisations(
        event, PERMISSION, workspace=event.workspace, organisations=organisations
    )
    activity.restrict_activity(subjects=[event.uuid], organisations=organisations or None, people=None)
    look_again(event.workspace)
    return True


def _check_reach(event: Event, wanted: set[int]) -> None:
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
    texts: Mapping[str, Words],
    times: Planned,
    place: Place | None = None,
    handling: Handling = Handling.WORKSPACE,
    restricted_to: Collection[Organisation] = (),
    draft: Draft | None = None,
    picture: StoredFile | None = None,
) -> Event:
    """Plan an event in the access's workspace, in the name of its organisation. Nobody is told yet.

    `texts` by language; one title is enough. Raises NotAllowed without the right to plan, Refused in words
    if there is no title, the times contradict each other, or the restriction shuts the planner out.
    """
    require_that(may_plan(access))
    check_title(texts)
    check_things(access, draft, picture)
    event = Event(
        workspace=access.workspace,
        organisation=access.organisation,
        kind=kind,
        handling=handling,
        created_by=access.user,
        changed_at=now(),
    )
    put_place(event, place or Place())
    event.draft, event.picture = draft, picture
    actions_times.put(event, times)
    with transaction.atomic():
        event.save()
        write_words(event, texts)
        restrict_to(event=event, access=access, organisations=restricted_to)
        audit.changed(event, access, "event.planned", kind="event_planned")
    return event


def put_place(event: Event, place: Place) -> bool:
    """Write the place into the event; returns whether it is another one. Saved by the caller.

    Raises Refused if a link is not one that a browser opens, or the region is unknown.
    """
    for link in (place.map_link, place.online_link):
        if link.strip() and not link.strip().lower().startswith(("https://", "http://")):
            raise Refused(_("A link begins with https:// or http://: check it."))
    if place.region and place.region not in REGIONS:
        raise Refused(_("Choose one of the regions."))
    before = (event.region, event.map_link, event.step_free, event.online_link)
    event.region, event.map_link = place.region, place.map_link.strip()
    event.step_free, event.online_link = place.step_free, place.online_link.strip()
    return before != (event.region, event.map_link, event.step_free, event.online_link)


def place_of(event: Event) -> Place:
    """The event's place as a proposal."""
    return Place(event.region, event.map_link, event.step_free, event.online_link)  # type: ignore[arg-type]  # choices


def check_title(texts: Mapping[str, Words]) -> None:
    """Raise Refused unless one of the languages has a title."""
    if not any(words.title.strip() for words in texts.values()):
        raise Refused(_("Give the event a title in at least one language."))


def check_things(access: Access, draft: Draft | None, picture: StoredFile | None) -> None:
    """Raise Refused unless draft and picture are ones that the person may read in this workspace."""
    if draft is not None and not drafts_for(access.user, access.workspace).filter(pk=draft.pk).exists():
        raise Refused(_("This draft cannot be used here. Choose another one."))
    if picture is None:
        return
    known = files_for(access.user, access.workspace).filter(pk=picture.pk).exists()
    if not known or not picture.is_picture:
        raise Refused(_("This picture cannot be used here. Choose another one."))


# --- audiences ---
# When those come who come earlier than the public.


def set_audience_times(*, access: Access, event: Event, times: Mapping[Audience, datetime.time]) -> Event:
    """Set when the event begins for each audience, on the day of the event. Those not given come with all.

    Raises NotAllowed without the right, Refused in words if the event is cancelled or lasts whole days, or
    if an audience would come only after its end.
    """
    with transaction.atomic():
        locked = hold(event)
        require_that(may_change(access, locked))
        refuse_cancelled(locked)
        _check(locked, times)
        kept = {Audience(one.audience): one.begins for one in locked.audience_times.all()}
        if kept == dict(times):
            return locked
        locked.audience_times.all().delete()
        AudienceTime.objects.bulk_create(
            AudienceTime(event=locked, audience=audience, begins=begins) for audience, begins in times.items()
        )
        actions_times.settle(locked)
        audit.changed(locked, access, "event.audiences_set", kind="event_audiences_set", shifts=True)
    return locked


def _check(event: Event, times: Mapping[Audience, datetime.time]) -> None:
    if times and event.starts_at_time is None:
        raise Refused(_("An event without a time of day begins for everyone alike."))
    if event.ends_on == event.starts_on and event.ends_at_time:
        late = [audience for audience, begins in times.items() if begins > event.ends_at_time]
        if late:
            raise Refused(_("%(audience)s would come after the end."), audience=late[0].label)


# --- change ---
# Changing what is told of an event.


_WHERE = {"place", "address"}


def change_event(
    *,
    access: Access,
    event: Event,
    kind: EventKind,
    texts: Mapping[str, Words],
    place: Place,
    handling: Handling,
    draft: Draft | None = None,
    picture: StoredFile | None = None,
    times: Planned | None = None,
    restricted_to: Collection[Organisation] | None = None,
) -> Event:
    """Change an event; languages that are not given stay as they are, and so do times and readers.

    Raises NotAllowed without the right, Refused in words if the event is cancelled, if people were told of
    another time (`move_event` tells them), or if what everyone may see would lack a title or its mark.
    """
    seen = Event.objects.get(pk=event.pk)
    require_that(may_change(access, seen))
    _check_things(access, seen, draft, picture)
    copy = copy_for_everyone(picture) if picture and seen.is_public and picture.pk != seen.picture_id else ""
    with undo_on_failure(lambda: discard(copy)), transaction.atomic():
        locked = hold(event)
        require_that(may_change(access, locked))
        refuse_cancelled(locked)
        other_times = _put_times(locked, times)
        locked.kind, locked.handling, locked.draft = kind, handling, draft
        _put_picture(locked, picture, copy)
        if restricted_to is not None and _differs(locked, restricted_to):
            require_that(may_restrict(access, locked))
            restrict_to(event=locked, access=access, organisations=restricted_to)
        elsewhere = put_place(locked, place)
        fields = write_words(locked, texts)
        _check_told(locked)
        audit.changed(
            locked,
            access,
            "event.changed",
            kind="event_changed",
            shifts=other_times or elsewhere or bool(_WHERE & set(fields)),
            fields=fields,
        )
        notifications.changed(locked, by=access)
    return locked


def _check_things(access: Access, seen: Event, draft: Draft | None, picture: StoredFile | None) -> None:
    """Only what is new must be readable to the person: others may have chosen what is there."""
    new_draft = draft if draft is not None and draft.pk != seen.draft_id else None
    check_things(access, new_draft, picture if picture and picture.pk != seen.picture_id else None)


def _put_times(event: Event, times: Planned | None) -> bool:
    """Put other times into a planned event; one that was told is moved instead, so that people hear.

    Returns whether they differ: people may be invited to it although it is not told.
    """
    differ = put_other(event, times)
    if differ and event.is_told:
        raise Refused(_("People were told of this time: move the event, so that they hear of the new one."))
    return differ


def _put_picture(event: Event, picture: StoredFile | None, copy: str) -> None:
    old = str(event.public_picture)
    if picture is not None and picture.pk == event.picture_id:
        return
    event.picture, event.public_picture = picture, copy
    transaction.on_commit(lambda: discard(old))


def _differs(event: Event, organisations: Collection[Organisation]) -> bool:
    return {one.pk for one in organisations} != set(event.restricted_to.values_list("pk", flat=True))


def _check_told(event: Event) -> None:
    """What people were told of keeps what announcing asked for."""
    texts = {text.language: Words(title=text.title) for text in event.texts.all()}
    check_title(texts)
    if not event.is_told:
        return
    visibility = Visibility(event.visibility)
    if Handling(event.handling) not in MARKS_ALLOWED[visibility]:
        raise Refused(_("The event is told more widely than this handling mark allows. Cancel it instead."))
    if visibility == Visibility.PUBLIC and not all(texts[code].title for code in Language.values):
        raise Refused(_("The event is public: it needs a title in each language."))
    if reasons := too_closed(event, visibility):
        raise Refused("%(reasons)s", reasons=" ".join(reasons))


# --- reschedule ---
# Moving an event to another time or place.


def move_event(
    *,
    access: Access,
    event: Event,
    times: Planned | None = None,
    place: Place | None = None,
    texts: Mapping[str, Words] | None = None,
) -> Event:
    """Move an announced event to other times, another place, or both; what is not given stays.

    `texts` has the words of the new place, by language. The event keeps in `moved_from` when it was first
    told to begin; who comes earlier comes as long before as they did; SEQUENCE rises. Raises NotAllowed
    without the right, Refused in words if nobody was told yet, the event is cancelled, nothing would be
    different, or the times contradict each other.
    """
    with transaction.atomic():
        locked = hold(event)
        require_that(may_cancel(access, locked))
        refuse_cancelled(locked)
        if not locked.is_told:
            raise Refused(_("Nobody was told of the event yet: change its time or place instead."))
        before = locked.starts_at
        told = {"starts_on": str(locked.starts_on), "starts_at_time": _clock(locked)}
        elsewhere = _put_elsewhere(locked, place, texts)
        other_times = put_other(locked, times)
        if not (elsewhere or other_times):
            raise Refused(_("This is the time and place that the event has already."))
        if locked.starts_at != before and locked.moved_from is None:
            locked.moved_from = told
        locked.state = EventState.MOVED
        audit.changed(
            locked, access, "event.moved", kind="event_moved", shifts=True, time=other_times, place=elsewhere
        )
        notifications.changed(locked, by=access)
    return locked


def _put_elsewhere(event: Event, place: Place | None, texts: Mapping[str, Words] | None) -> bool:
    elsewhere = put_place(event, place) if place is not None else False
    fields = write_words(event, texts) if texts is not None else []
    placed = event.online_link or any(text.place or text.address for text in event.texts.all())
    if not placed and event.kind != EventKind.DEADLINE:
        raise Refused(_("Say where it is, or give a link for those who join online."))
    return elsewhere or bool(fields)


def _clock(event: Event) -> str:
    return f"{event.starts_at_time:%H:%M}" if event.starts_at_time else ""
