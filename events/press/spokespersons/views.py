"""Views for a spokesperson's consent: on a page of their account, or by the link in the mail."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _, gettext_lazy, override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coalition.accounts.naming import PUBLIC, display_mark_for, display_name_for
from coalition.accounts.views.access import get_person, get_viewer
from coalition.applicants.views import private_response
from coalition.core.clock import now
from coalition.http.responses import flash_result
from coalition.workspaces.access import member_required
from coalition.workspaces.permissions import Access
from events.press.generic_views import PressDeskFormView, press_desk_action, press_desk_page
from events.press.spokespersons import actions, queries
from events.press.spokespersons.actions import agree_to_be_named, erase_spokesperson, withdraw_naming_consent
from events.press.spokespersons.forms import SpokespersonFilterForm, SpokespersonForm
from events.press.spokespersons.models import Spokesperson
from events.press.spokespersons.presenters import hours_in_words, spokesperson_rows


@member_required
@require_safe
def own_speaking_page(request: HttpRequest) -> HttpResponse:
    """List the organisations for which the user is a spokesperson, with the consent to each."""
    viewer = get_viewer(request)
    rows = [
        {"row": row, "mark": display_mark_for(viewer, row.organisation), "hours": hours_in_words(row)}
        for row in queries.own_speaking_profiles(request.user)
    ]
    return render(request, "events/spokespersons/mine.html", {"nav_current": "profile", "rows": rows})


@member_required
@require_POST
def answer_naming_request(request: HttpRequest, spokesperson: UUID) -> HttpResponse:
    """Give or withdraw consent, or decline to be a spokesperson."""
    row = get_object_or_404(queries.own_speaking_profiles(request.user), uuid=spokesperson)
    with flash_result(request):
        done = _apply_naming_answer(request, row)
        if done:
            messages.success(request, done)
    return redirect("events:speaking")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def spokesperson_link_page(request: HttpRequest, token: str) -> HttpResponse:
    """Do the same for a person without an account: GET displays, POST acts. Raises Http404."""
    row = queries.spokesperson_of_token(token)
    if row is None:
        raise Http404
    language = row.writes_in
    with override(language):
        organisation, done = display_name_for(PUBLIC, row.organisation), ""
        if request.method == "POST":
            done = _apply_naming_answer(request, row)
            row = queries.spokesperson_of_token(token)
        context = {"row": row, "organisation": organisation, "done": done}
        response = render(request, "events/spokespersons/link.html", context)
    return private_response(response, language=language)


def _apply_naming_answer(request: HttpRequest, row: Spokesperson) -> str:
    act = request.POST.get("act", "")
    if act == "agree":
        agree_to_be_named(spokesperson=row, with_phone="phone" in request.POST)
        return _("You may be named. You can take it back here at any time.")
    if act == "take_back":
        withdraw_naming_consent(spokesperson=row)
        return _("You are not named any more.")
    if act == "erase":
        erase_spokesperson(spokesperson=row)
        return _("What was kept of you is deleted.")
    return ""


TAB = "press_speakers"


@press_desk_page("events/spokespersons/list.html", TAB)
def speakers(request: HttpRequest, access: Access) -> dict[str, Any]:
    """List the spokespersons of all organisations here, as far as the reader may know them."""
    viewer, form, moment = get_viewer(request), SpokespersonFilterForm(request.GET), now()
    found = queries.spokespersons_for(access, viewer, **form.wanted)
    known = [row for row in found if queries.may_see_identity(access, viewer, row)]
    busy = queries.busy_times_by_spokesperson(access.user, known, moment, moment)
    rows = spokesperson_rows(found, access, viewer, busy)
    return {
        "form": form,
        "known": [row for row in rows if row["name"]],
        "others": [row for row in rows if not row["name"]],
    }


class SpokespersonFormView(PressDeskFormView):
    """Add a spokesperson of one's own organisation, or change the one that the URL names."""

    form_class = SpokespersonForm
    template_name = "events/spokespersons/edit.html"
    tab = TAB
    success_name = "events:press_speakers"

    def load(self) -> None:
        super().load()
        if "spokesperson" in self.kwargs:
            rows = queries.current_own_spokespersons(self.access)
            self.row = get_object_or_404(rows, uuid=self.kwargs["spokesperson"])

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"organisation": self.access.organisation}

    def get_initial(self) -> dict[str, Any]:
        return {} if self.row else {"writes_in": get_person(self.request).language}

    def save(self, form: SpokespersonForm) -> None:
        if self.row is None:
            actions.add_spokesperson(access=self.access, **form.cleaned_data)
            message = _("Added. A mail asks the person whether they may be named.")
        else:
            actions.change_spokesperson(access=self.access, spokesperson=self.row, **form.cleaned_data)
            message = _("Saved.")
        messages.success(self.request, message)


@press_desk_action(
    "events:press_speaker",
    success=gettext_lazy("A mail asks the person whether they may be named."),
    same_row=True,
)
def ask_spokesperson_again(request: HttpRequest, access: Access, spokesperson: UUID) -> None:
    """Mail the request for consent again."""
    row = get_object_or_404(queries.current_own_spokespersons(access), uuid=spokesperson)
    actions.ask_spokesperson_again(access=access, spokesperson=row)
