"""Write an event's safety plan, and restrict its address to confirmed guests."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.core.retention import delete_in_batches, empty_in_batches
from coalition.workspaces.permissions import Access
from coalition.workspaces.queries import participants
from events.core import audit as core_audit
from events.core.models import Event
from events.core.permissions import event_to_change
from events.core.queries import is_over_since
from events.production.models import SafetyPerson, SafetyPlan

DAYS_KEPT = 30  # after the event
ONLY_EDITORS = _("Editors and coordinators write the safety plan.")


def write_safety_plan(
    *,
    access: Access,
    event: Event,
    people: Mapping[str, Mapping[str, Any]] | None = None,
    address_for_confirmed: bool = False,
    **fields: Any,
) -> SafetyPlan:
    """Save the whole plan. If the address becomes restricted to confirmed guests, or public again, all public
    pages and calendars are updated in this transaction; what was sent before cannot be recalled.

    `people`: name, phone and organisation by role; the other roles have no person. `fields`: those of the
    plan. Raises NotAllowed without the right to change the event; Refused if it is cancelled, or for an
    organisation that does not take part.
    """
    named = {role: person for role, person in (people or {}).items() if person["name"]}
    with event_to_change(access, event, ONLY_EDITORS) as locked:
        hosts = {one["organisation"].pk for one in named.values() if one.get("organisation") is not None}
        if participants(locked.workspace).filter(pk__in=hosts).count() < len(hosts):
            raise Refused(_("Only organisations that take part here can answer for it."))
        plan, _made = SafetyPlan.objects.update_or_create(
            event=locked, defaults={**fields, "changed_at": now()}
        )
        plan.people.exclude(role__in=named).delete()
        for role, person in named.items():
            SafetyPerson.objects.update_or_create(plan=plan, role=role, defaults=person)
        core_audit.record_event_action(locked, access, "event.safety_written", roles=sorted(named))
        if locked.address_for_confirmed != address_for_confirmed:
            locked.address_for_confirmed = address_for_confirmed
            word = "event.address_held" if address_for_confirmed else "event.address_told"
            core_audit.save_event_change(locked, access, word)
    return plan


def forget_safety_people() -> int:
    """Delete responsible people and notes a set time after the event. Return the number of rows."""
    people = is_over_since(DAYS_KEPT, "plan__event__", "plan__changed_at", standing=True)
    plans = is_over_since(DAYS_KEPT, "event__", "changed_at", standing=True)
    return delete_in_batches(SafetyPerson.objects.filter(people)) + empty_in_batches(
        SafetyPlan.objects.filter(plans).exclude(note=""), note=""
    )
