"""Logos of organisations that joined an open letter: in public, by the link of who joined, on the desk."""

from uuid import UUID

from allauth.account.decorators import reauthentication_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coalition.core.errors import Refused
from coalition.core.throttling import too_often
from coalition.core.tokens import hash_token
from coalition.http.responses import telling
from coalition.workspaces import access as door
from documents.files.views import send_logo
from documents.open_letters.actions.letter import admit_logo, refuse_logo
from documents.open_letters.actions.logos import put_logo, take_logo_away
from documents.open_letters.forms import LogoForm
from documents.open_letters.queries import joined, joining_of_token, letter_at, logo_of_joining
from documents.open_letters.views.desk import to_joining
from documents.open_letters.views.public import answer_link, private


@require_safe
def public(request: HttpRequest, slug: str, logo: UUID) -> HttpResponse:
    """A logo that the letter shows at this moment; every other one is like one that never was."""
    found = letter_at(slug)
    shown = joined(*found).named if found else []
    row = next((one.logo for one in shown if one.logo is not None and one.logo.uuid == logo), None)
    if row is None:
        raise Http404
    response = send_logo(request, row)
    response["Cache-Control"] = "public, max-age=0, must-revalidate"
    return response


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def by_link(request: HttpRequest, token: str) -> HttpResponse:
    """The GET shows the logo that was sent, the POST sends another one or takes it away."""
    found = joining_of_token(hash_token(token))
    if request.method != "POST":
        row = logo_of_joining(found) if found is not None else None
        if row is None:
            raise Http404
        return private(send_logo(request, row))
    if found is not None and too_often(request, "logo"):
        return answer_link(request, token, step="too_often", status=429)
    form = LogoForm(request.POST, request.FILES)
    try:
        if request.POST.get("act") == "away":
            take_logo_away(token=token)
        elif form.is_valid():
            file = form.cleaned_data["file"]
            put_logo(token=token, content=file, size=file.size, name=file.name)
    except Refused as refusal:
        form.add_error("file", refusal.message)
    if form.is_bound and form.errors and request.POST.get("act") != "away":
        return answer_link(request, token, logo_form=form, status=422)
    return redirect("letter_link", token)


@door.members_only
@require_safe
def desk(request: HttpRequest, publication: UUID, joining: UUID) -> HttpResponse:
    """The logo as a coordinator looks at it."""
    _access, _found, row = to_joining(request, publication, joining)
    logo = logo_of_joining(row)
    if logo is None:
        raise Http404
    return send_logo(request, logo)


@door.members_only
@require_POST
def admit_one(request: HttpRequest, publication: UUID, joining: UUID, logo: UUID) -> HttpResponse:
    """Let a logo appear beside the name."""
    access, found, row = to_joining(request, publication, joining)
    with telling(request):
        admit_logo(access=access, joining=row, logo=logo)
    return redirect("documents:letter", found.uuid)


@door.members_only
@require_POST
@reauthentication_required
def refuse_one(request: HttpRequest, publication: UUID, joining: UUID, logo: UUID) -> HttpResponse:
    """Delete a logo; the name stays."""
    access, found, row = to_joining(request, publication, joining)
    with telling(request, _("The logo is deleted; the name stays.")):
        refuse_logo(access=access, joining=row, logo=logo)
    return redirect("documents:letter", found.uuid)
