"""The logo of my organisation: sent, looked at, taken back; and its bytes, for whoever may see them."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from coalition.accounts.enums import Listing
from coalition.accounts.naming import display_mark_for
from coalition.core.errors import Refused
from coalition.http.responses import form_page
from coalition.workspaces import access
from documents.files.views import send_logo
from documents.open_letters.forms import LogoForm
from documents.publication.actions.logo import permit_logo, take_logo_back
from documents.publication.queries.logos import logo_of
from documents.publication.views.names import represented


@access.members_only
@require_http_methods(["GET", "HEAD", "POST"])
def logo(request: HttpRequest, organisation: UUID) -> HttpResponse:
    """The GET shows what is permitted, the POST sends another logo or takes it back."""
    found, person = represented(request, organisation), access.person(request)
    if request.POST.get("act") == "back":
        take_logo_back(person=person, organisation=found)
        messages.success(request, _("Taken back. The logo is deleted and shown nowhere any more."))
        return redirect("documents:logo", found.uuid)
    form = LogoForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            permit_logo(person=person, organisation=found, content=file, size=file.size, name=file.name)
        except Refused as refusal:
            form.add_error("file", refusal.message)
        else:
            messages.success(request, _("Your logo stands on the page of your organisation."))
            return redirect("documents:logo", found.uuid)
    context = {
        "organisation": found,
        "mark": display_mark_for(access.viewer(request), found),
        "logo": logo_of(found),
        "is_named": found.listing == Listing.PUBLIC,
        "form": form,
    }
    return form_page(request, "documents/publications/logo.html", context)


@access.members_only
@never_cache
@require_safe
def image(request: HttpRequest, organisation: UUID) -> HttpResponse:
    """The logo as its representatives look at it."""
    row = logo_of(represented(request, organisation))
    if row is None:
        raise Http404
    return send_logo(request, row)
