"""The verdict of a legal reader without a seat, by their guest link."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from coalition.core.errors import Refused
from documents.drafts.enums import Verdict
from documents.guests.access import guest_page, opened, words_shown
from documents.guests.actions.use import NoSuchLink
from documents.guests.models import GuestLink
from documents.guests.presenters import languages_of
from documents.guests.views.pages import text_page
from documents.legal_review.actions.clear import clear_by_link
from documents.legal_review.forms import VerdictForm


@guest_page
@opened
@require_POST
def verdict_by_link(request: HttpRequest, link: GuestLink, token: str, language: str) -> HttpResponse:
    """The verdict of a legal reader without a seat."""
    if not link.may_comment or language not in languages_of(link):
        raise NoSuchLink
    shown = words_shown(link, language)
    form = VerdictForm(request.POST, prefix="verdict")
    if not form.is_valid():
        return text_page(request, link, token, language, verdict_form=form)
    sent = form.cleaned_data
    try:
        clear_by_link(
            token=token,
            text=shown.text,
            digest=sent["digest"],
            verdict=Verdict(sent["verdict"]),
            note=sent["note"],
        )
    except Refused as refusal:
        form.add_error("note", refusal.message)
        return text_page(request, link, token, language, verdict_form=form)
    messages.success(request, _("Kept. The coordinators have been told."))
    return redirect("guest_text", token, language)
