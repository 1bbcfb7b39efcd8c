"""Taking a text out as a file: asking for it, waiting for a long one, taking it."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from coalition.workspaces import access as door
from coalition.workspaces.rules import Access
from documents.drafts.access import reading, to_text
from documents.drafts.enums import Handling
from documents.drafts.permissions import may_export, require_that
from documents.files.views import send_made
from documents.interchange.actions.export import export_text, token_of
from documents.interchange.actions.make_file import make_file
from documents.interchange.formats import Format, View
from documents.interchange.models import ExportedFile
from documents.interchange.queries.files import exported_by


@door.members_only
@require_POST
def export(request: HttpRequest, draft: UUID, language: str) -> HttpResponse:
    """Ask for a file: `format` and `view`. A long one is made beside the page, others are taken at once."""
    access, text = to_text(request, draft, language)
    form, view = request.POST.get("format", ""), request.POST.get("view", "")
    if form not in Format.values or view not in View.values:
        messages.error(request, _("Choose what the file should be."))
        return redirect(text)
    made = export_text(access=access, text=text, format=Format(form), view=View(view))
    return redirect(made) if made.is_long else redirect("documents:exported_file", made.uuid)


@door.members_only
@require_safe
def exported(request: HttpRequest, exported: UUID) -> HttpResponse:
    """A long file: whether it is there yet. htmx asks for that alone."""
    access, made = _to_made(request, exported)
    context = {
        "access": access,
        "workspace": access.workspace,
        "draft": made.text.draft,
        "text": made.text,
        "made": made,
        "format": Format(made.format),
        "handling": Handling(made.text.draft.handling),
    }
    part = request.headers.get("HX-Target") == "exported"
    template = "_exported.html" if part else "exported.html"
    return render(request, f"documents/exchange/{template}", context)


@door.members_only
@require_safe
def exported_file(request: HttpRequest, exported: UUID) -> HttpResponseBase:
    """The file itself, for who asked for it, for a day."""
    _access, made = _to_made(request, exported)
    if made.handling != made.text.draft.handling:
        messages.error(
            request, _("The draft has another mark now. Take it out again, so that the file has it.")
        )
        return redirect(made.text)
    if made.is_long:
        if not made.file:
            return redirect(made)
        with made.file.open("rb") as kept:
            content: bytes | None = kept.read()
    else:
        content = make_file(made, token_of(made))
    if content is None:
        messages.error(
            request, _("The file could not be made. Try another kind, or tell who runs this site.")
        )
        return redirect(made.text)
    return send_made(made, content)


def _to_made(request: HttpRequest, uuid: UUID) -> tuple[Access, ExportedFile]:
    made = get_object_or_404(exported_by(request.user), uuid=uuid)
    access = reading(request, made.text.draft.workspace.uuid)
    require_that(may_export(access, made.text.draft))
    return access, made
