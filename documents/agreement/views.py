"""The agreement: read, accepted, named and overseen; leaving the coalition."""

from typing import Any
from uuid import UUID

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth import logout
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import get_language, gettext as _, gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coalition.accounts.models import MembershipRole, Organisation
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
from coalition.workspaces.access import member_required
from coalition.workspaces.generic_views import MemberFormView
from coalition.workspaces.views.people import workspace_secretariat_required
from documents.agreement import queries
from documents.agreement.actions import accept_agreement, end_agreement, leave_coalition, set_agreement
from documents.agreement.forms import AgreementForm, LeaveForm
from documents.agreement.models import Agreement
from documents.canonical.html import render_html
from documents.drafts.presenters import reading_tabs
from documents.publication.queries import names_of_organisation


@member_required
@require_safe
def agreement(request: HttpRequest) -> HttpResponse:
    """Show the agreement and, for each own organisation, its acceptance, the button, or who can accept."""
    edition = queries.current_agreement()
    if edition is None:
        raise Http404
    texts = queries.agreement_texts(edition)
    language = request.GET.get("language") or (get_language() or "")
    language = language if language in texts else next(iter(texts))
    memberships = list(queries.own_memberships(get_person(request)))
    acceptances = queries.acceptances_by_organisation(edition, [row.organisation for row in memberships])
    unaccepting = queries.unaccepting_memberships(get_person(request), required=False)
    owing, viewer = set(unaccepting.values_list("organisation_id", flat=True)), get_viewer(request)
    rows = []
    for row in memberships:
        owes = row.organisation_id in owing
        rows.append(
            {
                "organisation": row.organisation,
                "name": display_name_for(viewer, row.organisation),
                "owes": owes,
                "accepts": owes and row.role == MembershipRole.REPRESENTATIVE,
                "people": [one.person.name for one in representatives_of(row.organisation)] if owes else [],
                "acceptance": acceptances.get(row.organisation_id),
            }
        )
    context = {
        "agreement": edition,
        "tabs": reading_tabs(texts, language),
        "language": language,
        "text": texts[language],
        "shown": render_html(texts[language].document, heading_shift=1, with_title=True),
        "rows": rows,
    }
    return render(request, "documents/agreement/page.html", context)


@member_required
@require_POST
@reauthentication_required
def accept_edition(request: HttpRequest, agreement: UUID, organisation: UUID) -> HttpResponse:
    """Accept the displayed edition for one organisation."""
    edition = get_object_or_404(Agreement, uuid=agreement)
    membership = get_object_or_404(
        queries.own_memberships(get_person(request)), organisation__uuid=organisation
    )
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
    edition = queries.current_agreement()
    context: dict[str, Any] = {"form": form, "agreement": edition, "nav_current": "agreement"}
    if edition:
        viewer, everyone = get_viewer(request), list(organisations())
        acceptances = queries.acceptances_by_organisation(edition, everyone)
        context["rows"] = [
            {"mark": display_mark_for(viewer, one), "acceptance": acceptances.get(one.pk)} for one in everyone
        ]
        context["texts"] = texts = queries.agreement_texts(edition)
        context["title"] = texts.get(get_language() or "", next(iter(texts.values()))).title
    return form_page(request, "documents/agreement/register.html", context)


@workspace_secretariat_required
@require_POST
@reauthentication_required
def end_current_agreement(request: HttpRequest) -> HttpResponse:
    """End the coalition's agreement."""
    with flash_result(request, _("Ended. Nothing is asked at the door; acceptances stay on record.")):
        end_agreement(by=get_person(request))
    return redirect("secretariat:agreement")


@method_decorator(reauthentication_required, name="post")
class LeaveView(MemberFormView):
    """Explain leaving, list past texts, ask for the word. Signs out people without another organisation."""

    form_class = LeaveForm
    template_name = "documents/publication/leave.html"
    success_message = gettext_lazy("Your organisation has left the coalition. Its record stays.")
    organisation: Organisation

    def load(self) -> None:
        rows = organisations_represented_by(get_person(self.request))
        self.organisation = get_object_or_404(rows, uuid=self.kwargs["organisation"])

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"names": list(names_of_organisation(self.organisation))}

    def save(self, form: LeaveForm) -> None:
        drop = [form.texts[uuid] for uuid in form.cleaned_data.get("drop", [])]
        leave_coalition(organisation=self.organisation, person=get_person(self.request), drop=drop)

    def get_success_url(self) -> str:
        if has_access(get_person(self.request)):
            return reverse("workspaces:dashboard")
        logout(self.request)
        return reverse("account_login")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        mark = display_mark_for(get_viewer(self.request), self.organisation)
        return super().get_context_data(**kwargs) | {"organisation": self.organisation, "mark": mark}
