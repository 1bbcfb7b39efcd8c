"""Views of the agreement: members read and accept it, the secretariat names and oversees it."""

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
    has_access,
    organisations,
    organisations_represented_by,
    representatives_of,
)
from coalition.accounts.views.access import get_person, get_viewer
from coalition.core.errors import Refused
from coalition.http.responses import flash_result, form_page
from coalition.jobs.date_formats import moment_with_time_zone
from coalition.workspaces.access import member_required
from coalition.workspaces.views.secretariat import workspace_secretariat_required
from documents.agreement.actions import accept_agreement, end_agreement, leave_coalition, set_agreement
from documents.agreement.forms import AgreementForm, LeaveForm
from documents.agreement.models import Acceptance, Agreement
from documents.agreement.queries import (
    acceptances_by_organisation,
    agreement_texts,
    current_agreement,
    own_memberships,
    unaccepting_memberships,
)
from documents.canonical.html import render_html
from documents.canonical.serialise import short_hash
from documents.publication.queries import names_of_organisation


@member_required
@require_safe
def agreement(request: HttpRequest) -> HttpResponse:
    """Show the agreement and, for each own organisation, its acceptance, the button, or who can
    accept."""
    edition = current_agreement()
    if edition is None:
        raise Http404
    texts = agreement_texts(edition)
    language = request.GET.get("language") or (get_language() or "")
    language = language if language in texts else next(iter(texts))
    memberships = list(own_memberships(get_person(request)))
    given = acceptances_by_organisation(edition, [row.organisation for row in memberships])
    owing = unaccepting_memberships(get_person(request), required=False)
    owing_pks = set(owing.values_list("organisation_id", flat=True))
    context = {
        "agreement": edition,
        "asks_from": moment_with_time_zone(edition.asks_from) if edition.asks_from else "",
        "since": moment_with_time_zone(edition.set_at),
        "tabs": [
            {"label": Language(code).label, "url": f"?language={code}", "current": code == language}
            for code in texts
        ],
        "language": language,
        "title": texts[language].document["title"],
        "hash": short_hash(texts[language].hash),
        "shown": render_html(texts[language].document, heading_shift=1, with_title=True),
        "rows": [
            _own_organisation_row(
                request, row.organisation, row.role, given, owes=row.organisation_id in owing_pks
            )
            for row in memberships
        ],
    }
    return render(request, "documents/agreement/page.html", context)


@member_required
@require_POST
@reauthentication_required
def accept_edition(request: HttpRequest, agreement: UUID, organisation: UUID) -> HttpResponse:
    """Accept the displayed edition for one organisation."""
    edition = get_object_or_404(Agreement, uuid=agreement)
    rows = own_memberships(get_person(request)).filter(organisation__uuid=organisation)
    membership = get_object_or_404(rows)
    with flash_result(request, _("Accepted. The people of your organisation get into their workspaces.")):
        accept_agreement(agreement=edition, organisation=membership.organisation, person=get_person(request))
    return redirect("documents:agreement")


@workspace_secretariat_required
@require_http_methods(["GET", "HEAD", "POST"])
@reauthentication_required(allow_get=True)
def manage_agreement(request: HttpRequest) -> HttpResponse:
    """Name the agreement or its next edition, and list the acceptances: for the secretariat."""
    form = AgreementForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            set_agreement(by=get_person(request), **form.cleaned_data)
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
        "rows": _acceptance_rows(request, edition) if edition else [],
        "asks_from": moment_with_time_zone(edition.asks_from) if edition and edition.asks_from else "",
    }
    if edition:
        texts = agreement_texts(edition)
        context["hashes"] = [
            {"language": Language(code).label, "hash": short_hash(text.hash)} for code, text in texts.items()
        ]
        context["title"] = texts.get(get_language() or "", next(iter(texts.values()))).document["title"]
    return form_page(request, "documents/agreement/register.html", context)


@workspace_secretariat_required
@require_POST
@reauthentication_required
def end_current_agreement(request: HttpRequest) -> HttpResponse:
    """End the coalition's agreement."""
    with flash_result(request, _("Ended. Nothing is asked at the door; acceptances stay on record.")):
        end_agreement(by=get_person(request))
    return redirect("secretariat:agreement")


def _own_organisation_row(
    request: HttpRequest,
    organisation: Organisation,
    role: str,
    given: dict[int, Acceptance],
    *,
    owes: bool,
) -> dict[str, Any]:
    viewer, acceptance = get_viewer(request), given.get(organisation.pk)
    return {
        "organisation": organisation,
        "name": display_name_for(viewer, organisation),
        "mark": display_mark_for(viewer, organisation),
        "owes": owes,
        "accepts": owes and role == MembershipRole.REPRESENTATIVE,
        "people": [row.person.name for row in representatives_of(organisation)] if owes else [],
        **_describe_acceptance(acceptance),
    }


def _acceptance_rows(request: HttpRequest, edition: Agreement) -> list[dict[str, Any]]:
    """Return the register of acceptances: each organisation, with editions and dates."""
    viewer, everyone = get_viewer(request), list(organisations())
    given = acceptances_by_organisation(edition, everyone)
    return [
        {"mark": display_mark_for(viewer, one), **_describe_acceptance(given.get(one.pk), edition)}
        for one in everyone
    ]


def _describe_acceptance(acceptance: Acceptance | None, edition: Agreement | None = None) -> dict[str, Any]:
    if acceptance is None:
        return {"accepted": "", "edition": 0, "hashes": []}
    return {
        "accepted": moment_with_time_zone(acceptance.at),
        "edition": acceptance.agreement.number,
        "is_older": edition is not None and acceptance.agreement_id != edition.pk,
        "hashes": [
            {"language": Language(code).label, "hash": short_hash(digest)}
            for code, digest in acceptance.hashes.items()
        ],
    }


# --- leaving ---
# An organisation leaves the coalition through its representative.


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
@reauthentication_required(allow_get=True)
def leave(request: HttpRequest, organisation: UUID) -> HttpResponse:
    """Explain the consequences of leaving, list past texts, and ask for the confirmation word.
    Signs out a person who belongs to no other organisation."""
    person = get_person(request)
    found = organisations_represented_by(person).filter(uuid=organisation).first()
    if found is None:
        raise Http404
    form = LeaveForm(request.POST or None, names=list(names_of_organisation(found)))
    if request.method == "POST" and form.is_valid():
        drop = [form.texts[uuid] for uuid in form.cleaned_data.get("drop", [])]
        try:
            leave_coalition(organisation=found, person=person, drop=drop)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Your organisation has left the coalition. Its record stays."))
            if has_access(person):
                return redirect("workspaces:dashboard")
            logout(request)
            return redirect("account_login")
    context = {"organisation": found, "mark": display_mark_for(get_viewer(request), found), "form": form}
    return form_page(request, "documents/publications/leave.html", context)
