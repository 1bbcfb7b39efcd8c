"""Queries for safety plans."""

from events.core.models import Event
from events.production.safety.models import SafetyPerson, SafetyPlan


def safety_plan_of(event: Event) -> SafetyPlan | None:
    """Return the plan, for members who prepare the event; the photography rule in it is public."""
    return SafetyPlan.objects.filter(event=event).first()


def people_of(plan: SafetyPlan) -> dict[str, SafetyPerson]:
    """Return the responsible people by role: one query."""
    rows = SafetyPerson.objects.filter(plan=plan).select_related("organisation")
    return {row.role: row for row in rows}


def roles_named(event: Event) -> set[str]:
    """Return the roles with a person, without decrypting names. One query."""
    return set(SafetyPerson.objects.filter(plan__event=event).values_list("role", flat=True))
