"""Planning an event."""

from collections.abc import Collection, Mapping

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from coalition.accounts.models import Organisation
from coalition.accounts.regions import REGIONS
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.workspaces.rules import Access
from documents.drafts.enums import Handling
from documents.drafts.queries.drafts import drafts_for
from documents.files.queries import files_for
from documents.models import Draft, StoredFile
from events.core import audit
from events.core.actions import times as core_times
from events.core.actions.proposal import Place, Planned, Words
from events.core.actions.restrict import restrict_to
from events.core.actions.texts import write_words
from events.core.enums import EventKind
from events.core.models.event import Event
from events.core.permissions import may_plan, require_that


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
    core_times.put(event, times)
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
