"""Safety plan presenters: responsible people, photography rule."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from coalition.accounts.enums import Language
from coalition.accounts.naming import Viewer, display_name_for
from coalition.roles import Right
from coalition.workspaces.permissions import Access
from events.core.enums import EventKind
from events.core.models import Event
from events.core.pages import Area
from events.production.safety.enums import PhotoRule, SafetyRole
from events.production.safety.models import SafetyPerson, SafetyPlan
from events.production.safety.queries import roles_named, safety_plan_of


@dataclass(frozen=True)
class SafetyLine:
    """Role and its person; `name` is "" without one."""

    label: str
    name: str = ""
    phone: str = ""
    organisation: str = ""


@dataclass(frozen=True)
class PhotoNotice:
    """Photography rule for everyone who comes, and an additional text in `language`."""

    rule: str
    words: str
    language: str


def safety_lines(people: dict[str, SafetyPerson], viewer: Viewer) -> list[SafetyLine]:
    """Return one line per role, including those without a person."""
    return [_safety_line(role, people.get(role.value), viewer) for role in SafetyRole]


def _safety_line(role: SafetyRole, person: SafetyPerson | None, viewer: Viewer) -> SafetyLine:
    if person is None:
        return SafetyLine(str(role.label))
    host = display_name_for(viewer, person.organisation) if person.organisation is not None else ""
    return SafetyLine(str(role.label), person.name, person.phone, host)


def photo_notice_for(plan: SafetyPlan | None) -> PhotoNotice | None:
    """Return the rule in the reader's language; None if not set."""
    if plan is None or not plan.photo_rule:
        return None
    language = get_language() or ""
    shown = next((code for code in (language, *Language.values) if plan.photo_words.get(code)), "")
    return PhotoNotice(str(PhotoRule(plan.photo_rule).label), plan.photo_words.get(shown, ""), shown)


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
    """Return the plan's gaps: labels of roles without a person, missing photography rule, undecided
    seats. Required for a press conference; for other events if a plan or checklist task for it
    exists."""
    plan = safety_plan_of(event)
    needed = event.kind == EventKind.PRESS_CONFERENCE or plan is not None
    if not needed and not {"safety", "photo-rule"} & open_lines:
        return (), False, False
    named = roles_named(event) if plan is not None else set()
    nobody = tuple(str(role.label) for role in SafetyRole if role.value not in named)
    no_rule = plan is None or not plan.photo_rule
    return nobody, no_rule, plan is None or plan.no_photo_seats is None


def photographs_in_public(event: Event, _language: str) -> PhotoNotice | None:
    """The rule on the event's public page."""
    return photo_notice_for(safety_plan_of(event))
