"""Announcing events to the workspace, the coalition or everyone."""

from anyascii import anyascii
from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from coalition.accounts.enums import Language
from coalition.accounts.naming import Viewer, display_name_for, viewer_for
from coalition.core.clock import now
from coalition.core.compensate import undo_on_failure
from coalition.workspaces.permissions import Access
from documents.drafts.enums import Handling
from documents.drafts.permissions import require_that
from documents.models import Publication
from documents.publication.actions.publish import NotPublishable
from events.core import audit, notifications
from events.core.actions import times
from events.core.actions.proposal import copy_picture_for_public, delete_public_picture
from events.core.enums import Consent, EventKind, EventState, Visibility
from events.core.locking import lock_event
from events.core.models import Event
from events.core.permissions import may_announce, may_cancel

MARKS_ALLOWED: dict[Visibility, set[Handling]] = {
    Visibility.WORKSPACE: set(Handling),
    Visibility.COALITION: {Handling.COALITION, Handling.PUBLIC},
    Visibility.PUBLIC: {Handling.PUBLIC},
}
_PRIVATE_PICTURE_MARKS = {Handling.NAMED_PEOPLE, Handling.ORGANISATION}
SLUG_LENGTH = 70
_ONLY_COORDINATORS = _lazy("Coordinators tell everyone of an event; ask one of them.")
RESERVED_SLUGS = frozenset({"month", "agenda", "map"})  # paths beside those of events: public_urls


def announce_event(*, access: Access, event: Event, visibility: Visibility) -> Event:
    """Announce a planned event, or announce it more widely than before.

    Raises NotAllowed without the right, NotReady with a text on everything missing. A public
    announcement gives it a public address, and its picture a public copy.
    """
    planned = Event.objects.get(pk=event.pk)
    require_that(may_announce(access, planned, visibility), _ONLY_COORDINATORS)
    viewer = viewer_for(access.user)
    _check_announcement(planned, visibility, viewer)
    is_public = visibility == Visibility.PUBLIC
    copy = copy_picture_for_public(planned.picture) if is_public and planned.picture else ""
    with undo_on_failure(lambda: delete_public_picture(copy)), transaction.atomic():
        return _announce_locked(access, planned, visibility, viewer, copy)


def announcement_obstacles(event: Event, visibility: Visibility, viewer: Viewer) -> list[str]:
    """Return why the event cannot be announced so widely now, in whole sentences; empty if it can."""
    state = EventState(event.state)
    if state == EventState.CANCELLED:
        return [_("The event is cancelled.")]
    if state.is_told and not _is_wider(event, visibility):
        return [_("The event is announced already. It can be told to more people, not to fewer: cancel it.")]
    return [
        *_missing_words(event, visibility),
        *visibility_restrictions(event, visibility),
        *_unanswered_co_hosts(event, viewer),
    ]


def _check_announcement(event: Event, visibility: Visibility, viewer: Viewer) -> None:
    if reasons := announcement_obstacles(event, visibility, viewer):
        raise NotPublishable(reasons)


def _announce_locked(
    access: Access, planned: Event, visibility: Visibility, viewer: Viewer, copy: str
) -> Event:
    event = lock_event(planned)
    require_that(may_announce(access, event, visibility), _ONLY_COORDINATORS)
    if event.picture_id != planned.picture_id:
        raise NotPublishable([_("The picture was changed a moment ago. Look at the event again.")])
    _check_announcement(event, visibility, viewer)
    first, known = event.state == EventState.PLANNED, audit.may_be_in_calendars(event)
    event.visibility = visibility
    event.public_picture = copy or event.public_picture
    if first:
        event.state, event.announced_at = EventState.ANNOUNCED, now()
    if visibility == Visibility.PUBLIC and event.slug is None:
        event.slug = _slug_for(event)
    times.derive_event_moments(event)
    audit.save_event_change(
        event,
        access,
        "event.announced",
        kind="event_announced" if first else "event_told_wider",
        shifts=known,
        visibility=visibility,
    )
    notifications.notify_hosts_of_change(event, by=access)  # co-hosts that consented are named from now on
    return event


def _is_wider(event: Event, visibility: Visibility) -> bool:
    order = list(Visibility)
    return order.index(visibility) > order.index(Visibility(event.visibility))


def _missing_words(event: Event, visibility: Visibility) -> list[str]:
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
        if picture.restricted or picture.handling in _PRIVATE_PICTURE_MARKS or picture.deleted_at:
            found.append(_("Its picture is not for everyone: choose another one."))
        elif not picture.alt:
            found.append(_("Describe its picture for those who cannot see it."))
    return found


def _unanswered_co_hosts(event: Event, viewer: Viewer) -> list[str]:
    asked = event.co_hosts.filter(state=Consent.ASKED).select_related("organisation")
    return [
        _("%(organisation)s has not answered yet whether it hosts too: wait, or take the request back.")
        % {"organisation": display_name_for(viewer, one.organisation)}
        for one in asked
    ]


def _slug_for(event: Event) -> str:
    """Return a slug from the English title, else the Kazakh one; it stays when the title changes."""
    titles = {text.language: text.title for text in event.texts.all()}
    title = titles.get(Language.EN) or titles.get(Language.KK) or titles.get(Language.RU) or ""
    base = slugify(anyascii(title))[:SLUG_LENGTH].strip("-") or str(event.kind)
    taken = RESERVED_SLUGS | set(Event.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    candidates = (base if number == 1 else f"{base}-{number}" for number in range(1, len(taken) + 2))
    return next(one for one in candidates if one not in taken)


# --- cancel ---
# Cancelling an event.


def cancel_event(*, access: Access, event: Event) -> Event:
    """Cancel an event permanently. Its page stays and says so; feeds keep it for 60 days.

    An event that was only planned is cancelled for the workspace, without further notifications.
    Idempotent. Raises NotAllowed without the right.
    """
    with transaction.atomic():
        locked = lock_event(event)
        require_that(may_cancel(access, locked))
        if locked.state == EventState.CANCELLED:
            return locked
        locked.state, locked.cancelled_at = EventState.CANCELLED, now()
        audit.save_event_change(locked, access, "event.cancelled", kind="event_cancelled", shifts=True)
        notifications.notify_hosts_of_change(locked, by=access)
    return locked


# --- follow publication ---
# Publication handlers: update the events that display a draft's text.


def on_text_published(publication: Publication, _prepared: object) -> None:
    """Handle `present` inside the publishing transaction."""
    _touch_events_of_draft(publication)


def on_text_withdrawn(publication: Publication) -> None:
    """Handle `withdraw` inside the withdrawing transaction."""
    _touch_events_of_draft(publication)


def _touch_events_of_draft(publication: Publication) -> None:
    events = Event.objects.select_for_update(of=("self",)).filter(draft=publication.draft_id)
    for event in events.select_related("workspace", "organisation").order_by("pk"):
        event.changed_at = now()
        event.save(update_fields=["changed_at"])
        audit.call_change_listeners(event)
