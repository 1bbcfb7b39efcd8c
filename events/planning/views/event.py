"""The desk's page of one event, and its file for a calendar."""

from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from coalition.roles import Right
from coalition.workspaces import access as door
from coalition.workspaces.activity_words import Told, tell
from coalition.workspaces.queries import activity_for
from coalition.workspaces.rules import Access
from documents.drafts.enums import Handling
from events.areas import areas_of
from events.conflicts.search import conflicts, proposal_for
from events.core.access import to_event
from events.core.enums import Answer, EventState
from events.core.facts_builder import address_of, approved_text, facts_for
from events.core.forms.reasons import AddDateForm, AudienceForm, OccurrenceForm
from events.core.models.event import Event
from events.core.pages import event_context
from events.core.permissions import may_change
from events.core.queries.invitations import invitation_of
from events.ical.calendar import Heading, calendar
from events.planning import presenters
from events.press.registration.actions.settings import why_closed
from events.press.registration.presenters import closed_words, count_words
from events.press.registration.queries import registration_of, state_counts
from events.production.checklist.queries import counted
from events.production.readiness.presenters import findings_of
from events.production.running_order.models import RunningOrder
from events.production.running_order.presenters import Table, table_of
from events.production.running_order.queries import items_of

MOST_NEWS = 8


@door.members_only
@require_safe
def event(request: HttpRequest, event: UUID) -> HttpResponse:
    """Everything about an event: what is told, to whom, what is missing, who comes."""
    access, found = to_event(request, event)
    return draw(request, access, found)


def draw(
    request: HttpRequest, access: Access | None, event: Event, *, status: int = 200, **more: object
) -> HttpResponse:
    """The page; `more` holds a form that was filled in wrongly, with what was typed."""
    viewer = door.viewer(request)
    language = get_language() or ""
    changes = access is not None and may_change(access, event) and event.state != EventState.CANCELLED
    prepares = access is not None and access.may(Right.SEE_DRAFTS)
    context: dict[str, object] = {
        **event_context(access, event),
        "when": presenters.when_of(event),
        **_where(event, knows_address=access is not None),
        "languages": presenters.languages_of(event),
        "approved": approved_text(event, language),
        "reach": presenters.reach_of(event),
        "handling": Handling(event.handling),
        "prepares": prepares,
        **(_prepared(event) if prepares else {}),
        "press": _press(event) if access is not None and may_change(access, event) else None,
        "areas": areas_of(event, access) if access is not None else [],
        "hosts": presenters.hosts_of(event, viewer, asked=access.may(Right.SEE_DRAFTS)) if access else [],
        "missing": presenters.missing_of(event, viewer) if changes else [],
        "invitation": invitation_of(request.user, event),
        "answers": presenters.answers_of(event) if access else [],
        "dates": presenters.dates_of(event) if access else [],
        "news": _news(request, event),
        "may_change": changes,
        "found": conflicts(user=door.person(request), viewer=viewer, proposal=proposal_for(event))
        if changes and not presenters.is_over(event)
        else None,
        "is_over": presenters.is_over(event),
        "public_url": _public_url(event, language),
        "audience_form": AudienceForm(
            initial={row.audience: row.begins for row in event.audience_times.all()}
        ),
        "occurrence_form": OccurrenceForm(),
        "add_date_form": AddDateForm(),
    }
    return render(request, "events/desk/event.html", context | more, status=status)


def _where(event: Event, *, knows_address: bool) -> dict[str, object]:
    """Kind, place and way in; an address for the confirmed only to who has a seat where it is planned."""
    return {
        "facts": presenters.facts_of(event, knows_address=knows_address),
        "tells_address": knows_address or not event.address_for_confirmed,
    }


def _prepared(event: Event) -> dict[str, object]:
    """What those who prepare the event see of it: minute plan, checklist, plan B, and what is missing."""
    running, tasks, second = _running(event), counted(event), presenters.second_of(event)
    found = findings_of(event, running=running, second=second, overdue=tasks["late"])
    return {"running": running, "tasks": tasks, "second": second, "readiness": found}


def _running(event: Event) -> Table | None:
    order = RunningOrder.objects.filter(event=event).first()
    if order is None:
        return None
    order.event = event
    return table_of(order, items_of(order))


def _press(event: Event) -> dict[str, object]:
    """How the event takes the press, for who may change it."""
    registration = registration_of(event)
    if registration is None:
        return {}
    closed = closed_words(registration, why_closed(registration))
    return {
        "counts": count_words(state_counts(registration)),
        "closed": closed,
        "places": registration.places,
    }


def _news(request: HttpRequest, event: Event) -> list[Told]:
    rows = activity_for(request.user, event.workspace).filter(subject=event.uuid)
    return tell(door.viewer(request), rows[:MOST_NEWS])


def _public_url(event: Event, language: str) -> str:
    """The whole address of the public page, to be passed on; "" before it is public."""
    if not event.is_public or not event.slug:
        return ""
    try:
        return settings.SITE_URL + address_of(event, language)
    except NoReverseMatch:
        return ""


@door.members_only
@require_safe
def file(request: HttpRequest, event: UUID) -> HttpResponse:
    """The event as a file for the person's own calendar: it begins when it begins for them."""
    access, found = to_event(request, event)
    language = get_language() or ""
    invitation = found.invitations.filter(person=door.person(request), withdrawn_at=None).first()
    facts = facts_for(
        found,
        language=language,
        viewer=door.viewer(request),
        audience=invitation.audience if invitation else "",
        knows_address=access is not None or (invitation is not None and invitation.answer == Answer.ACCEPTED),
    )
    answer = HttpResponse(
        calendar([facts], Heading(name=facts.title, language=language)),
        content_type="text/calendar; charset=utf-8",
    )
    answer["Content-Disposition"] = 'attachment; filename="event.ics"'
    return answer
