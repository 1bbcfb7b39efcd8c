"""One press makes the media advisory of an event as a draft."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from coalition.core.errors import Refused
from coalition.workspaces.access import member_required
from events.core.permissions import to_own_event
from events.press.advisory.actions import make_advisory


@member_required
@require_POST
def advisory(request: HttpRequest, event: UUID) -> HttpResponse:
    """Make it and open it."""
    access, found = to_own_event(request, event)
    try:
        draft = make_advisory(access=access, event=found)
    except Refused as refusal:
        messages.error(request, refusal.message)
        return redirect(found)
    messages.success(request, _("The advisory is a draft in three languages. Read it before others do."))
    return redirect("documents:draft", draft.uuid)
