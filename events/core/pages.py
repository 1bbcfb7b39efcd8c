"""What the members' pages about one event share: their context and a picture out of private storage."""

from django.http import Http404, HttpResponse

from coalition.workspaces.permissions import Access
from documents.files.models import private_storage
from events.core.enums import EventState
from events.core.models import Event
from events.core.permissions import may_change, title_of


def event_context(access: Access | None, event: Event) -> dict[str, object]:
    """The context of every page about an event: navigation, access, workspace, event, title."""
    return {
        "nav_current": "calendar",
        "access": access,
        "workspace": event.workspace,
        "event": event,
        "title": title_of(event),
    }


def planning_context(access: Access, event: Event) -> dict[str, object]:
    """`event_context` with `changes` (the person may plan it) and `may_change` (and it is not cancelled)."""
    changes = may_change(access, event)
    return {
        **event_context(access, event),
        "changes": changes,
        "may_change": changes and event.state != EventState.CANCELLED,
    }


def jpeg_response(name: str) -> HttpResponse:
    """A small picture out of private storage; callers have checked the right. Raises Http404."""
    if not name:
        raise Http404
    try:
        with private_storage().open(name) as file:
            content = file.read()
    except OSError as error:
        raise Http404 from error
    answer = HttpResponse(content, content_type="image/jpeg")
    answer["Content-Disposition"] = 'inline; filename="picture.jpg"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
