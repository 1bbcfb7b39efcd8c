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
    acceptances_of,
    current_agreement,
    own_memberships,
    texts_of,
    unaccepting_memberships,
)
from documents.canonical.html import render_html
from documents.canonical.serialise import short_hash
from documents.publication.queries import texts_under_the_name_of


@member_required
@require_safe
def agreement(request: HttpRequest) -> HttpResponse:
    """The words of the agreement, and for each own organisation: accepted, the button, or who can accept."""
    edition = current_agreement()
    if edition is None:
        raise Http404
    texts = texts_of(edition)
    language = request.GET.get("language") or (get_language() or "")
    language = language if language in texts else next(iter(texts))
    memberships = list(own_memberships(get_person(request)))
    given = acceptances_of(edition, [row.organisation for row in memberships])
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
            _own(request, row.organisation, row.role, given, owes=row.organisation_id in owing_pks)
            for row in memberships
        ],
    }
    return render(request, "documents/agreement/page.html", context)


@member_required
@require_POST
@reauthentication_required
def accept(request: HttpRequest, agreement: UUID, organisation: UUID) -> HttpResponse:
    """Accept the edition that was shown for one organisation."""
    edition = get_object_or_404(Agreement, uuid=agreement)
    rows = own_memberships(get_person(request)).filter(organisation__uuid=organisation)
    membership = get_object_or_404(rows)
    with flash_result(request, _("Accepted. The people of your organisation get into their workspaces.")):
        accept_agreement(agreement=edition, organisation=membership.organisation, person=get_person(request))
    return redirect("documents:agreement")


@workspace_secretariat_required
@require_http_methods(["GET", "HEAD", "POST"])
@reauthentication_required(allow_get=True)
def register(request: HttpRequest) -> HttpResponse:
    """The secretariat names the agreement or its next edition, and sees who has accepted."""
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
        "rows": _rows(request, edition) if edition else [],
        "asks_from": moment_with_time_zone(edition.asks_from) if edition and edition.asks_from else "",
    }
    if edition:
        texts = texts_of(edition)
        context["hashes"] = [
            {"language": Language(code).label, "hash": short_hash(text.hash)} for code, text in texts.items()
        ]
        context["title"] = texts.get(get_language() or "", next(iter(texts.values()))).document["title"]
    return form_page(request, "documents/agreement/register.html", context)


@workspace_secretariat_required
@require_POST
@reauthentication_required
def end(request: HttpRequest) -> HttpResponse:
    """The coalition has no agreement here any more."""
    with flash_result(request, _("Ended. Nothing is asked at the door; acceptances stay on record.")):
        end_agreement(by=get_person(request))
    return redirect("secretariat:agreement")


def _own(
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
        **_accepted(acceptance),
    }


def _rows(request: HttpRequest, edition: Agreement) -> list[dict[str, Any]]:
    """The register of acceptances: every organisation, and what it accepted when."""
    viewer, everyone = get_viewer(request), list(organisations())
    given = acceptances_of(edition, everyone)
    return [
        {"mark": display_mark_for(viewer, one), **_accepted(given.get(one.pk), edition)} for one in everyone
    ]


def _accepted(acceptance: Acceptance | None, edition: Agreement | None = None) -> dict[str, Any]:
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
# An organisation leaves the coalition, by its representative.


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
@reauthentication_required(allow_get=True)
def leave(request: HttpRequest, organisation: UUID) -> HttpResponse:
    """What leaving means, past texts, and the word to type. Who belongs nowhere else is signed out."""
    person = get_person(request)
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
            if has_access(person):
                return redirect("workspaces:dashboard")
            logout(request)
            return redirect("account_login")
    context = {"organisation": found, "mark": display_mark_for(get_viewer(request), found), "form": form}
    return form_page(request, "documents/publications/leave.html", context)
