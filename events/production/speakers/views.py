"""Speaker views: in the member area, and the page by the link in the mail."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _, gettext_lazy, ngettext, override
from django.views.decorators.http import require_http_methods

from coalition.accounts.models import Language
from coalition.applicants.views import private_response
from coalition.core.errors import Refused
from coalition.http.responses import form_page
from coalition.roles import Right
from coalition.workspaces.permissions import Access
from documents.drafts.permissions import require_that
from events.core.enums import EventKind
from events.core.formatting import moment_words
from events.core.generic_views import EventFormView, event_action, event_loader
from events.core.models import Event, EventSpeaker
from events.core.permissions import may_change, may_prepare
from events.core.public_pages import Area
from events.core.queries import event_speaker_of_token, speakers_of
from events.core.summary import summary_in
from events.production.forms import SpeakerConsentForm, SpeakerForm, initial_speaker_consent
from events.production.speakers import actions


def event_speaker_row(event: Event, one: EventSpeaker) -> dict[str, object]:
    """Return a speaker with `agreed`: label of each consent and whether it was given, empty before an
    answer."""
    consents = [
        (_("Named") if one.named else _("Not named"), one.named),
        (_("Photographed") if one.pictured else _("Not photographed"), one.pictured),
        (_("Recorded, streamed") if one.recorded else _("Not recorded, not streamed"), one.recorded),
    ]
    languages = (str(Language(code).label) for code in one.languages if code in Language.values)
    return {
        "speaker": one,
        "languages": ", ".join(languages),
        "agreed": consents if one.answered_at else [],
        "when": moment_words(event, one.answered_at or one.asked_at),
    }


def speakers_area(event: Event, access: Access) -> Area | None:
    """Return the line on the event's page, for members who prepare it."""
    if not access.may(Right.SEE_DRAFTS) or event.kind == EventKind.DEADLINE:
        return None
    rows = speakers_of(event)
    named = sum(row.named for row in rows)
    words = _("Nobody yet")
    if rows:
        words = ngettext("%(named)d of %(count)d named", "%(named)d of %(count)d named", len(rows)) % {
            "named": named,
            "count": len(rows),
        }
    return Area(_("Speakers"), words, reverse("events:speakers", args=[event.uuid]), "talk")


# Speakers are confidential before they consent.
ONLY_READERS = gettext_lazy("People who prepare the event see who is to speak.")
get_speakers_event_or_404 = event_loader(may_prepare, ONLY_READERS)


class SpeakersView(EventFormView):
    """List the speakers with their consents; a form to add one."""

    form_class = SpeakerForm
    template_name = "events/speakers/list.html"
    allowed, refusal = staticmethod(may_prepare), ONLY_READERS
    success_name = "events:speakers"
    success_message = gettext_lazy("A mail asks what they agree to.")
    initial = {"writes_in": Language.KK}

    def load(self) -> None:
        super().load()
        if self.request.method == "POST":
            require_that(may_change(self.access, self.event), actions.ONLY_EDITORS)

    def save(self, form: SpeakerForm) -> None:
        actions.add_speaker(access=self.access, event=self.event, **form.cleaned_data)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = [event_speaker_row(self.event, one) for one in speakers_of(self.event)]
        changes = may_change(self.access, self.event) and not self.event.cancelled_at
        return super().get_context_data(**kwargs) | {"rows": rows, "may_change": changes}


@event_action("events:speakers", load=get_speakers_event_or_404)
def ask_speaker_again(request: HttpRequest, access: Access, event: Event, speaker: UUID) -> None:
    """Mail the link again."""
    if actions.ask_speaker_again(access=access, speaker=_get_speaker_or_404(event, speaker)):
        messages.success(request, _("The link is on its way again."))
    else:
        messages.warning(request, _("Three mails went today: try again tomorrow."))


@event_action(
    "events:speakers",
    load=get_speakers_event_or_404,
    success=gettext_lazy("Removed. What was kept of them is deleted."),
)
def remove_speaker(request: HttpRequest, access: Access, event: Event, speaker: UUID) -> None:
    """Remove a speaker and delete their data."""
    actions.remove_speaker(access=access, speaker=_get_speaker_or_404(event, speaker))


@require_http_methods(["GET", "HEAD", "POST"])
def speaker_link_page(request: HttpRequest, token: str) -> HttpResponse:
    """Render the speaker's consents. GET displays, POST acts. Raises Http404 for an unknown link."""
    row = event_speaker_of_token(token)
    if row is None:
        raise Http404
    form = SpeakerConsentForm(
        request.POST if request.method == "POST" else None, initial=initial_speaker_consent(row)
    )
    with override(row.writes_in):  # language of the mail with the link
        if form.is_bound and form.is_valid():
            try:
                actions.answer_as_speaker(speaker=row, **form.cleaned_data)
            except Refused as refusal:
                form.add_error(None, refusal.message)
            else:
                return private_response(redirect("event_speaker", token), language=row.writes_in)
        context = {"row": row, "event": summary_in(row.event, row.writes_in), "form": form}
        response = form_page(request, "events/speakers/link.html", context)
    return private_response(response, language=row.writes_in)


def _get_speaker_or_404(event: Event, speaker: UUID) -> EventSpeaker:
    row = get_object_or_404(EventSpeaker, event=event, uuid=speaker)
    row.event = event
    return row
