"""Changing what is told of an event."""

from collections.abc import Collection, Mapping

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from coalition.accounts.enums import Language
from coalition.accounts.models import Organisation
from coalition.core.compensate import unless_done
from coalition.core.errors import Refused
from coalition.workspaces.rules import Access
from documents.drafts.enums import Handling
from documents.models import Draft, StoredFile
from events.core import audit, cohost_notifications
from events.core.actions.announce import MARKS_ALLOWED, too_closed
from events.core.actions.picture import copy_for_everyone, discard
from events.core.actions.plan import check_things, check_title, put_place
from events.core.actions.proposal import Place, Planned, Words
from events.core.actions.replace_times import put_other
from events.core.actions.restrict import restrict_to
from events.core.actions.texts import write_words
from events.core.enums import EventKind, Visibility
from events.core.locking import hold, refuse_cancelled
from events.core.models.event import Event
from events.core.permissions import may_change, may_restrict, require_that

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
    with unless_done(lambda: discard(copy)), transaction.atomic():
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
        cohost_notifications.changed(locked, by=access)
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
