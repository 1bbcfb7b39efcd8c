"""Telling those for whom an event is: the workspace, the coalition, everyone."""

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
from documents.publication.actions.publish import NotReady
from events.core import audit, notifications
from events.core.actions import times
from events.core.actions.proposal import copy_for_everyone, discard
from events.core.enums import Consent, EventKind, EventState, Visibility
from events.core.locking import hold
from events.core.models import Event
from events.core.permissions import may_announce, may_cancel

MARKS_ALLOWED: dict[Visibility, set[Handling]] = {
    Visibility.WORKSPACE: set(Handling),
    Visibility.COALITION: {Handling.COALITION, Handling.PUBLIC},
    Visibility.PUBLIC: {Handling.PUBLIC},
}
_PICTURES_KEPT = {Handling.NAMED_PEOPLE, Handling.ORGANISATION}
SLUG_LENGTH = 70
_ONLY_COORDINATORS = _lazy("Coordinators tell everyone of an event; ask one of them.")
RESERVED = frozenset({"month", "agenda", "map"})  # addresses beside those of events: public_urls


def announce_event(*, access: Access, event: Event, visibility: Visibility) -> Event:
    """Announce a planned event, or tell an announced one to more people than before.

    Raises NotAllowed without the right, NotReady with everything that is missing in words. In public it
    gets its address, and its picture a public copy.
    """
    planned = Event.objects.get(pk=event.pk)
    require_that(may_announce(access, planned, visibility), _ONLY_COORDINATORS)
    viewer = viewer_for(access.user)
    _check(planned, visibility, viewer)
    is_public = visibility == Visibility.PUBLIC
    copy = copy_for_everyone(planned.picture) if is_public and planned.picture else ""
    with undo_on_failure(lambda: discard(copy)), transaction.atomic():
        return _announce_locked(access, planned, visibility, viewer, copy)


def obstacles(event: Event, visibility: Visibility, viewer: Viewer) -> list[str]:
    """Why the event cannot be announced so widely now, in whole sentences; empty if it can."""
    state = EventState(event.state)
    if state == EventState.CANCELLED:
        return [_("The event is cancelled.")]
    if state.is_told and not _wider(event, visibility):
        return [_("The event is announced already. It can be told to more people, not to fewer: cancel it.")]
    return [*_missing_words(event, visibility), *too_closed(event, visibility), *_unanswered(event, viewer)]


def _check(event: Event, visibility: Visibility, viewer: Viewer) -> None:
    if reasons := obstacles(event, visibility, viewer):
        raise NotReady(reasons)


def _announce_locked(
    access: Access, planned: Event, visibility: Visibility, viewer: Viewer, copy: str
) -> Event:
    event = hold(planned)
    require_that(may_announce(access, event, visibility), _ONLY_COORDINATORS)
    if event.picture_id != planned.picture_id:
        raise NotReady([_("The picture was changed a moment ago. Look at the event again.")])
    _check(event, visibility, viewer)
    first, known = event.state == EventState.PLANNED, audit.is_known(event)
    event.visibility = visibility
    event.public_picture = copy or event.public_picture
    if first:
        event.state, event.announced_at = EventState.ANNOUNCED, now()
    if visibility == Visibility.PUBLIC and event.slug is None:
        event.slug = _slug_for(event)
    times.settle(event)
    audit.changed(
        event,
        access,
        "event.announced",
        kind="event_announced" if first else "event_told_wider",
        shifts=known,
        visibility=visibility,
    )
    notifications.changed(event, by=access)  # those who consented are named from now on
    return event


def _wider(event: Event, visibility: Visibility) -> bool:
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


def too_closed(event: Event, visibility: Visibility) -> list[str]:
    """What about its marks, readers and picture does not allow to tell it so widely, in sentences."""
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
        if picture.restricted or picture.handling in _PICTURES_KEPT or picture.deleted_at:
            found.append(_("Its picture is not for everyone: choose another one."))
        elif not picture.alt:
            found.append(_("Describe its picture for those who cannot see it."))
    return found


def _unanswered(event: Event, viewer: Viewer) -> list[str]:
    asked = event.co_hosts.filter(state=Consent.ASKED).select_related("organisation")
    return [
        _("%(organisation)s has not answered yet whether it hosts too: wait, or take the request back.")
        % {"organisation": display_name_for(viewer, one.organisation)}
        for one in asked
    ]


def _slug_for(event: Event) -> str:
    """From the English title, else the Kazakh one; it stays when words change, so that links stay."""
    titles = {text.language: text.title for text in event.texts.all()}
    title = titles.get(Language.EN) or titles.get(Language.KK) or titles.get(Language.RU) or ""
    base = slugify(anyascii(title))[:SLUG_LENGTH].strip("-") or str(event.kind)
    taken = RESERVED | set(Event.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    candidates = (base if number == 1 else f"{base}-{number}" for number in range(1, len(taken) + 2))
    return next(one for one in candidates if one not in taken)


# --- cancel ---
# Cancelling an event.


def cancel_event(*, access: Access, event: Event) -> Event:
    """Cancel an event, for good. Its page stays and says so; calendars are told for 60 days.

    One that was only planned is cancelled for the workspace, and nobody else hears of it. Cancelling twice
    is one. Raises NotAllowed without the right.
    """
    with transaction.atomic():
        locked = hold(event)
        require_that(may_cancel(access, locked))
        if locked.state == EventState.CANCELLED:
            return locked
        locked.state, locked.cancelled_at = EventState.CANCELLED, now()
        audit.changed(locked, access, "event.cancelled", kind="event_cancelled", shifts=True)
        notifications.changed(locked, by=access)
    return locked


# --- follow publication ---
# When a draft becomes public or no longer is, the events that tell its words tell others.


def published(publication: Publication, _prepared: object) -> None:
    """A presenter's `present`: inside the publishing transaction."""
    _follow(publication)


def withdrawn(publication: Publication) -> None:
    """A presenter's `withdraw`: inside the withdrawing transaction."""
    _follow(publication)


def _follow(publication: Publication) -> None:
    events = Event.objects.select_for_update(of=("self",)).filter(draft=publication.draft_id)
    for event in events.select_related("workspace", "organisation").order_by("pk"):
        event.changed_at = now()
        event.save(update_fields=["changed_at"])
        audit.follow(event)
