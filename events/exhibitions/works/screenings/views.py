"""The film of a screening."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from coalition.core.errors import Refused
from coalition.http.responses import form_page
from coalition.workspaces.access import member_required
from documents.drafts.permissions import require_that
from events.core.enums import EventKind
from events.core.pages import event_context
from events.core.permissions import may_change, to_own_event
from events.exhibitions.works.forms import FilmForm, initial_film
from events.exhibitions.works.queries import screening_of
from events.exhibitions.works.screenings.actions import set_film


@member_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def film(request: HttpRequest, event: UUID) -> HttpResponse:
    """Which film is shown and by what right."""
    access, found = to_own_event(request, event)
    require_that(may_change(access, found), _("Editors and coordinators prepare the screening."))
    if found.kind != EventKind.SCREENING:
        raise Http404
    sent = request.POST if request.method == "POST" else None
    form = FilmForm(sent, initial=initial_film(screening_of(found)))
    if form.is_bound and form.is_valid():
        try:
            set_film(access=access, event=found, film=form.film)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Saved."))
            return redirect(found)
    return form_page(request, "events/works/film.html", event_context(access, found) | {"form": form})
