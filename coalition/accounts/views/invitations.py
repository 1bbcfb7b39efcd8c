"""Sending invitations, sending them again and taking them back: representatives and the secretariat."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from coalition.accounts.domain.invite import invite, resend, revoke
from coalition.accounts.forms import InvitationForm
from coalition.accounts.models import Invitation, Organisation
from coalition.accounts.naming import display_mark_for
from coalition.accounts.queries import invitation_for
from coalition.accounts.rules import NotAllowed, is_secretariat, may_invite, represents
from coalition.accounts.views.door import own_people_only, person_of, viewer_of
from coalition.core.errors import Refused
from coalition.core.typed_field import own_field
from coalition.http.responses import form_page


@own_people_only
def invite_member(request: HttpRequest, row: Organisation) -> HttpResponse:
    """A representative invites into the own organisation."""
    if not represents(person_of(request), row):
        raise NotAllowed
    return invite_into(request, row, back=reverse("partners:organisation", args=[row.uuid]))


def invite_into(
    request: HttpRequest, row: Organisation, *, back: str, roles: list[tuple[str, str]] | None = None
) -> HttpResponse:
    """The form, and what was typed kept if it is refused."""
    by = person_of(request)
    form = InvitationForm(request.POST or None, initial={"language": by.language})
    if roles:
        own_field(form.fields, "role", forms.ChoiceField).choices = roles
    if request.method == "POST" and form.is_valid():
        try:
            invite(by=by, organisation=row, **form.cleaned_data)
        except Refused as refused:
            form.add_error("email", str(refused))
        else:
            messages.success(request, _("The invitation is on its way."))
            return HttpResponseRedirect(back)
    mark = display_mark_for(viewer_of(request), row)
    return form_page(request, "partners/invite.html", {"form": form, "mark": mark, "back": back})


@login_required
@require_POST
def invitation_resend(request: HttpRequest, invitation: UUID) -> HttpResponse:
    return _act(request, invitation, resend, _("The invitation is on its way again. The old link has ended."))


@login_required
@require_POST
def invitation_revoke(request: HttpRequest, invitation: UUID) -> HttpResponse:
    return _act(request, invitation, revoke, _("The invitation is taken back."))


def _act(request: HttpRequest, uuid: UUID, act: Callable[..., Any], done: str) -> HttpResponse:
    by = person_of(request)
    found: Invitation | None = invitation_for(uuid)
    if found is None or not may_invite(by, found.organisation, found.role):
        raise Http404
    try:
        act(by=by, invitation=found)
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, done)
    if represents(by, found.organisation):
        return redirect("partners:organisation", found.organisation.uuid)
    return redirect("secretariat:invitations" if is_secretariat(by) else "partners:profile")
