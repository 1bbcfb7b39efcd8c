"""The coalition's agreement: read and accepted by members, named and overseen by the secretariat."""

from typing import Any
from uuid import UUID

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth import logout
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coalition.accounts.enums import Language, MembershipRole
from coalition.accounts.models import Organisation
from coalition.accounts.naming import display_mark_for, display_name_for
from coalition.accounts.queries import (
    may_enter,
    organisations,
    organisations_represented_by,
    representatives_of,
)
from coalition.core.errors import Refused
from coalition.http.responses import form_page, telling
from coalition.jobs.moments import with_place
from coalition.workspaces import access
from coalition.workspaces.views.secretariat import secretariat_only
from documents.agreement.actions import accept_agreement, end_agreement, leave_coalition, set_agreement
from documents.agreement.forms import AgreementForm, LeaveForm
from documents.agreement.models import Acceptance, Agreement
from documents.agreement.queries import (
    acceptances_of,
    current_agreement,
    own_memberships,
    texts_of,
    unaccepting_memberships,
)
from documents.canonical.html import render_html
from documents.canonical.serialise import short_hash
from documents.publication.queries import texts_under_the_name_of


@access.members_only
@require_safe
def agreement(request: HttpRequest) -> HttpResponse:
    """The words of the agreement, and for each own organisation: accepted, the button, or who can accept."""
    edition = current_agreement()
    if edition is None:
        raise Http404
    texts = texts_of(edition)
    language = request.GET.get("language") or (get_language() or "")
    language = language if language in texts else next(iter(texts))
    memberships = list(own_memberships(access.person(request)))
    given = acceptances_of(edition, [row.organisation for row in memberships])
    owing = unaccepting_memberships(access.person(request), required=False)
    owing_pks = set(owing.values_list("organisation_id", flat=True))
    context = {
        "agreement": edition,
        "asks_from": with_place(edition.asks_from) if edition.asks_from else "",
        "since": with_place(edition.set_at),
        "tabs": [
            {"label": Language(code).label, "url": f"?language={code}", "current": code == language}
            for code in texts
        ],
        "language": language,
        "title": texts[language].document["title"],
        "hash": short_hash(texts[language].hash),
        "shown": render_html(texts[language].document, heading_shift=1, with_title=True),
        "rows": [
            _own(request, row.organisation, row.role, given, owes=row.organisation_id in owing_pks)
            for row in memberships
        ],
    }
    return render(request, "documents/agreement/page.html", context)


@access.members_only
@require_POST
@reauthentication_required
def accept(request: HttpRequest, agreement: UUID, organisation: UUID) -> HttpResponse:
    """Accept the edition that was shown for one organisation."""
    edition = get_object_or_404(Agreement, uuid=agreement)
    rows = own_memberships(access.person(request)).filter(organisation__uuid=organisation)
    membership = get_object_or_404(rows)
    with telling(request, _("Accepted. The people of your organisation get into their workspaces.")):
        accept_agreement(
            agreement=edition, organisation=membership.organisation, person=access.person(request)
        )
    return redirect("documents:agreement")


@secretariat_only
@require_http_methods(["GET", "HEAD", "POST"])
@reauthentication_required(allow_get=True)
def register(request: HttpRequest) -> HttpResponse:
    """The secretariat names the agreement or its next edition, and sees who has accepted."""
    form = AgreementForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            set_agreement(by=access.person(request), **form.cleaned_data)
        except Refused as refusal:
            form.add_error("publication", refusal.message)
        else:
            messages.success(request, _("This text is the coalition agreement now."))
            return redirect("secretariat:agreement")
    edition = current_agreement()
    context = {
        "form": form,
        "agreement": edition,
        "nav_current": "agreement",
        "rows": _rows(request, edition) if edition else [],
        "asks_from": with_place(edition.asks_from) if edition and edition.asks_from else "",
    }
    if edition:
        texts = texts_of(edition)
        context["hashes"] = [
            {"language": Language(code).label, "hash": short_hash(text.hash)} for code, text in texts.items()
        ]
        context["title"] = texts.get(get_language() or "", next(iter(texts.values()))).document["title"]
    return form_page(request, "documents/agreement/register.html", context)


@secretariat_only
@require_POST
@reauthentication_required
def end(request: HttpRequest) -> HttpResponse:
    """The coalition has no agreement here any more."""
    with telling(request, _("Ended. Nothing is asked at the door; acceptances stay on record.")):
        end_agreement(by=access.person(request))
    return redirect("secretariat:agreement")


def _own(
    request: HttpRequest,
    organisation: Organisation,
    role: str,
    given: dict[int, Acceptance],
    *,
    owes: bool,
) -> dict[str, Any]:
    viewer, acceptance = access.viewer(request), given.get(organisation.pk)
    return {
        "organisation": organisation,
        "name": display_name_for(viewer, organisation),
        "mark": display_mark_for(viewer, organisation),
        "owes": owes,
        "accepts": owes and role == MembershipRole.REPRESENTATIVE,
        "people": [row.person.name for row in representatives_of(organisation)] if owes else [],
        **_accepted(acceptance),
    }


def _rows(request: HttpRequest, edition: Agreement) -> list[dict[str, Any]]:
    """The register of acceptances: every organisation, and what it accepted when."""
    viewer, everyone = access.viewer(request), list(organisations())
    given = acceptances_of(edition, everyone)
    return [
        {"mark": display_mark_for(viewer, one), **_accepted(given.get(one.pk), edition)} for one in everyone
    ]


def _accepted(acceptance: Acceptance | None, edition: Agreement | None = None) -> dict[str, Any]:
    if acceptance is None:
        return {"accepted": "", "edition": 0, "hashes": []}
    return {
        "accepted": with_place(acceptance.at),
        "edition": acceptance.agreement.number,
        "is_older": edition is not None and acceptance.agreement_id != edition.pk,
        "hashes": [
            {"language": Language(code).label, "hash": short_hash(digest)}
            for code, digest in acceptance.hashes.items()
        ],
    }


# --- leaving ---
# An organisation leaves the coalition, by its representative.


@access.members_only
@require_http_methods(["GET", "HEAD", "POST"])
@reauthentication_required(allow_get=True)
def leave(request: HttpRequest, organisation: UUID) -> HttpResponse:
    """What leaving means, past texts, and the word to type. Who belongs nowhere else is signed out."""
    person = access.person(request)
    found = organisations_represented_by(person).filter(uuid=organisation).first()
    if found is None:
        raise Http404
    form = LeaveForm(request.POST or None, names=list(texts_under_the_name_of(found)))
    if request.method == "POST" and form.is_valid():
        drop = [form.texts[uuid] for uuid in form.cleaned_data.get("drop", [])]
        try:
            leave_coalition(organisation=found, person=person, drop=drop)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Your organisation has left the coalition. Its record stays."))
            if may_enter(person):
                return redirect("workspaces:dashboard")
            logout(request)
            return redirect("account_login")
    context = {"organisation": found, "mark": display_mark_for(access.viewer(request), found), "form": form}
    return form_page(request, "documents/publications/leave.html", context)
