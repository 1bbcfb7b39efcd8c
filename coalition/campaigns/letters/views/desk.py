"""Letter actions at the desk: prepared, changed, opened, closed, with what was declared."""

from typing import Any
from uuid import UUID

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _, gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from coalition.campaigns.core.days import site_today
from coalition.campaigns.core.generic_views import PrepareFromTextView
from coalition.campaigns.letters.actions.manage import (
    change_letter_action,
    close_letter_action,
    create_letter_action,
    open_letter_action,
)
from coalition.campaigns.letters.desk_presenters import (
    action_rows,
    day_rows,
    language_rows,
    target_rows,
    way_rows,
)
from coalition.campaigns.letters.forms import LetterActionForm
from coalition.campaigns.letters.models import LetterAction, LetterStage
from coalition.campaigns.letters.permissions import may_lead_letters, may_see_letters, require_that
from coalition.campaigns.letters.queries import (
    bodies_to_choose,
    closed_reason,
    declared_letters,
    letter_actions_for,
    targets_at_desk,
)
from coalition.campaigns.letters.refusals import CLOSED_WORDS
from coalition.campaigns.letters.texts import is_as_published
from coalition.core.errors import Refused
from coalition.http.responses import flash_result, form_page
from coalition.mail.outbox import absolute_url
from coalition.workspaces.access import get_access, member_required
from coalition.workspaces.notifications.notify import mark_subjects_read
from coalition.workspaces.permissions import Access


@member_required
@require_safe
def actions(request: HttpRequest, workspace: UUID) -> HttpResponse:
    """The letter actions of a workspace."""
    access = get_access(request, workspace)
    require_that(may_see_letters(access), _("Letters are for those who see drafts here."))
    context = {
        "access": access,
        "workspace": access.workspace,
        "tab": "campaign",
        "rows": action_rows(letter_actions_for(access.user, access.workspace)),
        "may_lead": may_lead_letters(access),
    }
    return render(request, "campaigns/letters/desk/list.html", context)


class NewLetterAction(PrepareFromTextView):
    form_class = LetterActionForm
    template_name = "campaigns/letters/desk/new.html"
    success_message = gettext_lazy("The letters are prepared. Nobody sees them until you open them.")

    def load(self) -> None:
        self.access = get_access(self.request, self.kwargs["workspace"])
        require_that(may_lead_letters(self.access), _("Coordinators prepare letters."))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        has_bodies = bodies_to_choose(self.access.workspace).exists()
        return super().get_context_data(has_bodies=has_bodies, **kwargs)

    def save(self, form: LetterActionForm) -> HttpResponse:
        made = create_letter_action(access=self.access, plan=form.plan)
        return redirect("campaigns:letter_action", made.uuid)


@member_required
@require_safe
def action(request: HttpRequest, action: UUID) -> HttpResponse:
    """One letter action: what was declared, and what to do next."""
    access, found = _action_of(request, action)
    mark_subjects_read(request, found.uuid)
    declared = declared_letters(found)
    reason = closed_reason(found, site_today()) if found.opened_at is not None else ""
    context = _context(
        access,
        found,
        declared=declared,
        ways=way_rows(declared),
        languages=language_rows(declared),
        days=day_rows(declared),
        targets=target_rows(targets_at_desk(found, declared), declared),
        paused=CLOSED_WORDS[reason] if reason not in {"", "over"} else "",
        differs=not is_as_published(found),
        bodies=[str(body.name) for body in found.bodies.all()],
        facts=found.facts.count(),
        service_is_old=found.service_is_old_on(site_today()),
    )
    return render(request, "campaigns/letters/desk/action.html", context)


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: HttpRequest, action: UUID) -> HttpResponse:
    """Change text, recipients, last day and the state's service."""
    access, found = _action_of(request, action)
    require_that(may_lead_letters(access), _("Coordinators change letters."))
    form = LetterActionForm(request.POST or None, access=access, action=found)
    if request.method == "POST" and form.is_valid():
        try:
            change_letter_action(access=access, action=found, plan=form.plan)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Saved."))
            return redirect("campaigns:letter_action", found.uuid)
    return form_page(request, "campaigns/letters/desk/settings.html", _context(access, found, form=form))


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
@reauthentication_required(allow_get=True)
def open_to_public(request: HttpRequest, action: UUID) -> HttpResponse:
    """Show once more what becomes public, then open it."""
    access, found = _action_of(request, action)
    require_that(may_lead_letters(access), _("Coordinators open letters."))
    if request.method == "POST":
        with flash_result(request, _("It is open: everybody can write now.")):
            open_letter_action(access=access, action=found)
            return redirect("campaigns:letter_action", found.uuid)
    context = _context(access, found, again=found.opened_at is not None)
    return render(request, "campaigns/letters/desk/open.html", context)


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def close(request: HttpRequest, action: UUID) -> HttpResponse:
    """Ask nobody to write any more."""
    access, found = _action_of(request, action)
    if request.method == "POST":
        with flash_result(request, _("Closed. What was declared stays, and it can be opened again.")):
            close_letter_action(access=access, action=found)
    return redirect("campaigns:letter_action", found.uuid)


def _action_of(request: HttpRequest, action: UUID) -> tuple[Access, LetterAction]:
    """Return the person's access to the workspace, and the action. Raises Http404 for who does not see it."""
    found = get_object_or_404(letter_actions_for(request.user), uuid=action)
    access = get_access(request, found.workspace.uuid)
    require_that(may_see_letters(access))
    return access, found


def _context(access: Access, found: LetterAction, **more: Any) -> dict[str, Any]:
    """Return what all pages of one action need, with `more`."""
    stage = found.stage_on(site_today())
    path = reverse("write_letter", args=[found.slug])
    return {
        "access": access,
        "workspace": access.workspace,
        "action": found,
        "title": found.publication.title,
        "stage": stage,
        "is_open": stage == LetterStage.OPEN,
        "public_path": path if found.opened_at is not None else "",
        "public_url": absolute_url(path),
        "may_lead": may_lead_letters(access),
        **more,
    }
