"""Pages of a guest link: reading, comparing, commenting, without an account.

The first page shows no word of the text: messengers and mail scanners fetch addresses. A press opens it, in
that browser for some hours.
"""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coalition.core.errors import Refused
from documents.canonical.errors import CanonicalError
from documents.comments.actions.by_link import comment_by_link
from documents.drafts.enums import GuestAct
from documents.files.views.download import send_picture
from documents.guests.access import counting, guest_page, is_open, opened, remember, words_shown
from documents.guests.actions.use import go_on_reading, use_guest_link
from documents.guests.forms import CommentForm, FileForm
from documents.guests.models import GuestLink
from documents.guests.presenters import (
    Shown,
    around,
    comparison,
    languages_of,
    own_threads,
    shown_in,
    words_of,
)
from documents.guests.queries import files_sent_by_guest, pictures_for_guest, versions_for_guest
from documents.legal_review.forms import VerdictForm
from documents.legal_review.queries import verdicts_of_guest


@guest_page
@require_http_methods(["GET", "HEAD", "POST"])
def guest(request: HttpRequest, token: str) -> HttpResponse:
    """What the link is for, and the button that opens it."""
    if request.method == "POST":
        link = use_guest_link(token=token, act=GuestAct.OPENED)
        remember(request, link)
        return redirect("guest_text", token, _first(link))
    link = counting(token)
    if is_open(request, link):
        return redirect("guest_text", token, _first(link))
    if request.method == "GET":
        use_guest_link(token=token, act=GuestAct.FOLLOWED)
    return render(request, "documents/guests/landing.html", {"link": link})


@guest_page
@opened
@require_safe
def text(request: HttpRequest, link: GuestLink, token: str, language: str) -> HttpResponse:
    """The words of one language."""
    if language not in languages_of(link):
        if languages_of(link):
            raise Http404
        return render(request, "documents/guests/text.html", around(link, token, language))
    if request.method == "GET":
        use_guest_link(token=token, act=GuestAct.READ, language=language)
    return text_page(request, link, token, language)


@guest_page
@opened
@require_safe
def compare(request: HttpRequest, link: GuestLink, token: str, language: str) -> HttpResponse:
    """What changed since an earlier version, for a legal reader."""
    if not link.may_comment:
        raise Http404
    shown = words_shown(link, language)
    context = comparison(link, shown, request.GET.get("before", ""))
    if request.method == "GET":
        use_guest_link(token=token, act=GuestAct.COMPARED, language=language)
    return render(
        request, "documents/guests/compare.html", {**around(link, token, language), "shown": shown, **context}
    )


@guest_page
@opened
@require_POST
def comment(request: HttpRequest, link: GuestLink, token: str, language: str) -> HttpResponse:
    """A new thread of the legal reader, or with `thread` an answer in one of their own."""
    if not link.may_comment:
        raise Http404
    shown = words_shown(link, language)
    form = CommentForm(request.POST)
    if not form.is_valid():
        return text_page(request, link, token, language, form=form)
    try:
        comment_by_link(
            token=token, text=shown.text, answers=request.POST.get("thread", ""), **form.cleaned_data
        )
    except Refused as refusal:
        form.add_error("body", refusal.message)
        return text_page(request, link, token, language, form=form)
    messages.success(request, _("Sent. The coordinators of this text read it, and nobody else."))
    return redirect("guest_text", token, language)


@guest_page
@require_safe
def picture(request: HttpRequest, token: str, language: str, file: UUID) -> HttpResponseBase:
    """A picture of the words that the link shows."""
    link = counting(token)
    if not is_open(request, link):
        raise Http404
    shown = words_shown(link, language)
    found = get_object_or_404(pictures_for_guest(link, shown.document), uuid=file)
    if request.method == "GET":
        go_on_reading(link=link, token=token, language=language)
    return send_picture(request, found)


def text_page(
    request: HttpRequest,
    link: GuestLink,
    token: str,
    language: str,
    *,
    form: CommentForm | None = None,
    file_form: FileForm | None = None,
    verdict_form: VerdictForm | None = None,
) -> HttpResponse:
    """The page of a text; the forms hold what could not be taken."""
    context = around(link, token, language)
    try:
        shown = shown_in(link, language)
    except CanonicalError as error:
        return render(request, "documents/guests/text.html", context | {"why": error.message})
    context |= {"shown": shown, "words": words_of(link, shown, token), "code": request.GET.get("code", "")}
    context |= _beside(link, shown)
    forms = {"form": form, "file_form": file_form, "verdict_form": verdict_form}
    context |= {name: sent for name, sent in forms.items() if sent is not None}
    refused = any(sent is not None and sent.errors for sent in forms.values())
    return render(request, "documents/guests/text.html", context, status=422 if refused else 200)


def _beside(link: GuestLink, shown: Shown) -> dict[str, Any]:
    """What stands beside the words, by what the link is for."""
    of = shown.text
    if link.may_comment:
        return {
            "verdict_form": VerdictForm(prefix="verdict", initial={"digest": shown.hash})
            if shown.hash
            else None,
            "verdicts": verdicts_of_guest(link, of),
            "threads": own_threads(link, of),
            "form": CommentForm(),
            "compares": versions_for_guest(link, of).exists(),
        }
    if link.may_take_file:
        return {"file_form": FileForm(), "files": list(files_sent_by_guest(link, of))}
    return {}


def _first(link: GuestLink) -> str:
    """The language to begin with: the guest's own if it is written, else the first there is."""
    there = languages_of(link)
    return link.language if link.language in there or not there else there[0]
