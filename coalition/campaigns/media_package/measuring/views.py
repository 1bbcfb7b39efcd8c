"""Copies of files, asked for at the desk."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from coalition.campaigns.media_package.enums import Format
from coalition.campaigns.media_package.measuring.copies import make_copies
from coalition.campaigns.media_package.queries import rendition_of
from coalition.core.errors import Refused
from coalition.workspaces.access import get_access, member_required


@member_required
@require_POST
def copies(request: HttpRequest, rendition: UUID) -> HttpResponse:
    """Make copies of a master: those named by `format` in the form, 1080i50 if none is."""
    found = rendition_of(request.user, rendition)
    if found is None:
        raise Http404
    access = get_access(request, found.item.package.workspace.uuid)
    codes = request.POST.getlist("format") or [Format.INTERLACED]
    try:
        formats = [Format(code) for code in codes if code in Format.values]
        made = make_copies(access=access, rendition=found, formats=formats)
    except Refused as refusal:
        messages.error(request, refusal.message)
    else:
        if made:
            messages.success(request, _("The copy is being made. It appears here in some minutes."))
        else:
            messages.info(request, _("This copy is here already."))
    return redirect("campaigns:media_item", found.item.uuid)
