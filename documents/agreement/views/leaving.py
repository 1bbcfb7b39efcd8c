"""An organisation leaves the coalition, by its representative."""

from uuid import UUID

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth import logout
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from coalition.accounts.naming import display_mark_for
from coalition.accounts.queries import may_enter, organisations_represented_by
from coalition.core.errors import Refused
from coalition.http.responses import form_page
from coalition.workspaces import access
from documents.agreement.actions.leave import leave_coalition
from documents.agreement.forms.leaving import LeaveForm
from documents.publication.queries.publications import texts_under_the_name_of


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
