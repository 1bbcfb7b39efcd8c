"""Safety plans of events."""

from events.core.models import Event
from events.production.safety.models import SafetyPerson, SafetyPlan


def safety_plan_of(event: Event) -> SafetyPlan | None:
    """The plan, for those who prepare the event; of it everyone is told the rule for photographs."""
    return SafetyPlan.objects.filter(event=event).first()


def people_of(plan: SafetyPlan) -> dict[str, SafetyPerson]:
    """Who answers for what, by role: one query."""
    rows = SafetyPerson.objects.filter(plan=plan).select_related("organisation")
    return {row.role: row for row in rows}


def roles_named(event: Event) -> set[str]:
    """For what somebody is named; names stay sealed. One query."""
    return set(SafetyPerson.objects.filter(plan__event=event).values_list("role", flat=True))
