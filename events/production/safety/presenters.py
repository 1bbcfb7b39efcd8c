"""The safety plan in words: who answers for what, what is told of photographs."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from coalition.accounts.enums import Language
from coalition.accounts.naming import Viewer, display_name_for
from coalition.roles import Right
from coalition.workspaces.permissions import Access
from events.core.area import Area
from events.core.enums import EventKind
from events.core.models import Event
from events.production.safety.enums import PhotoRule, SafetyRole
from events.production.safety.models import SafetyPerson, SafetyPlan
from events.production.safety.queries import roles_named, safety_plan_of


@dataclass(frozen=True)
class Line:
    """One thing and who answers for it; without a name nobody does."""

    label: str
    name: str = ""
    phone: str = ""
    organisation: str = ""


@dataclass(frozen=True)
class Photographs:
    """What everyone who comes is told: the rule, and more words in `language`."""

    rule: str
    words: str
    language: str


def lines_of(people: dict[str, SafetyPerson], viewer: Viewer) -> list[Line]:
    """One line for each thing, those without anybody too."""
    return [_line(role, people.get(role.value), viewer) for role in SafetyRole]


def _line(role: SafetyRole, person: SafetyPerson | None, viewer: Viewer) -> Line:
    if person is None:
        return Line(str(role.label))
    host = display_name_for(viewer, person.organisation) if person.organisation is not None else ""
    return Line(str(role.label), person.name, person.phone, host)


def photographs_of(plan: SafetyPlan | None) -> Photographs | None:
    """The rule in the reader's language; None while there is none."""
    if plan is None or not plan.photo_rule:
        return None
    language = get_language() or ""
    shown = next((code for code in (language, *Language.values) if plan.photo_words.get(code)), "")
    return Photographs(str(PhotoRule(plan.photo_rule).label), plan.photo_words.get(shown, ""), shown)


def seats_in_words(plan: SafetyPlan) -> str:
    """How many seats are without photographs, and where; "" while nothing is decided."""
    if plan.no_photo_seats is None:
        return ""
    if plan.no_photo_seats == 0:
        return _("No such seats are needed")
    count = plan.no_photo_seats
    words = ngettext("%(count)d seat", "%(count)d seats", count) % {"count": count}
    return f"{words}: {plan.no_photo_where}" if plan.no_photo_where else words


def safety_area(event: Event, access: Access) -> Area | None:
    """The line on the event's page, for those who prepare it."""
    if not access.may(Right.SEE_DRAFTS) or event.kind == EventKind.DEADLINE:
        return None
    named = len(roles_named(event))
    words = _("%(named)d of %(all)d named") % {"named": named, "all": len(SafetyRole)}
    return Area(_("Safety plan"), words, reverse("events:safety", args=[event.uuid]), "people")


def missing_of(event: Event, *, open_lines: frozenset[str]) -> tuple[tuple[str, ...], bool, bool]:
    """What the plan lacks: things without a person by their labels, the rule for photographs, a word on
    seats. A press conference needs a plan, another event if somebody began one or its checklist says so."""
    plan = safety_plan_of(event)
    needed = event.kind == EventKind.PRESS_CONFERENCE or plan is not None
    if not needed and not {"safety", "photo-rule"} & open_lines:
        return (), False, False
    named = roles_named(event) if plan is not None else set()
    nobody = tuple(str(role.label) for role in SafetyRole if role.value not in named)
    no_rule = plan is None or not plan.photo_rule
    return nobody, no_rule, plan is None or plan.no_photo_seats is None
