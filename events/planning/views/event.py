"""An event's page in the member area, and its calendar file."""

from uuid import UUID

from allauth.account.decorators import reauthentication_required
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from coalition.accounts.views.access import get_person, get_viewer
from coalition.core.errors import Refused
from coalition.http.responses import form_page
from coalition.roles import Right
from coalition.workspaces.access import member_required
from coalition.workspaces.activity_sentences import ActivitySentence, describe_activities
from coalition.workspaces.permissions import Access
from coalition.workspaces.queries import activity_for
from documents.drafts.enums import Handling
from documents.drafts.permissions import require_that
from documents.publication.actions.publish import NotPublishable
from events.conflicts import views as conflicts_views
from events.conflicts.search import find_conflicts, proposal_for
from events.core import presenters as core_presenters
from events.core.actions.announce import announce_event, announcement_obstacles, cancel_event
from events.core.actions.plan import move_event
from events.core.enums import Answer, EventState, Visibility
from events.core.facts_builder import approved_event_text, event_page_path, facts_for
from events.core.forms.planning import (
    AddDateForm,
    AnnounceForm,
    AudienceForm,
    MoveForm,
    OccurrenceForm,
    initial_move,
)
from events.core.journalists import why_registration_closed
from events.core.models import Event
from events.core.pages import areas_of, event_context
from events.core.permissions import (
    event_title,
    get_event_or_404,
    get_own_event_or_404,
    may_announce,
    may_cancel,
    may_change,
)
from events.core.queries import invitation_of, registration_of
from events.ical.calendar import CalendarHeading, build_calendar
from events.planning import presenters
from events.press.registration.presenters import count_words, press_closed_message
from events.press.registration.queries import state_counts
from events.production.checklist.queries import checklist_counts
from events.production.fallback_venue import presenters as fallback_venue_presenters
from events.production.readiness.presenters import findings_of
from events.production.running_order.models import RunningOrder
from events.production.running_order.presenters import RunningOrderTable, build_running_order_table
from events.production.running_order.queries import running_items_of

MOST_NEWS = 8


@member_required
@require_safe
def event_page(request: HttpRequest, event: UUID) -> HttpResponse:
    """Render everything about an event: details, audience, what is missing, who comes."""
    access, found = get_event_or_404(request, event)
    return event_page_response(request, access, found)


def event_page_response(
    request: HttpRequest, access: Access | None, event: Event, *, status: int = 200, **more: object
) -> HttpResponse:
    """Render the page; `more` may contain an invalid form with its input."""
    viewer = get_viewer(request)
    language = get_language() or ""
    changes = access is not None and may_change(access, event) and event.state != EventState.CANCELLED
    prepares = access is not None and access.may(Right.SEE_DRAFTS)
    context: dict[str, object] = {
        **event_context(access, event),
        "when": core_presenters.when_of(event),
        **_where(event, knows_address=access is not None),
        "languages": presenters.languages_of(event),
        "approved": approved_event_text(event, language),
        "reach": presenters.reach_of(event),
        "handling": Handling(event.handling),
        "prepares": prepares,
        **(_preparation_context(event) if prepares else {}),
        "press": _press_context(event) if access is not None and may_change(access, event) else None,
        "areas": areas_of(event, access) if access is not None else [],
        "hosts": core_presenters.host_rows(event, viewer, asked=access.may(Right.SEE_DRAFTS))
        if access
        else [],
        "missing": presenters.missing_for_announcement(event, viewer) if changes else [],
        "invitation": invitation_of(request.user, event),
        "answers": presenters.answers_of(event) if access else [],
        "dates": presenters.dates_of(event) if access else [],
        "news": _recent_activities(request, event),
        "may_change": changes,
        "found": find_conflicts(user=get_person(request), viewer=viewer, proposal=proposal_for(event))
        if changes and not core_presenters.is_over(event)
        else None,
        "is_over": core_presenters.is_over(event),
        "public_url": _public_url(event, language),
        "audience_form": AudienceForm(
            initial={row.audience: row.begins for row in event.audience_times.all()}
        ),
        "occurrence_form": OccurrenceForm(),
        "add_date_form": AddDateForm(),
    }
    return render(request, "events/desk/event.html", context | more, status=status)


def _where(event: Event, *, knows_address: bool) -> dict[str, object]:
    """Return kind, place and step-free access; an address for confirmed people only to those with
    seats."""
    return {
        "facts": core_presenters.place_facts(event, knows_address=knows_address),
        "tells_address": knows_address or not event.address_for_confirmed,
    }


def _preparation_context(event: Event) -> dict[str, object]:
    """Return what organisers see: running order, checklist, fallback venue, and what is missing."""
    running, tasks, second = (
        _running_order_table(event),
        checklist_counts(event),
        fallback_venue_presenters.fallback_venue_of(event),
    )
    found = findings_of(event, running=running, second=second, overdue=tasks["late"])
    return {"running": running, "tasks": tasks, "second": second, "readiness": found}


def _running_order_table(event: Event) -> RunningOrderTable | None:
    order = RunningOrder.objects.filter(event=event).first()
    if order is None:
        return None
    order.event = event
    return build_running_order_table(order, running_items_of(order))


def _press_context(event: Event) -> dict[str, object]:
    """Return the event's press settings, for people who may change it."""
    registration = registration_of(event)
    if registration is None:
        return {}
    closed = press_closed_message(registration, why_registration_closed(registration))
    return {
        "counts": count_words(state_counts(registration)),
        "closed": closed,
        "places": registration.places,
    }


def _recent_activities(request: HttpRequest, event: Event) -> list[ActivitySentence]:
    rows = activity_for(request.user, event.workspace).filter(subject=event.uuid)
    return describe_activities(get_viewer(request), rows[:MOST_NEWS])


def _public_url(event: Event, language: str) -> str:
    """Return the full URL of the public page, for sharing; "" before it is public."""
    if not event.is_public or not event.slug:
        return ""
    try:
        return settings.SITE_URL + event_page_path(event, language)
    except NoReverseMatch:
        return ""


@member_required
@require_safe
def download_event_file(request: HttpRequest, event: UUID) -> HttpResponse:
    """Return the event as a file for the person's own calendar, with the start for their audience."""
    access, found = get_event_or_404(request, event)
    language = get_language() or ""
    invitation = found.invitations.filter(person=get_person(request), withdrawn_at=None).first()
    facts = facts_for(
        found,
        language=language,
        viewer=get_viewer(request),
        audience=invitation.audience if invitation else "",
        knows_address=access is not None or (invitation is not None and invitation.answer == Answer.ACCEPTED),
    )
    answer = HttpResponse(
        build_calendar([facts], CalendarHeading(name=facts.title, language=language)),
        content_type="text/calendar; charset=utf-8",
    )
    answer["Content-Disposition"] = 'attachment; filename="event.ics"'
    return answer


# --- announce ---
# Changes that notify people: announce, move or cancel an event.


def _announces_publicly(request: HttpRequest) -> bool:
    return request.POST.get("visibility") == Visibility.PUBLIC


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
@reauthentication_required(enabled=_announces_publicly)
def announce(request: HttpRequest, event: UUID) -> HttpResponse:
    """Show the audiences and what is missing for each; on POST, announce.

    Announcing to everyone is publishing: it requires re-authentication.
    """
    access, found = get_own_event_or_404(request, event)
    require_that(
        may_announce(access, found, Visibility.WORKSPACE), _("Editors and coordinators announce this event.")
    )
    form = AnnounceForm(
        request.POST if request.method == "POST" else None,
        initial={"visibility": _first_ready(request, found)},
    )
    reasons: list[str] = []
    if request.method == "POST" and form.is_valid():
        try:
            told = announce_event(
                access=access, event=found, visibility=Visibility(form.cleaned_data["visibility"])
            )
        except NotPublishable as refusal:
            reasons = refusal.reasons
        except Refused as refusal:
            reasons = [refusal.message]
        else:
            messages.success(request, _announced_message(told))
            return redirect(found)
    context = {
        "access": access,
        "workspace": access.workspace,
        "event": found,
        "title": event_title(found),
        "form": form,
        "reasons": reasons,
        "steps": _steps(request, access, found),
    }
    status = 409 if reasons else 422 if form.errors else 200
    return render(request, "events/desk/announce.html", context, status=status)


def _steps(request: HttpRequest, access: Access, event: Event) -> list[dict[str, object]]:
    """Return each visibility with what prevents it."""
    viewer = get_viewer(request)
    return [
        {
            "value": visibility.value,
            "label": visibility.label,
            "about": _visibility_explanation(visibility),
            "missing": [
                *_permission_obstacles(access, event, visibility),
                *announcement_obstacles(event, visibility, viewer),
            ],
        }
        for visibility in Visibility
    ]


def _permission_obstacles(access: Access, event: Event, visibility: Visibility) -> list[str]:
    if may_announce(access, event, visibility):
        return []
    return [_("Coordinators tell everyone of an event; ask one of them.")]


def _visibility_explanation(visibility: Visibility) -> str:
    return {
        Visibility.WORKSPACE: _("Everyone with a seat in this workspace, observers too."),
        Visibility.COALITION: _("Every member of the coalition, in their calendar. Not the media partners."),
        Visibility.PUBLIC: _("The whole world: the site, the calendars that people subscribed to, searches."),
    }[visibility]


def _first_ready(request: HttpRequest, event: Event) -> str:
    viewer = get_viewer(request)
    ready = [one for one in Visibility if not announcement_obstacles(event, one, viewer)]
    return (ready or [Visibility.WORKSPACE])[0]


def _announced_message(event: Event) -> str:
    if event.visibility == Visibility.PUBLIC:
        return _("It is public now, in every language, and in the calendars.")
    return _("It is announced.")


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def reschedule_event(request: HttpRequest, event: UUID) -> HttpResponse:
    """Change time or place. People who knew the old one are notified."""
    access, found = get_own_event_or_404(request, event)
    require_that(may_cancel(access, found), _("Editors and coordinators move this event."))
    if not found.is_told:
        return redirect("events:change", found.uuid)
    form = MoveForm(
        conflicts_views.submitted_times(request),
        event=found,
        initial=initial_move(found, request.GET.get("at", "")),
    )
    in_the_way = None
    if request.method == "POST" and form.is_valid():
        in_the_way = conflicts_views.conflicts_to_show(request, access, form.times, form.cleaned_data, found)
    if in_the_way is None and request.method == "POST" and form.is_valid():
        try:
            move_event(access=access, event=found, times=form.times, place=form.place, texts=form.words)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Moved. Everyone who was told of it is told of this."))
            return redirect(found)
    context = {
        "access": access,
        "workspace": access.workspace,
        "event": found,
        "title": event_title(found),
        "form": form,
        "found": in_the_way,
    }
    if in_the_way is not None and not form.errors:
        return render(request, "events/desk/move.html", context, status=409)
    return form_page(request, "events/desk/move.html", context)


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: HttpRequest, event: UUID) -> HttpResponse:
    """Cancel permanently, after confirmation, since it cannot be undone."""
    access, found = get_own_event_or_404(request, event)
    require_that(may_cancel(access, found), _("Editors and coordinators cancel this event."))
    if request.method == "POST":
        cancel_event(access=access, event=found)
        messages.success(request, _("Cancelled. Its page and the calendars say so."))
        return redirect(found)
    context = {
        "access": access,
        "workspace": access.workspace,
        "event": found,
        "title": event_title(found),
        "invited": found.invitations.filter(withdrawn_at=None).count(),
    }
    return render(request, "events/desk/cancel.html", context)
