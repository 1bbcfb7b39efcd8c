"""Views of a draft's quotations, and of the speaker's own page, by a link."""

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
from documents.drafts.permissions import may_submit_for_approval, require_that
from documents.drafts.token_links import NoSuchLink, token_page
from documents.quotations.actions import answer_by_link, ask_speaker, record_consent
from documents.quotations.forms import AskSpeakerForm, RecordConsentForm
from documents.quotations.models import QuotationConsent
from documents.quotations.queries import DraftQuotation, consent_of_token, quotations_in

QUOTATIONS_TEMPLATE = "documents/quotations/page.html"


@dataclass(frozen=True)
class QuotationRow:
    """One quotation on the page, with the coordinator's forms."""

    asked: DraftQuotation
    language: str
    state: str
    label: str
    note: str
    ask: AskSpeakerForm
    record: RecordConsentForm


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def draft_quotations(request: HttpRequest, draft: UUID) -> HttpResponse:
    """List every quotation and whether its speaker approved it; a POST asks, or records the
    answer."""
    access, found = to_draft(request, draft)
    if request.method != "POST":
        return _quotations_page(request, access, found)
    require_that(may_submit_for_approval(access, found), _("Coordinators ask speakers."))
    digest = request.POST.get("digest", "")
    asks = request.POST.get("act") == "ask"
    form: AskSpeakerForm | RecordConsentForm = (AskSpeakerForm if asks else RecordConsentForm)(
        request.POST, prefix=digest[:12]
    )
    if not form.is_valid():
        return _quotations_page(request, access, found, sent=form)
    try:
        if asks:
            _made, token = ask_speaker(access=access, draft=found, digest=digest, **form.cleaned_data)
            address = absolute_url(reverse("quotation", args=[token]))
            return _quotations_page(request, access, found, address=address)
        record_consent(access=access, draft=found, digest=digest, **form.cleaned_data)
    except Refused as refusal:
        form.add_error(None, refusal.message)
        return _quotations_page(request, access, found, sent=form)
    messages.success(request, _("Written down: the speaker approved it."))
    return redirect("documents:quotations", found.uuid)


def _quotations_page(
    request: HttpRequest,
    access: Access,
    draft: Draft,
    *,
    sent: AskSpeakerForm | RecordConsentForm | None = None,
    address: str = "",
) -> HttpResponse:
    context: dict[str, Any] = {
        "access": access,
        "workspace": access.workspace,
        "draft": draft,
        "handling": Handling(draft.handling),
        "rows": [_quotation_row(one, sent) for one in quotations_in(draft)],
        "leads": may_submit_for_approval(access, draft),
        "address": address,
        "form": sent,
    }
    return form_page(request, QUOTATIONS_TEMPLATE, context)


def _quotation_row(asked: DraftQuotation, sent: AskSpeakerForm | RecordConsentForm | None) -> QuotationRow:
    prefix = asked.said.digest[:12]
    mine = sent is not None and sent.prefix == prefix
    ask = (
        sent
        if mine and isinstance(sent, AskSpeakerForm)
        else AskSpeakerForm(prefix=prefix, initial=_initial_language(asked))
    )
    record = sent if mine and isinstance(sent, RecordConsentForm) else RecordConsentForm(prefix=prefix)
    state, label, note = _consent_state(asked)
    return QuotationRow(asked, str(Language(asked.said.language).label), state, label, note, ask, record)


def _initial_language(asked: DraftQuotation) -> dict[str, str]:
    return {"language": asked.said.language or get_language() or ""}


def _consent_state(asked: DraftQuotation) -> tuple[str, str, str]:
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
def quotation_for_speaker(request: HttpRequest, token: str) -> HttpResponse:
    """Let the speaker approve the quotation or not. GET displays, POST acts."""
    found: QuotationConsent | None = consent_of_token(token)
    if found is None:
        raise NoSuchLink
    if request.method == "POST":
        answer_by_link(token=token, approves=request.POST.get("answer") == "yes")
        return redirect("quotation_done")
    return render(request, "documents/quotations/speaker.html", {"asked": found})


@require_safe
def quotation_done(request: HttpRequest) -> HttpResponse:
    """Confirm the answer."""
    return render(request, "documents/quotations/done.html")
