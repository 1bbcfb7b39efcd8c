"""Quotations: requested, released."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext as _, gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from coalition.accounts.models import Language
from coalition.core.errors import Refused
from coalition.http.responses import form_page
from coalition.mail.outbox import absolute_url
from coalition.workspaces.access import member_required
from coalition.workspaces.permissions import Access
from documents.drafts.access import NoSuchLink, to_draft, token_page
from documents.drafts.models import Draft
from documents.drafts.permissions import may_submit_for_approval, require_that
from documents.drafts.presenters import draft_context
from documents.quotations.actions import answer_by_link, ask_speaker, record_consent
from documents.quotations.queries import DraftQuotation, consent_of_token, quotations_in


class AskSpeakerForm(forms.Form):
    """The address to which the speaker's link is sent."""

    email = forms.EmailField(label=gettext_lazy("E-mail of the speaker"))
    language = forms.ChoiceField(
        label=gettext_lazy("Language"),
        choices=Language.choices,
        help_text=gettext_lazy("Of the mail and of the page."),
    )


class RecordConsentForm(forms.Form):
    """The means by which the speaker answered, if not by the link."""

    how = forms.CharField(
        label=gettext_lazy("How and when the speaker approved it"),
        max_length=200,
        help_text=gettext_lazy(
            "For example “in a call on 3 March”, “voice message in the group”, “signed on paper”."
        ),
    )


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def draft_quotations(request: HttpRequest, draft: UUID) -> HttpResponse:
    """List every quotation and whether its speaker approved it; a POST asks, or records the answer."""
    access, found = to_draft(request, draft)
    if request.method != "POST":
        return _quotations_page(request, access, found)
    require_that(may_submit_for_approval(access, found), _("Coordinators ask speakers."))
    digest = request.POST.get("digest", "")
    is_request = request.POST.get("act") == "ask"
    form: AskSpeakerForm | RecordConsentForm = (AskSpeakerForm if is_request else RecordConsentForm)(
        request.POST, prefix=digest[:12]
    )
    if not form.is_valid():
        return _quotations_page(request, access, found, sent=form)
    try:
        if is_request:
            _row, token = ask_speaker(access=access, draft=found, digest=digest, **form.cleaned_data)
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
    context: dict[str, Any] = draft_context(access, draft) | {
        "rows": [_quotation_row(one, sent) for one in quotations_in(draft)],
        "leads": may_submit_for_approval(access, draft),
        "address": address,
        "form": sent,
    }
    return form_page(request, "documents/quotations/page.html", context)


def _quotation_row(
    quotation: DraftQuotation, sent: AskSpeakerForm | RecordConsentForm | None
) -> dict[str, Any]:
    """Return a quotation with its state and the coordinator's forms; `sent`: one of them with errors."""
    statement, answer = quotation.statement, quotation.answer
    prefix = statement.digest[:12]
    ask = AskSpeakerForm(prefix=prefix, initial={"language": statement.language or get_language() or ""})
    forms_shown = {"ask": ask, "record": RecordConsentForm(prefix=prefix)}
    if sent is not None and sent.prefix == prefix:
        forms_shown["ask" if isinstance(sent, AskSpeakerForm) else "record"] = sent
    if answer is not None and answer.given_at is not None:
        state, label = "approved", _("Approved by the speaker")
    elif answer is not None:
        state, label = "objects", _("Refused by the speaker")
    elif quotation.rows:
        state, label = "read", _("Asked, no answer yet")
    else:
        state, label = "unopened", _("Not asked yet")
    return {
        "statement": statement,
        "is_given": quotation.is_given,
        "language": Language(statement.language).label,
        "state": state,
        "label": label,
        "note": (answer.how or _("by the link")) if answer is not None and answer.given_at else "",
        **forms_shown,
    }


def _language_of(token: str) -> str | None:
    consent = consent_of_token(token)
    return consent.language if consent else None


@token_page(_language_of)
@require_http_methods(["GET", "HEAD", "POST"])
def quotation_for_speaker(request: HttpRequest, token: str) -> HttpResponse:
    """Let the speaker approve the quotation or not. GET displays, POST acts."""
    consent = consent_of_token(token)
    if consent is None:
        raise NoSuchLink
    if request.method == "POST":
        answer_by_link(token=token, approves=request.POST.get("answer") == "yes")
        return redirect("quotation_done")
    return render(request, "documents/quotations/speaker.html", {"consent": consent})


@require_safe
def quotation_done(request: HttpRequest) -> HttpResponse:
    return render(request, "documents/quotations/done.html")
