"""Pages of a one-time link: the words and their hash, and deciding once. GET shows, POST acts."""

import json
from typing import Any, cast
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.views.decorators.http import require_http_methods, require_safe

from coalition.accounts.enums import Language
from coalition.accounts.naming import PUBLIC, display_name_for, may_be_told
from coalition.core.errors import Refused
from coalition.jobs.moments import with_place
from documents.approval.actions.decide_by_link import decide_by_link, look_by_link
from documents.approval.actions.decide_offline import Answer
from documents.approval.attestations import reliable
from documents.approval.forms.one_time import AnswerForm
from documents.approval.models.one_time_link import OneTimeLink
from documents.approval.models.rounds import RoundText
from documents.approval.queries.boards import board_of
from documents.approval.queries.one_time_links import one_time_link_of
from documents.canonical.form import Document
from documents.canonical.html import PictureSource, render_html
from documents.canonical.serialise import short_hash
from documents.drafts.enums import DecisionKind
from documents.drafts.queries import NARROW
from documents.drafts.token_pages import token_page
from documents.files.models import StoredFile
from documents.files.queries import pictures_in
from documents.files.views import send_picture
from documents.guests.actions import NoSuchLink


def _language_of(token: str) -> str | None:
    found = one_time_link_of(token)
    return found.language if found else None


@token_page(_language_of)
@require_http_methods(["GET", "HEAD", "POST"])
def one_time(request: HttpRequest, token: str) -> HttpResponse:
    """The words, one language a tab, and what to answer; a POST answers."""
    link = one_time_link_of(token)
    if link is None:
        raise NoSuchLink
    if request.method != "POST":
        language = _shown_language(request, link)
        if request.method == "GET":
            look_by_link(token=token, language=language)
        return _page(request, link, token, language)
    form = AnswerForm(request.POST, link=link, relies=_may_rely(link))
    if not form.is_valid():
        return _page(request, link, token, _shown_language(request, link), form)
    try:
        decide_by_link(token=token, answer=_answer(link, form))
    except Refused as refusal:
        form.add_error(None, refusal.message)
        return _page(request, link, token, _shown_language(request, link), form)
    return redirect("one_time_done")


@require_safe
def done(request: HttpRequest) -> HttpResponse:
    """After the answer: it is recorded, and the link is dead. Says nothing of what it was about."""
    return render(request, "documents/ways/done.html")


@token_page(_language_of)
@require_safe
def picture(request: HttpRequest, token: str, file: UUID) -> HttpResponseBase:
    """A picture of the words that the link shows."""
    link = one_time_link_of(token)
    if link is None:
        raise NoSuchLink
    wanted = {
        name: one["sha256"] for text in _texts(link) for name, one in _document(text)["pictures"].items()
    }
    found = get_object_or_404(_pictures(link, [str(file)]))
    if wanted.get(str(file)) != found.sha256:
        raise Http404
    return send_picture(request, found)


def _answer(link: OneTimeLink, form: AnswerForm) -> Answer:
    decision = DecisionKind(form.cleaned_data["decision"])
    languages = link.words if decision in form.WHOLE else form.cleaned_data["languages"]
    relies = form.cleaned_data["relies"] if decision == DecisionKind.APPROVED else []
    return Answer(
        decision=decision,
        hashes={code: link.words[code] for code in languages},
        relies={code: link.words[code] for code in relies if code not in languages},
        reason=form.cleaned_data["reason"],
    )


def _shown_language(request: HttpRequest, link: OneTimeLink) -> str:
    wanted = request.GET.get("language", "")
    if wanted in link.words:
        return wanted
    return link.language if link.language in link.languages else str(link.languages[0])


def _may_rely(link: OneTimeLink) -> list[str]:
    """Languages beside its own in which reviewers answer that the text says the same."""
    return reliable(board_of(link.round, PUBLIC).matrix.data, link.languages)


def _texts(link: OneTimeLink) -> list[RoundText]:
    rows = RoundText.objects.filter(round=link.round).select_related("version")
    return sorted(rows, key=lambda text: Language.values.index(text.language))


def _document(text: RoundText) -> Document:
    return cast("Document", json.loads(text.version.canonical))


def _pictures(link: OneTimeLink, uuids: list[str]) -> Any:
    """None whose own mark is narrower than any link."""
    return pictures_in(link.round.draft.workspace, uuids).exclude(handling__in=NARROW)


def _page(
    request: HttpRequest, link: OneTimeLink, token: str, language: str, form: AnswerForm | None = None
) -> HttpResponse:
    texts = _texts(link)
    text = next(one for one in texts if one.language == language)
    told = may_be_told(PUBLIC, link.organisation)  # the link may have been passed on
    context = {
        "link": link,
        "token": token,
        "text": text,
        "language": language,
        "organisation": display_name_for(PUBLIC, link.organisation) if told else "",
        "message": link.round.message,
        "deadline": with_place(link.expires_at),
        "hash": short_hash(text.version.hash),
        "full_hash": text.version.hash,
        "words": _shown(link, _document(text), token),
        "tabs": [
            {
                "label": Language(one.language).label,
                "url": f"?language={one.language}",
                "current": one.language == language,
            }
            for one in texts
        ],
        "form": form or AnswerForm(link=link, relies=_may_rely(link)),
    }
    status = 422 if form is not None else 200
    return render(request, "documents/ways/one_time.html", context, status=status)


def _shown(link: OneTimeLink, document: Document, token: str) -> SafeString:
    files: dict[str, StoredFile] = {str(one.uuid): one for one in _pictures(link, list(document["pictures"]))}

    def picture_url(identity: str, sha256: str) -> PictureSource | None:
        file = files.get(identity)
        if file is None or file.sha256 != sha256:
            return None
        address = reverse("one_time_picture", args=[token, file.uuid])
        return {"src": address, "width": file.width or 0, "height": file.height or 0}

    return render_html(document, picture_url=picture_url, heading_shift=1, with_title=True)
