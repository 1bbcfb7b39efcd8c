"""Speaker views: in the member area, and the page by the link in the mail."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from coalition.applicants.views import private_response
from coalition.core.errors import Refused
from coalition.http.responses import flash_result, form_page
from coalition.roles import Right
from coalition.workspaces.access import member_required
from coalition.workspaces.permissions import Access
from documents.drafts.permissions import require_that
from events.core.models import Event, EventInvitation, EventSpeaker
from events.core.pages import event_context
from events.core.permissions import get_own_event_or_404, may_change
from events.core.queries import event_speaker_of_token, speakers_of
from events.core.summary import build_invitation_summary
from events.production.speakers import actions
from events.production.speakers.forms import SpeakerConsentForm, SpeakerForm, initial_speaker_consent
from events.production.speakers.presenters import event_speaker_rows


def get_speakers_event_or_404(request: HttpRequest, uuid: UUID) -> tuple[Access, Event]:
    """Return the event, for members who prepare it: speakers are confidential before consent."""
    access, event = get_own_event_or_404(request, uuid)
    require_that(access.may(Right.SEE_DRAFTS), _("People who prepare the event see who is to speak."))
    return access, event


@member_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def speakers(request: HttpRequest, event: UUID) -> HttpResponse:
    """List the speakers with their consents; a form to add one."""
    access, found = get_speakers_event_or_404(request, event)
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
        "rows": event_speaker_rows(found, speakers_of(found)),
        "may_change": changes,
        "form": form,
    }
    return form_page(request, "events/speakers/list.html", context)


@member_required
@require_POST
def ask_speaker_again(request: HttpRequest, event: UUID, speaker: UUID) -> HttpResponse:
    """Mail the link again."""
    access, found = get_speakers_event_or_404(request, event)
    with flash_result(request):
        if actions.ask_speaker_again(access=access, speaker=_get_speaker_or_404(found, speaker)):
            messages.success(request, _("The link is on its way again."))
        else:
            messages.warning(request, _("Three mails went today: try again tomorrow."))
    return redirect("events:speakers", found.uuid)


@member_required
@require_POST
def remove_speaker(request: HttpRequest, event: UUID, speaker: UUID) -> HttpResponse:
    """Remove a speaker and delete their data."""
    access, found = get_speakers_event_or_404(request, event)
    with flash_result(request, _("Removed. What was kept of them is deleted.")):
        actions.remove_speaker(access=access, speaker=_get_speaker_or_404(found, speaker))
    return redirect("events:speakers", found.uuid)


@require_http_methods(["GET", "HEAD", "POST"])
def speaker_link_page(request: HttpRequest, token: str) -> HttpResponse:
    """Render the speaker's consents. GET displays, POST acts. Raises Http404 for an unknown
    link."""
    row = event_speaker_of_token(token)
    if row is None:
        raise Http404
    with override(row.writes_in):  # language of the mail with the link
        return private_response(_speaker_link_response(request, row, token), language=row.writes_in)


def _speaker_link_response(request: HttpRequest, row: EventSpeaker, token: str) -> HttpResponse:
    form = SpeakerConsentForm(
        request.POST if request.method == "POST" else None, initial=initial_speaker_consent(row)
    )
    if form.is_bound and form.is_valid():
        try:
            actions.answer_as_speaker(speaker=row, agreed=form.agreed)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            return redirect("event_speaker", token)
    event = build_invitation_summary(EventInvitation(event=row.event, language=row.writes_in))
    context = {"row": row, "event": event, "form": form}
    return form_page(request, "events/speakers/link.html", context)


def _get_speaker_or_404(event: Event, speaker: UUID) -> EventSpeaker:
    row = get_object_or_404(EventSpeaker, event=event, uuid=speaker)
    row.event = event
    return row
