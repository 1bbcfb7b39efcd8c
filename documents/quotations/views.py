"""The quotations of a draft and their speakers; and the speaker's own page, by a link."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from coalition.accounts.enums import Language
from coalition.core.errors import Refused
from coalition.http.responses import form_page
from coalition.mail.links import absolute_url
from coalition.workspaces.access import member_required
from coalition.workspaces.permissions import Access
from documents.drafts.access import to_draft
from documents.drafts.enums import Handling
from documents.drafts.models import Draft
from documents.drafts.permissions import may_put_to_approval, require_that
from documents.drafts.token_links import NoSuchLink
from documents.drafts.token_pages import token_page
from documents.quotations.actions import answer_by_link, ask_speaker, record_consent
from documents.quotations.forms import AskForm, RecordForm
from documents.quotations.models import QuotationConsent
from documents.quotations.queries import Asked, consent_of_token, quotations_in

PAGE = "documents/quotations/page.html"


@dataclass(frozen=True)
class Row:
    """One quotation on the page, with the forms of who coordinates."""

    asked: Asked
    language: str
    state: str
    label: str
    note: str
    ask: AskForm
    record: RecordForm


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def quotations(request: HttpRequest, draft: UUID) -> HttpResponse:
    """Every quotation, and whether its speaker approved it; a POST asks, or writes the answer down."""
    access, found = to_draft(request, draft)
    if request.method != "POST":
        return _page(request, access, found)
    require_that(may_put_to_approval(access, found), _("Coordinators ask speakers."))
    digest = request.POST.get("digest", "")
    asks = request.POST.get("act") == "ask"
    form: AskForm | RecordForm = (AskForm if asks else RecordForm)(request.POST, prefix=digest[:12])
    if not form.is_valid():
        return _page(request, access, found, sent=form)
    try:
        if asks:
            _made, token = ask_speaker(access=access, draft=found, digest=digest, **form.cleaned_data)
            address = absolute_url(reverse("quotation", args=[token]))
            return _page(request, access, found, address=address)
        record_consent(access=access, draft=found, digest=digest, **form.cleaned_data)
    except Refused as refusal:
        form.add_error(None, refusal.message)
        return _page(request, access, found, sent=form)
    messages.success(request, _("Written down: the speaker approved it."))
    return redirect("documents:quotations", found.uuid)


def _page(
    request: HttpRequest,
    access: Access,
    draft: Draft,
    *,
    sent: AskForm | RecordForm | None = None,
    address: str = "",
) -> HttpResponse:
    context: dict[str, Any] = {
        "access": access,
        "workspace": access.workspace,
        "draft": draft,
        "handling": Handling(draft.handling),
        "rows": [_row(one, sent) for one in quotations_in(draft)],
        "leads": may_put_to_approval(access, draft),
        "address": address,
        "form": sent,
    }
    return form_page(request, PAGE, context)


def _row(asked: Asked, sent: AskForm | RecordForm | None) -> Row:
    prefix = asked.said.digest[:12]
    mine = sent is not None and sent.prefix == prefix
    ask = sent if mine and isinstance(sent, AskForm) else AskForm(prefix=prefix, initial=_in(asked))
    record = sent if mine and isinstance(sent, RecordForm) else RecordForm(prefix=prefix)
    state, label, note = _state(asked)
    return Row(asked, str(Language(asked.said.language).label), state, label, note, ask, record)


def _in(asked: Asked) -> dict[str, str]:
    return {"language": asked.said.language or get_language() or ""}


def _state(asked: Asked) -> tuple[str, str, str]:
    answer = asked.answer
    if answer is not None and answer.given_at is not None:
        return "approved", _("Approved by the speaker"), answer.how or _("by the link")
    if answer is not None:
        return "objects", _("Refused by the speaker"), ""
    if asked.rows:
        return "read", _("Asked, no answer yet"), ""
    return "unopened", _("Not asked yet"), ""


def _language_of(token: str) -> str | None:
    found = consent_of_token(token)
    return found.language if found else None


@token_page(_language_of)
@require_http_methods(["GET", "HEAD", "POST"])
def quotation(request: HttpRequest, token: str) -> HttpResponse:
    """The speaker reads the quotation, and approves it or not. GET shows, POST acts."""
    found: QuotationConsent | None = consent_of_token(token)
    if found is None:
        raise NoSuchLink
    if request.method == "POST":
        answer_by_link(token=token, approves=request.POST.get("answer") == "yes")
        return redirect("quotation_done")
    return render(request, "documents/quotations/speaker.html", {"asked": found})


@require_safe
def done(request: HttpRequest) -> HttpResponse:
    """After the answer."""
    return render(request, "documents/quotations/done.html")
