"""Safety plan views."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _, gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from coalition.accounts.naming import Viewer, display_name_for
from coalition.accounts.views.access import get_viewer
from coalition.roles import Right
from coalition.workspaces.access import member_required
from coalition.workspaces.permissions import Access
from events.core.enums import EventKind
from events.core.generic_views import EventFormView, event_loader
from events.core.models import Event
from events.core.permissions import may_change, may_prepare
from events.core.public_pages import Area, event_context
from events.production.forms import SafetyForm
from events.production.models import (
    SafetyPerson,
    SafetyPlan,
    SafetyRole,
    people_of,
    roles_named,
    safety_plan_of,
)
from events.production.safety.actions import DAYS_KEPT, ONLY_EDITORS, write_safety_plan


def safety_lines(people: dict[str, SafetyPerson], viewer: Viewer) -> list[dict[str, str]]:
    """Return label, name, phone and organisation of each role, without a name if it has no person."""
    lines = []
    for role in SafetyRole:
        line, person = {"label": str(role.label)}, people.get(role.value)
        if person is not None:
            host = display_name_for(viewer, person.organisation) if person.organisation is not None else ""
            line |= {"name": person.name, "phone": person.phone, "organisation": host}
        lines.append(line)
    return lines


def seats_in_words(plan: SafetyPlan) -> str:
    """Return number and location of seats without photography; "" if undecided."""
    if plan.no_photo_seats is None:
        return ""
    if plan.no_photo_seats == 0:
        return _("No such seats are needed")
    count = plan.no_photo_seats
    words = ngettext("%(count)d seat", "%(count)d seats", count) % {"count": count}
    return f"{words}: {plan.no_photo_where}" if plan.no_photo_where else words


def safety_area(event: Event, access: Access) -> Area | None:
    """Return the line on the event's page, for members who prepare it."""
    if not access.may(Right.SEE_DRAFTS) or event.kind == EventKind.DEADLINE:
        return None
    named = len(roles_named(event))
    words = _("%(named)d of %(all)d named") % {"named": named, "all": len(SafetyRole)}
    return Area(_("Safety plan"), words, reverse("events:safety", args=[event.uuid]), "people")


def missing_in_safety_plan(event: Event, *, open_lines: frozenset[str]) -> tuple[tuple[str, ...], bool, bool]:
    """Return the plan's gaps: labels of roles without a person, missing photography rule, undecided seats.
    Required for a press conference; for other events if a plan or checklist task for it exists."""
    plan = safety_plan_of(event)
    needed = event.kind == EventKind.PRESS_CONFERENCE or plan is not None
    if not needed and not {"safety", "photo-rule"} & open_lines:
        return (), False, False
    named = roles_named(event) if plan is not None else set()
    nobody = tuple(str(role.label) for role in SafetyRole if role.value not in named)
    no_rule = plan is None or not plan.photo_rule
    return nobody, no_rule, plan is None or plan.no_photo_seats is None


def photo_notice_for(plan: SafetyPlan | None) -> dict[str, Any] | None:
    """Return the photography rule and the words on it, for everyone who comes; None if it is not set."""
    if plan is None or not plan.photo_rule:
        return None
    return {"rule": plan.get_photo_rule_display(), "words": plan.photo_words}


def photographs_in_public(event: Event, _language: str) -> dict[str, Any] | None:
    """The rule on the event's public page."""
    return photo_notice_for(safety_plan_of(event))


ONLY_READERS = gettext_lazy("People who prepare the event read its safety plan.")


@member_required
@never_cache
@require_safe
def safety(request: HttpRequest, event: UUID) -> HttpResponse:
    """Display responsible people with phone links, laid out for a phone."""
    access, found = event_loader(may_prepare, ONLY_READERS)(request, event)
    plan = safety_plan_of(found)
    context = event_context(access, found) | {
        "plan": plan,
        "lines": safety_lines(people_of(plan) if plan is not None else {}, get_viewer(request)),
        "photographs": photo_notice_for(plan),
        "seats": seats_in_words(plan) if plan is not None else "",
        "days_kept": DAYS_KEPT,
        "may_change": may_change(access, found) and not found.cancelled_at,
    }
    return render(request, "events/safety/plan.html", context)


class SafetyFormView(EventFormView):
    """Change the plan."""

    form_class = SafetyForm
    template_name = "events/safety/change.html"
    refusal = ONLY_EDITORS
    success_name = "events:safety"
    success_message = gettext_lazy("The safety plan is saved.")

    def get_instance(self) -> SafetyPlan | None:
        return safety_plan_of(self.event)

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"event": self.event, "viewer": get_viewer(self.request)}

    def save(self, form: SafetyForm) -> None:
        write_safety_plan(access=self.access, event=self.event, **form.plan)
