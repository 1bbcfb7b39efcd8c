"""The Word file of a guest: downloaded, edited elsewhere, and sent back."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from coalition.core.errors import Refused
from documents.drafts.enums import IncomingState
from documents.drafts.models import DraftText
from documents.files.views import send_made
from documents.guests.access import guest_page, opened, words_shown
from documents.guests.forms import FileForm
from documents.guests.models import GuestLink
from documents.guests.views import text_page
from documents.interchange.actions.by_link import fetch_file_by_link, send_file_by_link, take_file_by_link
from documents.interchange.actions.export import token_of
from documents.interchange.actions.make_file import make_file
from documents.interchange.actions.upload import read_now_if_quick, why_not
from documents.interchange.models import ExportedFile


@guest_page
@opened
@require_POST
def download(request: HttpRequest, link: GuestLink, token: str, language: str) -> HttpResponseBase:
    """The text as a Word file. One that takes long is made beside the page: the next press fetches it."""
    text = _text(link, language)
    made = None
    if code := request.POST.get("code", ""):
        made = fetch_file_by_link(token=token, text=text, code=code)
    if made is None:
        made = take_file_by_link(token=token, text=text)
    content = _content(made)
    if content is not None:
        return send_made(made, content)
    if made.is_long and not made.failed:
        messages.info(request, _("The file is large and being made. Press again in a minute."))
        return redirect(reverse("guest_text", args=[token, language]) + f"?{urlencode({'code': made.code})}")
    messages.error(request, _("The file could not be made. Tell the person who sent you the link."))
    return redirect("guest_text", token, language)


@guest_page
@opened
@require_POST
def send_back(request: HttpRequest, link: GuestLink, token: str, language: str) -> HttpResponse:
    """The file comes back: kept until somebody who edits the text has looked at it."""
    text = _text(link, language)
    form = FileForm(request.POST, request.FILES)
    if not form.is_valid():
        return text_page(request, link, token, language, file_form=form)
    sent = form.cleaned_data["file"]
    try:
        file = send_file_by_link(token=token, text=text, content=sent, name=sent.name)
    except Refused as refusal:
        form.add_error("file", refusal.message)
        return text_page(request, link, token, language, file_form=form)
    file = read_now_if_quick(file)
    if file.state == IncomingState.REFUSED:
        messages.error(request, why_not(file))
    else:
        messages.success(request, _("Sent. The editors of this text look at your changes one by one."))
    return redirect("guest_text", token, language)


def _text(link: GuestLink, language: str) -> DraftText:
    if not link.may_take_file:
        raise Http404
    return words_shown(link, language).text


def _content(made: ExportedFile) -> bytes | None:
    """The bytes, if they are there or quickly made."""
    if made.file:
        with made.file.open("rb") as kept:
            content: bytes = kept.read()
        return content
    return None if made.is_long else make_file(made, token_of(made))
