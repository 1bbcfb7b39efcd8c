"""When a draft becomes public or no longer is, the events that tell its words tell others."""

from coalition.core.clock import now
from documents.models import Publication
from events.core import audit
from events.core.models.event import Event


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
