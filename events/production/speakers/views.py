"""Speakers at an event: at the desk, and the page behind the link in their mail."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from coalition.applicants.token_pages import private_response
from coalition.core.errors import Refused
from coalition.http.responses import flash_result, form_page
from coalition.roles import Right
from coalition.workspaces.access import member_required
from coalition.workspaces.permissions import Access
from documents.drafts.permissions import require_that
from events.core.models import Event, EventInvitation, EventSpeaker
from events.core.pages import event_context
from events.core.permissions import may_change, to_own_event
from events.core.queries import speaker_of_token, speakers_of
from events.core.summary import invited
from events.production.speakers import actions
from events.production.speakers.forms import AgreedForm, SpeakerForm, initial_agreed
from events.production.speakers.presenters import rows_of


def to_speakers(request: HttpRequest, uuid: UUID) -> tuple[Access, Event]:
    """The event, for people who prepare it: who speaks is not told to others before they agree."""
    access, event = to_own_event(request, uuid)
    require_that(access.may(Right.SEE_DRAFTS), _("People who prepare the event see who is to speak."))
    return access, event


@member_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def speakers(request: HttpRequest, event: UUID) -> HttpResponse:
    """Who is to speak and what each agreed to; a form to ask somebody."""
    access, found = to_speakers(request, event)
    changes = may_change(access, found) and not found.cancelled_at
    form = SpeakerForm(request.POST if request.method == "POST" else None, initial={"writes_in": "kk"})
    if form.is_bound:
        require_that(changes, _("Editors and coordinators ask speakers."))
        if form.is_valid():
            try:
                actions.add_speaker(access=access, event=found, speaking=form.speaking)
            except Refused as refusal:
                form.add_error(None, refusal.message)
            else:
                messages.success(request, _("A mail asks what they agree to."))
                return redirect("events:speakers", found.uuid)
    context = {
        **event_context(access, found),
        "rows": rows_of(found, speakers_of(found)),
        "may_change": changes,
        "form": form,
    }
    return form_page(request, "events/speakers/list.html", context)


@member_required
@require_POST
def again(request: HttpRequest, event: UUID, speaker: UUID) -> HttpResponse:
    """Send the link once more."""
    access, found = to_speakers(request, event)
    with flash_result(request):
        if actions.ask_again(access=access, speaker=_row(found, speaker)):
            messages.success(request, _("The link is on its way again."))
        else:
            messages.warning(request, _("Three mails went today: try again tomorrow."))
    return redirect("events:speakers", found.uuid)


@member_required
@require_POST
def remove(request: HttpRequest, event: UUID, speaker: UUID) -> HttpResponse:
    """They do not speak: what was kept of them is deleted."""
    access, found = to_speakers(request, event)
    with flash_result(request, _("Removed. What was kept of them is deleted.")):
        actions.remove_speaker(access=access, speaker=_row(found, speaker))
    return redirect("events:speakers", found.uuid)


@require_http_methods(["GET", "HEAD", "POST"])
def link(request: HttpRequest, token: str) -> HttpResponse:
    """What the speaker agrees to. The GET shows, the POST acts. Raises Http404 for nobody's link."""
    row = speaker_of_token(token)
    if row is None:
        raise Http404
    with override(row.writes_in):  # of the mail that brought here
        return private_response(_link(request, row, token), language=row.writes_in)


def _link(request: HttpRequest, row: EventSpeaker, token: str) -> HttpResponse:
    form = AgreedForm(request.POST if request.method == "POST" else None, initial=initial_agreed(row))
    if form.is_bound and form.is_valid():
        try:
            actions.answer_as_speaker(speaker=row, agreed=form.agreed)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            return redirect("event_speaker", token)
    event = invited(EventInvitation(event=row.event, language=row.writes_in))
    context = {"row": row, "event": event, "form": form}
    return form_page(request, "events/speakers/link.html", context)


def _row(event: Event, speaker: UUID) -> EventSpeaker:
    row = get_object_or_404(EventSpeaker, event=event, uuid=speaker)
    row.event = event
    return row
