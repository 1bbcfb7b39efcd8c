"""What one press does to a helpline: reviewed, checked, out of use, back in use, a draft discarded."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from coalition.accounts.views.access import get_person
from coalition.campaigns.helplines.actions.entries import discard_entry
from coalition.campaigns.helplines.actions.maintain import (
    bring_back_helpline,
    check_helpline,
    retire_helpline,
    undo_check,
)
from coalition.campaigns.helplines.actions.review import publish_entry, send_back_entry
from coalition.campaigns.helplines.actions.suspend import reinstate_helpline, suspend_helpline
from coalition.campaigns.helplines.forms import NoteForm, ReviewForm, SuspensionForm
from coalition.campaigns.helplines.views.desk import helpline_context, state_or_404
from coalition.core.errors import Refused
from coalition.http.responses import flash_result
from coalition.workspaces.access import member_required


@member_required
@require_POST
def publish(request: HttpRequest, helpline: UUID) -> HttpResponse:
    """Publish what is proposed."""
    state = state_or_404(request, helpline)
    if state.in_work is None:
        raise Http404
    form = ReviewForm(request.POST)
    if not form.is_valid():
        context = helpline_context(request, state, review_form=form)
        return render(request, "campaigns/helplines/helpline.html", context, status=422)
    with flash_result(request, _("Published: this is what the public sees from now on.")):
        publish_entry(person=get_person(request), entry=state.in_work, seen=request.POST.get("seen", ""))
    return redirect("campaigns:helpline", helpline)


@member_required
@require_POST
def send_back(request: HttpRequest, helpline: UUID) -> HttpResponse:
    """Send what is proposed back with a note."""
    state = state_or_404(request, helpline)
    if state.in_work is None:
        raise Http404
    form = NoteForm(request.POST)
    if form.is_valid():
        try:
            send_back_entry(
                person=get_person(request),
                entry=state.in_work,
                seen=request.POST.get("seen", ""),
                note=form.cleaned_data["note"],
            )
        except Refused as refusal:
            form.add_error("note", refusal.message)
        else:
            messages.success(request, _("Sent back with your note."))
            return redirect("campaigns:helpline", helpline)
    context = helpline_context(request, state, note_form=form)
    return render(request, "campaigns/helplines/helpline.html", context, status=422)


@member_required
@require_POST
def discard(request: HttpRequest, helpline: UUID) -> HttpResponse:
    """Discard the draft; a line that was never published goes with it."""
    state = state_or_404(request, helpline)
    try:
        is_gone = discard_entry(
            person=get_person(request), helpline=state.helpline, seen=request.POST.get("seen", "")
        )
    except Refused as refusal:
        messages.error(request, refusal.message)
        is_gone = False
    else:
        messages.success(request, _("The draft is discarded."))
    return redirect("campaigns:helplines") if is_gone else redirect("campaigns:helpline", helpline)


@member_required
@require_POST
def check(request: HttpRequest, helpline: UUID) -> HttpResponse:
    """“I called: everything as written”; with `undo` in the form today's check is taken back."""
    state, person = state_or_404(request, helpline), get_person(request)
    if "undo" in request.POST:
        with flash_result(request, _("Today’s check is undone.")):
            undo_check(person=person, helpline=state.helpline)
        return redirect("campaigns:helpline", helpline)
    with flash_result(request, _("Checked today. Thank you: people rely on this.")):
        check_helpline(person=person, helpline=state.helpline, seen=_uuid(request.POST.get("entry", "")))
    return redirect("campaigns:helpline", helpline)


@member_required
@require_POST
def suspend(request: HttpRequest, helpline: UUID) -> HttpResponse:
    """Hide a line from the public at once, with a reason."""
    state = state_or_404(request, helpline)
    form = SuspensionForm(request.POST)
    if form.is_valid():
        try:
            suspend_helpline(
                person=get_person(request), helpline=state.helpline, reason=form.cleaned_data["reason"]
            )
        except Refused as refusal:
            form.add_error("reason", refusal.message)
        else:
            messages.success(request, _("Hidden: the public sees the line no more."))
            return redirect("campaigns:helpline", helpline)
    context = helpline_context(request, state, suspension_form=form)
    return render(request, "campaigns/helplines/helpline.html", context, status=422)


@member_required
@require_POST
def reinstate(request: HttpRequest, helpline: UUID) -> HttpResponse:
    """Show a hidden line again."""
    state, seen = state_or_404(request, helpline), _uuid(request.POST.get("entry", ""))
    with flash_result(request, _("The public sees the line again.")):
        reinstate_helpline(person=get_person(request), helpline=state.helpline, seen=seen)
    return redirect("campaigns:helpline", helpline)


@member_required
@require_POST
def retire(request: HttpRequest, helpline: UUID) -> HttpResponse:
    """Take a line out of use; with `undo` in the form it comes back."""
    state, person = state_or_404(request, helpline), get_person(request)
    if "undo" in request.POST:
        with flash_result(request, _("The line is in use again.")):
            bring_back_helpline(person=person, helpline=state.helpline)
    else:
        with flash_result(request, _("The line is out of use: the public sees it no more.")):
            retire_helpline(person=person, helpline=state.helpline)
    return redirect("campaigns:helpline", helpline)


def _uuid(words: str) -> UUID:
    """Raises Http404 for what is no UUID."""
    try:
        return UUID(words)
    except ValueError:
        raise Http404 from None
